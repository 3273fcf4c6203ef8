/* SPDX-License-Identifier: Apache-2.0
 * Pushes into PostgreSQL. A batch of which nothing can be there yet, as almost all are, is copied where it belongs. Else, and
 * where another process was quicker, it is copied into a temporary table and goes on from there with ON CONFLICT DO NOTHING.
 * Either way it is one transaction.
 *
 * A few transactions at a time, each with all pushes that wait when it begins: what a transaction costs, its turns of the
 * network and its wait for the disk, is shared by them. The thread of one that waits does it for the others. Batches of
 * which something is there, and all of them where the common transaction failed, go alone: none fails for another one's sake.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tools/hub/store_postgres_inner.h"

enum { LANES = 3, GROUP_MOST = 16 };

static const char copy_new[] = "BEGIN; COPY record (" POSTGRES_COLUMNS ") FROM STDIN (FORMAT binary)",
                  copy_staged[] = "BEGIN; COPY staging (" POSTGRES_COLUMNS ") FROM STDIN (FORMAT binary)";

struct push {
  const struct store_batch *batch;
  int64_t n;     /* the batch's number among its kiosk's */
  uint8_t *copy; /* owned: its records as COPY takes them, without its ends */
  size_t len;
  bool staged; /* some of it may be there already */
  int64_t added;
  enum store_result result; /* STORE_FAILED until it is known better */
  bool done;                /* and this is the last word; under the store's lock */
  struct push *next;        /* the one that came after it; under the lock, too */
};

struct group {
  struct push *push[GROUP_MOST];
  int count;
};

static bool write_copy(struct push *p) {
  const struct store_batch *b = p->batch;
  size_t room = 1;
  for (int i = 0; i < b->count; i++)
    room += PG_COPY_ROW + 8 * PG_COPY_FIELD + 2 * 8 + 2 * JOURNAL_CHAIN + 2 * ID_MAX + 1 + b->record[i].len;
  uint8_t *out = p->copy = malloc(room);
  if (!out) return false;
  for (int i = 0; i < b->count; i++) {
    const struct store_record *r = &b->record[i];
    out = pg_copy_row(out, 8);
    out = pg_copy_field(out, b->kiosk->name, strlen(b->kiosk->name));
    out = pg_copy_number(out, r->seq);
    out = pg_copy_field(out, r->chain, JOURNAL_CHAIN);
    out = pg_copy_field(out, r->before, JOURNAL_CHAIN);
    out = pg_copy_number(out, p->n);
    out = pg_copy_field(out, r->event, strlen(r->event));
    out = pg_copy_field(out, &(const uint8_t){r->shared}, 1);
    out = pg_copy_field(out, r->line, r->len);
  }
  p->len = (size_t)(out - p->copy);
  return true;
}

/* Nothing is ever taken away, so this may be asked before the transaction. */
static bool ask_known(struct pg_conn *conn, const struct group *g) {
  struct pg_step steps[GROUP_MOST];
  PGresult *rows[GROUP_MOST];
  for (int i = 0; i < g->count; i++) {
    const struct store_batch *b = g->push[i]->batch;
    steps[i] = (struct pg_step){.statement = KNOWS};
    pg_word(&steps[i].args, b->kiosk->name);
    pg_number(&steps[i].args, b->from_seq - 1);
    pg_bytes(&steps[i].args, b->before, JOURNAL_CHAIN);
  }
  const bool good = pg_ask(conn, steps, g->count, rows);
  for (int i = 0; i < g->count; i++) {
    struct push *p = g->push[i];
    if (good) p->staged = PQgetvalue(rows[i], 0, 1)[0];
    if (good && !p->batch->from_start && !PQgetvalue(rows[i], 0, 0)[0]) p->result = STORE_NONE;
    PQclear(rows[i]);
  }
  return good;
}

/* Those that go in together: of each kiosk one, and nothing that may be there, unless it is alone. */
static void choose(const struct group *all, struct group *out) {
  out->count = 0;
  for (int i = 0; i < all->count; i++) {
    struct push *p = all->push[i];
    const struct push *last = out->count ? out->push[out->count - 1] : NULL;
    if (p->result == STORE_NONE || (p->staged && all->count > 1)) continue;
    if (!last || strcmp(last->batch->kiosk->name, p->batch->kiosk->name) != 0) out->push[out->count++] = p;
  }
}

static bool copy(struct pg_conn *conn, const struct group *g) {
  uint8_t head[PG_COPY_HEAD], tail[PG_COPY_TAIL];
  struct pg_piece pieces[GROUP_MOST + 2] = {{head, sizeof head}};
  pg_copy_begin(head);
  pg_copy_end(tail);
  for (int i = 0; i < g->count; i++) pieces[i + 1] = (struct pg_piece){g->push[i]->copy, g->push[i]->len};
  pieces[g->count + 1] = (struct pg_piece){tail, sizeof tail};
  return pg_copy(conn, g->push[0]->staged ? copy_staged : copy_new, pieces, g->count + 2);
}

static bool add_staged(struct pg_conn *conn, struct push *p) {
  PGresult *result = pg_run(conn, ADD_STAGED, NULL);
  if (result) p->added = postgres_changed(result);
  PQclear(result);
  return result != NULL;
}

static void step_batch(const struct push *p, struct pg_step *step) {
  const struct store_batch *b = p->batch;
  *step = (struct pg_step){.statement = ADD_BATCH};
  pg_word(&step->args, b->kiosk->name);
  pg_number(&step->args, p->n);
  pg_bytes(&step->args, b->header, b->header_len);
  pg_bytes(&step->args, b->end, b->end_len);
}

