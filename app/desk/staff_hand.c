/* SPDX-License-Identifier: Apache-2.0
 * By hand: somebody whom staff found, somebody who stands on no list, another name for somebody. Judged by the rules that
 * a code is judged by; where one refuses, staff may know better, and the record names that rule.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "desk/staff.h"
#include "desk/tend.h"
#include "journal/rows.h"

enum { HEADS_MAX = 99 };

/* Who may go against a verdict. A forged code, one of another event, or none at all is nobody that a hand could admit. */
static const enum {
  NOBODY,
  ANYBODY,
  A_LEAD
} may[VERDICT_COUNT] = {
    [VERDICT_AGAIN] = ANYBODY,        [VERDICT_EARLY] = ANYBODY,        [VERDICT_CLOSED] = ANYBODY,
    [VERDICT_MISSING_STEP] = ANYBODY, [VERDICT_NOT_CONFIRMED] = A_LEAD, [VERDICT_WRONG_TYPE] = A_LEAD,
    [VERDICT_FULL] = A_LEAD,          [VERDICT_REVOKED] = A_LEAD,       [VERDICT_EXPIRED] = A_LEAD,
    [VERDICT_ELSEWHERE] = A_LEAD,     [VERDICT_UNKNOWN] = A_LEAD,
};

static bool may_override(const struct desk *d, const struct verdict *v, bool lead) {
  const struct station *station = &pack_catalog(d->pack)->station[d->station];
  if (may[v->kind] == NOBODY || (v->kind == VERDICT_ELSEWHERE && v->event >= 0)) return false;
  const bool handed_out = v->kind == VERDICT_AGAIN && station->again == AGAIN_STOP; /* a second lunch */
  return lead || (may[v->kind] == ANYBODY && !handed_out);
}

static void begin(struct desk *d, struct moment now, struct errand *e) {
  memset(e, 0, sizeof *e);
  e->payload.by = d->staff->open->by;
  e->payload.at = e->question.now = now;
  e->question.catalog = pack_catalog(d->pack);
  e->question.station = d->station;
  e->question.elsewhere_event = -1;
  strcpy(e->checkin.operator_name, d->staff->open->name);
}

/* The verdict, or why not: then it is answered. */
static bool is_let_in(struct desk *d, struct errand *e) {
  struct staff_open *o = d->staff->open;
  struct verdict *v = &e->notice.verdict;
  if (v->kind == VERDICT_ADMIT) return true;
  o->answer.may_override = may_override(d, v, o->lead);
  o->answer.lead_may = !o->answer.may_override && may_override(d, v, true);
  if (o->answer.may_override && o->request.override) {
    snprintf(e->checkin.override, sizeof e->checkin.override, "%s", verdict_name(v->kind));
    v->kind = VERDICT_ADMIT;
    v->count = e->question.heads;
    v->has_attendee = e->question.attendee.number[0] != '\0';
    v->attendee = e->question.attendee;
    return true;
  }
  o->answer.verdict = *v;
  if (v->kind == VERDICT_FAULT)
    staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
  else
    staff_say(d, STAFF_REFUSED, STAFF_RULE);
  return false;
}

static void let_in(struct desk *d, struct errand *e, const struct pack_found *who, struct moment now, enum staff_why why) {
  struct staff_answer *a = &d->staff->open->answer;
  errand_commit(d, e, now);
  a->verdict = e->notice.verdict;
  a->seq = e->notice.seq;
  errand_tell(d, e);
  a->count = who != NULL;
  if (who) staff_person(d, who, now, &a->person[0]);
  d->health_due_ms = now.mono_ms;
  staff_say(d, a->seq ? STAFF_DONE : STAFF_FAILED, why);
}

/* Of the party; those who aren't in where the request gives no number, and never more than these unless it goes against
 * the rule: then the hand knows somebody more with that code. */
static int32_t heads_of(const struct desk *d, const struct errand *e) {
  const int32_t said = d->staff->open->request.count, left = verdict_left(&e->question);
  if (left == 0) return said > 0 && said <= HEADS_MAX ? said : 1;
  return said > 0 && said < left ? said : left;
}

static void admit(struct desk *d, const struct pack_found *who, struct moment now) {
  struct errand e;
  begin(d, now, &e);
  struct question *q = &e.question;
  q->ticket.kind = TICKET_CODE;
  q->attendee = who->attendee;
  q->lookup = pack_valid(d->pack, who->attendee.event, who->code);
  strcpy(e.checkin.code, who->code);
  if (d->pack_bad || q->lookup == LOOKUP_BROKEN) {
    errand_fault(&e.notice, DESK_FAULT_PACK);
  } else if (!errand_history(d, &e)) {
    errand_fault(&e.notice, DESK_FAULT_DISK_ERROR);
  } else {
    q->heads = heads_of(d, &e);
    errand_rule(&e);
  }
  if (is_let_in(d, &e)) {
    strcpy(e.checkin.attendee, q->attendee.number); /* a revoked one's, too */
    let_in(d, &e, who, now, STAFF_NO_REASON);
  }
  explicit_bzero(&e, sizeof e);
}

