/* SPDX-License-Identifier: Apache-2.0
 * What the hub keeps: kiosks and their records, in the order in which they came. One table of operations
 * a database; the driver is chosen by the form of `db`. Every call is a transaction of its own and may
 * come from any thread; what it says is done is on disk. Failures are logged where they happen.
 *
 * A record is known by (kiosk, chain): two may follow one, which is a fork, and both are kept.
 */
#ifndef YINGBIN_TOOLS_HUB_STORE_H
#define YINGBIN_TOOLS_HUB_STORE_H

#include "base/problem.h"
#include "journal/journal.h"

enum {
  STORE_HASH = 32,
  STORE_BATCH_MOST = 500,
  STORE_KNOWN_MOST = 48,
  STORE_FEED_MOST = 500,
  STORE_ID = 16,
  STORE_KEPT_MOST = 1024
};

enum store_result { STORE_DONE, STORE_NONE /* no such thing */, STORE_TAKEN, STORE_FAILED };

struct store_kiosk {
  char name[ID_MAX];
  uint8_t key[32]; /* Ed25519, of the kiosk that enrolled */
};

struct store_record { /* texts borrowed from the request */
  int64_t seq;
  const char *line;
  size_t len;
  uint8_t chain[JOURNAL_CHAIN], before[JOURNAL_CHAIN];
  char event[ID_MAX]; /* out of the line; empty: it has none */
  bool shared;        /* the other kiosks are to know: admissions, undone and corrected ones */
};

struct store_batch { /* one export, checked: its header and end line prove it for ever */
  const struct store_kiosk *kiosk;
  int64_t at_ms;            /* when it came */
  const char *header, *end; /* borrowed, not terminated */
  size_t header_len, end_len;
  uint8_t before[JOURNAL_CHAIN]; /* the header's chain_before */
  bool from_start;               /* it begins a journal: nothing comes before */
  int64_t from_seq;              /* record[0]'s, and one more each */
  int count;
  struct store_record record[STORE_BATCH_MOST];
};

struct store_known {
  int64_t seq;
  uint8_t chain[JOURNAL_CHAIN];
};

struct store_seen { /* a kiosk as the hub sees it; texts borrowed until the callback returns */
  const char *name;
  bool enrolled;
  int64_t records, head; /* how many the hub has; the highest seq */
  int64_t pushed_ms;     /* its last push, UTC; 0: none */
  int64_t health_ms;     /* and its last health message */
  const char *health;    /* that message: health.c's JSON; "": none */
};

/* false: enough. */
typedef bool store_each(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len);
typedef bool store_each_kiosk(void *self, const struct store_seen *seen);
struct store_export { /* a batch as it came: what proves its records; texts borrowed */
  const char *header, *end;
  size_t header_len, end_len;
};
struct store_line {
  const uint8_t *chain, *before; /* JOURNAL_CHAIN each */
  const char *line;
  size_t len;
};
typedef bool store_each_export(void *self, const struct store_export *one);
typedef bool store_each_line(void *self, const struct store_line *one);
typedef bool store_each_event(void *self, const char *event);
typedef bool store_each_kept(void *self, const char *name, const char *value);

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
