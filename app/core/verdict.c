/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict.h"

#include <assert.h>
#include <string.h>

#include "core/day.h"

static const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_ADMIT] = "admit",
    [VERDICT_AGAIN] = "again",
    [VERDICT_EARLY] = "early",
    [VERDICT_CLOSED] = "closed",
    [VERDICT_ELSEWHERE] = "elsewhere",
    [VERDICT_WRONG_TYPE] = "wrong_type",
    [VERDICT_MISSING_STEP] = "missing_step",
    [VERDICT_FULL] = "full",
    [VERDICT_NOT_CONFIRMED] = "not_confirmed",
    [VERDICT_REVOKED] = "revoked",
    [VERDICT_EXPIRED] = "expired",
    [VERDICT_FORGED] = "forged",
    [VERDICT_UNKNOWN] = "unknown",
    [VERDICT_NOT_A_TICKET] = "not_a_ticket",
    [VERDICT_FAULT] = "fault",
};

const char *verdict_name(enum verdict_kind kind) { return (unsigned)kind < VERDICT_COUNT ? verdict_names[kind] : "?"; }

bool verdict_of_name(const char *name, enum verdict_kind *kind) {
  for (int i = 0; i < VERDICT_COUNT; i++)
    if (strcmp(name, verdict_names[i]) == 0) {
      *kind = (enum verdict_kind)i;
      return true;
    }
  return false;
}

const char *by_name(enum by by) {
  static const char *const names[BY_COUNT] = {[BY_CAMERA] = "camera", [BY_READER] = "reader", [BY_TAP] = "tap",
                                              [BY_HAND] = "hand",     [BY_PHONE] = "phone",   [BY_PAPER] = "paper"};
  return (unsigned)by < BY_COUNT ? names[by] : "?";
}

/* The question with what several rules need. */
struct ask {
  const struct question *q;
  const struct station *station;
  const struct event *event;
  const struct ticket_type *type; /* NULL: no attendee, or one without a type */
  int32_t today;                  /* by a clock that may be wrong */
  int32_t turns, heads; /* a party comes at once or one by one: how often it may be admitted, and how many at a time */
};

/* Each rule tells whether it refuses, and then fills in what the screen needs. One that can't be asked sets `unconfirmed`. */

static bool broken(const struct ask *a, struct verdict *v) {
  (void)v;
  return a->q->lookup == LOOKUP_BROKEN;
}

/* Cards unlock the console or enrol a kiosk; a code to pay with is never a ticket unless the roster says so. */
static bool card_or_payment(const struct ask *a, struct verdict *v) {
  const struct ticket *t = &a->q->ticket;
  bool payment = t->kind == TICKET_OTHER && t->foreign == FOREIGN_PAYMENT && a->q->lookup != LOOKUP_FOUND;
  if (payment) v->foreign = FOREIGN_PAYMENT;
  return payment || t->kind == TICKET_OPERATOR || t->kind == TICKET_SETUP;
}

static bool forged(const struct ask *a, struct verdict *v) {
  (void)v;
  return a->q->lookup == LOOKUP_FORGED || (a->q->ticket.kind == TICKET_MALFORMED && a->q->lookup != LOOKUP_PRESENCE);
}

static bool revoked(const struct ask *a, struct verdict *v) {
  (void)v;
  return a->q->lookup == LOOKUP_REVOKED;
}

static bool not_found(const struct ask *a) { return a->q->lookup == LOOKUP_MISSING || a->q->lookup == LOOKUP_NONE; }

/* A text of unknown shape may be a ticket only where some tickets of the event look like nothing we know; one of the shape of
 * its own codes is a ticket that isn't on the list, even if it is a web address. */
static bool not_a_ticket(const struct ask *a, struct verdict *v) {
  const struct ticket *t = &a->q->ticket;
  if (t->kind != TICKET_OTHER || !not_found(a)) return false;
  if (a->q->shaped || (t->foreign == FOREIGN_UNKNOWN && a->event->foreign)) return false;
  v->foreign = t->foreign;
  return true;
}

static bool unknown(const struct ask *a, struct verdict *v) {
  (void)v;
  return not_found(a);
}

