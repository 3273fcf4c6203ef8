/* SPDX-License-Identifier: Apache-2.0
 * The monitor service within the kiosk: its queues and its thread. All of it on the main thread.
 */
#ifndef YINGBIN_KIOSK_MONITOR_H
#define YINGBIN_KIOSK_MONITOR_H

#include "base/thread.h"
#include "desk/desk.h"
#include "kiosk.h"
#include "monitor/monitor.h"

enum { PHONE_SLOTS = 2 };

struct kiosk_monitor {
  const struct kiosk_options *o;
  struct monitor monitor;
  struct thread thread;
  struct bell bell;
  struct mailbox requests, answers;
  struct staff_request request_slot[PHONE_SLOTS];
  struct staff_answer answer_slot[PHONE_SLOTS];
  struct latest board, health;
  struct board board_slot;
  struct monitor_health health_slot;
  bool up;
};

bool kiosk_monitor_wanted(const struct kiosk_options *o);
bool kiosk_monitor_init(struct kiosk_monitor *k, const struct kiosk_options *o);
void kiosk_monitor_fini(struct kiosk_monitor *k);
void kiosk_monitor_queues(struct kiosk_monitor *k, struct bell *desk_bell, struct bell *main_bell); /* empty, open */
void kiosk_monitor_queues_fini(struct kiosk_monitor *k);

void kiosk_monitor_attach(struct kiosk_monitor *k, struct desk *desk); /* before desk_init */
bool kiosk_monitor_open(struct kiosk_monitor *k, const struct kiosk_identity *identity, const struct desk *desk,
                        struct latest *watch_health, struct problem *problem);
bool kiosk_monitor_start(struct kiosk_monitor *k);
/* For desk to begin with another pack: no request goes, and then on with that one's words. */
void kiosk_monitor_rest(struct kiosk_monitor *k);
bool kiosk_monitor_go_on(struct kiosk_monitor *k, const struct catalog *catalog);
void kiosk_monitor_stop(struct kiosk_monitor *k);
void kiosk_monitor_close(struct kiosk_monitor *k);

#endif
