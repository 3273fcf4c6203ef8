/* SPDX-License-Identifier: Apache-2.0
 * What counts. A person's admissions are gone through in the order of their true times: the first counts, and
 * what its station's rule doesn't allow after it is a conflict, whichever kiosk gave it. What a kiosk let in
 * because its clock or its view of the others couldn't tell (`unconfirmed`) is asked all rules again, by the
 * same function; where the true time isn't sure enough to say that a rule was broken, the answer has a ? behind
 * it. What staff let in against a rule stays.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "journal/merge_stage.h"

struct admission {
  int64_t n, time, rank, count;
  int64_t sure;                      /* give or take; -1: nobody knows */
  const char *station, *who, *kiosk; /* borrowed until the next step */
  bool unconfirmed, override;
};

struct past { /* what a person has done at one station */
  char station[2 * ID_MAX];
  int64_t first, last_ms, last_rank;
  int32_t today, today_people, day, admitted, people; /* `today`: admissions on `day`, the last one's */
};

enum { PAST_MOST = STATIONS_MAX };

struct judging {
  struct merge *m;
  const struct merge_rules *rules;
  struct problem *problem;
  sqlite3_stmt *get, *put;
  char who[ID_MAX + 2], event[ID_MAX];
  bool known;
  struct attendee attendee;
  struct past past[PAST_MOST];
  int pasts;
  struct question question;
};

static int station_of(const struct catalog *c, const char *id) {
  for (int i = 0; c && i < c->stations; i++)
    if (!strcmp(c->station[i].id, id)) return i;
  return -1;
}

static struct past *past_of(struct judging *j, const char *station, bool make) {
  for (int i = 0; i < j->pasts; i++)
    if (!strcmp(j->past[i].station, station)) return &j->past[i];
  if (!make || j->pasts == PAST_MOST) return NULL;
  struct past *p = &j->past[j->pasts++];
  *p = (struct past){.first = -1};
  snprintf(p->station, sizeof p->station, "%s", station);
  return p;
}

static void next_person(struct judging *j, const char *event, const char *who) {
  snprintf(j->who, sizeof j->who, "%s", who);
  snprintf(j->event, sizeof j->event, "%s", event);
  j->pasts = 0;
  j->attendee = (struct attendee){.type = -1, .party = 1, .confirmed = true};
  j->known = *who && *who != '#' && j->rules->attendee && j->rules->attendee(j->rules->self, who, &j->attendee);
}

/* The question as a kiosk would ask it now that it knows the time and what all the others did. */
static enum verdict_kind ask(struct judging *j, const struct admission *a, int64_t time, int station, const struct past *here,
                             bool all_rules) {
  const struct catalog *c = j->rules->catalog;
  const struct station *s = &c->station[station];
  const struct event *event = &c->event[s->event];
  struct question *q = &j->question;
  struct verdict v;
  memset(q, 0, sizeof *q);
  q->catalog = c, q->station = (int16_t)station, q->trusted_day = -1;
  q->ticket.kind = TICKET_CODE;
  q->lookup = !*a->who ? LOOKUP_PRESENCE : *a->who == '#' ? LOOKUP_ACCEPTED : LOOKUP_FOUND;
  q->attendee = j->attendee;
  q->attendee.event = s->event;
  if (!all_rules) q->attendee.type = -1, q->attendee.confirmed = true;
  q->now = (struct moment){.wall_ms = time, .wall_ok = true};
  struct history *h = &q->history;
  h->others_known = true;
  h->admitted = here->admitted, h->admitted_people = here->people;
  bool same_day = here->today && here->day == event_day(event, time);
  h->admitted_today = same_day ? here->today : 0;
  h->people_today = same_day ? here->today_people : 0;
  if (s->party_all && a->count < j->attendee.party) q->heads = (int32_t)a->count; /* some of a party, by hand */
  h->last_wall_ms = here->last_ms;
  const struct past *step = s->after >= 0 ? past_of(j, c->station[s->after].id, false) : NULL;
  h->step_done = step && step->admitted > 0;
  h->step_today = h->step_done && step->day == event_day(event, time);
  verdict_of(q, &v);
  return v.kind;
}

/* Might it have been at a time at which the rules say otherwise? */
static bool is_doubtful(struct judging *j, const struct admission *a, int station, const struct past *here,
                        enum verdict_kind now) {
  if (now != VERDICT_EARLY && now != VERDICT_CLOSED && now != VERDICT_ELSEWHERE && now != VERDICT_MISSING_STEP) return false;
  return a->sure < 0 || ask(j, a, a->time - a->sure, station, here, true) != now ||
         ask(j, a, a->time + a->sure, station, here, true) != now;
}

