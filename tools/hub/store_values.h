/* SPDX-License-Identifier: Apache-2.0
 * What goes into the store and comes out of it (store.h), as values. Texts are borrowed until the call, or the callback,
 * returns.
 */
#ifndef YINGBIN_TOOLS_HUB_STORE_VALUES_H
#define YINGBIN_TOOLS_HUB_STORE_VALUES_H

#include "base/problem.h"
#include "core/types.h"
#include "journal/chain.h"

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
  bool from_start;               /* it begins a journal, or what its kiosk has left of it: nothing comes before */
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
  bool has_key;          /* it has enrolled at some time, with */
  uint8_t key[32];
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

#endif
