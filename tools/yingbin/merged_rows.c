/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merged_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/order.h"
#include "journal/record.h"
#include "tools/yingbin/pool.h"

static bool is_text(const struct merge_record *r, enum record_key key) { return r->said[key].type == RECORD_TEXT; }

static bool is(const struct merge_record *r, enum record_key key, const char *word) {
  return is_text(r, key) && r->said[key].len == strlen(word) && !memcmp(r->said[key].text, word, strlen(word));
}

struct merged_last {
  uint32_t id;
  size_t len;
};

/* Most records say what the one before them said. */
static bool text(struct merged_rows *rows, const struct merge_record *r, enum record_key key, uint32_t *id) {
  const struct record_value *v = &r->said[key];
  struct merged_last *last = &rows->last[key];
  *id = 0;
  if (v->type != RECORD_TEXT || !v->len) return true;
  if (!last->id || last->len != v->len || memcmp(interned_at(&rows->texts, last->id), v->text, v->len) != 0) {
    if (!interned_id(&rows->texts, v->text, v->len, &last->id)) return false;
    last->len = v->len;
  }
  *id = last->id;
  return true;
}

static bool take_row(struct merged_rows *rows, const struct merge_record *r) {
  struct merged_row *row = spill_add(&rows->row, sizeof *row);
  if (!row) return false;
  *row = (struct merged_row){.n = r->n,
                             .first = r->first,
                             .kiosk = r->kiosk,
                             .time_ms = r->time_ms,
                             .sure_ms = r->sure_ms,
                             .people = r->people,
                             .ruling = (uint8_t)r->ruling};
  rows->count++;
  return interned_id(&rows->texts, r->who, strlen(r->who), &row->who) &&
         interned_id(&rows->texts, r->again, strlen(r->again), &row->again) && text(rows, r, RECORD_EVENT, &row->event) &&
         text(rows, r, RECORD_STATION, &row->station) && text(rows, r, RECORD_BY, &row->by) &&
         text(rows, r, RECORD_OPERATOR, &row->operator) && text(rows, r, RECORD_OVERRIDE, &row->override) &&
         text(rows, r, RECORD_SEALED, &row->sealed);
}

static void refuse(struct merged_rows *rows, uint32_t verdict) {
  int i = 0;
  while (i < rows->refusals && rows->refused[i].verdict != verdict) i++;
  if (i == rows->refusals) {
    rows->refused = grow(rows->refused, (size_t)i + 1, sizeof *rows->refused);
    rows->refused[rows->refusals++] = (struct merged_refusals){.verdict = verdict};
  }
  rows->refused[i].scans++;
}

static struct merged_kiosk *kiosk_at(struct merged_rows *rows, uint32_t id) {
  if ((int)id < rows->kiosks) return &rows->kiosk[id];
  rows->kiosk = grow(rows->kiosk, (size_t)id + 1, sizeof *rows->kiosk);
  memset(rows->kiosk + rows->kiosks, 0, (size_t)((int)id + 1 - rows->kiosks) * sizeof *rows->kiosk);
  rows->kiosks = (int)id + 1;
  return &rows->kiosk[id];
}

static void take_time(struct merged_kiosk *k, const struct merge_record *r) {
  if (!k->records || r->time_ms < k->first_ms) k->first_ms = r->time_ms;
  if (!k->records || r->time_ms > k->last_ms) k->last_ms = r->time_ms;
  if (r->sure_ms > k->sure_ms) k->sure_ms = r->sure_ms;
  k->unknown += r->sure_ms < 0;
  k->records++;
}

static bool note_begins(const struct merge_record *r, const char *with) {
  const struct record_value *note = &r->said[RECORD_NOTE];
  return note->type == RECORD_TEXT && note->len >= strlen(with) && !strncasecmp(note->text, with, strlen(with));
}

static bool put_rare(struct merged_rows *rows, uint32_t n) {
  uint32_t *to = spill_add(&rows->rare, sizeof *to);
  if (to) *to = n;
  return to;
}

bool merged_rows_take(void *self, const struct merge_record *r) {
  struct merged_rows *rows = self;
  struct merged_kiosk *k = kiosk_at(rows, r->kiosk);
  const bool scan = is(r, RECORD_KIND, "scan"), system = is(r, RECORD_KIND, "system");
  uint32_t verdict;
  take_time(k, r);
  k->scans += scan;
  k->starts += system && note_begins(r, "start ");
  k->faults += is(r, RECORD_VERDICT, "fault");
  if (r->ruling && !take_row(rows, r)) return false;
  if (scan && !r->ruling && is_text(r, RECORD_VERDICT) && !is(r, RECORD_VERDICT, "admit")) {
    if (!text(rows, r, RECORD_VERDICT, &verdict)) return false;
    refuse(rows, verdict);
  }
  const bool more = r->ruling && (is_text(r, RECORD_SEALED) || is_text(r, RECORD_OVERRIDE));
  const bool rare =
      more || (system && note_begins(r, "meetup ")) || (!scan && (is(r, RECORD_KIND, "undo") || is(r, RECORD_KIND, "correct")));
  return !rare || put_rare(rows, r->n);
}

/* --- from merged.db --- */

/* Behind these the columns of the keys that are looked at. */
enum column { N, KIOSK, TIME, SURE, RULING, AGAIN, FIRST, PEOPLE, WHO, SAID };