static void step_arrive(const struct push *p, const char *event, struct pg_step *step) {
  const struct store_batch *b = p->batch;
  *step = (struct pg_step){.statement = ARRIVE};
  pg_word(&step->args, event);
  pg_word(&step->args, b->kiosk->name);
  pg_number(&step->args, p->n);
  pg_number(&step->args, b->from_seq);
  pg_number(&step->args, b->from_seq + b->count - 1);
}

static void step_pushed(const struct push *p, struct pg_step *step) {
  const struct store_batch *b = p->batch;
  *step = (struct pg_step){.statement = PUSHED};
  pg_word(&step->args, b->kiosk->name);
  pg_number(&step->args, p->added);
  pg_number(&step->args, b->from_seq + b->count - 1);
  pg_number(&step->args, b->at_ms);
}

/* The first of its event that others are to hear of: `arrival` has a row for each such event. */
static bool is_first_told(const struct store_batch *b, int at) {
  if (!b->record[at].shared) return false;
  for (int i = 0; i < at; i++)
    if (b->record[i].shared && !strcmp(b->record[i].event, b->record[at].event)) return false;
  return true;
}

/* What a push leaves beside its records: `steps` NULL only counts. */
static int steps_of(const struct push *p, struct pg_step *steps) {
  const struct store_batch *b = p->batch;
  int n = 0;
  if (p->added == 0) return 0;
  if (steps) step_batch(p, &steps[n]);
  n++;
  for (int i = 0; i < b->count; i++) {
    if (!is_first_told(b, i)) continue;
    if (steps) step_arrive(p, b->record[i].event, &steps[n]);
    n++;
  }
  return n;
}

static bool finish(struct pg_conn *conn, const struct group *g) {
  size_t most = (size_t)g->count;
  int n = 0;
  for (int i = 0; i < g->count; i++) most += (size_t)steps_of(g->push[i], NULL);
  struct pg_step *steps = calloc(most, sizeof *steps);
  if (!steps) return false;
  for (int i = 0; i < g->count; i++) n += steps_of(g->push[i], &steps[n]);
  for (int i = 0; i < g->count; i++)
    step_pushed(g->push[i], &steps[n++]); /* last: who holds a kiosk's row holds all of it back */
  const bool good = pg_commit(conn, steps, n);
  free(steps);
  return good;
}

static enum store_result try_group(struct pg_conn *conn, void *call) {
  struct group *all = call, g;
  if (!ask_known(conn, all)) return STORE_FAILED;
  choose(all, &g);
  if (g.count == 0) return STORE_DONE;
  for (int i = 0; i < g.count; i++) g.push[i]->added = g.push[i]->batch->count;
  if (!copy(conn, &g)) {
    conn->again = conn->again || conn->unique; /* another process was quicker: next time it is staged */
    return STORE_FAILED;
  }
  if ((g.push[0]->staged && !add_staged(conn, g.push[0])) || !finish(conn, &g)) return STORE_FAILED;
  for (int i = 0; i < g.count; i++) g.push[i]->result = STORE_DONE;
  return STORE_DONE;
}

static int by_kiosk(const void *a, const void *b) {
  const struct push *const *x = a, *const *y = b;
  return strcmp((*x)->batch->kiosk->name, (*y)->batch->kiosk->name);
}

/* In the order of the kiosks' names, so that nobody waits for somebody who waits for them. */
static void settle(struct postgres *s, struct group *g) {
  qsort(g->push, (size_t)g->count, sizeof *g->push, by_kiosk);
  postgres_run(s, try_group, g);
  for (int i = 0; g->count > 1 && i < g->count; i++)
    if (g->push[i]->result == STORE_FAILED) postgres_run(s, try_group, &(struct group){{g->push[i]}, 1});
}

/* Under the lock, which is given back while they are at work. */
static void lead(struct postgres *s) {
  struct group g = {.count = 0};
  for (; s->first && g.count < GROUP_MOST; s->first = s->first->next) g.push[g.count++] = s->first;
  if (!s->first) s->last = NULL;
  s->lanes++;
  pthread_mutex_unlock(&s->lock);
  settle(s, &g);
  pthread_mutex_lock(&s->lock);
  s->lanes--;
  for (int i = 0; i < g.count; i++) g.push[i]->done = true;
  pthread_cond_broadcast(&s->settled);
}

static void wait_in_line(struct postgres *s, struct push *p) {
  pthread_mutex_lock(&s->lock);
  if (s->last)
    s->last->next = p;
  else
    s->first = p;
  s->last = p;
  while (!p->done)
    if (s->first && s->lanes < LANES)
      lead(s);
    else
      pthread_cond_wait(&s->settled, &s->lock);
  pthread_mutex_unlock(&s->lock);
}

/* Batches are given out again in the order of their records, whatever the clock said. */
static int64_t number_of(const struct store_batch *batch) {
  return (int64_t)((uint64_t)batch->from_seq << 20 & INT64_MAX) + randombytes_uniform(1 << 20);
}

enum store_result postgres_append(void *self, const struct store_batch *batch, int64_t *added) {
  struct push p = {.batch = batch, .n = number_of(batch), .result = STORE_FAILED};
  if (write_copy(&p)) wait_in_line(self, &p);
  free(p.copy);
  *added = p.added;
  return p.result;
}
