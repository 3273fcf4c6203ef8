/* SPDX-License-Identifier: Apache-2.0
 * A table in a file, row by row, whatever the file is: CSV in any encoding, or a sheet of an Excel
 * workbook. Streaming: neither reader keeps the rows. What the rows mean is roster.c's.
 * What isn't a table is named as what it is, with how to save it as one.
 */
#ifndef YINGBIN_TOOLS_TABLE_H
#define YINGBIN_TOOLS_TABLE_H

#include <stdio.h>

#include "tools/yingbin/lines.h"
#include "tools/yingbin/remarks.h"

enum { TABLE_COLUMNS = 256, TABLE_CELL_MOST = 128 << 10 /* bytes; a spreadsheet's own limit is 32,767 characters */ };

enum cell_kind {
  CELL_TEXT,
  CELL_DATE,      /* as text, 2023-10-21 or 2023-10-21 13:30 */
  CELL_ROUNDED,   /* a number whose last digits are lost; its text is what is left of it */
  CELL_ERROR,     /* #N/A and the like */
  CELL_UNCOUNTED, /* a formula that was never calculated */
  CELL_HUGE       /* longer than TABLE_CELL_MOST, cut */
};

struct table_cell {
  const char *text; /* UTF-8 without NUL bytes; borrowed for the call */
  size_t len;
  enum cell_kind kind;
};

struct table_row {
  int line; /* where it begins, from 1 */
  int cells;
  const struct table_cell *cell;
};

struct table_range { /* lines and columns from 1 */
  int first_line, last_line, first_column, last_column;
};

struct table_ask {
  const char *file;  /* as in pack.ini, for messages */
  const char *path;  /* read from here, or: */
  const void *bytes; /* borrowed; NULL: path */
  size_t len;
  const char *sheet, *encoding; /* NULL or empty: found out */
  struct remarks *errors, *warnings;
};

struct table_facts { /* known before the first row */
  char label[384];   /* "r.csv", "r.xlsx [名单]": what messages about rows begin with */
  char form[64];     /* "CSV, GB18030, tab" */
  char encoding[16]; /* of a CSV; a workbook has none, nor: */
  char delimiter;
  bool letters; /* columns have letters: (B3) */
  bool ragged;  /* a row may be shorter than the headings */
};

struct table_sink {
  void *self;
  bool (*row)(void *self, const struct table_row *row); /* false: enough */
  void (*merged)(void *self, const struct table_range *range);
};

/* False: errors were added, by the reader. */
bool table_read(const struct table_ask *ask, struct table_facts *facts, const struct table_sink *sink);

/* Of table_read's: what the file begins with has been looked at. */
bool table_read_csv(const struct table_ask *ask, struct table_facts *facts, const struct table_sink *sink);
bool table_read_xlsx(const struct table_ask *ask, struct table_facts *facts, const struct table_sink *sink);

/* The file or the bytes, from their beginning; NULL: an error was added. */
FILE *table_open(const struct table_ask *ask);

#endif
