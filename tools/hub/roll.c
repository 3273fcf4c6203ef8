/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "journal/chain.h"
#include "journal/export_read.h"
#include "journal/record.h"
#include "tools/hub/roll_inner.h"
#include "tools/yingbin/pool.h"

static const int64_t farthest_ms = INT64_C(4102444800000); /* 2100: nobody's clock */

/* --- tables --- */

static uint32_t hash_of(const struct roll *b, const void *bytes, size_t len) {
  uint8_t out[8];
  uint32_t hash;
  crypto_shorthash(out, bytes, len, b->key);
  memcpy(&hash, out, sizeof hash);
  return hash;
}

typedef bool table_same(const void *owner, uint32_t index, const void *key);
typedef uint32_t table_hash(const struct roll *b, const void *owner, uint32_t index);

static uint32_t table_find(const struct table *t, uint32_t hash, table_same *same, const void *owner, const void *key) {
  for (uint32_t at = hash; t->room; at++) {
    const uint32_t slot = t->slot[at & (t->room - 1)];
    if (!slot) return NOBODY;
    if (same(owner, slot - 1, key)) return slot - 1;
  }
  return NOBODY;
}

static void table_set(struct table *t, uint32_t hash, uint32_t index) {
  uint32_t at = hash;
  while (t->slot[at & (t->room - 1)]) at++;
  t->slot[at & (t->room - 1)] = index + 1;
}

static void table_add(struct table *t, const struct roll *b, const void *owner, table_hash *hash, uint32_t index) {
  if (2 * (t->count + 1) > t->room) {
    t->room = t->room ? 2 * t->room : 64;
    free(t->slot);
    t->slot = grow(NULL, t->room, sizeof *t->slot);
    memset(t->slot, 0, t->room * sizeof *t->slot);
    for (uint32_t i = 0; i < t->count; i++) table_set(t, hash(b, owner, i), i);
  }
  table_set(t, hash(b, owner, index), index);
  t->count++;
}

/* --- words --- */

static bool same_text(const void *owner, uint32_t i, const void *key) {
  return !strcmp(((const struct roll *)owner)->word[i], key);
}

static uint32_t hash_text(const struct roll *b, const void *owner, uint32_t i) {
  (void)owner;
  return hash_of(b, b->word[i], strlen(b->word[i]));
}

static const char *word_find(const struct roll *b, const char *text) {
  const uint32_t i = table_find(&b->by_text, hash_of(b, text, strlen(text)), same_text, b, text);
  return i == NOBODY ? NULL : b->word[i];
}

static const char *word_of(struct roll *b, const char *text) {
  const char *found = word_find(b, text);
  if (found) return found;
  if (b->words == b->words_room) {
    b->words_room = b->words_room ? 2 * b->words_room : 64;
    b->word = grow(b->word, b->words_room, sizeof *b->word);
  }
  const size_t size = strlen(text) + 1;
  char *made = grow(NULL, size, 1);
  memcpy(made, text, size);
  b->word[b->words] = made;
  table_add(&b->by_text, b, b, hash_text, b->words++);
  return made;
}

/* --- people and admissions --- */

static bool same_who(const void *owner, uint32_t i, const void *key) {
  return ((const struct roll_event *)owner)->who[i].word == key;
}

static uint32_t hash_word(const struct roll *b, const char *word) { return hash_of(b, &word, sizeof word); }

static uint32_t hash_who(const struct roll *b, const void *owner, uint32_t i) {
  return hash_word(b, ((const struct roll_event *)owner)->who[i].word);
}

const struct who *roll_who(const struct roll_event *e, const struct roll *b, const char *number) {
  const char *word = word_find(b, number);
  const uint32_t i = word ? table_find(&e->by_word, hash_word(b, word), same_who, e, word) : NOBODY;
  return i == NOBODY ? NULL : &e->who[i];
}

static const struct person *person_of(const struct roll *b, const char *word) {
  return b->names->folder && *word != '#' ? merged_person(b->names, word) : NULL;
}

