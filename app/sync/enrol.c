/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "sync/sync_inner.h"

enum { ENROL_MS = 15 * 1000 };

static size_t body_of(const struct sync *s, char body[WIRE_BODY]) {
  const struct wire_setup *card = &s->own->enrolment.card;
  uint8_t said[WIRE_BODY], sig[64];
  const size_t n = wire_enrol_said(card->kiosk, card->token, said);
  crypto_sign_detached(sig, NULL, said, n, s->identity->secret_key);
  sodium_memzero(said, sizeof said);
  return wire_enrol(card->kiosk, card->token, s->identity->public_key, sig, body);
}

/* On disk before it is used: the hub takes the card once, and knows this token only. */
static void keep(struct sync *s, const struct uplink_answer *a) {
  struct sync_state_own *own = s->own;
  struct sync_news news = {.kind = NEWS_ENROLLED, .as_of = a->ended};
  struct problem problem;
  if (!enrolment_write(s->data, &own->enrolment, &problem)) {
    own->enrolment.token[0] = '\0';
    sync_failed(s, SYNC_WAITING, a->ended, 0, problem.en);
    return;
  }
  log_info("enrolled with the hub %s as %s", own->hub, own->enrolment.card.kiosk);
  own->from = 0;
  own->next_try_ms = a->ended.mono_ms;
  sync_tell(s, &news);
  if (!strcmp(own->enrolment.card.kiosk, s->identity->name)) return;
  own->enrolment.token[0] = own->enrolment.card.token[0] = '\0'; /* nothing is sent under the old name */
  atomic_store(&s->renamed, true);
  bell_ring(s->main_bell);
}

void sync_enrol(struct sync *s, struct moment now) {
  static const int statuses[] = {200, 0};
  struct sync_state_own *own = s->own;
  char body[WIRE_BODY];
  struct uplink_answer a;
  struct uplink_request r = {.method = "POST", .body = body, .body_len = body_of(s, body), .fd = -1, .limit_ms = ENROL_MS};
  int64_t hub_ms;
  (void)now;
  if (sync_ask(s, &r, "/v1/enrol", statuses, &a)) {
    const struct wire_answer answer = sync_answer(s, &a);
    if (wire_read_enrolled(&answer, own->enrolment.card.kiosk, own->enrolment.token, &hub_ms))
      keep(s, &a);
    else
      own->enrolment.token[0] = '\0', sync_foreign(s, &a);
  }
  sodium_memzero(body, sizeof body);
  sodium_memzero(own->body, a.len < sizeof own->body ? a.len : sizeof own->body);
}