static const enum record_key said[] = {RECORD_KIND,     RECORD_EVENT,    RECORD_STATION, RECORD_VERDICT, RECORD_BY,
                                       RECORD_OPERATOR, RECORD_OVERRIDE, RECORD_SEALED,  RECORD_NOTE};

static const char records[] = "SELECT n, from_kiosk, time_ms, sure_ms, coalesce(ruling, ''), coalesce(again, ''), first, "
                              "people, coalesce(who, ''), kind, "
                              "event, station, verdict, by, operator, override, sealed, note FROM record NOT INDEXED";

static const char *plain(sqlite3_stmt *s, enum column column) { return (const char *)sqlite3_column_text(s, column); }

static bool take_stored(struct merged_rows *rows, sqlite3_stmt *s, struct record_value line[RECORD_KEYS]) {
  const struct merge_record r = {.n = (uint32_t)sqlite3_column_int64(s, N),
                                 .kiosk = (uint32_t)sqlite3_column_int64(s, KIOSK),
                                 .first = (uint32_t)sqlite3_column_int64(s, FIRST),
                                 .time_ms = sqlite3_column_int64(s, TIME),
                                 .sure_ms = sqlite3_column_type(s, SURE) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, SURE),
                                 .people = sqlite3_column_int(s, PEOPLE),
                                 .ruling = merge_ruling(plain(s, RULING)),
                                 .again = plain(s, AGAIN),
                                 .who = plain(s, WHO),
                                 .said = line};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    const char *at = plain(s, (enum column)(SAID + i));
    line[said[i]] = (struct record_value){.type = at ? RECORD_TEXT : RECORD_NONE, .text = at, .len = at ? strlen(at) : 0};
  }
  return merged_rows_take(rows, &r);
}

static bool read_records(struct merged_rows *rows, sqlite3 *db) {
  struct record_value line[RECORD_KEYS] = {{.type = RECORD_NONE}};
  sqlite3_stmt *s = NULL;
  int step = SQLITE_ERROR;
  bool good = !sqlite3_prepare_v2(db, records, -1, &s, NULL);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) good = take_stored(rows, s, line);
  sqlite3_finalize(s);
  return good && step == SQLITE_DONE;
}

static bool name_kiosks(struct merged_rows *rows, sqlite3 *db) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_ERROR;
  if (!sqlite3_prepare_v2(db, "SELECT id, kiosk, key, enrolled FROM kiosk", -1, &s, NULL))
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
      struct merged_kiosk *k = kiosk_at(rows, (uint32_t)sqlite3_column_int64(s, 0));
      snprintf(k->name, sizeof k->name, "%s", (const char *)sqlite3_column_text(s, 1));
      snprintf(k->key, sizeof k->key, "%s", (const char *)sqlite3_column_text(s, 2));
      k->enrolled = sqlite3_column_type(s, 3) == SQLITE_NULL ? -1 : sqlite3_column_int(s, 3);
    }
  sqlite3_finalize(s);
  return step == SQLITE_DONE;
}

static bool store_rare(const struct merged_rows *rows, sqlite3 *db) {
  sqlite3_stmt *s = NULL;
  bool good = !sqlite3_exec(db, "CREATE TEMP TABLE rare (n INTEGER PRIMARY KEY)", NULL, NULL, NULL) &&
              !sqlite3_prepare_v2(db, "INSERT INTO temp.rare VALUES (?1)", -1, &s, NULL);
  for (size_t i = 0; good && i < rows->rare.used / sizeof(uint32_t); i++) {
    sqlite3_bind_int64(s, 1, ((const uint32_t *)rows->rare.at)[i]);
    good = sqlite3_step(s) == SQLITE_DONE;
    sqlite3_reset(s);
  }
  sqlite3_finalize(s);
  return good;
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

bool merged_rows_open(struct merged_rows *r, const char *folder, struct problem *problem) {
  r->last = calloc(RECORD_KEYS, sizeof *r->last);
  return (r->last && spill_open(&r->row, folder) && spill_open(&r->rare, folder) && interned_open(&r->texts, folder)) ||
         problem_system(problem, errno, "无法写入文件夹", "can't write in the folder", folder);
}

bool merged_rows_settle(struct merged_rows *r, sqlite3 *db, bool filled, struct problem *problem) {
  if (!(filled || read_records(r, db)) || !name_kiosks(r, db) || !store_rare(r, db) || !sort(r)) return failed(db, problem);
  if (r->refusals) qsort_r(r->refused, (size_t)r->refusals, sizeof *r->refused, by_scans, r);
  return true;
}

void merged_rows_free(struct merged_rows *r) {
  spill_close(&r->row);
  spill_close(&r->rare);
  interned_close(&r->texts);
  free(r->by_time), free(r->by_who);
  free(r->kiosk), free(r->refused), free(r->last);
  *r = (struct merged_rows)MERGED_ROWS_CLOSED;
}

/* --- found again --- */

/* Records are numbered from 1: so many as have no row, so far before its number a row may be. */
const struct merged_row *merged_row_of(const struct merged_rows *r, uint32_t n) {
  const uint32_t absent = r->count ? merged_row(r, r->count - 1)->n - r->count : 0;
  uint32_t low = n > absent ? n - absent - 1 : 0, high = n < r->count ? n : r->count;
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
