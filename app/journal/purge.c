/* SPDX-License-Identifier: Apache-2.0
 * Takes personal data out of a journal without breaking its chain: a line that a receipt covers becomes its
 * hash. The chain is a hash of the chain before and of the line's hash, so it can be followed all the same.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/chain.h"
#include "journal/identity.h"
#include "journal/others.h"
#include "journal/receipt.h"
#include "journal/store.h"

struct purging {
  sqlite3 *db, *to;
  sqlite3_stmt *chain_of;
  char path[STORE_PATH];
  const char *file;            /* of receipts; NULL: there is only the one given */
  const struct receipt *given; /* borrowed */
  struct kiosk_identity key;
  struct receipt *covers; /* owned: those of this journal */
  size_t count;
  int64_t done; /* purged before */
  uint8_t done_chain[JOURNAL_CHAIN], last_chain[JOURNAL_CHAIN];
  struct purged *purged;
  struct problem *problem;
};

static void take_receipt(void *self, const struct receipt *r) {
  struct purging *p = self;
  if (memcmp(r->key, p->key.public_key, 32) || memcmp(r->journal, p->key.journal, JOURNAL_ID)) return;
  struct receipt *more = realloc(p->covers, (p->count + 1) * sizeof *more);
  if (!more) abort();
  p->covers = more;
  p->covers[p->count++] = *r;
}

static bool failed(struct purging *p) { return store_problem(p->db, p->path, p->problem); }

/* The chain at a record, whether its line is there or not. */
static bool has_chain(struct purging *p, int64_t seq, const uint8_t chain[JOURNAL_CHAIN]) {
  uint8_t start[JOURNAL_CHAIN];
  chain_start(p->key.public_key, p->key.journal, start);
  if (seq == 0) return !memcmp(start, chain, JOURNAL_CHAIN);
  sqlite3_bind_int64(p->chain_of, 1, seq);
  bool same = sqlite3_step(p->chain_of) == SQLITE_ROW && sqlite3_column_bytes(p->chain_of, 0) == JOURNAL_CHAIN &&
              !memcmp(sqlite3_column_blob(p->chain_of, 0), chain, JOURNAL_CHAIN);
  sqlite3_reset(p->chain_of);
  return same;
}

/* How far every record is covered, from the first line that is there. */
static int64_t covered_to(struct purging *p) {
  int64_t to = p->done;
  for (bool further = true; further;) {
    further = false;
    for (size_t i = 0; i < p->count; i++) {
      const struct receipt *r = &p->covers[i];
      if (r->from_seq > to + 1 || r->to_seq <= to) continue;
      if (!has_chain(p, r->from_seq - 1, r->chain_before) || !has_chain(p, r->to_seq, r->chain)) continue;
      to = r->to_seq;
      further = true;
    }
  }
  return to;
}

static bool open_old(struct purging *p) {
  if (access(p->path, F_OK))
    return problem_set(p->problem, "没有签到日志 %s。请检查 --data 是不是签到机的数据文件夹。",
                       "There is no journal %s. Check whether --data is a kiosk's data folder.", p->path);
  if (sqlite3_open_v2(p->path, &p->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)) return failed(p);
  if (!store_check(p->db, p->path, p->problem)) return false;
  chain_start(p->key.public_key, p->key.journal, p->done_chain);
  if (sqlite3_exec(p->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) || !store_purged(p->db, &p->done, p->done_chain))
    return failed(p);
  return !sqlite3_prepare_v2(p->db,
                             p->done
                                 ? "SELECT chain FROM record WHERE seq = ?1 UNION ALL SELECT chain FROM purged WHERE seq = ?1"
                                 : "SELECT chain FROM record WHERE seq = ?1",
                             -1, &p->chain_of, NULL) ||
         failed(p);
}

