/* SPDX-License-Identifier: Apache-2.0
 * What the hub tells, into the cache; and what the cache then says of somebody.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/day.h"
#include "journal/others_inner.h"
#include "journal/rows.h"

enum {
  KEEP_MS = 60 * 1000, /* how old the view is stands in memory; on disk it may be this much older */
  PEOPLE_MOST = 10000  /* of one record: more is nonsense */
};

static int64_t minute_of(int64_t ms) { return ms >= 0 ? ms / 60000 : 0; }

static bool tally(struct others *o, const char *station, bool here, bool dated, int64_t at_ms, int64_t people) {
  const int64_t minutes[] = {OTHERS_ALL, minute_of(at_ms)};
  for (int i = 0; i < (dated ? 2 : 1); i++) {
    sqlite3_stmt *s = others_bind(o, OTHERS_TALLY);
    sqlite3_bind_text(s, 1, station, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 2, here);
    sqlite3_bind_int64(s, 3, minutes[i]);
    sqlite3_bind_int64(s, 4, people);
    if (!others_done(o, OTHERS_TALLY)) return false;
  }
  return true;
}

/* 1: yes, 0: no, -1: it can't be read. */
static int has_undo(struct others *o, const uint8_t ref[JOURNAL_ID]) {
  sqlite3_stmt *s = others_bind(o, OTHERS_UNDID);
  sqlite3_bind_blob(s, 1, ref, JOURNAL_ID, SQLITE_STATIC);
  const int step = sqlite3_step(s);
  if (step != SQLITE_ROW && step != SQLITE_DONE) others_failed(o, "can't be read");
  sqlite3_reset(s);
  return step == SQLITE_ROW ? 1 : step == SQLITE_DONE ? 0 : -1;
}

/* A station's id begins with its event's. */
static bool is_odd(const struct shared_record *r, const char *event) {
  const size_t n = strlen(event);
  return n == 0 || strncmp(r->station, event, n) != 0 || r->station[n] != '/' || r->count < 0 || r->count > PEOPLE_MOST;
}

static bool take_admission(struct others *o, const struct shared_record *r) {
  struct journal_row own;
  char who[ID_MAX + 1];
  if (journal_own_admission(o->journal, r->id, (struct moment){0}, &own)) return true; /* ours, on its way round */
  sqlite3_stmt *s = others_bind(o, OTHERS_ADD);
  others_who(r->attendee, r->code, who);
  sqlite3_bind_blob(s, 1, r->id, JOURNAL_ID, SQLITE_STATIC);
  sqlite3_bind_text(s, 2, r->station, -1, SQLITE_STATIC);
  sqlite3_bind_text(s, 3, who, -1, SQLITE_STATIC);
  sqlite3_bind_int(s, 4, r->count);
  if (r->wall_ok) sqlite3_bind_int64(s, 5, r->at_ms);
  sqlite3_bind_text(s, 6, r->kiosk, -1, SQLITE_STATIC);
  if (!others_done(o, OTHERS_ADD)) return false;
  if (sqlite3_changes(o->db) == 0) return true;
  const int undone = has_undo(o, r->id);
  return undone > 0 || (undone == 0 && tally(o, r->station, false, r->wall_ok, r->at_ms, r->count));
}