static bool expired(const struct ask *a, struct verdict *v) {
  if (a->q->ticket.kind != TICKET_SIGNED || a->q->lookup != LOOKUP_FOUND) return false;
  if (!a->q->now.wall_ok) v->unconfirmed = true;
  return a->q->now.wall_ok && a->q->now.wall_ms / 1000 > (int64_t)a->q->ticket.s.not_after_s;
}

static bool other_event(const struct ask *a, struct verdict *v) {
  bool city = a->q->lookup == LOOKUP_FOREIGN_CITY, found = a->q->lookup == LOOKUP_FOUND;
  if (!city && !(found && a->q->attendee.event != a->station->event)) return false;
  v->event = city ? a->q->elsewhere_event : a->q->attendee.event;
  return true;
}

static bool other_day(const struct ask *a, struct verdict *v) {
  if (!a->type || a->type->days == 0) return false;
  if (!a->q->now.wall_ok) {
    v->unconfirmed = true;
    return false;
  }
  int32_t next = -1;
  for (int i = 0; i < a->type->days; i++) {
    int32_t day = a->type->day[i];
    if (day == a->today) return false;
    if (day > a->today && (next < 0 || day < next)) next = day;
  }
  v->valid_day = next;
  return true;
}

/* How much of the person's turns is used: people, or admissions where a party comes as one. A day that isn't known for
 * sure is `doubt`. */
static int64_t used_of(const struct ask *a, bool whole, bool *doubt) {
  const struct history *h = &a->q->history;
  *doubt = false;
  if (a->station->times != TIMES_DAILY) return whole ? h->admitted : h->admitted_people;
  *doubt = !a->q->now.wall_ok;
  if (*doubt && a->q->trusted_day < 0) return whole ? h->admitted_boot : h->people_boot; /* no clock: a boot counts for a day */
  return whole ? h->admitted_today : h->people_today;
}

static int64_t turns_of(const struct ask *a, int32_t turns) {
  return a->station->times == TIMES_DAILY ? turns : (int64_t)a->station->times * turns;
}

/* Is this person in already, and may not be admitted once more? Where a party comes one by one, each has as many turns as it
 * has heads. */
static bool used_up(const struct ask *a, struct verdict *v) {
  const struct history *h = &a->q->history;
  if (a->q->lookup == LOOKUP_ACCEPTED) { /* a guest's code: once, whatever the station does for its own */
    if (h->admitted < 1) return false;
  } else {
    if (a->q->lookup != LOOKUP_FOUND || a->station->times == TIMES_EVERY) return false;
    if (used_of(a, a->station->party_all && a->q->heads == 0, &v->unconfirmed) < turns_of(a, a->turns)) return false;
  }
  v->when_ms = h->last_wall_ms;
  memcpy(v->where, h->last_kiosk, sizeof(v->where));
  return true;
}

static bool not_confirmed(const struct ask *a, struct verdict *v) {
  (void)v;
  return a->q->lookup == LOOKUP_FOUND && !a->q->attendee.confirmed;
}

static bool wrong_type(const struct ask *a, struct verdict *v) {
  (void)v;
  if (a->q->lookup != LOOKUP_FOUND || a->station->admits == UINT64_MAX) return false;
  return !a->type || !(a->station->admits >> a->q->attendee.type & 1);
}

static int64_t hour_ms(const struct ask *a, const struct hours *hours) {
  return hours->daily ? event_moment_ms(a->event, a->today, hours->at) : hours->at;
}

static bool early(const struct ask *a, struct verdict *v) {
  if (!a->station->opens.set) return false;
  if (!a->q->now.wall_ok) {
    v->unconfirmed = true;
    return false;
  }
  int64_t at = hour_ms(a, &a->station->opens);
  if (a->q->now.wall_ms >= at) return false;
  v->when_ms = at;
  return true;
}

static bool closed(const struct ask *a, struct verdict *v) {
  if (!a->station->closes.set || (a->type && a->type->late_admit)) return false;
  if (!a->q->now.wall_ok) {
    v->unconfirmed = true;
    return false;
  }
  int64_t at = hour_ms(a, &a->station->closes);
  if (a->q->now.wall_ms < at) return false;
  v->when_ms = at;
  return true;
}

