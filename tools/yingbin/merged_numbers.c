/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merged_numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"

struct reading {
  struct merged *m;
  struct numbers *n;
  int last; /* the station row found last */
  /* the person in hand */
  char who[ID_MAX + 2], event[ID_MAX];
  const struct person *person;
  struct arrival arrival, today; /* today: on the day of the row that was taken last */
};

/* --- events and days --- */

static struct numbers_event *event_at(struct numbers *n, const char *event) {
  char id[ID_MAX]; /* what is longer is no event of a pack's */
  utf8_copy(id, sizeof id, event);
  for (int i = 0; i < n->events; i++)
    if (!strcmp(n->event[i].id, id)) return &n->event[i];
  n->event = grow(n->event, (size_t)n->events + 1, sizeof *n->event);
  struct numbers_event *e = &n->event[n->events++];
  *e = (struct numbers_event){.days = 0};
  memcpy(e->id, id, sizeof id);
  return e;
}

static struct numbers_day *day_at(struct numbers_event *e, int32_t day) {
  int at = 0;
  while (at < e->days && e->day[at].day < day) at++;
  if (at < e->days && e->day[at].day == day) return &e->day[at];
  if (e->days == NUMBERS_DAYS) return NULL;
  e->day = grow(e->day, (size_t)e->days + 1, sizeof *e->day);
  memmove(e->day + at + 1, e->day + at, (size_t)(e->days - at) * sizeof *e->day);
  e->days++;
  memset(&e->day[at], 0, sizeof e->day[at]);
  e->day[at].day = day;
  return &e->day[at];
}

void arrival_take(struct arrival *a, const struct station *known, const char *station, const char *who, int64_t time_ms,
                  int32_t day, int64_t people) {
  const bool entry = !known || known->kind == STATION_ENTRY;
  if (!*who && known && known->kind == STATION_EXIT) return;
  if (!a->has || (entry && !a->entry)) {
    *a = (struct arrival){.has = true, .entry = entry, .time_ms = time_ms, .people = people, .day = day};
    utf8_copy(a->station, sizeof a->station, station);
  } else if (day == a->day && !strcmp(station, a->station)) {
    a->people += people;
  }
}

static void end_day(struct reading *r) {
  const struct arrival a = r->today;
  r->today = (struct arrival){.has = false};
  if (!a.has) return;
  struct numbers_event *e = event_at(r->n, r->event);
  const struct event *calendar = merged_event(r->m, r->event);
  struct numbers_day *d = day_at(e, a.day);
  const int32_t minute = (event_second(calendar, a.time_ms) - calendar->day_border_s) / 60;
  if (d) d->arrived += a.people;
  if (d && minute >= 0) d->minute[minute < NUMBERS_MINUTES ? minute : NUMBERS_MINUTES - 1] += a.people;
  if (!d) e->other_days += a.people;
}

static void arrive(struct reading *r) {
  const struct arrival a = r->arrival;
  end_day(r);
  r->arrival = (struct arrival){.has = false};
  if (!a.has) return;
  struct numbers_event *e = event_at(r->n, r->event);
  struct numbers_day *d = day_at(e, a.day);
  e->arrived += a.people;
  if (d) d->first += a.people;
  if (!r->person) {
    e->strangers += a.people;
    return;
  }
  e->known++;
  const int type = merged_seen(r->m, r->person)->type;
  e->type[type >= 0 ? type : TYPES_MAX]++;
  for (int i = 0; i < HOSTS_MAX; i++) e->host[i] += r->person->hosts >> i & 1;
}

/* --- stations --- */

static int compare(const struct numbers_station *a, const struct numbers_station *b) {
  int order = strcmp(a->station, b->station);
  if (order) return order;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  if (a->type != b->type) return a->type < b->type ? -1 : 1;
  return (a->hosts > b->hosts) - (a->hosts < b->hosts);
}

