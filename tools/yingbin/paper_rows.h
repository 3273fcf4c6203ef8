/* SPDX-License-Identifier: Apache-2.0
 * A typed-up paper list as rows: who (by number, ticket number, or name and last digits), where and when.
 * All that is wrong with it is told in one run, by line.
 */
#ifndef YINGBIN_TOOLS_PAPER_ROWS_H
#define YINGBIN_TOOLS_PAPER_ROWS_H

#include "tools/yingbin/folder.h"

struct paper_row { /* borrowed from the folder */
  int line;
  const struct person *person; /* NULL: on no roster, `name` says who, or nobody does */
  const char *name, *phone, *note;
  const struct station *station;
  int64_t wall_ms; /* without a time: when the event begins */
  bool timed;
  int32_t count;
  int turn; /* of rows that say the same: 0, 1, ... */
};

struct paper_rows {
  struct paper_row *row; /* owned */
  int count;
  int64_t first_ms; /* the earliest of all */
};

/* False: the problem is the first of the folder's errors. To be freed in any case. */
bool paper_rows_read(struct folder *folder, const char *file, const char *encoding, const char *station,
                     struct paper_rows *rows, struct problem *problem);
void paper_rows_free(struct paper_rows *rows);

#endif
