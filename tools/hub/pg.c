/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/pg.h"

#include <endian.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "tools/hub/clock.h"

enum { IDLE_MOST = 64, REST_MS = 500 /* after a server that can't be reached, everybody fails at once for so long */ };

struct pg {
  const char *url;
  const struct pg_setup *setup;
  pthread_mutex_t lock;
  struct pg_conn *idle[IDLE_MOST]; /* the last one given back is the first one taken */
  int count;
  int64_t rest_until_ms;
  bool down; /* so that it is logged once */
};

struct pg *pg_new(const char *url, const struct pg_setup *setup) {
  struct pg *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  p->url = url;
  p->setup = setup;
  pthread_mutex_init(&p->lock, NULL);
  return p;
}

static void close_conn(struct pg_conn *conn) {
  PQfinish(conn->pg);
  free(conn);
}

static void close_idle(struct pg *p) {
  while (p->count > 0) close_conn(p->idle[--p->count]);
}

void pg_free(struct pg *p) {
  if (!p) return;
  close_idle(p);
  pthread_mutex_destroy(&p->lock);
  free(p);
}

static void on_notice(void *self, const char *text) {
  (void)self;
  log_debug("PostgreSQL: %.*s", (int)strcspn(text, "\r\n"), text);
}

/* What can't be said in the address is said here: words are UTF-8, and nobody waits for a dead server. What the address
 * says itself comes later, and counts. */
static PGconn *connect_to(const char *url) {
  static const char *const keys[] = {"client_encoding",  "connect_timeout",           "keepalives_idle", "keepalives_interval",
                                     "keepalives_count", "fallback_application_name", "dbname",          NULL};
  const char *const values[] = {"UTF8", "5", "10", "5", "3", "yingbin-hub", url, NULL};
  return PQconnectdbParams(keys, values, 1);
}

static bool set_up(struct pg_conn *conn, const struct pg_setup *setup) {
  char name[16];
  for (const char *const *sql = setup->always; *sql; sql++)
    if (!pg_do(conn, *sql)) return false;
  for (int i = 0; i < setup->count; i++) {
    snprintf(name, sizeof name, "s%d", i);
    PGresult *result = PQprepare(conn->pg, name, setup->statements[i], 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) return pg_failed(conn, result);
    PQclear(result);
  }
  return true;
}

static struct pg_conn *open_conn(struct pg *p, bool raw, struct problem *problem) {
  struct pg_conn *conn = calloc(1, sizeof *conn);
  if (!conn) return NULL;
  conn->raw = raw;
  conn->pg = connect_to(p->url);
  PQsetNoticeProcessor(conn->pg, on_notice, NULL);
  if (PQstatus(conn->pg) == CONNECTION_OK && (raw || set_up(conn, p->setup))) return conn;
  const char *why = conn->pg ? PQerrorMessage(conn->pg) : "";
  const int len = (int)strcspn(why, "\r\n");
  if (problem)
    problem_set(
        problem,
        "连不上 PostgreSQL 数据库：%1$.*2$s。请检查 db =，以及数据库是否在运行、密码是否正确（db 里、PGPASSWORD 或 ~/.pgpass）",
        "PostgreSQL can't be used: %1$.*2$s. Check db =, whether the server runs, and the password (in db, PGPASSWORD or "
        "~/.pgpass)",
        why, len);
  pthread_mutex_lock(&p->lock);
  if (!p->down) log_error("PostgreSQL can't be used: %.*s", len, why);
  p->down = true;
  p->rest_until_ms = clock_ms(CLOCK_MONOTONIC) + REST_MS;
  pthread_mutex_unlock(&p->lock);
  close_conn(conn);
  return NULL;
}

struct pg_conn *pg_take(struct pg *p, bool raw, struct problem *problem) {
  struct pg_conn *conn = NULL;
  pthread_mutex_lock(&p->lock);
  if (!raw && p->count > 0) conn = p->idle[--p->count];
  const bool rests = !conn && !problem && p->down && clock_ms(CLOCK_MONOTONIC) < p->rest_until_ms;
  pthread_mutex_unlock(&p->lock);
  if (conn || rests) return conn;
  conn = open_conn(p, raw, problem);
  if (!conn) return NULL;
  pthread_mutex_lock(&p->lock);
  if (p->down) log_info("PostgreSQL answers again");
  p->down = false;
  pthread_mutex_unlock(&p->lock);
  return conn;
}

void pg_give(struct pg *p, struct pg_conn *conn) {
  if (PQtransactionStatus(conn->pg) != PQTRANS_IDLE && PQstatus(conn->pg) == CONNECTION_OK) pg_do(conn, "ROLLBACK");
  const bool good = PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
  conn->again = conn->unique = false;
  pthread_mutex_lock(&p->lock);
  if (!good) close_idle(p);
  const bool kept = good && !conn->raw && p->count < IDLE_MOST;
  if (kept) p->idle[p->count++] = conn;
  pthread_mutex_unlock(&p->lock);
  if (!kept) close_conn(conn);
}

/* --- */

void pg_bytes(struct pg_args *a, const void *bytes, size_t len) {
  a->value[a->count] = bytes;
  a->len[a->count] = (int)len;
  a->binary[a->count++] = 1;
}

void pg_word(struct pg_args *a, const char *text) { pg_bytes(a, text, strlen(text)); }

void pg_number(struct pg_args *a, int64_t number) {
  const uint64_t big = htobe64((uint64_t)number);
  memcpy(a->number[a->count], &big, sizeof big);
  pg_bytes(a, a->number[a->count], sizeof big);
}

