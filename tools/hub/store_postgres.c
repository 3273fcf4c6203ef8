/* SPDX-License-Identifier: Apache-2.0
 * PostgreSQL, for many hubs behind a balancer: it alone knows anything, and every process may die at any moment. Tables and
 * statements, opening, transactions: one that broke off is tried again whole, so all of them may run twice.
 */
#include "tools/hub/store_postgres_inner.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { TRIES = 3, LOCK = 0x79626831 /* "ybh1" */ };

/* From each version to the next. Names are compared as bytes. A record is found by (kiosk, seq, chain): its line says the
 * seq, so the chain alone is as unique. Distributed by kiosk or by event, each key has its column. */
static const char *const migrations[] = {
    "CREATE TABLE kiosk (name text COLLATE \"C\" PRIMARY KEY, setup bytea, used boolean NOT NULL DEFAULT false,"
    " key bytea UNIQUE, token bytea UNIQUE, records bigint NOT NULL DEFAULT 0, head bigint NOT NULL DEFAULT 0,"
    " pushed_ms bigint NOT NULL DEFAULT 0, health text NOT NULL DEFAULT '', health_ms bigint NOT NULL DEFAULT 0,"
    " changes bigint NOT NULL DEFAULT 0);"
    "CREATE TABLE batch (kiosk text COLLATE \"C\" NOT NULL, n bigint NOT NULL, header text NOT NULL, tail text NOT NULL,"
    " PRIMARY KEY (kiosk, n));"
    "CREATE TABLE record (kiosk text COLLATE \"C\" NOT NULL, seq bigint NOT NULL, chain bytea NOT NULL,"
    " before bytea NOT NULL, batch bigint NOT NULL, event text COLLATE \"C\" NOT NULL, shared boolean NOT NULL,"
    " line text NOT NULL, PRIMARY KEY (kiosk, seq, chain));"
    "CREATE TABLE event (name text COLLATE \"C\" PRIMARY KEY, place bigint NOT NULL);"
    "CREATE TABLE arrival (event text COLLATE \"C\" NOT NULL, kiosk text COLLATE \"C\" NOT NULL, batch bigint NOT NULL,"
    " first bigint NOT NULL, last bigint NOT NULL, place bigint, PRIMARY KEY (event, kiosk, batch));"
    "CREATE INDEX arrival_place ON arrival (event, place);",
    "CREATE TABLE kept (kind text COLLATE \"C\" NOT NULL, name text COLLATE \"C\" NOT NULL, value text NOT NULL,"
    " PRIMARY KEY (kind, name));",
};

enum { VERSION = sizeof migrations / sizeof *migrations };

static const char *const always[] = {
    "CREATE TEMPORARY TABLE staging (kiosk text, seq bigint, chain bytea, before bytea, batch bigint, event text,"
    " shared boolean, line text) ON COMMIT DELETE ROWS",
    NULL,
};

