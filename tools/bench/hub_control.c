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
  const struct fleet *fleet;
  const char *url;
  int rest, of;
  uint8_t **copy; /* owned: ready before the time is taken */
  size_t *len;
  int count;
  bool good;
};

static void prepare_one(struct copying *c, const struct fleet_kiosk *k, const struct fleet_batch *b) {
  const char *at = first_row(b);
  struct row row;
  uint8_t before[JOURNAL_CHAIN] = {0};
  uint8_t *out = malloc(b->len + PG_COPY_ENDS + 1024 + 512 * 200);
  if (!out) abort();
  c->copy[c->count] = out;
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
  c->len[c->count] = (size_t)(pg_copy_end(out) - c->copy[c->count]);
  c->count++;
}

static void prepare(struct copying *c) {
  const int most = c->fleet->count * c->fleet->backlog;
  c->copy = calloc((size_t)most, sizeof *c->copy);
  c->len = calloc((size_t)most, sizeof *c->len);
  if (!c->copy || !c->len) abort();
  for (int n = 0; n < c->fleet->backlog;
       n++) /* in the order in which kiosks push: each one's first batch, then the second ones */
    for (int i = c->rest; i < c->fleet->count; i += c->of) prepare_one(c, &c->fleet->kiosk[i], &c->fleet->kiosk[i].batch[n]);
}

static void *copy_all(void *self) {
  struct copying *c = self;
  struct pg *pg = pg_new(c->url, NULL);
  struct pg_conn *conn = pg_take(pg, true, NULL);
  c->good = conn != NULL;
  for (int i = 0; c->good && i < c->count; i++)
    c->good = pg_copy(conn, "COPY control FROM STDIN (FORMAT binary)", c->copy[i], c->len[i]);
  if (conn) pg_give(pg, conn);
  pg_free(pg);
  return NULL;
}

static bool make_table(const char *url) {
  struct pg *pg = pg_new(url, NULL);
  struct pg_conn *conn = pg_take(pg, true, NULL);
  const bool good = conn && pg_do(conn, "DROP TABLE IF EXISTS control") &&
                    pg_do(conn, "CREATE TABLE control (LIKE record INCLUDING ALL)") && pg_do(conn, "CHECKPOINT");
  if (conn) pg_give(pg, conn);
  pg_free(pg);
  return good;
}

static bool control_postgres(const struct fleet *fleet, const char *url, int connections, double *seconds) {
  struct copying *c = calloc((size_t)connections, sizeof *c);
  pthread_t *thread = calloc((size_t)connections, sizeof *thread);
  if (!c || !thread) abort();
  bool good = make_table(url);
  for (int i = 0; i < connections; i++) {
    c[i] = (struct copying){.fleet = fleet, .url = url, .rest = i, .of = connections};
    prepare(&c[i]);
  }
  const double start = clock_wall_ms();
  for (int i = 0; i < connections; i++)
    if (pthread_create(&thread[i], NULL, copy_all, &c[i]) != 0) abort();
  for (int i = 0; i < connections; i++) {
    pthread_join(thread[i], NULL);
    good = good && c[i].good;
  }
  *seconds = (clock_wall_ms() - start) / 1e3;
  for (int i = 0; i < connections; i++) {
    for (int n = 0; n < c[i].count; n++) free(c[i].copy[n]);
    free(c[i].copy), free(c[i].len);
  }
  free(c), free(thread);
  return good;
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

static bool control_sqlite(const struct fleet *fleet, const char *folder, double *seconds, struct problem *problem) {
  char file[PATH_MAX];
  void *store;
  sqlite3 *db = NULL;
  sqlite3_stmt *st = NULL;
  static int count;
  snprintf(file, sizeof file, "%s/control-%d.db", folder, count++);
  if (!store_sqlite.open(file, &store, problem)) return false; /* for its tables */
  store_sqlite.close(store);
  bool good = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_exec(db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db,
                                 "INSERT INTO record (kiosk, seq, chain, before, id, kind, event, shared, line)"
                                 " VALUES (?, ?, ?, ?, '', 'scan', 'bench', 1, ?)",
                                 -1, &st, NULL) == SQLITE_OK;
  const double start = clock_wall_ms();
  for (int n = 0; n < fleet->backlog; n++)
    for (int i = 0; good && i < fleet->count; i++) good = insert_batch(db, st, &fleet->kiosk[i], &fleet->kiosk[i].batch[n]);
  *seconds = (clock_wall_ms() - start) / 1e3;
  if (!good) problem_set(problem, "对照写不进去：%s", "the control can't be written: %s", sqlite3_errmsg(db));
  sqlite3_finalize(st);
  sqlite3_close(db);
  return good;
}

bool hub_control(const struct fleet *fleet, const struct world *world, int connections, double *rate, struct problem *problem) {
  double seconds = 0;
  const bool is_file = store_for(world->db) == &store_sqlite;
  const bool good = is_file ? control_sqlite(fleet, world->options->scratch, &seconds, problem)
                            : control_postgres(fleet, world->db, connections, &seconds) ||
                                  problem_set(problem, "对照的 COPY 失败", "the control's COPY failed");
  const double records = (double)(fleet->records - (int64_t)fleet->count * world->options->live);
  *rate = seconds > 0 ? records / seconds : 0;
  return good;
}
