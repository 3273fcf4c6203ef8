/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/catalog.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum kind {
  TEXT,
  TEXTS /* NAME.0, NAME.1, ... of FILE_NAME_MAX each */,
  LANGS,
  BOOL,
  ENUM,
  INT16,
  INT32,
  INT64,
  MASK32,
  MASK64
};

static const uint8_t width[] = {
    [BOOL] = sizeof(bool), [ENUM] = sizeof(enum station_kind), [INT16] = 2, [INT32] = 4, [INT64] = 8, [MASK32] = 4,
    [MASK64] = 8};
_Static_assert(sizeof(enum station_kind) == 4 && sizeof(enum again) == 4 && sizeof(enum show_name) == 4, "enums are ints");

static const char *const part_name[CATALOG_PARTS] = {"pack", "event", "station", "type", "host", "session"};

static const struct field {
  enum catalog_part part;
  const char *key;
  enum kind kind;
  size_t offset, size;
  int64_t least, most; /* of numbers */
} field[] = {
#define FIELD(part, type, key, kind, member, least, most)                                                                      \
  { part, key, kind, offsetof(struct type, member), sizeof((struct type *)0)->member, least, most }
#define TIME_MOST INT64_C(32503680000000) /* the year 3000 */
    FIELD(CATALOG_PACK, catalog, "name", TEXT, name, 0, 0),
    FIELD(CATALOG_PACK, catalog, "build", INT32, build, 0, INT32_MAX),
    FIELD(CATALOG_PACK, catalog, "show_name", ENUM, show_name, 0, SHOW_NAME_NONE),
    FIELD(CATALOG_PACK, catalog, "retain_until", INT64, retain_until_ms, 0, TIME_MOST),
    FIELD(CATALOG_EVENT, event, "id", TEXT, id, 0, 0),
    FIELD(CATALOG_EVENT, event, "title", LANGS, title, 0, 0),
    FIELD(CATALOG_EVENT, event, "venue", LANGS, venue, 0, 0),
    FIELD(CATALOG_EVENT, event, "city", LANGS, city, 0, 0),
    FIELD(CATALOG_EVENT, event, "starts", INT64, starts_ms, 0, TIME_MOST),
    FIELD(CATALOG_EVENT, event, "ends", INT64, ends_ms, 0, TIME_MOST),
    FIELD(CATALOG_EVENT, event, "zone", TEXT, zone.name, 0, 0),
    FIELD(CATALOG_EVENT, event, "zone.spans", INT32, zone.spans, 0, ZONE_SPANS_MAX),
    FIELD(CATALOG_EVENT, event, "zone.since", INT64, zone.since_s, -TIME_MOST, TIME_MOST),
    FIELD(CATALOG_EVENT, event, "zone.offset", INT32, zone.offset_s, -86400, 86400),
    FIELD(CATALOG_EVENT, event, "day_border", INT32, day_border_s, 0, 86399),
    FIELD(CATALOG_EVENT, event, "site", TEXT, site, 0, 0),
    FIELD(CATALOG_EVENT, event, "hosts", MASK32, hosts, 0, 0),
    FIELD(CATALOG_EVENT, event, "roster", BOOL, roster, 0, 1),
    FIELD(CATALOG_EVENT, event, "foreign", BOOL, foreign, 0, 1),
    FIELD(CATALOG_EVENT, event, "tag", MASK32, tag, 0, 0),
    FIELD(CATALOG_EVENT, event, "logo", TEXT, logo, 0, 0),
    FIELD(CATALOG_EVENT, event, "slide", TEXTS, slide, 0, 0),
    FIELD(CATALOG_EVENT, event, "slides", INT32, slides, 0, SLIDES_MAX),
    FIELD(CATALOG_EVENT, event, "voice", TEXTS, voice, 0, 0),
    FIELD(CATALOG_EVENT, event, "colours", MASK32, accents, 0, 0),
    FIELD(CATALOG_EVENT, event, "theme", ENUM, theme, 0, EVENT_THEME_DARK),
    FIELD(CATALOG_EVENT, event, "lang", ENUM, lang, 0, LANG_COUNT - 1),
    FIELD(CATALOG_EVENT, event, "langs", INT32, langs, 0, LANG_COUNT),
    FIELD(CATALOG_EVENT, event, "help", LANGS, help, 0, 0),
    FIELD(CATALOG_EVENT, event, "self_lookup", ENUM, self_lookup, 0, SELF_LOOKUP_PHONE),
    FIELD(CATALOG_STATION, station, "id", TEXT, id, 0, 0),
    FIELD(CATALOG_STATION, station, "event", INT16, event, 0, EVENTS_MAX - 1),
    FIELD(CATALOG_STATION, station, "kind", ENUM, kind, 0, STATION_REDEEM),
    FIELD(CATALOG_STATION, station, "label", LANGS, label, 0, 0),
    FIELD(CATALOG_STATION, station, "room", LANGS, room, 0, 0),
    FIELD(CATALOG_STATION, station, "greeting", LANGS, greeting, 0, 0),
    FIELD(CATALOG_STATION, station, "admits", MASK64, admits, 0, 0),
    FIELD(CATALOG_STATION, station, "times", INT32, times, TIMES_DAILY, 1000000),
    FIELD(CATALOG_STATION, station, "opens.set", BOOL, opens.set, 0, 1),
    FIELD(CATALOG_STATION, station, "opens.daily", BOOL, opens.daily, 0, 1),
    FIELD(CATALOG_STATION, station, "opens.at", INT64, opens.at, 0, TIME_MOST),
    FIELD(CATALOG_STATION, station, "closes.set", BOOL, closes.set, 0, 1),
    FIELD(CATALOG_STATION, station, "closes.daily", BOOL, closes.daily, 0, 1),
    FIELD(CATALOG_STATION, station, "closes.at", INT64, closes.at, 0, TIME_MOST),
    FIELD(CATALOG_STATION, station, "after", INT16, after, -1, STATIONS_MAX - 1),
    FIELD(CATALOG_STATION, station, "after_today", BOOL, after_today, 0, 1),
    FIELD(CATALOG_STATION, station, "capacity", INT32, capacity, 0, INT32_MAX),
    FIELD(CATALOG_STATION, station, "share", INT32, share, 0, INT32_MAX),
    FIELD(CATALOG_STATION, station, "again", ENUM, again, 0, AGAIN_STOP),
    FIELD(CATALOG_STATION, station, "offline", ENUM, offline, 0, OFFLINE_ASK),
    FIELD(CATALOG_STATION, station, "walkin", ENUM, walkin, 0, WALKIN_NO),
    FIELD(CATALOG_STATION, station, "party_all", BOOL, party_all, 0, 1),
    FIELD(CATALOG_STATION, station, "party_ask", BOOL, party_ask, 0, 1),
    FIELD(CATALOG_STATION, station, "nth", BOOL, show_nth, 0, 1),
    FIELD(CATALOG_STATION, station, "anonymous", BOOL, anonymous, 0, 1),
    FIELD(CATALOG_STATION, station, "handout", LANGS, handout, 0, 0),
    FIELD(CATALOG_STATION, station, "accept", TEXT, accept, 0, 0),
    FIELD(CATALOG_TYPE, ticket_type, "id", INT16, id, 0, 255),
    FIELD(CATALOG_TYPE, ticket_type, "key", TEXT, key, 0, 0),
    FIELD(CATALOG_TYPE, ticket_type, "label", LANGS, label, 0, 0),
    FIELD(CATALOG_TYPE, ticket_type, "colour", MASK32, colour, 0, 0),
    FIELD(CATALOG_TYPE, ticket_type, "icon", ENUM, icon, 0, ICON_COUNT - 1),
    FIELD(CATALOG_TYPE, ticket_type, "late_admit", BOOL, late_admit, 0, 1),
    FIELD(CATALOG_TYPE, ticket_type, "show_name", ENUM, show_name, 0, SHOW_NAME_NONE),
    FIELD(CATALOG_TYPE, ticket_type, "days", INT32, days, 0, 8),
    FIELD(CATALOG_TYPE, ticket_type, "day", INT32, day, -1000000, 1000000),
    FIELD(CATALOG_HOST, host, "id", TEXT, id, 0, 0),
    FIELD(CATALOG_HOST, host, "name", LANGS, name, 0, 0),
    FIELD(CATALOG_HOST, host, "logo", TEXT, logo, 0, 0),
    FIELD(CATALOG_HOST, host, "group_qr", TEXT, group_qr, 0, 0),
    FIELD(CATALOG_HOST, host, "group_expires", INT64, group_expires_ms, 0, TIME_MOST),
    FIELD(CATALOG_HOST, host, "group_fallback", LANGS, group_fallback, 0, 0),
    FIELD(CATALOG_HOST, host, "group_fallback_qr", TEXT, group_fallback_qr, 0, 0),
    FIELD(CATALOG_SESSION, session, "id", TEXT, id, 0, 0),
    FIELD(CATALOG_SESSION, session, "title", LANGS, title, 0, 0),
    FIELD(CATALOG_SESSION, session, "room", LANGS, room, 0, 0),
    FIELD(CATALOG_SESSION, session, "starts", INT64, starts_ms, 0, TIME_MOST),
    FIELD(CATALOG_SESSION, session, "ends", INT64, ends_ms, 0, TIME_MOST),
    FIELD(CATALOG_SESSION, session, "event", INT16, event, 0, EVENTS_MAX - 1),
    FIELD(CATALOG_SESSION, session, "station", INT16, station, -1, STATIONS_MAX - 1),
#undef FIELD
};
enum { FIELDS = sizeof field / sizeof *field };

