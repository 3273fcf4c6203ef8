/* SPDX-License-Identifier: Apache-2.0
 * What the hub keeps: kiosks and their records, in the order in which they came. One table of operations
 * a database; the driver is chosen by the form of `db`. Every call is done whole or not at all, and may come
 * from any thread; pushes that wait at the same time share a commit. What a call says is done is on disk.
 * Failures are logged where they happen.
 *
 * A record is known by (kiosk, chain): two may follow one, which is a fork, and both are kept.
 */
#ifndef YINGBIN_TOOLS_HUB_STORE_H
#define YINGBIN_TOOLS_HUB_STORE_H

#include "tools/hub/store_values.h"

struct store_ops {
  bool (*open)(const char *db, void **self, struct problem *problem); /* makes what isn't there */
  void (*close)(void *self);
  void (*id)(void *self, uint8_t id[STORE_ID]); /* random, made with the database: cursors of another one mean nothing */

  /* A kiosk whose setup card has this token; an enrolled one goes on as it is until the card is used. */
  enum store_result (*expect)(void *self, const char *kiosk, const uint8_t setup[STORE_HASH]);
  /* NONE: no such card; TAKEN: another key has used it. The same key may ask again, and gets the newer token. */
  enum store_result (*enrol)(void *self, const char *kiosk, const uint8_t setup[STORE_HASH], const uint8_t key[32],
                             const uint8_t token[STORE_HASH]);
  enum store_result (*kiosk)(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk);

  /* NONE: what comes before the batch isn't known. Records that are there already stay as they are. */
  enum store_result (*append)(void *self, const struct store_batch *batch, int64_t *added);
  /* The heads of all branches, and ever older records of the newest one, newest first. */
  enum store_result (*known)(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count);
  /* Shared records of the event behind the cursor, without those of the kiosk itself ("": with all of them), in an order that
   * never changes: whoever goes on from the last cursor misses none, whatever is being committed meanwhile. A call gives
   * STORE_FEED_MOST + 1 records where there are more, never more than that. */
  enum store_result (*feed)(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to);
  enum store_result (*events)(void *self, store_each_event *each, void *to); /* that have shared records, by name */

  /* A kiosk's batches, in the order in which they came (store calls from within are fine); and its records from..last, the
   * last ones first, with those of every branch. */
  enum store_result (*exports)(void *self, const char *kiosk, store_each_export *each, void *to);
  enum store_result (*lines)(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to);

  /* The newest health message stays. It is no record: a crash may take it. */
  enum store_result (*health)(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms);
  enum store_result (*kiosks)(void *self, store_each_kiosk *each, void *to); /* of all setup cards, by name */
  enum store_result (*count)(void *self, int64_t *kiosks, int64_t *records);
  enum store_result (*stamp)(void *self,
                             int64_t *stamp); /* differs after every push, enrolment and health message of any hub */

  /* What a hub keeps for itself, texts by kind and name: users and sessions of the dashboard (users.h). Names are
   * shorter than 2 * ID_MAX, values than STORE_KEPT_MOST. */
  enum store_result (*keep)(void *self, const char *kind, const char *name, const char *value); /* in place of another */
  enum store_result (*kept)(void *self, const char *kind, const char *name, char *value, size_t size);
  enum store_result (*each_kept)(void *self, const char *kind, store_each_kept *each, void *to); /* by name */
  enum store_result (*drop)(void *self, const char *kind, const char *name);
};

extern const struct store_ops store_sqlite, store_postgres;

/* By the form of `db`: postgresql://... (or postgres://), else a file. */
const struct store_ops *store_for(const char *db);

#endif
