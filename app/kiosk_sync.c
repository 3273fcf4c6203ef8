/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_sync.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "platform/network.h"

static struct moment clock_now(void *clock) { return tick_now(clock); }

bool kiosk_sync_init(struct kiosk_sync *s, const struct kiosk_options *o) {
  s->o = o;
  if (!bell_init(&s->bell)) return false;
  s->bell.also = s->network = network_open();
  return true;
}

void kiosk_sync_fini(struct kiosk_sync *s) {
  bell_fini(&s->bell);
  if (s->network >= 0) close(s->network);
}

void kiosk_sync_queues(struct kiosk_sync *s, struct bell *desk_bell) {
  mailbox_init(&s->news, s->news_slot, sizeof *s->news_slot, NEWS_SLOTS, desk_bell);
  mailbox_init(&s->orders, s->order_slot, sizeof *s->order_slot, ORDER_SLOTS, &s->bell);
  latest_init(&s->work, &s->work_slot, sizeof s->work_slot, &s->bell);
  latest_init(&s->health, &s->health_slot, sizeof s->health_slot, desk_bell);
  s->work_seen = s->health_seen = 0;
}

void kiosk_sync_queues_fini(struct kiosk_sync *s) {
  latest_fini(&s->health);
  latest_fini(&s->work);
  mailbox_fini(&s->orders);
  mailbox_fini(&s->news);
}

bool kiosk_sync_card(const char *data, struct wire_setup *card, struct problem *problem) {
  struct enrolment e;
  const bool good = enrolment_read(data, &e, problem);
  *card = e.card;
  sodium_memzero(card->token, sizeof card->token);
  sodium_memzero(card->host, sizeof card->host);
  sodium_memzero(&e, sizeof e);
  return good;
}

void kiosk_sync_attach(struct kiosk_sync *s, struct desk *desk) {
  if (!s->o->uplink) return;
  desk->news = &s->news;
  desk->orders = &s->orders;
  desk->work = &s->work;
  desk->sync_health = &s->health;
}

/* Of the event that desk has told of in `work`. */
static void go_on(struct kiosk_sync *s, struct desk *desk) {
  if (!desk || !desk->others) return;
  others_cursor(desk->others, desk->told_work.event, s->sync.cursor);
  s->sync.acked = others_acked(desk->others);
}

bool kiosk_sync_open(struct kiosk_sync *s, struct desk *desk, const struct sync *with, struct problem *problem) {
  const struct kiosk_options *o = s->o;
  struct sync *sync = &s->sync;
  if (!o->uplink) return true;
  if (!o->uplink->open(o->uplink_address, o->clock, &s->link, problem)) return false;
  *sync = *with;
  if (o->finder && !o->finder->open(o->finder_address, &s->finder, problem)) return false;
  sync->finder = o->finder;
  sync->finder_link = s->finder;
  sync->uplink = o->uplink;
  sync->link = s->link;
  sync->data = o->data;
  sync->hub = o->hub;
  sync->carry = o->hub_here;
  sync->pin = o->hub_pin;
  sync->ca = o->hub_ca;
  sync->station = o->station;
  if (o->uplink->two && !ear_open(o->uplink, o->uplink_address, o->clock, clock_now, &s->bell, &s->ear, problem)) return false;
  sync->ear = s->ear;
  sync->wait_ms = o->hub_wait_ms;
  sync->network = s->network;
  sync->came_back = s->network >= 0 ? network_came_back : NULL;
  sync->work = &s->work;
  sync->orders = &s->orders;
  sync->news = &s->news;
  sync->health = &s->health;
  go_on(s, desk);
  s->up = true;
  return sync_init(sync, tick_now(o->clock), problem);
}

bool kiosk_sync_start(struct kiosk_sync *s) {
  if (!s->up) return true;
  s->thread = (struct thread){
      .name = "sync", .step = sync_step, .self = &s->sync, .bell = &s->bell, .now = clock_now, .clock = s->o->clock};
  return thread_start(&s->thread);
}

void kiosk_sync_stop(struct kiosk_sync *s) {
  mailbox_close(&s->news);
  if (!s->up) return;
  thread_stop(&s->thread);
  s->o->uplink->abort(s->link);
  if (s->finder) s->o->finder->abort(s->finder);
  ear_stop(s->ear);
  thread_join(&s->thread);
}

void kiosk_sync_close(struct kiosk_sync *s) {
  if (s->up) sync_fini(&s->sync);
  ear_stop(s->ear);
  ear_close(s->ear);
  s->ear = NULL;
  if (s->link) s->o->uplink->close(s->link);
  if (s->finder) s->o->finder->close(s->finder);
  s->finder = NULL;
  s->link = NULL;
  s->up = false;
}

bool kiosk_sync_settled(struct kiosk_sync *s) {
  if (!s->up) return true;
  latest_get(&s->work, &s->seen_work, &s->work_seen);
  latest_get(&s->health, &s->seen_health, &s->health_seen);
  const struct sync_health *h = &s->seen_health;
  if (!mailbox_empty(&s->orders)) return false;
  if (h->state == SYNC_CONNECTING) return h->hub[0] == '\0';
  return h->state != SYNC_GOOD || (h->acked_seq >= s->seen_work.seq && h->whole && mailbox_empty(&s->news));
}

bool kiosk_sync_renamed(struct kiosk_sync *s) { return s->up && atomic_load(&s->sync.renamed); }

bool kiosk_sync_has_pack(struct kiosk_sync *s) { return s->up && atomic_load(&s->sync.new_pack) != NULL; }

struct pack *kiosk_sync_take_pack(struct kiosk_sync *s) {
  struct pack *pack = atomic_exchange(&s->sync.new_pack, NULL);
  if (pack) atomic_store(&s->sync.build, pack_catalog(pack)->build);
  return pack;
}
