/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merged_numbers.h"

#include <stdlib.h>
#include <string.h>

#include "core/day.h"

struct reading {
  struct merged *m;
  struct numbers *n;
  sqlite3_stmt *row;
  int last; /* the station row found last */
  /* the person in hand */
  char who[ID_MAX + 2], event[ID_MAX];
  const struct person *person;
  struct arrival arrival;
};

/* --- events and days --- */

static struct numbers_event *event_at(struct numbers *n, const char *id) {
  for (int i = 0; i < n->events; i++)
    if (!strcmp(n->event[i].id, id)) return &n->event[i];
  n->event = grow(n->event, (size_t)n->events + 1, sizeof *n->event);
  struct numbers_event *e = &n->event[n->events++];
  *e = (struct numbers_event){.days = 0};
  snprintf(e->id, sizeof e->id, "%s", id);
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
    snprintf(a->station, sizeof a->station, "%s", station);
  } else if (day == a->day && !strcmp(station, a->station)) {
    a->people += people;
  }
}

static void arrive(struct reading *r) {
  const struct arrival a = r->arrival;
  r->arrival = (struct arrival){.has = false};
  if (!a.has) return;
  struct numbers_event *e = event_at(r->n, r->event);
  const struct event *calendar = merged_event(r->m, r->event);
  struct numbers_day *d = day_at(e, a.day);
  int32_t minute = (event_second(calendar, a.time_ms) - calendar->day_border_s) / 60;
  e->arrived += a.people;
  if (d) d->arrived += a.people;
  if (d && minute >= 0) d->minute[minute < NUMBERS_MINUTES ? minute : NUMBERS_MINUTES - 1] += a.people;
  if (!d) e->other_days += a.people;
  if (!r->person) {
    e->strangers += a.people;
    return;
  }
  e->known++;
  e->type[r->person->type >= 0 ? r->person->type : TYPES_MAX]++;
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
      .day = day, .type = r->person ? r->person->type : -1, .hosts = r->person ? r->person->hosts : 0};
  snprintf(wanted.station, sizeof wanted.station, "%s", station);
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

/* --- one pass, a person's records together --- */

/* Sorted narrow: by an index each row would be read from another place of the file. */
static const char admissions[] = "SELECT who, time_ms, coalesce(event, ''), coalesce(station, ''), people, ruling = 'undone', "
                                 "coalesce(by, '') FROM record NOT INDEXED WHERE "
                                 "ruling IS NOT NULL AND ruling <> 'conflict' ORDER BY who, time_ms, n";

static void take(struct reading *r) {
  sqlite3_stmt *s = r->row;
  const char *who = merged_text(s, 0), *event = merged_text(s, 2), *station = merged_text(s, 3), *by = merged_text(s, 6);
  const struct station *known = merged_station(r->m, station);
  int64_t time = sqlite3_column_int64(s, 1), people = sqlite3_column_int64(s, 4);
  bool undone = sqlite3_column_int(s, 5) != 0;
  int32_t day = event_day(merged_event(r->m, event), time);
  if (!*who || strcmp(who, r->who) || strcmp(event, r->event)) {
    arrive(r);
    snprintf(r->who, sizeof r->who, "%s", who);
    snprintf(r->event, sizeof r->event, "%s", event);
    r->person = merged_person(r->m, who);
  }
  event_at(r->n, event);
  count_station(r, station, day, people, undone, !strcmp(by, "hand") || !strcmp(by, "phone") || !strcmp(by, "paper"));
  if (!undone) arrival_take(&r->arrival, known, station, who, time, day, people);
}

static void expect_people(struct merged *m, struct numbers *n) {
  const struct folder *f = m->folder;
  for (int i = 0; i < m->people; i++) {
    const struct person *p = m->person[i];
    struct numbers_event *e = event_at(n, f->catalog.event[p->event].id);
    e->expected++;
    e->type_expected[p->type >= 0 ? p->type : TYPES_MAX]++;
    for (int k = 0; k < HOSTS_MAX; k++) e->host_expected[k] += p->hosts >> k & 1;
  }
}

