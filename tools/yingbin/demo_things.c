/* SPDX-License-Identifier: Apache-2.0
 * A room of two surfaces, one before the other along a wavy border, then things on it. A surface is a
 * function of a place in it: turned, stretched and bent at random it is never the same twice.
 */
#include <math.h>
#include <string.h>

#include "tools/yingbin/demo_lens.h"
#include "tools/yingbin/demo_phone.h"
#include "tools/yingbin/demo_room.h"

static double clamp(double v, double least, double most) { return v < least ? least : v > most ? most : v; }
static double step(double v, double edge, double soft) { return clamp((v - edge) / soft + 0.5, 0, 1); }
static double whole(double v) { return (double)(int64_t)v - (v < 0 && v != (double)(int64_t)v); } /* floor, inline */
static double part(double v) { return v - whole(v); }

/* 0 to 1 of a cell of a grid. */
static double cell(double x, double y, uint64_t seed) {
  uint64_t at = seed ^ ((uint64_t)(int64_t)whole(x) * 0x9e3779b97f4a7c15u + (uint64_t)(int64_t)whole(y) * 0xc2b2ae3d27d4eb4fu);
  return people_share(&at);
}

static double smooth_noise(double x, double y, uint64_t seed) {
  double fx = part(x), fy = part(y);
  fx *= fx * (3 - 2 * fx), fy *= fy * (3 - 2 * fy);
  double above = cell(x, y, seed) * (1 - fx) + cell(x + 1, y, seed) * fx;
  double below = cell(x, y + 1, seed) * (1 - fx) + cell(x + 1, y + 1, seed) * fx;
  return above * (1 - fy) + below * fy;
}

/* Octaves of it, each half as strong and twice as fine; about 0 to 1. */
static double clouds(double x, double y, int octaves, uint64_t seed) {
  double sum = 0, weight = 0.5;
  for (int i = 0; i < octaves; i++, weight /= 2, x = 2 * x + 3.1, y = 2 * y + 1.7)
    sum += weight * smooth_noise(x, y, seed + (uint64_t)i);
  return clamp(0.5 + 1.4 * (sum + weight - 0.5), 0, 1);
}

/* --- surfaces: x and y in units of about 40 pixels, 0 (black) to 1 --- */

static double grass(double x, double y, uint64_t seed) { return clouds(5 * x, 0.7 * y, 5, seed); }

static double wood(double x, double y, uint64_t seed) {
  double plank = cell(0, y / 3, seed), line = step(part(y / 3), 0.03, 0.02);
  return (0.35 + 0.3 * plank + 0.35 * part(6 * clouds(x / 6 + 9 * plank, 1.2 * y, 3, seed))) * line;
}

/* The nearest of jittered points, one a cell: its distance and its own chance. */
static double nearest(double x, double y, uint64_t seed, double *second, double *own) {
  double first = 9;
  *second = 9, *own = 0;
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++) {
      double cx = whole(x) + dx, cy = whole(y) + dy, px = cx + cell(cx, cy, seed), py = cy + cell(cx, cy, seed + 1);
      double d = (x - px) * (x - px) + (y - py) * (y - py);
      if (d < first) {
        *second = first, first = d, *own = cell(cx, cy, seed + 2);
      } else if (d < *second) {
        *second = d;
      }
    }
  *second = sqrt(*second);
  return sqrt(first);
}

static double stones(double x, double y, uint64_t seed) {
  double second, own, first = nearest(1.6 * x, 1.6 * y, seed, &second, &own);
  return step(second - first, 0.12, 0.15) * (0.35 + 0.5 * own) * (1.15 - 0.6 * first);
}

static double leaves(double x, double y, uint64_t seed) {
  double second, own, first = nearest(0.8 * x, 0.45 * y, seed, &second, &own);
  double vein = fabs(sin(7 * own + 2.5 * x) * 0.5 + 0.4 * (y - x));
  return (0.15 + 0.75 * own) * (1 - 0.5 * first) + 0.25 * (1 - step(part(vein), 0.1, 0.08)) * step(second - first, 0.1, 0.1);
}

