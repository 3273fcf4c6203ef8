/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scan/finder_inner.h"

static const float pi = 3.14159265f;

enum { KEPT = 64 };

struct triple { /* indices into finder->cross */
  int16_t at[3];
  float likeness, sides[2]; /* modules from the top left pattern's middle to the others' */
};

/* A module's length in a direction: between the lines that were measured. */
static float reach_towards(const struct finder_cross *cross, float dx, float dy) {
  float turn = atan2f(dy, dx) * (FINDER_LINES / pi);
  if (turn < 0) turn += FINDER_LINES;
  int32_t line = (int32_t)turn;
  float part = turn - (float)line, a = cross->reach[line % FINDER_LINES], b = cross->reach[(line + 1) % FINDER_LINES];
  return a + part * (b - a);
}

/* 1 where a value is 1, falling to both sides: at this ratio to 0.6. */
static float like(float value, float ratio) {
  float off = logf(value) / logf(ratio);
  return expf(-0.5f * off * off);
}

/* Whether two directions are the sides of this pattern's square: the area that they span is the pattern's own. */
static float square_fits(const struct finder_cross *cross, const float *a, const float *b, float sine) {
  float area = reach_towards(cross, a[0], a[1]) * reach_towards(cross, b[0], b[1]) * sine;
  return like(area / (cross->module * cross->module), 1.25f);
}

static bool triple_of(const struct finder *finder, int32_t corner, int32_t one, int32_t other, struct triple *triple) {
  const struct finder_cross *c = &finder->cross[corner], *p = &finder->cross[one], *q = &finder->cross[other];
  float a[2] = {p->x - c->x, p->y - c->y}, b[2] = {q->x - c->x, q->y - c->y};
  float la = hypotf(a[0], a[1]), lb = hypotf(b[0], b[1]), turn = (a[0] * b[1] - a[1] * b[0]) / (la * lb);
  if (turn < 0.6f) return false; /* the same three again with `one` and `other` swapped, or no corner */
  float cosine = (a[0] * b[0] + a[1] * b[1]) / (la * lb);
  float na = 2 * la / (reach_towards(c, a[0], a[1]) + reach_towards(p, a[0], a[1]));
  float nb = 2 * lb / (reach_towards(c, b[0], b[1]) + reach_towards(q, b[0], b[1]));
  if (na < 11 || nb < 11 || na > 190 || nb > 190 || na > 1.6f * nb || nb > 1.6f * na) return false;
  float likeness = like(na / nb, 1.2f) * expf(-2 * cosine * cosine) * like(p->module / c->module, 1.35f) *
                   like(q->module / c->module, 1.35f) * square_fits(c, a, b, turn) * square_fits(p, a, b, turn) *
                   square_fits(q, a, b, turn) * c->sure * p->sure * q->sure;
  *triple = (struct triple){{(int16_t)corner, (int16_t)one, (int16_t)other}, likeness, {na, nb}};
  return likeness > 0.05f;
}

static int16_t whole(float v) { return (int16_t)(v < -32000 ? -32000 : v > 32000 ? 32000 : lrintf(v)); }

static struct finder_place place_of(const struct finder *finder, const struct triple *triple) {
  const struct finder_cross *c = &finder->cross[triple->at[0]], *p = &finder->cross[triple->at[1]],
                            *q = &finder->cross[triple->at[2]];
  float out[2] = {3.5f / triple->sides[0], 3.5f / triple->sides[1]};
  float a[2] = {p->x - c->x, p->y - c->y}, b[2] = {q->x - c->x, q->y - c->y};
  struct finder_place place = {.module = (c->module + p->module + q->module) / 3,
                               .pattern = {triple->at[0], triple->at[1], triple->at[2]},
                               .likeness = triple->likeness,
                               .inverted = c->inverted};
  const float u[4] = {-out[0], 1 + out[0], 1 + out[0], -out[0]}, v[4] = {-out[1], -out[1], 1 + out[1], 1 + out[1]};
  for (int i = 0; i < 4; i++)
    place.corner[i] = (struct point){whole(c->x + u[i] * a[0] + v[i] * b[0]), whole(c->y + u[i] * a[1] + v[i] * b[1])};
  return place;
}

/* Keeps the likeliest ones, the best first. */
static void keep(struct triple *kept, int32_t *count, const struct triple *triple) {
  int32_t at = *count < KEPT ? (*count)++ : KEPT - 1;
  if (at == KEPT - 1 && *count == KEPT && kept[at].likeness >= triple->likeness && kept[at].likeness > 0) return;
  for (; at > 0 && kept[at - 1].likeness < triple->likeness; at--) kept[at] = kept[at - 1];
  kept[at] = *triple;
}

static void find_triples(const struct finder *finder, struct triple *kept, int32_t *count) {
  for (int32_t c = 0; c < finder->crosses; c++) {
    for (int32_t p = 0; p < finder->crosses; p++) {
      const struct finder_cross *corner = &finder->cross[c], *one = &finder->cross[p];
      if (p == c || one->inverted != corner->inverted || one->module > 2 * corner->module || corner->module > 2 * one->module)
        continue;
      for (int32_t q = 0; q < finder->crosses; q++) {
        const struct finder_cross *other = &finder->cross[q];
        struct triple triple;
        if (q == c || q == p || other->inverted != corner->inverted || other->module > 2 * corner->module ||
            corner->module > 2 * other->module)
          continue;
        if (triple_of(finder, c, p, q, &triple)) keep(kept, count, &triple);
      }
    }
  }
}

static void show_patterns(const struct finder *finder, struct finder_view *view) {
  for (int32_t i = 0; i < finder->crosses; i++) {
    const struct finder_cross *cross = &finder->cross[i];
    view->pattern[view->patterns++] = (struct finder_pattern){
        .x = cross->x, .y = cross->y, .module = cross->module, .seen = cross->seen, .inverted = cross->inverted};
  }
}

/* Only the surest stay, so that triples of them are few. */
static void choose(struct finder *finder) {
  struct finder_cross *cross = finder->cross;
  for (int32_t i = 1; i < finder->crosses; i++) {
    struct finder_cross one = cross[i];
    int32_t at = i;
    for (; at > 0 && cross[at - 1].seen * cross[at - 1].sure < one.seen * one.sure; at--) cross[at] = cross[at - 1];
    cross[at] = one;
  }
  if (finder->crosses > FINDER_PATTERNS_MAX) finder->crosses = FINDER_PATTERNS_MAX;
}

void finder_places(struct finder *finder, struct finder_view *view) {
  struct triple kept[KEPT];
  int32_t count = 0;
  bool used[FINDER_PATTERNS_MAX] = {false};
  choose(finder);
  show_patterns(finder, view);
  find_triples(finder, kept, &count);
  for (int32_t i = 0; i < count && view->places < FINDER_PLACES_MAX; i++) {
    const int16_t *at = kept[i].at;
    if (used[at[0]] || used[at[1]] || used[at[2]]) continue;
    used[at[0]] = used[at[1]] = used[at[2]] = true;
    view->place[view->places++] = place_of(finder, &kept[i]);
  }
}
