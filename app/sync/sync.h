/* SPDX-License-Identifier: Apache-2.0
 * The sync service: enrols the kiosk with its hub, pushes the journal, pulls what the other kiosks admitted, fetches newer
 * packs, and learns the hub's time. One exchange a step, on a thread of its own: a network that stalls holds nobody else up. It
 * reads the journal through read-only connections and writes nothing but DATA/hub.ini, a new pack, and what a hub beside this
 * kiosk needs (carry.c).
 */
#ifndef YINGBIN_SYNC_SYNC_H
#define YINGBIN_SYNC_SYNC_H

#include <stdatomic.h>

#include "base/latest.h"
#include "base/mailbox.h"
#include "core/backoff.h"
#include "core/monitor.h"
#include "core/sync.h"
#include "journal/identity.h"
#include "pack/pack.h"
#include "platform/finder.h"
#include "platform/uplink.h"
#include "sync/ear.h"
#include "sync/enrolment.h"

enum { SYNC_BATCH = 500, SYNC_ROOM = 2 << 20 /* of an answer: 500 records have a quarter of it */ };

struct sync {
  const struct uplink_ops *uplink; /* borrowed; all of this part is set by who calls sync_init */
  void *link;
  struct ear *ear; /* borrowed, rings the thread's bell; NULL: the feed is asked for again and again */
  const char *data;
  const struct finder_ops *finder; /* NULL: a hub is only where settings or card say */
  void *finder_link;
  const char *hub, *pin, *ca; /* settings; empty: what the setup card said */
  bool carry;                 /* the hub runs beside this kiosk: hub = here */
  int64_t wait_ms;            /* for an answer, at most, where that is less than what it may take; 0: that */
  const struct kiosk_identity *identity;
  const struct minisign_pub *pub; /* NULL: the setup card's */
  char pack[ID_MAX];              /* the name of the one in use; empty: no pack is fetched, but: */
  bool first;                     /* there is none yet: the one that the setup card names */
  const char *station;            /* setting; what a first pack must have. NULL or empty: one of the card's */
  _Atomic uint32_t build;         /* and its build */
  struct latest *work;            /* struct sync_work, from desk */
  struct mailbox *orders;         /* struct sync_order, from desk */
  struct mailbox *news;           /* struct sync_news, to desk: waits for room */
  struct latest *health;          /* struct sync_health, to all */
  struct latest *board, *watch;   /* struct board of desk, struct watch_health: what the hub is told of them; NULL: nothing */
  bool (*came_back)(int network); /* platform/network.h, or a test's; NULL: nobody says when the network is back */
  int network;                    /* borrowed, and the thread's bell watches it, too */
  struct bell *main_bell;         /* rung where new_pack or renamed is set */
  char cursor[SYNC_CURSOR];       /* of the event in `work`, where the feed goes on; empty: from its start */
  int64_t acked;                  /* that the hub has said it holds; 0: unknown */

  _Atomic(struct pack *) new_pack; /* owned by who takes it: installed, checked, has the station */
  atomic_bool renamed;             /* enrolled under another name: the journal is to be opened under it */

  struct sync_state_own *own; /* owned */
};

bool sync_init(struct sync *s, struct moment now, struct problem *problem);
void sync_fini(struct sync *s);
int64_t sync_step(void *sync, struct moment now);

#endif
