/* SPDX-License-Identifier: Apache-2.0
 * PostgreSQL, for many hubs behind a balancer: it alone knows anything, and every process may die at any moment.
 *
 * The feed's cursor must skip nothing while many commit at once. A number that is given out when a record is written doesn't
 * do: who commits later may have the smaller one, and whoever read past it never sees it. So nothing is numbered when it is
 * written. A push leaves a row in `arrival` without a place, and waits for nobody; whoever reads the feed next gives
 * places to all arrivals that are committed by then, one reader at a time, by the lock on the event's row. Places are
 * given in the order of these transactions, so who sees one sees all before it; what is committed later has no place
 * yet, and can only get a greater one. That needs row locks and commits, which every engine that speaks PostgreSQL's
 * protocol has, and no transaction numbers, snapshots or sequences, which they don't agree about.
 *
 * A batch of which nothing can be there yet, as almost all are, is copied where it belongs. Else, and where another process
 * was quicker, it is copied into a temporary table and goes on from there with ON CONFLICT DO NOTHING. Either way it is one
 * transaction. One that broke off is tried again whole: all of them may run twice.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tools/hub/pg.h"
#include "tools/hub/store.h"

enum { HEADS_MOST = 16, TRIES = 3, LOCK = 0x79626831 /* "ybh1" */, PLACE = 512 /* cursors in a batch */ };
_Static_assert((int)PLACE > (int)STORE_BATCH_MOST, "a batch has more records than cursors");

enum statement {
  ADD_STAGED,
  ADD_BATCH,
  ARRIVE,
  PUSHED,
  KNOWS,
  HEADS,
  OLDER,
  PENDING,
  LOCK_EVENT,
  GIVE_PLACES,
  MOVE_EVENT,
  ARRIVALS,
  FEED,
  NEXT_EXPORTS,
  LINES,
  EVENTS,
  EXPECT,
  CARD,
  ENROL,
  TOKEN,
  HEALTH,
  KIOSKS,
  COUNTS,
  STAMP,
  KEEP,
  KEPT,
  EACH_KEPT,
  DROP,
  STATEMENTS
};

struct postgres {
  struct pg *pg;
  char *url;
  uint8_t id[STORE_ID];
};

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

#define COLUMNS "kiosk, seq, chain, before, batch, event, shared, line"
static const char copy_new[] = "BEGIN; COPY record (" COLUMNS ") FROM STDIN (FORMAT binary)",
                  copy_staged[] = "BEGIN; COPY staging (" COLUMNS ") FROM STDIN (FORMAT binary)";

static const char *const sql[STATEMENTS] = {
    [ADD_STAGED] = "INSERT INTO record (" COLUMNS ") SELECT " COLUMNS " FROM staging ON CONFLICT DO NOTHING",
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
    [KIOSKS] = "SELECT name, token IS NOT NULL, records, head, pushed_ms, health_ms, health FROM kiosk ORDER BY name",
    [COUNTS] = "SELECT count(token), coalesce(sum(records), 0)::bigint FROM kiosk",
    [STAMP] = "SELECT count(*) + coalesce(sum(changes), 0)::bigint FROM kiosk",
    [KEEP] = "INSERT INTO kept (kind, name, value) VALUES ($1, $2, $3) ON CONFLICT (kind, name) DO UPDATE SET"
             " value = excluded.value",
    [KEPT] = "SELECT value FROM kept WHERE kind = $1 AND name = $2",
    [EACH_KEPT] = "SELECT name, value FROM kept WHERE kind = $1 ORDER BY name",
    [DROP] = "DELETE FROM kept WHERE kind = $1 AND name = $2",
};

static const struct pg_setup setup = {always, sql, STATEMENTS};

/* --- transactions --- */

/* One try on one connection. FAILED with conn->again: the whole may be tried once more. */
typedef enum store_result attempt(struct pg_conn *conn, void *call);

static enum store_result run(struct postgres *s, attempt *one, void *call) {
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
static bool done(struct pg_conn *conn, enum statement which, const struct pg_args *args) {
  PGresult *result = pg_run(conn, which, args);
  PQclear(result);
  return result != NULL;
}

static int64_t changed(const PGresult *result) { return strtoll(PQcmdTuples((PGresult *)(uintptr_t)result), NULL, 10); }

/* --- opening --- */

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
  free(s->url);
  free(s);
}