static struct numbers_station *station_at(struct reading *r, const struct numbers_station *wanted) {
  struct numbers *n = r->n;
  if (r->last < n->stations && !compare(&n->station[r->last], wanted)) return &n->station[r->last];
  int low = 0, high = n->stations;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (compare(&n->station[middle], wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  r->last = low;
  if (low < n->stations && !compare(&n->station[low], wanted)) return &n->station[low];
  if (n->stations == n->room) n->station = grow(n->station, (size_t)(n->room = n->room ? 2 * n->room : 64), sizeof *n->station);
  memmove(n->station + low + 1, n->station + low, (size_t)(n->stations++ - low) * sizeof *n->station);
  n->station[low] = *wanted;
  return &n->station[low];
}

static void count_station(struct reading *r, const char *station, int32_t day, int64_t people, bool undone, bool by_hand) {
  struct numbers_station wanted = {
      .day = day, .type = r->person ? merged_seen(r->m, r->person)->type : -1, .hosts = r->person ? r->person->hosts : 0};
  utf8_copy(wanted.station, sizeof wanted.station, station);
  struct numbers_station *s = station_at(r, &wanted);
  if (undone) {
    s->undone += people;
    return;
  }
  s->people += people;
  s->times++;
  s->by_hand += by_hand;
  s->more += people - 1;
}

/* --- a person's records together --- */

static void take(struct reading *r, const struct merged_row *row) {
  const struct merged_rows *rows = &r->m->rows;
  const char *who = merged_row_text(rows, row->who), *event = merged_row_text(rows, row->event);
  const char *station = merged_row_text(rows, row->station), *by = merged_row_text(rows, row->by);
  const struct station *known = merged_station(r->m, station);
  const bool undone = row->ruling == RULING_UNDONE;
  const int32_t day = event_day(merged_event(r->m, event), row->time_ms);
  if (!*who || strcmp(who, r->who) || strcmp(event, r->event)) {
    arrive(r);
    snprintf(r->who, sizeof r->who, "%s", who);
    utf8_copy(r->event, sizeof r->event, event);
    r->person = merged_person(r->m, who);
  }
  event_at(r->n, event);
  count_station(r, station, day, row->people, undone, !strcmp(by, "hand") || !strcmp(by, "phone") || !strcmp(by, "paper"));
  if (undone) return;
  if (r->today.has && r->today.day != day) end_day(r);
  if (!r->arrival.has || !known || known->kind != STATION_EXIT)
    arrival_take(&r->today, known, station, who, row->time_ms, day, row->people);
  arrival_take(&r->arrival, known, station, who, row->time_ms, day, row->people);
}

struct group { /* of one person's rows: places in by_who */
  const char *who;
  uint32_t from, to;
};

static int by_text(const void *a, const void *b) {
  return strcmp(((const struct group *)a)->who, ((const struct group *)b)->who);
}

/* In the order of their texts: events that the catalog doesn't know come in the order in which they are met. */
static struct group *group_all(const struct merged_rows *rows, uint32_t *count) {
  struct group *all = grow(NULL, (size_t)rows->count + 1, sizeof *all);
  *count = 0;
  for (uint32_t i = 0; i < rows->count; i++) {
    const struct merged_row *row = merged_row(rows, rows->by_who[i]);
    if (!i || row->who != merged_row(rows, rows->by_who[i - 1])->who)
      all[(*count)++] = (struct group){merged_row_text(rows, row->who), i, i};
    all[*count - 1].to = i + 1;
  }
  all = grow(all, (size_t)*count + 1, sizeof *all);
  qsort(all, *count, sizeof *all, by_text);
  return all;
}

static void take_all(struct reading *r) {
  const struct merged_rows *rows = &r->m->rows;
  uint32_t count;
  struct group *all = group_all(rows, &count);
  for (uint32_t g = 0; g < count; g++)
    for (uint32_t i = all[g].from; i < all[g].to; i++) {
      const struct merged_row *row = merged_row(rows, rows->by_who[i]);
      if (row->ruling == RULING_COUNTS || row->ruling == RULING_UNDONE) take(r, row);
    }
  arrive(r);
  free(all);
}

static void expect_people(struct merged *m, struct numbers *n) {
  const struct folder *f = m->folder;
  for (int i = 0; i < m->people; i++) {
    const struct person *p = m->person[i];
    struct numbers_event *e = event_at(n, f->catalog.event[p->event].id);
    e->expected++;
    const int type = merged_seen(m, p)->type;
    e->type_expected[type >= 0 ? type : TYPES_MAX]++;
    for (int k = 0; k < HOSTS_MAX; k++) e->host_expected[k] += p->hosts >> k & 1;
  }
}

/* Does it say how busy the doors were? At an event without an entry every station does, but exits. */
static bool is_door(const struct merged *m, const char *station) {
  const struct catalog *c = m->folder ? &m->folder->catalog : NULL;
  const struct station *at = merged_station(m, station);
  bool has_entry = false;
  if (!c || !at || at->kind == STATION_ENTRY) return true;
  for (int i = 0; i < c->stations; i++)
    has_entry = has_entry || (c->station[i].kind == STATION_ENTRY && c->station[i].event == at->event);
  return at->kind != STATION_EXIT && !has_entry;
}

struct minute {
  int64_t at, people;
};

static void end_minute(struct numbers_event *e, const struct minute *m) {
  if (m->people > e->busiest) e->busiest = m->people, e->busiest_ms = m->at * 60000;
}

static void count_conflicts(const struct merged_rows *rows, struct numbers *n) {
  for (uint32_t i = 0; i < rows->count; i++) {
    const struct merged_row *row = merged_row(rows, i);
    event_at(n, merged_row_text(rows, row->event))->conflicts += merged_is_conflict(row);
  }
}

static void find_busiest(const struct merged *m, struct numbers *n) {
  const struct merged_rows *rows = &m->rows;
  struct minute *minute = grow(NULL, (size_t)n->events + 1, sizeof *minute);
  memset(minute, 0, ((size_t)n->events + 1) * sizeof *minute);
  for (uint32_t i = 0; i < rows->count; i++) {
    const struct merged_row *row = merged_row(rows, rows->by_time[i]);
    struct numbers_event *e = event_at(n, merged_row_text(rows, row->event));
    struct minute *now = &minute[e - n->event];
    if (row->ruling != RULING_COUNTS || !is_door(m, merged_row_text(rows, row->station))) continue;
    if (now->at != row->time_ms / 60000) end_minute(e, now), *now = (struct minute){.at = row->time_ms / 60000};
    now->people += row->people;
  }
  for (int i = 0; i < n->events; i++) end_minute(&n->event[i], &minute[i]);
  free(minute);
}

void numbers_read(struct merged *m, struct numbers *n) {
  struct reading r = {.m = m, .n = n};
  *n = (struct numbers){.events = 0};
  for (int i = 0; m->folder && i < m->folder->catalog.events; i++) event_at(n, m->folder->catalog.event[i].id);
  if (m->folder) expect_people(m, n);
  take_all(&r);
  for (int i = 0; i < n->events; i++) n->event[i].missing = n->event[i].expected - n->event[i].known;
  count_conflicts(&m->rows, n);
  find_busiest(m, n);
}

void numbers_free(struct numbers *n) {
  for (int i = 0; i < n->events; i++) free(n->event[i].day);
  free(n->event);
  free(n->station);
}

int64_t numbers_merge_small(int64_t *cell, int count, int64_t least) {
  int64_t sum = 0;
  int merged = 0;
  for (int i = 0; i < count; i++)
    if (cell[i] > 0 && cell[i] < least) sum += cell[i], cell[i] = -1, merged++;
  while (merged && (merged == 1 || sum < least)) { /* one alone would be told by the rest */
    int smallest = -1;
    for (int i = 0; i < count; i++)
      if (cell[i] > 0 && (smallest < 0 || cell[i] < cell[smallest])) smallest = i;
    if (smallest < 0) return sum < least ? -1 : sum;
    sum += cell[smallest], cell[smallest] = -1, merged++;
  }
  return sum;
}
