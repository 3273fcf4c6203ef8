/* SPDX-License-Identifier: Apache-2.0
 * One roster (CSV or XLSX, see table.h) as rows of the columns that we know, found by usual headings or
 * by pack.ini's columns.X, with titles above the headings left out. Who the people are is persons.c's.
 * A million rows are kept as one text each.
 */
#ifndef YINGBIN_TOOLS_ROSTER_H
#define YINGBIN_TOOLS_ROSTER_H

#include "tools/yingbin/headings.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"
#include "tools/yingbin/table.h"

struct roster_row {
  int line;         /* of the file, where it begins */
  const char *text; /* the fields that the roster has, one behind the other; see roster_fields */
};

struct roster_table {
  struct table_facts facts;
  struct roster_row *row; /* owned */
  int rows;
  int head_line;
  const char *heading[ROSTER_COLUMNS]; /* as written in the file; NULL: no such column */
  int place[ROSTER_COLUMNS];           /* its column, from 1; 0: none */
  bool joined;                         /* there are columns of family or given names; a name is a field in any case */
  const char *unused;                  /* headings that nothing is made of: 「备注」「性别」 */
};

/* columns: pack.ini's headings, NULL where not given. False: errors were added, each with its place. */
bool roster_read(const struct table_ask *ask, const char *const columns[ROSTER_COLUMNS], struct pool *texts,
                 struct roster_table *out);
void roster_free(struct roster_table *table);

/* Of one row: clean texts, without line breaks but in codes; "" where empty or no such column. Borrowed from `texts`. */
void roster_fields(const struct roster_table *table, const struct roster_row *row, const char *field[ROSTER_COLUMNS]);

/* "第 3 行第 2 列（B3）" and "line 3, column 2 (B3)"; column 0: the line alone. */
struct roster_place {
  char zh[64], en[64];
};
struct roster_place roster_place(const struct roster_table *table, int line, int column);

/* "第 3、7 行第 2 列（B3, B7）" and "lines 3, 7, column 2 (B3, B7)". */
struct roster_cells {
  char zh[LINES_TEXT + 160], en[LINES_TEXT + 160];
};
struct roster_cells roster_cells(const struct roster_table *table, const struct lines *lines, int column);

/* "roster.csv: CSV, GB18030, comma; 61 rows; name=姓名 ...", on stderr. */
void roster_tell(const struct roster_table *table);

#endif
