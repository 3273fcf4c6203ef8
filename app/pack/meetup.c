/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/meetup.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"
#include "pack/inner.h"

enum { SLUG = 32, BORDER_S = 4 * 3600 };

/* Small letters and digits, what is between them as one hyphen; a title without any gets its digest. */
static void slug_of(const char *title, char out[SLUG + 1]) {
  size_t n = 0;
  for (; *title && n < SLUG; title++) {
    const char c = (char)(*title >= 'A' && *title <= 'Z' ? *title - 'A' + 'a' : *title);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      out[n++] = c;
    else if (n > 0 && out[n - 1] != '-')
      out[n++] = '-';
  }
  while (n > 0 && out[n - 1] == '-') n--;
  out[n] = '\0';
}

static bool has_others(const char *title) {
  for (; *title; title++)
    if ((unsigned char)*title >= 0x80) return true;
  return false;
}

static void id_of(struct meetup *m) {
  uint8_t digest[16];
  char hex[9], slug[SLUG + 1];
  const struct zone zone = {.spans = 1, .offset_s = {m->offset_s}};
  const struct civil day = civil_of(&zone, m->ends_ms - BORDER_S * INT64_C(1000)); /* a night's end belongs to its day */
  crypto_generichash(digest, sizeof digest, (const uint8_t *)m->title, strlen(m->title), NULL, 0);
  sodium_bin2hex(hex, sizeof hex, digest, 4);
  slug_of(m->title, slug);
  const bool told = slug[0] && !has_others(m->title); /* what the slug leaves out may be all that differs */
  snprintf(m->id, sizeof m->id, "%s%s%s-%04d-%02d-%02d", slug,
           told      ? ""
           : slug[0] ? "-"
                     : "meetup-",
           told ? "" : hex, day.year, day.month, day.day);
}

bool meetup_make(const char *title, int64_t starts_ms, int64_t ends_ms, int32_t offset_s, struct meetup *out) {
  *out = (struct meetup){.starts_ms = starts_ms, .ends_ms = ends_ms, .offset_s = offset_s};
  const size_t len = utf8_cut(title, strlen(title), sizeof out->title - 1);
  if (!utf8_valid(title, len)) return false;
  memcpy(out->title, title, len);
  for (char *c = out->title; *c; c++)
    if ((unsigned char)*c < 0x20) *c = ' ';
  id_of(out);
  return strspn(out->title, " ") < len && ends_ms > 0 && ends_ms > starts_ms;
}

void meetup_note(const struct meetup *m, char note[MEETUP_NOTE]) {
  snprintf(note, MEETUP_NOTE, "meetup %s starts=%" PRId64 " ends=%" PRId64 " offset_s=%" PRId32 " title=%s", m->id,
           m->starts_ms, m->ends_ms, m->offset_s, m->title);
}

bool meetup_of_note(const char *note, struct meetup *out) {
  char id[ID_MAX];
  int64_t starts_ms, ends_ms;
  int32_t offset_s;
  int at = 0;
  if (sscanf(note, "meetup %63s starts=%" SCNd64 " ends=%" SCNd64 " offset_s=%" SCNd32 " title=%n", id, &starts_ms, &ends_ms,
             &offset_s, &at) != 4 ||
      at == 0)
    return false;
  return meetup_make(note + at, starts_ms, ends_ms, offset_s, out) && !strcmp(id, out->id);
}

static void in_all(struct text *text, const char *hans, const char *hant, const char *en) {
  snprintf(text->in[LANG_ZH_HANS], TEXT_MAX, "%s", hans);
  snprintf(text->in[LANG_ZH_HANT], TEXT_MAX, "%s", hant);
  snprintf(text->in[LANG_EN], TEXT_MAX, "%s", en);
}

void meetup_catalog(const struct meetup *m, struct catalog *c) {
  struct event *e = &c->event[0];
  struct station *s = &c->station[0];
  strcpy(c->name, "meetup");
  c->events = c->stations = 1;
  strcpy(e->id, m->id);
  in_all(&e->title, m->title, m->title, m->title);
  e->starts_ms = m->starts_ms;
  e->ends_ms = m->ends_ms;
  strcpy(e->zone.name, "local");
  e->zone.spans = 1;
  e->zone.offset_s[0] = m->offset_s;
  e->day_border_s = BORDER_S;
  snprintf(s->id, sizeof s->id, "%s/door", m->id);
  in_all(&s->label, "签到", "簽到", "Check-in");
  s->kind = STATION_ENTRY;
  s->admits = UINT64_MAX;
  s->times = 1;
  s->after = -1;
}

bool pack_of_meetup(const struct meetup *m, struct pack **pack, struct problem *problem) {
  struct pack *p = calloc(1, sizeof *p);
  *pack = NULL;
  if (!p) return problem_set(problem, "内存不足", "out of memory");
  p->fd = -1;
  p->checked = PACK_CHECK_GOOD;
  strcpy(p->file, "meetup");
  meetup_catalog(m, &p->catalog);
  const bool good = sqlite3_open_v2(":memory:", &p->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
                    sqlite3_exec(p->db, pack_schema, NULL, NULL, NULL) == SQLITE_OK && pack_prepare(p);
  if (good) {
    *pack = p;
    return true;
  }
  pack_close(p);
  return problem_set(problem, "内存不足", "out of memory");
}
