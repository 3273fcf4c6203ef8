/* SPDX-License-Identifier: Apache-2.0
 * One file and one connection behind a lock: a hub on a laptop. A commit waits for the disk, readers wait
 * for it; a thousand kiosks that push twice a minute leave it idle most of the time.
 */
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tools/hub/store.h"

enum { APPLICATION_ID = 0x79626831 /* "ybh1" */, HEADS_MOST = 16, BUSY_MS = 5000 };

enum statement {
  ADD_RECORD,
  ADD_BATCH,
  PUSHED,
  KNOWS,
  HEADS,
  OLDER,
  FEED,
  NEXT_EXPORT,
  LINES,
  EVENTS,
  EXPECT,
  ENROL,
  ENROLLED,
  CARD,
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

struct waiting { /* a push, on the stack of its thread; written under the database's lock */
  const struct store_batch *batch;
  struct waiting *next;
  enum store_result result;
  int64_t added;
  bool done;
};

struct sqlite {
  sqlite3 *db;
  pthread_mutex_t lock, waiting_lock;
  struct waiting *waiting; /* the newest one first; under waiting_lock */
  uint8_t id[STORE_ID];
  sqlite3_stmt *statement[STATEMENTS];
};

/* From each version to the next; user_version says how many were done. `n` is the cursor: given in the order of the commits,
 * since there is one writer. `changes` counts what happened to a kiosk. */
static const char *const migrations[] = {
    "CREATE TABLE hub (id BLOB NOT NULL) STRICT;"
    "CREATE TABLE kiosk (name TEXT PRIMARY KEY, setup BLOB, used INTEGER NOT NULL DEFAULT 0, key BLOB, token BLOB UNIQUE)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE batch (n INTEGER PRIMARY KEY, kiosk TEXT NOT NULL, header TEXT NOT NULL, tail TEXT NOT NULL,"
    " UNIQUE (kiosk, tail)) STRICT;"
    "CREATE TABLE record (n INTEGER PRIMARY KEY, kiosk TEXT NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL,"
    " before BLOB NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL, shared INTEGER NOT NULL,"
    " line TEXT NOT NULL, UNIQUE (kiosk, chain)) STRICT;"
    "CREATE INDEX record_before ON record (kiosk, before);"
    "CREATE INDEX record_seq ON record (kiosk, seq);"
    "CREATE INDEX record_feed ON record (event, n) WHERE shared;",
    "ALTER TABLE kiosk ADD COLUMN records INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE kiosk ADD COLUMN head INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE kiosk ADD COLUMN pushed_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE kiosk ADD COLUMN health TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE kiosk ADD COLUMN health_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE kiosk ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;"
    "UPDATE kiosk SET (records, head) = (SELECT count(*), coalesce(max(seq), 0) FROM record WHERE record.kiosk = kiosk.name);",
    "CREATE TABLE kept (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, name))"
    " STRICT, WITHOUT ROWID;",
    /* A record is found by (kiosk, seq, chain), which come almost in order: its line says the seq, so the chain alone is as
     * unique, but lies anywhere. Its id and kind are in the line. */
    "CREATE TABLE slim (n INTEGER PRIMARY KEY, kiosk TEXT NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL,"
    " before BLOB NOT NULL, event TEXT NOT NULL, shared INTEGER NOT NULL, line TEXT NOT NULL, UNIQUE (kiosk, seq, chain)) "
    "STRICT;"
    "INSERT INTO slim SELECT n, kiosk, seq, chain, before, event, shared, line FROM record ORDER BY n;"
    "DROP TABLE record;"
    "ALTER TABLE slim RENAME TO record;"
    "CREATE INDEX record_feed ON record (event, n) WHERE shared;",
};
enum { VERSION = sizeof migrations / sizeof *migrations };

static const char *const sql[STATEMENTS] = {
    [ADD_RECORD] = "INSERT INTO record (kiosk, seq, chain, before, event, shared, line) VALUES (?, ?, ?, ?, ?, ?, ?)"
                   " ON CONFLICT DO NOTHING",
    [ADD_BATCH] = "INSERT INTO batch (kiosk, header, tail) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    [KNOWS] = "SELECT 1 FROM record WHERE kiosk = ? AND seq = ? AND chain = ?",
    [HEADS] = "SELECT seq, chain FROM record AS r WHERE kiosk = ?1 AND NOT EXISTS (SELECT 1 FROM record AS next WHERE"
              " next.kiosk = ?1 AND next.seq = r.seq + 1 AND next.before = r.chain) ORDER BY seq DESC, n DESC LIMIT ?2",
    [OLDER] = "SELECT seq, chain FROM record WHERE kiosk = ? AND seq = ? LIMIT 4",
    [FEED] = "SELECT n, kiosk, line FROM record WHERE shared AND event = ? AND n > ? AND kiosk <> ? ORDER BY n LIMIT ?",
    [NEXT_EXPORT] = "SELECT n, header, tail FROM batch WHERE kiosk = ? AND n > ? ORDER BY n LIMIT 1",
    [LINES] = "SELECT chain, before, line FROM record WHERE kiosk = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC",
    [EVENTS] = "WITH RECURSIVE e (name) AS (SELECT min(event) FROM record WHERE shared UNION ALL SELECT (SELECT min(event)"
               " FROM record WHERE shared AND event > e.name) FROM e WHERE e.name IS NOT NULL)"
               " SELECT name FROM e WHERE name <> ''",
    [PUSHED] = "UPDATE kiosk SET records = records + ?2, head = max(head, ?3), pushed_ms = ?4, changes = changes + 1"
               " WHERE name = ?1",
    [EXPECT] = "INSERT INTO kiosk (name, setup) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET setup = excluded.setup,"
               " used = 0 WHERE setup IS NOT excluded.setup",
    [ENROL] = "UPDATE kiosk SET used = 1, key = ?2, token = ?3, changes = changes + 1 WHERE name = ?1",
    [ENROLLED] = "SELECT 1 FROM kiosk WHERE key = ? AND name <> ?",
    [CARD] = "SELECT used, key FROM kiosk WHERE name = ? AND setup = ?",
    [TOKEN] = "SELECT name, key FROM kiosk WHERE token = ?",
    [COUNTS] = "SELECT (SELECT count(*) FROM kiosk WHERE token IS NOT NULL), (SELECT coalesce(max(n), 0) FROM record)",
    [HEALTH] = "UPDATE kiosk SET health = ?2, health_ms = ?3, changes = changes + 1 WHERE name = ?1",
    [KIOSKS] = "SELECT name, token IS NOT NULL, records, head, pushed_ms, health_ms, health FROM kiosk ORDER BY name",
    [STAMP] = "SELECT count(*) + coalesce(sum(changes), 0) FROM kiosk",
    [KEEP] = "INSERT INTO kept (kind, name, value) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET"
             " value = excluded.value",
    [KEPT] = "SELECT value FROM kept WHERE kind = ? AND name = ?",
    [EACH_KEPT] = "SELECT name, value FROM kept WHERE kind = ? ORDER BY name",
    [DROP] = "DELETE FROM kept WHERE kind = ? AND name = ?",
};

static enum store_result failed(struct sqlite *s) {
  log_error("the database: %s", sqlite3_errmsg(s->db));
  return STORE_FAILED;
}

static sqlite3_stmt *begin(struct sqlite *s, enum statement which) {
  sqlite3_reset(s->statement[which]);
  return s->statement[which];
}

/* Whoever was told the rows had enough, or there are no more; gives the lock back. */
static enum store_result end_rows(struct sqlite *s, sqlite3_stmt *st, int got) {
  sqlite3_reset(st);
  const enum store_result result = got == SQLITE_DONE || got == SQLITE_ROW ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static void text(sqlite3_stmt *st, int at, const char *value, size_t len) {
  sqlite3_bind_text64(st, at, value, len, SQLITE_STATIC, SQLITE_UTF8);
}

static void word(sqlite3_stmt *st, int at, const char *value) { text(st, at, value, strlen(value)); }
static void blob(sqlite3_stmt *st, int at, const uint8_t *value) { sqlite3_bind_blob(st, at, value, 32, SQLITE_STATIC); }

/* For a statement without rows. */
static bool run(sqlite3_stmt *st) {
  const bool good = sqlite3_step(st) == SQLITE_DONE;
  sqlite3_reset(st);
  return good;
}

static bool exec(struct sqlite *s, const char *what) { return sqlite3_exec(s->db, what, NULL, NULL, NULL) == SQLITE_OK; }

static bool take_blob(sqlite3_stmt *st, int column, void *out, int size) {
  const bool whole = sqlite3_column_type(st, column) == SQLITE_BLOB && sqlite3_column_bytes(st, column) == size;
  if (whole) memcpy(out, sqlite3_column_blob(st, column), (size_t)size);
  return whole;
}

static int pragma(struct sqlite *s, const char *which) {
  sqlite3_stmt *st = NULL;
  const int value = sqlite3_prepare_v2(s->db, which, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW
                        ? sqlite3_column_int(st, 0)
                        : -1;
  sqlite3_finalize(st);
  return value;
}

static bool make_id(struct sqlite *s) {
  sqlite3_stmt *st = NULL;
  randombytes_buf(s->id, sizeof s->id);
  const bool good = sqlite3_prepare_v2(s->db, "INSERT INTO hub VALUES (?)", -1, &st, NULL) == SQLITE_OK &&
                    sqlite3_bind_blob(st, 1, s->id, sizeof s->id, SQLITE_STATIC) == SQLITE_OK &&
                    sqlite3_step(st) == SQLITE_DONE;
  sqlite3_finalize(st);
  return good;
}

static bool migrate(struct sqlite *s, int version) {
  char settings[128];
  if (version == VERSION) return true;
  snprintf(settings, sizeof settings, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID, VERSION);
  bool good = exec(s, "BEGIN IMMEDIATE") && exec(s, settings);
  for (int i = version; good && i < VERSION; i++) good = exec(s, migrations[i]);
  return good && (version > 0 || make_id(s)) && exec(s, "COMMIT");
}

static bool read_id(struct sqlite *s) {
  sqlite3_stmt *st = NULL;
  const bool good = sqlite3_prepare_v2(s->db, "SELECT id FROM hub", -1, &st, NULL) == SQLITE_OK &&
                    sqlite3_step(st) == SQLITE_ROW && take_blob(st, 0, s->id, sizeof s->id);
  sqlite3_finalize(st);
  return good;
}

static bool prepare(struct sqlite *s) {
  for (int i = 0; i < STATEMENTS; i++)
    if (sqlite3_prepare_v3(s->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statement[i], NULL) != SQLITE_OK) return false;
  return true;
}

static void close_db(void *self) {
  struct sqlite *s = self;
  if (!s) return;
  for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(s->statement[i]);
  sqlite3_close(s->db);
  pthread_mutex_destroy(&s->lock);
  pthread_mutex_destroy(&s->waiting_lock);
  free(s);
}

static bool open_all(struct sqlite *s, const char *file, struct problem *problem) {
  if (sqlite3_open_v2(file, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    return problem_set(problem, "打不开数据库 %s：%s", "can't open the database %s: %s", file, sqlite3_errmsg(s->db));
  sqlite3_busy_timeout(s->db, BUSY_MS);
  const int application = pragma(s, "PRAGMA application_id"), version = pragma(s, "PRAGMA user_version");
  const bool fresh = application == 0 && version == 0 && pragma(s, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh && (application != APPLICATION_ID || version < 1 || version > VERSION))
    return problem_set(problem, "%s 不是本程序的数据库（或版本不同）：请换一个文件名，或用原来版本的程序打开",
                       "%s isn't a database of this program, or is of another version: name another file, or use the program "
                       "that made it",
                       file);
  if (exec(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;") && migrate(s, version) && read_id(s) && prepare(s))
    return true;
  return problem_set(problem, "数据库 %s 用不了：%s", "the database %s can't be used: %s", file, sqlite3_errmsg(s->db));
}

static bool open_db(const char *file, void **self, struct problem *problem) {
  struct sqlite *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  pthread_mutex_init(&s->lock, NULL);
  pthread_mutex_init(&s->waiting_lock, NULL);
  if (!open_all(s, file, problem)) {
    close_db(s);
    return false;
  }
  *self = s;
  return true;
}

static void id_of(void *self, uint8_t id[STORE_ID]) { memcpy(id, ((struct sqlite *)self)->id, STORE_ID); }

/* --- kiosks --- */

static enum store_result expect(void *self, const char *kiosk, const uint8_t setup[STORE_HASH]) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, EXPECT);
  word(st, 1, kiosk);
  blob(st, 2, setup);
  const enum store_result result = run(st) ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

/* Whether this key may use the card. */
static enum store_result ask_card(struct sqlite *s, const char *kiosk, const uint8_t *setup, const uint8_t *key) {
  uint8_t before[32];
  enum store_result result = STORE_DONE;
  sqlite3_stmt *st = begin(s, CARD);
  word(st, 1, kiosk);
  blob(st, 2, setup);
  switch (sqlite3_step(st)) {
  case SQLITE_ROW:
    if (sqlite3_column_int(st, 0) && (!take_blob(st, 1, before, 32) || memcmp(before, key, 32) != 0)) result = STORE_TAKEN;
    break;
  case SQLITE_DONE: result = STORE_NONE; break;
  default: result = failed(s);
  }
  sqlite3_reset(st);
  if (result != STORE_DONE) return result;
  st = begin(s, ENROLLED);
  blob(st, 1, key);
  word(st, 2, kiosk);
  const int got = sqlite3_step(st);
  sqlite3_reset(st);
  return got == SQLITE_DONE ? STORE_DONE : got == SQLITE_ROW ? STORE_TAKEN : failed(s);
}

static enum store_result enrol(void *self, const char *kiosk, const uint8_t setup[STORE_HASH], const uint8_t key[32],
                               const uint8_t token[STORE_HASH]) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  enum store_result result = exec(s, "BEGIN IMMEDIATE") ? ask_card(s, kiosk, setup, key) : failed(s);
  if (result == STORE_DONE) {
    sqlite3_stmt *st = begin(s, ENROL);
    word(st, 1, kiosk);
    blob(st, 2, key);
    blob(st, 3, token);
    if (!run(st) || !exec(s, "COMMIT")) result = failed(s);
  }
  if (!sqlite3_get_autocommit(s->db)) exec(s, "ROLLBACK");
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result kiosk_of(void *self, const uint8_t token[STORE_HASH], struct store_kiosk *kiosk) {
  struct sqlite *s = self;
  enum store_result result = STORE_NONE;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, TOKEN);
  blob(st, 1, token);
  const int got = sqlite3_step(st);
  if (got == SQLITE_ROW && take_blob(st, 1, kiosk->key, 32)) {
    snprintf(kiosk->name, sizeof kiosk->name, "%s", (const char *)sqlite3_column_text(st, 0));
    result = STORE_DONE;
  } else if (got != SQLITE_DONE && got != SQLITE_ROW) {
    result = failed(s);
  }
  sqlite3_reset(st);
  pthread_mutex_unlock(&s->lock);
  return result;
}

/* --- records --- */

static enum store_result knows(struct sqlite *s, const struct store_batch *b) {
  sqlite3_stmt *st = begin(s, KNOWS);
  word(st, 1, b->kiosk->name);
  sqlite3_bind_int64(st, 2, b->from_seq - 1);
  blob(st, 3, b->before);
  const int got = sqlite3_step(st);
  sqlite3_reset(st);
  return got == SQLITE_ROW ? STORE_DONE : got == SQLITE_DONE ? STORE_NONE : failed(s);
}

static bool add_record(struct sqlite *s, const char *kiosk, const struct store_record *r) {
  sqlite3_stmt *st = begin(s, ADD_RECORD);
  word(st, 1, kiosk);
  sqlite3_bind_int64(st, 2, r->seq);
  blob(st, 3, r->chain);
  blob(st, 4, r->before);
  word(st, 5, r->event);
  sqlite3_bind_int(st, 6, r->shared);
  text(st, 7, r->line, r->len);
  return run(st);
}

static bool add_batch(struct sqlite *s, const struct store_batch *b) {
  sqlite3_stmt *st = begin(s, ADD_BATCH);
  word(st, 1, b->kiosk->name);
  text(st, 2, b->header, b->header_len);
  text(st, 3, b->end, b->end_len);
  return run(st);
}

static bool note_push(struct sqlite *s, const struct store_batch *b, int64_t added) {
  sqlite3_stmt *st = begin(s, PUSHED);
  word(st, 1, b->kiosk->name);
  sqlite3_bind_int64(st, 2, added);
  sqlite3_bind_int64(st, 3, b->count ? b->record[b->count - 1].seq : 0);
  sqlite3_bind_int64(st, 4, b->at_ms);
  return run(st);
}

/* Within a transaction. NONE: nothing was written. */
static enum store_result add(struct sqlite *s, const struct store_batch *b, int64_t *added) {
  const int64_t before = sqlite3_total_changes64(s->db);
  enum store_result result = b->from_start ? STORE_DONE : knows(s, b);
  for (int i = 0; result == STORE_DONE && i < b->count; i++)
    if (!add_record(s, b->kiosk->name, &b->record[i])) result = failed(s);
  *added = sqlite3_total_changes64(s->db) - before;
  if (result == STORE_DONE && *added > 0 && !add_batch(s, b)) result = failed(s);
  if (result == STORE_DONE && !note_push(s, b, *added)) result = failed(s);
  return result;
}

/* All of them as one transaction: they wait for the disk together, and what fails, fails for all of them. */
static void add_waiting(struct sqlite *s, struct waiting *first) {
  bool good = exec(s, "BEGIN IMMEDIATE") || failed(s) == STORE_DONE;
  for (struct waiting *w = first; good && w; w = w->next) {
    w->result = add(s, w->batch, &w->added);
    good = w->result != STORE_FAILED;
  }
  good = good && (exec(s, "COMMIT") || failed(s) == STORE_DONE);
  if (!sqlite3_get_autocommit(s->db)) exec(s, "ROLLBACK");
  for (struct waiting *w = first; w; w = w->next) {
    if (!good) w->result = STORE_FAILED;
    w->done = true;
  }
}

static enum store_result append(void *self, const struct store_batch *b, int64_t *added) {
  struct sqlite *s = self;
  struct waiting own = {.batch = b};
  pthread_mutex_lock(&s->waiting_lock);
  own.next = s->waiting;
  s->waiting = &own;
  pthread_mutex_unlock(&s->waiting_lock);
  pthread_mutex_lock(&s->lock);
  if (!own.done) { /* whoever comes first takes the others along */
    pthread_mutex_lock(&s->waiting_lock);
    struct waiting *first = s->waiting;
    s->waiting = NULL;
    pthread_mutex_unlock(&s->waiting_lock);
    add_waiting(s, first);
  }
  pthread_mutex_unlock(&s->lock);
  *added = own.added;
  return own.result;
}

static bool take_known(sqlite3_stmt *st, struct store_known *known, int most, int *count) {
  int got;
  while ((got = sqlite3_step(st)) == SQLITE_ROW) {
    struct store_known one = {.seq = sqlite3_column_int64(st, 0)};
    if (*count == most || !take_blob(st, 1, one.chain, JOURNAL_CHAIN)) continue;
    known[(*count)++] = one;
  }
  sqlite3_reset(st);
  return got == SQLITE_DONE;
}

static enum store_result known_of(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count) {
  struct sqlite *s = self;
  *count = 0;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, HEADS);
  word(st, 1, kiosk);
  sqlite3_bind_int(st, 2, HEADS_MOST);
  bool good = take_known(st, known, HEADS_MOST, count);
  const int64_t head = *count > 0 ? known[0].seq : 0;
  for (int64_t back = 1; good && back < head; back *= 2) { /* a kiosk put back to an old copy meets us at one of these */
    st = begin(s, OLDER);
    word(st, 1, kiosk);
    sqlite3_bind_int64(st, 2, head - back);
    good = take_known(st, known, STORE_KNOWN_MOST, count);
  }
  const enum store_result result = good ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, FEED);
  word(st, 1, event);
  sqlite3_bind_int64(st, 2, after);
  word(st, 3, kiosk);
  sqlite3_bind_int(st, 4, STORE_FEED_MOST + 1); /* whoever reads all of it leaves room for pushes in between */
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, sqlite3_column_int64(st, 0), (const char *)sqlite3_column_text(st, 1),
              (const char *)sqlite3_column_text(st, 2), (size_t)sqlite3_column_bytes(st, 2)))
      break;
  return end_rows(s, st, got);
}

/* One at a time, and given out behind the lock: whoever is told may ask again. False: there is none, or it failed. */
static bool next_export(struct sqlite *s, const char *kiosk, int64_t *n, char **header, char **tail,
                        enum store_result *result) {
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, NEXT_EXPORT);
  word(st, 1, kiosk);
  sqlite3_bind_int64(st, 2, *n);
  const int got = sqlite3_step(st);
  if (got == SQLITE_ROW) {
    *n = sqlite3_column_int64(st, 0);
    *header = strdup((const char *)sqlite3_column_text(st, 1));
    *tail = strdup((const char *)sqlite3_column_text(st, 2));
  }
  *result = got == SQLITE_ROW || got == SQLITE_DONE ? STORE_DONE : failed(s);
  sqlite3_reset(st);
  pthread_mutex_unlock(&s->lock);
  return got == SQLITE_ROW;
}

