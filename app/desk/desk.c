/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/desk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/day.h"
#include "desk/held.h"
#include "desk/hub.h"
#include "desk/self.h"
#include "desk/staff.h"
#include "desk/tend.h"

enum {
  QUIET_MS = 3000, /* the same code again within this time is the same scan */
  TAP_MS = 1000,   /* a tap again within this time is the same finger; a queue of people tap faster than they show codes */
  RETRY_MS = 1000  /* but one that failed may be tried again after this */
};

static const struct catalog *catalog_of(const struct desk *d) { return pack_catalog(d->pack); }

bool desk_init(struct desk *d, struct moment now, struct problem *problem) {
  char before[NOTE_MAX], pack[TEXT_MAX];
  const struct catalog *catalog = catalog_of(d);
  assert(d->station >= 0 && d->station < catalog->stations);
  seen_init(&d->seen, QUIET_MS);
  d->trusted_day = -1;
  d->tap_ms = INT64_MIN / 2;
  d->health_due_ms = d->busy_ms = now.mono_ms;
  snprintf(pack, sizeof pack, "%s build %u", catalog->name, (unsigned)catalog->build);
  bool started = journal_last_system(d->journal, "start ", before);
  if (!desk_append_note(d, RECORD_SYSTEM, now, problem, "start %s, pack %s", YINGBIN_VERSION, pack)) return false;
  const char *old = started ? strstr(before, ", pack ") : NULL;
  if (old && strcmp(old + strlen(", pack "), pack) &&
      !desk_append_note(d, RECORD_SYSTEM, now, problem, "pack switched from %s to %s", old + strlen(", pack "), pack))
    return false;
  if (d->meetup && !(journal_last_system(d->journal, "meetup ", before) && !strcmp(before, d->meetup)) &&
      !desk_append_note(d, RECORD_SYSTEM, now, problem, "%s", d->meetup))
    return false;
  if (d->retired && !desk_append_note(d, RECORD_SYSTEM, now, problem, "%s", d->retired)) return false;
  if (!staff_init(d, now, problem)) return false;
  hub_open(d, now);
  if (!self_init(d) || !held_init(d)) return problem_set(problem, "内存不足", "out of memory");
  tend_clock(d, now);
  tend_health(d, now);
  hub_tell_work(d);
  return true;
}

void desk_fini(struct desk *d, struct moment now) {
  held_fini(d, now);
  self_fini(d);
  staff_fini(d);
  hub_close(d);
  journal_checkpoint(d->journal);
}

/* A card that opens nothing is judged as any code that is no ticket. */
static void give_verdict(struct desk *d, struct errand *e, struct moment now) {
  const struct payload *p = &e->payload;
  if (!d->pack_bad) pack_find(d->pack, p->bytes, p->len, &e->question, e->checkin.code);
  if (held_again(d, e, now)) return;
  held_give(d, e, now);
  if (e->notice.kind == NOTICE_VERDICT && (!e->notice.seq || e->notice.fault == DESK_FAULT_DISK_ERROR))
    seen_retry(&d->seen, p->bytes, p->len, p->at.mono_ms, RETRY_MS);
}

/* Is it what was here a moment ago? */
static bool again(struct desk *d, const struct payload *p) {
  if (p->len > 0) return seen_again(&d->seen, p->bytes, p->len, p->at.mono_ms);
  const bool same = p->at.mono_ms - d->tap_ms < TAP_MS;
  d->tap_ms = p->at.mono_ms;
  return same;
}

static void answer(struct desk *d, struct errand *e, struct moment now) {
  struct payload *p = &e->payload;
  struct question *q = &e->question;
  const struct station *station = &catalog_of(d)->station[d->station];
  held_step(d, p->at); /* what was asked before may have had its time */
  if (p->len == 0 && held_tap(d, p, now)) {
    d->tap_ms = p->at.mono_ms; /* the same finger is nobody else */
    return;
  }
  if (p->len == 0 && catalog_of(d)->event[station->event].roster && !station->anonymous)
    return; /* a tap is a person only where no list says who is, or where some come without a code */
  if (again(d, p)) return;
  q->catalog = catalog_of(d);
  q->station = d->station;
  q->now = p->at;
  ticket_parse(p->bytes, p->len, &q->ticket);
  if (p->at.wall_ok) tend_clock(d, p->at);
  bool card = q->ticket.kind == TICKET_OPERATOR && !d->pack_bad;
  if (q->ticket.kind == TICKET_SETUP) e->notice.card = hub_card(d, p);
  if (card) held_settle(d, now);
  if (card && staff_card(d, q->ticket.secret, now, &e->notice))
    errand_tell(d, e);
  else
    give_verdict(d, e, now);
}

int64_t desk_step(void *desk, struct moment now) {
  struct desk *d = desk;
  struct errand e = {.notice = {.kind = NOTICE_VERDICT}};
  struct mailbox *from = mailbox_front(d->people, &e.payload)   ? d->people
                         : mailbox_front(d->camera, &e.payload) ? d->camera
                                                                : NULL;
  tend_clock(d, now);
  if (from) {
    answer(d, &e, now);
    d->busy_ms = now.mono_ms;
    mailbox_pop(from); /* its notice is out: now it is dealt with */
  }
  explicit_bzero(&e, sizeof e); /* codes and cards are secrets */
  tend_due(d, now);
  const int64_t held = held_step(d, now);
  hub_tell_work(d);
  if (!mailbox_empty(d->people) || !mailbox_empty(d->camera)) return now.mono_ms;
  int64_t due = tend_idle(d, now), hub = hub_step(d, now), asked = staff_step(d, now), self = self_step(d, now);
  if (hub < due) due = hub;
  if (asked < due) due = asked;
  if (self < due) due = self;
  if (held < due) due = held;
  return due < d->health_due_ms ? due : d->health_due_ms;
}
