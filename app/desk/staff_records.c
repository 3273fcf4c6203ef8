/* SPDX-License-Identifier: Apache-2.0
 * What the journal says: the last records, the numbers of the day, and that a record shall count no more. Records are
 * read a few at a time; who somebody is, and of which type, only the card's index can tell.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "desk/staff.h"
#include "desk/tend.h"
#include "journal/rows.h"

enum {
  ROWS = 16,      /* a turn */
  BLOCKS = 1,     /* of the index, a turn */
  LOOK_BACK = 500 /* records, for a list of twenty; whoever is looked for by number is looked for in all */
};

static const struct catalog *catalog_of(const struct desk *d) { return pack_catalog(d->pack); }

/* -1: a station that this pack doesn't have. */
static int station_of(const struct catalog *catalog, const char *id) {
  for (int i = 0; i < catalog->stations; i++)
    if (!strcmp(catalog->station[i].id, id)) return i;
  return -1;
}

/* --- the last ones --- */

static int16_t event_of(const struct desk *d, const struct journal_row *row) {
  const int station = station_of(catalog_of(d), row->station);
  return station >= 0 ? catalog_of(d)->station[station].event : INT16_C(-1);
}

static bool is_own(const struct desk *d, const struct journal_row *row) {
  return !strcmp(row->operator_name, d->staff->open->name);
}

/* Not what strangers showed, of which nothing is known that anybody could do something about; on a phone, what its operator
 * did. */
static bool is_worth_showing(const struct desk *d, const struct journal_row *row) {
  const struct staff_request *r = &d->staff->open->request;
  if (d->staff->open->by == BY_PHONE && !is_own(d, row)) return false;
  if (r->number[0] && (strcmp(r->number, row->attendee) != 0 || event_of(d, row) != r->event)) return false;
  return row->kind == RECORD_SCAN && (row->verdict == VERDICT_ADMIT || row->attendee[0]);
}

static void list(struct desk *d, const struct journal_row *row) {
  struct staff_answer *a = &d->staff->open->answer;
  struct staff_record *to = &a->record[a->count++];
  memcpy(to->id, row->id, sizeof to->id);
  to->verdict = row->verdict;
  to->by = row->by;
  to->at = row->at;
  if (row->wall_ms != INT64_MIN) to->at.wall_ms = row->wall_ms;
  strcpy(to->number, row->attendee);
  to->event = event_of(d, row);
  strcpy(to->operator_name, row->operator_name);
  to->count = row->count;
  to->undone = row->undone;
}

static void name_records(void *desk, const struct pack_found *found) {
  struct desk *d = desk;
  struct staff_answer *a = &d->staff->open->answer;
  for (int i = 0; i < a->count; i++) {
    struct staff_record *r = &a->record[i];
    if (r->event != found->attendee.event || strcmp(r->number, found->attendee.number) != 0) continue;
    const char *corrected = names_find(&d->staff->names, catalog_of(d)->event[r->event].id, r->number);
    snprintf(r->name, sizeof r->name, "%s", corrected ? corrected : found->attendee.name);
  }
}

static bool look_for_names(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  (void)now;
  if (pack_walk_step(o->session, &o->walk, BLOCKS, name_records, d)) return true;
  o->answer.more = 0;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  return false;
}

static int64_t first_of(const struct desk *d) {
  const int64_t before = d->staff->open->request.before, last = journal_records(d->journal);
  return before > 0 && before <= last ? before - 1 : last;
}

static bool look_back(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  const struct staff_request *r = &o->request;
  struct staff_answer *a = &o->answer;
  struct journal_row row[ROWS];
  const int n = journal_rows(d->journal, o->seq, ROWS, tend_day(d, now), row);
  int i = 0;
  for (; i < n && a->count < STAFF_LIST_MAX; i++) {
    if (is_worth_showing(d, &row[i])) list(d, &row[i]);
    o->seq = row[i].seq - 1;
  }
  if (n == ROWS && a->count < STAFF_LIST_MAX && (r->number[0] || o->seq + LOOK_BACK > first_of(d))) return true;
  a->older = i < n || n == ROWS ? o->seq + 1 : 0;
  if (o->session && a->count > 0 && !r->number[0]) {
    staff_say_more(d, now);
    memset(&o->walk, 0, sizeof o->walk);
    o->job = look_for_names;
    return true;
  }
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  return false;
}

