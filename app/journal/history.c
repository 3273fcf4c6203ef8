/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/day.h"
#include "journal/chain.h"
#include "journal/others.h"
#include "journal/store.h"

struct admission {
  int64_t seq;
  struct moment at;
  int32_t count;
  bool this_boot;
  const char *kiosk, *id; /* borrowed until the next step */
};

static struct admission read_row(const struct journal *j, sqlite3_stmt *s) {
  return (struct admission){.seq = sqlite3_column_int64(s, 0),
                            .count = sqlite3_column_int(s, 1),
                            .at = {.mono_ms = sqlite3_column_int64(s, 2),
                                   .wall_ms = sqlite3_column_int64(s, 3),
                                   .wall_ok = sqlite3_column_int(s, 4) != 0},
                            .this_boot = sqlite3_column_text(s, 5) && !strcmp((const char *)sqlite3_column_text(s, 5), j->boot),
                            .kiosk = (const char *)sqlite3_column_text(s, 6),
                            .id = (const char *)sqlite3_column_text(s, 7)};
}

static bool taken_back_elsewhere(const struct journal *j, const struct admission *a) {
  uint8_t id[JOURNAL_ID];
  return j->others && a->id && chain_hex(a->id, strlen(a->id), id, sizeof id) && others_undid(j->others, id);
}

/* With an untrusted clock one boot is one day. */
static bool is_today(const struct admission *a, const struct event *calendar, struct moment now) {
  int64_t wall_ms;
  if (!now.wall_ok) return a->this_boot;
  return store_wall(&a->at, a->this_boot, now, &wall_ms) && event_day(calendar, wall_ms) == event_day(calendar, now.wall_ms);
}

/* The live admissions that `s` finds for a person or a code, added to `out`; `last` is the newest one's number so far. */
static bool add_history(struct journal *j, sqlite3_stmt *s, const char *station, const char *who, const struct event *calendar,
                        struct moment now, int64_t *last, struct history *out) {
  int step;
  sqlite3_bind_text(s, 1, station, -1, SQLITE_STATIC);
  sqlite3_bind_text(s, 2, who, -1, SQLITE_STATIC);
  while ((step = sqlite3_step(s)) == SQLITE_ROW) {
    struct admission a = read_row(j, s);
    if (taken_back_elsewhere(j, &a)) continue;
    out->admitted++;
    out->admitted_people += a.count;
    const bool today = is_today(&a, calendar, now);
    out->admitted_today += today;
    out->people_today += today ? a.count : 0;
    out->admitted_boot += a.this_boot;
    out->people_boot += a.this_boot ? a.count : 0;
    if (a.seq < *last) continue;
    *last = a.seq;
    out->last_mono_ms = a.this_boot ? a.at.mono_ms : 0;
    if (!store_wall(&a.at, a.this_boot, now, &out->last_wall_ms)) out->last_wall_ms = 0;
    snprintf(out->last_kiosk, sizeof out->last_kiosk, "%s", a.kiosk ? a.kiosk : "");
  }
  if (step != SQLITE_DONE) log_error("%s: history: %s", j->path, sqlite3_errmsg(j->db));
  sqlite3_reset(s);
  return step == SQLITE_DONE;
}

/* A person's at a station; where their code came before a pack knew whose it is, what was let in by it was they. */
static bool person_history(struct journal *j, const char *station, const char *attendee, const char *code,
                           const struct event *calendar, struct moment now, struct history *out) {
  int64_t last = 0;
  if (*attendee && !add_history(j, j->person, station, attendee, calendar, now, &last, out)) return false;
  if (*code && !add_history(j, j->stranger, station, code, calendar, now, &last, out)) return false;
  if (!j->others) return true;
  others_history(j->others, station, attendee, "", calendar, now, out); /* unread, what is known here counts */
  others_history(j->others, station, "", code, calendar, now, out);
  return true;
}

/* Binds the station and what else is given, and reads one number; no row counts as 0. */
static bool one_number(struct journal *j, sqlite3_stmt *s, const char *station, int64_t *value) {
  sqlite3_bind_text(s, 1, station, -1, SQLITE_STATIC);
  int step = sqlite3_step(s);
  *value = step == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
  bool good = step == SQLITE_ROW || step == SQLITE_DONE;
  if (!good) log_error("%s: counts: %s", j->path, sqlite3_errmsg(j->db));
  sqlite3_reset(s);
  return good;
}

bool journal_history(struct journal *j, const char *event, const char *station, const char *after_station, const char *attendee,
                     const char *code, const struct event *calendar, struct moment now, struct history *out) {
  struct history before = {0};
  assert(!strncmp(station, event, strlen(event))); /* a station's id begins with its event's */
  memset(out, 0, sizeof *out);
  if (!person_history(j, station, attendee, code, calendar, now, out)) return false;
  if (after_station && *after_station) {
    if (!person_history(j, after_station, attendee, code, calendar, now, &before)) return false;
    out->step_done = before.admitted > 0;
    out->step_today = before.admitted_today > 0;
  }
  const struct moment all_days = {.wall_ok = false};
  int64_t back = 0, theirs = 0, today;
  if (!one_number(j, j->total, station, &out->station_people_here)) return false;
  if (j->others) others_counts(j->others, station, true, calendar, all_days, &back, &today);
  if (j->others) others_counts(j->others, station, false, calendar, all_days, &theirs, &today);
  out->station_people_here += back;
  out->station_people = out->station_people_here + theirs;
  return true;
}

static int64_t minute_of(int64_t ms) { return ms >= 0 ? ms / 60000 : -((59999 - ms) / 60000); }

bool journal_counts(struct journal *j, const char *station, const struct event *calendar, struct moment now, int64_t *all,
                    int64_t *today) {
  int64_t dated = 0, booted, boot_from = INT64_MIN;
  if (!one_number(j, j->total, station, all)) return false;
  if (now.wall_ok) {
    int32_t day = event_day(calendar, now.wall_ms);
    int64_t from_ms = event_moment_ms(calendar, day, calendar->day_border_s);
    int64_t to_ms = event_moment_ms(calendar, day + 1, calendar->day_border_s);
    sqlite3_bind_int64(j->today, 2, minute_of(from_ms));
    sqlite3_bind_int64(j->today, 3, minute_of(to_ms));
    if (!one_number(j, j->today, station, &dated)) return false;
    boot_from = minute_of(from_ms - (now.wall_ms - now.mono_ms));
  }
  sqlite3_bind_text(j->boot_today, 2, j->boot, -1, SQLITE_STATIC);
  sqlite3_bind_int64(j->boot_today, 3, boot_from);
  if (!one_number(j, j->boot_today, station, &booted)) return false;
  *today = dated + booted;
  int64_t back = 0, back_today = 0;
  if (j->others) others_counts(j->others, station, true, calendar, now, &back, &back_today);
  *all += back;
  *today += back_today;
  return true;
}