/* As journal_open would make it, with the table before its records, and an append that counts on from there. */
static bool open_new(struct purging *p, const char *beside) {
  static const char more[] = "CREATE TABLE purged (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, chain BLOB NOT NULL) STRICT;";
  char sql[STORE_PATH + 512];
  sqlite3_stmt *attach = NULL;
  bool good = !sqlite3_open_v2(beside, &p->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  snprintf(sql, sizeof sql,
           "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL; PRAGMA application_id = %d; PRAGMA user_version = %d;",
           JOURNAL_APPLICATION_ID, STORE_PURGED);
  good = good && !sqlite3_exec(p->to, sql, NULL, NULL, NULL) &&
         !sqlite3_prepare_v2(p->to, "ATTACH ?1 AS old", -1, &attach, NULL) &&
         !sqlite3_bind_text(attach, 1, p->path, -1, SQLITE_STATIC) && sqlite3_step(attach) == SQLITE_DONE;
  sqlite3_finalize(attach);
  good = good && !sqlite3_exec(p->to, "BEGIN", NULL, NULL, NULL) && !sqlite3_exec(p->to, store_tables, NULL, NULL, NULL) &&
         !sqlite3_exec(p->to, more, NULL, NULL, NULL) &&
         !sqlite3_exec(p->to, "INSERT INTO journal SELECT * FROM old.journal; INSERT INTO tally SELECT * FROM old.tally;", NULL,
                       NULL, NULL);
  if (good && p->done) good = !sqlite3_exec(p->to, "INSERT INTO purged SELECT * FROM old.purged", NULL, NULL, NULL);
  return good || store_problem(p->to, beside, p->problem);
}

/* Each line is proved before it goes: what stays must not vouch for what was changed. */
static bool copy(struct purging *p, int64_t to) {
  sqlite3_stmt *get = NULL, *hash = NULL, *line = NULL;
  uint8_t chain[JOURNAL_CHAIN], digest[32];
  int64_t seq = p->done;
  int step = SQLITE_ERROR;
  memcpy(chain, p->done_chain, sizeof chain);
  bool good = !sqlite3_prepare_v2(p->to, "SELECT seq, line, chain FROM old.record ORDER BY seq", -1, &get, NULL) &&
              !sqlite3_prepare_v2(p->to, "INSERT INTO purged VALUES (?1, ?2, ?3)", -1, &hash, NULL) &&
              !sqlite3_prepare_v2(p->to, "INSERT INTO record (seq, line, chain) VALUES (?1, ?2, ?3)", -1, &line, NULL);
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) {
    const char *text = (const char *)sqlite3_column_text(get, 1);
    size_t len = (size_t)sqlite3_column_bytes(get, 1);
    chain_next(chain, text, len);
    if (sqlite3_column_int64(get, 0) != ++seq || sqlite3_column_bytes(get, 2) != JOURNAL_CHAIN ||
        memcmp(sqlite3_column_blob(get, 2), chain, JOURNAL_CHAIN)) {
      problem_set(p->problem, "签到日志 %1$s 的第 %2$lld 条记录与它的链不符，没有清除任何东西。请保留整个文件夹。",
                  "Record %2$lld of the journal %1$s doesn't match its chain; nothing was purged. Keep the whole folder.",
                  p->path, (long long)seq);
      goto out;
    }
    sqlite3_stmt *put = seq <= to ? hash : line;
    crypto_generichash(digest, sizeof digest, (const uint8_t *)text, len, NULL, 0);
    sqlite3_bind_int64(put, 1, seq);
    if (seq <= to)
      sqlite3_bind_blob(put, 2, digest, sizeof digest, SQLITE_TRANSIENT);
    else
      sqlite3_bind_text(put, 2, text, (int)len, SQLITE_TRANSIENT);
    sqlite3_bind_blob(put, 3, chain, sizeof chain, SQLITE_TRANSIENT);
    good = sqlite3_step(put) == SQLITE_DONE;
    sqlite3_reset(put);
    if (seq <= to)
      p->purged->records++;
    else
      p->purged->kept++;
  }
  if (step != SQLITE_DONE) good = store_problem(p->to, p->path, p->problem);
  memcpy(p->last_chain, chain, sizeof chain);
out:
  sqlite3_finalize(get), sqlite3_finalize(hash), sqlite3_finalize(line);
  return good && step == SQLITE_DONE;
}

/* It is in WAL mode before it takes its place: else the next opening would switch it by a rollback journal, and a power loss then
 * leave one that no reader of the folder can roll back. */
static bool finish(struct purging *p) {
  static const char append[] =
      "DROP TRIGGER append_only_insert;"
      "CREATE TRIGGER append_only_insert BEFORE INSERT ON record WHEN NEW.seq IS NOT max((SELECT coalesce(max(seq), 0) FROM "
      "record),"
      " (SELECT coalesce(max(seq), 0) FROM purged)) + 1 BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
      "CREATE TRIGGER purged_update BEFORE UPDATE ON purged BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
      "CREATE TRIGGER purged_delete BEFORE DELETE ON purged BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;";
  return (!sqlite3_exec(p->to, store_triggers, NULL, NULL, NULL) && !sqlite3_exec(p->to, append, NULL, NULL, NULL) &&
          !sqlite3_exec(p->to, "COMMIT; DETACH old; PRAGMA journal_mode = WAL", NULL, NULL, NULL)) ||
         store_problem(p->to, p->path, p->problem);
}