static const char *const sql[STATEMENTS] = {
    [ADD_STAGED] = "INSERT INTO record (" POSTGRES_COLUMNS ") SELECT " POSTGRES_COLUMNS " FROM staging ON CONFLICT DO NOTHING",
    [ADD_BATCH] = "INSERT INTO batch (kiosk, n, header, tail) VALUES ($1, $2, $3, $4)",
    [ARRIVE] = "INSERT INTO arrival (event, kiosk, batch, first, last) VALUES ($1, $2, $3, $4, $5)",
    [PUSHED] = "UPDATE kiosk SET records = records + $2, head = greatest(head, $3), pushed_ms = $4, changes = changes + 1"
               " WHERE name = $1",
    [KNOWS] = "SELECT EXISTS (SELECT 1 FROM record WHERE kiosk = $1 AND seq = $2 AND chain = $3),"
              " EXISTS (SELECT 1 FROM record WHERE kiosk = $1 AND seq > $2)",
    [HEADS] = "SELECT seq, chain FROM record AS r WHERE kiosk = $1 AND NOT EXISTS (SELECT 1 FROM record AS next WHERE"
              " next.kiosk = $1 AND next.seq = r.seq + 1 AND next.before = r.chain) ORDER BY seq DESC, chain LIMIT $2",
    [OLDER] = "SELECT seq, chain FROM record WHERE kiosk = $1 AND seq = $2 ORDER BY chain LIMIT 4",
    [PENDING] = "SELECT 1 FROM arrival WHERE event = $1 AND place IS NULL LIMIT 1",
    [LOCK_EVENT] = "INSERT INTO event (name, place) VALUES ($1, 0) ON CONFLICT (name) DO UPDATE SET place = event.place"
                   " RETURNING place",
    [GIVE_PLACES] =
        "UPDATE arrival SET place = $2 + given.n FROM (SELECT kiosk, batch, row_number() OVER (ORDER BY first, batch) AS n"
        " FROM arrival WHERE event = $1 AND place IS NULL) AS given WHERE arrival.event = $1"
        " AND arrival.kiosk = given.kiosk AND arrival.batch = given.batch",
    [MOVE_EVENT] = "UPDATE event SET place = place + $2 WHERE name = $1",
    [ARRIVALS] = "SELECT place, last - first + 1 FROM arrival WHERE event = $1 AND place >= $2::bigint / 512 AND kiosk <> $3"
                 " ORDER BY place LIMIT $4",
    [FEED] = "SELECT a.place * 512 + (r.seq - a.first), a.kiosk, r.line FROM arrival AS a JOIN record AS r ON"
             " r.kiosk = a.kiosk AND r.seq BETWEEN a.first AND a.last AND r.batch = a.batch"
             " WHERE a.event = $1 AND a.place BETWEEN $2::bigint / 512 AND $3 AND a.kiosk <> $4 AND r.event = $1 AND r.shared"
             " AND a.place * 512 + (r.seq - a.first) > $2 ORDER BY a.place, r.seq LIMIT $5",
    [NEXT_EXPORTS] = "SELECT n, header, tail FROM batch WHERE kiosk = $1 AND n > $2 ORDER BY n LIMIT 1000",
    [LINES] = "SELECT chain, before, line FROM record WHERE kiosk = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq DESC",
    [EVENTS] = "WITH RECURSIVE e (name) AS (SELECT min(event) FROM arrival UNION ALL SELECT (SELECT min(event) FROM arrival"
               " WHERE event > e.name) FROM e WHERE e.name IS NOT NULL) SELECT name FROM e WHERE name <> ''",
    [EXPECT] = "INSERT INTO kiosk (name, setup) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET setup = excluded.setup,"
               " used = false WHERE kiosk.setup IS DISTINCT FROM excluded.setup",
    [CARD] = "SELECT used, key FROM kiosk WHERE name = $1 AND setup = $2 FOR UPDATE",
    [ENROL] = "UPDATE kiosk SET used = true, key = $2, token = $3, changes = changes + 1 WHERE name = $1",
    [TOKEN] = "SELECT name, key FROM kiosk WHERE token = $1",
    [HEALTH] = "UPDATE kiosk SET health = $2, health_ms = $3, changes = changes + 1 WHERE name = $1",
    [KIOSKS] = "SELECT name, token IS NOT NULL, records, head, pushed_ms, health_ms, health, key FROM kiosk ORDER BY name",
    [COUNTS] = "SELECT count(token), coalesce(sum(records), 0)::bigint FROM kiosk",
    [STAMP] = "SELECT count(*) + coalesce(sum(changes), 0)::bigint FROM kiosk",
    [KEEP] = "INSERT INTO kept (kind, name, value) VALUES ($1, $2, $3) ON CONFLICT (kind, name) DO UPDATE SET"
             " value = excluded.value",
    [KEPT] = "SELECT value FROM kept WHERE kind = $1 AND name = $2",
    [EACH_KEPT] = "SELECT name, value FROM kept WHERE kind = $1 ORDER BY name",
    [DROP] = "DELETE FROM kept WHERE kind = $1 AND name = $2",
};

static const struct pg_setup setup = {always, sql, STATEMENTS};

enum store_result postgres_run(struct postgres *s, attempt *one, void *call) {
  enum store_result result = STORE_FAILED;
  bool again = true;
  for (int i = 0; again && i < TRIES; i++) {
    struct pg_conn *conn = pg_take(s->pg, false, NULL);
    if (!conn) return STORE_FAILED;
    conn->again = false;
    result = one(conn, call);
    again = result == STORE_FAILED && conn->again;
    pg_give(s->pg, conn);
  }
  return result;
}

/* A statement's rows are not asked for. */
bool postgres_done(struct pg_conn *conn, enum statement which, const struct pg_args *args) {
  PGresult *result = pg_run(conn, which, args);
  PQclear(result);
  return result != NULL;
}

int64_t postgres_changed(const PGresult *result) { return strtoll(PQcmdTuples((PGresult *)(uintptr_t)result), NULL, 10); }