static bool open_db(const char *url, void **self, struct problem *problem) {
  struct postgres *s = calloc(1, sizeof *s);
  if (s) s->url = strdup(url);
  if (s && s->url) s->pg = pg_new(s->url, &setup);
  if (!s || !s->pg) {
    close_db(s);
    return problem_set(problem, "内存不足", "out of memory");
  }
  *problem = (struct problem){.zh = ""};
  struct pg_conn *conn = pg_take(s->pg, true, problem);
  const bool good = conn && is_utf8(conn, problem) && migrate(conn, problem) && read_id(s, conn);
  if (!good && !problem->en[0])
    problem_set(problem, "数据库用不了：%s", "the database can't be used: %s", conn ? PQerrorMessage(conn->pg) : "");
  if (conn) pg_give(s->pg, conn);
  if (good)
    *self = s;
  else
    close_db(s);
  return good;
}

static void id_of(void *self, uint8_t id[STORE_ID]) { memcpy(id, ((struct postgres *)self)->id, STORE_ID); }

/* --- kiosks --- */

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
  return done(conn, EXPECT, &a) ? STORE_DONE : STORE_FAILED;
}

static enum store_result expect(void *self, const char *kiosk, const uint8_t hash[STORE_HASH]) {
  return run(self, try_expect, &(struct card){.kiosk = kiosk, .setup = hash});
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
  if (done(conn, ENROL, &a)) return pg_do(conn, "COMMIT") ? STORE_DONE : STORE_FAILED;
  return conn->unique ? STORE_TAKEN : STORE_FAILED; /* another kiosk has this key */
}

static enum store_result enrol(void *self, const char *kiosk, const uint8_t hash[STORE_HASH], const uint8_t key[32],
                               const uint8_t token[STORE_HASH]) {
  return run(self, try_enrol, &(struct card){.kiosk = kiosk, .setup = hash, .key = key, .token = token});
}

static void copy_text(const PGresult *rows, int row, int column, char *out, size_t size) {
  snprintf(out, size, "%.*s", PQgetlength(rows, row, column), PQgetvalue(rows, row, column));
}

static enum store_result try_token(struct pg_conn *conn, void *call) {
  const struct card *c = call;
  struct pg_args a = {.count = 0};
  pg_bytes(&a, c->token, STORE_HASH);
  PGresult *rows = pg_run(conn, TOKEN, &a);
  if (!rows) return STORE_FAILED;
  const bool found = PQntuples(rows) == 1 && pg_take_bytes(rows, 0, 1, c->found->key, sizeof c->found->key);
  if (found) copy_text(rows, 0, 0, c->found->name, sizeof c->found->name);
  PQclear(rows);
  return found ? STORE_DONE : STORE_NONE;
}

static enum store_result kiosk_of(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk) {
  return run(self, try_token, &(struct card){.token = token, .found = kiosk});
}

/* --- appending --- */

struct push {
  const struct store_batch *batch;
  int64_t n;     /* the batch's number among its kiosk's */
  uint8_t *copy; /* owned: its records as COPY takes them */
  size_t len;
  bool staged; /* some of it may be there already */
  int64_t added;
};

static bool write_copy(struct push *p) {
  const struct store_batch *b = p->batch;
  size_t room = PG_COPY_ENDS;
  for (int i = 0; i < b->count; i++)
    room += PG_COPY_ROW + 8 * PG_COPY_FIELD + 2 * 8 + 2 * JOURNAL_CHAIN + 2 * ID_MAX + 1 + b->record[i].len;
  uint8_t *out = p->copy = malloc(room);
  if (!out) return false;
  out = pg_copy_begin(out);
  for (int i = 0; i < b->count; i++) {
    const struct store_record *r = &b->record[i];
    out = pg_copy_row(out, 8);
    out = pg_copy_field(out, b->kiosk->name, strlen(b->kiosk->name));
    out = pg_copy_number(out, r->seq);
    out = pg_copy_field(out, r->chain, JOURNAL_CHAIN);
    out = pg_copy_field(out, r->before, JOURNAL_CHAIN);
    out = pg_copy_number(out, p->n);
    out = pg_copy_field(out, r->event, strlen(r->event));
    out = pg_copy_field(out, &(const uint8_t){r->shared}, 1);
    out = pg_copy_field(out, r->line, r->len);
  }
  p->len = (size_t)(pg_copy_end(out) - p->copy);
  return true;
}

