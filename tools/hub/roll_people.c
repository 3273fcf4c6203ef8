/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tools/hub/roll_inner.h"
#include "ui/screens.h"

/* --- one person --- */

static json_t *admission_json(const struct roll *b, const struct roll_event *e, const struct admission *a) {
  char at[MERGED_TIME];
  merged_time(b->names, e->id, a->wall_ms, at);
  return json_pack("{s:s, s:s, s:s, s:b}", "station", a->station, "kiosk", a->kiosk, "at", at, "sure", a->sure);
}

static json_t *admissions_json(const struct roll *b, const struct roll_event *e, const struct who *w, const char *station) {
  json_t *all = json_array();
  for (uint32_t i = w ? w->first : NOBODY; i != NOBODY; i = e->admission[i].next) {
    const struct admission *a = &e->admission[i];
    if (!a->undone && (!station || a->station == station)) json_array_append_new(all, admission_json(b, e, a));
  }
  return all;
}

static const char *last_four(const char *phone) {
  const size_t len = strlen(phone);
  return len > 4 ? phone + len - 4 : phone;
}

/* A volunteer finds somebody by what they say of themselves, and is told no more of them than whether it is them. A host's
 * people are told what is on its own roster. */
static json_t *person_json(const struct roll *b, const struct roll_event *e, const struct user *user, int host,
                           const struct person *person, const struct who *w, const char *station) {
  const struct person *p = merged_seen_by(b->names, host, person);
  char masked[NAME_MAX_BYTES + 8];
  const char *name = p ? p->name : "", *where;
  const bool all = user->role == ROLE_ORGANIZER;
  screen_mask_name(name, masked, sizeof masked);
  json_t *o = json_pack("{s:s, s:s, s:b, s:o}", "name", all ? name : masked, "type", roll_type(b, p), "arrived",
                        w && w->entry != NOBODY, "in", admissions_json(b, e, w, station));
  if (w && roll_conflict(b, e, w, &where)) json_object_set_new(o, "conflict", json_true());
  if (w && *w->word == '#') json_object_set_new(o, "unlisted", json_true());
  if (!p && w && *w->word != '#') json_object_set_new(o, "number", json_string(w->word));
  if (!all || !p) return o;
  json_object_set_new(o, "number", json_string(p->number));
  json_object_set_new(o, "phone", json_string(last_four(p->phone)));
  json_object_set_new(o, "organization", json_string(p->organization));
  return o;
}

/* --- search --- */

struct listing {
  const struct roll *b;
  const struct roll_event *e;
  const struct roll_ask *ask;
  struct match_query query;
  int host;
  int64_t at; /* how many were gone through */
  json_t *people;
  int64_t more;
};

/* By their number alone where nobody knows more. */
static bool fits(const struct listing *l, const struct person *p, const char *number) {
  const char *search = l->ask->search;
  return !*search || !strcmp(search, number) ||
         (p && !l->ask->number_only && l->query.words && names_fit(l->b->from, p, &l->query));
}

/* False: the answer is full. */
static bool list_one(struct listing *l, const struct person *p, const char *number) {
  const struct roll_ask *ask = l->ask;
  const int64_t at = l->at++;
  if (at < ask->after || !roll_is_theirs(l->host, p) || !fits(l, p, number)) return true;
  const struct who *w = roll_who(l->e, l->b, number);
  const bool arrived = w && w->entry != NOBODY;
  if ((ask->list == ROLL_IN && !arrived) || (ask->list == ROLL_OUT && (arrived || !p || !roll_expected(l->b, l->e, p))))
    return true;
  if (json_array_size(l->people) == (size_t)ask->most) return l->more = at, false;
  json_array_append_new(l->people, person_json(l->b, l->e, ask->user, l->host, p, w, NULL));
  return true;
}

json_t *roll_people(struct roll *b, const struct roll_ask *ask) {
  pthread_mutex_lock(&b->lock);
  const struct folder *f = b->names->folder;
  struct listing l = {
      .b = b, .e = roll_event_of(b, ask->event), .ask = ask, .host = roll_host(b, ask->user), .people = json_array()};
  match_query(ask->search, &l.query);
  bool room = l.e != NULL;
  for (int i = 0; room && f && i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    if (!strcmp(f->catalog.event[p->event].id, l.e->id) && strcmp(p->attention, ATTENTION_PRACTICE) != 0)
      room = list_one(&l, p, p->number);
  }
  for (uint32_t i = 0; room && i < l.e->whos; i++)
    if (!l.e->who[i].person) room = list_one(&l, NULL, l.e->who[i].word);
  pthread_mutex_unlock(&b->lock);
  return json_pack("{s:o, s:I}", "people", l.people, "more", (json_int_t)l.more);
}

json_t *roll_conflicts(struct roll *b, const struct user *user, const char *event) {
  enum { MOST = 500 };
  json_t *all = json_array();
  const char *station;
  pthread_mutex_lock(&b->lock);
  const struct roll_event *e = roll_event_of(b, event);
  const int host = roll_host(b, user);
  for (uint32_t i = 0; e && i < e->whos && json_array_size(all) < MOST; i++) {
    const struct who *w = &e->who[i];
    if (!roll_is_theirs(host, w->person) || !roll_conflict(b, e, w, &station)) continue;
    json_t *o = person_json(b, e, user, host, w->person, w, station);
    json_object_set_new(o, "station", json_string(station));
    json_array_append_new(all, o);
  }
  pthread_mutex_unlock(&b->lock);
  return json_pack("{s:o}", "conflicts", all);
}
