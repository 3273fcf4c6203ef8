/* SPDX-License-Identifier: Apache-2.0
 * Kiosks and their cards, what the hub shows of them, and what it keeps for itself, in PostgreSQL.
 */
#include <string.h>

#include "tools/hub/store_postgres_inner.h"

struct card {
  const char *kiosk;
  const uint8_t *setup, *key, *token;
  struct store_kiosk *found;
};

static enum store_result try_expect(struct pg_conn *conn, void *call) {
  const struct card *c = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, c->kiosk);
  pg_bytes(&a, c->setup, STORE_HASH);
  return postgres_done(conn, EXPECT, &a) ? STORE_DONE : STORE_FAILED;
}

enum store_result postgres_expect(void *self, const char *kiosk, const uint8_t hash[STORE_HASH]) {
  return postgres_run(self, try_expect, &(struct card){.kiosk = kiosk, .setup = hash});
}

/* Whether this key may use the card. */
static enum store_result ask_card(struct pg_conn *conn, const struct card *c) {
  struct pg_args a = {.count = 0};
  uint8_t key[32];
  pg_word(&a, c->kiosk);
  pg_bytes(&a, c->setup, STORE_HASH);
  PGresult *rows = pg_run(conn, CARD, &a);
  if (!rows) return STORE_FAILED;
  enum store_result result = PQntuples(rows) == 1 ? STORE_DONE : STORE_NONE;
  if (result == STORE_DONE && PQgetvalue(rows, 0, 0)[0] &&
      (!pg_take_bytes(rows, 0, 1, key, sizeof key) || memcmp(key, c->key, sizeof key) != 0))
    result = STORE_TAKEN;
  PQclear(rows);
  return result;
}

static enum store_result try_enrol(struct pg_conn *conn, void *call) {
  const struct card *c = call;
  struct pg_args a = {.count = 0};
  enum store_result result = pg_do(conn, "BEGIN") ? ask_card(conn, c) : STORE_FAILED;
  if (result != STORE_DONE) return result;
  pg_word(&a, c->kiosk);
  pg_bytes(&a, c->key, 32);
  pg_bytes(&a, c->token, STORE_HASH);
  if (postgres_done(conn, ENROL, &a)) return pg_do(conn, "COMMIT") ? STORE_DONE : STORE_FAILED;
  return conn->unique ? STORE_TAKEN : STORE_FAILED; /* another kiosk has this key */
}

enum store_result postgres_enrol(void *self, const char *kiosk, const uint8_t hash[STORE_HASH], const uint8_t key[32],
                                 const uint8_t token[STORE_HASH]) {
  return postgres_run(self, try_enrol, &(struct card){.kiosk = kiosk, .setup = hash, .key = key, .token = token});
}

static enum store_result try_token(struct pg_conn *conn, void *call) {
  const struct card *c = call;
  struct pg_args a = {.count = 0};
  pg_bytes(&a, c->token, STORE_HASH);
  PGresult *rows = pg_run(conn, TOKEN, &a);
  if (!rows) return STORE_FAILED;
  const bool found = PQntuples(rows) == 1 && pg_take_bytes(rows, 0, 1, c->found->key, sizeof c->found->key);
  if (found) postgres_copy_text(rows, 0, 0, c->found->name, sizeof c->found->name);
  PQclear(rows);
  return found ? STORE_DONE : STORE_NONE;
}

enum store_result postgres_kiosk_of(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk) {
  return postgres_run(self, try_token, &(struct card){.token = token, .found = kiosk});
}

enum store_result postgres_health(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms) {
  struct pg_args a = {.count = 0};
  pg_word(&a, kiosk);
  pg_bytes(&a, json, len);
  pg_number(&a, at_ms);
  struct rows r = {.which = HEALTH, .args = &a};
  const enum store_result result = postgres_run(self, postgres_try_rows, &r);
  PQclear(r.rows);
  return result;
}