/* Nothing is ever taken away, so this may be asked before the transaction. */
static enum store_result knows(struct pg_conn *conn, struct push *p) {
  const struct store_batch *b = p->batch;
  struct pg_args a = {.count = 0};
  pg_word(&a, b->kiosk->name);
  pg_number(&a, b->from_seq - 1);
  pg_bytes(&a, b->before, JOURNAL_CHAIN);
  PGresult *rows = pg_run(conn, KNOWS, &a);
  if (!rows) return STORE_FAILED;
  const bool known = b->from_start || PQgetvalue(rows, 0, 0)[0];
  p->staged = PQgetvalue(rows, 0, 1)[0];
  PQclear(rows);
  return known ? STORE_DONE : STORE_NONE;
}

static bool add_staged(struct pg_conn *conn, struct push *p) {
  PGresult *result = pg_run(conn, ADD_STAGED, NULL);
  if (result) p->added = changed(result);
  PQclear(result);
  return result != NULL;
}

static void step_batch(const struct push *p, struct pg_step *step) {
  const struct store_batch *b = p->batch;
  *step = (struct pg_step){.statement = ADD_BATCH};
  pg_word(&step->args, b->kiosk->name);
  pg_number(&step->args, p->n);
  pg_bytes(&step->args, b->header, b->header_len);
  pg_bytes(&step->args, b->end, b->end_len);
}

static void step_arrive(const struct push *p, const char *event, struct pg_step *step) {
  const struct store_batch *b = p->batch;
  *step = (struct pg_step){.statement = ARRIVE};
  pg_word(&step->args, event);
  pg_word(&step->args, b->kiosk->name);
  pg_number(&step->args, p->n);
  pg_number(&step->args, b->from_seq);
  pg_number(&step->args, b->from_seq + b->count - 1);
}

static void step_pushed(const struct push *p, struct pg_step *step) {
  const struct store_batch *b = p->batch;
  *step = (struct pg_step){.statement = PUSHED};
  pg_word(&step->args, b->kiosk->name);
  pg_number(&step->args, p->added);
  pg_number(&step->args, b->from_seq + b->count - 1);
  pg_number(&step->args, b->at_ms);
}

/* The first of its event that others are to hear of: `arrival` has a row for each such event. */
static bool is_first_told(const struct store_batch *b, int at) {
  if (!b->record[at].shared) return false;
  for (int i = 0; i < at; i++)
    if (b->record[i].shared && !strcmp(b->record[i].event, b->record[at].event)) return false;
  return true;
}

static bool finish(struct pg_conn *conn, const struct push *p) {
  const struct store_batch *b = p->batch;
  int events = 0, n = 0;
  for (int i = 0; i < b->count; i++) events += is_first_told(b, i);
  struct pg_step *steps = calloc((size_t)events + 2, sizeof *steps);
  if (!steps) return false;
  if (p->added > 0) step_batch(p, &steps[n++]);
  for (int i = 0; p->added > 0 && i < b->count; i++)
    if (is_first_told(b, i)) step_arrive(p, b->record[i].event, &steps[n++]);
  step_pushed(p, &steps[n++]); /* last: whoever holds the kiosk's row holds all of it back */
  const bool good = pg_commit(conn, steps, n);
  free(steps);
  return good;
}

static enum store_result try_append(struct pg_conn *conn, void *call) {
  struct push *p = call;
  const enum store_result known = knows(conn, p);
  if (known != STORE_DONE) return known;
  p->added = p->batch->count;
  if (!pg_copy(conn, p->staged ? copy_staged : copy_new, p->copy, p->len)) {
    conn->again = conn->again || conn->unique; /* another process was quicker: next time it is staged */
    return STORE_FAILED;
  }
  if (p->staged && !add_staged(conn, p)) return STORE_FAILED;
  return finish(conn, p) ? STORE_DONE : STORE_FAILED;
}

