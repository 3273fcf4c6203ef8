/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/held.h"

#include <stdlib.h>
#include <string.h>

#include "desk/staff.h"

enum {
  LATE_MS = 1000, /* ui saw the question a little later, and its tap is on the way */
  SOON_MS = 250   /* a tap before anybody can have read the question was meant for something else */
};

struct held {
  bool asks;
  struct errand errand; /* without the code's bytes */
  int64_t told_ms;
};

bool held_init(struct desk *d) {
  d->held = calloc(1, sizeof *d->held);
  return d->held != NULL;
}

void held_fini(struct desk *d, struct moment now) {
  if (!d->held) return;
  held_settle(d, now);
  free(d->held);
  d->held = NULL;
}

static void judge(struct desk *d, struct errand *e) {
  if (d->pack_bad)
    errand_fault(&e->notice, DESK_FAULT_PACK);
  else
    errand_judge(d, e);
}

static void await(struct held *h, struct moment now) {
  explicit_bzero(h->errand.payload.bytes, sizeof h->errand.payload.bytes);
  h->told_ms = now.mono_ms;
  h->asks = true;
}

/* --- questions --- */

/* The most who may come in now: as many as are left of the party, and as there is room for. */
static int16_t most_of(struct question *q) {
  struct verdict v;
  int32_t n = verdict_left(q);
  for (; n > 1; n--) {
    q->heads = n;
    verdict_of(q, &v);
    if (v.kind == VERDICT_ADMIT) break;
  }
  q->heads = 0;
  return (int16_t)n;
}

static bool ask_heads(struct desk *d, struct errand *e, struct moment now) {
  const struct station *station = &e->question.catalog->station[d->station];
  if (!station->party_ask || e->notice.verdict.kind != VERDICT_ADMIT || e->question.lookup != LOOKUP_FOUND) return false;
  const int16_t most = most_of(&e->question);
  if (most < 2) return false;
  d->held->errand = *e;
  await(d->held, now);
  e->notice.kind = NOTICE_HEADS;
  e->notice.most = most;
  errand_tell(d, e);
  return true;
}

/* What is no ticket is nobody's own: a poster's address, a card that friends show, too. Only a finger says yes there, and the
 * record is as of one without any code. Codes to pay with are put away first. */
static bool takes_finger(const struct errand *e) {
  const struct ticket *t = &e->question.ticket;
  return e->notice.verdict.kind == VERDICT_NOT_A_TICKET && t->kind == TICKET_OTHER && t->foreign != FOREIGN_PAYMENT &&
         t->foreign != FOREIGN_ALIPAY;
}

/* What the rules say to somebody on no list who wishes to come in by this code; who is in by it already is told so. Nobody
 * else is asked now, and held's errand is theirs. */
static void ask_walkin(struct desk *d, struct errand *e) {
  struct errand *in = &d->held->errand;
  const struct station *station = &e->question.catalog->station[d->station];
  const bool finger = takes_finger(e), own = e->notice.verdict.kind == VERDICT_UNKNOWN && e->checkin.code[0];
  if (station->walkin != WALKIN_SELF || (!finger && !own)) return;
  *in = *e;
  in->question.lookup = finger ? LOOKUP_PRESENCE : LOOKUP_ACCEPTED;
  if (finger) in->checkin.code[0] = '\0';
  errand_judge(d, in);
  if (in->notice.verdict.kind == VERDICT_AGAIN || in->notice.verdict.kind == VERDICT_FAULT) *e = *in;
  e->notice.walkin = in->notice.verdict.kind == VERDICT_ADMIT;
  if (!e->notice.walkin) explicit_bzero(in, sizeof *in);
}

void held_give(struct desk *d, struct errand *e, struct moment now) {
  judge(d, e);
  if (!staff_is_open(d->staff)) {
    if (ask_heads(d, e, now)) return;
    ask_walkin(d, e);
  }
  errand_commit(d, e, now);
  if (e->notice.walkin && e->notice.seq)
    await(d->held, now);
  else if (e->notice.walkin)
    held_settle(d, now);
  e->notice.walkin = d->held->asks;
  errand_tell(d, e);
}

/* --- answers --- */

static bool asks_heads(const struct held *h) { return h->errand.question.lookup == LOOKUP_FOUND; }
static bool asks_finger(const struct held *h) { return h->errand.question.lookup == LOOKUP_PRESENCE; }

/* Others of the party may have come meanwhile, by another kiosk or staff's hand. `said`: 0: all of them. */
static void count_heads(struct desk *d, struct errand *e, int32_t said) {
  if (d->pack_bad) {
    errand_fault(&e->notice, DESK_FAULT_PACK);
  } else if (!errand_history(d, e)) {
    errand_fault(&e->notice, DESK_FAULT_DISK_ERROR);
  } else {
    const int16_t most = most_of(&e->question);
    e->question.heads = said > 0 && said < most ? said : most;
    errand_rule(e);
  }
}

static void decide(struct desk *d, enum by by, struct moment at, int32_t said, struct moment now) {
  struct held *h = d->held;
  struct errand *e = &h->errand;
  h->asks = false;
  e->payload.by = by;
  e->payload.at = e->question.now = at;
  e->notice = (struct notice){.kind = NOTICE_VERDICT};
  if (asks_heads(h))
    count_heads(d, e, said);
  else
    judge(d, e);
  errand_commit(d, e, now);
  errand_tell(d, e);
  explicit_bzero(e, sizeof *e);
}

bool held_again(struct desk *d, const struct errand *e, struct moment now) {
  struct held *h = d->held;
  const struct payload *p = &e->payload;
  if (!h->asks) return false;
  if (asks_finger(h) || strcmp(e->checkin.code, h->errand.checkin.code) != 0) {
    held_settle(d, now);
    return false;
  }
  h->errand.payload.read_ms = p->read_ms;
  decide(d, p->by, p->at, 0, now);
  return true;
}

bool held_tap(struct desk *d, const struct payload *tap, struct moment now) {
  struct held *h = d->held;
  if (!h->asks || tap->at.mono_ms - h->told_ms < SOON_MS) return tap->heads > 0;
  if (asks_heads(h))
    decide(d, h->errand.payload.by, tap->at, tap->heads, now);
  else if (tap->heads == 0)
    decide(d, BY_TAP, tap->at, 0, now);
  return true;
}

void held_settle(struct desk *d, struct moment now) {
  struct held *h = d->held;
  if (h->asks && asks_heads(h)) decide(d, h->errand.payload.by, now, 1, now);
  h->asks = false;
  explicit_bzero(&h->errand, sizeof h->errand);
}

int64_t held_step(struct desk *d, struct moment now) {
  const struct held *h = d->held;
  if (!h->asks) return INT64_MAX;
  const int64_t due = h->told_ms + ASK_MS + (asks_heads(h) ? 0 : LATE_MS);
  if (now.mono_ms < due) return due;
  held_settle(d, now);
  return INT64_MAX;
}