enum store_result postgres_kiosks(void *self, store_each_kiosk *each, void *to) {
  struct rows r = {.which = KIOSKS};
  char name[ID_MAX];
  const enum store_result result = postgres_run(self, postgres_try_rows, &r);
  for (int i = 0; r.rows && i < PQntuples(r.rows); i++) {
    postgres_copy_text(r.rows, i, 0, name, sizeof name);
    struct store_seen seen = {.name = name,
                              .enrolled = PQgetvalue(r.rows, i, 1)[0],
                              .records = pg_int(r.rows, i, 2),
                              .head = pg_int(r.rows, i, 3),
                              .pushed_ms = pg_int(r.rows, i, 4),
                              .health_ms = pg_int(r.rows, i, 5),
                              .health = PQgetvalue(r.rows, i, 6)};
    seen.has_key = pg_take_bytes(r.rows, i, 7, seen.key, sizeof seen.key);
    if (!each(to, &seen)) break;
  }
  PQclear(r.rows);
  return result;
}

enum store_result postgres_count_all(void *self, int64_t *kiosks_, int64_t *records) {
  struct rows r = {.which = COUNTS};
  const enum store_result result = postgres_run(self, postgres_try_rows, &r);
  if (r.rows) *kiosks_ = pg_int(r.rows, 0, 0), *records = pg_int(r.rows, 0, 1);
  PQclear(r.rows);
  return result;
}

enum store_result postgres_stamp(void *self, int64_t *now) {
  struct rows r = {.which = STAMP};
  const enum store_result result = postgres_run(self, postgres_try_rows, &r);
  if (r.rows) *now = pg_int(r.rows, 0, 0);
  PQclear(r.rows);
  return result;
}

struct keeping {
  const char *kind, *name, *value;
  char *out;
  size_t size;
  store_each_kept *each;
  void *to;
};

static enum store_result try_keep(struct pg_conn *conn, void *call) {
  const struct keeping *k = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kind);
  pg_word(&a, k->name);
  pg_word(&a, k->value);
  return postgres_done(conn, KEEP, &a) ? STORE_DONE : STORE_FAILED;
}

static enum store_result try_drop(struct pg_conn *conn, void *call) {
  const struct keeping *k = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kind);
  pg_word(&a, k->name);
  return postgres_done(conn, DROP, &a) ? STORE_DONE : STORE_FAILED;
}

static enum store_result try_kept(struct pg_conn *conn, void *call) {
  const struct keeping *k = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kind);
  pg_word(&a, k->name);
  PGresult *rows = pg_run(conn, KEPT, &a);
  if (!rows) return STORE_FAILED;
  const bool found = PQntuples(rows) == 1 && (size_t)PQgetlength(rows, 0, 0) < k->size;
  if (found) postgres_copy_text(rows, 0, 0, k->out, k->size);
  PQclear(rows);
  return found ? STORE_DONE : STORE_NONE;
}

static enum store_result try_each_kept(struct pg_conn *conn, void *call) {
  const struct keeping *k = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kind);
  PGresult *rows = pg_run(conn, EACH_KEPT, &a);
  if (!rows) return STORE_FAILED;
  bool more = true;
  for (int i = 0; more && i < PQntuples(rows); i++) {
    char name[ID_MAX * 2], value[STORE_KEPT_MOST];
    postgres_copy_text(rows, i, 0, name, sizeof name);
    postgres_copy_text(rows, i, 1, value, sizeof value);
    more = k->each(k->to, name, value);
  }
  PQclear(rows);
  return STORE_DONE;
}

enum store_result postgres_keep(void *self, const char *kind, const char *name, const char *value) {
  return postgres_run(self, try_keep, &(struct keeping){.kind = kind, .name = name, .value = value});
}

enum store_result postgres_kept(void *self, const char *kind, const char *name, char *value, size_t size) {
  return postgres_run(self, try_kept, &(struct keeping){.kind = kind, .name = name, .out = value, .size = size});
}

enum store_result postgres_each_kept(void *self, const char *kind, store_each_kept *each, void *to) {
  return postgres_run(self, try_each_kept, &(struct keeping){.kind = kind, .each = each, .to = to});
}

enum store_result postgres_drop(void *self, const char *kind, const char *name) {
  return postgres_run(self, try_drop, &(struct keeping){.kind = kind, .name = name});
}
