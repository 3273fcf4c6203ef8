/* SPDX-License-Identifier: Apache-2.0
 * The inside of others.h, shared by its source files: the one connection with its prepared statements, and how each failure
 * ends.
 */
#ifndef YINGBIN_JOURNAL_OTHERS_INNER_H
#define YINGBIN_JOURNAL_OTHERS_INNER_H

#include "journal/others.h"
#include "journal/store.h"

enum others_sql {
  OTHERS_BEGIN,
  OTHERS_COMMIT,
  OTHERS_ROLLBACK,
  OTHERS_ADD,      /* an admission */
  OTHERS_ADD_UNDO, /* of a record of anybody */
  OTHERS_UNDID,
  OTHERS_BY_ID,
  OTHERS_PERSON,
  OTHERS_TALLY,
  OTHERS_SUM,
  OTHERS_FEED,
  OTHERS_SET_FEED,
  OTHERS_ACKED,
  OTHERS_SET_ACKED,
  OTHERS_STATEMENTS
};

struct others {
  struct journal *journal; /* borrowed; knows of this by journal->others */
  sqlite3 *db;
  sqlite3_stmt *sql[OTHERS_STATEMENTS];
  char path[STORE_PATH];
  bool broken, failing; /* damaged: to be mended; the last write failed, and it was said */
  uint32_t refill;
  int wal_pages; /* written since the last checkpoint */
  struct {       /* what others_counts gave last, by `here`: a guest doesn't wait for a day of minutes to be added up again */
    char station[ID_MAX * 2];
    int64_t from_minute, all, today; /* from_minute INT64_MIN: today isn't known */
  } counted[2];

  struct { /* of one event, the station's: as in its row of the table feed */
    char event[ID_MAX], hub[SYNC_CURSOR], cursor[SYNC_CURSOR];
    bool whole, this_boot; /* it was whole at as_of; and that was in this boot */
    struct moment as_of;
    int64_t kept_ms, settles_ms; /* mono: as_of as it is in the table; a hub that is new is filled by then */
  } view;
  struct {
    char hub[SYNC_CURSOR];
    int64_t seq;
    uint8_t chain[JOURNAL_CHAIN];
    bool proved; /* by a hub that proved who it is */
  } acked;
};

enum { OTHERS_ALL = -1 }; /* in place of a minute: the sum of all of them, and of those whose time nobody knows */

sqlite3_stmt *others_bind(struct others *o, enum others_sql which);            /* reset, nothing bound */
bool others_done(struct others *o, enum others_sql which);                     /* one step to its end; then reset */
bool others_failed(struct others *o, const char *what);                        /* said once; always false */
void others_who(const char *attendee, const char *code, char who[ID_MAX + 1]); /* empty: somebody whom nothing tells apart */
bool others_view(struct others *o, const char *event);                         /* loads it; false: it can't be read */

#endif
