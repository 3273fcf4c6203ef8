/* SPDX-License-Identifier: Apache-2.0
 * Records read back one by one, for the staff console.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "journal/chain.h"
#include "journal/others.h"
#include "journal/rows.h"
#include "journal/store.h"

const char *const store_kinds[RECORD_KINDS] = {"scan", "undo", "correct", "clock", "shift", "system", "practice"};

bool store_wall(const struct moment *at, bool this_boot, struct moment now, int64_t *wall_ms) {
  if (at->wall_ok) *wall_ms = at->wall_ms;
  if (at->wall_ok) return true;
  if (!now.wall_ok || !this_boot) return false;
  int64_t ago = now.mono_ms - at->mono_ms;
  *wall_ms = now.wall_ms - (ago > 0 ? ago : 0);
  return true;
}

static void text(sqlite3_stmt *s, int column, char *out, size_t size) {
  const char *t = (const char *)sqlite3_column_text(s, column);
  snprintf(out, size, "%s", t ? t : "");
}

static void id(sqlite3_stmt *s, int column, uint8_t out[JOURNAL_ID]) {
  const char *t = (const char *)sqlite3_column_text(s, column);
  if (!t || !chain_hex(t, strlen(t), out, JOURNAL_ID)) memset(out, 0, JOURNAL_ID);
}

/* The index of what stands in that column; `count` where it is none of the names. */
static int which(sqlite3_stmt *s, int column, int count, const char *(*name)(int)) {
  const char *t = (const char *)sqlite3_column_text(s, column);
  int i = 0;
  while (t && i < count && strcmp(t, name(i)) != 0) i++;
  return t ? i : count;
}

static const char *name_of_kind(int i) { return store_kinds[i]; }
static const char *name_of_verdict(int i) { return verdict_name((enum verdict_kind)i); }
static const char *name_of_by(int i) { return by_name((enum by)i); }

static void read_row(struct journal *j, sqlite3_stmt *s, struct moment now, struct journal_row *out) {
  memset(out, 0, sizeof *out);
  out->seq = sqlite3_column_int64(s, 0);
  id(s, 1, out->id);
  out->kind = (enum record_kind)which(s, 2, RECORD_KINDS, name_of_kind);
  text(s, 3, out->station, sizeof out->station);
  text(s, 4, out->attendee, sizeof out->attendee);
  out->verdict = (enum verdict_kind)which(s, 5, VERDICT_COUNT, name_of_verdict);
  out->by = (enum by)which(s, 6, BY_COUNT, name_of_by);
  text(s, 7, out->operator_name, sizeof out->operator_name);
  out->count = sqlite3_column_int(s, 8);
  id(s, 9, out->ref);
  out->at = (struct moment){.mono_ms = sqlite3_column_int64(s, 10),
                            .wall_ms = sqlite3_column_int64(s, 11),
                            .wall_ok = sqlite3_column_int(s, 12) != 0};
  const char *boot = (const char *)sqlite3_column_text(s, 13);
  out->this_boot = boot && !strcmp(boot, j->boot);
  text(s, 14, out->note, sizeof out->note);
  out->undone = sqlite3_column_int(s, 15) != 0 || (j->others && others_undid(j->others, out->id));
  if (!store_wall(&out->at, out->this_boot, now, &out->wall_ms)) out->wall_ms = INT64_MIN;
}

int journal_rows(struct journal *j, int64_t seq, int most, struct moment now, struct journal_row *out) {
  int n = 0, step = SQLITE_DONE;
  sqlite3_bind_int64(j->rows, 1, seq);
  sqlite3_bind_int(j->rows, 2, most);
  while (n < most && (step = sqlite3_step(j->rows)) == SQLITE_ROW) read_row(j, j->rows, now, &out[n++]);
  bool good = step == SQLITE_ROW || step == SQLITE_DONE;
  if (!good) log_error("%s: records: %s", j->path, sqlite3_errmsg(j->db));
  sqlite3_reset(j->rows);
  return good ? n : -1;
}

static bool one(struct journal *j, sqlite3_stmt *s, struct moment now, struct journal_row *out) {
  int step = sqlite3_step(s);
  if (step == SQLITE_ROW) read_row(j, s, now, out);
  if (step != SQLITE_ROW && step != SQLITE_DONE) log_error("%s: a record: %s", j->path, sqlite3_errmsg(j->db));
  sqlite3_reset(s);
  return step == SQLITE_ROW;
}

bool journal_admission(struct journal *j, const uint8_t wanted[JOURNAL_ID], struct moment now, struct journal_row *out) {
  return journal_own_admission(j, wanted, now, out) || (j->others && others_admission(j->others, wanted, out));
}

bool journal_own_admission(struct journal *j, const uint8_t wanted[JOURNAL_ID], struct moment now, struct journal_row *out) {
  char hex[2 * JOURNAL_ID + 1];
  sodium_bin2hex(hex, sizeof hex, wanted, JOURNAL_ID);
  sqlite3_bind_text(j->by_id, 1, hex, -1, SQLITE_TRANSIENT);
  return one(j, j->by_id, now, out);
}

bool journal_last_admission(struct journal *j, const char *station, const char *attendee, struct moment now,
                            struct journal_row *out) {
  sqlite3_bind_text(j->last_of, 1, station, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(j->last_of, 2, attendee, -1, SQLITE_TRANSIENT);
  return one(j, j->last_of, now, out);
}

bool journal_last_shift(struct journal *j, struct moment now, struct journal_row *out) {
  return one(j, j->last_shift, now, out);
}

bool journal_last_clock(struct journal *j, const char *prefix, struct moment now, struct journal_row *out) {
  sqlite3_bind_text(j->last_clock, 1, prefix, -1, SQLITE_TRANSIENT);
  return one(j, j->last_clock, now, out);
}

int64_t journal_purged(struct journal *j) {
  uint8_t chain[JOURNAL_CHAIN];
  int64_t seq = 0;
  return store_purged(j->db, &seq, chain) ? seq : 0;
}

bool journal_has_people(struct journal *j, int64_t to_seq) {
  sqlite3_stmt *s = NULL;
  bool found = !sqlite3_prepare_v2(j->db,
                                   "SELECT 1 FROM record WHERE seq <= ?1 AND kind IN ('scan', 'practice', 'undo', 'correct')"
                                   " LIMIT 1",
                                   -1, &s, NULL) &&
               !sqlite3_bind_int64(s, 1, to_seq) && sqlite3_step(s) == SQLITE_ROW;
  sqlite3_finalize(s);
  return found;
}

/* From one to the next by the index, so that whoever is told may ask the journal, too. */
bool journal_each_undo(struct journal *j, bool (*each)(void *self, const uint8_t ref[JOURNAL_ID]), void *self) {
  char last[2 * JOURNAL_ID + 1] = "";
  for (;;) {
    uint8_t ref[JOURNAL_ID];
    sqlite3_bind_text(j->undos, 1, last, -1, SQLITE_TRANSIENT);
    const int step = sqlite3_step(j->undos);
    if (step == SQLITE_ROW) text(j->undos, 0, last, sizeof last), id(j->undos, 0, ref);
    sqlite3_reset(j->undos);
    if (step == SQLITE_DONE) return true;
    if (step != SQLITE_ROW) return log_error("%s: undone: %s", j->path, sqlite3_errmsg(j->db)), false;
    if (!each(self, ref)) return false;
  }
}
