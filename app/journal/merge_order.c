/* SPDX-License-Identifier: Apache-2.0
 * What was staged, once each, in order of kiosk key, number and chain; told where records are missing, where
 * two follow one, and what no signature vouches for; each with its true time.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/merge_stage.h"

static bool add_evidence(struct merge *m, sqlite3_stmt *get, struct problem *problem) {
  int step;
  while ((step = sqlite3_step(get)) == SQLITE_ROW) {
    struct clock_boot *b = clocks_find(&m->clocks, sqlite3_column_int64(get, 0), (const char *)sqlite3_column_text(get, 1));
    int64_t mono = sqlite3_column_int64(get, 2), wall = sqlite3_column_int64(get, 3);
    assert(b); /* made of the same rows */
    if (!clock_add(b, mono, wall, sqlite3_column_int64(get, 4), sqlite3_column_int(get, 5)))
      return problem_set(problem, "内存不足。", "Out of memory.");
  }
  return step == SQLITE_DONE || merge_failed(m, problem);
}

static bool add_boots(struct merge *m, sqlite3_stmt *get, struct problem *problem) {
  int step;
  while ((step = sqlite3_step(get)) == SQLITE_ROW) {
    struct clock_boot *b = clocks_boot(&m->clocks, sqlite3_column_int64(get, 0), (const char *)sqlite3_column_text(get, 1));
    if (!b) return problem_set(problem, "内存不足。", "Out of memory.");
    b->first_seq = sqlite3_column_int64(get, 2);
    b->last_mono_ms = sqlite3_column_int64(get, 3);
    b->has_own = sqlite3_column_type(get, 4) != SQLITE_NULL;
    b->own_ms = sqlite3_column_int64(get, 4);
    b->has_floor = sqlite3_column_type(get, 5) != SQLITE_NULL;
    b->floor_ms = sqlite3_column_int64(get, 5);
  }
  return step == SQLITE_DONE || merge_failed(m, problem);
}

bool merge_clocks(struct merge *m, struct problem *problem) {
  sqlite3_stmt *boots = NULL, *evidence = NULL;
  bool good =
      merge_prepare(m,
                    "SELECT j.rank, boot, min(seq), max(mono), max(wall - mono), max(floor) FROM raw r JOIN journal j "
                    "ON j.id = r.journal WHERE boot IS NOT NULL AND mono IS NOT NULL GROUP BY j.rank, boot ORDER BY 1, 2",
                    &boots, problem) &&
      merge_prepare(m,
                    "SELECT DISTINCT j.rank, boot, mono, said, iif(u.ref IS NULL, evidence, -1), said IS wall FROM raw r JOIN "
                    "journal j ON "
                    "j.id = r.journal LEFT "
                    "JOIN (SELECT DISTINCT ref FROM raw WHERE kind = 1 AND ref IS NOT NULL) u ON u.ref = r.ident WHERE "
                    "evidence IS NOT NULL AND boot IS NOT NULL ORDER BY 1, 2, 3, 4, 5, 6",
                    &evidence, problem) &&
      add_boots(m, boots, problem) && add_evidence(m, evidence, problem);
  sqlite3_finalize(boots);
  sqlite3_finalize(evidence);
  if (good) clocks_settle(&m->clocks);
  return good;
}

/* --- in order --- */

struct row {
  int64_t raw, journal, rank, seq, kind;
  uint8_t chain[JOURNAL_CHAIN], prev[JOURNAL_CHAIN];
  bool proved, timed;
  const struct clock_boot *boot; /* NULL: not known */
  struct moment at;
};

struct chains { /* of the records of one number: more than one where there is a fork */
  int64_t seq;
  uint8_t (*at)[JOURNAL_CHAIN]; /* owned */
  size_t count, room;
};

struct ordering {
  struct merge *m;
  struct problem *problem;
  sqlite3_stmt *get, *keep;
  struct row row, last;
  struct chains before, here;
  struct clock_time time; /* of the last one */
  int64_t kept, unproved_from, unknown_from;
  uint8_t start[JOURNAL_CHAIN];
};