/* Batches are given out again in the order of their records, whatever the clock said. */
static int64_t number_of(const struct store_batch *batch) {
  return (int64_t)((uint64_t)batch->from_seq << 20 & INT64_MAX) + randombytes_uniform(1 << 20);
}

static enum store_result append(void *self, const struct store_batch *batch, int64_t *added) {
  struct push p = {.batch = batch, .n = number_of(batch)};
  const enum store_result result = write_copy(&p) ? run(self, try_append, &p) : STORE_FAILED;
  free(p.copy);
  *added = p.added;
  return result;
}

/* --- what is there --- */

struct known {
  const char *kiosk;
  struct store_known *known;
  int *count;
};

static bool take_known(struct pg_conn *conn, enum statement which, const struct known *k, int64_t number, int most) {
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kiosk);
  pg_number(&a, number);
  PGresult *rows = pg_run(conn, which, &a);
  for (int i = 0; rows && i < PQntuples(rows) && *k->count < most; i++) {
    struct store_known *one = &k->known[*k->count];
    one->seq = pg_int(rows, i, 0);
    *k->count += pg_take_bytes(rows, i, 1, one->chain, sizeof one->chain);
  }
  PQclear(rows);
  return rows != NULL;
}

static enum store_result try_known(struct pg_conn *conn, void *call) {
  const struct known *k = call;
  *k->count = 0;
  bool good = take_known(conn, HEADS, k, HEADS_MOST, HEADS_MOST);
  const int64_t head = *k->count > 0 ? k->known[0].seq : 0;
  for (int64_t back = 1; good && back < head; back *= 2) /* a kiosk put back to an old copy meets us at one of these */
    good = take_known(conn, OLDER, k, head - back, STORE_KNOWN_MOST);
  return good ? STORE_DONE : STORE_FAILED;
}

static enum store_result known_of(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count) {
  return run(self, try_known, &(struct known){kiosk, known, count});
}

/* --- the feed --- */

struct feed {
  const char *event, *kiosk;
  int64_t after, most, last; /* last: the place of the last arrival that is asked for */
  bool left;                 /* there are more behind it */
  PGresult *rows;            /* owned: given out when the connection is free again */
};

/* Places for all arrivals that are committed: see above. */
static bool give_places(struct pg_conn *conn, const char *event) {
  struct pg_args name = {.count = 0};
  pg_word(&name, event);
  PGresult *rows = pg_do(conn, "BEGIN") ? pg_run(conn, LOCK_EVENT, &name) : NULL;
  if (!rows) return false;
  struct pg_args a = name, b = name;
  pg_number(&a, pg_int(rows, 0, 0));
  PQclear(rows);
  PGresult *given = pg_run(conn, GIVE_PLACES, &a);
  if (!given) return false;
  pg_number(&b, changed(given));
  PQclear(given);
  return done(conn, MOVE_EVENT, &b) && pg_do(conn, "COMMIT");
}

/* As many arrivals as have the records that are wanted, if others are to hear of all of them: whatever the server knows
 * of its tables, it reads no more records than that. Fewer than wanted may come, and more be `left`. */
static bool choose_arrivals(struct pg_conn *conn, struct feed *f) {
  struct pg_args a = {.count = 0};
  pg_word(&a, f->event);
  pg_number(&a, f->after);
  pg_word(&a, f->kiosk);
  pg_number(&a, f->most + 1); /* of the first one some may have been given before */
  PGresult *rows = pg_run(conn, ARRIVALS, &a);
  const int count = rows ? PQntuples(rows) : 0;
  int n = 0;
  for (int64_t records = 0; n < count && records < f->most + STORE_BATCH_MOST; n++) records += pg_int(rows, n, 1);
  f->last = n ? pg_int(rows, n - 1, 0) : -1;
  f->left = n < count || n > f->most;
  PQclear(rows);
  return rows != NULL;
}

