/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "journal/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The line is the record; every other column is read out of it, so that none can say something else.
 * `tally` is kept by triggers, in the transaction of the record itself: people admitted at a station,
 *   span '*'    all of them (minute 0),
 *   span 'wall' by minute of the wall clock, where it was trusted,
 *   span BOOT   by minute of that boot's monotonic clock, where it wasn't.
 * A day is then the sum of at most 1,440 rows, wherever its border lies. */
const char store_tables[] =
    "CREATE TABLE journal (id BLOB NOT NULL, key BLOB NOT NULL, kiosk TEXT NOT NULL) STRICT;"

    "CREATE TABLE record ("
    " seq INTEGER PRIMARY KEY,"
    " line TEXT NOT NULL,"
    " chain BLOB NOT NULL,"
    " id TEXT NOT NULL AS (line ->> '$.id'),"
    " kind TEXT NOT NULL AS (line ->> '$.kind'),"
    " kiosk TEXT AS (line ->> '$.kiosk'),"
    " event TEXT AS (line ->> '$.event'),"
    " station TEXT AS (line ->> '$.station'),"
    " attendee TEXT AS (line ->> '$.attendee'),"
    " code TEXT AS (line ->> '$.code'),"
    " verdict TEXT AS (line ->> '$.verdict'),"
    " count INTEGER AS (coalesce(line ->> '$.count', 0)),"
    " ref TEXT AS (line ->> '$.ref'),"
    " boot TEXT AS (line ->> '$.boot'),"
    " mono_ms INTEGER AS (line ->> '$.mono_ms'),"
    " wall TEXT AS (line ->> '$.wall'),"
    " wall_ms INTEGER AS (strftime('%s', line ->> '$.wall') * 1000 + substr(line ->> '$.wall', 21, 3)),"
    " wall_ok INTEGER AS (line ->> '$.wall_ok'),"
    " note TEXT AS (line ->> '$.note'),"
    " admission INTEGER AS (line ->> '$.kind' = 'scan' AND line ->> '$.verdict' = 'admit')"
    ") STRICT;"
    "CREATE INDEX record_who ON record (station, attendee, code) WHERE admission;"
    "CREATE INDEX record_id ON record (id) WHERE admission;"
    "CREATE INDEX record_ref ON record (ref) WHERE kind = 'undo';"
    "CREATE INDEX record_system ON record (seq) WHERE kind = 'system';"
    "CREATE INDEX record_shift ON record (seq) WHERE kind = 'shift';"
    "CREATE INDEX record_clock ON record (seq) WHERE kind = 'clock';"

    "CREATE TABLE tally (station TEXT NOT NULL, span TEXT NOT NULL, minute INTEGER NOT NULL, people INTEGER NOT NULL,"
    " PRIMARY KEY (station, span, minute)) STRICT, WITHOUT ROWID;"
    "CREATE VIEW share AS"
    " SELECT id, station, '*' AS span, 0 AS minute, count AS people FROM record WHERE admission"
    " UNION ALL"
    " SELECT id, station, iif(wall_ok, 'wall', boot), iif(wall_ok, wall_ms, mono_ms) / 60000, count FROM record WHERE "
    "admission;";

const char store_triggers[] =
    "CREATE TRIGGER tally_admission AFTER INSERT ON record WHEN NEW.admission BEGIN"
    " INSERT INTO tally SELECT station, span, minute, people FROM share WHERE id = NEW.id"
    "  ON CONFLICT DO UPDATE SET people = people + excluded.people;"
    "END;"
    "CREATE TRIGGER tally_undo AFTER INSERT ON record WHEN NEW.kind = 'undo'"
    " AND NOT EXISTS (SELECT 1 FROM record WHERE kind = 'undo' AND ref = NEW.ref AND seq < NEW.seq) BEGIN"
    " INSERT INTO tally SELECT station, span, minute, -people FROM share WHERE id = NEW.ref"
    "  ON CONFLICT DO UPDATE SET people = people + excluded.people;"
    "END;"

    /* The one before INSERT also stops INSERT OR REPLACE, which fires no trigger for what it deletes. */
    "CREATE TRIGGER append_only_insert BEFORE INSERT ON record WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM "
    "record) BEGIN"
    " SELECT RAISE(ABORT, 'the journal is append-only'); END;"
    "CREATE TRIGGER append_only_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
    "CREATE TRIGGER append_only_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;";

static bool fill(sqlite3 *db, const struct kiosk_identity *identity) {
  sqlite3_stmt *insert = NULL;
  char settings[160];
  snprintf(settings, sizeof settings, "PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN;", JOURNAL_APPLICATION_ID,
           JOURNAL_VERSION);
  bool good = !sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", NULL, NULL, NULL) &&
              !sqlite3_exec(db, settings, NULL, NULL, NULL) && !sqlite3_exec(db, store_tables, NULL, NULL, NULL) &&
              !sqlite3_exec(db, store_triggers, NULL, NULL, NULL) &&
              !sqlite3_prepare_v2(db, "INSERT INTO journal VALUES (?, ?, ?)", -1, &insert, NULL) &&
              !sqlite3_bind_blob(insert, 1, identity->journal, JOURNAL_ID, SQLITE_STATIC) &&
              !sqlite3_bind_blob(insert, 2, identity->public_key, 32, SQLITE_STATIC) &&
              !sqlite3_bind_text(insert, 3, identity->name, -1, SQLITE_STATIC) && sqlite3_step(insert) == SQLITE_DONE;
  sqlite3_finalize(insert);
  return good && !sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
}