static double shelves(double x, double y, uint64_t seed) {
  double row = floor(y / 3.2), v = part(y / 3.2), at = x * (1.1 + cell(0, row, seed)), own = cell(at, row, seed + 1);
  double tall = 0.45 + 0.4 * cell(at, row, seed + 2), edge = step(fabs(part(at) - 0.5), 0.46, 0.04);
  if (v > 0.9) return 0.55; /* the board */
  if (1 - v > tall + 0.1) return 0.08;
  double print = cell(at * 5, y * 9, seed + 3) > 0.6 && fabs(part(at) - 0.5) < 0.3 ? 0.45 : 0;
  return clamp(own + (own > 0.5 ? -print : print) - 0.4 * edge, 0, 1);
}

static double cloth(double x, double y, uint64_t seed) {
  double thread = 0.06 * (sin(40 * x) + sin(40 * y)), a = step(part(x / 2), 0.5, 0.04), b = step(part(y / 2), 0.5, 0.04);
  return 0.15 + 0.35 * (a + b) + thread + 0.1 * clouds(x / 2, y / 2, 3, seed);
}

static double windows(double x, double y, uint64_t seed) {
  double u = part(x / 1.5), v = part(y / 2), lit = cell(x / 1.5, y / 2, seed);
  bool glass = u > 0.2 && u < 0.85 && v > 0.2 && v < 0.8 && fabs(u - 0.52) > 0.03;
  return glass ? 0.1 + 0.8 * lit * lit + 0.1 * v : 0.45 + 0.15 * clouds(3 * x, 3 * y, 3, seed);
}

static double print(double x, double y, uint64_t seed) { /* lines of words: strokes in cells, gaps between words */
  double line = floor(2 * y), v = part(2 * y), word = cell(x * 1.2, line, seed);
  bool stroke = cell(x * 14, y * 14, seed + 1) > 0.5 && v > 0.25 && v < 0.8 && word > 0.15;
  return stroke ? 0.15 : 0.85;
}

static double sky(double x, double y, uint64_t seed) { return 0.3 + 0.5 * clouds(x / 9, y / 9, 4, seed); }

typedef double surface(double x, double y, uint64_t seed);
static surface *const surfaces[] = {grass, wood, stones, leaves, shelves, cloth, windows, print, sky};
enum { SURFACES = sizeof surfaces / sizeof *surfaces };

struct laid { /* a surface, as it lies in the picture */
  surface *of;
  uint64_t seed;
  double across[2], down[2], bend, from, to;
};

static struct laid lay(uint64_t *chance) {
  double turn = (people_share(chance) - 0.5) * 1.2, fine = (0.6 + 1.6 * people_share(chance)) / 40,
         lean = 0.7 + 0.6 * people_share(chance);
  double dark = 0.02 + 0.2 * people_share(chance);
  return (struct laid){.of = surfaces[people_chance(chance) % SURFACES],
                       .seed = people_chance(chance),
                       .across = {fine * cos(turn), fine * sin(turn)},
                       .down = {-fine * lean * sin(turn), fine * lean * cos(turn)},
                       .bend = people_chance(chance) % 2 ? 0 : 1.5 * people_share(chance),
                       .from = dark,
                       .to = dark + 0.3 + 0.5 * people_share(chance)};
}

static double shade_of(const struct laid *l, double x, double y) {
  double u = l->across[0] * x + l->across[1] * y + 50, v = l->down[0] * x + l->down[1] * y + 50;
  if (l->bend > 0)
    u += l->bend * smooth_noise(v / 2, u / 2, l->seed ^ 7), v += l->bend * smooth_noise(u / 2, v / 2, l->seed ^ 9);
  return l->from + (l->to - l->from) * clamp(l->of(u, v, l->seed), 0, 1);
}

