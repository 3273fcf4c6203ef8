/* SPDX-License-Identifier: Apache-2.0
 * What counts. A person's admissions are gone through in the order of their true times: the first counts, and
 * what its station's rule doesn't allow after it is a conflict, whichever kiosk gave it. What a kiosk let in
 * because its clock or its view of the others couldn't tell (`unconfirmed`) is asked all rules again, by the
 * same function; where the true time isn't sure enough to say that a rule was broken, the answer has a ? behind
 * it. What staff let in against a rule stays.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "core/day.h"
#include "journal/merge_stage.h"

struct admission {
  struct merge_row *row;
  uint32_t n;
  int64_t count;
};

struct past { /* what a person has done at one station */
  uint32_t station;
  int64_t first, last_ms, last_rank;
  int32_t today, today_people, day, admitted, people; /* `today`: admissions on `day`, the last one's */
};

enum { PAST_MOST = STATIONS_MAX };

struct judging {
  struct merge *m;
  const struct merge_rules *rules;
  struct problem *problem;
  uint32_t person_event, person_who; /* in hand */
  const char *who;
  bool known;
  struct attendee attendee;
  struct past past[PAST_MOST];
  int pasts;
  uint32_t looked_up; /* the station that was asked for last, and where it is in the catalog */
  int looked_up_at;
  struct question question;
};

static int station_of(const struct catalog *c, const char *id) {
  for (int i = 0; c && i < c->stations; i++)
    if (!strcmp(c->station[i].id, id)) return i;
  return -1;
}

static int station_at(struct judging *j, uint32_t station) {
  if (j->looked_up != station)
    j->looked_up = station, j->looked_up_at = station_of(j->rules->catalog, interned_at(&j->m->rows.texts, station));
  return j->looked_up_at;
}

static struct past *past_of(struct judging *j, uint32_t station) {
  for (int i = 0; i < j->pasts; i++)
    if (j->past[i].station == station) return &j->past[i];
  if (j->pasts == PAST_MOST) return NULL;
  struct past *p = &j->past[j->pasts++];
  *p = (struct past){.station = station, .first = -1};
  return p;
}

static const struct past *past_at(const struct judging *j, const char *station) {
  for (int i = 0; i < j->pasts; i++)
    if (!strcmp(interned_at(&j->m->rows.texts, j->past[i].station), station)) return &j->past[i];
  return NULL;
}

static void next_person(struct judging *j, const struct merge_row *row) {
  j->person_event = row->event, j->person_who = row->who;
  j->who = interned_at(&j->m->rows.texts, row->who);
  j->pasts = 0;
  j->attendee = (struct attendee){.type = -1, .party = 1, .confirmed = true};
  j->known = *j->who && *j->who != '#' && j->rules->attendee && j->rules->attendee(j->rules->self, j->who, &j->attendee);
}

/* The question as a kiosk would ask it now that it knows the time and what all the others did. */
static enum verdict_kind ask(struct judging *j, const struct admission *a, int64_t time, int station, const struct past *here,
                             bool all_rules) {
  const struct catalog *c = j->rules->catalog;
  const struct station *s = &c->station[station];
  const struct event *event = &c->event[s->event];
  struct question *q = &j->question;
  struct verdict v;
  memset(q, 0, sizeof *q);
  q->catalog = c, q->station = (int16_t)station, q->trusted_day = -1;
  q->ticket.kind = TICKET_CODE;
  q->lookup = !*j->who ? LOOKUP_PRESENCE : *j->who == '#' ? LOOKUP_ACCEPTED : LOOKUP_FOUND;
  q->attendee = j->attendee;
  q->attendee.event = s->event;
  if (!all_rules) q->attendee.type = -1, q->attendee.confirmed = true;
  q->now = (struct moment){.wall_ms = time, .wall_ok = true};
  struct history *h = &q->history;
  h->others_known = true;
  h->admitted = here->admitted, h->admitted_people = here->people;
  bool same_day = here->today && here->day == event_day(event, time);
  h->admitted_today = same_day ? here->today : 0;
  h->people_today = same_day ? here->today_people : 0;
  if (s->party_all && a->count < j->attendee.party) q->heads = (int32_t)a->count; /* some of a party, by hand */
  h->last_wall_ms = here->last_ms;
  const struct past *step = s->after >= 0 ? past_at(j, c->station[s->after].id) : NULL;
  h->step_done = step && step->admitted > 0;
  h->step_today = h->step_done && step->day == event_day(event, time);
  verdict_of(q, &v);
  return v.kind;
}

/* Might it have been at a time at which the rules say otherwise? */
static bool is_doubtful(struct judging *j, const struct admission *a, int station, const struct past *here,
                        enum verdict_kind now) {
  const int64_t time = a->row->time, sure = a->row->sure;
  if (now != VERDICT_EARLY && now != VERDICT_CLOSED && now != VERDICT_ELSEWHERE && now != VERDICT_MISSING_STEP) return false;
  return sure < 0 || ask(j, a, time - sure, station, here, true) != now || ask(j, a, time + sure, station, here, true) != now;
}

/* Without the rules: one kiosk knows what it does, but two that admit the same person on one day don't. */
static int32_t plain_day(int64_t ms) {
  int64_t local = ms + INT64_C(4) * 3600 * 1000; /* UTC+8, the day beginning at 4 */
  return (int32_t)((local - (local < 0 ? 86399999 : 0)) / 86400000);
}

