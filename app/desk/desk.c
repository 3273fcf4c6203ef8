/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/desk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/day.h"
#include "desk/tend.h"
#include "pack/search.h"

enum {
  QUIET_MS = 3000, /* the same code again within this time is the same scan */
  RETRY_MS = 1000  /* but one that failed may be tried again after this */
};

/* One payload on its way through. */
struct errand {
  struct payload payload;
  struct question question;
  struct checkin checkin;
  struct notice notice;
};

static const struct catalog *catalog_of(const struct desk *d) { return pack_catalog(d->pack); }

bool desk_init(struct desk *d, struct moment now, struct problem *problem) {
  char before[TEXT_MAX], pack[TEXT_MAX];
  const struct catalog *catalog = catalog_of(d);
  assert(d->station >= 0 && d->station < catalog->stations);
  seen_init(&d->seen, QUIET_MS);
  d->trusted_day = -1;
  d->health_due_ms = d->busy_ms = now.mono_ms;
  snprintf(pack, sizeof pack, "%s build %u", catalog->name, (unsigned)catalog->build);
  bool started = journal_last_system(d->journal, "start ", before);
  if (!desk_append_note(d, RECORD_SYSTEM, now, problem, "start %s, pack %s", YINGBIN_VERSION, pack)) return false;
  const char *old = started ? strstr(before, ", pack ") : NULL;
  if (old && strcmp(old + strlen(", pack "), pack) &&
      !desk_append_note(d, RECORD_SYSTEM, now, problem, "pack switched from %s to %s", old + strlen(", pack "), pack))
    return false;
  tend_clock(d, now);
  tend_health(d, now);
  return true;
}

void desk_fini(struct desk *d, struct moment now) {
  (void)now;
  journal_checkpoint(d->journal);
}

/* Fills the question with all that pack and journals know. False: the journal can't be read. */
static bool inquire(struct desk *d, struct errand *e) {
  struct question *q = &e->question;
  const struct station *station = &catalog_of(d)->station[d->station];
  const struct event *event = &catalog_of(d)->event[station->event];
  struct moment day = tend_day(d, q->now);
  pack_find(d->pack, e->payload.bytes, e->payload.len, q, e->checkin.code);
  q->trusted_day = day.wall_ok ? event_day(event, day.wall_ms) : -1;
  bool here = q->lookup == LOOKUP_FOUND && q->attendee.event == station->event;
  if (here) strcpy(e->checkin.attendee, q->attendee.number);
  if (!here && q->lookup != LOOKUP_ACCEPTED && q->lookup != LOOKUP_PRESENCE)
    return true; /* nothing that they did here counts */
  return journal_history(d->journal, event->id, station->id,
                         station->after >= 0 ? catalog_of(d)->station[station->after].id : NULL, e->checkin.attendee,
                         q->lookup == LOOKUP_PRESENCE ? "" : e->checkin.code, event, day, &q->history);
}

static void be_fault(struct notice *n, enum desk_fault fault) {
  n->verdict = (struct verdict){.kind = VERDICT_FAULT, .event = -1, .station = -1, .valid_day = -1};
  n->fault = fault;
}

static void judge(struct desk *d, struct errand *e) {
  struct notice *n = &e->notice;
  if (d->pack_bad) {
    be_fault(n, DESK_FAULT_PACK);
  } else if (!inquire(d, e)) {
    be_fault(n, DESK_FAULT_DISK_ERROR);
  } else {
    verdict_of(&e->question, &n->verdict);
    if (n->verdict.kind == VERDICT_FAULT) be_fault(n, DESK_FAULT_PACK);
  }
}

/* A rehearsal's ticket: all happens as ever, but its record is of a kind that nothing counts. */
static bool practises(const struct errand *e) {
  return e->question.lookup == LOOKUP_FOUND && !strcmp(e->question.attendee.attention, ATTENTION_PRACTICE);
}

static void record(struct desk *d, struct errand *e) {
  struct checkin *c = &e->checkin;
  const struct verdict *v = &e->notice.verdict;
  const struct station *station = &catalog_of(d)->station[d->station];
  strcpy(c->event, catalog_of(d)->event[station->event].id);
  strcpy(c->station, station->id);
  if (practises(e)) c->kind = RECORD_PRACTICE;
  c->verdict = v->kind;
  c->by = e->payload.by;
  c->at = e->payload.at;
  c->count = v->kind == VERDICT_ADMIT ? v->count : 0;
  c->unconfirmed = v->unconfirmed;
  c->view_age_s = -1;
}

/* Commits, and only then says so. */
static void settle(struct desk *d, struct errand *e) {
  struct problem problem;
  struct notice *n = &e->notice;
  int64_t began_us = d->machine_us ? d->machine_us() : 0;
  if (!desk_append(d, &e->checkin, &n->seq, &problem)) {
    n->seq = 0;
    be_fault(n, d->journal_fault);
  }
  n->decided_mono_us = d->machine_us ? d->machine_us() : 0;
  n->commit_us = (int32_t)(n->decided_mono_us - began_us);
  if (!n->seq || n->fault == DESK_FAULT_DISK_ERROR)
    seen_retry(&d->seen, e->payload.bytes, e->payload.len, e->payload.at.mono_ms, RETRY_MS);
}

/* Only who it is: what the card could unseal is wiped at once. */
static bool opens_console(struct desk *d, const uint8_t secret[32], struct notice *n) {
  struct pack_session *session = NULL;
  switch (pack_unlock(d->pack, secret, &session)) {
  case PACK_UNLOCKED: n->card = CARD_OPENS; break;
  case PACK_UNLOCK_UNKNOWN: n->card = CARD_UNKNOWN; return false;
  case PACK_UNLOCK_BROKEN: n->card = CARD_UNREADABLE; return false;
  }
  const struct pack_operator *who = pack_operator(session);
  n->kind = NOTICE_CONSOLE;
  strcpy(n->staff.name, who->name);
  n->staff.lead = who->lead;
  pack_lock(session);
  return true;
}

/* The verdict, on disk. A card that opens nothing is judged as any code that is no ticket. */
static void give_verdict(struct desk *d, struct errand *e, struct moment now) {
  struct notice *n = &e->notice;
  judge(d, e);
  record(d, e);
  settle(d, e);
  tend_health(d, now);
  n->nth = n->verdict.kind == VERDICT_ADMIT && !practises(e) ? d->health.people : 0;
}

static void answer(struct desk *d, struct errand *e, struct moment now) {
  struct payload *p = &e->payload;
  struct question *q = &e->question;
  const struct station *station = &catalog_of(d)->station[d->station];
  if (p->len == 0 && catalog_of(d)->event[station->event].roster) return; /* a tap is a person only where no list says who is */
  if (seen_again(&d->seen, p->bytes, p->len, p->at.mono_ms)) return;
  q->catalog = catalog_of(d);
  q->station = d->station;
  q->now = p->at;
  ticket_parse(p->bytes, p->len, &q->ticket);
  if (p->at.wall_ok) tend_clock(d, p->at);
  struct notice *n = &e->notice;
  bool card = q->ticket.kind == TICKET_OPERATOR && !d->pack_bad;
  if (!card || !opens_console(d, q->ticket.secret, n)) give_verdict(d, e, now);
  n->by = p->by;
  n->at = p->at;
  n->read_ms = p->read_ms;
  n->health = d->health;
  mailbox_put_wait(d->notices, n);
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
  if (!mailbox_empty(d->people) || !mailbox_empty(d->camera)) return now.mono_ms;
  int64_t due = tend_idle(d, now);
  return due < d->health_due_ms ? due : d->health_due_ms;
}
