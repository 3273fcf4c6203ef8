/* SPDX-License-Identifier: Apache-2.0
 * The values that cross between the kiosk's threads, in their boxes: what goes to desk, what desk tells the screen, and what
 * only the newest is of. Made with the kiosk, emptied and opened for each round of its work. Sync's and monitor's are with
 * them.
 */
#ifndef YINGBIN_KIOSK_QUEUES_H
#define YINGBIN_KIOSK_QUEUES_H

#include "base/latest.h"
#include "base/mailbox.h"
#include "core/notice.h"
#include "core/self.h"
#include "core/staff.h"

enum {
  CAMERA_SLOTS = 4, /* a code before the camera will be seen again */
  PEOPLE_SLOTS = 16,
  NOTICE_SLOTS = 16,
  REQUEST_SLOTS = 8,
  SELF_SLOTS = 4,
  ANSWER_SLOTS = 2 /* desk waits where the console hasn't looked at them yet */
};

struct kiosk_queues {
  struct mailbox camera, people;              /* payloads: watch -> desk; readers and taps -> desk */
  struct mailbox notices;                     /* desk -> ui */
  struct mailbox requests, answers;           /* the staff console: ui -> desk -> ui */
  struct mailbox self_requests, self_answers; /* the look-up by phone, likewise */
  struct latest health, mirror;               /* watch -> whoever shows them; watch -> ui */
  struct payload camera_slot[CAMERA_SLOTS], people_slot[PEOPLE_SLOTS];
  struct notice notice_slot[NOTICE_SLOTS];
  struct staff_request request_slot[REQUEST_SLOTS];
  struct staff_answer answer_slot[ANSWER_SLOTS];
  struct self_request self_request_slot[SELF_SLOTS];
  struct self_answer self_answer_slot[SELF_SLOTS];
  struct watch_health health_slot;
  struct mirror mirror_slot;
};

void kiosk_queues_init(struct kiosk_queues *q, struct bell *desk_bell, struct bell *main_bell); /* empty, open */
void kiosk_queues_fini(struct kiosk_queues *q);

/* A box that is closed holds nobody, so that its senders can be joined. */
void kiosk_queues_close_to_desk(struct kiosk_queues *q);
void kiosk_queues_close_to_ui(struct kiosk_queues *q);

#endif
