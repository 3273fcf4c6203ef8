/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "journal/chain.h"
#include "journal/identity.h"
#include "journal/store.h"

enum { PAGE = 4096, WAL_FRAME = PAGE + 24, TAIL = 64 };

static int count_wal(void *journal, sqlite3 *db, const char *name, int pages) {
  (void)db, (void)name;
  ((struct journal *)journal)->wal_pages = pages;
  return SQLITE_OK;
}

/* What a kill in the middle of the first start left: half a journal, half a key. The folder is locked. */
static void remove_leftovers(const char *data) {
  static const char *const names[] = {"journal.db.part-*", "kiosk.key.part-*"};
  char pattern[STORE_PATH + 32];
  glob_t found;
  if (strpbrk(data, "*?[\\")) return;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(pattern, sizeof pattern, "%s/%s", data, names[i]);
    if (glob(pattern, 0, NULL, &found)) continue;
    for (size_t k = 0; k < found.gl_pathc; k++) remove(found.gl_pathv[k]);
    globfree(&found);
  }
}

/* A missing journal is made; one that is there is never replaced, whatever is wrong with it. */
static bool make_missing(const char *path, const struct kiosk_identity *identity, struct problem *problem) {
  char beside[PATH_MAX], wal[STORE_PATH + 8];
  struct stat st;
  if (!stat(path, &st)) return true;
  snprintf(wal, sizeof wal, "%s-wal", path);
  if (!stat(wal, &st) && st.st_size > 0)
    return problem_set(
        problem, "签到日志 %s 不见了，但它未合并的部分 %s 还在。请把 journal.db 放回原处；程序不会新建。",
        "The journal %s is gone, but its unmerged part %s is still there. Put journal.db back; no new one is made.", path, wal);
  if (!file_begin(path, beside, problem)) return false;
  if (store_make(beside, identity, problem) && file_commit(beside, path, 0600, problem)) return true;
  file_abandon(beside);
  return false;
}

/* The journal is that of this key; its name for the kiosk follows the configuration. */
static bool check_owner(struct journal *j, const struct kiosk_identity *identity, struct problem *problem) {
  sqlite3_stmt *get = NULL, *rename = NULL;
  bool good =
      !sqlite3_prepare_v2(j->db, "SELECT id, key, kiosk FROM journal", -1, &get, NULL) && sqlite3_step(get) == SQLITE_ROW;
  if (!good) {
    store_problem(j->db, j->path, problem);
    sqlite3_finalize(get);
    return false;
  }
  bool ours = sqlite3_column_bytes(get, 0) == JOURNAL_ID && sqlite3_column_bytes(get, 1) == 32 &&
              !memcmp(sqlite3_column_blob(get, 0), identity->journal, JOURNAL_ID) &&
              !memcmp(sqlite3_column_blob(get, 1), identity->public_key, 32);
  bool named = !strcmp((const char *)sqlite3_column_text(get, 2), identity->name);
  sqlite3_finalize(get);
  if (!ours)
    return problem_set(
        problem, "签到日志 %s 属于另一把签到机密钥：kiosk.key 和 journal.db 不是一对。请把原来的那一对放回去。",
        "The journal %s belongs to another kiosk key: kiosk.key and journal.db are no pair. Put the original pair back.",
        j->path);
  if (named) return true;
  good = !sqlite3_prepare_v2(j->db, "UPDATE journal SET kiosk = ?", -1, &rename, NULL) &&
         !sqlite3_bind_text(rename, 1, identity->name, -1, SQLITE_STATIC) && sqlite3_step(rename) == SQLITE_DONE;
  if (!good) store_problem(j->db, j->path, problem);
  sqlite3_finalize(rename);
  return good;
}

