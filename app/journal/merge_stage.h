/* SPDX-License-Identifier: Apache-2.0
 * The merge's inside, shared by its source files: the stage, a SQLite file without a name. Exports come in
 * as they are read (`raw`, in any order, repeats and all); merge_order.c makes `kept` of them, where each
 * record is once, in order of kiosk key, number and chain, with its true time; merge_judge.c makes `ruling`.
 */
#ifndef YINGBIN_JOURNAL_MERGE_STAGE_H
#define YINGBIN_JOURNAL_MERGE_STAGE_H

#include <sqlite3.h>

#include "journal/merge.h"
#include "journal/merge_clock.h"

struct merge {
  sqlite3 *db;
  sqlite3_stmt *raw, *journal, *find; /* inserts of what is read; `finding`'s */
  struct merge_listener listener;
  struct merge_counts counts;
  struct clocks clocks;
  struct merge_runs *runs; /* merge_runs.c */
};

enum merge_kind { MERGE_SCAN, MERGE_UNDO, MERGE_CORRECT, MERGE_CLOCK, MERGE_SHIFT, MERGE_SYSTEM, MERGE_PRACTICE, MERGE_OTHER };

enum ruling { RULING_COUNTS = 1, RULING_CONFLICT, RULING_UNDONE };

/* What is wrong with the inputs as a whole: kept by kiosk and record numbers, so that it is the same whatever the
 * files are called. `chain` or NULL; `note` or "". */
bool merge_find(struct merge *m, const char *kind, int64_t journal, int64_t from_seq, int64_t to_seq, const uint8_t *chain,
                const char *note, struct problem *problem);

bool merge_exec(struct merge *m, const char *sql, struct problem *problem);
bool merge_prepare(struct merge *m, const char *sql, sqlite3_stmt **statement, struct problem *problem);
bool merge_number(struct merge *m, const char *sql, int64_t *number, struct problem *problem); /* one; NULL and no row: 0 */
bool merge_failed(struct merge *m, struct problem *problem); /* says what SQLite's error means. Always false */

/* merge_fields.c: one record's line into the columns of `raw`. False: it is no record (no object, no number).
 * The statement's values are its own copies. */
bool merge_fields(sqlite3_stmt *raw, const char *line, size_t len, int64_t *seq);

bool merge_runs_begin(struct merge *m, struct problem *problem);
bool merge_runs_add(struct merge *m, int64_t rank, int64_t seq, const uint8_t *prev, const uint8_t *chain,
                    struct problem *problem);
bool merge_runs_end(struct merge *m, struct problem *problem);
void merge_runs_free(struct merge *m);

bool merge_order(struct merge *m, const struct merge_rules *rules, struct problem *problem);
bool merge_clocks(struct merge *m, struct problem *problem);
bool merge_known(struct merge *m, const struct merge_rules *rules, struct problem *problem); /* merge_known.c */
bool merge_judge(struct merge *m, const struct merge_rules *rules, struct problem *problem);

#endif
