/* SPDX-License-Identifier: Apache-2.0
 * A small pack, written through the pack's own format: an event `meet` with a roster and stations of
 * several kinds, one `other` whose tickets are elsewhere here, and one `night` without a roster. Times
 * are round noon of 2023-10-28 in China.
 */
#ifndef YINGBIN_TESTS_TINY_PACK_H
#define YINGBIN_TESTS_TINY_PACK_H

#include <sodium.h>
#include <sqlite3.h>

#include "core/ticket.h"
#include "pack/catalog.h"
#include "pack/format.h"
#include "pack/minisign.h"
#include "scratch.h"

static const int64_t noon = INT64_C(1698465600000);

enum { DOOR, VIP, KIT, DAILY, LATER, OVER, SMALL, GUESTS, OTHER_DOOR, NIGHT, TINY_STATIONS };

static const struct tiny_person {
  int event;
  const char *code, *number, *name;
  int16_t type;
  int32_t party;
  bool confirmed, revoked, bare;
} tiny_people[] = {
    {0, "K7M3QX9RTV2BHN4D", "1", "张三", 0, 1, true, false, false},
    {0, "K7M3QX9RTV2BHN4E", "2", "欧阳晓晴", 1, 1, true, false, false},
    {0, "K7M3QX9RTV2BHN4F", "3", "𠅤 🎉", 1, 4, true, false, false},
    {0, "K7M3QX9RTV2BHN4G", "4", "李四", 1, 1, false, false, false},
    {0, "K7M3QX9RTV2BHN4H", "5", "王五", 1, 1, true, true, false},
    {1, "K7M3QX9RTV2BHN4J", "1", "Alex", -1, 1, true, false, false},
    {1, "K7M3QX9RTV2BHN4K", "", "", -1, 1, true, false, true},
};

static inline void tiny_station(struct catalog *c, int i, const char *id, int16_t event, struct station station) {
  snprintf(station.id, sizeof station.id, "%s", id);
  snprintf(station.label.in[0], sizeof station.label.in[0], "%s", id);
  station.event = event;
  if (!station.admits) station.admits = UINT64_MAX;
  if (!station.times) station.times = 1;
  c->station[i] = station;
  if (c->stations <= i) c->stations = i + 1;
}

static inline void tiny_catalog(struct catalog *c, uint32_t build) {
  static const char *const ids[] = {"meet", "other", "night"};
  memset(c, 0, sizeof *c);
  strcpy(c->name, "tiny");
  c->build = build;
  for (c->events = 0; c->events < 3; c->events++) {
    struct event *e = &c->event[c->events];
    strcpy(e->id, ids[c->events]);
    strcpy(e->title.in[0], ids[c->events]);
    e->starts_ms = noon - 3600 * 1000;
    e->ends_ms = noon + 3600 * 1000;
    strcpy(e->zone.name, "Asia/Shanghai");
    e->zone.spans = 1;
    e->zone.offset_s[0] = 8 * 3600;
    e->day_border_s = 4 * 3600;
    e->roster = c->events < 2;
    e->tag = pack_event_tag(e->id, "2023-10-28");
  }
  c->types = 2;
  c->type[0].id = 1, strcpy(c->type[0].key, "vip");
  c->type[1].id = 2, strcpy(c->type[1].key, "visitor");
  struct hours later = {.set = true, .at = noon + 1800 * 1000}, over = {.set = true, .at = noon - 1000};
  tiny_station(c, DOOR, "meet/door", 0, (struct station){.after = -1});
  tiny_station(c, VIP, "meet/vip", 0, (struct station){.after = -1, .admits = 1});
  tiny_station(c, KIT, "meet/kit", 0,
               (struct station){.kind = STATION_REDEEM, .after = DOOR, .again = AGAIN_STOP, .offline = OFFLINE_ASK});
  tiny_station(c, DAILY, "meet/daily", 0, (struct station){.after = -1, .times = TIMES_DAILY});
  tiny_station(c, LATER, "meet/later", 0, (struct station){.after = -1, .opens = later});
  tiny_station(c, OVER, "meet/over", 0, (struct station){.after = -1, .closes = over});
  tiny_station(c, SMALL, "meet/small", 0, (struct station){.after = -1, .capacity = 1});
  tiny_station(c, GUESTS, "meet/guests", 0, (struct station){.after = -1, .accept = "G-[0-9]{6}"});
  tiny_station(c, OTHER_DOOR, "other/door", 1, (struct station){.after = -1});
  tiny_station(c, NIGHT, "night/door", 2, (struct station){.after = -1});
}

static inline void tiny_row(sqlite3 *db, const char *sql, int event, const void *a, size_t a_len, const void *b, size_t b_len) {
  sqlite3_stmt *s;
  assert(!sqlite3_prepare_v2(db, sql, -1, &s, NULL));
  sqlite3_bind_int(s, 1, event);
  sqlite3_bind_blob(s, 2, a, (int)a_len, SQLITE_STATIC);
  if (sqlite3_bind_parameter_count(s) > 2) sqlite3_bind_blob(s, 3, b, (int)b_len, SQLITE_STATIC);
  int step = sqlite3_step(s);
  assert(step == SQLITE_DONE);
  sqlite3_finalize(s);
}

static inline void tiny_person(sqlite3 *db, const uint8_t salt[PACK_SALT], const struct tiny_person *p) {
  uint8_t hash[PACK_HASH], row[PACK_ROW_MAX], sealed[PACK_ROW_MAX + PACK_NONCE + PACK_MAC];
  struct attendee a = {.event = (int16_t)p->event, .type = p->type, .party = p->party, .confirmed = p->confirmed};
  strcpy(a.number, p->number);
  strcpy(a.name, p->name);
  const uint8_t *code = (const uint8_t *)p->code;
  size_t n = pack_row_encode(&a, row);
  assert(n);
  pack_hash(salt, code, CODE_LEN, hash);
  size_t len = pack_seal(salt, code, CODE_LEN, row, n, sealed);
  tiny_row(db, "INSERT INTO ticket VALUES (?, ?, ?)", p->event, hash, sizeof hash, p->bare ? NULL : sealed, len);
  if (p->revoked) tiny_row(db, "INSERT INTO revoked VALUES (?, ?)", p->event, hash, sizeof hash, NULL, 0);
}

static inline void tiny_pack_write(const char *file, uint32_t build, const uint8_t ticket_key[32]) {
  static struct catalog catalog;
  sqlite3 *db;
  char settings[100];
  uint8_t salt[PACK_SALT] = {7};
  struct problem problem;
  remove(file);
  tiny_catalog(&catalog, build);
  snprintf(settings, sizeof settings, "PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN", PACK_APPLICATION_ID,
           PACK_VERSION);
  int bad = sqlite3_open(file, &db) || sqlite3_exec(db, settings, NULL, NULL, NULL) ||
            sqlite3_exec(db, pack_schema, NULL, NULL, NULL);
  bad = bad || !catalog_write(db, &catalog, &problem);
  assert(!bad);
  for (int i = 0; i < 3; i++) tiny_row(db, "INSERT INTO salt VALUES (?, ?)", i, salt, sizeof salt, NULL, 0);
  for (size_t i = 0; i < sizeof tiny_people / sizeof *tiny_people; i++) tiny_person(db, salt, &tiny_people[i]);
  tiny_row(db, "INSERT INTO ticket_key SELECT ?2 WHERE ?1 = 0", 0, ticket_key, 32, NULL, 0);
  bad = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
  assert(!bad);
  sqlite3_close(db);
}

#endif