/* 1: found, 0: none, -1: it can't be read. */
static int find(struct others *o, const uint8_t id[JOURNAL_ID], struct journal_row *out) {
  sqlite3_stmt *s = others_bind(o, OTHERS_BY_ID);
  sqlite3_bind_blob(s, 1, id, JOURNAL_ID, SQLITE_STATIC);
  const int step = sqlite3_step(s);
  if (step == SQLITE_ROW) {
    const char *who = (const char *)sqlite3_column_text(s, 2);
    *out = (struct journal_row){.kind = RECORD_SCAN, .verdict = VERDICT_ADMIT, .by = BY_COUNT};
    memcpy(out->id, id, JOURNAL_ID);
    snprintf(out->station, sizeof out->station, "%s", (const char *)sqlite3_column_text(s, 1));
    if (who[0] == 'a') snprintf(out->attendee, sizeof out->attendee, "%s", who + 1);
    out->count = sqlite3_column_int(s, 3);
    out->at.wall_ok = sqlite3_column_type(s, 4) != SQLITE_NULL;
    out->at.wall_ms = sqlite3_column_int64(s, 4);
    out->wall_ms = out->at.wall_ok ? out->at.wall_ms : INT64_MIN;
    out->undone = sqlite3_column_int(s, 6) != 0;
  } else if (step != SQLITE_DONE) {
    others_failed(o, "can't be read");
  }
  sqlite3_reset(s);
  return step == SQLITE_ROW ? 1 : step == SQLITE_DONE ? 0 : -1;
}

/* An undo may come before what it undoes, more than once, from several kiosks, and be of our own record. */
static bool take_undo(struct others *o, const uint8_t ref[JOURNAL_ID]) {
  struct journal_row own, row;
  const int known = has_undo(o, ref);
  if (known) return known > 0;
  const bool ours = journal_own_admission(o->journal, ref, (struct moment){0}, &own);
  if (ours && own.undone) return true; /* we took it back ourselves, and the journal has counted that */
  const int theirs = ours ? 0 : find(o, ref, &row);
  if (theirs < 0) return false;
  sqlite3_stmt *s = others_bind(o, OTHERS_ADD_UNDO);
  sqlite3_bind_blob(s, 1, ref, JOURNAL_ID, SQLITE_STATIC);
  if (!others_done(o, OTHERS_ADD_UNDO)) return false;
  if (ours) return tally(o, own.station, true, own.at.wall_ok, own.at.wall_ms, -own.count);
  return !theirs || tally(o, row.station, false, row.at.wall_ok, row.at.wall_ms, -row.count);
}

static bool write_feed(struct others *o, const struct sync_news *n, bool whole, struct moment as_of) {
  sqlite3_stmt *s = others_bind(o, OTHERS_SET_FEED);
  sqlite3_bind_text(s, 1, n->event, -1, SQLITE_STATIC);
  sqlite3_bind_text(s, 2, n->hub, -1, SQLITE_STATIC);
  sqlite3_bind_text(s, 3, n->cursor, -1, SQLITE_STATIC);
  sqlite3_bind_int(s, 4, whole);
  sqlite3_bind_text(s, 5, o->journal->boot, -1, SQLITE_STATIC);
  sqlite3_bind_int64(s, 6, as_of.mono_ms);
  sqlite3_bind_int64(s, 7, as_of.wall_ms);
  sqlite3_bind_int(s, 8, as_of.wall_ok);
  return others_done(o, OTHERS_SET_FEED);
}

static bool begin(struct others *o) {
  others_bind(o, OTHERS_BEGIN);
  return others_done(o, OTHERS_BEGIN);
}

static bool end(struct others *o, bool good) {
  memset(o->counted, 0, sizeof o->counted);
  others_bind(o, OTHERS_COMMIT);
  if (good && others_done(o, OTHERS_COMMIT)) return true;
  others_bind(o, OTHERS_ROLLBACK);
  sqlite3_step(o->sql[OTHERS_ROLLBACK]); /* SQLite may have rolled back by itself */
  sqlite3_reset(o->sql[OTHERS_ROLLBACK]);
  return false;
}

static bool write_page(struct others *o, const struct sync_news *n, bool whole, struct moment as_of) {
  bool good = begin(o);
  if (!good) return false;
  for (int i = 0; good && i < n->count; i++) {
    const struct shared_record *r = &n->record[i];
    if (r->kind == SHARED_UNDO)
      good = take_undo(o, r->ref);
    else if (r->kind == SHARED_SCAN && is_odd(r, n->event))
      log_warn("the hub tells of an admission of %s at %s in the feed of %s: left out", r->kiosk, r->station, n->event);
    else if (r->kind == SHARED_SCAN)
      good = take_admission(o, r);
  }
  return end(o, good && write_feed(o, n, whole, as_of));
}

