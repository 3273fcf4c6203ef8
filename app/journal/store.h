/* SPDX-License-Identifier: Apache-2.0
 * The journal's inside, shared by its source files: the database's shape, its one writing connection
 * with its prepared statements, and what SQLite's errors mean to people.
 */
#ifndef YINGBIN_JOURNAL_STORE_H
#define YINGBIN_JOURNAL_STORE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "journal/journal.h"
#include "journal/line.h"

/* A journal of version STORE_PURGED has a table `purged (seq, hash, chain)` before its records; see purge.c. */
enum { STORE_PATH = 4096, STORE_PURGED = JOURNAL_VERSION + 1 };

extern const char store_tables[], store_triggers[];

extern const char *const store_kinds[RECORD_KINDS]; /* as in the records */

struct others;

struct journal {
  sqlite3 *db;
  sqlite3_stmt *append, *person, *stranger, *total, *today, *boot_today, *last_system, *rows, *by_id, *last_of, *last_shift,
      *last_clock, *undos, *chain_of;
  struct others *others; /* borrowed: sets and takes itself away; NULL: only this kiosk's own records are known */
  int lock;              /* descriptor of DIR/lock */
  dev_t device;
  ino_t inode; /* of journal.db, as opened */
  char path[STORE_PATH], kiosk[ID_MAX], boot[ID_MAX];
  uint8_t key[32], id[JOURNAL_ID];
  int64_t seq;                  /* of the last record */
  uint8_t chain[JOURNAL_CHAIN]; /* its chain */
  int wal_pages;                /* written since the last whole checkpoint */
  enum journal_error error;
  struct line line; /* the record being written */
};

/* Makes a new database at `path` (beside its final place), or leaves nothing. */
bool store_make(const char *path, const struct kiosk_identity *identity, struct problem *problem);

/* The database is a journal of a version that we know: each of its failures is a problem of its own. */
bool store_check(sqlite3 *db, const char *path, struct problem *problem);

/* The true wall time of a record: its own, or, in this boot, what the monotonic clock proves now that the wall clock is
 * trusted. What came after `now` (a trusted moment that still holds) is taken as at `now`. False: nobody knows. */
bool store_wall(const struct moment *at, bool this_boot, struct moment now, int64_t *wall_ms);

/* The last record whose line was purged; *seq 0: none was, and `chain` is as it was. False: it can't be read. */
bool store_purged(sqlite3 *db, int64_t *seq, uint8_t chain[JOURNAL_CHAIN]);

/* Says what the connection's last error means. Always returns false. */
bool store_problem(sqlite3 *db, const char *path, struct problem *problem);
enum journal_error store_error(sqlite3 *db, const char *path);

#endif