/* Stations that say nothing of how busy the doors were. */
static bool mark_inner(struct merged *m, struct problem *problem) {
  const struct catalog *c = m->folder ? &m->folder->catalog : NULL;
  sqlite3_stmt *s = NULL;
  uint64_t has_entry = 0;
  _Static_assert((int)EVENTS_MAX <= 64, "a bit each");
  for (int i = 0; c && i < c->stations; i++)
    if (c->station[i].kind == STATION_ENTRY) has_entry |= UINT64_C(1) << c->station[i].event;
  bool good = (!sqlite3_exec(m->db, "CREATE TEMP TABLE IF NOT EXISTS inner_station (id TEXT PRIMARY KEY) WITHOUT ROWID", NULL,
                             NULL, NULL) ||
               merged_done(m, SQLITE_ERROR, problem)) &&
              merged_prepare(m, "INSERT OR IGNORE INTO temp.inner_station VALUES (?1)", &s, problem);
  for (int i = 0; good && c && i < c->stations; i++) {
    const struct station *at = &c->station[i];
    if (at->kind == STATION_ENTRY || (at->kind != STATION_EXIT && !(has_entry >> at->event & 1))) continue;
    sqlite3_bind_text(s, 1, at->id, -1, SQLITE_STATIC);
    good = merged_done(m, sqlite3_step(s), problem);
    sqlite3_reset(s);
  }
  sqlite3_finalize(s);
  return good;
}

static bool count_conflicts(struct merged *m, struct numbers *n, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_DONE;
  bool good = merged_prepare(m,
                             "SELECT coalesce(event, ''), count(*) FROM record WHERE ruling = 'conflict' OR again IS NOT NULL "
                             "GROUP BY 1",
                             &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) event_at(n, merged_text(s, 0))->conflicts = sqlite3_column_int64(s, 1);
  good = good && merged_done(m, step, problem);
  sqlite3_finalize(s);
  return good;
}

static bool find_busiest(struct merged *m, struct numbers *n, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  if (!mark_inner(m, problem) ||
      !merged_prepare(m,
                      "SELECT time_ms / 60000, sum(people) FROM record NOT INDEXED WHERE ruling = 'counts' AND coalesce(event, "
                      "'') = ?1 AND "
                      "coalesce(station, '') NOT IN (SELECT id FROM temp.inner_station) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1",
                      &s, problem))
    return false;
  for (int i = 0; i < n->events; i++) {
    sqlite3_bind_text(s, 1, n->event[i].id, -1, SQLITE_STATIC);
    if (sqlite3_step(s) == SQLITE_ROW)
      n->event[i].busiest_ms = sqlite3_column_int64(s, 0) * 60000, n->event[i].busiest = sqlite3_column_int64(s, 1);
    sqlite3_reset(s);
  }
  sqlite3_finalize(s);
  return true;
}

bool numbers_read(struct merged *m, struct numbers *n, struct problem *problem) {
  struct reading r = {.m = m, .n = n};
  *n = (struct numbers){.events = 0};
  for (int i = 0; m->folder && i < m->folder->catalog.events; i++) event_at(n, m->folder->catalog.event[i].id);
  if (m->folder) expect_people(m, n);
  int step = SQLITE_DONE;
  bool good = merged_prepare(m, admissions, &r.row, problem);
  while (good && (step = sqlite3_step(r.row)) == SQLITE_ROW) take(&r);
  good = good && merged_done(m, step, problem);
  if (good) arrive(&r);
  sqlite3_finalize(r.row);
  for (int i = 0; i < n->events; i++) n->event[i].missing = n->event[i].expected - n->event[i].known;
  return good && count_conflicts(m, n, problem) && find_busiest(m, n, problem);
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
