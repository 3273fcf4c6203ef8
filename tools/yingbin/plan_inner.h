/* SPDX-License-Identifier: Apache-2.0
 * What plan.c and its parts share: the plan in the making, and what reads one value of a section.
 */
#ifndef YINGBIN_TOOLS_PLAN_INNER_H
#define YINGBIN_TOOLS_PLAN_INNER_H

#include "tools/yingbin/plan.h"

struct plan {
  const struct settings *s;
  struct folder *f;
  struct catalog *c;
  const struct section *host[HOSTS_MAX], *type[TYPES_MAX], *event[EVENTS_MAX], *station[STATIONS_MAX], *session[SESSIONS_MAX];
};

void plan_bad(struct plan *p, int line, const char *zh, const char *en, const char *value);
int plan_line(const struct section *s, const char *key);
bool plan_given(const struct section *s, const char *key);
void plan_need(struct plan *p, const struct section *s, const char *key); /* says so where it isn't there */
void plan_texts(const struct section *s, const char *key, struct text *out);
bool plan_empty(const struct text *text);
int plan_choice(const struct section *s, const char *key, int fallback); /* its place in the setting's choices */
bool plan_yes(const struct section *s, const char *key);

/* -1: not there; the first `len` bytes of the ID count. */
int plan_index(const struct section *const *list, int count, const char *id, size_t len);

/* A file that goes into the pack under its name, which the catalog gets, too. */
void plan_file(struct plan *p, const struct section *s, const char *key, const char *name, char out[FILE_NAME_MAX]);

/* plan_face.c: what people see and hear of an event; plan_session.c: the programme, by start. */
void plan_face(struct plan *p, const struct section *s, struct event *e);
void plan_sessions(struct plan *p);

#endif