void staff_admit(struct desk *d, struct moment now) { staff_find(d, now, admit); }

/* --- somebody who stands on no list --- */

/* The name goes to the organizer alone, sealed; false: there is one, and it can't be kept. */
static bool seal_name(struct desk *d, const char *name, struct checkin *c) {
  return !name[0] || staff_seal(d, name, c->sealed) != NULL;
}

void staff_walkin(struct desk *d, struct moment now) {
  struct errand e;
  struct question *q = &e.question;
  struct verdict *v = &e.notice.verdict;
  const struct staff_request *r = &d->staff->open->request;
  const struct station *station = &pack_catalog(d->pack)->station[d->station];
  char name[TEXT_MAX];
  begin(d, now, &e);
  staff_text(r->text, name);
  q->ticket.kind = TICKET_PRESENCE;
  q->lookup = LOOKUP_PRESENCE;
  q->attendee = (struct attendee){.event = station->event, .type = -1, .party = 1, .confirmed = true};
  q->heads = r->count > 0 && r->count <= HEADS_MAX ? r->count : 1;
  if (d->pack_bad)
    errand_fault(&e.notice, DESK_FAULT_PACK);
  else
    errand_judge(d, &e);
  if (v->kind == VERDICT_ADMIT && station->walkin == WALKIN_NO && q->catalog->event[station->event].roster)
    v->kind = VERDICT_UNKNOWN;
  if (is_let_in(d, &e)) {
    const bool kept = seal_name(d, name, &e.checkin);
    strcpy(q->attendee.name, name);
    v->has_attendee = name[0] != '\0'; /* greeted by it, this once */
    v->attendee = q->attendee;
    let_in(d, &e, NULL, now, kept ? STAFF_NO_REASON : STAFF_NAME_NOT_KEPT);
  }
  explicit_bzero(&e, sizeof e);
  explicit_bzero(name, sizeof name);
}

/* --- another name --- */

static bool write_correction(struct desk *d, struct checkin *c, const char *name, struct moment now) {
  struct staff_answer *a = &d->staff->open->answer;
  const struct catalog *catalog = pack_catalog(d->pack);
  struct problem problem;
  c->kind = RECORD_CORRECT;
  c->at = now;
  c->view_age_s = -1;
  if (!c->event[0]) strcpy(c->event, catalog->event[catalog->station[d->station].event].id);
  if (!c->station[0]) strcpy(c->station, catalog->station[d->station].id);
  strcpy(c->operator_name, d->staff->open->name);
  if (!seal_name(d, name, c)) a->why = STAFF_NAME_NOT_KEPT;
  if (desk_append(d, c, &a->seq, &problem)) return true;
  a->seq = 0;
  staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
  return false;
}

static void correct(struct desk *d, const struct pack_found *who, struct moment now) {
  struct staff_answer *a = &d->staff->open->answer;
  const struct catalog *catalog = pack_catalog(d->pack);
  const char *event = catalog->event[who->attendee.event].id;
  struct checkin c = {.kind = RECORD_CORRECT};
  struct journal_row last;
  struct problem problem;
  char name[TEXT_MAX];
  if (!staff_text(d->staff->open->request.text, name)) {
    staff_say(d, STAFF_REFUSED, STAFF_NOTHING);
    return;
  }
  strcpy(c.event, event);
  strcpy(c.attendee, who->attendee.number);
  strcpy(c.code, who->code);
  if (journal_last_admission(d->journal, catalog->station[d->station].id, c.attendee, now, &last))
    memcpy(c.ref, last.id, sizeof c.ref);
  if (write_correction(d, &c, name, now)) {
    if (!names_put(&d->staff->names, event, c.attendee, name, &problem)) log_error("%s", problem.en);
    staff_person(d, who, now, &a->person[0]);
    a->count = 1;
    staff_say(d, STAFF_DONE, a->why);
  }
  explicit_bzero(name, sizeof name);
}

/* A name for a record that has none: it is for the organizer alone, so that without a key there is nothing to do. */
static void name_record(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  struct checkin c = {.kind = RECORD_CORRECT};
  struct journal_row row;
  char name[TEXT_MAX], sealed[1024];
  enum staff_why why = STAFF_NO_REASON;
  if (!staff_text(o->request.text, name))
    why = STAFF_NOTHING;
  else if (!journal_admission(d->journal, o->request.ref, now, &row) || row.attendee[0])
    why = STAFF_NOT_FOUND;
  else if (!staff_seal(d, name, sealed))
    why = STAFF_NAME_NOT_KEPT;
  if (why) {
    staff_say(d, STAFF_REFUSED, why);
    return;
  }
  memcpy(c.ref, row.id, sizeof c.ref);
  strcpy(c.station, row.station);
  snprintf(c.event, sizeof c.event, "%.*s", (int)strcspn(row.station, "/"), row.station);
  if (write_correction(d, &c, name, now)) staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  explicit_bzero(name, sizeof name);
}

void staff_correct(struct desk *d, struct moment now) {
  if (d->staff->open->request.number[0])
    staff_find(d, now, correct);
  else
    name_record(d, now);
}
