/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/diff.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack/walk.h"
#include "tools/yingbin/codes.h"
#include "tools/yingbin/diff_catalog.h"
#include "tools/yingbin/folder.h"

enum { NAME = 1, ORGANIZATION = 2, TITLE = 4, SEAT = 8, ATTENTION = 16, TYPE = 32, HOSTS = 64, PARTY = 128, CONFIRMED = 256 };
static const char *const field_name[] = {"name", "organization", "title", "seat",     "attention",
                                         "type", "hosts",        "party", "confirmed"};

struct who { /* a person of codes.csv */
  const char *name, *event;
  bool was, is;
  unsigned changed;
};

struct known_code {
  uint8_t hash[PACK_HASH];
  const char *code;
  int who;
};

struct diff {
  struct pack *old, *new;
  struct folder *f;        /* or NULL */
  struct who *who;         /* by record of codes.csv; owned */
  struct known_code *code; /* of the event being compared, sorted; owned */
  int codes;
  int64_t added, removed, changed, same;
  int64_t strangers; /* of the removed: codes that codes.csv doesn't have */
};

static void print(json_t *line) {
  json_dumpf(line, stdout, JSON_COMPACT);
  putchar('\n');
  json_decref(line);
}

/* --- people --- */

static int record_of(const struct codes *c, const char *number) {
  uint64_t n = strtoull(number, NULL, 10);
  int low = 0, high = c->records - 1;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (c->record[middle].number < n)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void know_people(struct diff *d) {
  const struct codes *c = d->f->codes;
  d->who = grow(NULL, (size_t)c->records, sizeof *d->who);
  for (int i = 0; i < c->records; i++) d->who[i] = (struct who){.name = "", .event = c->record[i].event};
  for (int i = 0; i < c->knowns; i++) d->who[c->known[i].record].name = c->known[i].name;
  for (int i = 0; i < d->f->people_count; i++) d->who[record_of(c, d->f->people[i].number)].name = d->f->people[i].name;
}

static void know_code(struct diff *d, const uint8_t *salt, const char *code, int who) {
  if (!*code) return;
  if ((d->codes & (d->codes - 1)) == 0) d->code = grow(d->code, d->codes ? (size_t)d->codes * 2 : 1, sizeof *d->code);
  struct known_code *k = &d->code[d->codes++];
  *k = (struct known_code){.code = code, .who = who};
  pack_hash(salt, (const uint8_t *)code, strlen(code), k->hash);
}

static int by_hash(const void *a, const void *b) { return memcmp(a, b, PACK_HASH); }

/* All codes of an event's people, also of those who are on no roster any more. */
static void know_codes(struct diff *d, const char *event, const uint8_t *salt) {
  d->codes = 0;
  if (!d->f) return;
  const struct codes *c = d->f->codes;
  for (int i = 0; i < c->records; i++)
    if (!strcmp(c->record[i].event, event)) know_code(d, salt, c->record[i].code, i);
  for (int i = 0; i < d->f->people_count; i++) {
    const struct person *p = &d->f->people[i];
    if (strcmp(d->f->catalog.event[p->event].id, event) != 0 || !p->foreign) continue;
    know_code(d, salt, p->code, record_of(c, p->number));
    know_code(d, salt, p->second, record_of(c, p->number));
  }
  if (d->codes) qsort(d->code, (size_t)d->codes, sizeof *d->code, by_hash);
}

/* --- rows --- */

static const char *type_key(const struct pack *pack, int type) { return type < 0 ? "" : pack_catalog(pack)->type[type].key; }

static bool same_hosts(const struct diff *d, uint32_t a, uint32_t b) {
  const struct catalog *x = pack_catalog(d->old), *y = pack_catalog(d->new);
  return hosts_within(x, a, y, b) && hosts_within(y, b, x, a);
}

static unsigned fields_of(const struct diff *d, const struct attendee *a, const struct attendee *b) {
  unsigned f = 0;
  f |= strcmp(a->name, b->name) ? NAME : 0;
  f |= strcmp(a->organization, b->organization) ? ORGANIZATION : 0;
  f |= strcmp(a->title, b->title) ? TITLE : 0;
  f |= strcmp(a->seat, b->seat) ? SEAT : 0;
  f |= strcmp(a->attention, b->attention) ? ATTENTION : 0;
  f |= strcmp(type_key(d->old, a->type), type_key(d->new, b->type)) ? TYPE : 0;
  f |= same_hosts(d, a->hosts, b->hosts) ? 0 : HOSTS;
  f |= a->party != b->party ? PARTY : 0;
  return f | (a->confirmed != b->confirmed ? CONFIRMED : 0);
}

static bool same_bytes(const struct pack_row *a, const struct pack_row *b) {
  return !a->sealed == !b->sealed && a->len == b->len && (!a->sealed || !memcmp(a->sealed, b->sealed, a->len));
}

/* One code in both packs, or in one of them (the other row is NULL). */
static void compare(struct diff *d, const int event[2], const char *id, const struct pack_row *a, const struct pack_row *b) {
  const struct pack_row *row = a ? a : b;
  const struct known_code *k = d->codes ? bsearch(row->hash, d->code, (size_t)d->codes, sizeof *d->code, by_hash) : NULL;
  bool changed = a && b && !same_bytes(a, b);
  if (k) { /* told by person, at the end */
    struct who *w = &d->who[k->who];
    struct attendee x, y;
    w->was = w->was || a;
    w->is = w->is || b;
    if (changed && pack_row_open(d->old, event[0], a, k->code, &x) && pack_row_open(d->new, event[1], b, k->code, &y))
      w->changed |= fields_of(d, &x, &y);
    return;
  }
  char hash[2 * PACK_HASH + 1];
  sodium_bin2hex(hash, sizeof hash, row->hash, PACK_HASH);
  const char *change = !a ? "added" : !b ? "removed" : "changed";
  ++*(!a ? &d->added : !b ? &d->removed : changed ? &d->changed : &d->same);
  d->strangers += !b;
  if (!a || !b || changed) print(json_pack("{s:s, s:s, s:s}", "change", change, "event", id, "code", hash));
}

static bool walk(struct pack *pack, int event, struct pack_walk **w) {
  *w = NULL;
  return event < 0 || pack_walk_begin(pack, event, w);
}

static bool compare_event(struct diff *d, const int event[2], const char *id) {
  struct pack_walk *x, *y;
  struct pack_row a, b;
  bool good = walk(d->old, event[0], &x) && walk(d->new, event[1], &y);
  if (!good) return pack_walk_end(x), false;
  bool has_a = x && pack_walk_next(x, &a), has_b = y && pack_walk_next(y, &b);
  while (has_a || has_b) {
    int order = !has_a ? 1 : !has_b ? -1 : memcmp(a.hash, b.hash, PACK_HASH);
    compare(d, event, id, order <= 0 ? &a : NULL, order >= 0 ? &b : NULL);
    if (order <= 0) has_a = pack_walk_next(x, &a);
    if (order >= 0) has_b = pack_walk_next(y, &b);
  }
  good = !x || pack_walk_end(x);
  return (!y || pack_walk_end(y)) && good;
}

static int index_of(const struct pack *pack, const char *id) {
  const struct catalog *c = pack_catalog(pack);
  for (int i = 0; i < c->events; i++)
    if (!strcmp(c->event[i].id, id)) return i;
  return -1;
}

static void warn_salt(const char *id) {
  fprintf(
      stderr,
      "yingbin pack: 活动 %s 的盐不同：以前发出的票在新活动包里全都不认。是不是丢了 secrets.ini？请从备份恢复后重新制作\n"
      "yingbin pack: event %s has another salt: no ticket sent before is known to the new pack. Was secrets.ini lost? Restore "
      "it from a copy and build the pack again\n",
      id, id);
}

static bool compare_events(struct diff *d) {
  bool good = true;
  for (int side = 0; side < 2; side++) {
    const struct catalog *c = pack_catalog(side ? d->new : d->old);
    for (int i = 0; good && i < c->events; i++) {
      const char *id = c->event[i].id;
      int event[2] = {index_of(d->old, id), index_of(d->new, id)};
      if (side && event[0] >= 0) continue; /* compared already */
      const uint8_t *salt = pack_salt(side ? d->new : d->old, i);
      if (event[1] >= 0 && event[0] >= 0 && memcmp(salt, pack_salt(d->new, event[1]), PACK_SALT) != 0) warn_salt(id);
      know_codes(d, id, salt);
      good = compare_event(d, event, id);
    }
  }
  return good;
}

/* --- telling --- */

static void tell_person(struct diff *d, int i) {
  struct who *w = &d->who[i];
  json_t *fields = json_array();
  for (size_t k = 0; k < sizeof field_name / sizeof *field_name; k++)
    if (w->changed >> k & 1) json_array_append_new(fields, json_string(field_name[k]));
  print(json_pack("{s:s, s:s, s:o, s:s, s:o}", "change",
                  !w->was  ? "added"
                  : !w->is ? "removed"
                           : "changed",
                  "event", w->event, "number", json_sprintf("%" PRIu64, d->f->codes->record[i].number), "name", w->name,
                  "fields", fields));
}

/* A roster's own codes aren't kept: whose they were is among those who are on no roster any more. */
static void tell_strangers(const struct diff *d) {
  enum { TOLD = 20 };
  int told = 0;
  if (!d->f || !d->strangers) return;
  fprintf(
      stderr,
      "yingbin pack: 移除的码里有 %lld 个是报名表自带的，codes.csv 不留存；已不在报名表上的人是：\n"
      "yingbin pack: %lld of the removed codes were the roster's own, which codes.csv doesn't keep; on no roster any more:\n",
      (long long)d->strangers, (long long)d->strangers);
  for (int i = 0; i < d->f->codes->records && told <= TOLD; i++) {
    const struct who *w = &d->who[i];
    if (w->was || w->is || !*w->name) continue;
    if (told++ < TOLD) fprintf(stderr, "  %" PRIu64 " %s (%s)\n", d->f->codes->record[i].number, w->name, w->event);
  }
  if (told > TOLD) fputs("  ...\n", stderr);
}

static void tell(struct diff *d) {
  for (int i = 0; d->f && i < d->f->codes->records; i++) {
    const struct who *w = &d->who[i];
    if (!w->was && !w->is) continue;
    bool differs = !w->was || !w->is || w->changed;
    ++*(!w->was ? &d->added : !w->is ? &d->removed : w->changed ? &d->changed : &d->same);
    if (differs) tell_person(d, i);
  }
  int64_t parts = diff_catalogs(pack_catalog(d->old), pack_catalog(d->new));
  print(json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:I}", "pack", pack_catalog(d->new)->name, "old",
                  (json_int_t)pack_catalog(d->old)->build, "new", (json_int_t)pack_catalog(d->new)->build, "by",
                  d->f ? "person" : "code", "added", (json_int_t)d->added, "removed", (json_int_t)d->removed, "changed",
                  (json_int_t)d->changed, "same", (json_int_t)d->same, "settings", (json_int_t)parts));
  fprintf(stderr, "yingbin pack: %s：新增 %lld，移除 %lld，变更 %lld，未变 %lld；设置变更 %lld 处\n", d->f ? "人" : "码",
          (long long)d->added, (long long)d->removed, (long long)d->changed, (long long)d->same, (long long)parts);
  fprintf(stderr, "yingbin pack: %s: %lld added, %lld removed, %lld changed, %lld the same; %lld settings changed\n",
          d->f ? "people" : "codes", (long long)d->added, (long long)d->removed, (long long)d->changed, (long long)d->same,
          (long long)parts);
  tell_strangers(d);
}

bool diff_packs(const char *old_file, const char *new_file, struct folder *folder, struct problem *problem) {
  struct diff d = {.f = folder};
  bool good = pack_open(old_file, &d.old, problem) && pack_open(new_file, &d.new, problem);
  if (good && folder) know_people(&d);
  if (good && !compare_events(&d))
    good = problem_set(problem, "活动包读到一半已损坏，请用 yingbin pack verify 核对",
                       "one of the packs is damaged halfway; check both with yingbin pack verify");
  if (good) tell(&d);
  pack_close(d.old);
  pack_close(d.new);
  free(d.who);
  free(d.code);
  return good && fflush(stdout) == 0;
}
