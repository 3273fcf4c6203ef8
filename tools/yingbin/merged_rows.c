/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merged_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/order.h"
#include "tools/yingbin/pool.h"

struct filling {
  struct merged_rows *rows;
  sqlite3_stmt *s, *rare;
  uint32_t system, scan, undo, correct, fault, admit; /* texts */
};

enum column {
  N,
  KIOSK,
  TIME,
  SURE,
  RULING,
  AGAIN,
  FIRST,
  PEOPLE,
  KIND,
  VERDICT,
  WHO,
  EVENT,
  STATION,
  BY,
  OPERATOR,
  OVERRIDE,
  SEALED,
  NOTE
};

static const char records[] =
    "SELECT n, from_kiosk, time_ms, sure_ms, ruling, again, first, people, kind, verdict, who, event, "
    "station, by, operator, override, sealed, note FROM record NOT INDEXED";

static bool is_text(const struct filling *f, enum column column) { return sqlite3_column_type(f->s, column) == SQLITE_TEXT; }

static bool text(struct filling *f, enum column column, uint32_t *id) {
  *id = 0;
  if (!is_text(f, column)) return true;
  const char *at = (const char *)sqlite3_column_text(f->s, column);
  return !at || interned_id(&f->rows->texts, at, strlen(at), id);
}

static enum ruling ruling_of(const struct filling *f) {
  const char *name = is_text(f, RULING) ? (const char *)sqlite3_column_text(f->s, RULING) : NULL;
  return name ? merge_ruling(name) : RULING_NONE;
}

static bool take_row(struct filling *f, enum ruling ruling) {
  struct merged_row *row = spill_add(&f->rows->row, sizeof *row);
  sqlite3_stmt *s = f->s;
  if (!row) return false;
  *row = (struct merged_row){.n = (uint32_t)sqlite3_column_int64(s, N),
                             .first = (uint32_t)sqlite3_column_int64(s, FIRST),
                             .kiosk = (uint32_t)sqlite3_column_int64(s, KIOSK),
                             .time_ms = sqlite3_column_int64(s, TIME),
                             .sure_ms = sqlite3_column_type(s, SURE) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, SURE),
                             .people = sqlite3_column_int(s, PEOPLE),
                             .ruling = (uint8_t)ruling};
  f->rows->count++;
  return text(f, WHO, &row->who) && text(f, EVENT, &row->event) && text(f, STATION, &row->station) && text(f, BY, &row->by) &&
         text(f, OPERATOR, &row->operator) && text(f, OVERRIDE, &row->override) && text(f, AGAIN, &row->again) &&
         text(f, SEALED, &row->sealed);
}

static bool refuse(struct filling *f, uint32_t verdict) {
  struct merged_rows *r = f->rows;
  int i = 0;
  while (i < r->refusals && r->refused[i].verdict != verdict) i++;
  if (i == r->refusals) {
    r->refused = grow(r->refused, (size_t)i + 1, sizeof *r->refused);
    r->refused[r->refusals++] = (struct merged_refusals){.verdict = verdict};
  }
  r->refused[i].scans++;
  return true;
}

static void take_time(struct filling *f, struct merged_kiosk *k) {
  const int64_t time = sqlite3_column_int64(f->s, TIME);
  const bool unknown = sqlite3_column_type(f->s, SURE) == SQLITE_NULL;
  if (!k->records || time < k->first_ms) k->first_ms = time;
  if (!k->records || time > k->last_ms) k->last_ms = time;
  if (!unknown && sqlite3_column_int64(f->s, SURE) > k->sure_ms) k->sure_ms = sqlite3_column_int64(f->s, SURE);
  k->unknown += unknown;
  k->records++;
}

static bool note_begins(const struct filling *f, const char *with) {
  const char *note = is_text(f, NOTE) ? (const char *)sqlite3_column_text(f->s, NOTE) : "";
  return !strncasecmp(note, with, strlen(with));
}

static bool put_rare(struct filling *f) {
  sqlite3_bind_int64(f->rare, 1, sqlite3_column_int64(f->s, N));
  const bool good = sqlite3_step(f->rare) == SQLITE_DONE;
  sqlite3_reset(f->rare);
  return good;
}

static bool take(struct filling *f) {
  uint32_t kind, verdict = 0;
  struct merged_kiosk *k = &f->rows->kiosk[sqlite3_column_int64(f->s, KIOSK)];
  const enum ruling ruling = ruling_of(f);
  take_time(f, k);
  if (!text(f, KIND, &kind) || (ruling && !take_row(f, ruling))) return false;
  const bool scan = kind == f->scan;
  k->scans += scan;
  k->starts += kind == f->system && note_begins(f, "start ");
  if (!ruling && is_text(f, VERDICT) && !text(f, VERDICT, &verdict)) return false;
  k->faults += verdict == f->fault;
  if (scan && !ruling && is_text(f, VERDICT) && verdict != f->admit && !refuse(f, verdict)) return false;
  const bool more = ruling && (is_text(f, SEALED) || is_text(f, OVERRIDE)),
             meetup = kind == f->system && note_begins(f, "meetup ");
  return !(kind == f->undo || kind == f->correct || meetup || more) || put_rare(f);
}