/* What stays, followed from its beginning to the end that was there before. */
static bool still_proves(struct purging *p) {
  sqlite3_stmt *get = NULL;
  uint8_t chain[JOURNAL_CHAIN], both[JOURNAL_CHAIN + 32], stated[JOURNAL_CHAIN];
  int64_t last;
  chain_start(p->key.public_key, p->key.journal, chain);
  bool good = !sqlite3_prepare_v2(p->to, "SELECT hash, chain FROM purged ORDER BY seq", -1, &get, NULL);
  while (good && sqlite3_step(get) == SQLITE_ROW) {
    memcpy(both, chain, JOURNAL_CHAIN);
    memcpy(both + JOURNAL_CHAIN, sqlite3_column_blob(get, 0), 32);
    crypto_generichash(chain, sizeof chain, both, sizeof both, NULL, 0);
    good = !memcmp(chain, sqlite3_column_blob(get, 1), JOURNAL_CHAIN);
  }
  sqlite3_finalize(get);
  good = good && store_purged(p->to, &last, stated) && !memcmp(chain, stated, sizeof chain);
  return good || problem_set(p->problem, "清除后的日志核对不上，没有替换原来的。",
                             "What would stay doesn't prove the chain; the journal was left as it was.");
}

static bool rewrite(struct purging *p, int64_t to) {
  char beside[STORE_PATH + 64], side[STORE_PATH + 8];
  if (!file_begin(p->path, beside, p->problem)) return false;
  bool good = open_new(p, beside) && copy(p, to) && finish(p) && still_proves(p);
  sqlite3_close(p->to);
  sqlite3_finalize(p->chain_of);
  sqlite3_close(p->db); /* the last one: its companions go with it */
  p->to = p->db = NULL, p->chain_of = NULL;
  good = good && file_commit(beside, p->path, 0600, p->problem);
  if (!good) file_abandon(beside);
  snprintf(side, sizeof side, "%s-wal", p->path);
  if (good) unlink(side); /* merged above, and of the old file */
  return good;
}

static bool read_key(struct purging *p, const char *data) {
  bool missing;
  if (sodium_init() < 0) return problem_set(p->problem, "系统的随机源不可用。", "The system's random source is not available.");
  if (identity_read(data, &p->key, &missing, p->problem)) return true;
  return missing ? problem_set(p->problem, "%s 里没有签到机密钥 kiosk.key。请检查 --data 是不是签到机的数据文件夹。",
                               "There is no kiosk.key in %s. Check whether --data is a kiosk's data folder.", data)
                 : false;
}

/* The kiosk's own table of names that staff corrected is about the same people, and so is what it knows of other kiosks'. */
void journal_forget_people(const char *data) {
  char path[STORE_PATH];
  if (snprintf(path, sizeof path, "%s/names.sealed", data) < (int)sizeof path) unlink(path);
  others_remove(data);
}

static bool purge(struct purging *p, const char *data, const char *receipts) {
  int lock = -1;
  *p->purged = (struct purged){0};
  snprintf(p->path, sizeof p->path, "%s/journal.db", data);
  bool good = read_key(p, data) && lock_take(data, &lock, p->problem);
  if (good && p->file) good = receipt_read(p->file, take_receipt, p, p->problem);
  if (good && p->given) take_receipt(p, p->given);
  good = good && open_old(p);
  int64_t to = good ? covered_to(p) : 0;
  if (good && to == p->done && p->done) journal_forget_people(data); /* where the last purge was killed before it did */
  if (good && to == p->done)
    good = problem_set(
        p->problem,
        "回执 %1$s 没有包括 %2$s 里从第 %3$lld 条开始的记录：请用这台签到机的导出文件再合并一次。没有清除任何东西。",
        "The receipt %1$s covers no record of %2$s from number %3$lld on: merge an export of this kiosk first. Nothing "
        "was purged.",
        receipts, p->path, (long long)p->done + 1);
  good = good && rewrite(p, to);
  p->purged->to_seq = to;
  if (good) journal_forget_people(data);
  sqlite3_finalize(p->chain_of);
  sqlite3_close(p->db);
  if (lock >= 0) close(lock);
  free(p->covers);
  sodium_memzero(&p->key, sizeof p->key);
  return good;
}

bool journal_purge(const char *data, const char *file, struct purged *purged, struct problem *problem) {
  struct purging p = {.file = file, .purged = purged, .problem = problem};
  return purge(&p, data, file);
}

bool journal_purge_by(const char *data, const struct receipt *receipt, struct purged *purged, struct problem *problem) {
  struct purging p = {.given = receipt, .purged = purged, .problem = problem};
  return purge(&p, data, receipt->kiosk);
}
