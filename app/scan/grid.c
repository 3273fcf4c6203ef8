/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/grid_inner.h"

enum { CORNERS = 3, SHADES = 16, SURE = 127 };

struct grid *grid_open(void) {
  return calloc(1, sizeof(struct grid));
}

void grid_close(struct grid *grid) { free(grid); }

struct start { /* what the three patterns say by themselves */
  struct lattice corner[CORNERS];
  float sides[2]; /* modules from pattern to pattern */
  float ratio[2]; /* how much larger modules are at the top left one, as a root */
};

static void centre_of(const struct lattice *corner, float at[2]) { lattice_at(corner, 3.5f, 3.5f, at); }

/* The length of one module along a line, at a corner. */
static float unit_along(const struct lattice *corner, int axis, const float line[2]) {
  float length = hypotf(line[0], line[1]), half = (float)corner->side / 2;
  return (corner->of[0][1 + axis] * line[0] + corner->of[1][1 + axis] * line[1]) / (half * length);
}

static float clampf(float v, float low, float high) { return v > low ? v < high ? v : high : low; }

/* Dark to light in the middle of the patterns. */
static float contrast_at(const struct grid *grid, const struct lattice *corner) {
  float dark = 0, light = 0;
  for (int i = 0; i < 4; i++) {
    float off = i & 1 ? 2.0f : -2.0f, at[2];
    lattice_at(corner, 3.5f + (i < 2 ? off : 0), 3.5f + (i < 2 ? 0 : off), at);
    light += grid_grey(grid, at[0], at[1]);
    lattice_at(corner, 3.5f + (i < 2 ? off / 4 : 0), 3.5f + (i < 2 ? 0 : off / 4), at);
    dark += grid_grey(grid, at[0], at[1]);
  }
  return (light - dark) / 4;
}

static bool begin(struct grid *grid, const struct finder_view *view, const struct finder_place *place, struct start *start) {
  const struct finder_pattern *p[CORNERS];
  for (int i = 0; i < CORNERS; i++) {
    if (place->pattern[i] < 0 || place->pattern[i] >= view->patterns) return false;
    p[i] = &view->pattern[place->pattern[i]];
  }
  float a[2] = {p[1]->x - p[0]->x, p[1]->y - p[0]->y}, b[2] = {p[2]->x - p[0]->x, p[2]->y - p[0]->y};
  float la = hypotf(a[0], a[1]), lb = hypotf(b[0], b[1]), sine = (a[0] * b[1] - a[1] * b[0]) / (la * lb);
  if (!(la > 8) || !(lb > 8) || !(sine > 0.3f)) return false;
  grid->contrast = 0;
  for (int i = 0; i < CORNERS; i++) {
    float unit = clampf(p[i]->module, 1, 500) / sqrtf(sine);
    float right[2] = {a[0] / la * unit, a[1] / la * unit}, down[2] = {b[0] / lb * unit, b[1] / lb * unit};
    grid_corner(grid, p[i]->x, p[i]->y, right, down, &start->corner[i]);
  }
  for (int i = 0; i < CORNERS; i++) grid->contrast += contrast_at(grid, &start->corner[i]) / CORNERS;
  if (grid->contrast < 6) grid->contrast = 6;
  float at[CORNERS][2];
  for (int i = 0; i < CORNERS; i++) centre_of(&start->corner[i], at[i]);
  for (int axis = 0; axis < 2; axis++) {
    float line[2] = {at[1 + axis][0] - at[0][0], at[1 + axis][1] - at[0][1]};
    float here = unit_along(&start->corner[0], axis, line), there = unit_along(&start->corner[1 + axis], axis, line);
    if (!(here > 0.2f) || !(there > 0.2f)) return false;
    start->sides[axis] = hypotf(line[0], line[1]) / sqrtf(here * there);
    start->ratio[axis] = clampf(sqrtf(here / there), 0.7f, 1.4f);
  }
  return true;
}

static void set_side(struct grid *grid, int32_t side) {
  grid->lattice.side = side;
  if (grid->side == side) return;
  grid->side = side;
  qr_fixed_all(side, grid->fixed);
  for (int32_t i = 0; i < side * side; i++)
    if (grid->fixed[i] == QR_TOLD) grid->fixed[i] = 0;
}

/* What a fit goes by at first: the finder patterns alone. */
static void know_finders(struct grid *grid) {
  int32_t side = grid->lattice.side;
  memset(grid->known, 0, (size_t)(side * side));
  for (int32_t y = 0; y < 8; y++) {
    for (int32_t x = 0; x < 8; x++) {
      int32_t at[CORNERS] = {y * side + x, y * side + side - 1 - x, (side - 1 - y) * side + x};
      for (int i = 0; i < CORNERS; i++) grid->known[at[i]] = grid->fixed[at[i]];
    }
  }
}

