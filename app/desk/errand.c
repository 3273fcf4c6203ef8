/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/errand.h"

#include <string.h>

#include "core/day.h"
#include "desk/self.h"
#include "desk/staff.h"
#include "desk/tend.h"

static const struct catalog *catalog_of(const struct desk *d) { return pack_catalog(d->pack); }

bool errand_history(struct desk *d, struct errand *e) {
  struct question *q = &e->question;
  const struct station *station = &catalog_of(d)->station[d->station];
  const struct event *event = &catalog_of(d)->event[station->event];
  struct moment day = tend_day(d, q->now);
  q->trusted_day = day.wall_ok ? event_day(event, day.wall_ms) : -1;
  if (q->lookup == LOOKUP_FOUND) staff_rename(d->staff, catalog_of(d)->event[q->attendee.event].id, &q->attendee);
  bool here = q->lookup == LOOKUP_FOUND && q->attendee.event == station->event;
  if (here) strcpy(e->checkin.attendee, q->attendee.number);
  if (!here && q->lookup != LOOKUP_ACCEPTED && q->lookup != LOOKUP_PRESENCE)
    return true; /* nothing that they did here counts */
  const struct station *after = station->after >= 0 ? &catalog_of(d)->station[station->after] : NULL;
  if (!journal_history(d->journal, event->id, station->id, after ? after->id : NULL, e->checkin.attendee,
                       q->lookup == LOOKUP_PRESENCE ? "" : e->checkin.code, event, day, &q->history))
    return false;
  q->history.others_known =
      d->others && others_known(d->others, event->id, q->now) && (!after || after->event == station->event);
  return true;
}

void errand_fault(struct notice *n, enum desk_fault fault) {
  n->verdict = (struct verdict){.kind = VERDICT_FAULT, .event = -1, .station = -1, .valid_day = -1};
  n->fault = fault;
}

void errand_rule(struct errand *e) {
  verdict_of(&e->question, &e->notice.verdict);
  if (e->notice.verdict.kind == VERDICT_FAULT) errand_fault(&e->notice, DESK_FAULT_PACK);
}

void errand_judge(struct desk *d, struct errand *e) {
  if (errand_history(d, e))
    errand_rule(e);
  else
    errand_fault(&e->notice, DESK_FAULT_DISK_ERROR);
}

/* All happens as ever, but its record is of a kind that nothing counts. */
bool errand_practises(const struct errand *e) {
  return e->question.lookup == LOOKUP_FOUND && !strcmp(e->question.attendee.attention, ATTENTION_PRACTICE);
}

static void record(struct desk *d, struct errand *e) {
  struct checkin *c = &e->checkin;
  const struct verdict *v = &e->notice.verdict;
  const struct station *station = &catalog_of(d)->station[d->station];
  strcpy(c->event, catalog_of(d)->event[station->event].id);
  strcpy(c->station, station->id);
  if (errand_practises(e)) c->kind = RECORD_PRACTICE;
  c->verdict = v->kind;
  c->by = e->payload.by;
  c->at = e->payload.at;
  c->count = v->kind == VERDICT_ADMIT ? v->count : 0;
  c->unconfirmed = v->unconfirmed;
  c->view_age_s = d->others ? others_age_s(d->others, c->event, c->at) : -1;
}

void errand_commit(struct desk *d, struct errand *e, struct moment now) {
  struct problem problem;
  struct notice *n = &e->notice;
  record(d, e);
  int64_t began_us = d->machine_us ? d->machine_us() : 0;
  if (!desk_append(d, &e->checkin, &n->seq, &problem)) {
    n->seq = 0;
    errand_fault(n, d->journal_fault);
  }
  n->decided_mono_us = d->machine_us ? d->machine_us() : 0;
  n->commit_us = (int32_t)(n->decided_mono_us - began_us);
  tend_health(d, now);
  n->more = n->verdict.kind == VERDICT_ADMIT && catalog_of(d)->station[d->station].party_ask &&
            e->question.lookup == LOOKUP_FOUND && verdict_left(&e->question) > n->verdict.count;
  n->tapped = n->verdict.kind == VERDICT_ADMIT && e->payload.by == BY_TAP && e->question.lookup == LOOKUP_PRESENCE;
  n->nth = n->verdict.kind == VERDICT_ADMIT && !errand_practises(e) ? d->health.people + d->health.elsewhere : 0;
}

void errand_tell(struct desk *d, struct errand *e) {
  struct notice *n = &e->notice;
  n->by = e->payload.by;
  n->at = e->payload.at;
  n->read_ms = e->payload.read_ms;
  n->health = d->health;
  if (e->masked) self_mask(&n->verdict.attendee);
  mailbox_put_wait(d->notices, n);
}
