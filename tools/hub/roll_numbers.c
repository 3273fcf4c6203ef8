/* SPDX-License-Identifier: Apache-2.0
 * Who has arrived, and what is counted of it. An arrival is a person's first admission at an entry that was not taken
 * back (where nobody told us of the stations, anywhere); who has no number arrives each time.
 */
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "tools/hub/roll_inner.h"

enum { MINUTES = 1440, EVENT_STATIONS_MOST = STATIONS_MAX };

/* --- whose people --- */

int roll_host(const struct roll *b, const struct user *user) {
  const struct catalog *c = b->names->folder ? &b->names->folder->catalog : NULL;
  if (!user->host[0]) return -1;
  for (int i = 0; c && i < c->hosts; i++)
    if (!strcmp(c->host[i].id, user->host)) return i;
  return HOSTS_MAX;
}

bool roll_is_theirs(int host, const struct person *p) { return host < 0 || (p && host < HOSTS_MAX && (p->hosts >> host & 1)); }

static const char *label_in(const struct text *text, enum lang lang) {
  if (text->in[lang][0]) return text->in[lang];
  for (int i = 0; i < LANG_COUNT; i++)
    if (text->in[i][0]) return text->in[i];
  return "";
}

const char *roll_type(const struct roll *b, const struct person *p) {
  if (!p || p->type < 0) return "";
  const struct ticket_type *t = &b->names->folder->catalog.type[p->type];
  const char *label = label_in(&t->label, LANG_ZH_HANS);
  return *label ? label : t->key;
}

bool roll_expected(const struct roll *b, const struct roll_event *e, const struct person *p) {
  return p->confirmed && strcmp(p->attention, ATTENTION_PRACTICE) != 0 &&
         !strcmp(b->names->folder->catalog.event[p->event].id, e->id);
}

/* --- who is in --- */

bool roll_is_entry(const struct roll *b, const char *station) {
  const struct station *s = merged_station(b->names, station);
  return !s || s->kind == STATION_ENTRY;
}

void roll_arrive(const struct roll *b, struct roll_event *e) {
  for (uint32_t i = 0; i < e->whos; i++) {
    struct who *w = &e->who[i];
    w->entry = NOBODY;
    for (uint32_t at = w->first; at != NOBODY; at = e->admission[at].next) {
      const struct admission *a = &e->admission[at];
      if (a->undone || !roll_is_entry(b, a->station)) continue;
      if (w->entry == NOBODY || a->wall_ms < e->admission[w->entry].wall_ms) w->entry = at;
    }
  }
}

/* Another kiosk had let the same person in where their station allows it once. */
bool roll_is_again(const struct roll *b, const struct roll_event *e, uint32_t at) {
  const struct admission *a = &e->admission[at];
  const struct station *s = merged_station(b->names, a->station);
  const struct event *event = merged_event(b->names, e->id);
  if (a->who == NOBODY || a->undone || (s && (s->times == TIMES_EVERY || s->times > 1))) return false;
  for (uint32_t i = e->who[a->who].first; i != at; i = e->admission[i].next) {
    const struct admission *other = &e->admission[i];
    if (other->undone || other->station != a->station || other->kiosk == a->kiosk) continue;
    if ((s && s->times == 1) || event_day(event, other->wall_ms) == event_day(event, a->wall_ms)) return true;
  }
  return false;
}

bool roll_conflict(const struct roll *b, const struct roll_event *e, const struct who *w, const char **station) {
  for (uint32_t i = w->first; i != NOBODY; i = e->admission[i].next)
    if (roll_is_again(b, e, i)) return *station = e->admission[i].station, true;
  return false;
}

/* --- counting --- */

struct count {
  const struct roll *b;
  struct roll_event *e;
  const struct event *event;
  int host;
  int32_t day; /* whose minutes are told */
  int64_t minute[MINUTES], type[TYPES_MAX + 1], type_of[TYPES_MAX + 1];
  int64_t arrived, known, expected, everyone, unsure, conflicts;
  const char *station[EVENT_STATIONS_MOST];
  int64_t people[EVENT_STATIONS_MOST], conflicts_at[EVENT_STATIONS_MOST];
  int stations;
};

static bool is_arrival(const struct roll_event *e, const struct roll *b, uint32_t i) {
  const struct admission *a = &e->admission[i];
  if (!a->here || a->undone) return false;
  return a->who == NOBODY ? roll_is_entry(b, a->station) : e->who[a->who].entry == i;
}

/* Today's; where nobody has come today, the last day's that had somebody. */
static void find_day(struct count *c, int64_t now_ms) {
  const int32_t today = event_day(c->event, now_ms);
  c->day = today;
  int32_t last = INT32_MIN;
  for (uint32_t i = 0; i < c->e->admissions; i++) {
    const struct admission *a = &c->e->admission[i];
    if (!a->sure || !is_arrival(c->e, c->b, i)) continue;
    const int32_t day = event_day(c->event, a->wall_ms);
    if (day <= today && day > last) last = day;
  }
  if (last != INT32_MIN) c->day = last;
}

static void count_station(struct count *c, const struct admission *a) {
  int i = 0;
  while (i < c->stations && c->station[i] != a->station) i++;
  if (i == EVENT_STATIONS_MOST) return;
  if (i == c->stations) c->station[c->stations++] = a->station;
  c->people[i] += a->count;
}