static enum store_result exports(void *self, const char *kiosk, store_each_export *each, void *to) {
  char *header, *tail;
  int64_t n = 0;
  enum store_result result;
  bool more = true;
  while (more && next_export(self, kiosk, &n, &header, &tail, &result)) {
    if (!header || !tail) result = STORE_FAILED, log_error("out of memory");
    more = result == STORE_DONE && each(to, &(const struct store_export){header, tail, strlen(header), strlen(tail)});
    free(header), free(tail);
  }
  return result;
}

static enum store_result lines(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, LINES);
  word(st, 1, kiosk);
  sqlite3_bind_int64(st, 2, from);
  sqlite3_bind_int64(st, 3, last);
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, &(const struct store_line){sqlite3_column_blob(st, 0), sqlite3_column_blob(st, 1),
                                             (const char *)sqlite3_column_text(st, 2), (size_t)sqlite3_column_bytes(st, 2)}))
      break;
  return end_rows(s, st, got);
}

static enum store_result count_all(void *self, int64_t *kiosks, int64_t *records) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, COUNTS);
  const bool good = sqlite3_step(st) == SQLITE_ROW;
  if (good) *kiosks = sqlite3_column_int64(st, 0), *records = sqlite3_column_int64(st, 1);
  sqlite3_reset(st);
  const enum store_result result = good ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result stamp(void *self, int64_t *stamp) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, STAMP);
  const bool good = sqlite3_step(st) == SQLITE_ROW;
  if (good) *stamp = sqlite3_column_int64(st, 0);
  sqlite3_reset(st);
  const enum store_result result = good ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result events(void *self, store_each_event *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, EVENTS);
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, (const char *)sqlite3_column_text(st, 0))) break;
  return end_rows(s, st, got);
}

