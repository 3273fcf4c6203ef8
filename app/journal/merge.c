/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merge.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/merge_stage.h"

static const char schema[] =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA cache_size = -32768; PRAGMA temp_store = FILE; BEGIN;"
    "CREATE TABLE journal (id INTEGER PRIMARY KEY, key BLOB NOT NULL, journal BLOB NOT NULL, kiosk TEXT NOT NULL,"
    " from_seq INTEGER NOT NULL, rank INTEGER, enrolled INTEGER, records INTEGER NOT NULL DEFAULT 0, UNIQUE (key, journal)) "
    "STRICT;"
    "CREATE TABLE boot (id INTEGER PRIMARY KEY, journal INTEGER NOT NULL, name TEXT NOT NULL, first_seq INTEGER NOT NULL,"
    " last_mono INTEGER NOT NULL, own INTEGER NOT NULL, floor INTEGER NOT NULL, UNIQUE (journal, name)) STRICT;"
    "CREATE TABLE evidence (boot INTEGER NOT NULL, mono INTEGER NOT NULL, said INTEGER NOT NULL, error INTEGER NOT NULL,"
    " sets INTEGER NOT NULL, ident TEXT NOT NULL) STRICT;"
    "CREATE TABLE amend (raw INTEGER PRIMARY KEY, kind INTEGER NOT NULL, ref TEXT NOT NULL, ident TEXT, who TEXT, count "
    "INTEGER,"
    " n INTEGER, time INTEGER, journal INTEGER NOT NULL) STRICT;" /* n, time: of those that are kept */
    "CREATE TABLE signed (journal INTEGER NOT NULL, chain BLOB NOT NULL, from_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX signed_chain ON signed (chain);"
    "CREATE TABLE finding (kind TEXT NOT NULL, journal INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,"
    " chain BLOB, note TEXT NOT NULL) STRICT;";

static bool no_space(struct problem *problem) {
  return problem_set(problem, "合并要用的临时空间写不进去，磁盘可能满了。请腾出约为导出文件五倍的空间。",
                     "The merge's working space can't be written; the disk may be full. Make room for about five times "
                     "the exports' size.");
}

bool merge_full(struct problem *problem) {
  const int error = errno;
  if (error == ENOSPC || error == EIO || error == EDQUOT) return no_space(problem);
  return problem_set(problem, "合并出错：%s。", "The merge failed: %s.", strerror(error));
}

bool merge_failed(struct merge *m, struct problem *problem) {
  int code = m->db ? sqlite3_errcode(m->db) & 0xff : SQLITE_NOMEM;
  if (code == SQLITE_FULL || code == SQLITE_IOERR) return no_space(problem);
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
  if (!good) return merge_failed(m, problem);
  return (merge_rows_open(&m->rows, folder) && spill_open(&m->order, folder) && spill_open(&m->by_time, folder)) ||
         problem_system(problem, errno, "无法写入文件夹", "can't write in the folder", folder);
}

