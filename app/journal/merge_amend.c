/* SPDX-License-Identifier: Apache-2.0
 * What undoings and corrections make of admissions. A correction says who it was, or how many; the latest counts, unless it was
 * itself undone. Few records are meant by any: a bit of the hash of each one's id says which may be, and only these are read
 * again.
 */
#include <stdlib.h>
#include <string.h>

#include "journal/merge_stage.h"
#include "journal/record.h"

enum { BITS = 1 << 20 };

static const char prepare[] =
    "CREATE TABLE undone (ref TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO undone SELECT ref FROM amend WHERE kind = 1;"
    "CREATE TABLE corrected (ref TEXT PRIMARY KEY, who TEXT, count INTEGER) STRICT, WITHOUT ROWID;"
    "INSERT INTO corrected SELECT ref, who, count FROM amend WHERE kind = 2 AND n IS NOT NULL AND coalesce(ident, '') NOT IN "
    "(SELECT ref FROM undone) ORDER BY time, n"
    " ON CONFLICT DO UPDATE SET who = coalesce(excluded.who, who), count = coalesce(excluded.count, count)";

/* Which of the corrections are kept, and when they were made. */
static bool place(struct merge *m, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  bool good = merge_prepare(m, "UPDATE amend SET n = ?2, time = ?3 WHERE raw = ?1", &s, problem);
  for (uint32_t i = 0; good && i < m->kept; i++) {
    const struct merge_row *row = merge_kept(m, i);
    if (row->kind != MERGE_CORRECT) continue;
    sqlite3_bind_int64(s, 1, ((const uint32_t *)m->order.at)[i]);
    sqlite3_bind_int64(s, 2, i + 1);
    sqlite3_bind_int64(s, 3, row->time);
    good = sqlite3_step(s) == SQLITE_DONE || merge_failed(m, problem);
    sqlite3_reset(s);
  }
  sqlite3_finalize(s);
  return good;
}

static void mean(const struct merge *m, uint64_t *bits, const char *ref) {
  const uint64_t bit = interned_hash(&m->rows.texts, ref, strlen(ref)) % BITS;
  bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool mean_all(struct merge *m, const char *refs, uint64_t *bits, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_DONE;
  bool good = merge_prepare(m, refs, &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) mean(m, bits, (const char *)sqlite3_column_text(s, 0));
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(s);
  return good;
}

static bool may_be_meant(const struct merge_row *row, uint8_t flags, const uint64_t *bits) {
  const uint64_t bit = row->ident % BITS;
  return (row->flags & flags) == flags && row->ident && bits[bit / 64] >> bit % 64 & 1;
}

static bool with_id(struct merge *m, const struct merge_meant *meant, uint32_t at, const struct merge_row *row,
                    struct merge_view *view, sqlite3_stmt *s, struct problem *problem) {
  struct record r;
  const char *line = merge_line(&m->rows, row, view);
  if (!line) return merge_full(problem);
  if (!record_read(&r, line, row->len)) return problem_set(problem, "内存不足。", "Out of memory."); /* it was one before */
  const bool good = meant->each(m, at, r.value[RECORD_ID].text, r.value[RECORD_ID].len, s, problem);
  record_free(&r);
  return good;
}

bool merge_meant(struct merge *m, const struct merge_meant *meant, sqlite3_stmt *s, struct problem *problem) {
  struct merge_view view = {.buffer = NULL};
  uint64_t *bits = calloc(BITS / 64, sizeof *bits);
  bool good = bits ? mean_all(m, meant->refs, bits, problem) : problem_set(problem, "内存不足。", "Out of memory.");
  for (uint32_t i = 0; good && i < meant->rows; i++) {
    const struct merge_row *row = merge_row(&m->rows, meant->order ? meant->order[i] : i);
    if (may_be_meant(row, meant->flags, bits)) good = with_id(m, meant, i, row, &view, s, problem);
  }
  free(bits);
  merge_view_free(&view);
  return good;
}

/* What was said about the record with this id. */
static bool amend_one(struct merge *m, uint32_t at, const char *id, size_t len, sqlite3_stmt *find, struct problem *problem) {
  struct merge_row *row = merge_kept(m, at);
  bool good = true;
  sqlite3_bind_text(find, 1, id, (int)len, SQLITE_STATIC);
  const int step = sqlite3_step(find);
  if (step == SQLITE_ROW) {
    const char *who = (const char *)sqlite3_column_text(find, 0);
    if (who) good = interned_id(&m->rows.texts, who, strlen(who), &row->who) || merge_full(problem);
    if (sqlite3_column_type(find, 1) != SQLITE_NULL) row->count = sqlite3_column_int(find, 1);
    if (sqlite3_column_int(find, 2)) row->flags |= MERGE_UNDONE;
  }
  good = good && (step == SQLITE_ROW || step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_reset(find);
  return good;
}

static bool amend_all(struct merge *m, struct problem *problem) {
  sqlite3_stmt *find = NULL;
  const struct merge_meant meant = {.refs = "SELECT ref FROM undone UNION SELECT ref FROM corrected",
                                    .order = m->order.at,
                                    .rows = m->kept,
                                    .flags = MERGE_ADMITS,
                                    .each = amend_one};
  const bool good = merge_prepare(m,
                                  "SELECT c.who, c.count, EXISTS (SELECT 1 FROM undone WHERE ref = ?1) FROM (SELECT 1) LEFT "
                                  "JOIN corrected c ON c.ref = ?1",
                                  &find, problem) &&
                    merge_meant(m, &meant, find, problem);
  sqlite3_finalize(find);
  return good;
}

bool merge_amend(struct merge *m, struct problem *problem) {
  int64_t amendments;
  if (!merge_number(m, "SELECT count(*) FROM amend", &amendments, problem)) return false;
  return !amendments || (place(m, problem) && merge_exec(m, prepare, problem) && amend_all(m, problem));
}