/* Not worth a sync of the disk: the next commit of records takes it along. */
static enum store_result health(void *self, const char *kiosk, const char *json, size_t len, int64_t at_ms) {
  struct sqlite *s = self;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, HEALTH);
  word(st, 1, kiosk);
  text(st, 2, json, len);
  sqlite3_bind_int64(st, 3, at_ms);
  bool good = exec(s, "PRAGMA synchronous = NORMAL") && run(st);
  good = exec(s, "PRAGMA synchronous = FULL") && good;
  const enum store_result result = good ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result kiosks(void *self, store_each_kiosk *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, KIOSKS);
  while ((got = sqlite3_step(st)) == SQLITE_ROW) {
    const struct store_seen seen = {.name = (const char *)sqlite3_column_text(st, 0),
                                    .enrolled = sqlite3_column_int(st, 1),
                                    .records = sqlite3_column_int64(st, 2),
                                    .head = sqlite3_column_int64(st, 3),
                                    .pushed_ms = sqlite3_column_int64(st, 4),
                                    .health_ms = sqlite3_column_int64(st, 5),
                                    .health = (const char *)sqlite3_column_text(st, 6)};
    if (!each(to, &seen)) break;
  }
  return end_rows(s, st, got);
}

/* --- what a hub keeps for itself --- */

