/* SPDX-License-Identifier: Apache-2.0
 * One roster, a CSV file (RFC 4180, UTF-8 with or without BOM, commas, semicolons or tabs), as rows of
 * the columns that we know, found by usual headings or by pack.ini's columns.X. Who the people are is
 * persons.c's.
 */
#ifndef YINGBIN_TOOLS_ROSTER_H
#define YINGBIN_TOOLS_ROSTER_H

#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"

enum roster_column {
  ROSTER_NAME,
  ROSTER_PHONE,
  ROSTER_EMAIL,
  ROSTER_ORGANIZATION,
  ROSTER_TITLE,
  ROSTER_TYPE,
  ROSTER_NUMBER,
  ROSTER_ORDER,
  ROSTER_CODE,
  ROSTER_SEAT,
  ROSTER_STATUS,
  ROSTER_PARTY,
  ROSTER_ATTENTION,
  ROSTER_COLUMNS
};

struct roster_row {
  int line;                          /* of the file, where it begins */
  const char *field[ROSTER_COLUMNS]; /* trimmed, line breaks made blanks; "" where empty or no such column */
};

struct roster_table {
  struct roster_row *row; /* owned */
  int rows;
  const char *heading[ROSTER_COLUMNS]; /* as written in the file; NULL: no such column */
  int place[ROSTER_COLUMNS];           /* its column, from 1; 0: none */
};

/* `file` is for messages; columns: pack.ini's headings, NULL where not given. Every error is told with its line. */
bool roster_parse(const char *file, const char *text, size_t len, const char *const columns[ROSTER_COLUMNS],
                  struct pool *texts, struct roster_table *out, struct remarks *errors);
void roster_free(struct roster_table *table);

const char *roster_column_name(enum roster_column column); /* "name" */

/* "roster.csv: 61 rows; name=姓名 ...", on stderr. */
void roster_tell(const char *file, const struct roster_table *table);

#endif
