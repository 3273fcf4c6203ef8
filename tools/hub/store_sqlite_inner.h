/* SPDX-License-Identifier: Apache-2.0
 * The SQLite store's inside, shared by its source files.
 */
#ifndef YINGBIN_TOOLS_HUB_STORE_SQLITE_INNER_H
#define YINGBIN_TOOLS_HUB_STORE_SQLITE_INNER_H

#include <pthread.h>
#include <sqlite3.h>

#include "tools/hub/store.h"

enum statement {
  ADD_RECORD,
  ADD_BATCH,
  PUSHED,
  KNOWS,
  EXPECT,
  ENROL,
  ENROLLED,
  CARD,
  HEALTH,
  KEEP,
  DROP,
  READING, /* those from here on are the reading connection's */
  HEADS = READING,
  OLDER,
  FEED,
  NEXT_EXPORT,
  LINES,
  EVENTS,
  TOKEN,
  KIOSKS,
  COUNTS,
  STAMP,
  KEPT,
  EACH_KEPT,
  STATEMENTS
};

struct waiting { /* a push, on the stack of its thread; written under the database's lock */
  const struct store_batch *batch;
  struct waiting *next;
  enum store_result result;
  int64_t added;
  bool done;
};

struct sqlite {
  sqlite3 *db, *reader;                        /* what writes, and what only reads: it sees what is committed, and waits for no
                                                  commit */
  pthread_mutex_t lock, reading, waiting_lock; /* of db and of reader; never two at once but waiting_lock within lock */
  struct waiting *waiting;                     /* the newest one first; under waiting_lock */
  uint8_t id[STORE_ID];
  sqlite3_stmt *statement[STATEMENTS];
};

enum store_result sqlite_failed(struct sqlite *s);
enum store_result sqlite_reading_failed(struct sqlite *s);
sqlite3_stmt *sqlite_begin(struct sqlite *s, enum statement which);
enum store_result sqlite_end_rows(struct sqlite *s, sqlite3_stmt *st, int got);
void sqlite_text(sqlite3_stmt *st, int at, const char *value, size_t len);
void sqlite_word(sqlite3_stmt *st, int at, const char *value);
void sqlite_blob(sqlite3_stmt *st, int at, const uint8_t *value);
bool sqlite_run(sqlite3_stmt *st);
bool sqlite_exec(struct sqlite *s, const char *what);
bool sqlite_take_blob(sqlite3_stmt *st, int column, void *out, int size);

/* The operations of store.h. */
enum store_result sqlite_expect(void *self, const char *kiosk, const uint8_t setup[STORE_HASH]);
enum store_result sqlite_enrol(void *self, const char *kiosk, const uint8_t setup[STORE_HASH], const uint8_t key[32],
                               const uint8_t token[STORE_HASH]);
enum store_result sqlite_kiosk_of(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk);
enum store_result sqlite_append(void *self, const struct store_batch *b, int64_t *added);
enum store_result sqlite_known_of(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count);
enum store_result sqlite_feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to);
enum store_result sqlite_exports(void *self, const char *kiosk, store_each_export *each, void *to);
enum store_result sqlite_lines(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to);
enum store_result sqlite_events(void *self, store_each_event *each, void *to);
enum store_result sqlite_health(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms);
enum store_result sqlite_kiosks(void *self, store_each_kiosk *each, void *to);
enum store_result sqlite_count_all(void *self, int64_t *kiosks, int64_t *records);
enum store_result sqlite_stamp(void *self, int64_t *stamp);
enum store_result sqlite_keep(void *self, const char *kind, const char *name, const char *value);
enum store_result sqlite_kept(void *self, const char *kind, const char *name, char *value, size_t size);
enum store_result sqlite_each_kept(void *self, const char *kind, store_each_kept *each, void *to);
enum store_result sqlite_drop(void *self, const char *kind, const char *name);

#endif
