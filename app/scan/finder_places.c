/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scan/finder_inner.h"

enum { KEPT = 24 };

struct triple {                   /* indices into finder->cross */
  int16_t at[3];                  /* the corner's, then the two others, clockwise */
  float likeness, rank, sides[2]; /* sides: modules from the corner's middle to the others' */
};

static const float SURE = 0.5f;

/* Between the lines that were measured; the angle is good to 0.3 degrees. */
float finder_reach(const struct finder_cross *cross, float dx, float dy) {
  float ax = fabsf(dx), ay = fabsf(dy), slope = ax > ay ? ay / ax : ax / ay;
  float turn = slope * (1.3476f - 0.3476f * slope); /* of 2 lines */
  turn *= FINDER_LINES / 4;
  if (ay > ax) turn = FINDER_LINES / 2 - turn;
  if ((dx < 0) != (dy < 0)) turn = FINDER_LINES - turn;
  int32_t line = (int32_t)turn;
  float part = turn - (float)line, a = cross->reach[line % FINDER_LINES], b = cross->reach[(line + 1) % FINDER_LINES];
  return a + part * (b - a);
}

float finder_off(float value, float ratio) {
  float d = (value - 1 / value) / (ratio - 1 / ratio);
  return d * d;
}

/* From one pattern to another one that may belong to the same code. */
struct side {
  int32_t to;
  float x, y, length, modules, reach[2]; /* reach: a module's length in this direction, here and there */
};

/* How little the two directions are the sides of a pattern's square: the area that they span is the pattern's own. */
static float off_square(const struct finder_cross *cross, float reach_a, float reach_b, float sine) {
  return finder_off(reach_a * reach_b * sine / (cross->module * cross->module), 1.25f);
}

/* How little the square's corners lie where sides in these two directions put them; a side and a diagonal fail here. */
static float off_corners(const struct finder_cross *cross, const struct side *a, const struct side *b) {
  float ax = a->x / a->modules, ay = a->y / a->modules, bx = b->x / b->modules, by = b->y / b->modules;
  float sum = sqrtf((ax + bx) * (ax + bx) + (ay + by) * (ay + by)), rest = sqrtf((ax - bx) * (ax - bx) + (ay - by) * (ay - by));
  return finder_off(finder_reach(cross, ax + bx, ay + by) / sum, 1.3f) +
         finder_off(finder_reach(cross, ax - bx, ay - by) / rest, 1.3f);
}

/* Sure ones first, and of these the large before the small: a wall of small codes doesn't hide the ticket before it. */
static float rank_of(float likeness, float module) { return likeness < SURE ? likeness : SURE + likeness * likeness * module; }

static bool triple_of(const struct finder_cross *cross, int32_t corner, const struct side *a, const struct side *b,
                      struct triple *triple) {
  if (a->modules > 1.6f * b->modules || b->modules > 1.6f * a->modules) return false;
  float product = a->length * b->length, sine = (a->x * b->y - a->y * b->x) / product;
  if (sine < 0.6f) return false;

  const struct finder_cross *c = &cross[corner], *p = &cross[a->to], *q = &cross[b->to];
  float cosine = (a->x * b->x + a->y * b->y) / product;
  float wrong = finder_off(a->modules / b->modules, 1.2f) + 4 * cosine * cosine + finder_off(p->module / c->module, 1.35f) +
                finder_off(q->module / c->module, 1.35f) + off_square(c, a->reach[0], b->reach[0], sine);
  if (wrong > 6) return false;
  wrong += off_corners(c, a, b) + off_square(p, a->reach[1], finder_reach(p, b->x, b->y), sine) +
           off_square(q, b->reach[1], finder_reach(q, a->x, a->y), sine);
  if (wrong > 6) return false;
  *triple = (struct triple){{(int16_t)corner, (int16_t)a->to, (int16_t)b->to},
                            expf(wrong * -0.3f) * c->sure * p->sure * q->sure,
                            0,
                            {a->modules, b->modules}};
  triple->rank = rank_of(triple->likeness, c->module);
  return true;
}

static int16_t whole(float v) { return (int16_t)(v < -32000 ? -32000 : v > 32000 ? 32000 : lrintf(v)); }