static enum store_result try_feed(struct pg_conn *conn, void *call) {
  struct feed *f = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, f->event);
  PGresult *pending = pg_run(conn, PENDING, &a);
  if (!pending) return STORE_FAILED;
  const bool numbers = PQntuples(pending) > 0;
  PQclear(pending);
  if (numbers && !give_places(conn, f->event)) return STORE_FAILED;
  if (!choose_arrivals(conn, f)) return STORE_FAILED;
  if (f->last < 0) return STORE_DONE;
  pg_number(&a, f->after);
  pg_number(&a, f->last);
  pg_word(&a, f->kiosk);
  pg_number(&a, f->most);
  f->rows = pg_run(conn, FEED, &a);
  return f->rows ? STORE_DONE : STORE_FAILED;
}

static enum store_result feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to) {
  struct feed f = {.event = event, .kiosk = kiosk, .after = after, .most = STORE_FEED_MOST + 1, .left = true};
  char name[ID_MAX];
  enum store_result result = STORE_DONE;
  bool more = true;
  while (result == STORE_DONE && more && f.left && f.most > 0) {
    f.rows = NULL;
    result = run(self, try_feed, &f);
    const int count = f.rows ? PQntuples(f.rows) : 0;
    for (int i = 0; more && i < count; i++) {
      copy_text(f.rows, i, 1, name, sizeof name);
      more = each(to, pg_int(f.rows, i, 0), name, PQgetvalue(f.rows, i, 2), (size_t)PQgetlength(f.rows, i, 2));
    }
    PQclear(f.rows);
    f.most -= count;
    f.after = f.last * PLACE + PLACE - 1;
  }
  return result;
}

/* --- lists and counts --- */

struct rows {
  enum statement which;
  const struct pg_args *args;
  PGresult *rows; /* owned by whoever asked */
};

static enum store_result try_rows(struct pg_conn *conn, void *call) {
  struct rows *r = call;
  r->rows = pg_run(conn, r->which, r->args);
  return r->rows ? STORE_DONE : STORE_FAILED;
}

static enum store_result exports(void *self, const char *kiosk, store_each_export *each, void *to) {
  enum store_result result;
  int64_t n = 0;
  int count;
  do {
    struct pg_args a = {.count = 0};
    pg_word(&a, kiosk);
    pg_number(&a, n);
    struct rows r = {.which = NEXT_EXPORTS, .args = &a};
    result = run(self, try_rows, &r);
    count = r.rows ? PQntuples(r.rows) : 0;
    for (int i = 0; i < count; i++) {
      n = pg_int(r.rows, i, 0);
      if (!each(to, &(const struct store_export){PQgetvalue(r.rows, i, 1), PQgetvalue(r.rows, i, 2),
                                                 (size_t)PQgetlength(r.rows, i, 1), (size_t)PQgetlength(r.rows, i, 2)}))
        count = i; /* enough */
    }
    PQclear(r.rows);
  } while (count == 1000);
  return result;
}

static enum store_result lines(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to) {
  struct pg_args a = {.count = 0};
  pg_word(&a, kiosk);
  pg_number(&a, from);
  pg_number(&a, last);
  struct rows r = {.which = LINES, .args = &a};
  const enum store_result result = run(self, try_rows, &r);
  for (int i = 0; r.rows && i < PQntuples(r.rows); i++) {
    const struct store_line one = {(const uint8_t *)PQgetvalue(r.rows, i, 0), (const uint8_t *)PQgetvalue(r.rows, i, 1),
                                   PQgetvalue(r.rows, i, 2), (size_t)PQgetlength(r.rows, i, 2)};
    if (PQgetlength(r.rows, i, 0) == JOURNAL_CHAIN && PQgetlength(r.rows, i, 1) == JOURNAL_CHAIN && !each(to, &one)) break;
  }
  PQclear(r.rows);
  return result;
}

static enum store_result events(void *self, store_each_event *each, void *to) {
  struct rows r = {.which = EVENTS};
  char name[ID_MAX];
  const enum store_result result = run(self, try_rows, &r);
  for (int i = 0; r.rows && i < PQntuples(r.rows); i++) {
    copy_text(r.rows, i, 0, name, sizeof name);
    if (!each(to, name)) break;
  }
  PQclear(r.rows);
  return result;
}

