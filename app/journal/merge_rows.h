/* SPDX-License-Identifier: Apache-2.0
 * Where a merge keeps its records: a row of fixed size each, in a file without a name (base/spill.h); their lines behind one
 * another in a second; the few texts that many records share, once each, in a third. Rows are known by their index, texts
 * by their place: 0 is "". One thread fills; when it is done, several may read, each with a view of its own.
 */
#ifndef YINGBIN_JOURNAL_MERGE_ROWS_H
#define YINGBIN_JOURNAL_MERGE_ROWS_H

#include <stdint.h>
#include <stdio.h>

#include "base/spill.h"
#include "journal/interned.h"
#include "journal/journal.h"

enum { MERGE_FOLLOWS = -1 /* `prev`: it is the chain of the row before */ };

enum { MERGE_DOUBT = 128 /* in `again`: the time isn't sure enough to say so */ };

enum merge_flag {
  MERGE_PROVED = 1,
  MERGE_TIMED = 2, /* `mono` is known */
  MERGE_CLOCK_OK = 4,
  MERGE_ADMITS = 8, /* a scan that let somebody in */
  MERGE_UNCONFIRMED = 16,
  MERGE_OVERRIDE = 32,
  MERGE_UNDONE = 64 /* an admission that was taken back */
};

struct merge_row {
  uint8_t chain[JOURNAL_CHAIN];
  int64_t seq, mono, wall, time, sure; /* ms; time and sure: made by merge_order.c; sure -1: nobody knows */
  uint64_t line, ident;                /* where its line is; a hash of its id, 0: it has none */
  uint32_t len, journal, boot;         /* bytes of the line; ids in the tables `journal` and `boot`, boot 0: not known */
  uint32_t event, station, who;        /* texts, of admissions. who: roster number, or # and a code's hash, or "" */
  int32_t prev, count, people;         /* prev: of the chains, or MERGE_FOLLOWS; count -1: none; people it counts for */
  uint32_t first;                      /* of a conflict: the n that counts; of what is refused: the n meant */
  uint8_t kind, flags, ruling, again;  /* again: a verdict and 1, perhaps with MERGE_DOUBT; 0: none */
};

struct merge_rows {
  struct spill rows, prevs;
  struct interned texts;
  int lines; /* owned: file of the lines */
  FILE *out; /* owned: the same, to write */
  uint64_t written;
};
#define MERGE_ROWS_CLOSED                                                                                                      \
  { .rows.fd = -1, .prevs.fd = -1, .texts.text.fd = -1, .lines = -1 }

bool merge_rows_open(struct merge_rows *rows, const char *folder); /* false: errno; to be closed in any case */
void merge_rows_close(struct merge_rows *rows);

uint32_t merge_rows_count(const struct merge_rows *rows);
struct merge_row *merge_row(const struct merge_rows *rows, uint32_t index);
const uint8_t *merge_prev(const struct merge_rows *rows, uint32_t index); /* the chain before it */

/* False: errno. The row's line, len and prev are set here. */
bool merge_rows_add(struct merge_rows *rows, const struct merge_row *row, const uint8_t prev[JOURNAL_CHAIN], const char *line,
                    size_t len);
void merge_rows_cut(struct merge_rows *rows, uint32_t count); /* only so many remain */
bool merge_rows_filled(struct merge_rows *rows);              /* before lines are read; false: errno */

struct merge_view { /* zero-initialised */
  uint64_t from, to, next;
  size_t most;  /* bytes that are read at once, where lines are read one behind the other; 0: many */
  char *buffer; /* owned */
  size_t room;
};

/* Not terminated; holds until the next call. NULL: errno. */
const char *merge_line(const struct merge_rows *rows, const struct merge_row *row, struct merge_view *view);
void merge_view_free(struct merge_view *view);

#endif