static void fit(struct grid *grid, const struct start *start, int32_t side) {
  struct lattice *lattice = &grid->lattice;
  float xy[CORNERS][2], far = (float)side - 3.5f, uv[CORNERS][2] = {{3.5f, 3.5f}, {far, 3.5f}, {3.5f, far}};
  set_side(grid, side);
  for (int i = 0; i < CORNERS; i++) centre_of(&start->corner[i], xy[i]);
  float k = 1 - 7 / (float)side, r = start->ratio[0], q = start->ratio[1];
  float slant[2] = {(r - 1) / (r + q) / k, (q - 1) / (r + q) / k};
  lattice_through(lattice, (const float(*)[2])uv, (const float(*)[2])xy, slant);
  know_finders(grid);
  for (int i = 0; i < 2; i++) grid_fit(grid, lattice, grid->known, 0.02f, NULL, 0);
  struct grid_anchor anchor;
  int anchors = 0;
  if (side > QR_SIDE_MIN) {
    float at = (float)side - 6.5f, reach = 2 + (float)side / 20;
    anchors = grid_find_alignment(grid, lattice, at, at, reach, &anchor) > 0.6f;
    anchor.weight = 40;
    for (int i = 0; i < 2 && anchors; i++) grid_fit(grid, lattice, grid->known, 0.001f, &anchor, 1);
    anchor.weight = 2;
  }
  for (int i = 0; i < 3; i++) grid_fit(grid, lattice, grid->fixed, 0.001f, &anchor, anchors);
}

static void give(struct grid *grid) {
  int32_t side = grid->lattice.side;
  grid->out.side = side;
  for (int32_t i = 0; i < side * side; i++) grid->out.module[i] = (int8_t)lrintf(clampf(grid->chance[i] * SHADES, -SURE, SURE));
}

static bool settled(enum qr_outcome outcome) { return outcome == QR_READ || outcome == QR_REFUSED; }

static enum qr_outcome read_out(struct grid *grid, bool patient, struct grid_code *code) {
  give(grid);
  return patient ? qr_read(&grid->out, &code->text) : qr_glance(&grid->out, &code->text);
}

/* All modules count as known now: every edge between two colours says where the lattice is. */
static void fit_all(struct grid *grid, int rounds) {
  int32_t all = grid->lattice.side * grid->lattice.side;
  for (int32_t i = 0; i < all; i++)
    grid->known[i] = grid->fixed[i] ? grid->fixed[i] : grid->chance[i] > 1 ? 1 : grid->chance[i] < -1 ? -1 : 0;
  for (int i = 0; i < rounds; i++) grid_fit(grid, &grid->lattice, grid->known, 0.001f, NULL, 0);
}

static void measure(struct grid *grid) {
  struct lattice_point middle = lattice_point(&grid->lattice, (float)grid->side / 2, (float)grid->side / 2);
  float module = sqrtf(fabsf(middle.right[0] * middle.down[1] - middle.right[1] * middle.down[0]));
  grid_sample(grid, module > 2.5f ? 0.2f : 0);
  grid_judge(grid);
}

static enum qr_outcome attempt(struct grid *grid, const struct start *start, int32_t side, enum grid_effort effort,
                               struct grid_code *code, float *likeness) {
  fit(grid, start, side);
  measure(grid);
  *likeness = grid_likeness(grid);
  if (*likeness < 0.3f) return QR_ILLEGIBLE;
  enum qr_outcome outcome = read_out(grid, false, code);
  int rounds = effort == GRID_QUICK ? 1 : 2;
  for (int i = 0; i < rounds && !settled(outcome); i++) {
    fit_all(grid, 2);
    measure(grid);
    outcome = read_out(grid, false, code);
  }
  static const int starts[] = {0, 3, 2};
  for (int i = 0; i < 3 && !settled(outcome); i++) {
    grid_judge_steep(grid, starts[i]);
    outcome = read_out(grid, i == 0, code);
    if (effort == GRID_QUICK) break;
  }
  static const float spreads[] = {0.4f, 0.6f, 0.8f, 1.0f};
  for (int i = 0; i < 4 && !settled(outcome) && effort == GRID_THOROUGH; i++) {
    grid_deblur(grid, spreads[i]);
    outcome = read_out(grid, true, code);
  }
  return outcome;
}

static void show(const struct grid *grid, struct grid_code *code) {
  float side = (float)grid->lattice.side, uv[4][2] = {{0, 0}, {side, 0}, {side, side}, {0, side}};
  for (int i = 0; i < 4; i++) {
    float at[2];
    lattice_at(&grid->lattice, uv[i][0], uv[i][1], at);
    code->corner[i] = (struct point){(int16_t)clampf(at[0], -32000, 32000), (int16_t)clampf(at[1], -32000, 32000)};
  }
  code->inverted = grid->inverted;
}

enum qr_outcome grid_read(struct grid *grid, const struct frame *frame, const struct finder_view *view,
                          const struct finder_place *place, enum grid_effort effort, struct grid_code *code, bool *nearly) {
  static const int versions_off[] = {0, 1, -1, 2, -2};
  struct start start;
  enum qr_outcome best = QR_ILLEGIBLE;
  *nearly = false;
  code->text.len = 0;
  grid->frame = frame;
  grid->inverted = place->inverted;
  if (frame->w < 2 || frame->h < 2 || !begin(grid, view, place, &start)) return best;
  float version = ((start.sides[0] + start.sides[1]) / 2 + 7 - 17) / 4;
  int likeliest = (int)lrintf(version), towards = version < (float)likeliest ? -1 : 1;
  int tries = effort == GRID_QUICK ? 2 : 5;
  for (int i = 0; i < tries; i++) {
    int32_t side = 17 + 4 * (likeliest + towards * versions_off[i]);
    float likeness;
    if (side < QR_SIDE_MIN || side > QR_SIDE_MAX) continue;
    enum qr_outcome outcome = attempt(grid, &start, side, effort, code, &likeness);
    *nearly = *nearly || likeness > 0.8f;
    if (settled(outcome)) {
      show(grid, code);
      return outcome;
    }
    if (outcome == QR_DAMAGED) best = outcome;
    if (likeness > 0.8f) break;
  }
  return best;
}
