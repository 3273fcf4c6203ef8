/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/sync.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sync/sync_inner.h"

enum { FIND_MS = 2000 };

static bool uses_card(const struct sync *s) { return s->own->enrolment.card.token[0] != '\0'; }
static bool enrolled(const struct sync *s) { return s->own->enrolment.token[0] != '\0'; }

static int64_t never_unless(bool asked, int64_t due_ms) { return asked ? due_ms : INT64_MAX; }
static int64_t enrol_due(const struct sync *s) { return never_unless(!enrolled(s) && uses_card(s), 0); }

static int64_t push_due(const struct sync *s) {
  const struct sync_state_own *own = s->own;
  return never_unless(enrolled(s) && own->work.seq > 0 && (own->from == 0 || own->work.seq >= own->from), 0);
}

static int64_t pull_due(const struct sync *s) {
  return never_unless(enrolled(s) && s->own->event[0] && !sync_listens(s) && !sync_can_listen(s), s->own->feed_due_ms);
}

static int64_t listen_due(const struct sync *s) {
  return never_unless(enrolled(s) && s->own->event[0] && sync_can_listen(s), s->own->listen_due_ms);
}

const struct minisign_pub *sync_pub(const struct sync *s) {
  return s->pub ? s->pub : s->own->has_card_pub ? &s->own->card_pub : NULL;
}

const char *sync_pack(const struct sync *s) { return s->first ? s->own->enrolment.card.pack : s->pack; }

static int64_t pack_due(const struct sync *s) {
  return never_unless(enrolled(s) && sync_pub(s) && sync_pack(s)[0] && !atomic_load(&s->new_pack), s->own->pack_due_ms);
}

static int64_t report_due(const struct sync *s) {
  return never_unless(enrolled(s) && (s->first || s->own->work.seq > 0), s->own->report_due_ms);
}

/* In the order of what is most urgent. */
static const struct job {
  int64_t (*due)(const struct sync *s);
  void (*run)(struct sync *s, struct moment now);
} jobs[] = {{enrol_due, sync_enrol},   {push_due, sync_push},     {pull_due, sync_pull},
            {listen_due, sync_listen}, {report_due, sync_report}, {pack_due, sync_fetch_pack}};

/* Which hub is meant: settings go before the card. */
static void settle_hub(struct sync *s) {
  struct sync_state_own *own = s->own;
  snprintf(own->hub, sizeof own->hub, "%s", s->hub && *s->hub ? s->hub : own->enrolment.card.hub);
  snprintf(own->spki, sizeof own->spki, "%s", s->pin && *s->pin ? s->pin : own->enrolment.card.spki);
  snprintf(own->health.hub, sizeof own->health.hub, "%s", own->hub);
  own->health.state = !own->hub[0] ? SYNC_OFF : !uses_card(s) && !enrolled(s) ? SYNC_NOT_ENROLLED : SYNC_CONNECTING;
  own->health.why[0] = '\0';
  own->health.may_carry = own->enrolment.card.host[0] != '\0';
  own->has_card_pub = minisign_parse_pub(own->enrolment.card.pub, &own->card_pub);
  snprintf(own->health.pack, sizeof own->health.pack, "%s", sync_pub(s) ? sync_pack(s) : "");
}

bool sync_init(struct sync *s, struct moment now, struct problem *problem) {
  struct sync_state_own *own = s->own = calloc(1, sizeof *own);
  atomic_init(&s->new_pack, NULL);
  atomic_init(&s->renamed, false);
  if (!own) return problem_set(problem, "内存不足", "out of memory");
  if (!enrolment_read(s->data, &own->enrolment, problem)) return false;
  memcpy(&own->backoff.seed, s->identity->public_key, sizeof own->backoff.seed);
  own->backoff.seed ^= (uint64_t)now.wall_ms;
  own->batch = SYNC_BATCH;
  own->feed_due_ms = own->pack_due_ms = own->report_due_ms = own->started_ms = now.mono_ms;
  own->health.acked_seq = s->acked;
  snprintf(own->cursor, sizeof own->cursor, "%s", s->cursor);
  settle_hub(s);
  sync_carry_begin(s);
  sync_publish(s);
  return true;
}

void sync_fini(struct sync *s) {
  if (!s->own) return;
  pack_close(atomic_exchange(&s->new_pack, NULL));
  sodium_memzero(s->own, sizeof *s->own);
  free(s->own);
  s->own = NULL;
}

void sync_publish(struct sync *s) { latest_set(s->health, &s->own->health); }

void sync_tell(struct sync *s, struct sync_news *news) { mailbox_put_wait(s->news, news); }

/* A hub that is to run beside this kiosk takes its key from the file, before anybody can enrol with it. */
static void keep_key(struct sync *s) {
  struct problem problem;
  if (s->own->enrolment.card.host[0] && !enrolment_write(s->data, &s->own->enrolment, &problem))
    log_warn("the setup card can't be kept: %s", problem.en);
}

