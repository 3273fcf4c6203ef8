/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/diff_catalog.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "pack/catalog.h"

/* Positions in a catalog say nothing: bits and indices are compared by what they point at. */

static bool has_host(const struct catalog *c, uint32_t hosts, const char *id) {
  for (int i = 0; i < c->hosts; i++)
    if ((hosts >> i & 1) && !strcmp(c->host[i].id, id)) return true;
  return false;
}

bool hosts_within(const struct catalog *x, uint32_t a, const struct catalog *y, uint32_t b) {
  for (int i = 0; i < x->hosts; i++)
    if ((a >> i & 1) && !has_host(y, b, x->host[i].id)) return false;
  return true;
}

static bool admits(const struct catalog *c, uint64_t mask, const char *key) {
  for (int i = 0; i < c->types; i++)
    if ((mask >> i & 1) && !strcmp(c->type[i].key, key)) return true;
  return false;
}

static bool types_within(const struct catalog *x, uint64_t a, const struct catalog *y, uint64_t b) {
  for (int i = 0; i < x->types; i++)
    if ((a >> i & 1) && !admits(y, b, x->type[i].key)) return false;
  return true;
}

struct two { /* of a part, one of each catalog */
  const struct catalog *x, *y;
  int i, k;
};

static bool same_hosts(const struct two *t) {
  const uint32_t a = t->x->event[t->i].hosts, b = t->y->event[t->k].hosts;
  return hosts_within(t->x, a, t->y, b) && hosts_within(t->y, b, t->x, a);
}

static bool same_admits(const struct two *t) {
  const uint64_t a = t->x->station[t->i].admits, b = t->y->station[t->k].admits;
  if (a == UINT64_MAX || b == UINT64_MAX) return a == b;
  return types_within(t->x, a, t->y, b) && types_within(t->y, b, t->x, a);
}

static const char *station_id(const struct catalog *c, int16_t station) { return station < 0 ? "" : c->station[station].id; }

static bool same_after(const struct two *t) {
  return !strcmp(station_id(t->x, t->x->station[t->i].after), station_id(t->y, t->y->station[t->k].after));
}

static bool same_event(const struct two *t) {
  return !strcmp(t->x->event[t->x->station[t->i].event].id, t->y->event[t->y->station[t->k].event].id);
}

static bool same_session_event(const struct two *t) {
  return !strcmp(t->x->event[t->x->session[t->i].event].id, t->y->event[t->y->session[t->k].event].id);
}

static bool same_session_station(const struct two *t) {
  return !strcmp(station_id(t->x, t->x->session[t->i].station), station_id(t->y, t->y->session[t->k].station));
}

static const struct reference {
  enum catalog_part part;
  const char *key;
  bool (*same)(const struct two *t);
} references[] = {{CATALOG_EVENT, "hosts", same_hosts},           {CATALOG_STATION, "event", same_event},
                  {CATALOG_STATION, "admits", same_admits},       {CATALOG_STATION, "after", same_after},
                  {CATALOG_SESSION, "event", same_session_event}, {CATALOG_SESSION, "station", same_session_station}};

static const char *const part_names[CATALOG_PARTS] = {"pack", "event", "station", "type", "host", "session"};

static const void *part_of(const struct catalog *c, enum catalog_part part, int i) {
  switch (part) {
  case CATALOG_EVENT: return &c->event[i];
  case CATALOG_STATION: return &c->station[i];
  case CATALOG_TYPE: return &c->type[i];
  case CATALOG_HOST: return &c->host[i];
  case CATALOG_SESSION: return &c->session[i];
  default: return c;
  }
}

static const char *id_of(const struct catalog *c, enum catalog_part part, int i) {
  switch (part) {
  case CATALOG_EVENT: return c->event[i].id;
  case CATALOG_STATION: return c->station[i].id;
  case CATALOG_TYPE: return c->type[i].key;
  case CATALOG_HOST: return c->host[i].id;
  case CATALOG_SESSION: return c->session[i].id;
  default: return c->name;
  }
}

static int count_of(const struct catalog *c, enum catalog_part part) {
  const int count[CATALOG_PARTS] = {0, c->events, c->stations, c->types, c->hosts, c->sessions};
  return count[part];
}

static int place(const struct catalog *c, enum catalog_part part, const char *id) {
  for (int i = 0; i < count_of(c, part); i++)
    if (!strcmp(id_of(c, part, i), id)) return i;
  return -1;
}

/* The fields are taken. */
static int tell(const char *change, enum catalog_part part, const char *id, json_t *fields) {
  json_t *line = json_pack("{s:s, s:s, s:s, s:o}", "change", change, "part", part_names[part], "id", id, "fields", fields);
  json_dumpf(line, stdout, JSON_COMPACT);
  putchar('\n');
  json_decref(line);
  return 1;
}

struct comparison {
  enum catalog_part part;
  struct two two;
  json_t *fields; /* that differ */
};

static void take(void *self, const char *key) {
  struct comparison *c = self;
  for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
    const struct reference *r = &references[i];
    if (r->part == c->part && !strcmp(r->key, key) && r->same(&c->two)) return;
  }
  /* what makes it another pack, and is told of it anyhow */
  if (c->part == CATALOG_PACK && (!strcmp(key, "name") || !strcmp(key, "build"))) return;
  json_array_append_new(c->fields, json_string(key));
}

static int compare(const struct catalog *x, const struct catalog *y, enum catalog_part part, int i, int k) {
  struct comparison c = {.part = part, .two = {.x = x, .y = y, .i = i, .k = k}, .fields = json_array()};
  catalog_compare(part, part_of(x, part, i), part_of(y, part, k), take, &c);
  if (json_array_size(c.fields)) return tell("changed", part, id_of(y, part, k), c.fields);
  json_decref(c.fields);
  return 0;
}

int diff_catalogs(const struct catalog *x, const struct catalog *y) {
  int n = compare(x, y, CATALOG_PACK, 0, 0);
  for (enum catalog_part part = CATALOG_EVENT; part < CATALOG_PARTS; part++) {
    for (int i = 0; i < count_of(x, part); i++) {
      const int k = place(y, part, id_of(x, part, i));
      n += k < 0 ? tell("removed", part, id_of(x, part, i), json_array()) : compare(x, y, part, i, k);
    }
    for (int k = 0; k < count_of(y, part); k++)
      if (place(x, part, id_of(y, part, k)) < 0) n += tell("added", part, id_of(y, part, k), json_array());
  }
  return n;
}