/* Finds the last record, and proves the last ones: a damaged file shows there first. */
static bool load_tail(struct journal *j, const struct kiosk_identity *identity, struct problem *problem) {
  sqlite3_stmt *get = NULL;
  bool good = !sqlite3_prepare_v2(
                  j->db, "SELECT seq, line, chain FROM record WHERE seq >= (SELECT max(seq) FROM record) - ? ORDER BY seq", -1,
                  &get, NULL) &&
              !sqlite3_bind_int(get, 1, TAIL);
  int code = SQLITE_DONE;
  chain_start(identity->public_key, identity->journal, j->chain);
  good = good && store_purged(j->db, &j->seq, j->chain);
  while (good && (code = sqlite3_step(get)) == SQLITE_ROW) {
    int64_t seq = sqlite3_column_int64(get, 0);
    const void *line = sqlite3_column_text(get, 1), *chain = sqlite3_column_blob(get, 2);
    bool linked = seq == j->seq + 1; /* else it is the first one looked at, and stands for itself */
    if (linked) chain_next(j->chain, line, (size_t)sqlite3_column_bytes(get, 1));
    bool proved = sqlite3_column_bytes(get, 2) == JOURNAL_CHAIN && (!linked || !memcmp(chain, j->chain, JOURNAL_CHAIN));
    if (!proved) {
      sqlite3_finalize(get);
      return problem_set(
          problem,
          "签到日志 %s 的第 %lld "
          "条记录与它的链不符：日志已损坏或被改动。程序不会改动它：请保留整个文件夹，换一个新的数据文件夹继续签到。",
          "Record %2$lld of the journal %1$s doesn't match its chain: it is damaged or was changed. It was not touched: keep "
          "the "
          "whole folder, and go on with a new data folder.",
          j->path, (long long)seq);
    }
    memcpy(j->chain, chain, JOURNAL_CHAIN);
    j->seq = seq;
  }
  good = good && code == SQLITE_DONE;
  if (!good) store_problem(j->db, j->path, problem);
  sqlite3_finalize(get);
  return good;
}

/* A purged record's line is gone, its chain isn't. */
static bool prepare_chain_of(struct journal *j) {
  int64_t seq;
  uint8_t chain[JOURNAL_CHAIN];
  if (!store_purged(j->db, &seq, chain)) return false;
  const char *sql = seq > 0 ? "SELECT chain FROM record WHERE seq = ?1 UNION ALL SELECT chain FROM purged WHERE seq = ?1"
                            : "SELECT chain FROM record WHERE seq = ?1";
  return !sqlite3_prepare_v3(j->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &j->chain_of, NULL);
}

static bool prepare(struct journal *j) {
#define ROW "SELECT seq, count, mono_ms, wall_ms, wall_ok, boot, kiosk, id FROM record r WHERE admission AND station = ?1"
#define COLUMNS                                                                                                                \
  "SELECT seq, id, kind, station, attendee, verdict, line ->> '$.by', line ->> '$.operator', count, ref, mono_ms, wall_ms,"    \
  " wall_ok, boot, note, EXISTS (SELECT 1 FROM record u WHERE u.kind = 'undo' AND u.ref = r.id) FROM record r"
#define NOT_UNDONE " AND NOT EXISTS (SELECT 1 FROM record u WHERE u.kind = 'undo' AND u.ref = r.id)"
  const struct {
    sqlite3_stmt **statement;
    const char *sql;
  } all[] = {
      {&j->append, "INSERT INTO record (seq, line, chain) VALUES (?1, ?2, ?3)"},
      {&j->person, ROW " AND attendee = ?2" NOT_UNDONE},
      {&j->stranger, ROW " AND attendee IS NULL AND code = ?2" NOT_UNDONE},
      {&j->total, "SELECT people FROM tally WHERE station = ?1 AND span = '*'"},
      {&j->today, "SELECT sum(people) FROM tally WHERE station = ?1 AND span = 'wall' AND minute >= ?2 AND minute < ?3"},
      {&j->boot_today, "SELECT sum(people) FROM tally WHERE station = ?1 AND span = ?2 AND minute >= ?3"},
      {&j->last_system,
       "SELECT note FROM record WHERE kind = 'system' AND substr(note, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT 1"},
      {&j->rows, COLUMNS " WHERE seq <= ?1 ORDER BY seq DESC LIMIT ?2"},
      {&j->by_id, COLUMNS " WHERE admission AND id = ?1"},
      {&j->last_of, COLUMNS " WHERE admission AND station = ?1 AND attendee = ?2 ORDER BY seq DESC LIMIT 1"},
      {&j->last_shift, COLUMNS " WHERE kind = 'shift' ORDER BY seq DESC LIMIT 1"},
      {&j->last_clock, COLUMNS " WHERE kind = 'clock' AND substr(note, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT 1"},
      {&j->undos, "SELECT ref FROM record WHERE kind = 'undo' AND ref > ?1 ORDER BY ref LIMIT 1"},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (sqlite3_prepare_v3(j->db, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT, all[i].statement, NULL)) return false;
  return prepare_chain_of(j);
}

/* SQLite goes on in another mode where it can't have the one asked for. */
static bool is_durable(sqlite3 *db) {
  sqlite3_stmt *mode = NULL, *sync = NULL;
  bool good = !sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &mode, NULL) && sqlite3_step(mode) == SQLITE_ROW &&
              !strcmp((const char *)sqlite3_column_text(mode, 0), "wal") &&
              !sqlite3_prepare_v2(db, "PRAGMA synchronous", -1, &sync, NULL) && sqlite3_step(sync) == SQLITE_ROW &&
              sqlite3_column_int(sync, 0) == 2;
  sqlite3_finalize(mode);
  sqlite3_finalize(sync);
  return good;
}