static enum store_result change_kept(struct sqlite *s, enum statement which, const char *kind, const char *name,
                                     const char *value) {
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, which);
  word(st, 1, kind);
  word(st, 2, name);
  if (value) word(st, 3, value);
  const enum store_result result = run(st) ? STORE_DONE : failed(s);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result keep(void *self, const char *kind, const char *name, const char *value) {
  return change_kept(self, KEEP, kind, name, value);
}

static enum store_result drop(void *self, const char *kind, const char *name) {
  return change_kept(self, DROP, kind, name, NULL);
}

static enum store_result kept(void *self, const char *kind, const char *name, char *value, size_t size) {
  struct sqlite *s = self;
  enum store_result result = STORE_NONE;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, KEPT);
  word(st, 1, kind);
  word(st, 2, name);
  const int got = sqlite3_step(st);
  if (got == SQLITE_ROW && (size_t)sqlite3_column_bytes(st, 0) < size) {
    snprintf(value, size, "%s", (const char *)sqlite3_column_text(st, 0));
    result = STORE_DONE;
  } else if (got != SQLITE_DONE && got != SQLITE_ROW) {
    result = failed(s);
  }
  sqlite3_reset(st);
  pthread_mutex_unlock(&s->lock);
  return result;
}

static enum store_result each_kept(void *self, const char *kind, store_each_kept *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->lock);
  sqlite3_stmt *st = begin(s, EACH_KEPT);
  word(st, 1, kind);
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, (const char *)sqlite3_column_text(st, 0), (const char *)sqlite3_column_text(st, 1))) break;
  return end_rows(s, st, got);
}

const struct store_ops store_sqlite = {.open = open_db,
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
