/* SPDX-License-Identifier: Apache-2.0
 * What crosses the network between a kiosk and a hub, version 1, as values: requests that the kiosk writes, answers that it
 * reads. Pure; each answer is anybody's bytes until it is read whole. What a hub of a newer version adds is passed over.
 * A journal's batch is an export (journal/journal.h) and needs no writing here.
 */
#ifndef YINGBIN_WIRE_WIRE_H
#define YINGBIN_WIRE_WIRE_H

#include "base/problem.h"
#include "core/notice.h"
#include "core/sync.h"

enum {
  WIRE_HUB = 256,   /* the hub's address */
  WIRE_TOKEN = 128, /* a card's token, a kiosk's */
  WIRE_SPKI = 65,
  WIRE_PUB = 64,
  WIRE_HOST = 129,
  WIRE_KNOWN = 64,
  WIRE_BODY = 1024,
  WIRE_HEALTH = 4096
};

/* What a setup card says: lines key=value. Keys that this version doesn't know are passed over. */
struct wire_setup {
  char hub[WIRE_HUB], spki[WIRE_SPKI], kiosk[ID_MAX], token[WIRE_TOKEN]; /* secret: wipe it */
  char stations[4 * ID_MAX], pub[WIRE_PUB], pack[ID_MAX]; /* of the first pack: which stations it may be, whose key, its name */
  char host[WIRE_HOST]; /* the hub's key, for the hub that this kiosk may carry; empty: none */
};
/* Another version, or a line missing or too long: false, and a problem. */
bool wire_setup(const char *text, struct wire_setup *out, struct problem *problem);

/* http:// or https://, a host, and nothing that an address can't hold; `out` has no slash at its end. */
bool wire_hub(const char *text, char out[WIRE_HUB]);

/* The body of POST /v1/enrol, and what `sig` in it is over. */
size_t wire_enrol_said(const char *kiosk, const char *token, uint8_t said[WIRE_BODY]);
size_t wire_enrol(const char *kiosk, const char *token, const uint8_t key[32], const uint8_t sig[64], char body[WIRE_BODY]);

/* The body of POST /v1/kiosks/{kiosk}/health; 0: it doesn't fit. */
struct wire_health {
  const char *version, *pack, *event, *station, *pack_why; /* borrowed */
  bool waits, missing;                                     /* for its first pack; the hub has none of that name */
  uint32_t build;
  int64_t queue, records, up_s;     /* records that the hub hasn't acknowledged; the last one's number */
  const struct desk_health *desk;   /* borrowed; NULL: not known */
  const struct watch_health *watch; /* the same */
};
size_t wire_health(const struct wire_health *health, char body[WIRE_HEALTH]);

/* Answers: `type` is the content type, since a captive portal's page is none of the hub's. False: this isn't one. `at_ms` is
 * the hub's time when it read the request. */
struct wire_answer {
  const char *type, *body; /* borrowed */
  size_t len;
};

bool wire_read_enrolled(const struct wire_answer *a, const char *kiosk, char token[WIRE_TOKEN], int64_t *at_ms);
bool wire_read_acked(const struct wire_answer *a, int64_t *seq, uint8_t chain[SYNC_CHAIN], int64_t *at_ms);

struct wire_known { /* a record that the hub has */
  int64_t seq;
  uint8_t chain[SYNC_CHAIN];
};
bool wire_read_known(const struct wire_answer *a, struct wire_known known[WIRE_KNOWN], int *count); /* the body of a 409 */

/* A page of the feed; its records are taken one by one. */
struct wire_page {
  void *root; /* owned: wire_page_free */
  char cursor[SYNC_CURSOR], hub[SYNC_CURSOR];
  bool more;
  int count;
  int64_t at_ms, held_ms; /* the hub's time when it read the feed; how long it had held the question */
};
bool wire_read_page(const struct wire_answer *a, struct wire_page *page);
bool wire_page_record(const struct wire_page *page, int i, struct shared_record *out); /* false: of a kind that we don't know */
void wire_page_free(struct wire_page *page);

/* What a problem document says, in English; false: it is none, so that somebody else answers. */
bool wire_read_problem(const struct wire_answer *a, char why[TEXT_MAX]);

/* "2023-10-28T00:31:07.123Z" */
bool wire_time(const char *text, int64_t *wall_ms);

#endif