static bool other_kiosk_today(const struct judging *j, const struct admission *a, const struct past *here) {
  return here->admitted && here->day == plain_day(a->row->time) && here->last_rank != j->m->rank[a->row->journal];
}

static void count(struct judging *j, const struct admission *a, int station, struct past *here) {
  const struct catalog *c = j->rules->catalog;
  int32_t day = station >= 0 ? event_day(&c->event[c->station[station].event], a->row->time) : plain_day(a->row->time);
  here->today_people = (int32_t)a->count + (here->today && here->day == day ? here->today_people : 0);
  here->today = here->day == day ? here->today + 1 : 1;
  here->day = day;
  here->admitted++;
  here->people += (int32_t)a->count;
  here->last_ms = a->row->time, here->last_rank = j->m->rank[a->row->journal];
  if (here->first < 0) here->first = a->n;
}

static void put(const struct admission *a, enum ruling ruling) {
  a->row->ruling = (uint8_t)ruling;
  a->row->people = (int32_t)a->count;
}

static void judge_one(struct judging *j, const struct admission *a) {
  struct merge_row *row = a->row;
  const int station = station_at(j, row->station);
  struct past *here = *j->who ? past_of(j, row->station) : NULL, nobody = {.first = -1};
  if (!here) here = &nobody; /* somebody, nobody knows who; or more stations than an event has */
  enum verdict_kind now = VERDICT_ADMIT;
  const bool override = row->flags & MERGE_OVERRIDE, listed = *j->who && *j->who != '#';
  const bool all_rules = row->flags & MERGE_UNCONFIRMED && (j->known || !listed); /* of who isn't on the roster the type isn't
                                                                                     known */
  if (!override && station >= 0) now = ask(j, a, row->time, station, here, all_rules);
  if (!override && station < 0 && other_kiosk_today(j, a, here)) now = VERDICT_AGAIN;
  if (now == VERDICT_AGAIN) {
    put(a, RULING_CONFLICT);
    row->first = (uint32_t)here->first;
    return;
  }
  if (all_rules && now != VERDICT_ADMIT && now != VERDICT_FULL)
    row->again = (uint8_t)((now + 1) | (is_doubtful(j, a, station, here, now) ? MERGE_DOUBT : 0));
  count(j, a, station, here);
  put(a, RULING_COUNTS);
}

static int64_t who_of(const void *merge, uint32_t at) { return merge_kept(merge, at)->who; }

static int64_t event_of(const void *merge, uint32_t at) { return merge_kept(merge, at)->event; }

/* A person's admissions one behind the other, by time; which person comes first is no matter. */
static bool judge_all(struct judging *j) {
  struct merge *m = j->m;
  uint32_t *admitted = malloc(((size_t)m->kept + 1) * sizeof *admitted), count = 0;
  for (uint32_t t = 0; admitted && t < m->kept; t++) {
    const uint32_t at = ((const uint32_t *)m->by_time.at)[t];
    if (merge_kept(m, at)->flags & MERGE_ADMITS) admitted[count++] = at;
  }
  if (!admitted || !order_by(admitted, count, who_of, m) || !order_by(admitted, count, event_of, m)) {
    free(admitted);
    return problem_set(j->problem, "内存不足。", "Out of memory.");
  }
  for (uint32_t i = 0; i < count; i++) {
    struct merge_row *row = merge_kept(m, admitted[i]);
    const struct admission a = {row, admitted[i] + 1, row->count < 1 ? 1 : row->count};
    if (i == 0 || j->person_who != row->who || j->person_event != row->event) next_person(j, row);
    if (row->flags & MERGE_UNDONE)
      put(&a, RULING_UNDONE);
    else
      judge_one(j, &a);
  }
  free(admitted);
  return true;
}

/* Too many at a station where none of the kiosks could know: those that came last, of those who were let in on doubt. */
static void judge_capacity(struct judging *j) {
  const struct catalog *c = j->rules->catalog;
  const struct merge *m = j->m;
  for (int i = 0; c && i < c->stations; i++) {
    int64_t inside = 0;
    for (uint32_t t = 0; c->station[i].capacity > 0 && t < m->kept; t++) {
      struct merge_row *row = merge_kept(m, ((const uint32_t *)m->by_time.at)[t]);
      if (row->ruling != RULING_COUNTS || station_at(j, row->station) != i) continue;
      inside += row->people;
      if (inside > c->station[i].capacity && row->flags & MERGE_UNCONFIRMED && !row->again) row->again = VERDICT_FULL + 1;
    }
  }
}

static void count_rulings(struct merge *m) {
  struct merge_counts *c = &m->counts;
  for (uint32_t i = 0; i < m->kept; i++) {
    const struct merge_row *row = merge_kept(m, i);
    c->admitted += row->ruling == RULING_COUNTS;
    c->people += row->ruling == RULING_COUNTS ? row->people : 0;
    c->conflicts += row->ruling == RULING_CONFLICT || row->ruling >= RULING_UNDO_REFUSED;
    c->undone += row->ruling == RULING_UNDONE;
    c->rejudged += row->again != 0;
  }
}

bool merge_judge(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  struct judging *j = calloc(1, sizeof *j);
  if (!j) return problem_set(problem, "内存不足。", "Out of memory.");
  j->m = m, j->rules = rules, j->problem = problem, j->looked_up = UINT32_MAX;
  const bool good = judge_all(j);
  if (good) judge_capacity(j), count_rulings(m);
  free(j);
  return good;
}