static bool migrate(struct pg_conn *conn, struct problem *problem) {
  char text[256], hex[STORE_ID * 2 + 1];
  uint8_t id[STORE_ID];
  if (!pg_do(conn, "BEGIN")) return false;
  snprintf(text, sizeof text, "SELECT pg_advisory_xact_lock(%d)", LOCK); /* several hubs may start at once */
  if (!pg_do(conn, text) || !pg_do(conn, "CREATE TABLE IF NOT EXISTS hub (id bytea NOT NULL, version bigint NOT NULL)"))
    return false;
  PGresult *result = PQexec(conn->pg, "SELECT version FROM hub");
  if (PQresultStatus(result) != PGRES_TUPLES_OK) return pg_failed(conn, result);
  const bool fresh = PQntuples(result) == 0;
  const long long version = fresh ? 0 : strtoll(PQgetvalue(result, 0, 0), NULL, 10);
  PQclear(result);
  if (version > VERSION)
    return problem_set(problem, "数据库是更新版本的程序建的（%lld）：请换用新版 yingbin-hub",
                       "a newer version of this program made the database (%lld): use a newer yingbin-hub", version);
  randombytes_buf(id, sizeof id);
  sodium_bin2hex(hex, sizeof hex, id, sizeof id);
  if (fresh)
    snprintf(text, sizeof text, "INSERT INTO hub (id, version) VALUES (decode('%s', 'hex'), %d)", hex, VERSION);
  else
    snprintf(text, sizeof text, "UPDATE hub SET version = %d", VERSION);
  bool good = true;
  for (long long i = version; good && i < VERSION; i++) good = pg_do(conn, migrations[i]);
  return good && (version == VERSION || pg_do(conn, text)) && pg_do(conn, "COMMIT");
}

static bool is_utf8(struct pg_conn *conn, struct problem *problem) {
  const char *encoding = PQparameterStatus(conn->pg, "server_encoding");
  return !encoding || !strcmp(encoding, "UTF8") ||
         problem_set(problem, "数据库的编码是 %s，要用 UTF8：createdb -E UTF8 -T template0 名称",
                     "the database's encoding is %s, and has to be UTF8: createdb -E UTF8 -T template0 NAME", encoding);
}

static bool read_id(struct postgres *s, struct pg_conn *conn) {
  PGresult *result = PQexecParams(conn->pg, "SELECT id FROM hub", 0, NULL, NULL, NULL, NULL, 1);
  const bool good =
      PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 && pg_take_bytes(result, 0, 0, s->id, sizeof s->id);
  PQclear(result);
  return good;
}

static void close_db(void *self) {
  struct postgres *s = self;
  if (!s) return;
  pg_free(s->pg);
  pthread_mutex_destroy(&s->lock);
  pthread_cond_destroy(&s->settled);
  free(s->url);
  free(s);
}

static bool open_db(const char *url, void **self, struct problem *problem) {
  struct postgres *s = calloc(1, sizeof *s);
  if (s) {
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->settled, NULL);
    s->url = strdup(url);
  }
  if (s && s->url) s->pg = pg_new(s->url, &setup);
  if (!s || !s->pg) {
    close_db(s);
    return problem_set(problem, "内存不足", "out of memory");
  }
  *problem = (struct problem){.zh = ""};
  struct pg_conn *conn = pg_take(s->pg, true, problem);
  const bool good = conn && is_utf8(conn, problem) && migrate(conn, problem) && read_id(s, conn);
  const char *why = conn ? PQerrorMessage(conn->pg) : "";
  if (!good && !problem->en[0])
    problem_set(problem, "数据库用不了：%1$.*2$s。这个用户要能在里面建表：createdb -O 用户 -E UTF8 -T template0 名称",
                "the database can't be used: %1$.*2$s. Its user has to be allowed to make tables: createdb -O USER -E UTF8 -T "
                "template0 NAME",
                why, (int)strcspn(why, "\r\n"));
  if (conn) pg_give(s->pg, conn);
  if (good)
    *self = s;
  else
    close_db(s);
  return good;
}

static void id_of(void *self, uint8_t id[STORE_ID]) { memcpy(id, ((struct postgres *)self)->id, STORE_ID); }

void postgres_copy_text(const PGresult *rows, int row, int column, char *out, size_t size) {
  snprintf(out, size, "%.*s", PQgetlength(rows, row, column), PQgetvalue(rows, row, column));
}

enum store_result postgres_try_rows(struct pg_conn *conn, void *call) {
  struct rows *r = call;
  r->rows = pg_run(conn, r->which, r->args);
  return r->rows ? STORE_DONE : STORE_FAILED;
}

const struct store_ops store_postgres = {.open = open_db,
                                         .close = close_db,
                                         .id = id_of,
                                         .expect = postgres_expect,
                                         .enrol = postgres_enrol,
                                         .kiosk = postgres_kiosk_of,
                                         .append = postgres_append,
                                         .known = postgres_known_of,
                                         .feed = postgres_feed,
                                         .exports = postgres_exports,
                                         .lines = postgres_lines,
                                         .events = postgres_events,
                                         .health = postgres_health,
                                         .kiosks = postgres_kiosks,
                                         .count = postgres_count_all,
                                         .stamp = postgres_stamp,
                                         .keep = postgres_keep,
                                         .kept = postgres_kept,
                                         .each_kept = postgres_each_kept,
                                         .drop = postgres_drop};
