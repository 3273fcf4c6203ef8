/* SPDX-License-Identifier: Apache-2.0
 * What the databases do by themselves: the same rows, into tables with the same keys, without a hub, a network or a check.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "journal/chain.h"
#include "tools/bench/hub.h"
#include "tools/hub/pg.h"
#include "tools/hub/store.h"

struct row {
  const char *line; /* borrowed from the batch */
  size_t len;
  uint8_t chain[JOURNAL_CHAIN];
};

/* The next record of a batch's text; false: its end line. */
static bool next_row(const char **at, struct row *row) {
  const char *tab = strchr(*at, '\t'), *end = strchr(*at, '\n');
  if (!tab || !end || tab > end || !chain_hex(tab + 1, 2 * JOURNAL_CHAIN, row->chain, JOURNAL_CHAIN)) return false;
  row->line = *at;
  row->len = (size_t)(tab - *at);
  *at = end + 1;
  return true;
}

static const char *first_row(const struct fleet_batch *batch) { return strchr(batch->body, '\n') + 1; }

/* --- COPY --- */

struct copying { /* one connection's share: the kiosks whose number leaves `rest` */
  struct pg *pg; /* owned, with its connection */
  struct pg_conn *conn;
  const char *sql;
  struct pg_piece *copy; /* owned, with its bytes: ready before the time is taken */
  int count;
  bool good;
};

struct hub_control {
  const struct fleet *fleet;
  const struct world *world;
  struct hub_phase phase;
  int connections; /* 0: of SQLite */
  char sql[96];
  struct copying *copying; /* owned, one a connection */
  sqlite3 *db;
  sqlite3_stmt *insert;
};

static void prepare_one(struct copying *c, const struct fleet_kiosk *k, const struct fleet_batch *b) {
  const char *at = first_row(b);
  struct row row;
  uint8_t before[JOURNAL_CHAIN] = {0};
  uint8_t *out = malloc(b->len + PG_COPY_HEAD + PG_COPY_TAIL + 1024 + 512 * 200);
  if (!out) abort();
  c->copy[c->count].bytes = out;
  out = pg_copy_begin(out);
  int64_t seq = k->batch == b ? 1 : b[-1].to_seq + 1;
  for (; next_row(&at, &row); seq++) {
    out = pg_copy_row(out, 8);
    out = pg_copy_field(out, k->name, strlen(k->name));
    out = pg_copy_number(out, seq);
    out = pg_copy_field(out, row.chain, JOURNAL_CHAIN);
    out = pg_copy_field(out, before, JOURNAL_CHAIN);
    out = pg_copy_number(out, c->count);
    out = pg_copy_field(out, "bench", 5);
    out = pg_copy_field(out, &(const uint8_t){seq > 1}, 1);
    out = pg_copy_field(out, row.line, row.len);
    memcpy(before, row.chain, JOURNAL_CHAIN);
  }
  c->copy[c->count].len = (size_t)(pg_copy_end(out) - (const uint8_t *)c->copy[c->count].bytes);
  c->count++;
}

/* In the order in which kiosks push: each one's first batch, then the second ones. */
static void prepare(const struct hub_control *control, int rest, int from, int to) {
  struct copying *c = &control->copying[rest];
  const struct fleet *fleet = control->fleet;
  const size_t most = (size_t)fleet->count * (size_t)(to - from);
  c->copy = calloc(most, sizeof *c->copy);
  c->count = 0;
  if (!c->copy) abort();
  for (int n = from; n < to; n++)
    for (int i = rest; i < fleet->count; i += control->connections) prepare_one(c, &fleet->kiosk[i], &fleet->kiosk[i].batch[n]);
}

static void forget(struct copying *c) {
  for (int n = 0; n < c->count; n++) free((void *)(uintptr_t)c->copy[n].bytes);
  free(c->copy);
}

static void *copy_all(void *self) {
  struct copying *c = self;
  c->good = true;
  for (int i = 0; c->good && i < c->count; i++) c->good = pg_copy(c->conn, c->sql, &c->copy[i], 1);
  return NULL;
}

static bool open_postgres(struct hub_control *c) {
  char sql[128];
  c->copying = calloc((size_t)c->connections, sizeof *c->copying);
  if (!c->copying) abort();
  snprintf(c->sql, sizeof c->sql, "COPY control_%d FROM STDIN (FORMAT binary)", c->connections);
  for (int i = 0; i < c->connections; i++) {
    struct copying *one = &c->copying[i];
    one->sql = c->sql;
    one->pg = pg_new(c->world->db, NULL);
    one->conn = pg_take(one->pg, true, NULL);
    if (!one->conn) return false;
  }
  snprintf(sql, sizeof sql, "CREATE TABLE control_%d (LIKE record INCLUDING ALL)", c->connections);
  return pg_do(c->copying[0].conn, sql);
}