static enum store_result health(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms) {
  struct pg_args a = {.count = 0};
  pg_word(&a, kiosk);
  pg_bytes(&a, json, len);
  pg_number(&a, at_ms);
  struct rows r = {.which = HEALTH, .args = &a};
  const enum store_result result = run(self, try_rows, &r);
  PQclear(r.rows);
  return result;
}

static enum store_result kiosks(void *self, store_each_kiosk *each, void *to) {
  struct rows r = {.which = KIOSKS};
  char name[ID_MAX];
  const enum store_result result = run(self, try_rows, &r);
  for (int i = 0; r.rows && i < PQntuples(r.rows); i++) {
    copy_text(r.rows, i, 0, name, sizeof name);
    const struct store_seen seen = {.name = name,
                                    .enrolled = PQgetvalue(r.rows, i, 1)[0],
                                    .records = pg_int(r.rows, i, 2),
                                    .head = pg_int(r.rows, i, 3),
                                    .pushed_ms = pg_int(r.rows, i, 4),
                                    .health_ms = pg_int(r.rows, i, 5),
                                    .health = PQgetvalue(r.rows, i, 6)};
    if (!each(to, &seen)) break;
  }
  PQclear(r.rows);
  return result;
}

static enum store_result count_all(void *self, int64_t *kiosks_, int64_t *records) {
  struct rows r = {.which = COUNTS};
  const enum store_result result = run(self, try_rows, &r);
  if (r.rows) *kiosks_ = pg_int(r.rows, 0, 0), *records = pg_int(r.rows, 0, 1);
  PQclear(r.rows);
  return result;
}

static enum store_result stamp(void *self, int64_t *now) {
  struct rows r = {.which = STAMP};
  const enum store_result result = run(self, try_rows, &r);
  if (r.rows) *now = pg_int(r.rows, 0, 0);
  PQclear(r.rows);
  return result;
}

/* --- what a hub keeps for itself --- */

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
  return done(conn, KEEP, &a) ? STORE_DONE : STORE_FAILED;
}

static enum store_result try_drop(struct pg_conn *conn, void *call) {
  const struct keeping *k = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kind);
  pg_word(&a, k->name);
  return done(conn, DROP, &a) ? STORE_DONE : STORE_FAILED;
}

static enum store_result try_kept(struct pg_conn *conn, void *call) {
  const struct keeping *k = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kind);
  pg_word(&a, k->name);
  PGresult *rows = pg_run(conn, KEPT, &a);
  if (!rows) return STORE_FAILED;
  const bool found = PQntuples(rows) == 1 && (size_t)PQgetlength(rows, 0, 0) < k->size;
  if (found) copy_text(rows, 0, 0, k->out, k->size);
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
    copy_text(rows, i, 0, name, sizeof name);
    copy_text(rows, i, 1, value, sizeof value);
    more = k->each(k->to, name, value);
  }
  PQclear(rows);
  return STORE_DONE;
}

static enum store_result keep(void *self, const char *kind, const char *name, const char *value) {
  return run(self, try_keep, &(struct keeping){.kind = kind, .name = name, .value = value});
}

static enum store_result kept(void *self, const char *kind, const char *name, char *value, size_t size) {
  return run(self, try_kept, &(struct keeping){.kind = kind, .name = name, .out = value, .size = size});
}

static enum store_result each_kept(void *self, const char *kind, store_each_kept *each, void *to) {
  return run(self, try_each_kept, &(struct keeping){.kind = kind, .each = each, .to = to});
}

static enum store_result drop(void *self, const char *kind, const char *name) {
  return run(self, try_drop, &(struct keeping){.kind = kind, .name = name});
}

const struct store_ops store_postgres = {.open = open_db,
                                         .close = close_db,
                                         .id = id_of,
                                         .expect = expect,
                                         .enrol = enrol,
                                         .kiosk = kiosk_of,
                                         .append = append,
                                         .known = known_of,
                                         .feed = feed,
                                         .exports = exports,
                                         .lines = lines,
                                         .events = events,
                                         .health = health,
                                         .kiosks = kiosks,
                                         .count = count_all,
                                         .stamp = stamp,
                                         .keep = keep,
                                         .kept = kept,
                                         .each_kept = each_kept,
                                         .drop = drop};
