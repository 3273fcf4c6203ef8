/* SPDX-License-Identifier: Apache-2.0
 * Stores to test: SQLite in a file of its own, PostgreSQL in a server of its own (tools/postgres), both empty; and kiosks
 * that push into them.
 */
#ifndef YINGBIN_TESTS_STORE_ROOM_H
#define YINGBIN_TESTS_STORE_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <libpq-fe.h>
#include <sodium.h>

#include "base/log.h"
#include "journal/chain.h"
#include "scratch.h"
#include "tools/hub/store.h"

enum { LINE_MOST = 400 };

struct room {
  struct scratch scratch;
  char server[256], url[512], db[PATH_MAX]; /* server: PostgreSQL's folder; db: of the store that is open */
  const struct store_ops *ops;
  void *store;
};

struct teller { /* a kiosk; a copy of it is a cloned card */
  struct store_kiosk who;
  int64_t seq;
  uint8_t chain[JOURNAL_CHAIN];
  const char *event;
};

/* What a push holds; the lines live as long as it. */
struct telling {
  struct store_batch batch;
  char line[STORE_BATCH_MOST][LINE_MOST], header[LINE_MOST], end[LINE_MOST];
};

static inline void room_say(const char *command, char *out, size_t size) {
  FILE *f = popen(command, "r");
  assert_non_null(f);
  const size_t len = fread(out, 1, size - 1, f);
  assert_int_equal(pclose(f), 0);
  out[len] = '\0';
  out[strcspn(out, "\n")] = '\0';
}

static inline int room_server_start(void **state) {
  static struct room room;
  char command[512];
  if (sodium_init() < 0) return -1;
  log_init("test_store", LOG_LEVEL_ERROR);
  scratch_make(&room.scratch);
  room_say(SOURCE_DIR "/tools/postgres start", room.server, sizeof room.server);
  snprintf(command, sizeof command, "%s/tools/postgres url %s", SOURCE_DIR, room.server);
  room_say(command, room.url, sizeof room.url);
  *state = &room;
  return 0;
}

static inline int room_server_stop(void **state) {
  struct room *r = *state;
  char command[512], out[8];
  snprintf(command, sizeof command, "%s/tools/postgres remove %s", SOURCE_DIR, r->server);
  room_say(command, out, sizeof out);
  scratch_remove(&r->scratch);
  return 0;
}

/* A statement of the test's own, past the store; its first value, or "". */
static inline void room_pg(PGconn *conn, const char *sql, char out[64]) {
  PGresult *result = PQexec(conn, sql);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail_msg("%s: %s", sql, PQerrorMessage(conn));
  snprintf(out, 64, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
  PQclear(result);
}

static inline PGconn *room_connect(const struct room *r) {
  PGconn *conn = PQconnectdb(r->url);
  assert_int_equal(PQstatus(conn), CONNECTION_OK);
  return conn;
}

static inline void room_open(struct room *r) {
  struct problem problem;
  r->ops = store_for(r->db);
  if (!r->ops->open(r->db, &r->store, &problem)) fail_msg("%s", problem.en);
}

static inline int room_sqlite(void **state) {
  static int count;
  struct room *r = *state;
  char name[32];
  snprintf(name, sizeof name, "hub-%d.db", count++);
  snprintf(r->db, sizeof r->db, "%s", scratch_file(&r->scratch, name));
  room_open(r);
  return 0;
}

static inline int room_postgres(void **state) {
  struct room *r = *state;
  char out[64];
  PGconn *conn = room_connect(r);
  room_pg(conn, "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public", out);
  PQfinish(conn);
  snprintf(r->db, sizeof r->db, "%s", r->url);
  room_open(r);
  return 0;
}

static inline int room_close(void **state) {
  struct room *r = *state;
  r->ops->close(r->store);
  r->store = NULL;
  return 0;
}

static inline void room_hash(const char *text, uint8_t hash[32]) {
  crypto_generichash(hash, 32, (const uint8_t *)text, strlen(text), NULL, 0);
}

/* Enrolled, with the token "token NAME". */
static inline void teller_enrol(struct room *r, struct teller *t, const char *name) {
  char text[ID_MAX + 16];
  uint8_t setup[32], token[32];
  *t = (struct teller){.event = "meetup"};
  snprintf(t->who.name, sizeof t->who.name, "%s", name);
  room_hash(name, t->who.key);
  memcpy(t->chain, t->who.key, JOURNAL_CHAIN);
  snprintf(text, sizeof text, "card %s", name), room_hash(text, setup);
  snprintf(text, sizeof text, "token %s", name), room_hash(text, token);
  assert_int_equal(r->ops->expect(r->store, name, setup), STORE_DONE);
  assert_int_equal(r->ops->enrol(r->store, name, setup, t->who.key, token), STORE_DONE);
}

/* The next `count` records, of which each is an admission; `salt` makes another story of the same numbers. */
static inline void teller_tell(struct teller *t, struct telling *told, int count, const char *salt) {
  struct store_batch *b = &told->batch;
  *b = (struct store_batch){.kiosk = &t->who, .at_ms = 1000, .from_seq = t->seq + 1, .from_start = t->seq == 0, .count = count};
  memcpy(b->before, t->chain, JOURNAL_CHAIN);
  b->header = told->header, b->end = told->end;
  b->header_len = (size_t)snprintf(told->header, LINE_MOST, "{\"from_seq\":%lld}", (long long)t->seq + 1);
  for (int i = 0; i < count; i++) {
    struct store_record *r = &b->record[i];
    *r = (struct store_record){.seq = ++t->seq, .line = told->line[i], .shared = true};
    memcpy(r->before, t->chain, JOURNAL_CHAIN);
    r->len = (size_t)snprintf(told->line[i], LINE_MOST, "{\"seq\":%lld,\"name\":\"%s 迎宾\\u0001\",\"salt\":\"%s\"}",
                              (long long)t->seq, t->who.name, salt);
    snprintf(r->event, sizeof r->event, "%s", t->event);
    chain_next(t->chain, r->line, r->len);
    memcpy(r->chain, t->chain, JOURNAL_CHAIN);
  }
  char hex[JOURNAL_CHAIN * 2 + 1];
  sodium_bin2hex(hex, sizeof hex, t->chain, JOURNAL_CHAIN);
  b->end_len = (size_t)snprintf(told->end, LINE_MOST, "{\"to_seq\":%lld,\"chain\":\"%s\"}", (long long)t->seq, hex);
}

#endif
