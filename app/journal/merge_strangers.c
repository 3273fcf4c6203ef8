/* SPDX-License-Identifier: Apache-2.0
 * Kiosks that aren't enrolled, where some are: what they undo and correct counts for what they wrote themselves. Somebody who
 * has no more than a pack could make an export of his own and take back everybody's admissions with it.
 */
#include <string.h>

#include "journal/merge_stage.h"
#include "journal/record.h"

static bool mark_enrolled(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  sqlite3_stmt *get = NULL, *set = NULL;
  bool good = merge_prepare(m, "SELECT id, key FROM journal", &get, problem) &&
              merge_prepare(m, "UPDATE journal SET enrolled = ?2 WHERE id = ?1", &set, problem);
  while (good && sqlite3_step(get) == SQLITE_ROW) {
    const bool known = rules->enrolled(rules->self, sqlite3_column_blob(get, 1));
    const int64_t id = sqlite3_column_int64(get, 0);
    sqlite3_bind_int64(set, 1, id);
    sqlite3_bind_int(set, 2, known);
    good = (sqlite3_step(set) == SQLITE_DONE || merge_failed(m, problem)) &&
           (known || merge_find(m, "unenrolled", id, 0, 0, NULL, "", problem));
    sqlite3_reset(set);
  }
  sqlite3_finalize(get);
  sqlite3_finalize(set);
  return good;
}

static const char suspects[] =
    "CREATE TABLE suspect (raw INTEGER PRIMARY KEY, ref TEXT NOT NULL, key BLOB NOT NULL, own INTEGER NOT NULL) STRICT;"
    "INSERT INTO suspect SELECT raw, ref, key, 0 FROM amend JOIN journal j ON j.id = amend.journal WHERE j.enrolled = 0;"
    "CREATE INDEX suspect_ref ON suspect (ref)";

static const char refuse[] = "DELETE FROM suspect WHERE own; DELETE FROM amend WHERE raw IN (SELECT raw FROM suspect)";

static bool take_own(struct merge *m, uint32_t index, const char *id, size_t len, sqlite3_stmt *own, struct problem *problem) {
  sqlite3_bind_text(own, 1, id, (int)len, SQLITE_STATIC);
  sqlite3_bind_int64(own, 2, merge_row(&m->rows, index)->journal);
  const bool good = sqlite3_step(own) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(own);
  return good;
}

bool merge_strangers(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  sqlite3_stmt *own = NULL;
  int64_t count;
  if (!rules->enrolled) return true;
  if (!mark_enrolled(m, rules, problem) || !merge_exec(m, suspects, problem) ||
      !merge_number(m, "SELECT count(*) FROM suspect", &count, problem))
    return false;
  bool good = !count || merge_prepare(m,
                                      "UPDATE suspect SET own = 1 WHERE ref = ?1 AND key = (SELECT key FROM journal WHERE id = "
                                      "?2)",
                                      &own, problem);
  const struct merge_meant meant = {.refs = "SELECT ref FROM suspect", .rows = merge_rows_count(&m->rows), .each = take_own};
  good = good && (!count || merge_meant(m, &meant, own, problem)) && merge_exec(m, refuse, problem);
  sqlite3_finalize(own);
  return good;
}

/* --- told, when it is known which records there are --- */

static void mark(struct merge_row *row) {
  row->ruling = row->kind == MERGE_UNDO ? RULING_UNDO_REFUSED : RULING_CORRECT_REFUSED;
}

/* What it was about: whose, and where it is. */
static bool take_target(struct merge *m, uint32_t index, const char *id, size_t len, sqlite3_stmt *find,
                        struct problem *problem) {
  const struct merge_row *target = merge_kept(m, index);
  int step;
  sqlite3_bind_text(find, 1, id, (int)len, SQLITE_STATIC);
  while ((step = sqlite3_step(find)) == SQLITE_ROW) {
    struct merge_row *row = merge_row(&m->rows, (uint32_t)sqlite3_column_int64(find, 0));
    if (!row->first) row->first = index + 1, row->who = target->who;
  }
  sqlite3_reset(find);
  return step == SQLITE_DONE || merge_failed(m, problem);
}

bool merge_refused(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  int step;
  int64_t count = 0;
  if (!rules->enrolled) return true;
  bool good = merge_prepare(m, "SELECT raw FROM suspect", &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW)
    mark(merge_row(&m->rows, (uint32_t)sqlite3_column_int64(s, 0))), count++;
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(s);
  s = NULL;
  const struct merge_meant meant = {
      .refs = "SELECT ref FROM suspect", .order = m->order.at, .rows = m->kept, .flags = MERGE_ADMITS, .each = take_target};
  good = good && (!count || (merge_prepare(m, "SELECT raw FROM suspect WHERE ref = ?1", &s, problem) &&
                             merge_meant(m, &meant, s, problem)));
  sqlite3_finalize(s);
  return good;
}
