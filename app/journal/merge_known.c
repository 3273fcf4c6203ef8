/* SPDX-License-Identifier: Apache-2.0
 * Who was let in by a code that no list had, and whose code was found later: the roster says whose it is, or any record that
 * has both, of whatever kiosk and verdict. From then on what the code did is that person's. A code that is said to be two
 * people's stays a code.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "journal/merge_stage.h"
#include "journal/record.h"

static bool ask_roster(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  sqlite3_stmt *get = NULL, *set = NULL;
  char number[ID_MAX];
  int step = SQLITE_DONE;
  if (!rules->holder) return true;
  bool good = merge_prepare(m, "SELECT event, who FROM stranger ORDER BY 1, 2", &get, problem) &&
              merge_prepare(m, "UPDATE stranger SET number = ?3 WHERE event = ?1 AND who = ?2", &set, problem);
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) {
    const char *event = (const char *)sqlite3_column_text(get, 0), *who = (const char *)sqlite3_column_text(get, 1);
    if (!rules->holder(rules->self, event, who + 1, number)) continue;
    sqlite3_bind_text(set, 1, event, -1, SQLITE_STATIC);
    sqlite3_bind_text(set, 2, who, -1, SQLITE_STATIC);
    sqlite3_bind_text(set, 3, number, -1, SQLITE_STATIC);
    good = sqlite3_step(set) == SQLITE_DONE || merge_failed(m, problem);
    sqlite3_reset(set);
  }
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(get);
  sqlite3_finalize(set);
  return good;
}

static bool take_record(struct merge *m, sqlite3_stmt *get, sqlite3_stmt *set, struct problem *problem) {
  char event[ID_MAX], code[ID_MAX + 1] = "#", number[ID_MAX];
  struct record r;
  if (!record_read(&r, (const char *)sqlite3_column_text(get, 0), (size_t)sqlite3_column_bytes(get, 0)))
    return problem_set(problem, "内存不足。", "Out of memory."); /* it was one when it was staged */
  const bool both = record_copy(&r, RECORD_ATTENDEE, number, sizeof number) && *number && *number != '#' &&
                    record_copy(&r, RECORD_CODE, code + 1, sizeof code - 1) && code[1] &&
                    record_copy(&r, RECORD_EVENT, event, sizeof event);
  record_free(&r);
  if (!both) return true;
  sqlite3_bind_text(set, 1, event, -1, SQLITE_STATIC);
  sqlite3_bind_text(set, 2, code, -1, SQLITE_STATIC);
  sqlite3_bind_text(set, 3, number, -1, SQLITE_STATIC);
  const bool good = sqlite3_step(set) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(set);
  return good;
}

/* The least and the greatest number that is said of each: the same whatever the order of the files. */
static bool ask_records(struct merge *m, struct problem *problem) {
  sqlite3_stmt *get = NULL, *set = NULL;
  int step = SQLITE_DONE;
  bool good = merge_prepare(m, "SELECT line FROM raw WHERE kind = 0", &get, problem) &&
              merge_prepare(m,
                            "UPDATE stranger SET low = min(coalesce(low, ?3), ?3), high = max(coalesce(high, ?3), ?3) WHERE "
                            "event = ?1 AND who = ?2 AND number IS NULL",
                            &set, problem);
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) good = take_record(m, get, set, problem);
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(get);
  sqlite3_finalize(set);
  return good && merge_exec(m, "UPDATE stranger SET number = low WHERE number IS NULL AND low = high", problem);
}

bool merge_known(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  int64_t strangers;
  return merge_exec(m,
                    "CREATE TABLE stranger (event TEXT, who TEXT, number TEXT, low TEXT, high TEXT, PRIMARY KEY (event, who)) "
                    "STRICT, WITHOUT ROWID;"
                    "INSERT INTO stranger (event, who) SELECT DISTINCT coalesce(event, ''), who FROM raw WHERE admit AND who "
                    "GLOB '#*'",
                    problem) &&
         merge_number(m, "SELECT count(*) FROM stranger", &strangers, problem) &&
         (!strangers || (ask_roster(m, rules, problem) && ask_records(m, problem) &&
                         merge_exec(m,
                                    "UPDATE raw SET who = s.number FROM stranger s WHERE admit AND raw.who GLOB '#*' AND "
                                    "s.event = coalesce(raw.event, '') AND s.who = raw.who AND s.number IS NOT NULL",
                                    problem)));
}