static bool open_store(struct journal *j, const struct kiosk_identity *identity, struct problem *problem) {
  static const char settings[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                                 "PRAGMA temp_store = MEMORY;";
  /* Journals of the first days have no such indexes yet. */
  static const char added[] = "CREATE INDEX IF NOT EXISTS record_shift ON record (seq) WHERE kind = 'shift';"
                              "CREATE INDEX IF NOT EXISTS record_clock ON record (seq) WHERE kind = 'clock';";
  if (sqlite3_open_v2(j->path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
    return store_problem(j->db, j->path, problem);
  sqlite3_extended_result_codes(j->db, 1);
  sqlite3_busy_timeout(j->db, 2000);
  if (!store_check(j->db, j->path, problem)) return false;
  if (sqlite3_exec(j->db, settings, NULL, NULL, NULL) || sqlite3_exec(j->db, added, NULL, NULL, NULL) || !prepare(j))
    return store_problem(j->db, j->path, problem);
  if (!is_durable(j->db))
    return problem_set(problem, "数据文件夹所在的文件系统不支持签到日志所需的写入方式（WAL），请把 data 换到本机磁盘上：%s。",
                       "The data folder's file system can't keep the journal safely (WAL): put `data` on a local disk: %s.",
                       j->path);
  sqlite3_wal_hook(j->db, count_wal, j);
  return check_owner(j, identity, problem) && load_tail(j, identity, problem);
}

bool journal_open(const char *data, const struct kiosk_identity *identity, const char *boot, struct journal **journal,
                  struct problem *problem) {
  struct journal *j = calloc(1, sizeof *j);
  *journal = NULL;
  if (!j) return problem_set(problem, "内存不足。", "Out of memory.");
  j->lock = -1;
  snprintf(j->path, sizeof j->path, "%s/journal.db", data);
  snprintf(j->kiosk, sizeof j->kiosk, "%s", identity->name);
  snprintf(j->boot, sizeof j->boot, "%s", boot);
  memcpy(j->key, identity->public_key, sizeof j->key);
  memcpy(j->id, identity->journal, sizeof j->id);
  bool locked = lock_take(data, &j->lock, problem);
  if (locked) remove_leftovers(data);
  if (!locked || !make_missing(j->path, identity, problem) || !open_store(j, identity, problem)) {
    journal_close(j);
    return false;
  }
  struct stat st;
  if (stat(j->path, &st)) {
    problem_system(problem, errno, "无法读取签到日志", "can't read the journal", j->path);
    journal_close(j);
    return false;
  }
  j->device = st.st_dev;
  j->inode = st.st_ino;
  *journal = j;
  return true;
}

void journal_close(struct journal *j) {
  if (!j) return;
  sqlite3_stmt *all[] = {j->append, j->person, j->stranger, j->total,      j->today,      j->boot_today, j->last_system,
                         j->rows,   j->by_id,  j->last_of,  j->last_shift, j->last_clock, j->undos,      j->chain_of};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) sqlite3_finalize(all[i]);
  if (sqlite3_close(j->db)) log_error("%s: not closed: %s", j->path, sqlite3_errmsg(j->db));
  if (j->lock >= 0) close(j->lock);
  free(j);
}

/* SQLite goes on writing into a file that was removed or replaced under it: such a record would be nowhere. */
static bool still_there(struct journal *j, struct problem *problem) {
  struct stat st;
  if (!stat(j->path, &st) && st.st_dev == j->device && st.st_ino == j->inode) return true;
  j->error = JOURNAL_FAILED;
  return problem_set(
      problem, "签到日志 %s 不见了或被换掉了，没有写入。请把数据文件夹放回原处，再重启签到机。",
      "The journal %s is gone or was replaced; nothing was written. Put the data folder back and restart the kiosk.", j->path);
}

static const char *kind_name(enum record_kind kind) {
  assert((unsigned)kind < RECORD_KINDS);
  return store_kinds[kind];
}

static bool write_line(struct journal *j, const struct checkin *c) {
  struct line *l = &j->line;
  line_begin(l);
  line_number(l, "seq", j->seq + 1);
  line_hex(l, "id", c->id, JOURNAL_ID);
  line_text(l, "kind", kind_name(c->kind));
  line_text(l, "kiosk", j->kiosk);
  line_text(l, "event", c->event);
  line_text(l, "station", c->station);
  line_text(l, "attendee", c->attendee);
  line_text(l, "code", c->code);
  bool judged = c->kind == RECORD_SCAN || c->kind == RECORD_PRACTICE;
  if (judged) line_text(l, "verdict", verdict_name(c->verdict));
  if (judged) line_text(l, "by", by_name(c->by));
  line_text(l, "operator", c->operator_name);
  if (c->count) line_number(l, "count", c->count);
  line_hex(l, "ref", c->ref, JOURNAL_ID);
  line_text(l, "override", c->override);
  line_text(l, "sealed", c->sealed);
  line_text(l, "boot", j->boot);
  line_number(l, "mono_ms", c->at.mono_ms);
  line_wall(l, "wall", c->at.wall_ms);
  line_bool(l, "wall_ok", c->at.wall_ok);
  if (c->view_age_s >= 0) line_number(l, "view_age_s", c->view_age_s);
  if (c->unconfirmed) line_bool(l, "unconfirmed", true);
  line_text(l, "note", c->note);
  return line_end(l);
}

bool journal_append(struct journal *j, struct checkin *c, int64_t *seq, struct problem *problem) {
  uint8_t chain[JOURNAL_CHAIN];
  assert(c->count >= 0);
  if (!still_there(j, problem)) return false;
  if (sodium_is_zero(c->id, JOURNAL_ID)) randombytes_buf(c->id, JOURNAL_ID);
  if (!write_line(j, c)) {
    j->error = JOURNAL_FAILED;
    return problem_set(problem, "这条签到记录含有不是 UTF-8 的文字，没有写入。",
                       "This record has text that is not UTF-8; it was not written.");
  }
  memcpy(chain, j->chain, sizeof chain);
  chain_next(chain, j->line.bytes, j->line.len);
  /* One INSERT, its triggers and its own transaction: committed and synced once it is SQLITE_DONE, and rolled back else. */
  bool good = !sqlite3_bind_int64(j->append, 1, j->seq + 1) &&
              !sqlite3_bind_text(j->append, 2, j->line.bytes, (int)j->line.len, SQLITE_STATIC) &&
              !sqlite3_bind_blob(j->append, 3, chain, sizeof chain, SQLITE_STATIC) && sqlite3_step(j->append) == SQLITE_DONE;
  if (good) {
    memcpy(j->chain, chain, sizeof chain);
    *seq = ++j->seq;
    j->error = JOURNAL_GOOD;
  } else {
    j->error = store_error(j->db, j->path);
    store_problem(j->db, j->path, problem);
  }
  sqlite3_reset(j->append);
  return good;
}

enum journal_error journal_error(const struct journal *j) { return j->error; }

int64_t journal_records(const struct journal *j) { return j->seq; }

bool journal_chain_at(struct journal *j, int64_t seq, uint8_t chain[JOURNAL_CHAIN]) {
  sqlite3_bind_int64(j->chain_of, 1, seq);
  const bool found = sqlite3_step(j->chain_of) == SQLITE_ROW && sqlite3_column_bytes(j->chain_of, 0) == JOURNAL_CHAIN;
  if (found) memcpy(chain, sqlite3_column_blob(j->chain_of, 0), JOURNAL_CHAIN);
  sqlite3_reset(j->chain_of);
  return found;
}

bool journal_last_system(struct journal *j, const char *prefix, char note[NOTE_MAX]) {
  sqlite3_bind_text(j->last_system, 1, prefix, -1, SQLITE_STATIC);
  bool found = sqlite3_step(j->last_system) == SQLITE_ROW;
  if (found) snprintf(note, NOTE_MAX, "%s", (const char *)sqlite3_column_text(j->last_system, 0));
  sqlite3_reset(j->last_system);
  return found;
}

int64_t journal_wal_bytes(const struct journal *j) { return (int64_t)j->wal_pages * WAL_FRAME; }

bool journal_checkpoint(struct journal *j) {
  int pages = 0, moved = 0;
  if (sqlite3_wal_checkpoint_v2(j->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved)) {
    j->error = store_error(j->db, j->path);
    log_warn("%s: checkpoint: %s", j->path, sqlite3_errmsg(j->db));
    return false;
  }
  if (pages == moved) j->wal_pages = 0; /* else a reader still needs the rest */
  return true;
}
