/* SPDX-License-Identifier: Apache-2.0
 * Kiosks and their cards, what the hub shows of them, and what it keeps for itself, in SQLite.
 */
#include <stdio.h>
#include <string.h>

#include "tools/hub/store_sqlite_inner.h"

enum store_result sqlite_expect(void *self, const char *kiosk, const uint8_t setup[STORE_HASH]) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = sqlite_begin(s, EXPECT);
  sqlite_word(st, 1, kiosk);
  sqlite_blob(st, 2, setup);
  const enum store_result result = sqlite_run(st) ? STORE_DONE : sqlite_failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

/* Whether this key may use the card. */
static enum store_result ask_card(struct sqlite *s, const char *kiosk, const uint8_t *setup, const uint8_t *key) {
  uint8_t before[32];
  enum store_result result = STORE_DONE;
  sqlite3_stmt *st = sqlite_begin(s, CARD);
  sqlite_word(st, 1, kiosk);
  sqlite_blob(st, 2, setup);
  switch (sqlite3_step(st)) {
  case SQLITE_ROW:
    if (sqlite3_column_int(st, 0) && (!sqlite_take_blob(st, 1, before, 32) || memcmp(before, key, 32) != 0))
      result = STORE_TAKEN;
    break;
  case SQLITE_DONE: result = STORE_NONE; break;
  default: result = sqlite_failed(s);
  }
  sqlite3_reset(st);
  if (result != STORE_DONE) return result;
  st = sqlite_begin(s, ENROLLED);
  sqlite_blob(st, 1, key);
  sqlite_word(st, 2, kiosk);
  const int got = sqlite3_step(st);
  sqlite3_reset(st);
  return got == SQLITE_DONE ? STORE_DONE : got == SQLITE_ROW ? STORE_TAKEN : sqlite_failed(s);
}

enum store_result sqlite_enrol(void *self, const char *kiosk, const uint8_t setup[STORE_HASH], const uint8_t key[32],
                               const uint8_t token[STORE_HASH]) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  enum store_result result = sqlite_exec(s, "BEGIN IMMEDIATE") ? ask_card(s, kiosk, setup, key) : sqlite_failed(s);
  if (result == STORE_DONE) {
    sqlite3_stmt *st = sqlite_begin(s, ENROL);
    sqlite_word(st, 1, kiosk);
    sqlite_blob(st, 2, key);
    sqlite_blob(st, 3, token);
    if (!sqlite_run(st) || !sqlite_exec(s, "COMMIT")) result = sqlite_failed(s);
  }
  if (!sqlite3_get_autocommit(s->db)) sqlite_exec(s, "ROLLBACK");
  pthread_mutex_unlock(&s->lock);
  return result;
}

enum store_result sqlite_kiosk_of(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk) {
  struct sqlite *s = self;
  enum store_result result = STORE_NONE;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, TOKEN);
  sqlite_blob(st, 1, token);
  const int got = sqlite3_step(st);
  if (got == SQLITE_ROW && sqlite_take_blob(st, 1, kiosk->key, 32)) {
    snprintf(kiosk->name, sizeof kiosk->name, "%s", (const char *)sqlite3_column_text(st, 0));
    result = STORE_DONE;
  } else if (got != SQLITE_DONE && got != SQLITE_ROW) {
    result = sqlite_reading_failed(s);
  }
  sqlite3_reset(st);
  pthread_mutex_unlock(&s->reading);
  return result;
}

enum store_result sqlite_count_all(void *self, int64_t *kiosks, int64_t *records) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, COUNTS);
  const bool good = sqlite3_step(st) == SQLITE_ROW;
  if (good) *kiosks = sqlite3_column_int64(st, 0), *records = sqlite3_column_int64(st, 1);
  sqlite3_reset(st);
  const enum store_result result = good ? STORE_DONE : sqlite_reading_failed(s);
  pthread_mutex_unlock(&s->reading);
  return result;
}

enum store_result sqlite_stamp(void *self, int64_t *stamp) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, STAMP);
  const bool good = sqlite3_step(st) == SQLITE_ROW;
  if (good) *stamp = sqlite3_column_int64(st, 0);
  sqlite3_reset(st);
  const enum store_result result = good ? STORE_DONE : sqlite_reading_failed(s);
  pthread_mutex_unlock(&s->reading);
  return result;
}

/* Not worth a sync of the disk: the next commit of records takes it along. */
enum store_result sqlite_health(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = sqlite_begin(s, HEALTH);
  sqlite_word(st, 1, kiosk);
  sqlite_text(st, 2, json, len);
  sqlite3_bind_int64(st, 3, at_ms);
  bool good = sqlite_exec(s, "PRAGMA synchronous = NORMAL") && sqlite_run(st);
  good = sqlite_exec(s, "PRAGMA synchronous = FULL") && good;
  const enum store_result result = good ? STORE_DONE : sqlite_failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

enum store_result sqlite_kiosks(void *self, store_each_kiosk *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, KIOSKS);
  while ((got = sqlite3_step(st)) == SQLITE_ROW) {
    struct store_seen seen = {.name = (const char *)sqlite3_column_text(st, 0),
                              .enrolled = sqlite3_column_int(st, 1),
                              .records = sqlite3_column_int64(st, 2),
                              .head = sqlite3_column_int64(st, 3),
                              .pushed_ms = sqlite3_column_int64(st, 4),
                              .health_ms = sqlite3_column_int64(st, 5),
                              .health = (const char *)sqlite3_column_text(st, 6)};
    seen.has_key = sqlite_take_blob(st, 7, seen.key, sizeof seen.key);
    if (!each(to, &seen)) break;
  }
  return sqlite_end_rows(s, st, got);
}

static enum store_result change_kept(struct sqlite *s, enum statement which, const char *kind, const char *name,
                                     const char *value) {
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = sqlite_begin(s, which);
  sqlite_word(st, 1, kind);
  sqlite_word(st, 2, name);
  if (value) sqlite_word(st, 3, value);
  const enum store_result result = sqlite_run(st) ? STORE_DONE : sqlite_failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

enum store_result sqlite_keep(void *self, const char *kind, const char *name, const char *value) {
  return change_kept(self, KEEP, kind, name, value);
}

enum store_result sqlite_drop(void *self, const char *kind, const char *name) {
  return change_kept(self, DROP, kind, name, NULL);
}

enum store_result sqlite_kept(void *self, const char *kind, const char *name, char *value, size_t size) {
  struct sqlite *s = self;
  enum store_result result = STORE_NONE;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, KEPT);
  sqlite_word(st, 1, kind);
  sqlite_word(st, 2, name);
  const int got = sqlite3_step(st);
  if (got == SQLITE_ROW && (size_t)sqlite3_column_bytes(st, 0) < size) {
    snprintf(value, size, "%s", (const char *)sqlite3_column_text(st, 0));
    result = STORE_DONE;
  } else if (got != SQLITE_DONE && got != SQLITE_ROW) {
    result = sqlite_reading_failed(s);
  }
  sqlite3_reset(st);
  pthread_mutex_unlock(&s->reading);
  return result;
}

enum store_result sqlite_each_kept(void *self, const char *kind, store_each_kept *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, EACH_KEPT);
  sqlite_word(st, 1, kind);
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, (const char *)sqlite3_column_text(st, 0), (const char *)sqlite3_column_text(st, 1))) break;
  return sqlite_end_rows(s, st, got);
}
