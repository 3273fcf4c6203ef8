/* SPDX-License-Identifier: Apache-2.0
 * What was staged, once each, in order of kiosk key, number and chain; told where records are missing, where
 * two follow one, and what no signature vouches for; each with its true time.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "journal/merge_stage.h"

static int64_t known(int64_t value) { return value == INT64_MIN ? 0 : value; }

static bool add_boots(struct merge *m, sqlite3_stmt *get, struct problem *problem) {
  int step;
  while ((step = sqlite3_step(get)) == SQLITE_ROW) {
    m->clock_of[sqlite3_column_int64(get, 0)] = m->clocks.count;
    struct clock_boot *b = clocks_boot(&m->clocks, sqlite3_column_int64(get, 1), (const char *)sqlite3_column_text(get, 2));
    if (!b) return problem_set(problem, "内存不足。", "Out of memory.");
    const int64_t own = sqlite3_column_int64(get, 5), floor = sqlite3_column_int64(get, 6);
    b->first_seq = sqlite3_column_int64(get, 3);
    b->last_mono_ms = sqlite3_column_int64(get, 4);
    b->has_own = own != INT64_MIN, b->own_ms = known(own);
    b->has_floor = floor != INT64_MIN, b->floor_ms = known(floor);
  }
  return step == SQLITE_DONE || merge_failed(m, problem);
}

static bool add_evidence(struct merge *m, sqlite3_stmt *get, struct problem *problem) {
  int step;
  while ((step = sqlite3_step(get)) == SQLITE_ROW) {
    struct clock_boot *b = &m->clocks.boot[m->clock_of[sqlite3_column_int64(get, 0)]];
    int64_t mono = sqlite3_column_int64(get, 1), wall = sqlite3_column_int64(get, 2);
    if (!clock_add(b, mono, wall, sqlite3_column_int64(get, 3), sqlite3_column_int(get, 4)))
      return problem_set(problem, "内存不足。", "Out of memory.");
  }
  return step == SQLITE_DONE || merge_failed(m, problem);
}

bool merge_clocks(struct merge *m, struct problem *problem) {
  sqlite3_stmt *boots = NULL, *evidence = NULL;
  int64_t most;
  if (!merge_number(m, "SELECT max(id) FROM boot", &most, problem)) return false;
  m->clock_of = calloc((size_t)most + 1, sizeof *m->clock_of);
  if (!m->clock_of) return problem_set(problem, "内存不足。", "Out of memory.");
  bool good = merge_prepare(m,
                            "SELECT b.id, j.rank, name, first_seq, last_mono, own, floor FROM boot b JOIN journal j ON j.id = "
                            "b.journal ORDER BY j.rank, name",
                            &boots, problem) &&
              merge_prepare(m,
                            "SELECT DISTINCT boot, mono, said, iif(u.ref IS NULL, error, -1), sets FROM evidence LEFT JOIN "
                            "(SELECT DISTINCT ref FROM amend WHERE kind = 1) u ON u.ref = ident ORDER BY 1, 2, 3, 4, 5",
                            &evidence, problem) &&
              add_boots(m, boots, problem) && add_evidence(m, evidence, problem);
  sqlite3_finalize(boots);
  sqlite3_finalize(evidence);
  if (good) clocks_settle(&m->clocks);
  return good;
}

/* --- in order --- */

struct chains { /* of the records of one number: more than one where there is a fork */
  int64_t seq;
  uint8_t (*at)[JOURNAL_CHAIN]; /* owned */
  size_t count, room;
};

struct ordering {
  struct merge *m;
  struct problem *problem;
  struct merge_row *row, *last; /* the row in hand, and the one kept before it; NULL: none */
  const uint8_t *prev, *last_prev;
  struct chains before, here;
  uint32_t kept;
  int64_t unproved_from, unknown_from;
};

static int64_t rank_of(const struct ordering *o, const struct merge_row *row) { return o->m->rank[row->journal]; }

static bool is_proved(const struct merge_row *row) { return row->flags & MERGE_PROVED; }

static void remember(struct chains *c, const uint8_t chain[JOURNAL_CHAIN]) {
  if (c->count == c->room) {
    c->room = c->room ? 2 * c->room : 4;
    c->at = realloc(c->at, c->room * sizeof *c->at);
    if (!c->at) abort();
  }
  memcpy(c->at[c->count++], chain, JOURNAL_CHAIN);
}

static bool is_among(const struct chains *c, const uint8_t chain[JOURNAL_CHAIN]) {
  for (size_t i = 0; i < c->count; i++)
    if (!memcmp(c->at[i], chain, JOURNAL_CHAIN)) return true;
  return false;
}

static bool find(struct ordering *o, const char *kind, const struct merge_row *r, int64_t from, int64_t to, const char *note) {
  return merge_find(o->m, kind, r->journal, from, to, NULL, note, o->problem);
}

