/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merge.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/merge_stage.h"

/* `who` is a roster number, or # and a code's hash; empty where an event has no roster. The line comes last: what sorts
 * and judges doesn't read it. */
static const char schema[] =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA cache_size = -32768; PRAGMA temp_store = FILE; BEGIN;"
    "CREATE TABLE journal (id INTEGER PRIMARY KEY, key BLOB NOT NULL, journal BLOB NOT NULL, kiosk TEXT NOT NULL,"
    " from_seq INTEGER NOT NULL, rank INTEGER, enrolled INTEGER, UNIQUE (key, journal)) STRICT;"
    "CREATE TABLE raw (id INTEGER PRIMARY KEY, journal INTEGER NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL,"
    " prev BLOB NOT NULL, proved INTEGER NOT NULL, kind INTEGER NOT NULL, boot TEXT, mono INTEGER, wall INTEGER,"
    " ok INTEGER, said INTEGER, evidence INTEGER, floor INTEGER, ident TEXT, ref TEXT, admit INTEGER,"
    " event TEXT, station TEXT, who TEXT, count INTEGER, unconfirmed INTEGER, override INTEGER, line TEXT NOT NULL) STRICT;"
    "CREATE TABLE signed (journal INTEGER NOT NULL, chain BLOB NOT NULL, from_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX signed_chain ON signed (chain);"
    "CREATE TABLE finding (kind TEXT NOT NULL, journal INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,"
    " chain BLOB, note TEXT NOT NULL) STRICT;";

bool merge_failed(struct merge *m, struct problem *problem) {
  int code = m->db ? sqlite3_errcode(m->db) & 0xff : SQLITE_NOMEM;
  if (code == SQLITE_FULL || code == SQLITE_IOERR)
    return problem_set(problem, "合并要用的临时空间写不进去，磁盘可能满了。请腾出约为导出文件三倍的空间。",
                       "The merge's working space can't be written; the disk may be full. Make room for about three times "
                       "the exports' size.");
  return problem_set(problem, "合并出错：%s。", "The merge failed: %s.", m->db ? sqlite3_errmsg(m->db) : "out of memory");
}

bool merge_exec(struct merge *m, const char *sql, struct problem *problem) {
  return !sqlite3_exec(m->db, sql, NULL, NULL, NULL) || merge_failed(m, problem);
}

bool merge_prepare(struct merge *m, const char *sql, sqlite3_stmt **s, struct problem *problem) {
  return !sqlite3_prepare_v2(m->db, sql, -1, s, NULL) || merge_failed(m, problem);
}

bool merge_number(struct merge *m, const char *sql, int64_t *number, struct problem *problem) {
  sqlite3_stmt *get = NULL;
  *number = 0;
  int step = merge_prepare(m, sql, &get, problem) ? sqlite3_step(get) : SQLITE_ERROR;
  if (step == SQLITE_ROW) *number = sqlite3_column_int64(get, 0);
  bool good = step == SQLITE_ROW || step == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_finalize(get);
  return good;
}

bool merge_find(struct merge *m, const char *kind, int64_t journal, int64_t from_seq, int64_t to_seq, const uint8_t *chain,
                const char *note, struct problem *problem) {
  sqlite3_stmt *s = m->find;
  bool good = !sqlite3_bind_text(s, 1, kind, -1, SQLITE_STATIC) && !sqlite3_bind_int64(s, 2, journal) &&
              !sqlite3_bind_int64(s, 3, from_seq) && !sqlite3_bind_int64(s, 4, to_seq) &&
              !(chain ? sqlite3_bind_blob(s, 5, chain, JOURNAL_CHAIN, SQLITE_STATIC) : sqlite3_bind_null(s, 5)) &&
              !sqlite3_bind_text(s, 6, note, -1, SQLITE_STATIC) && sqlite3_step(s) == SQLITE_DONE;
  if (!good) merge_failed(m, problem);
  sqlite3_reset(s);
  return good;
}