static uint32_t who_of(struct roll *b, struct roll_event *e, const char *text) {
  const char *word = word_of(b, text);
  const uint32_t found = table_find(&e->by_word, hash_word(b, word), same_who, e, word);
  if (found != NOBODY) return found;
  if (e->whos == e->whos_room) {
    e->whos_room = e->whos_room ? 2 * e->whos_room : 64;
    e->who = grow(e->who, e->whos_room, sizeof *e->who);
  }
  e->who[e->whos] = (struct who){.word = word, .first = NOBODY, .last = NOBODY, .entry = NOBODY};
  e->who[e->whos].person = person_of(b, word);
  table_add(&e->by_word, b, e, hash_who, e->whos);
  return e->whos++;
}

static bool same_id(const void *owner, uint32_t i, const void *key) {
  return !memcmp(((const struct roll_event *)owner)->admission[i].id, key, JOURNAL_ID);
}

static uint32_t hash_id(const struct roll *b, const void *owner, uint32_t i) {
  return hash_of(b, ((const struct roll_event *)owner)->admission[i].id, JOURNAL_ID);
}

/* The one with that id; made where neither it nor its undoing has come yet. */
static struct admission *admission_of(struct roll *b, struct roll_event *e, const uint8_t id[JOURNAL_ID]) {
  const uint32_t found = table_find(&e->by_id, hash_of(b, id, JOURNAL_ID), same_id, e, id);
  if (found != NOBODY) return &e->admission[found];
  if (e->admissions == e->admissions_room) {
    e->admissions_room = e->admissions_room ? 2 * e->admissions_room : 64;
    e->admission = grow(e->admission, e->admissions_room, sizeof *e->admission);
  }
  struct admission *a = &e->admission[e->admissions];
  *a = (struct admission){.who = NOBODY, .next = NOBODY};
  memcpy(a->id, id, JOURNAL_ID);
  table_add(&e->by_id, b, e, hash_id, e->admissions++);
  return a;
}

static void take_scan(struct roll *b, struct roll_event *e, const char *kiosk, const struct record *r, struct admission *a) {
  char who[ID_MAX + 1], station[2 * ID_MAX], wall[40];
  const uint32_t index = (uint32_t)(a - e->admission);
  const int64_t count = record_number(r, RECORD_COUNT, 0);
  record_copy(r, RECORD_ATTENDEE, who, sizeof who);
  if (!*who && record_copy(r, RECORD_CODE, who + 1, sizeof who - 1) && who[1]) *who = '#';
  record_copy(r, RECORD_STATION, station, sizeof station);
  record_copy(r, RECORD_WALL, wall, sizeof wall);
  a->here = true;
  a->kiosk = word_of(b, kiosk);
  a->station = word_of(b, station);
  a->sure = export_time(wall, &a->wall_ms) && a->wall_ms > 0 && a->wall_ms < farthest_ms &&
            r->value[RECORD_WALL_OK].type == RECORD_TRUE;
  if (a->wall_ms < 0 || a->wall_ms >= farthest_ms) a->wall_ms = 0;
  a->count = count > 0 && count < 10000 ? (int32_t)count : 1;
  if (!*who) return;
  const uint32_t i = who_of(b, e, who);
  a->who = i;
  if (e->who[i].last == NOBODY)
    e->who[i].first = index;
  else
    e->admission[e->who[i].last].next = index;
  e->who[i].last = index;
}

static bool take_id(const struct record *r, enum record_key key, uint8_t id[JOURNAL_ID]) {
  const struct record_value *v = &r->value[key];
  return v->type == RECORD_TEXT && chain_hex(v->text, v->len, id, JOURNAL_ID);
}