static bool missing_step(const struct ask *a, struct verdict *v) {
  const struct history *h = &a->q->history;
  if (a->station->after < 0 || a->q->lookup != LOOKUP_FOUND) return false;
  if (a->station->after_today && a->q->now.wall_ok ? h->step_today : h->step_done) {
    if (a->station->after_today && !a->q->now.wall_ok) v->unconfirmed = true; /* done, but was it today? */
    return false;
  }
  if (!h->others_known && a->station->offline == OFFLINE_ADMIT) {
    v->unconfirmed = true;
    return false;
  }
  v->station = a->station->after;
  v->ask_staff = !h->others_known;
  return true;
}

/* Alone, a kiosk may give away its share; without one, only the merge can tell whether all kiosks together gave away too much.
 */
static bool full(const struct ask *a, struct verdict *v) {
  const struct history *h = &a->q->history;
  const struct station *s = a->station;
  bool alone = !h->others_known;
  if (s->capacity > 0 && h->station_people + a->heads > s->capacity) return true;
  if (alone && s->share > 0) return h->station_people_here + a->heads > s->share;
  v->unconfirmed = alone && s->capacity > 0;
  return false;
}

/* In this order: is it a ticket of ours, for this event and day; has it done what it can do here; may it do so now. So who is
 * in already is told just that, even where the door has closed or the hall is full by now, or staff had let them in against a
 * rule. */
static const struct {
  enum verdict_kind kind;
  bool (*refuses)(const struct ask *a, struct verdict *v);
} rules[] = {
    {VERDICT_FAULT, broken},
    {VERDICT_NOT_A_TICKET, card_or_payment},
    {VERDICT_FORGED, forged},
    {VERDICT_REVOKED, revoked},
    {VERDICT_NOT_A_TICKET, not_a_ticket},
    {VERDICT_UNKNOWN, unknown},
    {VERDICT_EXPIRED, expired},
    {VERDICT_ELSEWHERE, other_event},
    {VERDICT_ELSEWHERE, other_day},
    {VERDICT_AGAIN, used_up},
    {VERDICT_NOT_CONFIRMED, not_confirmed},
    {VERDICT_WRONG_TYPE, wrong_type},
    {VERDICT_EARLY, early},
    {VERDICT_CLOSED, closed},
    {VERDICT_MISSING_STEP, missing_step},
    {VERDICT_FULL, full},
};

static int32_t party_of(const struct question *q) {
  return q->lookup == LOOKUP_FOUND && q->attendee.party > 1 ? q->attendee.party : 1;
}

static struct ask ask_of(const struct question *q) {
  assert(q->station >= 0 && q->station < STATIONS_MAX && q->attendee.type < TYPES_MAX);
  const struct station *station = &q->catalog->station[q->station];
  const struct event *event = &q->catalog->event[station->event];
  const int32_t party = party_of(q);
  return (struct ask){
      .q = q,
      .station = station,
      .event = event,
      .type = q->lookup == LOOKUP_FOUND && q->attendee.type >= 0 ? &q->catalog->type[q->attendee.type] : NULL,
      .today = event_day(event, q->now.wall_ms),
      .turns = station->party_all && q->heads == 0 ? 1 : party,
      .heads = q->heads > 0         ? q->heads
               : station->party_all ? party
                                    : 1,
  };
}

int32_t verdict_left(const struct question *q) {
  const struct ask a = ask_of(q);
  const int32_t party = party_of(q);
  bool doubt;
  if (a.station->times == TIMES_EVERY) return party;
  const int64_t left = turns_of(&a, party) - used_of(&a, false, &doubt);
  return left < 0 ? 0 : left < party ? (int32_t)left : party;
}

void verdict_of(const struct question *q, struct verdict *out) {
  const struct ask a = ask_of(q);
  const bool found = q->lookup == LOOKUP_FOUND;
  memset(out, 0, sizeof(*out));
  out->event = out->station = -1;
  out->valid_day = -1;
  out->has_attendee = found;
  if (found) out->attendee = q->attendee;
  bool doubt = false;
  for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
    out->unconfirmed = false; /* a refusal is as sure as its own rule, whatever the others couldn't tell */
    if (rules[i].refuses(&a, out)) {
      out->kind = rules[i].kind;
      return;
    }
    doubt = doubt || out->unconfirmed;
  }
  out->kind = VERDICT_ADMIT;
  out->unconfirmed = doubt;
  out->count = a.heads;
}