static bool step_postgres(struct hub_control *c, int from, int to, int64_t records) {
  pthread_t thread[64];
  bool good = c->connections <= 64;
  for (int i = 0; good && i < c->connections; i++) prepare(c, i, from, to);
  good = good && pg_do(c->copying[0].conn, "CHECKPOINT"); /* what was written before is no burden of these */
  hub_phase_begin(&c->phase, c->world);
  for (int i = 0; good && i < c->connections; i++)
    if (pthread_create(&thread[i], NULL, copy_all, &c->copying[i]) != 0) abort();
  for (int i = 0; good && i < c->connections; i++) pthread_join(thread[i], NULL);
  hub_phase_end(&c->phase, c->world, records);
  for (int i = 0; i < c->connections; i++) {
    good = good && c->copying[i].good;
    forget(&c->copying[i]);
  }
  return good && pg_do(c->copying[0].conn, "CHECKPOINT");
}

/* --- INSERT --- */

static bool insert_batch(sqlite3 *db, sqlite3_stmt *st, const struct fleet_kiosk *k, const struct fleet_batch *b) {
  const char *at = first_row(b);
  struct row row;
  uint8_t before[JOURNAL_CHAIN] = {0};
  int64_t seq = k->batch == b ? 1 : b[-1].to_seq + 1;
  bool good = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
  for (; good && next_row(&at, &row); seq++) {
    sqlite3_bind_text(st, 1, k->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, seq);
    sqlite3_bind_blob(st, 3, row.chain, JOURNAL_CHAIN, SQLITE_TRANSIENT);
    sqlite3_bind_blob(st, 4, before, JOURNAL_CHAIN, SQLITE_TRANSIENT);
    sqlite3_bind_text(st, 5, row.line, (int)row.len, SQLITE_STATIC);
    good = sqlite3_step(st) == SQLITE_DONE;
    sqlite3_reset(st);
    memcpy(before, row.chain, JOURNAL_CHAIN);
  }
  return good && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

static bool open_sqlite(struct hub_control *c, struct problem *problem) {
  char file[PATH_MAX];
  void *store;
  snprintf(file, sizeof file, "%s/control.db", c->world->options->scratch);
  if (!store_sqlite.open(file, &store, problem)) return false; /* for its tables */
  store_sqlite.close(store);
  return (sqlite3_open_v2(file, &c->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
          sqlite3_exec(c->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK &&
          sqlite3_prepare_v2(c->db,
                             "INSERT INTO record (kiosk, seq, chain, before, event, shared, line)"
                             " VALUES (?, ?, ?, ?, 'bench', 1, ?)",
                             -1, &c->insert, NULL) == SQLITE_OK) ||
         problem_set(problem, "对照打不开：%s", "the control can't be opened: %s", sqlite3_errmsg(c->db));
}

static bool step_sqlite(struct hub_control *c, int from, int to, int64_t records) {
  bool good = true;
  hub_phase_begin(&c->phase, c->world);
  for (int n = from; n < to; n++)
    for (int i = 0; good && i < c->fleet->count; i++)
      good = insert_batch(c->db, c->insert, &c->fleet->kiosk[i], &c->fleet->kiosk[i].batch[n]);
  hub_phase_end(&c->phase, c->world, records);
  return good;
}

/* --- */

bool hub_control_open(const struct fleet *fleet, const struct world *world, int connections, struct hub_control **control,
                      struct problem *problem) {
  struct hub_control *c = *control = calloc(1, sizeof *c);
  if (!c) abort();
  c->fleet = fleet;
  c->world = world;
  if (store_for(world->db) == &store_sqlite) return open_sqlite(c, problem);
  c->connections = connections;
  return open_postgres(c) || problem_set(problem, "对照的 COPY 开始不了", "the control's COPY can't begin");
}

bool hub_control_step(struct hub_control *c, int from, int to, struct problem *problem) {
  const struct fleet_batch *b = c->fleet->kiosk[0].batch; /* all have as many in each */
  const int64_t records = c->fleet->count * (b[to - 1].to_seq - (from ? b[from - 1].to_seq : 0));
  if (c->connections == 0)
    return step_sqlite(c, from, to, records) ||
           problem_set(problem, "对照写不进去：%s", "the control can't be written: %s", sqlite3_errmsg(c->db));
  return step_postgres(c, from, to, records) || problem_set(problem, "对照的 COPY 失败", "the control's COPY failed");
}

const struct hub_phase *hub_control_phase(const struct hub_control *c) { return &c->phase; }

void hub_control_close(struct hub_control *c) {
  if (!c) return;
  for (int i = 0; c->copying && i < c->connections; i++) {
    if (c->copying[i].conn) pg_give(c->copying[i].pg, c->copying[i].conn);
    pg_free(c->copying[i].pg);
  }
  free(c->copying);
  sqlite3_finalize(c->insert);
  sqlite3_close(c->db);
  free(c);
}