static void take_record(struct roll *b, struct roll_event *e, const char *kiosk, const char *line, size_t len) {
  struct record r;
  uint8_t id[JOURNAL_ID];
  if (!record_read(&r, line, len)) return;
  const bool scan = record_is(&r, RECORD_KIND, "scan"), undo = record_is(&r, RECORD_KIND, "undo");
  if ((scan && take_id(&r, RECORD_ID, id)) || (undo && take_id(&r, RECORD_REF, id))) {
    struct admission *a = admission_of(b, e, id);
    if (scan && !a->here) take_scan(b, e, kiosk, &r, a);
    if (undo) a->undone = true;
    e->changed = true;
  }
  record_free(&r);
}

/* --- a step --- */

struct feeding {
  struct roll *roll;
  struct roll_event *event;
  int64_t cursor;
};

static bool take_feed(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  struct feeding *f = self;
  pthread_mutex_lock(&f->roll->lock);
  take_record(f->roll, f->event, kiosk, line, len);
  f->event->cursor = cursor;
  pthread_mutex_unlock(&f->roll->lock);
  return true;
}

struct roll_event *roll_event_of(struct roll *b, const char *id) {
  for (int i = 0; i < b->events; i++)
    if (!strcmp(b->event[i].id, id)) return &b->event[i];
  return NULL;
}

static bool take_event(void *self, const char *id) {
  struct roll *b = self;
  if (roll_event_of(b, id) || strlen(id) >= ID_MAX || b->events == STATIONS_MAX) return true;
  pthread_mutex_lock(&b->lock);
  struct roll_event *e = &b->event[b->events++];
  *e = (struct roll_event){.changed = true};
  snprintf(e->id, sizeof e->id, "%s", id);
  pthread_mutex_unlock(&b->lock);
  return true;
}

static struct roll_kiosk *kiosk_at(struct roll *b, int at, const char *name) {
  if (at < b->kiosks && !strcmp(b->kiosk[at].name, name)) return &b->kiosk[at];
  if (b->kiosks == b->kiosks_room) {
    b->kiosks_room = b->kiosks_room ? 2 * b->kiosks_room : 64;
    b->kiosk = grow(b->kiosk, (size_t)b->kiosks_room, sizeof *b->kiosk);
  }
  struct roll_kiosk *k = &b->kiosk[at];
  memmove(k + 1, k, (size_t)(b->kiosks++ - at) * sizeof *k);
  *k = (struct roll_kiosk){.rev = 0};
  snprintf(k->name, sizeof k->name, "%s", name);
  return k;
}

struct seeing {
  struct roll *roll;
  int at;
  bool changed;
};

/* They come by name, as ours are. */
static bool take_kiosk(void *self, const struct store_seen *seen) {
  struct seeing *s = self;
  pthread_mutex_lock(&s->roll->lock);
  struct roll_kiosk *k = kiosk_at(s->roll, s->at++, seen->name);
  const struct store_seen *was = &k->seen;
  if (!k->json || was->enrolled != seen->enrolled || was->records != seen->records || was->head != seen->head ||
      was->pushed_ms != seen->pushed_ms || was->health_ms != seen->health_ms) {
    json_t *health = export_object(seen->health, strlen(seen->health));
    json_decref(k->json);
    k->json = json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:o}", "name", seen->name, "enrolled", seen->enrolled, "records",
                        (json_int_t)seen->records, "head", (json_int_t)seen->head, "pushed", (json_int_t)seen->pushed_ms,
                        "seen", (json_int_t)seen->health_ms, "health", health ? health : json_null());
    k->seen = *seen;
    k->rev = s->roll->rev + 1;
    s->changed = true;
  }
  pthread_mutex_unlock(&s->roll->lock);
  return true;
}

static bool read_event(struct roll *b, struct roll_event *e, const struct store_ops *store, void *db) {
  struct feeding f = {.roll = b, .event = e};
  do {
    f.cursor = e->cursor;
    if (store->feed(db, e->id, "", e->cursor, take_feed, &f) != STORE_DONE) return false;
  } while (e->cursor != f.cursor);
  return true;
}

