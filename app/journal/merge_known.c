/* SPDX-License-Identifier: Apache-2.0
 * Who was let in by a code that no list had, and whose code was found later: the roster says whose it is, or any record that
 * has both, of whatever kiosk and verdict. From then on what the code did is that person's. A code that is said to be two
 * people's stays a code.
 */
#include <stdio.h>
#include <string.h>

#include "journal/merge_stage.h"
#include "journal/record.h"

/* Strangers are kept by the ids of their events' and codes' texts (merge_rows.h). */
static const char stranger[] =
    "CREATE TABLE stranger (event INTEGER, who INTEGER, number TEXT, low TEXT, high TEXT, PRIMARY KEY (event, who)) STRICT, "
    "WITHOUT ROWID";

static bool is_stranger(const struct merge *m, const struct merge_row *row) {
  return row->flags & MERGE_ADMITS && *interned_at(&m->rows.texts, row->who) == '#';
}

static bool step_done(struct merge *m, sqlite3_stmt *s, struct problem *problem) {
  const bool good = sqlite3_step(s) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(s);
  return good;
}

static bool collect(struct merge *m, int64_t *count, struct problem *problem) {
  const uint32_t rows = merge_rows_count(&m->rows);
  sqlite3_stmt *put = NULL;
  bool good = merge_exec(m, stranger, problem) &&
              merge_prepare(m, "INSERT OR IGNORE INTO stranger (event, who) VALUES (?1, ?2)", &put, problem);
  for (uint32_t i = 0; good && i < rows; i++) {
    const struct merge_row *row = merge_row(&m->rows, i);
    if (!is_stranger(m, row)) continue;
    sqlite3_bind_int64(put, 1, row->event);
    sqlite3_bind_int64(put, 2, row->who);
    good = step_done(m, put, problem);
  }
  sqlite3_finalize(put);
  return good && merge_number(m, "SELECT count(*) FROM stranger", count, problem);
}

static bool ask_roster(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  sqlite3_stmt *get = NULL, *set = NULL;
  char number[ID_MAX];
  int step = SQLITE_DONE;
  if (!rules->holder) return true;
  bool good = merge_prepare(m, "SELECT event, who FROM stranger", &get, problem) &&
              merge_prepare(m, "UPDATE stranger SET number = ?3 WHERE event = ?1 AND who = ?2", &set, problem);
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) {
    const uint32_t event = (uint32_t)sqlite3_column_int64(get, 0), who = (uint32_t)sqlite3_column_int64(get, 1);
    if (!rules->holder(rules->self, interned_at(&m->rows.texts, event), interned_at(&m->rows.texts, who) + 1, number)) continue;
    sqlite3_bind_int64(set, 1, event);
    sqlite3_bind_int64(set, 2, who);
    sqlite3_bind_text(set, 3, number, -1, SQLITE_STATIC);
    good = step_done(m, set, problem);
  }
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(get);
  sqlite3_finalize(set);
  return good;
}

static bool take_record(struct merge *m, const char *line, size_t len, sqlite3_stmt *set, struct problem *problem) {
  char event[ID_MAX], code[ID_MAX + 1] = "#", number[ID_MAX];
  uint32_t event_id, code_id;
  struct record r;
  if (!record_read(&r, line, len)) return problem_set(problem, "内存不足。", "Out of memory."); /* it was one before */
  const bool both = record_copy(&r, RECORD_ATTENDEE, number, sizeof number) && *number && *number != '#' &&
                    record_copy(&r, RECORD_CODE, code + 1, sizeof code - 1) && code[1] &&
                    record_copy(&r, RECORD_EVENT, event, sizeof event);
  record_free(&r);
  if (!both || !interned_known(&m->rows.texts, event, &event_id) || !interned_known(&m->rows.texts, code, &code_id))
    return true;
  sqlite3_bind_int64(set, 1, event_id);
  sqlite3_bind_int64(set, 2, code_id);
  sqlite3_bind_text(set, 3, number, -1, SQLITE_STATIC);
  return step_done(m, set, problem);
}

/* The least and the greatest number that is said of each: the same whatever the order of the files. */
static bool ask_records(struct merge *m, struct problem *problem) {
  struct merge_view view = {.buffer = NULL};
  sqlite3_stmt *set = NULL;
  const uint32_t rows = merge_rows_count(&m->rows);
  bool good = merge_prepare(m,
                            "UPDATE stranger SET low = min(coalesce(low, ?3), ?3), high = max(coalesce(high, ?3), ?3) WHERE "
                            "event = ?1 AND who = ?2 AND number IS NULL",
                            &set, problem);
  for (uint32_t i = 0; good && i < rows; i++) {
    const struct merge_row *row = merge_row(&m->rows, i);
    if (row->kind != MERGE_SCAN) continue;
    const char *line = merge_line(&m->rows, row, &view);
    good = line ? take_record(m, line, row->len, set, problem) : merge_full(problem);
  }
  sqlite3_finalize(set);
  merge_view_free(&view);
  return good && merge_exec(m, "UPDATE stranger SET number = low WHERE number IS NULL AND low = high", problem);
}

static bool name_rows(struct merge *m, struct problem *problem) {
  sqlite3_stmt *find = NULL;
  const uint32_t rows = merge_rows_count(&m->rows);
  bool good =
      merge_prepare(m, "SELECT number FROM stranger WHERE event = ?1 AND who = ?2 AND number IS NOT NULL", &find, problem);
  for (uint32_t i = 0; good && i < rows; i++) {
    struct merge_row *row = merge_row(&m->rows, i);
    if (!is_stranger(m, row)) continue;
    sqlite3_bind_int64(find, 1, row->event);
    sqlite3_bind_int64(find, 2, row->who);
    const int step = sqlite3_step(find);
    const char *number = step == SQLITE_ROW ? (const char *)sqlite3_column_text(find, 0) : NULL;
    good = step == SQLITE_ROW || step == SQLITE_DONE || merge_failed(m, problem);
    if (number) good = interned_id(&m->rows.texts, number, strlen(number), &row->who) || merge_full(problem);
    sqlite3_reset(find);
  }
  sqlite3_finalize(find);
  return good;
}

bool merge_known(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  int64_t strangers;
  return collect(m, &strangers, problem) &&
         (!strangers || (ask_roster(m, rules, problem) && ask_records(m, problem) && name_rows(m, problem)));
}
