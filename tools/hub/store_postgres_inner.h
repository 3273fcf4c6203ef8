/* SPDX-License-Identifier: Apache-2.0
 * The PostgreSQL store's inside, shared by its source files.
 */
#ifndef YINGBIN_TOOLS_HUB_STORE_POSTGRES_INNER_H
#define YINGBIN_TOOLS_HUB_STORE_POSTGRES_INNER_H

#include <pthread.h>

#include "tools/hub/pg.h"
#include "tools/hub/store.h"

#define POSTGRES_COLUMNS "kiosk, seq, chain, before, batch, event, shared, line"

enum statement {
  ADD_STAGED,
  ADD_BATCH,
  ARRIVE,
  PUSHED,
  KNOWS,
  HEADS,
  OLDER,
  PENDING,
  LOCK_EVENT,
  GIVE_PLACES,
  MOVE_EVENT,
  ARRIVALS,
  FEED,
  NEXT_EXPORTS,
  LINES,
  EVENTS,
  EXPECT,
  CARD,
  ENROL,
  TOKEN,
  HEALTH,
  KIOSKS,
  COUNTS,
  STAMP,
  KEEP,
  KEPT,
  EACH_KEPT,
  DROP,
  STATEMENTS
};

struct push;

struct postgres {
  struct pg *pg;
  pthread_mutex_t lock;      /* of what is below, until `url` */
  pthread_cond_t settled;    /* some of those who wait were dealt with */
  struct push *first, *last; /* pushes that wait, on the stacks of their threads */
  int lanes;                 /* transactions of pushes at work */
  char *url;
  uint8_t id[STORE_ID];
};

/* One try on one connection. FAILED with conn->again: the whole may be tried once more. */
typedef enum store_result attempt(struct pg_conn *conn, void *call);

struct rows {
  enum statement which;
  const struct pg_args *args;
  PGresult *rows; /* owned by whoever asked */
};

enum store_result postgres_run(struct postgres *s, attempt *one, void *call);
bool postgres_done(struct pg_conn *conn, enum statement which, const struct pg_args *args);
int64_t postgres_changed(const PGresult *result);
void postgres_copy_text(const PGresult *rows, int row, int column, char *out, size_t size);
enum store_result postgres_try_rows(struct pg_conn *conn, void *call);

/* The operations of store.h. */
enum store_result postgres_expect(void *self, const char *kiosk, const uint8_t hash[STORE_HASH]);
enum store_result postgres_enrol(void *self, const char *kiosk, const uint8_t hash[STORE_HASH], const uint8_t key[32],
                                 const uint8_t token[STORE_HASH]);
enum store_result postgres_kiosk_of(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk);
enum store_result postgres_append(void *self, const struct store_batch *batch, int64_t *added);
enum store_result postgres_known_of(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count);
enum store_result postgres_feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to);
enum store_result postgres_exports(void *self, const char *kiosk, store_each_export *each, void *to);
enum store_result postgres_lines(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to);
enum store_result postgres_events(void *self, store_each_event *each, void *to);
enum store_result postgres_health(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms);
enum store_result postgres_kiosks(void *self, store_each_kiosk *each, void *to);
enum store_result postgres_count_all(void *self, int64_t *kiosks_, int64_t *records);
enum store_result postgres_stamp(void *self, int64_t *now);
enum store_result postgres_keep(void *self, const char *kind, const char *name, const char *value);
enum store_result postgres_kept(void *self, const char *kind, const char *name, char *value, size_t size);
enum store_result postgres_each_kept(void *self, const char *kind, store_each_kept *each, void *to);
enum store_result postgres_drop(void *self, const char *kind, const char *name);

#endif
