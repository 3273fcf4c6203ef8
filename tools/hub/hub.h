/* SPDX-License-Identifier: Apache-2.0
 * The hub: what its handlers share, and the table of its routes. Handlers run on the server's threads, several at
 * once: what changes here is atomic, or behind the store's own lock.
 */
#ifndef YINGBIN_TOOLS_HUB_HUB_H
#define YINGBIN_TOOLS_HUB_HUB_H

#include <stdatomic.h>

#include "tools/hub/reply.h"

enum { STATUS_CLASSES = 6 };

struct hub_counts {                     /* since the start, for /metrics */
  atomic_llong answers[STATUS_CLASSES]; /* by the first digit of their status */
  atomic_llong records, repeats, refused_batches, bytes;
};

struct hub {
  const struct store_ops *store;
  void *db;                  /* owned: the store's */
  uint8_t id[STORE_ID];      /* of the database */
  const char *packs;         /* borrowed: folder of packs to give out; "" none */
  const char *metrics_token; /* borrowed: what /metrics asks for; "": it asks for nothing */
  const uint8_t *key; /* borrowed: CERT_RAW bytes, by which setup cards prove themselves; NULL: only listed ones are known */
  int64_t started_ms;
  struct hub_counts counts;
  struct web *web;         /* owned: the dashboard */
  struct waiters *waiters; /* owned: who is told of pushes */
  struct bound *bound;     /* owned: kiosks.csv, for the keys of who enrols; NULL: none */
};

typedef void hub_handler(struct hub *hub, const struct request *request, struct reply *reply);

struct route {
  const char *method, *path; /* {} stands for a segment */
  bool kiosk;                /* asks for a kiosk's token */
  bool own;                  /* and the path's first {} is that kiosk */
  size_t most;               /* bytes of a body; 0: none */
  hub_handler *handler;
};

extern const struct route hub_routes[]; /* ends with a NULL method */

hub_handler push_journal, take_health, give_feed, give_pack, enrol_kiosk, say_health, say_metrics;
hub_handler begin_session, say_session, end_session, give_live, list_people, list_conflicts, give_export, give_journal,
    give_page, give_file;

/* BLAKE2b-256 of a token as it came: what the store keeps instead of it. */
void hub_hash(const char *token, size_t len, uint8_t hash[STORE_HASH]);

#endif
