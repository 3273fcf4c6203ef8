/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/diff_catalog.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void tell(const char *change, const char *part, const char *id) {
  json_t *line = json_pack("{s:s, s:s, s:s}", "change", change, "part", part, "id", id);
  json_dumpf(line, stdout, JSON_COMPACT);
  putchar('\n');
  json_decref(line);
}

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

static bool same_event(const struct catalog *x, int i, const struct catalog *y, int k) {
  struct event a = x->event[i], b = y->event[k];
  if (!hosts_within(x, a.hosts, y, b.hosts) || !hosts_within(y, b.hosts, x, a.hosts)) return false;
  a.hosts = b.hosts = 0;
  return !memcmp(&a, &b, sizeof a);
}

static bool same_station(const struct catalog *x, int i, const struct catalog *y, int k) {
  struct station a = x->station[i], b = y->station[k];
  const char *first = a.after < 0 ? "" : x->station[a.after].id, *other = b.after < 0 ? "" : y->station[b.after].id;
  bool all = a.admits == UINT64_MAX && b.admits == UINT64_MAX;
  if (strcmp(first, other) != 0 || (a.admits == UINT64_MAX) != (b.admits == UINT64_MAX)) return false;
  if (!all && (!types_within(x, a.admits, y, b.admits) || !types_within(y, b.admits, x, a.admits))) return false;
  a.after = b.after = a.event = b.event = 0;
  a.admits = b.admits = 0;
  return !memcmp(&a, &b, sizeof a);
}

static bool same_type(const struct catalog *x, int i, const struct catalog *y, int k) {
  return !memcmp(&x->type[i], &y->type[k], sizeof x->type[i]);
}

static bool same_host(const struct catalog *x, int i, const struct catalog *y, int k) {
  return !memcmp(&x->host[i], &y->host[k], sizeof x->host[i]);
}

static bool same_session(const struct catalog *x, int i, const struct catalog *y, int k) {
  struct session a = x->session[i], b = y->session[k];
  const char *at = a.station < 0 ? "" : x->station[a.station].id, *other = b.station < 0 ? "" : y->station[b.station].id;
  if (strcmp(at, other) != 0 || strcmp(x->event[a.event].id, y->event[b.event].id) != 0) return false;
  a.event = b.event = a.station = b.station = 0;
  return !memcmp(&a, &b, sizeof a);
}

enum part { EVENT, STATION, TYPE, HOST, SESSION, PARTS };

static const struct {
  const char *name;
  bool (*same)(const struct catalog *x, int i, const struct catalog *y, int k);
} parts[PARTS] = {
    {"event", same_event}, {"station", same_station}, {"type", same_type}, {"host", same_host}, {"session", same_session}};

static const char *id_of(const struct catalog *c, enum part part, int i) {
  switch (part) {
  case EVENT: return c->event[i].id;
  case STATION: return c->station[i].id;
  case TYPE: return c->type[i].key;
  case HOST: return c->host[i].id;
  default: return c->session[i].id;
  }
}

static int count_of(const struct catalog *c, enum part part) {
  const int count[PARTS] = {c->events, c->stations, c->types, c->hosts, c->sessions};
  return count[part];
}

static int place(const struct catalog *c, enum part part, const char *id) {
  for (int i = 0; i < count_of(c, part); i++)
    if (!strcmp(id_of(c, part, i), id)) return i;
  return -1;
}

int diff_catalogs(const struct catalog *x, const struct catalog *y) {
  int n = x->show_name != y->show_name;
  if (n) tell("changed", "pack", y->name);
  for (enum part part = 0; part < PARTS; part++) {
    for (int i = 0; i < count_of(x, part); i++) {
      int k = place(y, part, id_of(x, part, i));
      if (k >= 0 && parts[part].same(x, i, y, k)) continue;
      tell(k < 0 ? "removed" : "changed", parts[part].name, id_of(x, part, i));
      n++;
    }
    for (int k = 0; k < count_of(y, part); k++) {
      if (place(x, part, id_of(y, part, k)) >= 0) continue;
      tell("added", parts[part].name, id_of(y, part, k));
      n++;
    }
  }
  return n;
}
