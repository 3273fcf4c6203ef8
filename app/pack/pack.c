/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack/catalog.h"
#include "pack/inner.h"

static bool damaged(const char *file, struct problem *problem) {
  return problem_set(problem, "活动包“%s”已损坏或不完整，请重新复制，或用 yingbin pack build 重新制作",
                     "the pack “%s” is damaged or incomplete; copy it again, or build it again with yingbin pack build", file);
}

/* A URI whose path is taken to the letter. */
static bool uri_of(const char *file, char *out, size_t size) {
  size_t n = (size_t)snprintf(out, size, "file:");
  if (file[0] != '/') n += (size_t)snprintf(out + n, size - n, "./"); /* never a host's name */
  for (; *file; file++) {
    bool plain = strchr("%?#", *file) == NULL;
    if (n + 32 > size) return false;
    n += (size_t)snprintf(out + n, size - n, plain ? "%c" : "%%%02X", (unsigned char)*file);
  }
  snprintf(out + n, size - n, "?mode=ro&immutable=1");
  return true;
}

static int64_t pragma(sqlite3 *db, const char *sql) {
  sqlite3_stmt *s = NULL;
  int64_t v = -1;
  if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) v = sqlite3_column_int64(s, 0);
  sqlite3_finalize(s);
  return v;
}

/* The tables are those of our schema to the letter: no view, trigger or index of a stranger runs here. */
static bool schema_is_ours(sqlite3 *db, bool phone) {
  sqlite3_stmt *s = NULL;
  bool good = sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema ORDER BY rowid", -1, &s, NULL) == SQLITE_OK;
  const char *ours = pack_schema;
  int step = SQLITE_DONE;
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) {
    const char *sql = (const char *)sqlite3_column_text(s, 0);
    size_t n = sql ? strlen(sql) : 0;
    good = n && !strncmp(ours, sql, n) && ours[n] == ';';
    if (good) ours += n + 1;
    if (good && !*ours && phone) ours = pack_schema_phone, phone = false;
  }
  good = good && step == SQLITE_DONE && !*ours && !phone;
  sqlite3_finalize(s);
  return good;
}

