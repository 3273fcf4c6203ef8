/* SPDX-License-Identifier: Apache-2.0
 * One file, and two connections, each behind a lock: a hub on a laptop. One writes, and waits for the disk with each commit;
 * the other one reads what is committed (WAL) and waits for nothing, so that nobody's token is looked up behind another one's
 * commit.
 */
#include "tools/hub/store_sqlite_inner.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { APPLICATION_ID = 0x79626831 /* "ybh1" */, BUSY_MS = 5000 };

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
    [KIOSKS] = "SELECT name, token IS NOT NULL, records, head, pushed_ms, health_ms, health, key FROM kiosk ORDER BY name",
    [STAMP] = "SELECT count(*) + coalesce(sum(changes), 0) FROM kiosk",
    [KEEP] = "INSERT INTO kept (kind, name, value) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET"
             " value = excluded.value",
    [KEPT] = "SELECT value FROM kept WHERE kind = ? AND name = ?",
    [EACH_KEPT] = "SELECT name, value FROM kept WHERE kind = ? ORDER BY name",
    [DROP] = "DELETE FROM kept WHERE kind = ? AND name = ?",
};

static enum store_result failed(sqlite3 *db) {
  log_error("the database: %s", sqlite3_errmsg(db));
  return STORE_FAILED;
}

enum store_result sqlite_failed(struct sqlite *s) { return failed(s->db); }

enum store_result sqlite_reading_failed(struct sqlite *s) { return failed(s->reader); }

sqlite3_stmt *sqlite_begin(struct sqlite *s, enum statement which) {
  sqlite3_reset(s->statement[which]);
  return s->statement[which];
}

/* Whoever was told the rows had enough, or there are no more; gives the lock back. */
enum store_result sqlite_end_rows(struct sqlite *s, sqlite3_stmt *st, int got) {
  sqlite3_reset(st);
  const enum store_result result = got == SQLITE_DONE || got == SQLITE_ROW ? STORE_DONE : sqlite_reading_failed(s);
  pthread_mutex_unlock(&s->reading);
  return result;
}

void sqlite_text(sqlite3_stmt *st, int at, const char *value, size_t len) {
  sqlite3_bind_text64(st, at, value, len, SQLITE_STATIC, SQLITE_UTF8);
}

void sqlite_word(sqlite3_stmt *st, int at, const char *value) { sqlite_text(st, at, value, strlen(value)); }

void sqlite_blob(sqlite3_stmt *st, int at, const uint8_t *value) { sqlite3_bind_blob(st, at, value, 32, SQLITE_STATIC); }

/* For a statement without rows. */
bool sqlite_run(sqlite3_stmt *st) {
  const bool good = sqlite3_step(st) == SQLITE_DONE;
  sqlite3_reset(st);
  return good;
}

bool sqlite_exec(struct sqlite *s, const char *what) { return sqlite3_exec(s->db, what, NULL, NULL, NULL) == SQLITE_OK; }

bool sqlite_take_blob(sqlite3_stmt *st, int column, void *out, int size) {
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
  bool good = sqlite_exec(s, "BEGIN IMMEDIATE") && sqlite_exec(s, settings);
  for (int i = version; good && i < VERSION; i++) good = sqlite_exec(s, migrations[i]);
  return good && (version > 0 || make_id(s)) && sqlite_exec(s, "COMMIT");
}

static bool read_id(struct sqlite *s) {
  sqlite3_stmt *st = NULL;
  const bool good = sqlite3_prepare_v2(s->db, "SELECT id FROM hub", -1, &st, NULL) == SQLITE_OK &&
                    sqlite3_step(st) == SQLITE_ROW && sqlite_take_blob(st, 0, s->id, sizeof s->id);
  sqlite3_finalize(st);
  return good;
}

static bool prepare(struct sqlite *s) {
  for (int i = 0; i < STATEMENTS; i++)
    if (sqlite3_prepare_v3(i < READING ? s->db : s->reader, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statement[i], NULL) !=
        SQLITE_OK)
      return false;
  return true;
}

static void close_db(void *self) {
  struct sqlite *s = self;
  if (!s) return;
  for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(s->statement[i]);
  sqlite3_close(s->reader); /* the last one to close folds the WAL into the file: that is the one that may write */
  sqlite3_close(s->db);
  pthread_mutex_destroy(&s->lock);
  pthread_mutex_destroy(&s->reading);
  pthread_mutex_destroy(&s->waiting_lock);
  free(s);
}

/* After the other one: then the file is in WAL mode, and its tables are there. */
static bool open_reader(struct sqlite *s, const char *file) {
  return sqlite3_open_v2(file, &s->reader, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
         sqlite3_busy_timeout(s->reader, BUSY_MS) == SQLITE_OK;
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
  if (sqlite_exec(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;") && migrate(s, version) && read_id(s) &&
      open_reader(s, file) && prepare(s))
    return true;
  return problem_set(problem, "数据库 %s 用不了：%s", "the database %s can't be used: %s", file, sqlite3_errmsg(s->db));
}

static bool open_db(const char *file, void **self, struct problem *problem) {
  struct sqlite *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  pthread_mutex_init(&s->lock, NULL);
  pthread_mutex_init(&s->reading, NULL);
  pthread_mutex_init(&s->waiting_lock, NULL);
  if (!open_all(s, file, problem)) {
    close_db(s);
    return false;
  }
  *self = s;
  return true;
}

static void id_of(void *self, uint8_t id[STORE_ID]) { memcpy(id, ((struct sqlite *)self)->id, STORE_ID); }

const struct store_ops store_sqlite = {.open = open_db,
                                       .close = close_db,
                                       .id = id_of,
                                       .expect = sqlite_expect,
                                       .enrol = sqlite_enrol,
                                       .kiosk = sqlite_kiosk_of,
                                       .append = sqlite_append,
                                       .known = sqlite_known_of,
                                       .feed = sqlite_feed,
                                       .exports = sqlite_exports,
                                       .lines = sqlite_lines,
                                       .events = sqlite_events,
                                       .health = sqlite_health,
                                       .kiosks = sqlite_kiosks,
                                       .count = sqlite_count_all,
                                       .stamp = sqlite_stamp,
                                       .keep = sqlite_keep,
                                       .kept = sqlite_kept,
                                       .each_kept = sqlite_each_kept,
                                       .drop = sqlite_drop};