static void read_row(struct ordering *o) {
  sqlite3_stmt *s = o->get;
  struct row *r = &o->row;
  *r = (struct row){.raw = sqlite3_column_int64(s, 0),
                    .journal = sqlite3_column_int64(s, 1),
                    .rank = sqlite3_column_int64(s, 2),
                    .seq = sqlite3_column_int64(s, 3),
                    .kind = sqlite3_column_int64(s, 4),
                    .proved = sqlite3_column_int(s, 7) != 0,
                    .timed = sqlite3_column_type(s, 9) != SQLITE_NULL,
                    .at = {.mono_ms = sqlite3_column_int64(s, 9),
                           .wall_ms = sqlite3_column_int64(s, 10),
                           .wall_ok = sqlite3_column_int(s, 11) != 0}};
  memcpy(r->chain, sqlite3_column_blob(s, 5), JOURNAL_CHAIN);
  memcpy(r->prev, sqlite3_column_blob(s, 6), JOURNAL_CHAIN);
  const char *boot = (const char *)sqlite3_column_text(s, 8);
  if (!boot || !r->timed) return;
  bool same = o->last.boot && o->last.rank == r->rank && !strcmp(o->last.boot->boot, boot);
  r->boot = same ? o->last.boot : clocks_find(&o->m->clocks, r->rank, boot);
}

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

static bool find(struct ordering *o, const char *kind, const struct row *r, int64_t from, int64_t to, const char *note) {
  return merge_find(o->m, kind, r->journal, from, to, NULL, note, o->problem);
}

static bool begin_number(struct ordering *o, bool new_journal) {
  struct chains old = o->before;
  o->before = o->here;
  o->here = old;
  o->here.count = 0;
  o->here.seq = o->row.seq;
  if (new_journal) o->before.count = 0, o->before.seq = 0;
  return true;
}

/* Is what this one follows there? Only a changed line, or records that nobody brought, are missing. */
static bool check_link(struct ordering *o, bool new_journal) {
  const struct row *r = &o->row;
  bool first = r->seq == 1, next = o->before.seq == r->seq - 1;
  int64_t had = new_journal ? 0 : o->before.seq;
  if (first || (next && is_among(&o->before, r->prev))) return true;
  return find(o, "gap", r, had < r->seq - 1 ? had + 1 : r->seq - 1, r->seq - 1, "");
}

/* Two that follow one are a fork; what each of them leads to isn't one more. */
static bool check_fork(struct ordering *o) {
  const struct row *r = &o->row, *l = &o->last;
  bool same_number = o->here.count && l->rank == r->rank && l->seq == r->seq;
  return !same_number || memcmp(l->prev, r->prev, JOURNAL_CHAIN) || find(o, "fork", r, r->seq, r->seq, "");
}

static struct clock_time time_of(struct ordering *o, bool new_journal) {
  const struct row *r = &o->row;
  struct moment at = r->at;
  if (r->boot) return clock_of(r->boot, at);
  if (at.wall_ok) return (struct clock_time){at.wall_ms, MERGE_TRUST_MS};
  return (struct clock_time){new_journal || at.wall_ms ? at.wall_ms : o->time.wall_ms, -1};
}

/* Runs of records, told when they end. */
static bool runs(struct ordering *o, bool end) {
  const struct row *l = &o->last;
  bool broken = end || l->rank != o->row.rank, good = true;
  if (o->unproved_from && (broken || o->row.proved))
    good = find(o, "unsigned", l, o->unproved_from, l->seq, ""), o->unproved_from = 0;
  if (o->unknown_from && (broken || o->row.boot != l->boot))
    good = good && find(o, "clock", l, o->unknown_from, l->seq, ""), o->unknown_from = 0;
  if (end) return good;
  if (!o->row.proved && !o->unproved_from) o->unproved_from = o->row.seq;
  if (o->time.sure_ms < 0 && !o->unknown_from) o->unknown_from = o->row.seq;
  return good;
}

static bool keep(struct ordering *o) {
  sqlite3_stmt *s = o->keep;
  const struct row *r = &o->row;
  sqlite3_bind_int64(s, 1, r->raw);
  sqlite3_bind_int64(s, 2, r->rank);
  sqlite3_bind_int64(s, 3, r->seq);
  sqlite3_bind_int64(s, 4, r->kind);
  sqlite3_bind_int64(s, 5, o->time.wall_ms);
  if (o->time.sure_ms >= 0)
    sqlite3_bind_int64(s, 6, o->time.sure_ms);
  else
    sqlite3_bind_null(s, 6);
  bool good = sqlite3_step(s) == SQLITE_DONE || merge_failed(o->m, o->problem);
  sqlite3_reset(s);
  o->kept += good;
  return good;
}

