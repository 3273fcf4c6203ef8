/* SPDX-License-Identifier: Apache-2.0
 * What lists, workbook and report need of a merged log, taken from it once: a row for each record that something was
 * ruled about, in files without a name (base/spill.h), and the counts of all others. One thread.
 */
#ifndef YINGBIN_TOOLS_MERGED_ROWS_H
#define YINGBIN_TOOLS_MERGED_ROWS_H

#include <sqlite3.h>

#include "base/problem.h"
#include "journal/interned.h"
#include "journal/merge.h"

struct merged_row {
  int64_t time_ms, sure_ms; /* sure -1: nobody knows */
  uint32_t n, first;        /* its number in merged.db; of a conflict, that of the record that counts, of what was
                             * refused, of the one that is meant; 0: none */
  uint32_t kiosk;
  int32_t people;
  uint32_t who, event, station, by, operator, override, again, sealed; /* texts, 0: none */
  uint8_t ruling;                                                      /* enum ruling, never RULING_NONE */
};

struct merged_kiosk { /* name "": there is none of this id */
  char name[ID_MAX], key[65];
  int enrolled; /* -1: no list was given */
  int64_t records, scans, faults, starts, first_ms, last_ms, sure_ms, unknown;
};

struct merged_refusals {
  uint32_t verdict; /* text */
  int64_t scans;
};

struct merged_rows {
  struct spill row;  /* struct merged_row, ascending n */
  struct spill rare; /* uint32_t: n */
  struct interned texts;
  uint32_t count;
  uint32_t *by_time, *by_who;      /* owned: indices of rows; by_who: by place of the text, then by time */
  struct merged_kiosk *kiosk;      /* owned; by the id of merged.db */
  struct merged_refusals *refused; /* owned; most scans first, then by verdict */
  int kiosks, refusals;
  struct merged_last *last; /* owned: of each key, the text that was taken last */
};
#define MERGED_ROWS_CLOSED                                                                                                     \
  { .row.fd = -1, .rare.fd = -1, .texts.text.fd = -1 }

/* Filled record by record while the log is written (`filled`), or out of a log that is there; in either case settled then.
 * Settling makes temp.rare (n) in `db`: records that are undoings, corrections or meetups, or say more than who came. */
bool merged_rows_open(struct merged_rows *rows, const char *folder, struct problem *problem); /* to be freed in any case */
bool merged_rows_take(void *rows, const struct merge_record *record);                         /* of merge_reader */
bool merged_rows_settle(struct merged_rows *rows, sqlite3 *db, bool filled, struct problem *problem);
void merged_rows_free(struct merged_rows *rows);

static inline const struct merged_row *merged_row(const struct merged_rows *rows, uint32_t index) {
  return (const struct merged_row *)rows->row.at + index;
}
static inline const char *merged_row_text(const struct merged_rows *rows, uint32_t id) { return interned_at(&rows->texts, id); }

/* An undoing or a correction that has no effect. */
static inline bool merged_is_refused(const struct merged_row *row) { return row->ruling >= RULING_UNDO_REFUSED; }

/* Admissions too many, those that the rules refuse now, and what was refused. */
static inline bool merged_is_conflict(const struct merged_row *row) {
  return row->ruling == RULING_CONFLICT || row->again || merged_is_refused(row);
}

const struct merged_row *merged_row_of(const struct merged_rows *rows, uint32_t n); /* NULL: there is none */

/* The rows of one person by time: `*count` indices. */
const uint32_t *merged_rows_about(const struct merged_rows *rows, const char *who, uint32_t *count);

#endif