static bool words(struct filling *f) {
  const struct {
    uint32_t *id;
    const char *word;
  } all[] = {{&f->system, "system"},   {&f->scan, "scan"},   {&f->undo, "undo"},
             {&f->correct, "correct"}, {&f->fault, "fault"}, {&f->admit, "admit"}};
  bool good = true;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    good = good && interned_id(&f->rows->texts, all[i].word, strlen(all[i].word), all[i].id);
  return good;
}

static bool read_kiosks(struct merged_rows *r, sqlite3 *db) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_ERROR;
  if (!sqlite3_prepare_v2(db, "SELECT id, kiosk, key, enrolled FROM kiosk ORDER BY id", -1, &s, NULL))
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
      const int id = sqlite3_column_int(s, 0);
      r->kiosk = grow(r->kiosk, (size_t)id + 1, sizeof *r->kiosk);
      memset(r->kiosk + r->kiosks, 0, (size_t)(id + 1 - r->kiosks) * sizeof *r->kiosk);
      r->kiosks = id + 1;
      struct merged_kiosk *k = &r->kiosk[id];
      snprintf(k->name, sizeof k->name, "%s", (const char *)sqlite3_column_text(s, 1));
      snprintf(k->key, sizeof k->key, "%s", (const char *)sqlite3_column_text(s, 2));
      k->enrolled = sqlite3_column_type(s, 3) == SQLITE_NULL ? -1 : sqlite3_column_int(s, 3);
    }
  sqlite3_finalize(s);
  return step == SQLITE_DONE;
}

/* --- in order --- */

static int64_t time_of(const void *rows, uint32_t index) { return merged_row(rows, index)->time_ms; }

static int64_t who_of(const void *rows, uint32_t index) { return merged_row(rows, index)->who; }

static bool sort(struct merged_rows *r) {
  const size_t bytes = ((size_t)r->count + 1) * sizeof(uint32_t);
  r->by_time = malloc(bytes), r->by_who = malloc(bytes);
  if (!r->by_time || !r->by_who) return false;
  for (uint32_t i = 0; i < r->count; i++) r->by_time[i] = i;
  if (!order_by(r->by_time, r->count, time_of, r)) return false;
  memcpy(r->by_who, r->by_time, bytes);
  return order_by(r->by_who, r->count, who_of, r);
}

static int by_scans(const void *a, const void *b, void *rows) {
  const struct merged_refusals *x = a, *y = b;
  if (x->scans != y->scans) return x->scans > y->scans ? -1 : 1;
  return strcmp(merged_row_text(rows, x->verdict), merged_row_text(rows, y->verdict));
}

static bool failed(sqlite3 *db, struct problem *problem) {
  if (sqlite3_errcode(db) != SQLITE_OK && sqlite3_errcode(db) != SQLITE_DONE && sqlite3_errcode(db) != SQLITE_ROW)
    return problem_set(problem, "读合并结果出错：%s", "the merged log can't be read: %s", sqlite3_errmsg(db));
  return problem_set(problem, "读合并结果出错：%s", "the merged log can't be read: %s", strerror(errno));
}

bool merged_rows_read(struct merged_rows *r, sqlite3 *db, const char *folder, struct problem *problem) {
  struct filling f = {.rows = r};
  int step = SQLITE_ERROR;
  *r = (struct merged_rows)MERGED_ROWS_CLOSED;
  bool good = spill_open(&r->row, folder) && interned_open(&r->texts, folder) && words(&f) && read_kiosks(r, db) &&
              !sqlite3_exec(db, "CREATE TEMP TABLE rare (n INTEGER PRIMARY KEY)", NULL, NULL, NULL) &&
              !sqlite3_prepare_v2(db, "INSERT INTO temp.rare VALUES (?1)", -1, &f.rare, NULL) &&
              !sqlite3_prepare_v2(db, records, -1, &f.s, NULL);
  while (good && (step = sqlite3_step(f.s)) == SQLITE_ROW) good = take(&f);
  good = good && step == SQLITE_DONE && sort(r);
  if (!good) failed(db, problem);
  sqlite3_finalize(f.s);
  sqlite3_finalize(f.rare);
  if (good && r->refusals) qsort_r(r->refused, (size_t)r->refusals, sizeof *r->refused, by_scans, r);
  return good;
}

void merged_rows_free(struct merged_rows *r) {
  spill_close(&r->row);
  interned_close(&r->texts);
  free(r->by_time), free(r->by_who);
  free(r->kiosk), free(r->refused);
  *r = (struct merged_rows)MERGED_ROWS_CLOSED;
}

/* --- found again --- */

const struct merged_row *merged_row_of(const struct merged_rows *r, uint32_t n) {
  uint32_t low = 0, high = r->count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (merged_row(r, middle)->n < n)
      low = middle + 1;
    else
      high = middle;
  }
  return low < r->count && merged_row(r, low)->n == n ? merged_row(r, low) : NULL;
}

static uint32_t first_about(const struct merged_rows *r, uint32_t who) {
  uint32_t low = 0, high = r->count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (merged_row(r, r->by_who[middle])->who < who)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const uint32_t *merged_rows_about(const struct merged_rows *r, const char *who, uint32_t *count) {
  uint32_t id, from, to;
  *count = 0;
  if (!r->count || !interned_known(&r->texts, who, &id)) return NULL;
  for (from = to = first_about(r, id); to < r->count && merged_row(r, r->by_who[to])->who == id;) to++;
  *count = to - from;
  return r->by_who + from;
}