/* 0 to 1, or less than 0: not there. u and v are 0 to 1 in the thing. */
static double poster(double u, double v, uint64_t seed) {
  return fabs(u - 0.5) > 0.44 || fabs(v - 0.5) > 0.44 ? 0.78 : print(12 * u, 12 * v, seed);
}
static double board(double u, double v, uint64_t seed) { /* of a game */
  double n = 6 + floor(8 * cell(0, 0, seed));
  return (int)(floor(u * n) + floor(v * n)) % 2 ? 0.05 : 0.9;
}
static double rings(double u, double v, uint64_t seed) { /* squares, or circles, in one another */
  double d = cell(0, 0, seed) > 0.5 ? fmax(fabs(u - 0.5), fabs(v - 0.5)) : hypot(u - 0.5, v - 0.5);
  return d > 0.5 ? -1 : (int)floor(d * 14) % 2 ? 0.9 : 0.08;
}
static double keys(double u, double v, uint64_t seed) {
  double fu = part(u * 11), fv = part(v * 5);
  return fu < 0.12 || fv < 0.15                                                               ? 0.7
         : fabs(fu - 0.5) < 0.12 && fabs(fv - 0.55) < 0.15 && cell(u * 11, v * 5, seed) > 0.2 ? 0.8
                                                                                              : 0.1;
}
static double picture(double u, double v, uint64_t seed) {
  return fmax(fabs(u - 0.5), fabs(v - 0.5)) > 0.45 ? 0.12 : clouds(6 * u, 6 * v, 6, seed);
}
static double pot(double u, double v, uint64_t seed) {
  double d = 4 * ((u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5));
  return d > 1 ? -1 : 0.2 + 0.5 * cell(0, 0, seed) + 0.3 * sqrt(1 - d) * (1 - u);
}

static surface *const things[] = {poster, board, rings, keys, picture, pot};
enum { THINGS = sizeof things / sizeof *things };

static void put(const struct people_scene *s, surface *of, uint64_t *chance, uint8_t *luma) {
  double x = people_share(chance) * s->w, y = people_share(chance) * s->h, size = (0.05 + 0.17 * people_share(chance)) * s->h;
  double turn = (people_share(chance) - 0.5) * 0.9, light = 0.5 + 0.5 * people_share(chance), c = cos(turn), n = sin(turn);
  uint64_t seed = people_chance(chance);
  double reach = size * (fabs(c) + fabs(n));
  int32_t x0 = (int32_t)fmax(0, x - reach), x1 = (int32_t)fmin(s->w, x + reach + 1);
  int32_t y0 = (int32_t)fmax(0, y - reach), y1 = (int32_t)fmin(s->h, y + reach + 1);
  for (int32_t py = y0; py < y1; py++)
    for (int32_t px = x0; px < x1; px++) {
      double dx = (px - x) / size, dy = (py - y) / size, u = (c * dx + n * dy + 1) / 2, v = (c * dy - n * dx + 1) / 2;
      double shade = u < 0 || v < 0 || u >= 1 || v >= 1 ? -1 : of(u, v, seed);
      if (shade >= 0) luma[(size_t)py * (size_t)s->w + (size_t)px] = (uint8_t)(255 * light * clamp(shade, 0, 1));
    }
}

void room_things(const struct people_scene *s, uint64_t seed, uint8_t *luma, uint8_t *scratch) {
  uint64_t chance = seed ^ 0x7468696e6773;
  struct laid far = lay(&chance), near = lay(&chance);
  double border = 0.35 + 0.4 * people_share(&chance), blur = 3 * people_share(&chance) * people_share(&chance);
  double dim = (0.6 + 0.7 * people_share(&chance)) * 2 * s->light;
  for (int32_t y = 0; y < s->h; y++)
    for (int32_t x = 0; x < s->w; x++) {
      double of_near = clouds(x / 500.0, y / 400.0, 3, seed);
      double cx = 2.0 * x / s->w - 1, cy = 2.0 * y / s->h - 1, corner = 1 - 0.22 * (cx * cx + cy * cy);
      double shade = of_near > border ? shade_of(&near, x, y) : shade_of(&far, x, y) * (of_near > border - 0.01 ? 0.5 : 1);
      luma[(size_t)y * (size_t)s->w + (size_t)x] = (uint8_t)clamp(255 * dim * corner * shade, 0, 255);
    }
  for (int i = 0, n = (int)(people_chance(&chance) % 7); i < n; i++)
    put(s, things[people_chance(&chance) % THINGS], &chance, luma);
  for (int i = 0, n = (int)(people_chance(&chance) % 4); i < n; i++) {
    double x = people_share(&chance) * s->w, y = people_share(&chance) * s->h * 0.4,
           r = (0.02 + 0.06 * people_share(&chance)) * s->h;
    room_blob(s, x, y, r, r, 0.3, 250, 0.7 + 0.3 * people_share(&chance), luma);
  }
  lens_defocus(luma, s->w, s->h, 0.5 + blur, scratch);
}
