/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merge_clock.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b) {
  const struct clock_boot *x = a, *y = b;
  if (x->journal != y->journal) return x->journal < y->journal ? -1 : 1;
  return strcmp(x->boot, y->boot);
}

static int by_first(const void *a, const void *b) {
  const struct clock_boot *x = *(struct clock_boot *const *)a, *y = *(struct clock_boot *const *)b;
  if (x->journal != y->journal) return x->journal < y->journal ? -1 : 1;
  if (x->first_seq != y->first_seq) return x->first_seq < y->first_seq ? -1 : 1;
  return strcmp(x->boot, y->boot);
}

struct clock_boot *clocks_boot(struct clocks *c, int64_t journal, const char *boot) {
  if (c->count == c->room) {
    size_t room = c->room ? 2 * c->room : 64;
    struct clock_boot *more = realloc(c->boot, room * sizeof *more);
    if (!more) return NULL;
    c->boot = more, c->room = room;
  }
  struct clock_boot *b = &c->boot[c->count];
  *b = (struct clock_boot){.journal = journal, .first_seq = INT64_MAX};
  snprintf(b->boot, sizeof b->boot, "%s", boot);
  assert(c->count == 0 || by_name(b - 1, b) < 0);
  c->count++;
  return b;
}

bool clock_add(struct clock_boot *b, int64_t mono_ms, int64_t wall_ms, int64_t error_ms, bool sets) {
  if (b->count == b->room) {
    int32_t room = b->room ? 2 * b->room : 4;
    struct clock_evidence *more = realloc(b->evidence, (size_t)room * sizeof *more);
    if (!more) return false;
    b->evidence = more, b->room = room;
  }
  b->evidence[b->count++] = (struct clock_evidence){.mono_ms = mono_ms, .wall_ms = wall_ms, .error_ms = error_ms, .sets = sets};
  return true;
}

static int by_mono(const void *a, const void *b) {
  const struct clock_evidence *x = a, *y = b;
  if (x->mono_ms != y->mono_ms) return x->mono_ms < y->mono_ms ? -1 : 1;
  if (x->error_ms != y->error_ms) return x->error_ms < y->error_ms ? -1 : 1;
  return (x->wall_ms > y->wall_ms) - (x->wall_ms < y->wall_ms);
}

static int64_t doubt(const struct clock_evidence *e, int64_t mono_ms) {
  int64_t far = mono_ms > e->mono_ms ? mono_ms - e->mono_ms : e->mono_ms - mono_ms;
  return e->error_ms + far / MERGE_DRIFT;
}

static int32_t better(const struct clock_evidence *e, int32_t so_far, int32_t i) {
  if (e[i].error_ms == CLOCK_TAKEN_BACK) return so_far;
  return so_far >= 0 && doubt(&e[so_far], e[i].mono_ms) <= e[i].error_ms ? so_far : i;
}

/* Which of two is better stays so in one direction of time: so one pass each way finds the best for all moments. */
static void order_evidence(struct clock_boot *b) {
  struct clock_evidence *e = b->evidence;
  int32_t best = -1;
  if (!b->count) return;
  qsort(e, (size_t)b->count, sizeof *e, by_mono);
  for (int32_t i = 0, so_far = -1; i < b->count; i++) e[i].before = so_far = better(e, so_far, i);
  for (int32_t i = 0, set_by = -1; i < b->count; i++) e[i].set_by = set_by = e[i].sets ? i : set_by;
  for (int32_t i = b->count, so_far = -1; i-- > 0;) e[i].after = so_far = better(e, so_far, i);
  for (int32_t i = 0; i < b->count; i++)
    if (e[i].error_ms != CLOCK_TAKEN_BACK && (best < 0 || e[i].error_ms < e[best].error_ms)) best = i;
  if (best < 0) return;
  b->anchored = true;
  b->offset_ms = e[best].wall_ms - e[best].mono_ms;
  b->sure_ms = e[best].error_ms;
}

static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

/* Between its neighbours: it began after the one before it ended, and ended before the one behind it began. A boot
 * lasted at least as long as its monotonic clock says. */
static void bound(struct clock_boot *b, bool has_low, int64_t low, bool has_high, int64_t high) {
  if (b->has_floor && (!has_low || b->floor_ms > low)) has_low = true, low = b->floor_ms;
  if (has_low && has_high && high < low) has_high = false; /* they contradict: a wrong order is no evidence */
  b->offset_ms = b->has_own ? b->own_ms : has_low ? low : has_high ? high : 0;
  if (has_low && b->offset_ms < low) b->offset_ms = low;
  if (has_high && !has_low && b->offset_ms < high - day_ms) b->offset_ms = high; /* 1970 is no guess */
  if (has_high && b->offset_ms > high) b->offset_ms = high;
  b->bounded = has_low && has_high;
  int64_t above = high - b->offset_ms, below = b->offset_ms - low;
  b->sure_ms = !b->bounded ? -1 : above > below ? above : below;
}

