/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_monitor.h"

static struct moment clock_now(void *clock) { return tick_now(clock); }

bool kiosk_monitor_wanted(const struct kiosk_options *o) { return o->monitor && o->monitor[0]; }

bool kiosk_monitor_init(struct kiosk_monitor *k, const struct kiosk_options *o) {
  k->o = o;
  return bell_init(&k->bell);
}

void kiosk_monitor_fini(struct kiosk_monitor *k) { bell_fini(&k->bell); }

void kiosk_monitor_queues(struct kiosk_monitor *k, struct bell *desk_bell, struct bell *main_bell) {
  mailbox_init(&k->requests, k->request_slot, sizeof *k->request_slot, PHONE_SLOTS, desk_bell);
  mailbox_init(&k->answers, k->answer_slot, sizeof *k->answer_slot, PHONE_SLOTS, &k->bell);
  latest_init(&k->board, &k->board_slot, sizeof k->board_slot, NULL);
  latest_init(&k->health, &k->health_slot, sizeof k->health_slot, main_bell);
}

void kiosk_monitor_queues_fini(struct kiosk_monitor *k) {
  latest_fini(&k->health);
  latest_fini(&k->board);
  mailbox_fini(&k->answers);
  mailbox_fini(&k->requests);
}

void kiosk_monitor_attach(struct kiosk_monitor *k, struct desk *desk) {
  desk->board = &k->board; /* a hub is told of it, too */
  if (!kiosk_monitor_wanted(k->o)) return;
  desk->phone_requests = &k->requests;
  desk->phone_answers = &k->answers;
}

bool kiosk_monitor_open(struct kiosk_monitor *k, const struct kiosk_identity *identity, const struct desk *desk,
                        struct latest *watch_health, struct problem *problem) {
  if (!kiosk_monitor_wanted(k->o)) return true;
  k->monitor = (struct monitor){.listen = k->o->monitor,
                                .tls = k->o->monitor_tls,
                                .data = k->o->data,
                                .web = k->o->web,
                                .kiosk = identity->name,
                                .version = YINGBIN_VERSION,
                                .catalog = pack_catalog(desk->pack),
                                .requests = &k->requests,
                                .answers = &k->answers,
                                .board = &k->board,
                                .watch_health = watch_health,
                                .sync_health = desk->sync_health,
                                .health = &k->health,
                                .bell = &k->bell};
  k->up = monitor_init(&k->monitor, tick_now(k->o->clock), problem);
  return k->up;
}

bool kiosk_monitor_start(struct kiosk_monitor *k) {
  if (!k->up) return true;
  k->thread = (struct thread){
      .name = "monitor", .step = monitor_step, .self = &k->monitor, .bell = &k->bell, .now = clock_now, .clock = k->o->clock};
  return thread_start(&k->thread);
}

void kiosk_monitor_rest(struct kiosk_monitor *k) {
  thread_stop(&k->thread);
  thread_join(&k->thread);
}

bool kiosk_monitor_go_on(struct kiosk_monitor *k, const struct catalog *catalog) {
  if (k->up) monitor_switch(&k->monitor, catalog);
  return kiosk_monitor_start(k);
}

void kiosk_monitor_stop(struct kiosk_monitor *k) {
  mailbox_close(&k->requests);
  mailbox_close(&k->answers);
  kiosk_monitor_rest(k);
}

void kiosk_monitor_close(struct kiosk_monitor *k) {
  if (k->up) monitor_fini(&k->monitor);
  k->up = false;
}
