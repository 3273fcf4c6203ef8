/* SPDX-License-Identifier: Apache-2.0
 * Who is in the pack, for the operator whose card opened its index: the search, somebody by their number, and what a
 * list shows of a person.
 */
#include <string.h>

#include "base/utf8.h"
#include "desk/staff.h"
#include "desk/tend.h"

enum {
  BLOCKS = 1,   /* of the index, some 300 people, a turn: well under 2 ms */
  TELL_MS = 120 /* what was found so far is shown that often */
};

void staff_person(struct desk *d, const struct pack_found *who, struct moment now, struct staff_person *out) {
  const struct catalog *catalog = pack_catalog(d->pack);
  const struct station *station = &catalog->station[d->station];
  const struct event *event = &catalog->event[station->event];
  const struct attendee *a = &who->attendee;
  const char *name = names_find(&d->staff->names, catalog->event[a->event].id, a->number);
  struct history h = {.admitted = 0};
  memset(out, 0, sizeof *out);
  strcpy(out->number, a->number);
  out->event = a->event;
  strcpy(out->name, a->name);
  out->corrected = name != NULL;
  if (name) strcpy(out->name, name);
  strcpy(out->organization, a->organization);
  strcpy(out->title, a->title);
  strcpy(out->seat, a->seat);
  memcpy(out->phone, who->phone, utf8_cut(who->phone, strlen(who->phone), sizeof out->phone - 1));
  strcpy(out->attention, a->attention);
  out->type = a->type;
  out->confirmed = a->confirmed;
  out->party = a->party > 1 ? a->party : 1;
  if (a->event != station->event) return;
  if (!journal_history(d->journal, event->id, station->id, NULL, a->number, who->code, event, tend_day(d, now), &h)) return;
  out->inside = station->times == TIMES_DAILY ? h.people_today : h.admitted_people;
  out->since_ms = h.last_wall_ms;
  strcpy(out->where, h.last_kiosk);
}

/* --- search --- */

static void fill(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  for (int i = 0; i < o->search.shown; i++) staff_person(d, &o->search.found[i], now, &o->answer.person[i]);
  o->answer.count = o->search.shown;
  o->answer.more = o->search.more;
  o->answer.broken = o->search.broken;
}

static const char *event_of(const struct desk *d, const struct pack_found *found) {
  return pack_catalog(d->pack)->event[found->attendee.event].id;
}

static bool is_called(const struct desk *d, const struct pack_found *found, const struct name *name) {
  return !strcmp(found->attendee.number, name->number) && !strcmp(event_of(d, found), name->event);
}

static bool is_shown(const struct desk *d, const struct name *name) {
  const struct pack_search *s = &d->staff->open->search;
  for (int i = 0; i < s->shown; i++)
    if (is_called(d, &s->found[i], name)) return true;
  return false;
}

/* Whom staff gave a name that the index doesn't know: first, since it is the name that they go by now. */
static void add_renamed(void *desk, const struct pack_found *found) {
  const struct desk *d = desk;
  struct staff_open *o = d->staff->open;
  struct pack_search *s = &o->search;
  for (int i = 0; i < o->renames; i++) {
    if (!is_called(d, found, &d->staff->names.at[o->renamed[i]])) continue;
    const bool full = s->shown == PACK_FOUND_MAX;
    const int moves = full ? PACK_FOUND_MAX - 1 : s->shown;
    s->shown += !full;
    s->more += full;
    memmove(&s->found[1], &s->found[0], sizeof *s->found * (size_t)moves);
    s->found[0] = *found;
  }
}

static bool look_for_renamed(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  if (pack_walk_step(o->session, &o->walk, BLOCKS, add_renamed, d)) return true;
  fill(d, now);
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  return false;
}

static bool any_renamed(struct desk *d) {
  struct staff_open *o = d->staff->open;
  const struct names *names = &d->staff->names;
  o->renames = 0;
  for (int i = names->count; i-- > 0 && o->renames < STAFF_LIST_MAX;)
    if (match_name(&o->search.query, names->at[i].name) && !is_shown(d, &names->at[i])) o->renamed[o->renames++] = (int16_t)i;
  return o->renames > 0;
}

static bool look(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  if (pack_search_step(o->session, &o->search, BLOCKS)) {
    if (now.mono_ms - o->told_ms < TELL_MS) return true;
    pack_search_show(o->session, &o->search);
    fill(d, now);
    staff_say_more(d, now);
    return true;
  }
  pack_search_show(o->session, &o->search);
  fill(d, now);
  if (any_renamed(d)) {
    staff_say_more(d, now);
    memset(&o->walk, 0, sizeof o->walk);
    o->job = look_for_renamed;
    return true;
  }
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  return false;
}

void staff_search(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  if (!o->session) {
    staff_say(d, STAFF_DENIED, STAFF_NO_SEARCH);
    return;
  }
  pack_search_begin(&o->search, o->request.text);
  o->told_ms = now.mono_ms;
  o->job = look;
}

/* --- by number --- */

static bool is_asked_for(const struct staff_request *r, const struct attendee *a) {
  return a->event == r->event && !strcmp(a->number, r->number);
}

static void keep(void *open, const struct pack_found *found) {
  struct staff_open *o = open;
  if (is_asked_for(&o->request, &found->attendee)) o->who = *found;
}

static bool go_on(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  const bool more = pack_walk_step(o->session, &o->walk, BLOCKS, keep, o);
  const bool found = is_asked_for(&o->request, &o->who.attendee);
  if (more && !found) return true;
  o->job = NULL;
  if (found)
    o->act(d, &o->who, now);
  else
    staff_say(d, STAFF_REFUSED, STAFF_NOT_FOUND);
  return false;
}

void staff_find(struct desk *d, struct moment now, void (*act)(struct desk *, const struct pack_found *, struct moment)) {
  struct staff_open *o = d->staff->open;
  if (!o->session || !o->request.number[0]) {
    staff_say(d, o->session ? STAFF_REFUSED : STAFF_DENIED, o->session ? STAFF_NOT_FOUND : STAFF_NO_SEARCH);
    return;
  }
  for (int i = 0; i < o->search.shown; i++)
    if (is_asked_for(&o->request, &o->search.found[i].attendee)) {
      act(d, &o->search.found[i], now);
      return;
    }
  memset(&o->walk, 0, sizeof o->walk);
  o->who.attendee.number[0] = '\0';
  o->act = act;
  o->job = go_on;
}
