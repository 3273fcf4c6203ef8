/* SPDX-License-Identifier: Apache-2.0
 * Any number of exports, from hubs and sticks, as one true log, without names. A record is known by its
 * kiosk's key and its chain: repeats fall together, a fork (two records behind one) is kept and told.
 * The same exports in any order, any number of times, give the same bytes. Library, no threads, no clock;
 * a record takes some 140 bytes, in mapped files that the kernel may put on disk (merge_rows.h).
 *
 * Order of the calls: merge_open, merge_add for each file, merge_settle, merge_write, merge_close.
 */
#ifndef YINGBIN_JOURNAL_MERGE_H
#define YINGBIN_JOURNAL_MERGE_H

#include <stdio.h>

#include "journal/journal.h"

enum { MERGE_APPLICATION_ID = 0x79626d31 /* "ybm1" */, MERGE_VERSION = 1 };

/* Of admissions; and of undoings and corrections that have no effect: a kiosk that isn't enrolled made them, about what others
 * wrote. */
enum ruling { RULING_NONE, RULING_COUNTS, RULING_CONFLICT, RULING_UNDONE, RULING_UNDO_REFUSED, RULING_CORRECT_REFUSED };
enum ruling merge_ruling(const char *name); /* as merged.db and merged.jsonl have it: counts, conflict, undo_refused */

struct merge; /* owned by the opener */

/* Told as they are met: a line that was changed, a file that is cut off. `problem` names file and line. */
struct merge_listener {
  void *self;
  void (*tell)(void *self, const struct problem *problem);
};

/* What rules judge by, for those that only all kiosks together, or a clock put right, can answer. */
struct merge_rules {
  const struct catalog *catalog; /* NULL: not known; then only another kiosk's admission on the same day conflicts */
  void *self;
  bool (*attendee)(void *self, const char *number, struct attendee *out);               /* false: the roster doesn't know it */
  bool (*enrolled)(void *self, const uint8_t key[32]);                                  /* NULL: nobody knows */
  bool (*holder)(void *self, const char *event, const char *code, char number[ID_MAX]); /* whose code that is, by its hash as
                                                                          records say it; false, or NULL: nobody knows */
};

struct merge_counts {
  int64_t exports, records, repeats, journals;
  int64_t admitted, people; /* admissions that count, and the people of them */
  int64_t conflicts, undone, rejudged;
  int64_t findings, tampered, forks, gaps;
};

/* The stage is a file in FOLDER that has no name: it is gone with the process, whatever happens. */
bool merge_open(const char *folder, struct merge_listener listener, struct merge **merge, struct problem *problem);
void merge_close(struct merge *merge);

/* One file: an export, or several one behind the other. False: it is no export at all, or the stage can't be
 * written. Changed lines and a missing end are findings, and what can be proved is taken. */
bool merge_add(struct merge *merge, FILE *in, const char *file, struct problem *problem);

/* One log of all that was added: repeats, forks, gaps, times put right, and what counts. */
bool merge_settle(struct merge *merge, const struct merge_rules *rules, struct merge_counts *counts, struct problem *problem);

struct record_value;

/* A record as it stands in merged.db. Borrowed for the call. */
struct merge_record {
  uint32_t n, kiosk, first; /* first: of a conflict, the n that counts; of what was refused, the n that is meant; 0: none */
  int64_t time_ms, sure_ms; /* sure -1: nobody knows */
  int32_t people;
  enum ruling ruling;
  const char *again, *who;         /* "": none */
  const struct record_value *said; /* what its line says, by enum record_key (record.h) */
};

struct merge_reader {
  void *self;
  bool (*take)(void *self, const struct merge_record *record); /* in order of n; false: errno */
};

/* merged.db: tables kiosk, record, finding, see merge_write.c; and merged.jsonl: first a line a kiosk and a finding, then
 * a line a record by time, {"time","sure_s","kiosk","key","chain","ruling","record":the line as it was written}. Both are
 * written to the paths given, which are the caller's to put in place. `reader` is given each record then, or is NULL. */
bool merge_write(struct merge *merge, const char *db, const char *jsonl, const struct merge_reader *reader,
                 struct problem *problem);

/* What of each journal is here and vouched for, so that it may be purged there (receipt.h); after merge_settle. Give it to
 * people when the log is safe. */
bool merge_receipt(struct merge *merge, const char *path, struct problem *problem);

#endif