/* Every two seconds nothing is new but how fresh the view is: that needn't go to disk each time. */
static bool take_feed(struct others *o, const struct sync_news *n) {
  if (!others_view(o, n->event)) return false;
  const bool moved = strcmp(n->cursor, o->view.cursor) != 0, other_hub = strcmp(n->hub, o->view.hub) != 0;
  const bool whole = n->whole || (o->view.whole && o->view.this_boot);
  const struct moment as_of = n->whole ? n->as_of : o->view.as_of;
  const bool old = n->as_of.mono_ms - o->view.kept_ms >= KEEP_MS || !o->view.this_boot;
  const bool write = n->count > 0 || moved || other_hub || (n->whole && old);
  if (write && !write_page(o, n, whole, as_of)) return false;
  if (write) o->view.kept_ms = n->as_of.mono_ms;
  if (other_hub && o->view.hub[0]) o->view.settles_ms = n->as_of.mono_ms + OTHERS_FRESH_MS; /* the others fill it, too */
  snprintf(o->view.hub, sizeof o->view.hub, "%s", n->hub);
  snprintf(o->view.cursor, sizeof o->view.cursor, "%s", n->cursor);
  o->view.whole = whole;
  o->view.as_of = as_of;
  o->view.this_boot = o->view.this_boot || n->whole;
  return true;
}

static bool take_acked(struct others *o, const struct sync_news *n) {
  uint8_t own[JOURNAL_CHAIN];
  const bool other_hub = strcmp(n->hub, o->acked.hub) != 0;
  if (n->seq <= 0 || !journal_chain_at(o->journal, n->seq, own) || memcmp(own, n->chain, JOURNAL_CHAIN) != 0) {
    log_warn("the hub acknowledged record %lld with a chain that this journal doesn't have", (long long)n->seq);
    return true;
  }
  if (!other_hub && n->seq <= o->acked.seq && (o->acked.proved || !n->tls)) return true;
  sqlite3_stmt *s = others_bind(o, OTHERS_SET_ACKED);
  sqlite3_bind_text(s, 1, n->hub, -1, SQLITE_STATIC);
  sqlite3_bind_int64(s, 2, n->seq);
  sqlite3_bind_blob(s, 3, n->chain, JOURNAL_CHAIN, SQLITE_STATIC);
  sqlite3_bind_int(s, 4, n->tls);
  if (!others_done(o, OTHERS_SET_ACKED)) return false;
  snprintf(o->acked.hub, sizeof o->acked.hub, "%s", n->hub);
  o->acked.seq = n->seq;
  memcpy(o->acked.chain, n->chain, JOURNAL_CHAIN);
  o->acked.proved = n->tls;
  return true;
}

bool others_take(struct others *o, const struct sync_news *n) {
  bool good = true;
  if (o->broken || !o->db) return false;
  if (n->kind == NEWS_FEED && n->refill == o->refill) good = take_feed(o, n);
  if (n->kind == NEWS_ACKED) good = take_acked(o, n);
  if (good) o->failing = false;
  return good;
}

void others_undo(struct others *o, const uint8_t ref[JOURNAL_ID]) {
  struct journal_row own;
  if (o->broken || !o->db || journal_own_admission(o->journal, ref, (struct moment){0}, &own)) return;
  if (begin(o)) end(o, take_undo(o, ref));
}

/* --- what it says --- */

bool others_undid(struct others *o, const uint8_t id[JOURNAL_ID]) { return o->db && !o->broken && has_undo(o, id) > 0; }

bool others_admission(struct others *o, const uint8_t id[JOURNAL_ID], struct journal_row *out) {
  return o->db && !o->broken && find(o, id, out) > 0;
}