static const char *const lang_suffix[LANG_COUNT] = {"zh-Hans", "zh-Hant", "en"};

static void *part_at(const struct catalog *c, enum catalog_part part, int position) {
  switch (part) {
  case CATALOG_PACK: return position == 0 ? (void *)c : NULL;
  case CATALOG_EVENT: return position >= 0 && position < EVENTS_MAX ? (void *)&c->event[position] : NULL;
  case CATALOG_STATION: return position >= 0 && position < STATIONS_MAX ? (void *)&c->station[position] : NULL;
  case CATALOG_TYPE: return position >= 0 && position < TYPES_MAX ? (void *)&c->type[position] : NULL;
  case CATALOG_HOST: return position >= 0 && position < HOSTS_MAX ? (void *)&c->host[position] : NULL;
  case CATALOG_SESSION: return position >= 0 && position < SESSIONS_MAX ? (void *)&c->session[position] : NULL;
  default: return NULL;
  }
}

static int *part_count(struct catalog *c, enum catalog_part part) {
  int *const count[CATALOG_PARTS] = {[CATALOG_EVENT] = &c->events,
                                     [CATALOG_STATION] = &c->stations,
                                     [CATALOG_TYPE] = &c->types,
                                     [CATALOG_HOST] = &c->hosts,
                                     [CATALOG_SESSION] = &c->sessions};
  return count[part];
}