void staff_recent(struct desk *d, struct moment now) {
  (void)now;
  d->staff->open->seq = first_of(d);
  d->staff->open->job = look_back;
}

/* --- the day --- */

static uint64_t digest(int16_t event, const char *number) {
  static const uint8_t key[crypto_shorthash_KEYBYTES] = {1};
  uint8_t hash[crypto_shorthash_BYTES];
  uint64_t out;
  char text[ID_MAX + 16];
  int n = snprintf(text, sizeof text, "%d/%s", event, number);
  crypto_shorthash(hash, (const uint8_t *)text, (size_t)n, key);
  memcpy(&out, hash, sizeof out);
  return out;
}

/* Out of memory, types and care are missing; the numbers are right. */
static void arrived(struct staff_open *o, const struct journal_row *row, int16_t event) {
  if (!row->attendee[0]) return;
  if (o->arrivals == o->room) {
    const size_t room = o->room ? 2 * o->room : 256;
    struct arrival *larger = realloc(o->arrival, room * sizeof *larger); /* digests and counts: nothing of anybody */
    if (!larger) return;
    o->arrival = larger;
    o->room = room;
  }
  o->arrival[o->arrivals++] = (struct arrival){.who = digest(event, row->attendee), .count = row->count, .seq = row->seq};
}

static void count_row(struct desk *d, const struct journal_row *row, const struct event *event) {
  struct staff_today *t = &d->staff->open->answer.today;
  const int station = station_of(catalog_of(d), row->station);
  if (row->kind != RECORD_SCAN) return;
  if (row->verdict != VERDICT_ADMIT) t->refused++;
  if (row->verdict != VERDICT_ADMIT || row->undone) {
    t->undone += row->verdict == VERDICT_ADMIT;
    return;
  }
  if (station >= 0) t->station[station] += row->count;
  if (station != d->station) return;
  t->people += row->count;
  if (row->by == BY_HAND || row->by == BY_PHONE) t->by_hand += row->count;
  if (row->wall_ms != INT64_MIN) t->hour[civil_of(&event->zone, row->wall_ms).hour] += row->count;
  arrived(d->staff->open, row, catalog_of(d)->station[station].event);
}

static int by_who(const void *a, const void *b) {
  const struct arrival *x = a, *y = b;
  if (x->who != y->who) return x->who < y->who ? -1 : 1;
  return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Who came more than once, once: with the sum, and the last time. */
static void sum_up(struct staff_open *o) {
  size_t n = 0;
  if (o->arrivals) qsort(o->arrival, o->arrivals, sizeof *o->arrival, by_who);
  for (size_t i = 0; i < o->arrivals; i++) {
    if (n > 0 && o->arrival[n - 1].who == o->arrival[i].who) {
      o->arrival[n - 1].count += o->arrival[i].count;
      o->arrival[n - 1].seq = o->arrival[i].seq;
    } else {
      o->arrival[n++] = o->arrival[i];
    }
  }
  o->arrivals = n;
}

static const struct arrival *arrival_of(const struct staff_open *o, uint64_t who) {
  size_t low = 0, high = o->arrivals;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (o->arrival[middle].who < who)
      low = middle + 1;
    else
      high = middle;
  }
  return low < o->arrivals && o->arrival[low].who == who ? &o->arrival[low] : NULL;
}

struct care {
  struct desk *d;
  struct moment now;
};

/* The latest first, and no more than fit. */
static void attend(const struct care *c, const struct pack_found *found, int64_t seq) {
  struct staff_open *o = c->d->staff->open;
  struct staff_today *t = &o->answer.today;
  int at = t->attentions;
  while (at > 0 && o->attention_seq[at - 1] < seq) at--;
  if (at == STAFF_CODES_MAX) return;
  const int kept = t->attentions < STAFF_CODES_MAX ? t->attentions++ : STAFF_CODES_MAX - 1;
  memmove(&t->attention[at + 1], &t->attention[at], sizeof *t->attention * (size_t)(kept - at));
  memmove(&o->attention_seq[at + 1], &o->attention_seq[at], sizeof *o->attention_seq * (size_t)(kept - at));
  staff_person(c->d, found, c->now, &t->attention[at]);
  o->attention_seq[at] = seq;
}

