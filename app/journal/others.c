/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "journal/chain.h"
#include "journal/others_inner.h"
#include "journal/rows.h"

enum { APPLICATION_ID = 0x79626f31 /* "ybo1" */, VERSION = 1, PAGE = 4096 };

/* `who` as others_who makes it. `tally` is kept in the transaction of the record: people by minute of the wall clock, and in
 * minute -1 all; here 1: what others took back of this kiosk's own. at_ms: none where that kiosk's clock wasn't trusted. */
static const char tables[] =
    "CREATE TABLE feed (event TEXT PRIMARY KEY, hub TEXT NOT NULL, cursor TEXT NOT NULL, whole INTEGER NOT NULL,"
    " boot TEXT NOT NULL, mono_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL, wall_ok INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE acked (one INTEGER PRIMARY KEY CHECK (one = 1), hub TEXT NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL,"
    " proved INTEGER NOT NULL) STRICT;"
    "CREATE TABLE admission (id BLOB PRIMARY KEY, station TEXT NOT NULL, who TEXT NOT NULL, people INTEGER NOT NULL,"
    " at_ms INTEGER, kiosk TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX admission_who ON admission (station, who);"
    "CREATE TABLE undo (ref BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE tally (station TEXT NOT NULL, here INTEGER NOT NULL, minute INTEGER NOT NULL, people INTEGER NOT NULL,"
    " PRIMARY KEY (station, here, minute)) STRICT, WITHOUT ROWID;";

#define ADMISSION                                                                                                              \
  "SELECT a.id, a.station, a.who, a.people, a.at_ms, a.kiosk, EXISTS (SELECT 1 FROM undo WHERE ref = a.id) FROM admission a"

static const char *const sql[OTHERS_STATEMENTS] = {
    [OTHERS_BEGIN] = "BEGIN IMMEDIATE",
    [OTHERS_COMMIT] = "COMMIT",
    [OTHERS_ROLLBACK] = "ROLLBACK",
    [OTHERS_ADD] = "INSERT INTO admission VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    [OTHERS_ADD_UNDO] = "INSERT INTO undo VALUES (?1) ON CONFLICT DO NOTHING",
    [OTHERS_UNDID] = "SELECT 1 FROM undo WHERE ref = ?1",
    [OTHERS_BY_ID] = ADMISSION " WHERE a.id = ?1",
    [OTHERS_PERSON] = ADMISSION " WHERE a.station = ?1 AND a.who = ?2",
    [OTHERS_TALLY] = "INSERT INTO tally VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET people = people + excluded.people",
    [OTHERS_SUM] =
        "SELECT coalesce(sum(people), 0) FROM tally WHERE station = ?1 AND here = ?2 AND minute >= ?3 AND minute < ?4",
    [OTHERS_FEED] = "SELECT hub, cursor, whole, boot, mono_ms, wall_ms, wall_ok FROM feed WHERE event = ?1",
    [OTHERS_SET_FEED] = "INSERT OR REPLACE INTO feed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [OTHERS_ACKED] = "SELECT hub, seq, chain, proved FROM acked",
    [OTHERS_SET_ACKED] = "INSERT OR REPLACE INTO acked VALUES (1, ?1, ?2, ?3, ?4)",
};

sqlite3_stmt *others_bind(struct others *o, enum others_sql which) {
  sqlite3_reset(o->sql[which]);
  sqlite3_clear_bindings(o->sql[which]);
  return o->sql[which];
}

bool others_failed(struct others *o, const char *what) {
  const int code = o->db ? sqlite3_errcode(o->db) & 0xff : SQLITE_NOMEM;
  const bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_MISMATCH;
  if (broken ? !o->broken : !o->failing)
    log_warn("%s: %s: %s%s", o->path, what, o->db ? sqlite3_errmsg(o->db) : "out of memory",
             broken ? "; it is begun anew, and nothing is lost" : "");
  if (broken) o->broken = true;
  o->failing = true;
  return false;
}

bool others_done(struct others *o, enum others_sql which) {
  const bool done = sqlite3_step(o->sql[which]) == SQLITE_DONE;
  if (!done) others_failed(o, "can't be written");
  sqlite3_reset(o->sql[which]);
  return done;
}

void others_who(const char *attendee, const char *code, char who[ID_MAX + 1]) {
  const bool named = attendee[0] != '\0';
  who[0] = '\0';
  if (named || code[0]) snprintf(who, ID_MAX + 1, "%c%s", named ? 'a' : 'c', named ? attendee : code);
}

/* --- the file --- */