/* Without the rules: one kiosk knows what it does, but two that admit the same person on one day don't. */
static int32_t plain_day(int64_t ms) {
  int64_t local = ms + INT64_C(4) * 3600 * 1000; /* UTC+8, the day beginning at 4 */
  return (int32_t)((local - (local < 0 ? 86399999 : 0)) / 86400000);
}

static bool other_kiosk_today(const struct admission *a, const struct past *here) {
  return here->admitted && here->day == plain_day(a->time) && here->last_rank != a->rank;
}

static void count(struct judging *j, const struct admission *a, int station, struct past *here) {
  const struct catalog *c = j->rules->catalog;
  int32_t day = station >= 0 ? event_day(&c->event[c->station[station].event], a->time) : plain_day(a->time);
  here->today_people = (int32_t)a->count + (here->today && here->day == day ? here->today_people : 0);
  here->today = here->day == day ? here->today + 1 : 1;
  here->day = day;
  here->admitted++;
  here->people += (int32_t)a->count;
  here->last_ms = a->time, here->last_rank = a->rank;
  if (here->first < 0) here->first = a->n;
}

static bool put(struct judging *j, const struct admission *a, enum ruling ruling, int64_t first, const char *again) {
  sqlite3_stmt *s = j->put;
  sqlite3_bind_int64(s, 1, a->n);
  sqlite3_bind_int(s, 2, ruling);
  sqlite3_bind_int64(s, 3, a->count);
  if (first >= 0) sqlite3_bind_int64(s, 4, first);
  if (again) sqlite3_bind_text(s, 5, again, -1, SQLITE_STATIC);
  bool good = sqlite3_step(s) == SQLITE_DONE || merge_failed(j->m, j->problem);
  sqlite3_reset(s);
  sqlite3_clear_bindings(s);
  return good;
}

static bool judge_one(struct judging *j, const struct admission *a) {
  int station = station_of(j->rules->catalog, a->station);
  struct past *here = *a->who ? past_of(j, a->station, true) : NULL, nobody = {.first = -1};
  if (!here) here = &nobody; /* somebody, nobody knows who; or more stations than an event has */
  enum verdict_kind now = VERDICT_ADMIT;
  char again[32] = "";
  bool all_rules =
      a->unconfirmed && (j->known || !*a->who || *a->who == '#'); /* of who isn't on the roster the type isn't known */
  if (!a->override && station >= 0) now = ask(j, a, a->time, station, here, all_rules);
  if (!a->override && station < 0 && other_kiosk_today(a, here)) now = VERDICT_AGAIN;
  if (now == VERDICT_AGAIN) return put(j, a, RULING_CONFLICT, here->first, NULL);
  if (all_rules && now != VERDICT_ADMIT && now != VERDICT_FULL)
    snprintf(again, sizeof again, "%s%s", verdict_name(now), is_doubtful(j, a, station, here, now) ? "?" : "");
  count(j, a, station, here);
  return put(j, a, RULING_COUNTS, -1, *again ? again : NULL);
}

static bool judge_all(struct judging *j) {
  int step;
  while ((step = sqlite3_step(j->get)) == SQLITE_ROW) {
    sqlite3_stmt *s = j->get;
    const char *event = (const char *)sqlite3_column_text(s, 0), *who = (const char *)sqlite3_column_text(s, 1);
    struct admission a = {.time = sqlite3_column_int64(s, 2),
                          .n = sqlite3_column_int64(s, 3),
                          .rank = sqlite3_column_int64(s, 4),
                          .station = (const char *)sqlite3_column_text(s, 5),
                          .who = who,
                          .count = sqlite3_column_int64(s, 6),
                          .sure = sqlite3_column_type(s, 10) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, 10),
                          .unconfirmed = sqlite3_column_int(s, 7) != 0,
                          .override = sqlite3_column_int(s, 8) != 0};
    bool undone = sqlite3_column_int(s, 9) != 0;
    if (!j->pasts || strcmp(j->who, who) || strcmp(j->event, event)) next_person(j, event, who);
    if (!(undone ? put(j, &a, RULING_UNDONE, -1, NULL) : judge_one(j, &a))) return false;
  }
  return step == SQLITE_DONE || merge_failed(j->m, j->problem);
}