static void begin_number(struct ordering *o, bool new_journal) {
  struct chains old = o->before;
  o->before = o->here;
  o->here = old;
  o->here.count = 0;
  o->here.seq = o->row->seq;
  if (new_journal) o->before.count = 0, o->before.seq = 0;
}

/* Is what this one follows there? Only a changed line, or records that nobody brought, are missing. */
static bool check_link(struct ordering *o, bool new_journal) {
  const struct merge_row *r = o->row;
  bool first = r->seq == 1, next = o->before.seq == r->seq - 1;
  int64_t had = new_journal ? 0 : o->before.seq;
  if (first || (next && is_among(&o->before, o->prev))) return true;
  return find(o, "gap", r, had < r->seq - 1 ? had + 1 : r->seq - 1, r->seq - 1, "");
}

/* Two that follow one are a fork; what each of them leads to isn't one more. */
static bool check_fork(struct ordering *o) {
  const struct merge_row *r = o->row;
  return memcmp(o->last_prev, o->prev, JOURNAL_CHAIN) != 0 || find(o, "fork", r, r->seq, r->seq, "");
}

static struct clock_time time_of(const struct ordering *o, bool new_journal) {
  const struct merge_row *r = o->row;
  const struct moment at = {.mono_ms = r->mono, .wall_ms = r->wall, .wall_ok = (r->flags & MERGE_CLOCK_OK) != 0};
  if (r->boot) return clock_of(&o->m->clocks.boot[o->m->clock_of[r->boot]], at);
  if (at.wall_ok) return (struct clock_time){at.wall_ms, MERGE_TRUST_MS};
  return (struct clock_time){new_journal || at.wall_ms ? at.wall_ms : o->last->time, -1};
}

/* Runs of records, told when they end. */
static bool runs(struct ordering *o, bool end) {
  const struct merge_row *l = o->last, *r = o->row;
  bool broken = end || l->journal != r->journal, good = true;
  if (o->unproved_from && (broken || is_proved(r)))
    good = find(o, "unsigned", l, o->unproved_from, l->seq, ""), o->unproved_from = 0;
  if (o->unknown_from && (broken || r->boot != l->boot))
    good = good && find(o, "clock", l, o->unknown_from, l->seq, ""), o->unknown_from = 0;
  return good;
}

static bool keep(struct ordering *o, uint32_t raw) {
  uint32_t *order = spill_add(&o->m->order, sizeof *order);
  if (!order) return merge_full(o->problem);
  *order = raw;
  o->kept++;
  return true;
}

static bool order_one(struct ordering *o, uint32_t raw) {
  struct merge_row *r = merge_row(&o->m->rows, raw), *l = o->last;
  const bool new_journal = !l || r->journal != l->journal;
  if (!new_journal && r->seq == l->seq && !memcmp(r->chain, l->chain, JOURNAL_CHAIN)) return true; /* a repeat */
  o->row = r, o->prev = merge_prev(&o->m->rows, raw);
  bool good = true;
  if (new_journal || r->seq != l->seq)
    begin_number(o, new_journal);
  else
    good = check_fork(o);
  good = good && check_link(o, new_journal);
  const struct clock_time time = time_of(o, new_journal);
  r->time = time.wall_ms, r->sure = time.sure_ms;
  good = good && (!l || runs(o, false)) && keep(o, raw) &&
         (!is_proved(r) || merge_runs_add(o->m, rank_of(o, r), r->seq, o->prev, r->chain, o->problem));
  if (!is_proved(r) && !o->unproved_from) o->unproved_from = r->seq;
  if (r->sure < 0 && !o->unknown_from) o->unknown_from = r->seq;
  remember(&o->here, r->chain);
  o->last = r, o->last_prev = o->prev;
  return good;
}

/* --- what is proved by what comes behind --- */

struct doubt { /* rows that no signature vouches for, by their chains */
  const struct merge_rows *rows;
  uint32_t *row; /* owned */
  size_t count;
};

static int by_chain(const void *a, const void *b, void *rows) {
  return memcmp(merge_row(rows, *(const uint32_t *)a)->chain, merge_row(rows, *(const uint32_t *)b)->chain, JOURNAL_CHAIN);
}