static int64_t load(const void *at, enum kind kind) {
  int16_t i16;
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  switch (kind) {
  case BOOL: return *(const bool *)at;
  case INT16: return memcpy(&i16, at, 2), i16;
  case INT32: return memcpy(&i32, at, 4), i32;
  case ENUM:
  case MASK32: return memcpy(&u32, at, 4), (int64_t)u32;
  default: return memcpy(&i64, at, 8), i64;
  }
}

static void store(void *at, enum kind kind, int64_t v) {
  int16_t i16 = (int16_t)v;
  int32_t i32 = (int32_t)v;
  if (kind == BOOL)
    *(bool *)at = v != 0;
  else
    memcpy(at, kind == INT16 ? (void *)&i16 : width[kind] == 4 ? (void *)&i32 : (void *)&v, width[kind]);
}

/* --- writing --- */

static bool write_row(sqlite3_stmt *insert, enum catalog_part part, int position, const char *key, const char *value) {
  if (!*value) return true; /* NOLINT(clang-analyzer-core.NullDereference): each is in the catalog itself */
  sqlite3_bind_text(insert, 1, part_name[part], -1, SQLITE_STATIC);
  sqlite3_bind_int(insert, 2, position);
  sqlite3_bind_text(insert, 3, key, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(insert, 4, value, -1, SQLITE_TRANSIENT);
  bool good = sqlite3_step(insert) == SQLITE_DONE;
  return sqlite3_reset(insert) == SQLITE_OK && good;
}

static bool write_field(sqlite3_stmt *insert, const struct field *f, int position, const char *at) {
  char key[64], value[512];
  if (f->kind == TEXT) return write_row(insert, f->part, position, f->key, at);
  if (f->kind == LANGS) {
    bool good = true;
    for (int i = 0; good && i < LANG_COUNT; i++) {
      snprintf(key, sizeof key, "%s.%s", f->key, lang_suffix[i]);
      good = write_row(insert, f->part, position, key, ((const struct text *)at)->in[i]);
    }
    return good;
  }
  if (f->kind == TEXTS) {
    bool good = true;
    for (size_t i = 0; good && i < f->size / FILE_NAME_MAX; i++) {
      snprintf(key, sizeof key, "%s.%zu", f->key, i);
      good = write_row(insert, f->part, position, key, at + i * FILE_NAME_MAX);
    }
    return good;
  }
  size_t count = f->size / width[f->kind], n = 0;
  while (count && load(at + (count - 1) * width[f->kind], f->kind) == 0) count--; /* an array's end of zeros */
  for (size_t i = 0; i < count; i++)
    n += (size_t)snprintf(value + n, sizeof value - n, "%s%" PRId64, i ? " " : "", load(at + i * width[f->kind], f->kind));
  value[n] = 0;
  return write_row(insert, f->part, position, f->key, value);
}

bool catalog_write(sqlite3 *db, const struct catalog *catalog, struct problem *problem) {
  sqlite3_stmt *insert = NULL;
  bool good = sqlite3_prepare_v2(db, "INSERT INTO catalog VALUES(?,?,?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0; good && i < FIELDS; i++) {
    const int *counted = part_count((struct catalog *)catalog, field[i].part);
    int count = counted ? *counted : 1;
    for (int k = 0; good && k < count; k++)
      good = write_field(insert, &field[i], k, (const char *)part_at(catalog, field[i].part, k) + field[i].offset);
  }
  if (!good) problem_set(problem, "无法写入活动包的目录：%s", "can't write the pack's catalog: %s", sqlite3_errmsg(db));
  sqlite3_finalize(insert);
  return good;
}

/* --- comparing --- */

static bool texts_differ(const char *a, const char *b, size_t size, size_t room) {
  for (size_t i = 0; i < size; i += room)
    if (strcmp(a + i, b + i) != 0) return true;
  return false;
}

static bool numbers_differ(const struct field *f, const char *a, const char *b) {
  for (size_t i = 0; i < f->size; i += width[f->kind])
    if (load(a + i, f->kind) != load(b + i, f->kind)) return true;
  return false;
}

void catalog_compare(enum catalog_part part, const void *a, const void *b, void (*each)(void *self, const char *key),
                     void *self) {
  for (int i = 0; i < FIELDS; i++) {
    const struct field *f = &field[i];
    const char *x = (const char *)a + f->offset, *y = (const char *)b + f->offset;
    bool differ;
    if (f->part != part) continue;
    switch (f->kind) {
    case TEXT: differ = strcmp(x, y) != 0; break;
    case TEXTS: differ = texts_differ(x, y, f->size, FILE_NAME_MAX); break;
    case LANGS: differ = texts_differ(x, y, f->size, TEXT_MAX); break;
    default: differ = numbers_differ(f, x, y);
    }
    if (differ) each(self, f->key);
  }
}

/* --- reading --- */

static bool read_text(char *out, size_t size, const char *value, size_t len) {
  if (len >= size || memchr(value, 0, len) || !utf8_valid(value, len)) return false;
  memcpy(out, value, len);
  out[len] = 0;
  return true;
}

static bool read_numbers(const struct field *f, char *out, const char *value) {
  size_t room = f->size / width[f->kind];
  bool mask = f->kind == MASK32 || f->kind == MASK64;
  for (size_t i = 0; *value; i++) {
    char *end;
    errno = 0;
    long long v = strtoll(value, &end, 10);
    if (i == room || errno || end == value || (*end && *end != ' ')) return false;
    if (mask ? f->kind == MASK32 && (v < 0 || v > UINT32_MAX) : v < f->least || v > f->most) return false;
    store(out + i * width[f->kind], f->kind, v);
    value = *end ? end + 1 : end;
  }
  return true;
}

static bool read_field(char *record, enum catalog_part part, const char *key, const char *value, size_t len) {
  for (int i = 0; i < FIELDS; i++) {
    const struct field *f = &field[i];
    size_t n = strlen(f->key);
    if (f->part != part || strncmp(f->key, key, n) != 0) continue;
    if (f->kind == LANGS) {
      for (int k = 0; k < LANG_COUNT; k++)
        if (key[n] == '.' && !strcmp(key + n + 1, lang_suffix[k]))
          return read_text(((struct text *)(record + f->offset))->in[k], TEXT_MAX, value, len);
    } else if (f->kind == TEXTS) {
      size_t nth =
          key[n] == '.' && key[n + 1] >= '0' && key[n + 1] <= '9' && !key[n + 2] ? (size_t)(key[n + 1] - '0') : SIZE_MAX;
      if (nth < f->size / FILE_NAME_MAX) return read_text(record + f->offset + nth * FILE_NAME_MAX, FILE_NAME_MAX, value, len);
    } else if (!key[n]) {
      return f->kind == TEXT ? read_text(record + f->offset, f->size, value, len)
                             : strlen(value) == len && read_numbers(f, record + f->offset, value);
    }
  }
  return true; /* of a later version */
}

static bool read_row(sqlite3_stmt *row, struct catalog *c) {
  const char *name = (const char *)sqlite3_column_text(row, 0), *key = (const char *)sqlite3_column_text(row, 2);
  const char *value = (const char *)sqlite3_column_text(row, 3);
  int position = sqlite3_column_int(row, 1);
  size_t len = (size_t)sqlite3_column_bytes(row, 3);
  if (!name || !key || !value) return false;
  for (enum catalog_part part = 0; part < CATALOG_PARTS; part++) {
    if (strcmp(name, part_name[part]) != 0) continue;
    char *record = part_at(c, part, position);
    int *count = part_count(c, part);
    if (!record) return false;
    if (count && position >= *count) *count = position + 1;
    return read_field(record, part, key, value, len);
  }
  return true;
}

/* A pack's name becomes a file's name on the kiosk. */
static bool name_is_plain(const char *name) {
  return name[0] && name[0] != '.' &&
         name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == 0;
}

/* What a table of bounds can't say: ids are there, spans ascend, references point inside. */
static bool sound(const struct catalog *c) {
  bool good = name_is_plain(c->name) && c->events > 0;
  for (int i = 0; i < c->events; i++) {
    const struct zone *z = &c->event[i].zone;
    good = good && c->event[i].id[0] && z->spans > 0 && c->event[i].starts_ms <= c->event[i].ends_ms;
    for (int k = 1; good && k < z->spans; k++) good = z->since_s[k - 1] < z->since_s[k];
  }
  for (int i = 0; i < c->stations; i++)
    good = good && c->station[i].id[0] && c->station[i].event < c->events && c->station[i].after < c->stations &&
           c->station[i].times != 0;
  for (int i = 0; i < c->sessions; i++) {
    const struct session *s = &c->session[i];
    good = good && s->event < c->events && s->station < c->stations && (i == 0 || s[-1].starts_ms <= s->starts_ms);
  }
  for (int i = 0; i < c->types; i++) good = good && c->type[i].key[0];
  for (int i = 0; i < c->hosts; i++) good = good && c->host[i].id[0];
  return good;
}

bool catalog_read(sqlite3 *db, struct catalog *catalog, struct problem *problem) {
  sqlite3_stmt *select = NULL;
  int step = SQLITE_ERROR;
  bool good = sqlite3_prepare_v2(db, "SELECT part,position,key,value FROM catalog", -1, &select, NULL) == SQLITE_OK;
  *catalog = (struct catalog){.show_name = SHOW_NAME_MASKED};
  while (good && (step = sqlite3_step(select)) == SQLITE_ROW) good = read_row(select, catalog);
  good = good && step == SQLITE_DONE && sound(catalog);
  sqlite3_finalize(select);
  return good || problem_set(problem, "活动包的目录已损坏，请重新制作或重新复制",
                             "the pack's catalog is damaged; build it or copy it again");
}