/* Too many at a station where none of the kiosks could know: those that came last, of those who were let in on doubt. */
static bool judge_capacity(struct judging *j) {
  const struct catalog *c = j->rules->catalog;
  sqlite3_stmt *get = NULL, *set = NULL;
  bool good = true;
  for (int i = 0; good && c && i < c->stations; i++) {
    int64_t inside = 0;
    if (c->station[i].capacity <= 0) continue;
    good =
        merge_prepare(j->m,
                      "SELECT k.n, r.people, w.unconfirmed FROM ruling r JOIN kept k ON k.n = r.n JOIN raw w ON w.id = k.raw "
                      "WHERE r.ruling = 1 AND w.station = ?1 ORDER BY k.time, k.n",
                      &get, j->problem) &&
        merge_prepare(j->m, "UPDATE ruling SET again = 'full' WHERE n = ?1 AND again IS NULL", &set, j->problem);
    if (good) sqlite3_bind_text(get, 1, c->station[i].id, -1, SQLITE_STATIC);
    while (good && sqlite3_step(get) == SQLITE_ROW) {
      inside += sqlite3_column_int64(get, 1);
      if (inside <= c->station[i].capacity || !sqlite3_column_int(get, 2)) continue;
      sqlite3_bind_int64(set, 1, sqlite3_column_int64(get, 0));
      good = sqlite3_step(set) == SQLITE_DONE || merge_failed(j->m, j->problem);
      sqlite3_reset(set);
    }
    sqlite3_finalize(get);
    sqlite3_finalize(set);
    get = set = NULL;
  }
  return good;
}

/* A correction says who it was, or how many; the latest counts, unless it was itself undone. */
static const char prepare[] =
    "CREATE TABLE undone (ref TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO undone SELECT ref FROM raw WHERE kind = 1 AND ref IS NOT NULL;"
    "CREATE TABLE corrected (ref TEXT PRIMARY KEY, who TEXT, count INTEGER) STRICT, WITHOUT ROWID;"
    "INSERT INTO corrected SELECT r.ref, r.who, r.count FROM kept k JOIN raw r ON r.id = k.raw WHERE k.kind = 2 AND r.ref IS "
    "NOT "
    "NULL AND coalesce(r.ident, '') NOT IN (SELECT ref FROM undone) ORDER BY k.time, k.n"
    " ON CONFLICT DO UPDATE SET who = coalesce(excluded.who, who), count = coalesce(excluded.count, count);"
    "CREATE TABLE ruling (n INTEGER PRIMARY KEY, ruling INTEGER NOT NULL, people INTEGER NOT NULL, first INTEGER, again TEXT) "
    "STRICT;";

static const char question[] =
    "SELECT coalesce(r.event, ''), coalesce(c.who, r.who) AS who, k.time, k.n, k.rank, coalesce(r.station, ''),"
    " max(1, coalesce(c.count, r.count, 1)), r.unconfirmed, r.override, u.ref IS NOT NULL, k.sure FROM kept k JOIN raw r ON "
    "r.id = "
    "k.raw"
    " LEFT JOIN corrected c ON c.ref = r.ident LEFT JOIN undone u ON u.ref = r.ident WHERE r.admit AND k.kind = 0"
    " ORDER BY 1, 2, 3, 4";

bool merge_judge(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  struct judging *j = calloc(1, sizeof *j);
  struct merge_counts *c = &m->counts;
  if (!j) return problem_set(problem, "内存不足。", "Out of memory.");
  j->m = m, j->rules = rules, j->problem = problem;
  bool good = merge_exec(m, prepare, problem) && merge_prepare(m, question, &j->get, problem) &&
              merge_prepare(m, "INSERT INTO ruling VALUES (?1, ?2, ?3, ?4, ?5)", &j->put, problem) && judge_all(j);
  good = good && judge_capacity(j) && merge_number(m, "SELECT count(*) FROM ruling WHERE ruling = 1", &c->admitted, problem) &&
         merge_number(m, "SELECT sum(people) FROM ruling WHERE ruling = 1", &c->people, problem) &&
         merge_number(m, "SELECT count(*) FROM ruling WHERE ruling = 2", &c->conflicts, problem) &&
         merge_number(m, "SELECT count(*) FROM ruling WHERE ruling = 3", &c->undone, problem) &&
         merge_number(m, "SELECT count(*) FROM ruling WHERE again IS NOT NULL", &c->rejudged, problem);
  sqlite3_finalize(j->get);
  sqlite3_finalize(j->put);
  free(j);
  return good;
}