static void count_conflict(struct count *c, const struct who *who) {
  const char *station;
  if (!roll_is_theirs(c->host, who->person) || !roll_conflict(c->b, c->e, who, &station)) return;
  c->conflicts++;
  for (int i = 0; i < c->stations; i++)
    if (c->station[i] == station) c->conflicts_at[i]++;
}

static int type_of(const struct count *c, const struct person *p) {
  const int type = merged_seen_by(c->b->names, c->host, p)->type;
  return type < 0 ? TYPES_MAX : type;
}

static void count_arrival(struct count *c, const struct admission *a) {
  const struct person *p = a->who == NOBODY ? NULL : c->e->who[a->who].person;
  c->everyone += a->count;
  if (!roll_is_theirs(c->host, p)) return;
  c->arrived += a->count;
  if (p && roll_expected(c->b, c->e, p)) c->known++;
  if (p) c->type[type_of(c, p)]++;
  if (!a->sure) {
    c->unsure += a->count;
    return;
  }
  if (event_day(c->event, a->wall_ms) != c->day) return;
  const int32_t minute = (event_second(c->event, a->wall_ms) - c->event->day_border_s) / 60;
  if (minute >= 0 && minute < MINUTES) c->minute[minute] += a->count;
}

static void count_all(struct count *c) {
  const struct folder *f = c->b->names->folder;
  for (uint32_t i = 0; i < c->e->admissions; i++) {
    const struct admission *a = &c->e->admission[i];
    if (a->here && !a->undone && !roll_is_again(c->b, c->e, i)) count_station(c, a);
    if (is_arrival(c->e, c->b, i)) count_arrival(c, a);
  }
  for (uint32_t i = 0; i < c->e->whos; i++) count_conflict(c, &c->e->who[i]);
  for (int i = 0; f && i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    if (!roll_expected(c->b, c->e, p) || !roll_is_theirs(c->host, p)) continue;
    c->expected++;
    c->type_of[type_of(c, p)]++;
  }
}

/* --- as JSON --- */

static json_t *both(const struct text *text) {
  return json_pack("{s:s, s:s}", "zh", label_in(text, LANG_ZH_HANS), "en", label_in(text, LANG_EN));
}

static json_t *station_json(const struct count *c, int i) {
  const struct station *s = merged_station(c->b->names, c->station[i]);
  json_t *o = json_pack("{s:s, s:I, s:I}", "id", c->station[i], "people", (json_int_t)c->people[i], "conflicts",
                        (json_int_t)c->conflicts_at[i]);
  if (s) json_object_set_new(o, "label", both(&s->label));
  return o;
}

static json_t *types_json(const struct count *c) {
  json_t *all = json_array();
  const struct folder *f = c->b->names->folder;
  for (int i = 0; f && i <= TYPES_MAX; i++) {
    if (!c->type[i] && !c->type_of[i]) continue;
    json_t *o = json_pack("{s:I, s:I}", "in", (json_int_t)c->type[i], "of", (json_int_t)c->type_of[i]);
    if (i < TYPES_MAX) json_object_set_new(o, "label", both(&f->catalog.type[i].label));
    if (i < TYPES_MAX) json_object_set_new(o, "id", json_string(f->catalog.type[i].key));
    json_array_append_new(all, o);
  }
  return all;
}

static json_t *count_json(const struct count *c) {
  const struct civil day = civil_of(&c->event->zone, event_moment_ms(c->event, c->day, 12 * 3600));
  char date[32];
  json_t *minutes = json_array(), *stations = json_array();
  snprintf(date, sizeof date, "%04d-%02d-%02d", day.year, day.month, day.day);
  for (int i = 0; i < MINUTES; i++)
    if (c->minute[i]) json_array_append_new(minutes, json_pack("[i, I]", i, (json_int_t)c->minute[i]));
  for (int i = 0; i < c->stations; i++) json_array_append_new(stations, station_json(c, i));
  json_t *o = json_pack("{s:s, s:b, s:s, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "id", c->e->id, "roster",
                        c->b->names->folder != NULL, "day", date, "border", c->event->day_border_s / 60, "in",
                        (json_int_t)c->arrived, "known", (json_int_t)c->known, "expected", (json_int_t)c->expected, "everyone",
                        (json_int_t)c->everyone, "unsure", (json_int_t)c->unsure, "conflicts", (json_int_t)c->conflicts,
                        "minutes", minutes, "stations", stations, "types", types_json(c));
  if (o && !strcmp(c->event->id, c->e->id)) json_object_set_new(o, "title", both(&c->event->title));
  return o;
}

/* Kept for the next one who asks, until the event changes. */
json_t *roll_numbers(const struct roll *b, struct roll_event *e, int host, int64_t now_ms) {
  int i = 0;
  while (i < e->numbers_count && e->numbers[i].host != host) i++;
  if (i == e->numbers_count) e->numbers[e->numbers_count++] = (struct numbers){.host = host, .rev = -1};
  struct numbers *n = &e->numbers[i];
  if (n->rev == e->rev) return json_incref(n->json);
  struct count *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  c->b = b, c->e = e, c->host = host;
  c->event = merged_event(b->names, e->id);
  find_day(c, now_ms);
  count_all(c);
  json_decref(n->json);
  n->json = count_json(c);
  n->rev = e->rev;
  free(c);
  return json_incref(n->json);
}
