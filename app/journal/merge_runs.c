/* SPDX-License-Identifier: Apache-2.0
 * For receipts: which records, one behind the other, are all here and vouched for. They come in order of journal
 * and number; where there is a fork, several runs go on side by side.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "journal/merge_stage.h"
#include "journal/receipt.h"

enum { RUNS_MOST = 4096 }; /* side by side: more forks than that get no receipt */

struct run {
  int64_t rank, from_seq, to_seq;
  uint8_t before[JOURNAL_CHAIN], prior[JOURNAL_CHAIN], chain[JOURNAL_CHAIN]; /* prior: at the record before the last */
};

struct merge_runs {
  sqlite3_stmt *put;
  struct run *run; /* owned: those that may go on */
  size_t count;
};

static bool put(struct merge *m, const struct run *r, struct problem *problem) {
  sqlite3_stmt *s = m->runs->put;
  sqlite3_bind_int64(s, 1, r->rank);
  sqlite3_bind_int64(s, 2, r->from_seq);
  sqlite3_bind_blob(s, 3, r->before, JOURNAL_CHAIN, SQLITE_STATIC);
  sqlite3_bind_int64(s, 4, r->to_seq);
  sqlite3_bind_blob(s, 5, r->chain, JOURNAL_CHAIN, SQLITE_STATIC);
  bool good = sqlite3_step(s) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(s);
  return good;
}

bool merge_runs_begin(struct merge *m, struct problem *problem) {
  m->runs = calloc(1, sizeof *m->runs);
  if (!m->runs || !(m->runs->run = malloc(RUNS_MOST * sizeof *m->runs->run)))
    return problem_set(problem, "内存不足。", "Out of memory.");
  return merge_exec(m, "CREATE TABLE run (rank INTEGER, from_seq INTEGER, before BLOB, to_seq INTEGER, chain BLOB) STRICT;",
                    problem) &&
         merge_prepare(m, "INSERT INTO run VALUES (?1, ?2, ?3, ?4, ?5)", &m->runs->put, problem);
}

/* Those that nothing can follow any more are over. */
static bool end_runs(struct merge *m, int64_t rank, int64_t seq, struct problem *problem) {
  struct merge_runs *all = m->runs;
  size_t kept = 0;
  bool good = true;
  for (size_t i = 0; i < all->count; i++) {
    struct run *r = &all->run[i];
    if (r->rank == rank && r->to_seq >= seq - 1)
      all->run[kept++] = *r;
    else
      good = put(m, r, problem) && good;
  }
  all->count = kept;
  return good;
}

/* What both branches of a fork have in common is a run of its own: neither branch's end covers it for the other. */
static bool put_before_fork(struct merge *m, int64_t seq, const uint8_t *prev, struct problem *problem) {
  for (size_t i = 0; i < m->runs->count; i++) {
    struct run r = m->runs->run[i];
    if (r.to_seq != seq || r.from_seq == seq || memcmp(r.prior, prev, JOURNAL_CHAIN)) continue;
    r.to_seq--;
    memcpy(r.chain, r.prior, JOURNAL_CHAIN);
    return put(m, &r, problem);
  }
  return true;
}

bool merge_runs_add(struct merge *m, int64_t rank, int64_t seq, const uint8_t *prev, const uint8_t *chain,
                    struct problem *problem) {
  struct merge_runs *all = m->runs;
  if (!end_runs(m, rank, seq, problem)) return false;
  for (size_t i = 0; i < all->count; i++) {
    struct run *r = &all->run[i];
    if (r->to_seq != seq - 1 || memcmp(r->chain, prev, JOURNAL_CHAIN)) continue;
    r->to_seq = seq;
    memcpy(r->prior, r->chain, JOURNAL_CHAIN);
    memcpy(r->chain, chain, JOURNAL_CHAIN);
    return true;
  }
  if (!put_before_fork(m, seq, prev, problem)) return false;
  if (all->count == RUNS_MOST) return true;
  struct run *r = &all->run[all->count++];
  *r = (struct run){.rank = rank, .from_seq = seq, .to_seq = seq};
  memcpy(r->before, prev, JOURNAL_CHAIN);
  memcpy(r->chain, chain, JOURNAL_CHAIN);
  return true;
}

bool merge_runs_end(struct merge *m, struct problem *problem) { return end_runs(m, -1, 0, problem); }

void merge_runs_free(struct merge *m) {
  if (!m->runs) return;
  sqlite3_finalize(m->runs->put);
  free(m->runs->run);
  free(m->runs);
}

static void read_run(sqlite3_stmt *s, struct receipt *t) {
  *t = (struct receipt){.from_seq = sqlite3_column_int64(s, 3), .to_seq = sqlite3_column_int64(s, 5)};
  snprintf(t->kiosk, sizeof t->kiosk, "%s", (const char *)sqlite3_column_text(s, 0));
  memcpy(t->key, sqlite3_column_blob(s, 1), sizeof t->key);
  memcpy(t->journal, sqlite3_column_blob(s, 2), sizeof t->journal);
  memcpy(t->chain_before, sqlite3_column_blob(s, 4), JOURNAL_CHAIN);
  memcpy(t->chain, sqlite3_column_blob(s, 6), JOURNAL_CHAIN);
}

bool merge_receipt(struct merge *m, const char *path, struct problem *problem) {
  struct receipt_file file;
  struct receipt t;
  sqlite3_stmt *s = NULL;
  FILE *out = fopen(path, "we");
  if (!out) return problem_system(problem, errno, "无法写入", "can't write", path);
  bool written = receipt_begin(&file, out);
  bool good = merge_prepare(
      m,
      "SELECT DISTINCT j.kiosk, j.key, j.journal, r.from_seq, before, to_seq, chain FROM run r JOIN journal j ON j.rank "
      "= r.rank ORDER BY r.rank, r.from_seq, chain",
      &s, problem);
  int step = SQLITE_DONE;
  while (good && written && (step = sqlite3_step(s)) == SQLITE_ROW) {
    read_run(s, &t);
    written = receipt_put(&file, &t);
  }
  good = good && (step == SQLITE_DONE || !written || merge_failed(m, problem));
  written = receipt_end(&file) && written;
  sqlite3_finalize(s);
  if (fclose(out) || !written) good = good && problem_system(problem, errno, "无法写入", "can't write", path);
  return good;
}