static bool open_database(struct pack *p, const char *file, struct problem *problem) {
  char uri[3 * 4096 + 64];
  if (access(file, R_OK) != 0) return problem_system(problem, errno, "无法读取活动包", "can't read the pack", file);
  if (!uri_of(file, uri, sizeof uri)) return problem_set(problem, "路径太长：“%s”", "the path is too long: “%s”", file);
  int error = sqlite3_open_v2(uri, &p->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  if (error != SQLITE_OK) return damaged(file, problem);
  sqlite3_db_config(p->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(p->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_limit(p->db, SQLITE_LIMIT_LENGTH, PICTURE_MOST + 65536);
  sqlite3_exec(p->db, "PRAGMA cell_size_check=1; PRAGMA cache_size=-512; PRAGMA temp_store=2", NULL, NULL, NULL);
  if (pragma(p->db, "PRAGMA application_id") != PACK_APPLICATION_ID)
    return problem_set(problem, "“%s”不是活动包（.ybp），或已损坏", "“%s” is no event pack (.ybp), or is damaged", file);
  int64_t version = pragma(p->db, "PRAGMA user_version");
  if (version > PACK_VERSION_PHONE)
    return problem_set(problem, "活动包“%1$s”的格式版本是 %2$d，本程序只认识到 %3$d：请升级签到机程序",
                       "the pack “%1$s” has format version %2$d, this program knows up to %3$d: update the kiosk's program",
                       file, (int)version, PACK_VERSION_PHONE);
  if (version > 0 && version < PACK_VERSION)
    return problem_set(
        problem, "活动包“%1$s”的格式版本是 %2$d，本程序用 %3$d：请用 yingbin pack build 重新制作",
        "the pack “%1$s” has format version %2$d, this program uses %3$d: build it again with yingbin pack build", file,
        (int)version, PACK_VERSION);
  return (version >= PACK_VERSION && schema_is_ours(p->db, version == PACK_VERSION_PHONE)) || damaged(file, problem);
}

/* Calls `take` with each row; false where it or SQLite says so. */
static bool each(sqlite3 *db, const char *sql, bool (*take)(struct pack *p, sqlite3_stmt *row), struct pack *p) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_ERROR;
  bool good = sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK;
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) good = take(p, s);
  sqlite3_finalize(s);
  return good && step == SQLITE_DONE;
}

static bool blob_is(sqlite3_stmt *row, int column, void *out, int len) {
  const void *bytes = sqlite3_column_blob(row, column);
  if (!bytes || sqlite3_column_bytes(row, column) != len) return false;
  memcpy(out, bytes, (size_t)len);
  return true;
}

static bool take_salt(struct pack *p, sqlite3_stmt *row) {
  int event = sqlite3_column_int(row, 0);
  return event >= 0 && event < p->catalog.events && blob_is(row, 1, p->salt[event], PACK_SALT);
}

static bool take_pattern(struct pack *p, sqlite3_stmt *row) {
  int event = sqlite3_column_int(row, 0);
  const char *text = (const char *)sqlite3_column_text(row, 1);
  if (p->patterns == PATTERNS_MAX || event < 0 || event >= p->catalog.events || !text) return false;
  if (!pattern_compile(text, 1, &p->pattern[p->patterns].regex, NULL)) return false;
  p->pattern[p->patterns++].event = (int16_t)event;
  return true;
}

static bool take_ticket_key(struct pack *p, sqlite3_stmt *row) {
  return p->ticket_keys < TICKET_KEYS_MAX && blob_is(row, 0, p->ticket_key[p->ticket_keys++], 32);
}

static bool take_meta(struct pack *p, sqlite3_stmt *row) {
  const char *key = (const char *)sqlite3_column_text(row, 0);
  if (!key) return false;
  if (!strcmp(key, "attendees")) p->facts.attendees = sqlite3_column_int64(row, 1);
  if (!strcmp(key, "weak_codes")) p->facts.weak_codes = sqlite3_column_int64(row, 1);
  if (!strcmp(key, "cards")) p->facts.cards = sqlite3_column_int64(row, 1);
  if (!strcmp(key, "seal")) return p->has_seal = blob_is(row, 1, p->seal, sizeof p->seal);
  return true;
}

static bool take_accepts(struct pack *p) {
  for (int i = 0; i < p->catalog.stations; i++) {
    if (!p->catalog.station[i].accept[0]) continue;
    if (!pattern_compile(p->catalog.station[i].accept, 0, &p->accept[i].regex, NULL)) return false;
    p->accept[i].set = true;
  }
  return true;
}

bool pack_prepare(struct pack *p) {
  return sqlite3_prepare_v3(p->db, "SELECT sealed FROM ticket WHERE event=? AND hash=?", -1, SQLITE_PREPARE_PERSISTENT,
                            &p->find, NULL) == SQLITE_OK &&
         sqlite3_prepare_v3(p->db, "SELECT 1 FROM revoked WHERE event=? AND hash=?", -1, SQLITE_PREPARE_PERSISTENT, &p->revoked,
                            NULL) == SQLITE_OK &&
         sqlite3_prepare_v2(p->db, "SELECT bytes FROM picture WHERE name=?", -1, &p->picture, NULL) == SQLITE_OK;
}

static bool load(struct pack *p, const char *file, struct problem *problem) {
  if (!open_database(p, file, problem)) return false;
  if (!catalog_read(p->db, &p->catalog, problem)) return problem_within(problem, file);
  bool good = each(p->db, "SELECT key,value FROM meta", take_meta, p) &&
              each(p->db, "SELECT event,salt FROM salt", take_salt, p) &&
              each(p->db, "SELECT event,pattern FROM pattern ORDER BY position", take_pattern, p) &&
              each(p->db, "SELECT key FROM ticket_key", take_ticket_key, p) && take_accepts(p) && pack_prepare(p);
  if (good && pragma(p->db, "PRAGMA user_version") == PACK_VERSION_PHONE)
    good = sqlite3_prepare_v3(p->db, "SELECT sealed FROM phone WHERE event=? AND hash=? ORDER BY nth", -1,
                              SQLITE_PREPARE_PERSISTENT, &p->phone, NULL) == SQLITE_OK;
  for (int i = 0; good && i < p->catalog.events; i++) /* an event with tickets has a salt */
    good = !p->catalog.event[i].roster || !sodium_is_zero(p->salt[i], PACK_SALT);
  return good || damaged(file, problem);
}

bool pack_open(const char *file, struct pack **pack, struct problem *problem) {
  struct pack *p = calloc(1, sizeof *p);
  *pack = NULL;
  if (!p) return problem_set(problem, "内存不足", "out of memory");
  p->fd = -1;
  p->checked = PACK_CHECK_GOOD;
  snprintf(p->file, sizeof p->file, "%s", file);
  if (load(p, file, problem)) {
    *pack = p;
    return true;
  }
  pack_close(p);
  return false;
}

void pack_close(struct pack *p) {
  if (!p) return;
  sqlite3_finalize(p->find);
  sqlite3_finalize(p->revoked);
  sqlite3_finalize(p->picture);
  sqlite3_finalize(p->phone);
  sqlite3_close(p->db);
  for (int i = 0; i < p->patterns; i++) regfree(&p->pattern[i].regex);
  for (int i = 0; i < STATIONS_MAX; i++)
    if (p->accept[i].set) regfree(&p->accept[i].regex);
  pack_drop_pictures(p);
  if (p->fd >= 0) close(p->fd);
  free(p);
}

bool pack_again(const struct pack *pack, struct pack **own, struct problem *problem) {
  if (!pack_open(pack->file, own, problem)) return false;
  if ((*own)->catalog.build == pack->catalog.build && !strcmp((*own)->catalog.name, pack->catalog.name)) return true;
  pack_close(*own);
  *own = NULL;
  return problem_set(problem, "%s 已经换成别的活动包", "%s is another pack by now", pack->file);
}

const struct catalog *pack_catalog(const struct pack *pack) { return &pack->catalog; }
const struct pack_facts *pack_facts(const struct pack *pack) { return &pack->facts; }

bool pack_seal_key(const struct pack *pack, uint8_t key[32]) {
  if (pack->has_seal) memcpy(key, pack->seal, 32);
  return pack->has_seal;
}

bool pack_picture(struct pack *pack, const char *name, const uint8_t **bytes, size_t *len) {
  struct picture_kept *kept = pack->pictures;
  while (kept && strcmp(kept->name, name) != 0) kept = kept->next;
  if (!kept && strlen(name) < sizeof kept->name) {
    sqlite3_bind_text(pack->picture, 1, name, -1, SQLITE_TRANSIENT);
    if (sqlite3_step(pack->picture) == SQLITE_ROW) {
      const void *blob = sqlite3_column_blob(pack->picture, 0);
      size_t n = (size_t)sqlite3_column_bytes(pack->picture, 0);
      if (blob && n && (kept = malloc(sizeof *kept + n))) {
        *kept = (struct picture_kept){.next = pack->pictures, .len = n};
        strcpy(kept->name, name);
        memcpy(kept->bytes, blob, n);
        pack->pictures = kept;
      }
    }
    sqlite3_reset(pack->picture);
  }
  if (!kept) return false;
  *bytes = kept->bytes;
  *len = kept->len;
  return true;
}

void pack_drop_pictures(struct pack *pack) {
  while (pack->pictures) {
    struct picture_kept *next = pack->pictures->next;
    free(pack->pictures);
    pack->pictures = next;
  }
}
