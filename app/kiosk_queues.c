/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_queues.h"

void kiosk_queues_init(struct kiosk_queues *q, struct bell *desk_bell, struct bell *main_bell) {
  mailbox_init(&q->camera, q->camera_slot, sizeof *q->camera_slot, CAMERA_SLOTS, desk_bell);
  mailbox_init(&q->people, q->people_slot, sizeof *q->people_slot, PEOPLE_SLOTS, desk_bell);
  mailbox_init(&q->notices, q->notice_slot, sizeof *q->notice_slot, NOTICE_SLOTS, main_bell);
  mailbox_init(&q->requests, q->request_slot, sizeof *q->request_slot, REQUEST_SLOTS, desk_bell);
  mailbox_init(&q->answers, q->answer_slot, sizeof *q->answer_slot, ANSWER_SLOTS, main_bell);
  mailbox_init(&q->self_requests, q->self_request_slot, sizeof *q->self_request_slot, SELF_SLOTS, desk_bell);
  mailbox_init(&q->self_answers, q->self_answer_slot, sizeof *q->self_answer_slot, SELF_SLOTS, main_bell);
  latest_init(&q->health, &q->health_slot, sizeof q->health_slot, main_bell);
  latest_init(&q->mirror, &q->mirror_slot, sizeof q->mirror_slot, main_bell);
}

void kiosk_queues_fini(struct kiosk_queues *q) {
  latest_fini(&q->mirror);
  latest_fini(&q->health);
  mailbox_fini(&q->self_answers);
  mailbox_fini(&q->self_requests);
  mailbox_fini(&q->answers);
  mailbox_fini(&q->requests);
  mailbox_fini(&q->notices);
  mailbox_fini(&q->people);
  mailbox_fini(&q->camera);
}

void kiosk_queues_close_to_desk(struct kiosk_queues *q) {
  mailbox_close(&q->people);
  mailbox_close(&q->camera);
  mailbox_close(&q->requests);
  mailbox_close(&q->self_requests);
}

void kiosk_queues_close_to_ui(struct kiosk_queues *q) {
  mailbox_close(&q->notices);
  mailbox_close(&q->answers);
  mailbox_close(&q->self_answers);
}
