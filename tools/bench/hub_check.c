/* SPDX-License-Identifier: Apache-2.0
 * The hub's database, read past the hub, against what the kiosks journaled.
 */
#include <endian.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "journal/chain.h"
#include "tools/bench/hub.h"
#include "tools/hub/store.h"

struct reading { /* one kiosk's records, in their order */
  const struct fleet_kiosk *of;
  uint8_t chain[JOURNAL_CHAIN];
  int64_t seq;
  bool wrong;
};

static void begin(struct reading *r, const struct fleet_kiosk *k) {
  const char *before = strstr(k->batch[0].body, "\"chain_before\":\"");
  *r = (struct reading){.of = k};
  r->wrong = !before || !chain_hex(before + 16, 2 * JOURNAL_CHAIN, r->chain, JOURNAL_CHAIN);
}

static void one(struct reading *r, int64_t seq, const void *chain, int chain_len, const char *line, size_t len) {
  chain_next(r->chain, line, len);
  r->wrong = r->wrong || seq != ++r->seq || chain_len != JOURNAL_CHAIN || memcmp(chain, r->chain, JOURNAL_CHAIN) != 0;
}

/* The last chain is of every byte of every line before it. */
static bool end(const struct reading *r, struct problem *problem) {
  const struct fleet_batch *last = &r->of->batch[r->of->batches - 1];
  return (!r->wrong && r->seq == last->to_seq && !memcmp(r->chain, last->chain, JOURNAL_CHAIN)) ||
         problem_set(problem, "%s：汇总站的记录和日志不同（第 %lld 条前后）",
                     "%s: the hub's records aren't the journal's (near record %lld)", r->of->name, (long long)r->seq);
}

static bool check_sqlite(const struct fleet *fleet, const char *file, int64_t *all, struct problem *problem) {
  sqlite3 *db = NULL;
  sqlite3_stmt *st = NULL, *count = NULL;
  struct reading r;
  bool good =
      sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(db, "SELECT seq, chain, line FROM record WHERE kiosk = ? ORDER BY seq", -1, &st, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(db, "SELECT count(*) FROM record", -1, &count, NULL) == SQLITE_OK && sqlite3_step(count) == SQLITE_ROW;
  if (!good) problem_set(problem, "数据库读不了：%s", "the database can't be read: %s", sqlite3_errmsg(db));
  if (good) *all = sqlite3_column_int64(count, 0);
  for (int i = 0; good && i < fleet->count; i++) {
    begin(&r, &fleet->kiosk[i]);
    sqlite3_reset(st);
    sqlite3_bind_text(st, 1, r.of->name, -1, SQLITE_STATIC);
    while (sqlite3_step(st) == SQLITE_ROW)
      one(&r, sqlite3_column_int64(st, 0), sqlite3_column_blob(st, 1), sqlite3_column_bytes(st, 1),
          (const char *)sqlite3_column_text(st, 2), (size_t)sqlite3_column_bytes(st, 2));
    good = end(&r, problem);
  }
  sqlite3_finalize(st), sqlite3_finalize(count);
  sqlite3_close(db);
  return good;
}

static int64_t big(const PGresult *rows, int row, int column) {
  uint64_t value;
  memcpy(&value, PQgetvalue(rows, row, column), sizeof value);
  return (int64_t)be64toh(value);
}

static PGresult *ask(PGconn *conn, const char *sql, const char *kiosk, struct problem *problem) {
  PGresult *rows = PQexecParams(conn, sql, kiosk ? 1 : 0, NULL, &kiosk, NULL, NULL, 1);
  if (PQresultStatus(rows) == PGRES_TUPLES_OK) return rows;
  problem_set(problem, "数据库读不了：%s", "the database can't be read: %s", PQerrorMessage(conn));
  PQclear(rows);
  return NULL;
}

static bool check_postgres(const struct fleet *fleet, const char *url, int64_t *all, struct problem *problem) {
  PGconn *conn = PQconnectdb(url);
  struct reading r;
  PGresult *rows = ask(conn, "SELECT count(*) FROM record", NULL, problem);
  bool good = rows != NULL;
  if (good) *all = big(rows, 0, 0);
  PQclear(rows);
  for (int i = 0; good && i < fleet->count; i++) {
    begin(&r, &fleet->kiosk[i]);
    rows = ask(conn, "SELECT seq, chain, line FROM record WHERE kiosk = $1 ORDER BY seq", r.of->name, problem);
    for (int k = 0; rows && k < PQntuples(rows); k++)
      one(&r, big(rows, k, 0), PQgetvalue(rows, k, 1), PQgetlength(rows, k, 1), PQgetvalue(rows, k, 2),
          (size_t)PQgetlength(rows, k, 2));
    good = rows && end(&r, problem);
    PQclear(rows);
  }
  PQfinish(conn);
  return good;
}

struct heard {
  int64_t cursor, count;
  int page;
};

static bool hear(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  struct heard *h = self;
  (void)kiosk, (void)line, (void)len;
  if (cursor <= h->cursor) return false; /* told twice: then the count is wrong, too */
  h->cursor = cursor;
  h->count++;
  h->page++;
  return true;
}

/* Everybody's admissions come out of the feed, once each. */
static bool check_feed(const struct fleet *fleet, const char *db, struct problem *problem) {
  const struct store_ops *ops = store_for(db);
  struct heard h = {.page = 1};
  void *store;
  if (!ops->open(db, &store, problem)) return false;
  bool good = true;
  while (good && h.page > 0) {
    h.page = 0;
    good = ops->feed(store, "bench", "", h.cursor, hear, &h) == STORE_DONE;
  }
  ops->close(store);
  const int64_t want = fleet->records - fleet->count; /* each kiosk's first one is of its clock */
  return (good && h.count == want) ||
         problem_set(problem, "应告知 %lld 条，实为 %lld 条", "the feed should have %lld records, and has %lld",
                     (long long)want, (long long)h.count);
}

bool hub_lose(const struct world *world, int records, struct problem *problem) {
  char sql[256];
  bool good;
  snprintf(sql, sizeof sql, "DELETE FROM record WHERE kiosk = 'door-1' AND seq BETWEEN 2 AND %d", records + 1);
  if (store_for(world->db) == &store_sqlite) {
    sqlite3 *db = NULL;
    good = sqlite3_open_v2(world->db, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
           sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK && sqlite3_changes(db) == records;
    sqlite3_close(db);
  } else {
    PGconn *conn = PQconnectdb(world->db);
    PGresult *result = PQexec(conn, sql);
    good = atoi(PQcmdTuples(result)) == records;
    PQclear(result);
    PQfinish(conn);
  }
  return good || problem_set(problem, "没能拿走记录", "the records can't be taken out");
}

bool hub_check(const struct fleet *fleet, const struct world *world, struct problem *problem) {
  int64_t all = 0;
  const bool is_file = store_for(world->db) == &store_sqlite;
  const bool good = is_file ? check_sqlite(fleet, world->db, &all, problem) : check_postgres(fleet, world->db, &all, problem);
  if (!good) return false;
  if (all != fleet->records)
    return problem_set(problem, "应有 %lld 条记录，实有 %lld 条", "%lld records should be there, and %lld are",
                       (long long)fleet->records, (long long)all);
  return check_feed(fleet, world->db, problem);
}