/* 08: connection; 40: serialization failure, deadlock; 57P: the server is shut down or starts. */
bool pg_failed(struct pg_conn *conn, PGresult *result) {
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE), *why = PQerrorMessage(conn->pg);
  conn->unique = state && !strcmp(state, "23505");
  conn->again = PQstatus(conn->pg) != CONNECTION_OK ||
                (state && (!strncmp(state, "08", 2) || !strncmp(state, "40", 2) || !strncmp(state, "57P", 3)));
  if (!conn->unique) log_error("the database: %.*s", (int)strcspn(why, "\r\n"), why);
  PQclear(result);
  return false;
}

PGresult *pg_run(struct pg_conn *conn, int statement, const struct pg_args *args) {
  static const struct pg_args none = {.count = 0};
  const struct pg_args *a = args ? args : &none;
  char name[16];
  snprintf(name, sizeof name, "s%d", statement);
  PGresult *result = PQexecPrepared(conn->pg, name, a->count, a->value, a->len, a->binary, 1);
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  pg_failed(conn, result);
  return NULL;
}

static bool send_steps(struct pg_conn *conn, const struct pg_step *steps, int count, bool commit) {
  char name[16];
  bool good = PQenterPipelineMode(conn->pg) == 1;
  for (int i = 0; good && i < count; i++) {
    const struct pg_args *a = &steps[i].args;
    snprintf(name, sizeof name, "s%d", steps[i].statement);
    good = PQsendQueryPrepared(conn->pg, name, a->count, a->value, a->len, a->binary, 1) == 1;
  }
  if (good && commit) good = PQsendQueryParams(conn->pg, "COMMIT", 0, NULL, NULL, NULL, NULL, 1) == 1;
  return good && PQpipelineSync(conn->pg) == 1;
}

/* results: of `count` statements; NULL: nobody asks for them. */
static bool run_steps(struct pg_conn *conn, const struct pg_step *steps, int count, bool commit, PGresult **results) {
  bool good = send_steps(conn, steps, count, commit) || pg_failed(conn, NULL), synced = false;
  while (!synced && PQstatus(conn->pg) == CONNECTION_OK) { /* a NULL ends each statement's results */
    PGresult *result = PQgetResult(conn->pg);
    const ExecStatusType status = result ? PQresultStatus(result) : PGRES_TUPLES_OK;
    synced = status == PGRES_PIPELINE_SYNC;
    const bool bad = status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !synced;
    if (good && bad)
      good = pg_failed(conn, result); /* what follows it wasn't done */
    else if (good && results && result && !synced)
      *results++ = result;
    else
      PQclear(result);
  }
  return PQexitPipelineMode(conn->pg) == 1 && synced && good;
}

bool pg_ask(struct pg_conn *conn, const struct pg_step *steps, int count, PGresult **results) {
  memset(results, 0, (size_t)count * sizeof *results);
  return run_steps(conn, steps, count, false, results);
}

bool pg_commit(struct pg_conn *conn, const struct pg_step *steps, int count) {
  return run_steps(conn, steps, count, true, NULL);
}

bool pg_do(struct pg_conn *conn, const char *sql) {
  PGresult *result = PQexec(conn->pg, sql);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return pg_failed(conn, result);
  PQclear(result);
  return true;
}

uint8_t *pg_copy_begin(uint8_t *out) {
  static const uint8_t head[PG_COPY_HEAD] = "PGCOPY\n\377\r\n";
  memcpy(out, head, sizeof head);
  return out + sizeof head;
}

uint8_t *pg_copy_row(uint8_t *out, int fields) {
  const uint16_t big = htobe16((uint16_t)fields);
  memcpy(out, &big, sizeof big);
  return out + sizeof big;
}

uint8_t *pg_copy_field(uint8_t *out, const void *bytes, size_t len) {
  const uint32_t big = htobe32((uint32_t)len);
  memcpy(out, &big, sizeof big);
  memcpy(out + sizeof big, bytes, len);
  return out + sizeof big + len;
}

uint8_t *pg_copy_number(uint8_t *out, int64_t number) {
  const uint64_t big = htobe64((uint64_t)number);
  return pg_copy_field(out, &big, sizeof big);
}

uint8_t *pg_copy_end(uint8_t *out) { return pg_copy_row(out, -1); }

bool pg_copy(struct pg_conn *conn, const char *sql, const struct pg_piece *pieces, int count) {
  PGresult *result = PQexec(conn->pg, sql);
  if (PQresultStatus(result) != PGRES_COPY_IN) return pg_failed(conn, result);
  PQclear(result);
  bool good = true;
  for (int i = 0; good && i < count; i++) good = PQputCopyData(conn->pg, pieces[i].bytes, (int)pieces[i].len) == 1;
  if (!good || PQputCopyEnd(conn->pg, NULL) != 1) return pg_failed(conn, NULL);
  while ((result = PQgetResult(conn->pg))) {
    if (good && PQresultStatus(result) != PGRES_COMMAND_OK)
      good = pg_failed(conn, result);
    else
      PQclear(result);
  }
  return good;
}

int64_t pg_int(const PGresult *result, int row, int column) {
  uint64_t big = 0;
  if (PQgetlength(result, row, column) == sizeof big) memcpy(&big, PQgetvalue(result, row, column), sizeof big);
  return (int64_t)be64toh(big);
}

bool pg_take_bytes(const PGresult *result, int row, int column, void *out, size_t size) {
  if (PQgetisnull(result, row, column) || PQgetlength(result, row, column) != (int)size) return false;
  memcpy(out, PQgetvalue(result, row, column), size);
  return true;
}