bool merge_open(const char *folder, struct merge_listener listener, struct merge **merge, struct problem *problem) {
  struct merge *m = calloc(1, sizeof *m);
  *merge = NULL;
  if (sodium_init() < 0 || !m) {
    free(m);
    return problem_set(problem, "内存不足。", "Out of memory.");
  }
  m->listener = listener;
  m->rows = (struct merge_rows)MERGE_ROWS_CLOSED;
  m->order.fd = m->by_time.fd = -1;
  bool good = open_stage(m, folder, problem) &&
              merge_prepare(m,
                            "INSERT INTO journal (key, journal, kiosk, from_seq) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE "
                            "SET kiosk = iif((excluded.from_seq, excluded.kiosk) > (from_seq, kiosk), excluded.kiosk, kiosk),"
                            " from_seq = max(from_seq, excluded.from_seq) RETURNING id",
                            &m->journal, problem) &&
              merge_prepare(m,
                            "INSERT INTO boot (journal, name, first_seq, last_mono, own, floor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                            " ON CONFLICT DO UPDATE SET first_seq = min(first_seq, excluded.first_seq),"
                            " last_mono = max(last_mono, excluded.last_mono), own = max(own, excluded.own),"
                            " floor = max(floor, excluded.floor) RETURNING id",
                            &m->boot, problem) &&
              merge_prepare(m, "INSERT INTO evidence VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &m->evidence, problem) &&
              merge_prepare(m, "INSERT INTO amend VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL, ?7)", &m->amend, problem) &&
              merge_prepare(m, "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &m->find, problem);
  if (good)
    *merge = m;
  else
    merge_close(m);
  return good;
}

void merge_close(struct merge *m) {
  if (!m) return;
  sqlite3_finalize(m->boot);
  sqlite3_finalize(m->evidence);
  sqlite3_finalize(m->amend);
  sqlite3_finalize(m->journal);
  sqlite3_finalize(m->find);
  merge_runs_free(m);
  sqlite3_close(m->db);
  clocks_free(&m->clocks);
  free(m->clock_of);
  free(m->rank);
  spill_close(&m->order);
  spill_close(&m->by_time);
  merge_rows_close(&m->rows);
  free(m);
}

static bool is_kept(const struct merge *m, int64_t rank, int64_t seq) {
  uint32_t low = 0, high = m->kept;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    const struct merge_row *row = merge_kept(m, middle);
    const int64_t at = m->rank[row->journal];
    if (at == rank && row->seq == seq) return true;
    if (at < rank || (at == rank && row->seq < seq))
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

/* Where another copy of a changed line is whole. */
static bool mark_whole(struct merge *m, struct problem *problem) {
  sqlite3_stmt *get = NULL, *set = NULL;
  int step = SQLITE_DONE;
  bool good = merge_prepare(m, "SELECT f.rowid, journal, from_seq FROM finding f WHERE kind = 'tampered' AND from_seq = to_seq",
                            &get, problem) &&
              merge_prepare(m, "UPDATE finding SET note = 'whole' WHERE rowid = ?1", &set, problem);
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) {
    if (!is_kept(m, m->rank[sqlite3_column_int64(get, 1)], sqlite3_column_int64(get, 2))) continue;
    sqlite3_bind_int64(set, 1, sqlite3_column_int64(get, 0));
    good = sqlite3_step(set) == SQLITE_DONE || merge_failed(m, problem);
    sqlite3_reset(set);
  }
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(get);
  sqlite3_finalize(set);
  return good;
}

/* Findings that several files gave are one; of a changed line it is told where another copy is whole, and a gap that
 * it explains isn't told again. */
static bool count_findings(struct merge *m, struct problem *problem) {
  struct merge_counts *c = &m->counts;
  int64_t changed;
  if (!merge_number(m, "SELECT count(*) FROM finding WHERE kind = 'tampered'", &changed, problem)) return false;
  if (changed &&
      !(mark_whole(m, problem) &&
        merge_exec(m,
                   "DELETE FROM finding WHERE kind = 'gap' AND EXISTS (SELECT 1 FROM finding t WHERE t.kind = 'tampered' AND "
                   "t.journal = finding.journal AND t.from_seq <= finding.from_seq AND t.to_seq >= finding.to_seq)",
                   problem)))
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

/* Journals in the order of their keys, whatever order they came in. */
static bool rank_journals(struct merge *m, struct problem *problem) {
  sqlite3_stmt *get = NULL;
  int64_t most;
  if (!merge_exec(m,
                  "UPDATE journal SET rank = (SELECT count(*) FROM journal o WHERE (o.key, o.journal) <= (journal.key,"
                  " journal.journal))",
                  problem) ||
      !merge_number(m, "SELECT count(*) FROM journal", &m->counts.journals, problem) ||
      !merge_number(m, "SELECT max(id) FROM journal", &most, problem))
    return false;
  m->rank = calloc((size_t)most + 1, sizeof *m->rank);
  if (!m->rank) return problem_set(problem, "内存不足。", "Out of memory.");
  bool good = merge_prepare(m, "SELECT id, rank FROM journal", &get, problem);
  int step = SQLITE_DONE;
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) m->rank[sqlite3_column_int64(get, 0)] = sqlite3_column_int64(get, 1);
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(get);
  return good;
}

bool merge_settle(struct merge *m, const struct merge_rules *rules, struct merge_counts *counts, struct problem *problem) {
  const bool good = (merge_rows_filled(&m->rows) || merge_full(problem)) && merge_boot_done(m, problem) &&
                    rank_journals(m, problem) && merge_strangers(m, rules, problem) && merge_clocks(m, problem) &&
                    merge_order(m, problem) && merge_known(m, rules, problem) && merge_amend(m, problem) &&
                    merge_refused(m, rules, problem) && merge_judge(m, rules, problem) && count_findings(m, problem);
  *counts = m->counts;
  return good;
}