/* All that have this chain; the chain before them, or NULL: there were none, or they are proved already. */
static const uint8_t *prove(const struct doubt *d, const uint8_t chain[JOURNAL_CHAIN]) {
  size_t low = 0, high = d->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (memcmp(merge_row(d->rows, d->row[middle])->chain, chain, JOURNAL_CHAIN) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  const uint8_t *before = NULL;
  for (; low < d->count; low++) {
    struct merge_row *row = merge_row(d->rows, d->row[low]);
    if (memcmp(row->chain, chain, JOURNAL_CHAIN) != 0) break;
    if (!is_proved(row)) before = merge_prev(d->rows, d->row[low]);
    row->flags |= MERGE_PROVED;
  }
  return before;
}

/* What comes before a record that is proved is proved, too: its chain says so. Rare: only where exports are damaged. */
static bool prove_more(struct merge *m, struct problem *problem) {
  struct doubt d = {.rows = &m->rows};
  const uint32_t count = merge_rows_count(&m->rows);
  for (uint32_t i = 0; i < count; i++) d.count += !is_proved(merge_row(&m->rows, i));
  if (!d.count) return true;
  d.row = malloc(d.count * sizeof *d.row);
  if (!d.row) return problem_set(problem, "内存不足。", "Out of memory.");
  size_t n = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!is_proved(merge_row(&m->rows, i))) d.row[n++] = i;
  qsort_r(d.row, d.count, sizeof *d.row, by_chain, &m->rows);
  for (uint32_t i = 0; i < count; i++) {
    if (!is_proved(merge_row(&m->rows, i))) continue;
    prove(&d, merge_row(&m->rows, i)->chain);
    for (const uint8_t *chain = merge_prev(&m->rows, i); chain;) chain = prove(&d, chain);
  }
  free(d.row);
  return true;
}

/* One name, two keys: a kiosk that was set up anew, or one that says it is another. */
static bool find_doubled_names(struct merge *m, struct problem *problem) {
  return merge_exec(
      m,
      "INSERT INTO finding SELECT 'name', id, 0, 0, NULL, '' FROM journal j WHERE EXISTS (SELECT 1 FROM journal o "
      "WHERE o.kiosk = j.kiosk AND o.id <> j.id)",
      problem);
}

/* --- the order --- */

static int64_t sign(int64_t a, int64_t b) { return (a > b) - (a < b); }

static int by_place(const void *a, const void *b, void *merge) {
  const struct merge *m = merge;
  const struct merge_row *x = merge_row(&m->rows, *(const uint32_t *)a), *y = merge_row(&m->rows, *(const uint32_t *)b);
  int64_t order = sign(m->rank[x->journal], m->rank[y->journal]);
  if (!order) order = sign(x->seq, y->seq);
  if (!order) order = memcmp(x->chain, y->chain, JOURNAL_CHAIN);
  return order ? (int)order : (int)is_proved(y) - (int)is_proved(x);
}

static int64_t true_time(const void *merge, uint32_t at) { return merge_kept(merge, at)->time; }

/* The rows by their indices, sorted; the caller's to free. */
static uint32_t *sort_rows(struct merge *m, uint32_t count) {
  uint32_t *all = malloc(((size_t)count + 1) * sizeof *all);
  for (uint32_t i = 0; all && i < count; i++) all[i] = i;
  if (all) qsort_r(all, count, sizeof *all, by_place, m);
  return all;
}

static bool sort_by_time(struct merge *m, struct problem *problem) {
  uint32_t *all = m->kept ? spill_add(&m->by_time, m->kept * sizeof *all) : NULL;
  if (m->kept && !all) return merge_full(problem);
  for (uint32_t i = 0; i < m->kept; i++) all[i] = i;
  return order_by(all, m->kept, true_time, m) || problem_set(problem, "内存不足。", "Out of memory.");
}

static bool order_rows(struct ordering *o) {
  struct merge *m = o->m;
  const uint32_t count = merge_rows_count(&m->rows);
  uint32_t *all = sort_rows(m, count);
  if (!all) return problem_set(o->problem, "内存不足。", "Out of memory.");
  bool good = true;
  for (uint32_t i = 0; good && i < count; i++) good = order_one(o, all[i]);
  free(all);
  free(o->before.at);
  free(o->here.at);
  m->kept = o->kept;
  return good && (!o->last || runs(o, true)) && sort_by_time(m, o->problem);
}

static bool count_records(struct merge *m, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  bool good = merge_prepare(m, "UPDATE journal SET records = ?2 WHERE id = ?1", &s, problem);
  for (uint32_t i = 0, from = 0; good && i < m->kept; i++) {
    const uint32_t journal = merge_kept(m, i)->journal;
    if (i + 1 < m->kept && merge_kept(m, i + 1)->journal == journal) continue;
    sqlite3_bind_int64(s, 1, journal);
    sqlite3_bind_int64(s, 2, i + 1 - from);
    good = sqlite3_step(s) == SQLITE_DONE || merge_failed(m, problem);
    sqlite3_reset(s);
    from = i + 1;
  }
  sqlite3_finalize(s);
  return good;
}

bool merge_order(struct merge *m, struct problem *problem) {
  struct ordering o = {.m = m, .problem = problem};
  const bool good = find_doubled_names(m, problem) && prove_more(m, problem) && merge_runs_begin(m, problem) &&
                    order_rows(&o) && merge_runs_end(m, problem) && count_records(m, problem);
  m->counts.records = m->kept;
  m->counts.repeats -= m->kept;
  return good;
}