/* What is known of packs stays where a card says nothing of them, and as long as there is a pack: one that another key signed would
 * only come to a kiosk that no longer opens its own. */
static bool keeps_pack(const struct sync *s, const struct wire_setup *card) {
  return !card->pub[0] || s->pack[0];
}

static void keep_pack(const struct wire_setup *from, struct wire_setup *to) {
  memcpy(to->pub, from->pub, sizeof to->pub);
  memcpy(to->pack, from->pack, sizeof to->pack);
  if (!to->stations[0]) memcpy(to->stations, from->stations, sizeof to->stations);
}

/* A setup card: from here on this hub, with nothing of another one. */
static void take_card(struct sync *s, const char *text, struct moment now) {
  struct sync_state_own *own = s->own;
  struct problem problem;
  struct wire_setup card;
  if (wire_setup(text, &card, &problem)) {
    if (keeps_pack(s, &card)) keep_pack(&own->enrolment.card, &card);
    own->enrolment = (struct enrolment){.card = card};
    own->backoff.failures = 0;
    own->next_try_ms = now.mono_ms;
    own->from = 0;
    own->cursor[0] = '\0';
    own->health.whole = own->follows = false;
    settle_hub(s);
    keep_key(s);
  } else {
    log_warn("a setup card: %s", problem.en);
    snprintf(own->health.why, sizeof own->health.why, "%.*s", TEXT_MAX - 1, problem.en);
  }
  sodium_memzero(&card, sizeof card);
}

static void take_orders(struct sync *s, struct moment now) {
  struct sync_order order;
  while (mailbox_front(s->orders, &order)) {
    switch (order.kind) {
    case ORDER_ENROL: take_card(s, order.text, now); break;
    case ORDER_CARRY: sync_carry_order(s, true); break;
    case ORDER_CARRY_NOT: sync_carry_order(s, false); break;
    }
    sync_publish(s);
    mailbox_pop(s->orders); /* now it is dealt with, and health says so */
    sodium_memzero(&order, sizeof order);
  }
}

static void take_work(struct sync *s, struct moment now) {
  struct sync_state_own *own = s->own;
  const uint32_t refill = own->work.refill;
  if (!latest_get(s->work, &own->work, &own->work_seen)) return;
  if (!strcmp(own->event, own->work.event) && own->work.refill == refill) return;
  if (own->event[0]) own->cursor[0] = '\0'; /* of another event, or desk lost what it had of this one */
  snprintf(own->event, sizeof own->event, "%s", own->work.event);
  own->follows = false;
  own->feed_due_ms = now.mono_ms;
}

/* Where nothing answers, or somebody who isn't our hub: another one that announces the card's key, which the uplink has proved.
 */
static void look_for_another(struct sync *s) {
  struct sync_state_own *own = s->own;
  struct sync_health *h = &own->health;
  char url[FINDER_URL];
  if (!s->finder || !own->spki[0] || h->failures == 0 || h->failures == own->looked) return;
  own->looked = h->failures;
  if (!s->finder->find(s->finder_link, own->spki, own->hub, FIND_MS, url) || !strcmp(url, own->hub)) return;
  log_info("hub %s: found instead of %s", url, own->hub);
  snprintf(own->hub, sizeof own->hub, "%s", url);
  snprintf(h->hub, sizeof h->hub, "%s", url);
  backoff_reset(&own->backoff);
  h->failures = own->looked = 0;
  h->state = SYNC_CONNECTING;
  own->next_try_ms = 0;
  sync_publish(s);
}

/* What couldn't be reached without it is tried at once, and from there as after a first failure. */
static void heed_network(struct sync *s, struct moment now) {
  struct sync_state_own *own = s->own;
  if (!s->came_back || !s->came_back(s->network) || !own->unanswered || own->next_try_ms <= now.mono_ms) return;
  log_info("hub %s: the network has changed, trying again", own->hub);
  backoff_reset(&own->backoff);
  own->next_try_ms = now.mono_ms;
}

int64_t sync_step(void *self, struct moment now) {
  struct sync *s = self;
  take_orders(s, now);
  sync_carry(s);
  take_work(s, now);
  heed_network(s, now);
  sync_hear(s);
  sync_look(s, now);
  if (!s->own->hub[0]) return INT64_MAX;
  look_for_another(s);
  int64_t next = INT64_MAX;
  for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
    int64_t due = jobs[i].due(s);
    if (due != INT64_MAX && due < s->own->next_try_ms) due = s->own->next_try_ms;
    if (due <= now.mono_ms) {
      jobs[i].run(s, now);
      return now.mono_ms; /* what is due next, the next step finds */
    }
    if (due < next) next = due;
  }
  return next;
}
