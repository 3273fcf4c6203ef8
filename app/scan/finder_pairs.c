/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scan/finder_inner.h"

enum { AMONG = 24, PAIRS_MAX = 3, SAMPLES = 8 };
static const float ROUGH = 0.3f, LIKENESS = 0.2f;

struct pair {
  int16_t from, to;
  bool diagonal;
  float modules;           /* of a side of the square of the four middles */
  float at[2], a[2], b[2]; /* that square: a corner, and from there the two next to it, clockwise */
  float likeness;
};

/* How much of the square is as rough as a code: most of it, even in glare. */
static float roughness(const struct finder *finder, const struct pair *pair) {
  int rough = 0;
  for (int i = 0; i < SAMPLES * SAMPLES; i++) {
    float u = ((float)(i % SAMPLES) + 0.5f) / SAMPLES, v = ((float)(i / SAMPLES) + 0.5f) / SAMPLES;
    rough += finder_turns(finder, pair->at[0] + u * pair->a[0] + v * pair->b[0], pair->at[1] + u * pair->a[1] + v * pair->b[1],
                          finder->cross[pair->from].module);
  }
  return (float)rough / (SAMPLES * SAMPLES);
}

/* A pattern is crossed by as many rows as its core is high; a chance one by few. 0 to 1. */
static float rows_of(const struct finder_cross *cross) {
  float rows = cross->seen / (0.8f * cross->module);
  return rows < 1 ? rows : 1;
}

/* Two patterns along a side have one module between them as long as any; across the square it is longer by the root of 2, and
 * the area that a module spans gives the other direction. */
static bool pair_of(const struct finder *finder, int32_t from, int32_t to, bool diagonal, struct pair *pair) {
  const struct finder_cross *p = &finder->cross[from], *q = &finder->cross[to];
  float dx = q->x - p->x, dy = q->y - p->y, length = sqrtf(dx * dx + dy * dy), module = (p->module + q->module) / 2;
  if (p->inverted != q->inverted || length < 10 * module) return false;
  float there = finder_reach(p, dx, dy), back = finder_reach(q, dx, dy), reach = (there + back) / 2,
        long2 = reach * reach / (module * module);
  float wrong =
      finder_off(q->module / p->module, 1.15f) + finder_off(there / back, 1.15f) + finder_off(long2 / (diagonal ? 2 : 1), 1.3f);
  float modules = length / reach, turned = (diagonal ? 2 : 1) * module * module / (reach * reach);
  if (wrong > 5 || modules < 12 || modules > 75) return false;
  *pair = (struct pair){(int16_t)from, (int16_t)to, diagonal, modules, {p->x, p->y}, {dx, dy}, {-dy * turned, dx * turned}, 0};
  if (diagonal) { /* from and to are opposite: the corners between them are half a diagonal to both sides of the middle */
    float bx = pair->b[0], by = pair->b[1];
    for (int i = 0; i < 2; i++) {
      float d = i ? dy : dx, e = i ? by : bx;
      pair->a[i] = (d - e) / 2;
      pair->b[i] = (d + e) / 2;
    }
  }
  pair->likeness = expf(wrong * -0.3f) * p->sure * q->sure * rows_of(p) * rows_of(q);
  return true;
}

/* The square on the other side of the two patterns. */
static struct pair mirrored(const struct pair *pair) {
  struct pair other = *pair;
  for (int i = 0; i < 2; i++) {
    other.at[i] = pair->at[i] + pair->a[i];
    other.a[i] = -pair->a[i];
    other.b[i] = -pair->b[i];
  }
  other.from = pair->to;
  other.to = pair->from;
  return other;
}

static void keep(struct pair *kept, int32_t *count, const struct finder *finder, struct pair *pair) {
  float rough = roughness(finder, pair);
  pair->likeness *= 0.2f + 0.5f * rough;
  if (rough < ROUGH || pair->likeness < LIKENESS) return;
  int32_t at = *count;
  while (at > 0 && kept[at - 1].likeness < pair->likeness) at--;
  if (at == PAIRS_MAX) return;
  if (*count < PAIRS_MAX) (*count)++;
  for (int32_t i = *count - 1; i > at; i--) kept[i] = kept[i - 1];
  kept[at] = *pair;
}

static void find_pairs(const struct finder *finder, struct pair *kept, int32_t *count) {
  for (int32_t p = 0; p < finder->crosses && p < AMONG; p++) {
    for (int32_t q = p + 1; q < finder->crosses && q < AMONG; q++) {
      struct pair pair;
      if (pair_of(finder, p, q, true, &pair)) keep(kept, count, finder, &pair);
      if (!pair_of(finder, p, q, false, &pair)) continue;
      struct pair other = mirrored(&pair);
      keep(kept, count, finder, &pair);
      keep(kept, count, finder, &other);
    }
  }
}

/* Clockwise from a pattern along a side, or from between the two. Which of the two other corners the code has its third pattern
 * at, and so which one is its top left, nothing here can tell. */
static void add(struct finder_view *view, const struct finder *finder, const struct pair *pair) {
  if (view->places == FINDER_PLACES_MAX) return;
  struct finder_place *place = &view->place[view->places++];
  const struct finder_cross *p = &finder->cross[pair->from], *q = &finder->cross[pair->to];
  *place = (struct finder_place){.module = (p->module + q->module) / 2,
                                 .pattern = {pair->from, pair->to, -1},
                                 .likeness = pair->likeness,
                                 .inverted = p->inverted};
  float at[2] = {pair->at[0], pair->at[1]}, a[2] = {pair->a[0], pair->a[1]}, b[2] = {pair->b[0], pair->b[1]};
  if (pair->diagonal) { /* a quarter turn: `from` is the bottom left then */
    place->pattern[0] = -1;
    place->pattern[2] = pair->from;
    for (int i = 0; i < 2; i++) {
      float was = a[i];
      at[i] += was;
      a[i] = b[i];
      b[i] = -was;
    }
  }
  finder_corners(place, at, a, b, pair->modules, pair->modules);
}

void finder_pairs(struct finder *finder, struct finder_view *view) {
  struct pair kept[PAIRS_MAX];
  int32_t count = 0;
  find_pairs(finder, kept, &count);
  for (int32_t i = 0; i < count; i++) add(view, finder, &kept[i]);
}