static void bound_all(struct clock_boot **b, size_t count) {
  bool has_low = false;
  int64_t low = 0;
  for (size_t i = 0; i < count; i++) {
    if (i && b[i]->journal != b[i - 1]->journal) has_low = false;
    if (b[i]->anchored) {
      has_low = true, low = b[i]->offset_ms + b[i]->last_mono_ms;
      continue;
    }
    int64_t lasted = 0;
    size_t k = i;
    while (k < count && b[k]->journal == b[i]->journal && !b[k]->anchored) lasted += b[k++]->last_mono_ms;
    bool has_high = k < count && b[k]->journal == b[i]->journal;
    bound(b[i], has_low, low, has_high, has_high ? b[k]->offset_ms - lasted : 0);
    low += b[i]->last_mono_ms;
  }
}

void clocks_settle(struct clocks *c) {
  if (!c->count) return;
  struct clock_boot **order = malloc(c->count * sizeof(struct clock_boot *));
  if (!order) abort();
  for (size_t i = 0; i < c->count; i++) order_evidence(order[i] = &c->boot[i]);
  qsort(order, c->count, sizeof(struct clock_boot *), by_first);
  bound_all(order, c->count);
  free(order);
}

struct clock_boot *clocks_find(const struct clocks *c, int64_t journal, const char *boot) {
  struct clock_boot wanted = {.journal = journal};
  if (!c->count) return NULL;
  snprintf(wanted.boot, sizeof wanted.boot, "%s", boot);
  return bsearch(&wanted, c->boot, c->count, sizeof *c->boot, by_name);
}

/* The last one at or before that moment; -1: none. */
static int32_t last_before(const struct clock_boot *b, int64_t mono_ms) {
  int32_t low = 0, high = b->count;
  while (low < high) {
    int32_t middle = low + (high - low) / 2;
    if (b->evidence[middle].mono_ms <= mono_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low - 1;
}

static const struct clock_evidence *one_of(const struct clock_boot *b, int32_t at) { return at < 0 ? NULL : &b->evidence[at]; }

struct clock_time clock_of(const struct clock_boot *b, struct moment at) {
  int32_t i = b->count ? last_before(b, at.mono_ms) : -1;
  const struct clock_evidence *set_by = i >= 0 ? one_of(b, b->evidence[i].set_by) : NULL; /* of a trusted clock */
  int64_t own = set_by ? set_by->error_ms : MERGE_TRUST_MS;
  struct clock_time best = {b->offset_ms + at.mono_ms, b->sure_ms};
  const struct clock_evidence *before = i >= 0 ? one_of(b, b->evidence[i].before) : NULL;
  const struct clock_evidence *after = i + 1 < b->count ? one_of(b, b->evidence[i + 1].after) : NULL;
  bool later = after && (!before || doubt(after, at.mono_ms) < doubt(before, at.mono_ms));
  const struct clock_evidence *e = later ? after : before;
  if (e) best = (struct clock_time){e->wall_ms + (at.mono_ms - e->mono_ms), doubt(e, at.mono_ms)};
  if (at.wall_ok && own != CLOCK_TAKEN_BACK && (best.sure_ms < 0 || own <= best.sure_ms))
    best = (struct clock_time){at.wall_ms, own};
  return best;
}

/* Seconds that an unknown source of a kind is out at most. An operator says minutes. */
static const struct {
  const char *name;
  enum clock_source source;
  int64_t error_ms;
} sources[] = {
    {"ntp", CLOCK_EVIDENCE, 1000},       {"hub-tls", CLOCK_EVIDENCE, 5000}, {"hub", CLOCK_EVIDENCE, 5000},
    {"operator", CLOCK_EVIDENCE, 60000}, {"recording", CLOCK_EVIDENCE, 0},  {"floor", CLOCK_FLOOR, 0},
};

enum clock_source clock_note(const char *note, int64_t *error_ms) {
  const char *at = strstr(note, "source="), *error = strstr(note, "error_ms=");
  *error_ms = MERGE_TRUST_MS;
  if (!at) return CLOCK_NONE;
  at += strlen("source=");
  size_t n = strcspn(at, " ,;");
  enum clock_source source = CLOCK_EVIDENCE;
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    if (strlen(sources[i].name) == n && !strncmp(at, sources[i].name, n))
      source = sources[i].source, *error_ms = sources[i].error_ms;
  if (!error) return source;
  long long given = strtoll(error + strlen("error_ms="), NULL, 10);
  if (given >= 0 && given <= INT64_C(1) << 40) *error_ms = given;
  return source;
}

void clocks_free(struct clocks *c) {
  for (size_t i = 0; i < c->count; i++) free(c->boot[i].evidence);
  free(c->boot);
  *c = (struct clocks){.count = 0};
}