static void sort_by_type(void *care, const struct pack_found *found) {
  const struct care *c = care;
  struct staff_open *o = c->d->staff->open;
  const struct attendee *a = &found->attendee;
  const struct arrival *in = arrival_of(o, digest(a->event, a->number));
  if (!in) return;
  if (a->type >= 0) {
    o->answer.today.type[a->type] += in->count;
    o->answer.today.none -= in->count;
  }
  if (a->attention[0] && strcmp(a->attention, ATTENTION_PRACTICE) != 0) attend(c, found, in->seq);
}

static bool look_for_types(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  struct care care = {d, now};
  if (pack_walk_step(o->session, &o->walk, BLOCKS, sort_by_type, &care)) return true;
  o->answer.more = 0;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
  return false;
}

static bool end_of_day(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  o->answer.today.none = o->answer.today.people;
  if (!o->session || o->arrivals == 0) {
    staff_say(d, STAFF_DONE, STAFF_NO_REASON);
    return false;
  }
  sum_up(o);
  staff_say_more(d, now);
  memset(&o->walk, 0, sizeof o->walk);
  o->job = look_for_types;
  return true;
}

/* From now back to where the day began; by a clock that nobody knows, this boot is the day. */
static bool count_back(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  const struct event *event = &catalog_of(d)->event[catalog_of(d)->station[d->station].event];
  const struct moment day = tend_day(d, now);
  struct journal_row row[ROWS];
  const int n = journal_rows(d->journal, o->seq, ROWS, day, row);
  for (int i = 0; i < n; i++) {
    const bool dated = row[i].wall_ms != INT64_MIN;
    const int32_t ahead = day.wall_ok && dated ? event_day(event, row[i].wall_ms) - event_day(event, day.wall_ms) : 0;
    if (ahead < 0 || (!day.wall_ok && !row[i].this_boot)) return end_of_day(d, now);
    if (ahead == 0 && (!day.wall_ok || dated)) count_row(d, &row[i], event);
  }
  if (n < ROWS) return end_of_day(d, now);
  o->seq = row[n - 1].seq - 1;
  return true;
}

void staff_today(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  (void)now;
  o->arrivals = 0;
  o->seq = journal_records(d->journal);
  o->job = count_back;
}

/* --- undo --- */

void staff_undo(struct desk *d, struct moment now) {
  struct staff_open *o = d->staff->open;
  struct checkin c = {.kind = RECORD_UNDO, .at = now, .view_age_s = -1};
  struct journal_row row;
  struct problem problem;
  char reason[TEXT_MAX];
  const bool said = staff_text(o->request.text, reason), known = journal_admission(d->journal, o->request.ref, now, &row);
  if (!said || !known || row.undone) {
    staff_say(d, STAFF_REFUSED, !said ? STAFF_NOTHING : !known ? STAFF_NOT_FOUND : STAFF_UNDONE);
    return;
  }
  const bool others = row.operator_name[0] ? !o->lead : o->by == BY_PHONE; /* a scan is nobody's, but not undone from afar */
  if (!is_own(d, &row) && others) {
    staff_say(d, STAFF_DENIED, STAFF_FOR_LEAD);
    return;
  }
  snprintf(c.event, sizeof c.event, "%.*s", (int)strcspn(row.station, "/"), row.station);
  strcpy(c.station, row.station);
  strcpy(c.attendee, row.attendee);
  strcpy(c.operator_name, o->name);
  strcpy(c.note, reason);
  memcpy(c.ref, row.id, sizeof c.ref);
  if (!desk_append(d, &c, &o->answer.seq, &problem)) {
    o->answer.seq = 0;
    staff_say(d, STAFF_FAILED, STAFF_NO_REASON);
    return;
  }
  if (d->others) others_undo(d->others, c.ref);
  d->health_due_ms = now.mono_ms;
  staff_say(d, STAFF_DONE, STAFF_NO_REASON);
}