void finder_corners(struct finder_place *place, const float *at, const float *a, const float *b, float modules_a,
                    float modules_b) {
  float out_a = 3.5f / modules_a, out_b = 3.5f / modules_b;
  const float u[4] = {-out_a, 1 + out_a, 1 + out_a, -out_a}, v[4] = {-out_b, -out_b, 1 + out_b, 1 + out_b};
  for (int i = 0; i < 4; i++)
    place->corner[i] = (struct point){whole(at[0] + u[i] * a[0] + v[i] * b[0]), whole(at[1] + u[i] * a[1] + v[i] * b[1])};
}

static struct finder_place place_of(const struct finder *finder, const struct triple *triple) {
  const struct finder_cross *c = &finder->cross[triple->at[0]], *p = &finder->cross[triple->at[1]],
                            *q = &finder->cross[triple->at[2]];
  struct finder_place place = {.module = (c->module + p->module + q->module) / 3,
                               .pattern = {triple->at[0], triple->at[1], triple->at[2]},
                               .likeness = triple->likeness,
                               .inverted = c->inverted};
  const float at[2] = {c->x, c->y}, a[2] = {p->x - c->x, p->y - c->y}, b[2] = {q->x - c->x, q->y - c->y};
  finder_corners(&place, at, a, b, triple->sides[0], triple->sides[1]);
  return place;
}

/* Keeps the best ones, the best first. */
static void keep(struct triple *kept, int32_t *count, const struct triple *triple) {
  int32_t at = *count;
  while (at > 0 && kept[at - 1].rank < triple->rank) at--;
  if (at == KEPT) return;
  if (*count < KEPT) (*count)++;
  for (int32_t i = *count - 1; i > at; i--) kept[i] = kept[i - 1];
  kept[at] = *triple;
}

/* The patterns that can be in one code with this one. */
static int32_t sides_of(const struct finder *finder, int32_t from, struct side *side) {
  const struct finder_cross *c = &finder->cross[from];
  int32_t count = 0;
  for (int32_t i = 0; i < finder->crosses; i++) {
    const struct finder_cross *p = &finder->cross[i];
    if (i == from || p->inverted != c->inverted || p->module > 1.8f * c->module || c->module > 1.8f * p->module) continue;
    struct side one = {.to = i, .x = p->x - c->x, .y = p->y - c->y};
    one.length = sqrtf(one.x * one.x + one.y * one.y);
    if (one.length < 6 * c->module) continue;
    one.reach[0] = finder_reach(c, one.x, one.y);
    one.reach[1] = finder_reach(p, one.x, one.y);
    one.modules = 2 * one.length / (one.reach[0] + one.reach[1]);
    if (one.modules >= 11 && one.modules <= 190) side[count++] = one;
  }
  return count;
}

static void find_triples(const struct finder *finder, struct triple *kept, int32_t *count) {
  for (int32_t c = 0; c < finder->crosses; c++) {
    struct side side[FINDER_PATTERNS_MAX];
    int32_t sides = sides_of(finder, c, side);
    for (int32_t i = 0; i < sides; i++) {
      for (int32_t j = i + 1; j < sides; j++) {
        bool clockwise = side[i].x * side[j].y > side[i].y * side[j].x;
        struct triple triple;
        if (triple_of(finder->cross, c, &side[clockwise ? i : j], &side[clockwise ? j : i], &triple))
          keep(kept, count, &triple);
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

/* Triples that share no pattern come first, the likeliest of all before the others; then those that do, as the likeliest may be
 * wrong. */
void finder_places(struct finder *finder, struct finder_view *view) {
  struct triple kept[KEPT];
  int32_t count = 0;
  bool used[FINDER_PATTERNS_MAX] = {false}, shown[KEPT] = {false};
  view->patterns = view->places = 0;
  choose(finder);
  show_patterns(finder, view);
  find_triples(finder, kept, &count);
  for (int sharing = 0; sharing < 2; sharing++) {
    for (int32_t i = 0; i < count && view->places < FINDER_PLACES_MAX; i++) {
      const int16_t *at = kept[i].at;
      bool shares = used[at[0]] || used[at[1]] || used[at[2]];
      if (shown[i] || (shares && (!sharing || kept[i].likeness < 0.3f * kept[0].likeness))) continue;
      shown[i] = used[at[0]] = used[at[1]] = used[at[2]] = true;
      view->place[view->places++] = place_of(finder, &kept[i]);
    }
  }
}
