/* SPDX-License-Identifier: Apache-2.0
 * The sync service within the kiosk: its queues, its thread, and the way to the hub. All of it on the main thread.
 */
#ifndef YINGBIN_KIOSK_SYNC_H
#define YINGBIN_KIOSK_SYNC_H

#include "base/thread.h"
#include "desk/desk.h"
#include "kiosk.h"
#include "sync/sync.h"

enum { NEWS_SLOTS = 8, ORDER_SLOTS = 2 };

struct kiosk_sync {
  const struct kiosk_options *o;
  struct sync sync;
  struct thread thread;
  struct bell bell;
  struct mailbox news, orders;
  struct sync_news news_slot[NEWS_SLOTS];
  struct sync_order order_slot[ORDER_SLOTS];
  struct latest work, health;
  struct sync_work work_slot;
  struct sync_health health_slot, seen_health;
  struct sync_work seen_work;
  uint64_t health_seen, work_seen;
  struct ear *ear;
  void *link, *finder;
  int network;
  bool up;
};

bool kiosk_sync_init(struct kiosk_sync *s, const struct kiosk_options *o);
void kiosk_sync_fini(struct kiosk_sync *s);
void kiosk_sync_queues(struct kiosk_sync *s, struct bell *desk_bell); /* empty, open */
void kiosk_sync_queues_fini(struct kiosk_sync *s);

/* What the setup card said that this kiosk was shown; empty where it wasn't. Without its secrets. */
bool kiosk_sync_card(const char *data, struct wire_setup *card, struct problem *problem);

void kiosk_sync_attach(struct kiosk_sync *s, struct desk *desk); /* before desk_init */
/* After desk_init: where to go on is what desk has kept; NULL: there is no desk. */
/* `with` has what isn't the queues', the settings' or, of where to go on, desk's, which was opened before. */
bool kiosk_sync_open(struct kiosk_sync *s, struct desk *desk, const struct sync *with, struct problem *problem);
bool kiosk_sync_start(struct kiosk_sync *s);
void kiosk_sync_stop(struct kiosk_sync *s); /* at once, whatever the network does */
void kiosk_sync_close(struct kiosk_sync *s);

/* A newer pack that the hub gave; whoever takes it owns it. */
bool kiosk_sync_has_pack(struct kiosk_sync *s);
struct pack *kiosk_sync_take_pack(struct kiosk_sync *s);

/* The hub knows this kiosk by another name from now on. */
bool kiosk_sync_renamed(struct kiosk_sync *s);

/* Everything that was written is with the hub, or can't get there now. */
bool kiosk_sync_settled(struct kiosk_sync *s);

#endif
