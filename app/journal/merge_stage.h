/* SPDX-License-Identifier: Apache-2.0
 * The merge's inside, shared by its source files. Exports come in as they are read, in any order, repeats and all: records as
 * rows (merge_rows.h), what is rare into a SQLite file without a name: journals, boots, evidence of clocks, undoings and
 * corrections, findings. merge_order.c says in which order, once each, the rows are kept, and at which true time; merge_judge.c
 * what counts.
 */
#ifndef YINGBIN_JOURNAL_MERGE_STAGE_H
#define YINGBIN_JOURNAL_MERGE_STAGE_H

#include <sqlite3.h>

#include "journal/merge.h"
#include "journal/merge_clock.h"
#include "journal/merge_rows.h"

struct merge_boot { /* what is known so far of the boot in hand */
  int64_t id;       /* 0: none */
  uint32_t journal;
  char name[MERGE_BOOT_MAX];
  int64_t first_seq, last_mono, own, floor; /* INT64_MIN: none */
};

struct merge {
  sqlite3 *db;
  sqlite3_stmt *journal, *find, *boot, *evidence, *amend; /* inserts */
  struct merge_listener listener;
  struct merge_counts counts;
  struct merge_rows rows;
  struct merge_boot in_hand;
  struct spill order;   /* uint32_t: rows that are kept, in order: n - 1 */
  struct spill by_time; /* uint32_t: the same by true time, then n: their n - 1 */
  uint32_t kept;
  int64_t *rank; /* owned: of each journal's id, its place among them */
  struct clocks clocks;
  size_t *clock_of; /* owned: of each boot's id, its place in `clocks` */
  size_t boots;
  struct merge_runs *runs; /* merge_runs.c */
};

enum merge_kind { MERGE_SCAN, MERGE_UNDO, MERGE_CORRECT, MERGE_CLOCK, MERGE_SHIFT, MERGE_SYSTEM, MERGE_PRACTICE, MERGE_OTHER };

/* What is wrong with the inputs as a whole: kept by kiosk and record numbers, so that it is the same whatever the
 * files are called. `chain` or NULL; `note` or "". */
bool merge_find(struct merge *m, const char *kind, int64_t journal, int64_t from_seq, int64_t to_seq, const uint8_t *chain,
                const char *note, struct problem *problem);

bool merge_exec(struct merge *m, const char *sql, struct problem *problem);
bool merge_prepare(struct merge *m, const char *sql, sqlite3_stmt **statement, struct problem *problem);
bool merge_number(struct merge *m, const char *sql, int64_t *number, struct problem *problem); /* one; NULL and no row: 0 */
bool merge_failed(struct merge *m, struct problem *problem); /* says what SQLite's error means. Always false */
bool merge_full(struct problem *problem);                    /* the same of errno, where rows are kept */

/* One record's line, read. Texts are terminated; "": there is none, or it is too long. */
struct merge_fields {
  struct merge_row row;
  char boot[MERGE_BOOT_MAX], ident[ID_MAX], ref[ID_MAX];
  char event[ID_MAX], station[2 * ID_MAX], who[ID_MAX + 1]; /* of admissions; who also of corrections: it was them */
  bool has_evidence, sets;
  int64_t own, floor, said, error; /* own, floor: wall - mono, INT64_MIN: not known */
};

/* merge_fields.c. False: it is no record (no object, no number). */
bool merge_fields(const char *line, size_t len, struct merge_fields *fields);
/* What of it many records share, and what is rare, onto the stage; and the row. */
bool merge_keep(struct merge *m, struct merge_fields *fields, const uint8_t prev[JOURNAL_CHAIN], const char *line, size_t len,
                struct problem *problem);
bool merge_boot_done(struct merge *m, struct problem *problem); /* what is known of the boot in hand is written down */

static inline struct merge_row *merge_kept(const struct merge *m, uint32_t at) { /* at: n - 1 */
  return merge_row(&m->rows, ((const uint32_t *)m->order.at)[at]);
}

bool merge_runs_begin(struct merge *m, struct problem *problem);
bool merge_runs_add(struct merge *m, int64_t rank, int64_t seq, const uint8_t *prev, const uint8_t *chain,
                    struct problem *problem);
bool merge_runs_end(struct merge *m, struct problem *problem);
void merge_runs_free(struct merge *m);

bool merge_order(struct merge *m, struct problem *problem);
bool merge_clocks(struct merge *m, struct problem *problem);
bool merge_strangers(struct merge *m, const struct merge_rules *rules, struct problem *problem); /* merge_strangers.c: first */
bool merge_refused(struct merge *m, const struct merge_rules *rules, struct problem *problem);   /* and at the end */
bool merge_known(struct merge *m, const struct merge_rules *rules, struct problem *problem);     /* merge_known.c */
bool merge_amend(struct merge *m, struct problem *problem); /* merge_amend.c: into the rows of who is meant */

/* The rows whose id is among `refs`, perhaps some more. Few are meant by any record, and only these lines are read again. */
struct merge_meant {
  const char *refs;      /* SQL: ids */
  const uint32_t *order; /* NULL: all rows as they came */
  uint32_t rows;         /* so many of them */
  uint8_t flags;         /* of these alone; 0: of all */
  bool (*each)(struct merge *m, uint32_t at, const char *id, size_t len, sqlite3_stmt *s, struct problem *problem);
};
bool merge_meant(struct merge *m, const struct merge_meant *meant, sqlite3_stmt *s, struct problem *problem);
bool merge_judge(struct merge *m, const struct merge_rules *rules, struct problem *problem);

#endif