bool roll_step(struct roll *b, const struct store_ops *store, void *db) {
  int64_t stamp;
  struct seeing seeing = {.roll = b};
  if (store->stamp(db, &stamp) != STORE_DONE || (b->stepped && stamp == b->stamp)) return false;
  bool good = store->kiosks(db, take_kiosk, &seeing) == STORE_DONE && store->events(db, take_event, b) == STORE_DONE;
  for (int i = 0; good && i < b->events; i++) good = read_event(b, &b->event[i], store, db);
  pthread_mutex_lock(&b->lock);
  bool changed = seeing.changed || (good && !b->stepped);
  for (int i = 0; i < b->events; i++) {
    struct roll_event *e = &b->event[i];
    if (!e->changed) continue;
    roll_arrive(b, e);
    e->changed = false;
    e->rev = b->rev + 1;
    changed = true;
  }
  if (changed) b->rev++;
  if (good) b->stamp = stamp, b->stepped = true;
  pthread_mutex_unlock(&b->lock);
  return changed;
}

enum roll_ready roll_ready(struct roll *b, const char *event) {
  pthread_mutex_lock(&b->lock);
  const bool known = roll_event_of(b, event) || !strcmp(merged_event(b->names, event)->id, event);
  const enum roll_ready ready = !b->stepped ? ROLL_NOT_READ : known ? ROLL_READY : ROLL_NO_EVENT;
  pthread_mutex_unlock(&b->lock);
  return ready;
}

json_t *roll_changes(struct roll *b, const struct user *user, int64_t *since, int64_t now_ms) {
  json_t *all = NULL;
  pthread_mutex_lock(&b->lock);
  if (b->stepped && (*since < b->rev || *since == 0)) {
    json_t *kiosks = json_array(), *events = json_array();
    for (int i = 0; i < b->kiosks; i++)
      if (b->kiosk[i].rev > *since) json_array_append(kiosks, b->kiosk[i].json);
    for (int i = 0; i < b->events; i++)
      if (b->event[i].rev > *since) json_array_append_new(events, roll_numbers(b, &b->event[i], roll_host(b, user), now_ms));
    all = json_pack("{s:o, s:o}", "kiosks", kiosks, "events", events);
    *since = b->rev > 0 ? b->rev : 1;
  }
  pthread_mutex_unlock(&b->lock);
  return all;
}

/* --- */

static void take_names(struct roll *b, const struct names *names) {
  b->from = names;
  b->names = &names->merged;
}

/* Everyone is who they are by their numbers; what is shown of them is told anew. */
void roll_rename(struct roll *b, const struct names *names) {
  pthread_mutex_lock(&b->lock);
  take_names(b, names);
  b->rev++;
  for (int i = 0; i < b->events; i++) {
    struct roll_event *e = &b->event[i];
    for (uint32_t j = 0; j < e->whos; j++) e->who[j].person = person_of(b, e->who[j].word);
    roll_arrive(b, e); /* stations may be of other kinds now */
    e->rev = b->rev;
  }
  pthread_mutex_unlock(&b->lock);
}

struct roll *roll_new(const struct names *names) {
  struct roll *b = calloc(1, sizeof *b);
  if (!b) return NULL;
  b->event = calloc(STATIONS_MAX, sizeof *b->event);
  if (!b->event) return free(b), NULL;
  take_names(b, names);
  pthread_mutex_init(&b->lock, NULL);
  crypto_shorthash_keygen(b->key);
  return b;
}

void roll_free(struct roll *b) {
  if (!b) return;
  for (int i = 0; i < b->events; i++) {
    struct roll_event *e = &b->event[i];
    for (int j = 0; j < e->numbers_count; j++) json_decref(e->numbers[j].json);
    free(e->admission);
    free(e->who);
    free(e->by_id.slot);
    free(e->by_word.slot);
  }
  for (int i = 0; i < b->kiosks; i++) json_decref(b->kiosk[i].json);
  for (uint32_t i = 0; i < b->words; i++) free(b->word[i]);
  free(b->word);
  free(b->by_text.slot);
  free(b->event);
  free(b->kiosk);
  pthread_mutex_destroy(&b->lock);
  free(b);
}