/* The later one is the last: one whose time nobody knows only where there is no other. */
static void is_last(struct history *out, int64_t wall_ms, const char *kiosk) {
  if (out->last_kiosk[0] && wall_ms <= out->last_wall_ms) return;
  out->last_mono_ms = 0;
  out->last_wall_ms = wall_ms;
  snprintf(out->last_kiosk, sizeof out->last_kiosk, "%s", kiosk);
}

bool others_history(struct others *o, const char *station, const char *attendee, const char *code, const struct event *calendar,
                    struct moment now, struct history *out) {
  struct history h = *out;
  char who[ID_MAX + 1];
  int step;
  if (!o->db || o->broken) return false;
  others_who(attendee, code, who);
  if (!who[0]) return true;
  sqlite3_stmt *s = others_bind(o, OTHERS_PERSON);
  sqlite3_bind_text(s, 1, station, -1, SQLITE_STATIC);
  sqlite3_bind_text(s, 2, who, -1, SQLITE_STATIC);
  while ((step = sqlite3_step(s)) == SQLITE_ROW) {
    const bool dated = sqlite3_column_type(s, 4) != SQLITE_NULL, undone = sqlite3_column_int(s, 6) != 0;
    const int64_t wall_ms = sqlite3_column_int64(s, 4);
    const int32_t people = sqlite3_column_int(s, 3);
    if (undone) continue;
    const bool today = dated && now.wall_ok && event_day(calendar, wall_ms) == event_day(calendar, now.wall_ms);
    h.admitted++;
    h.admitted_people += people;
    h.admitted_today += today;
    h.people_today += today ? people : 0;
    is_last(&h, dated ? wall_ms : 0, (const char *)sqlite3_column_text(s, 5));
  }
  sqlite3_reset(s);
  if (step != SQLITE_DONE) return others_failed(o, "can't be read");
  *out = h;
  return true;
}

static bool sum(struct others *o, const char *station, bool here, int64_t from, int64_t to, int64_t *people) {
  sqlite3_stmt *s = others_bind(o, OTHERS_SUM);
  sqlite3_bind_text(s, 1, station, -1, SQLITE_STATIC);
  sqlite3_bind_int(s, 2, here);
  sqlite3_bind_int64(s, 3, from);
  sqlite3_bind_int64(s, 4, to);
  const bool good = sqlite3_step(s) == SQLITE_ROW;
  *people = good ? sqlite3_column_int64(s, 0) : 0;
  if (!good) others_failed(o, "can't be read");
  sqlite3_reset(s);
  return good;
}

bool others_counts(struct others *o, const char *station, bool here, const struct event *calendar, struct moment now,
                   int64_t *all, int64_t *today) {
  const int32_t day = now.wall_ok ? event_day(calendar, now.wall_ms) : 0;
  const int64_t from = now.wall_ok ? minute_of(event_moment_ms(calendar, day, calendar->day_border_s)) : INT64_MIN;
  *all = *today = 0;
  if (!o->db || o->broken) return false;
  if (strcmp(o->counted[here].station, station) != 0) {
    o->counted[here].station[0] = '\0';
    if (!sum(o, station, here, OTHERS_ALL, OTHERS_ALL + 1, &o->counted[here].all)) return false;
    snprintf(o->counted[here].station, sizeof o->counted[here].station, "%s", station);
    o->counted[here].from_minute = INT64_MIN;
  }
  *all = o->counted[here].all;
  if (!now.wall_ok) return true;
  if (o->counted[here].from_minute != from) {
    const int64_t to = minute_of(event_moment_ms(calendar, day + 1, calendar->day_border_s));
    if (!sum(o, station, here, from, to, &o->counted[here].today)) return false;
    o->counted[here].from_minute = from;
  }
  *today = o->counted[here].today;
  return true;
}