/* Removed as soon as it is open: no end of the process leaves it behind. */
static bool open_stage(struct merge *m, const char *folder, struct problem *problem) {
  char path[4096];
  if (snprintf(path, sizeof path, "%s/.merge-XXXXXX", folder) >= (int)sizeof path)
    return problem_set(problem, "路径太长：%s", "The path is too long: %s", folder);
  int fd = mkstemp(path);
  if (fd < 0) return problem_system(problem, errno, "无法写入文件夹", "can't write in the folder", folder);
  close(fd);
  bool good = !sqlite3_open_v2(path, &m->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) &&
              !sqlite3_exec(m->db, schema, NULL, NULL, NULL);
  unlink(path);
  return good || merge_failed(m, problem);
}

bool merge_open(const char *folder, struct merge_listener listener, struct merge **merge, struct problem *problem) {
  struct merge *m = calloc(1, sizeof *m);
  *merge = NULL;
  if (sodium_init() < 0 || !m) {
    free(m);
    return problem_set(problem, "内存不足。", "Out of memory.");
  }
  m->listener = listener;
  bool good = open_stage(m, folder, problem) &&
              merge_prepare(m,
                            "INSERT INTO journal (key, journal, kiosk, from_seq) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE "
                            "SET kiosk = iif((excluded.from_seq, excluded.kiosk) > (from_seq, kiosk), excluded.kiosk, kiosk),"
                            " from_seq = max(from_seq, excluded.from_seq) RETURNING id",
                            &m->journal, problem) &&
              merge_prepare(m,
                            "INSERT INTO raw VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
                            " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
                            &m->raw, problem) &&
              merge_prepare(m, "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &m->find, problem);
  if (good)
    *merge = m;
  else
    merge_close(m);
  return good;
}

void merge_close(struct merge *m) {
  if (!m) return;
  sqlite3_finalize(m->raw);
  sqlite3_finalize(m->journal);
  sqlite3_finalize(m->find);
  merge_runs_free(m);
  sqlite3_close(m->db);
  clocks_free(&m->clocks);
  free(m);
}

/* Findings that several files gave are one; of a changed line it is told where another copy is whole, and a gap that
 * it explains isn't told again. */
static bool count_findings(struct merge *m, struct problem *problem) {
  struct merge_counts *c = &m->counts;
  int64_t changed;
  if (!merge_number(m, "SELECT count(*) FROM finding WHERE kind = 'tampered'", &changed, problem)) return false;
  if (changed &&
      !merge_exec(
          m,
          "CREATE TEMP TABLE whole AS SELECT f.rowid AS f FROM finding f JOIN journal j ON j.id = f.journal JOIN kept k "
          "ON k.rank = j.rank AND k.seq = f.from_seq WHERE f.kind = 'tampered' AND f.from_seq = f.to_seq;"
          "UPDATE finding SET note = 'whole' WHERE rowid IN (SELECT f FROM whole);"
          "DELETE FROM finding WHERE kind = 'gap' AND EXISTS (SELECT 1 FROM finding t WHERE t.kind = 'tampered' AND "
          "t.journal = finding.journal AND t.from_seq <= finding.from_seq AND t.to_seq >= finding.to_seq)",
          problem))
    return false;
  return merge_exec(m,
                    "CREATE TABLE found AS SELECT DISTINCT kind, journal, from_seq, to_seq, chain, note FROM finding"
                    " ORDER BY kind, (SELECT rank FROM journal j WHERE j.id = finding.journal), from_seq, to_seq, chain, note",
                    problem) &&
         merge_number(m, "SELECT count(*) FROM found", &c->findings, problem) &&
         merge_number(m, "SELECT count(*) FROM found WHERE kind = 'tampered'", &c->tampered, problem) &&
         merge_number(m, "SELECT count(*) FROM found WHERE kind = 'fork'", &c->forks, problem) &&
         merge_number(m, "SELECT count(*) FROM found WHERE kind = 'gap'", &c->gaps, problem);
}

bool merge_settle(struct merge *m, const struct merge_rules *rules, struct merge_counts *counts, struct problem *problem) {
  bool good = merge_exec(m,
                         "UPDATE journal SET rank = (SELECT count(*) FROM journal o WHERE (o.key, o.journal) <= (journal.key,"
                         " journal.journal))",
                         problem) &&
              merge_clocks(m, problem) && merge_order(m, rules, problem) && merge_known(m, rules, problem) &&
              merge_judge(m, rules, problem) && count_findings(m, problem) &&
              merge_number(m, "SELECT count(*) FROM journal", &m->counts.journals, problem);
  *counts = m->counts;
  return good;
}