bool store_make(const char *path, const struct kiosk_identity *identity, struct problem *problem) {
  sqlite3 *db = NULL;
  char side[STORE_PATH + 8];
  bool good =
      !sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) && fill(db, identity);
  if (!good) store_problem(db, path, problem);
  if (sqlite3_close(db) && good) good = problem_set(problem, "%s：写不完整。", "%s: could not be finished.", path);
  if (!good) { /* SQLite's own companions of the half-made file; the caller abandons the file itself */
    snprintf(side, sizeof side, "%s-wal", path), remove(side);
    snprintf(side, sizeof side, "%s-shm", path), remove(side);
  }
  return good;
}

static bool pragma(sqlite3 *db, const char *sql, int64_t *value) {
  sqlite3_stmt *get = NULL;
  bool good = !sqlite3_prepare_v2(db, sql, -1, &get, NULL) && sqlite3_step(get) == SQLITE_ROW;
  if (good) *value = sqlite3_column_int64(get, 0);
  sqlite3_finalize(get);
  return good;
}

bool store_check(sqlite3 *db, const char *path, struct problem *problem) {
  int64_t id, version;
  if (!pragma(db, "PRAGMA application_id", &id) || !pragma(db, "PRAGMA user_version", &version))
    return store_problem(db, path, problem);
  if (id != JOURNAL_APPLICATION_ID)
    return problem_set(problem, "%s 是数据库，但不是签到日志。请检查数据文件夹是否指对了。",
                       "%s is a database, but not a kiosk's journal. Check whether the data folder is the right one.", path);
  if (version > STORE_PURGED)
    return problem_set(problem, "签到日志 %s 是更新的版本 %d，本程序只认识到版本 %d。请安装新版程序；日志没有被改动。",
                       "The journal %s is of version %d; this program knows versions up to %d. Install the newer program; the "
                       "journal was not touched.",
                       path, (int)version, STORE_PURGED);
  if (version < 1)
    return problem_set(problem, "签到日志 %s 没有版本号，可能已损坏。请保留整个文件夹。",
                       "The journal %s has no version; it may be damaged. Keep the whole folder.", path);
  return true;
}

bool store_purged(sqlite3 *db, int64_t *seq, uint8_t chain[JOURNAL_CHAIN]) {
  sqlite3_stmt *get = NULL;
  int64_t version;
  *seq = 0;
  if (!pragma(db, "PRAGMA user_version", &version)) return false;
  if (version < STORE_PURGED) return true;
  int step = sqlite3_prepare_v2(db, "SELECT seq, chain FROM purged ORDER BY seq DESC LIMIT 1", -1, &get, NULL)
                 ? SQLITE_ERROR
                 : sqlite3_step(get);
  bool found = step == SQLITE_ROW && sqlite3_column_bytes(get, 1) == JOURNAL_CHAIN;
  if (found) *seq = sqlite3_column_int64(get, 0), memcpy(chain, sqlite3_column_blob(get, 1), JOURNAL_CHAIN);
  sqlite3_finalize(get);
  return found || step == SQLITE_DONE;
}

/* SQLite tells a full disk only where a write said so, and a read-only one only where it was so at the opening. */
enum journal_error store_error(sqlite3 *db, const char *path) {
  int code = db ? sqlite3_errcode(db) & 0xff : SQLITE_NOMEM;
  bool io = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
  struct statvfs disk;
  if (io && statvfs(path, &disk)) io = false;
  if (code == SQLITE_FULL || (io && disk.f_bavail < (1 << 20) / disk.f_bsize)) return JOURNAL_FULL;
  if (code == SQLITE_READONLY || code == SQLITE_PERM || (io && (disk.f_flag & ST_RDONLY || access(path, W_OK))))
    return JOURNAL_READ_ONLY;
  return JOURNAL_FAILED;
}

bool store_problem(sqlite3 *db, const char *path, struct problem *problem) {
  enum journal_error error = store_error(db, path);
  int code = db ? sqlite3_errcode(db) & 0xff : SQLITE_NOMEM;
  if (error == JOURNAL_FULL)
    return problem_set(problem, "磁盘已满，签到日志 %s 写不进去。请腾出空间；已写入的记录都在。",
                       "The disk is full: the journal %s can't be written. Make room; what was written is safe.", path);
  if (error == JOURNAL_READ_ONLY)
    return problem_set(problem, "签到日志 %s 只读，写不进去。请检查文件夹权限，或存储卡是否被写保护。",
                       "The journal %s is read-only. Check the folder's permissions, or whether the card is write-protected.",
                       path);
  if (code == SQLITE_NOTADB)
    return problem_set(
        problem, "%s 不是签到日志，或已损坏。程序不会改动它：请保留整个文件夹，换一个新的数据文件夹继续签到。",
        "%s is not a journal, or is damaged. It was not touched: keep the whole folder, and go on with a new data folder.",
        path);
  if (code == SQLITE_CORRUPT)
    return problem_set(problem,
                       "签到日志 %s 已损坏。程序不会改动它：请保留整个文件夹，换一个新的数据文件夹继续签到；还能读的部分用 "
                       "yingbin log export 导出。",
                       "The journal %s is damaged. It was not touched: keep the whole folder, go on with a new data folder, "
                       "and export what can still be read with `yingbin log export`.",
                       path);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    return problem_set(problem, "签到日志 %s 正被另一个程序锁住。请关掉那个程序再试。",
                       "The journal %s is locked by another program. End that one and try again.", path);
  return problem_set(problem, "签到日志 %s 不能读写：%s。", "The journal %s can't be read or written: %s.", path,
                     db ? sqlite3_errmsg(db) : "out of memory");
}