static bool order_one(struct ordering *o) {
  read_row(o);
  bool new_journal = !o->kept || o->row.rank != o->last.rank;
  bool repeat = !new_journal && o->row.seq == o->last.seq && !memcmp(o->row.chain, o->last.chain, JOURNAL_CHAIN);
  if (repeat) return true;
  bool good = new_journal || o->row.seq != o->last.seq ? begin_number(o, new_journal) : check_fork(o);
  good = good && check_link(o, new_journal);
  o->time = time_of(o, new_journal);
  good = good && (!o->kept || runs(o, false)) && keep(o) &&
         (!o->row.proved || merge_runs_add(o->m, o->row.rank, o->row.seq, o->row.prev, o->row.chain, o->problem));
  if (o->kept == 1) o->unproved_from = o->row.proved ? 0 : o->row.seq, o->unknown_from = o->time.sure_ms < 0 ? o->row.seq : 0;
  remember(&o->here, o->row.chain);
  o->last = o->row;
  return good;
}

/* What comes before a record that is proved is proved, too: its chain says so. Rare: only where exports are damaged. */
static bool prove_more(struct merge *m, struct problem *problem) {
  int64_t doubtful;
  if (!merge_number(m, "SELECT count(*) FROM (SELECT 1 FROM raw WHERE NOT proved LIMIT 1)", &doubtful, problem)) return false;
  return !doubtful ||
         merge_exec(
             m,
             "CREATE INDEX raw_doubt ON raw (chain) WHERE NOT proved;"
             "WITH RECURSIVE good (chain) AS (SELECT prev FROM raw WHERE proved UNION SELECT prev FROM raw r JOIN good ON "
             "r.chain = good.chain WHERE NOT r.proved)"
             "UPDATE raw SET proved = 1 WHERE NOT proved AND chain IN (SELECT chain FROM good);"
             "UPDATE raw SET proved = 1 WHERE NOT proved AND chain IN (SELECT chain FROM raw WHERE proved);",
             problem);
}

static bool mark_enrolled(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  sqlite3_stmt *get = NULL, *set = NULL;
  if (!rules->enrolled) return true;
  bool good = merge_prepare(m, "SELECT id, key FROM journal", &get, problem) &&
              merge_prepare(m, "UPDATE journal SET enrolled = ?2 WHERE id = ?1", &set, problem);
  while (good && sqlite3_step(get) == SQLITE_ROW) {
    bool known = rules->enrolled(rules->self, sqlite3_column_blob(get, 1));
    int64_t id = sqlite3_column_int64(get, 0);
    sqlite3_bind_int64(set, 1, id);
    sqlite3_bind_int(set, 2, known);
    good = (sqlite3_step(set) == SQLITE_DONE || merge_failed(m, problem)) &&
           (known || merge_find(m, "unenrolled", id, 0, 0, NULL, "", problem));
    sqlite3_reset(set);
  }
  sqlite3_finalize(get);
  sqlite3_finalize(set);
  return good;
}

/* One name, two keys: a kiosk that was set up anew, or one that says it is another. */
static bool find_doubled_names(struct merge *m, struct problem *problem) {
  return merge_exec(
      m,
      "INSERT INTO finding SELECT 'name', id, 0, 0, NULL, '' FROM journal j WHERE EXISTS (SELECT 1 FROM journal o "
      "WHERE o.kiosk = j.kiosk AND o.id <> j.id)",
      problem);
}

bool merge_order(struct merge *m, const struct merge_rules *rules, struct problem *problem) {
  struct ordering o = {.m = m, .problem = problem};
  bool good =
      mark_enrolled(m, rules, problem) && find_doubled_names(m, problem) && prove_more(m, problem) &&
      merge_runs_begin(m, problem) &&
      merge_exec(m,
                 "CREATE TABLE kept (n INTEGER PRIMARY KEY, raw INTEGER NOT NULL, rank INTEGER NOT NULL, seq INTEGER NOT NULL,"
                 " kind INTEGER NOT NULL, time INTEGER NOT NULL, sure INTEGER) STRICT;",
                 problem) &&
      merge_prepare(m,
                    "SELECT r.id, r.journal, j.rank, seq, kind, chain, prev, proved, boot, mono, wall, ok FROM raw r JOIN "
                    "journal j ON j.id = r.journal ORDER BY j.rank, seq, chain, proved DESC",
                    &o.get, problem) &&
      merge_prepare(m, "INSERT INTO kept VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6)", &o.keep, problem);
  int step = SQLITE_DONE;
  while (good && (step = sqlite3_step(o.get)) == SQLITE_ROW) good = order_one(&o);
  good = good && (step == SQLITE_DONE || merge_failed(m, problem)) && (!o.kept || runs(&o, true)) && merge_runs_end(m, problem);
  m->counts.records = o.kept;
  m->counts.repeats -= o.kept;
  sqlite3_finalize(o.get);
  sqlite3_finalize(o.keep);
  free(o.before.at);
  free(o.here.at);
  return good;
}