static bool make_file(const char *path) { /* 0600, as all that is about people */
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

/* An empty one is made; one of another program or version isn't ours to read. */
static bool settle_version(struct others *o) {
  sqlite3_stmt *get = NULL;
  char make[128];
  bool good = !sqlite3_prepare_v2(o->db,
                                  "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM "
                                  "pragma_user_version), (SELECT count(*) FROM sqlite_schema)",
                                  -1, &get, NULL) &&
              sqlite3_step(get) == SQLITE_ROW;
  const bool ours = good && sqlite3_column_int(get, 0) == APPLICATION_ID && sqlite3_column_int(get, 1) == VERSION;
  const bool empty = good && sqlite3_column_int(get, 2) == 0 && sqlite3_column_int(get, 0) == 0;
  sqlite3_finalize(get);
  if (ours) return true;
  if (good && !empty) {
    log_warn("%s: of another program, or of another version of this one; it is begun anew, and nothing is lost", o->path);
    o->broken = true;
  }
  if (!empty) return false;
  snprintf(make, sizeof make, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", APPLICATION_ID, VERSION);
  good = !sqlite3_exec(o->db, "BEGIN", NULL, NULL, NULL) && !sqlite3_exec(o->db, tables, NULL, NULL, NULL) &&
         !sqlite3_exec(o->db, make, NULL, NULL, NULL);
  return good;
}

static int count_wal(void *others, sqlite3 *db, const char *name, int pages) {
  (void)db, (void)name;
  ((struct others *)others)->wal_pages = pages;
  return SQLITE_OK;
}

/* Nobody else ever opens it: no locks are taken again and again, and no shared memory is needed. */
static bool open_file(struct others *o) {
  static const char settings[] = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                                 "PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;";
  if (!make_file(o->path) || sqlite3_open_v2(o->path, &o->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ||
      sqlite3_exec(o->db, settings, NULL, NULL, NULL) || !settle_version(o))
    return false;
  for (int i = 0; i < OTHERS_STATEMENTS; i++)
    if (sqlite3_prepare_v3(o->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &o->sql[i], NULL)) return false;
  sqlite3_wal_hook(o->db, count_wal, o);
  return true;
}

static void close_file(struct others *o) {
  for (int i = 0; i < OTHERS_STATEMENTS; i++) sqlite3_finalize(o->sql[i]);
  memset(o->sql, 0, sizeof o->sql);
  sqlite3_close(o->db);
  o->db = NULL;
}

static const char *const companions[] = {"", "-wal", "-shm", "-journal"};

static void path_of(const char *data, const char *more, char out[STORE_PATH]) {
  snprintf(out, STORE_PATH, "%s/others.db%s", data, more);
}

/* The damaged one is kept, once, for who wants to know why. */
static void move_aside(struct others *o) {
  char from[STORE_PATH + 32], to[STORE_PATH + 32];
  for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
    snprintf(from, sizeof from, "%s%s", o->path, companions[i]);
    snprintf(to, sizeof to, "%s.damaged%s", o->path, companions[i]);
    unlink(to);
    if (rename(from, to)) unlink(from);
  }
}

void others_remove(const char *data) {
  char path[STORE_PATH], more[32];
  for (int damaged = 0; damaged < 2; damaged++)
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
      snprintf(more, sizeof more, "%s%s", damaged ? ".damaged" : "", companions[i]);
      path_of(data, more, path);
      unlink(path);
    }
}

/* --- what is in it at the start --- */

/* A journal that was put back from an older copy has less than what was acknowledged. */
static bool is_ours(struct others *o, int64_t seq, const void *chain, size_t len) {
  uint8_t own[JOURNAL_CHAIN];
  return seq > 0 && len == JOURNAL_CHAIN && journal_chain_at(o->journal, seq, own) && !memcmp(own, chain, JOURNAL_CHAIN);
}

static bool load_acked(struct others *o) {
  sqlite3_stmt *s = others_bind(o, OTHERS_ACKED);
  const int step = sqlite3_step(s);
  memset(&o->acked, 0, sizeof o->acked);
  if (step == SQLITE_ROW &&
      is_ours(o, sqlite3_column_int64(s, 1), sqlite3_column_blob(s, 2), (size_t)sqlite3_column_bytes(s, 2))) {
    snprintf(o->acked.hub, sizeof o->acked.hub, "%s", (const char *)sqlite3_column_text(s, 0));
    o->acked.seq = sqlite3_column_int64(s, 1);
    memcpy(o->acked.chain, sqlite3_column_blob(s, 2), JOURNAL_CHAIN);
    o->acked.proved = sqlite3_column_int(s, 3) != 0;
  }
  sqlite3_reset(s);
  return step == SQLITE_ROW || step == SQLITE_DONE;
}

/* What this kiosk took back of theirs: the hub doesn't tell us our own records. */
static bool replay_undo(void *others, const uint8_t ref[JOURNAL_ID]) {
  struct others *o = others;
  others_undo(o, ref);
  return !o->failing;
}

static bool load(struct others *o) {
  memset(&o->view, 0, sizeof o->view);
  memset(o->counted, 0, sizeof o->counted);
  o->failing = false;
  return open_file(o) && load_acked(o) && journal_each_undo(o->journal, replay_undo, o);
}

static bool begin(struct others *o, struct problem *problem) {
  o->broken = false;
  if (load(o)) return true;
  if (o->db && !o->broken) others_failed(o, "can't be read");
  if (o->broken) { /* else it is the disk that is full, or read-only: what is in it may still be good */
    close_file(o);
    move_aside(o);
    o->broken = false;
    if (load(o)) return true;
  }
  problem_set(
      problem, "无法写入其他签到机的签到缓存 %s：%s。请检查数据文件夹的权限和空间。",
      "The cache of the other kiosks' check-ins %s can't be written: %s. Check the data folder's permissions and space.",
      o->path, o->db ? sqlite3_errmsg(o->db) : strerror(errno));
  close_file(o);
  return false;
}

bool others_open(const char *data, struct journal *journal, struct others **others, struct problem *problem) {
  struct others *o = calloc(1, sizeof *o);
  *others = NULL;
  if (!o) return problem_set(problem, "内存不足。", "Out of memory.");
  o->journal = journal;
  path_of(data, "", o->path);
  if (!begin(o, problem)) {
    free(o);
    return false;
  }
  journal->others = o;
  *others = o;
  return true;
}

void others_close(struct others *o) {
  if (!o) return;
  if (o->db && !o->broken) others_checkpoint(o);
  o->journal->others = NULL;
  close_file(o);
  free(o);
}

uint32_t others_refill(const struct others *o) { return o->refill; }

void others_mend(struct others *o) {
  struct problem problem;
  if (!o->broken) return;
  close_file(o);
  move_aside(o);
  o->refill++;
  if (!begin(o, &problem)) o->broken = true; /* tried again the next time */
}

/* --- how far it goes --- */

bool others_view(struct others *o, const char *event) {
  if (o->view.event[0] && !strcmp(o->view.event, event)) return true;
  if (!o->db || o->broken) return false;
  sqlite3_stmt *s = others_bind(o, OTHERS_FEED);
  memset(&o->view, 0, sizeof o->view);
  sqlite3_bind_text(s, 1, event, -1, SQLITE_STATIC);
  const int step = sqlite3_step(s);
  if (step == SQLITE_ROW) {
    snprintf(o->view.hub, sizeof o->view.hub, "%s", (const char *)sqlite3_column_text(s, 0));
    snprintf(o->view.cursor, sizeof o->view.cursor, "%s", (const char *)sqlite3_column_text(s, 1));
    o->view.whole = sqlite3_column_int(s, 2) != 0;
    o->view.this_boot = !strcmp((const char *)sqlite3_column_text(s, 3), o->journal->boot);
    o->view.as_of = (struct moment){
        .mono_ms = sqlite3_column_int64(s, 4), .wall_ms = sqlite3_column_int64(s, 5), .wall_ok = sqlite3_column_int(s, 6) != 0};
    o->view.kept_ms = o->view.this_boot ? o->view.as_of.mono_ms : 0;
  }
  sqlite3_reset(s);
  if (step != SQLITE_ROW && step != SQLITE_DONE) return others_failed(o, "can't be read");
  snprintf(o->view.event, sizeof o->view.event, "%s", event);
  return true;
}

void others_cursor(struct others *o, const char *event, char cursor[SYNC_CURSOR]) {
  snprintf(cursor, SYNC_CURSOR, "%s", others_view(o, event) ? o->view.cursor : "");
}

int32_t others_age_s(struct others *o, const char *event, struct moment now) {
  if (!others_view(o, event) || !o->view.whole) return -1;
  const struct moment *as_of = &o->view.as_of;
  if (!o->view.this_boot && !(now.wall_ok && as_of->wall_ok)) return -1;
  int64_t age_s = (o->view.this_boot ? now.mono_ms - as_of->mono_ms : now.wall_ms - as_of->wall_ms) / 1000;
  return age_s < 0 ? 0 : age_s > INT32_MAX ? INT32_MAX : (int32_t)age_s;
}

bool others_known(struct others *o, const char *event, struct moment now) {
  return !o->broken && others_view(o, event) && o->view.whole && o->view.this_boot && now.mono_ms >= o->view.settles_ms &&
         now.mono_ms - o->view.as_of.mono_ms <= OTHERS_FRESH_MS;
}

int64_t others_acked(const struct others *o) { return o->acked.seq; }

bool others_receipt(const struct others *o, struct receipt *r) {
  const struct journal *j = o->journal;
  if (!o->acked.proved || o->acked.seq == 0) return false;
  *r = (struct receipt){.from_seq = 1, .to_seq = o->acked.seq};
  snprintf(r->kiosk, sizeof r->kiosk, "%s", j->kiosk);
  memcpy(r->key, j->key, sizeof r->key);
  memcpy(r->journal, j->id, sizeof r->journal);
  chain_start(j->key, j->id, r->chain_before);
  memcpy(r->chain, o->acked.chain, sizeof r->chain);
  return true;
}

int64_t others_wal_bytes(const struct others *o) { return (int64_t)o->wal_pages * PAGE; }

bool others_checkpoint(struct others *o) {
  if (!o->db || o->broken || o->wal_pages == 0) return false;
  o->wal_pages = 0; /* one that failed is tried again with the next page */
  return !sqlite3_wal_checkpoint_v2(o->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) || others_failed(o, "checkpoint");
}
