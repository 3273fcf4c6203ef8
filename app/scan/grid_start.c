/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scan/grid_fit.h"
#include "scan/grid_inner.h"

enum { THIRD_REACH = 5 };

static void middle_of(const struct lattice *corner, float at[2]) { lattice_at(corner, 3.5f, 3.5f, at); }

/* One module at a corner: axis 0 right, 1 down. */
static void module_of(const struct lattice *corner, int axis, float step[2]) {
  for (int i = 0; i < 2; i++) step[i] = 2 * corner->of[i][1 + axis] / (float)corner->side;
}

/* The length of one module along a line, at a corner. */
static float unit_along(const struct lattice *corner, int axis, const float line[2]) {
  float step[2];
  module_of(corner, axis, step);
  return (step[0] * line[0] + step[1] * line[1]) / hypotf(line[0], line[1]);
}

static float clampf(float v, float low, float high) { return v > low ? v < high ? v : high : low; }

/* Dark to light in the middle of a pattern. */
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

static void set_contrast(const struct grid *grid, struct grid_start *start) {
  float sum = 0, n = 0;
  for (int i = 0; i < GRID_CORNERS; i++) {
    if (!start->seen[i]) continue;
    sum += contrast_at(grid, &start->corner[i]);
    n++;
  }
  start->contrast = sum / n > 6 ? sum / n : 6;
}

/* Along one side of the symbol: how many modules it has from pattern to pattern, and its perspective. */
static bool set_axis(struct grid_start *start, int axis) {
  float here[2], there[2], line[2];
  middle_of(&start->corner[0], here);
  middle_of(&start->corner[1 + axis], there);
  for (int i = 0; i < 2; i++) line[i] = there[i] - here[i];
  float first = unit_along(&start->corner[0], axis, line), last = unit_along(&start->corner[1 + axis], axis, line);
  if (!(first > 0.2f) || !(last > 0.2f)) return false;
  start->sides[axis] = hypotf(line[0], line[1]) / sqrtf(first * last);
  start->ratio[axis] = clampf(sqrtf(first / last), 0.7f, 1.4f);
  return true;
}

static bool start_three(struct grid *grid, const struct finder_pattern *const p[GRID_CORNERS], struct grid_start *start) {
  float a[2] = {p[1]->x - p[0]->x, p[1]->y - p[0]->y}, b[2] = {p[2]->x - p[0]->x, p[2]->y - p[0]->y};
  float la = hypotf(a[0], a[1]), lb = hypotf(b[0], b[1]), sine = (a[0] * b[1] - a[1] * b[0]) / (la * lb);
  if (!(la > 8) || !(lb > 8) || !(sine > 0.3f)) return false;
  grid->contrast = 0;
  float least = 1;
  for (int i = 0; i < GRID_CORNERS; i++) {
    float unit = clampf(p[i]->module, 1, 500) / sqrtf(sine);
    float right[2] = {a[0] / la * unit, a[1] / la * unit}, down[2] = {b[0] / lb * unit, b[1] / lb * unit};
    float like = grid_corner(grid, p[i]->x, p[i]->y, right, down, &start->corner[i]);
    if (like < least) least = like;
    start->seen[i] = true;
  }
  set_contrast(grid, start);
  start->likeness = least;
  return set_axis(start, 0) && set_axis(start, 1);
}

/* The ways that two patterns, the first and the second, can be two of the three. */
static const struct way {
  int8_t from, to;   /* corners */
  float right, turn; /* the direction right, from the one between them: this much of it, and of it turned clockwise */
} ways[GRID_STARTS] = {{0, 1, 1, 0},
                       {1, 0, -1, 0},
                       {0, 2, 0, -1},
                       {2, 0, 0, 1},
                       {2, 1, 0.70710678f, 0.70710678f},
                       {1, 2, -0.70710678f, -0.70710678f}};

static float start_two(struct grid *grid, const struct finder_pattern *const p[2], const struct way *way,
                       struct grid_start *start) {
  float line[2] = {p[1]->x - p[0]->x, p[1]->y - p[0]->y}, length = hypotf(line[0], line[1]), like = 1;
  if (!(length > 8)) return 0;
  float right[2] = {(way->right * line[0] - way->turn * line[1]) / length,
                    (way->right * line[1] + way->turn * line[0]) / length};
  grid->contrast = 0;
  *start = (struct grid_start){.ratio = {1, 1}};
  for (int i = 0; i < 2; i++) {
    int at = i ? way->to : way->from;
    float unit = clampf(p[i]->module, 1, 500), r[2] = {right[0] * unit, right[1] * unit}, d[2] = {-r[1], r[0]};
    float one = grid_corner(grid, p[i]->x, p[i]->y, r, d, &start->corner[at]);
    if (one < like) like = one;
    start->seen[at] = true;
  }
  set_contrast(grid, start);
  if (start->seen[0]) {
    int axis = start->seen[1] ? 0 : 1;
    if (!set_axis(start, axis)) return 0;
    start->sides[1 - axis] = start->sides[axis];
    return like;
  }
  float side = 0, diagonal[2] = {0};
  for (int i = 0; i < 2; i++) {
    float step[2][2];
    for (int axis = 0; axis < 2; axis++) module_of(&start->corner[1 + i], axis, step[axis]);
    for (int axis = 0; axis < 2; axis++) diagonal[axis] = step[0][axis] - step[1][axis];
    side += length / hypotf(diagonal[0], diagonal[1]) / 2;
  }
  start->sides[0] = start->sides[1] = side;
  return like;
}

static void start_middles(const struct grid_start *start, float far, float at[GRID_CORNERS][2]) {
  float right[2] = {0}, down[2] = {0};
  for (int i = 0; i < GRID_CORNERS; i++)
    if (start->seen[i]) middle_of(&start->corner[i], at[i]);
  for (int i = 0; i < 2; i++) {
    if (!start->seen[1]) module_of(&start->corner[0], 0, right);
    if (!start->seen[2]) module_of(&start->corner[0], 1, down);
    if (!start->seen[1]) at[1][i] = at[0][i] + far * right[i];
    if (!start->seen[2]) at[2][i] = at[0][i] + far * down[i];
    if (start->seen[0]) continue;
    module_of(&start->corner[1], 0, right);
    module_of(&start->corner[2], 1, down);
    at[0][i] = (at[1][i] - far * right[i] + at[2][i] - far * down[i]) / 2;
  }
}

/* The finder may have missed the third: looks for it where it has to be. */
static void find_third(struct grid *grid, struct grid_start *start) {
  float at[GRID_CORNERS][2], found[2];
  int missing = !start->seen[0] ? 0 : !start->seen[1] ? 1 : 2, near = missing == 0 ? 1 : 0;
  start_middles(start, (start->sides[0] + start->sides[1]) / 2, at);
  struct lattice_point point = {.at = {at[missing][0], at[missing][1]}};
  module_of(&start->corner[near], 0, point.right);
  module_of(&start->corner[near], 1, point.down);
  grid->contrast = start->contrast;
  float like = grid_find_corner(grid, &point, THIRD_REACH, found);
  if (!(like > 0.5f)) return;
  if (!(grid_corner(grid, found[0], found[1], point.right, point.down, &start->corner[missing]) > 0.6f)) return;
  start->seen[missing] = true;
  start->seen[missing] = set_axis(start, 0) && set_axis(start, 1);
}

int grid_starts(struct grid *grid, const struct finder_view *view, const struct finder_place *place,
                struct grid_start start[GRID_STARTS]) {
  enum { LIKE = 60 };
  const struct finder_pattern *p[GRID_CORNERS];
  float like[GRID_STARTS];
  int patterns = 0, count = 0;
  for (int i = 0; i < GRID_CORNERS; i++)
    if (place->pattern[i] >= 0 && place->pattern[i] < view->patterns) p[patterns++] = &view->pattern[place->pattern[i]];
  if (patterns == 3) return start_three(grid, p, &start[0]);
  if (patterns < 2) return 0;
  for (int i = 0; i < GRID_STARTS; i++) {
    struct grid_start one;
    float likeness = start_two(grid, p, &ways[i], &one);
    if (!(100 * likeness > LIKE)) continue;
    find_third(grid, &one);
    if (one.seen[0] && one.seen[1] && one.seen[2]) likeness += 1;
    int at = count++;
    for (; at > 0 && like[at - 1] < likeness - 0.02f; at--) {
      start[at] = start[at - 1];
      like[at] = like[at - 1];
    }
    start[at] = one;
    start[at].likeness = likeness;
    like[at] = likeness;
  }
  return count;
}

void grid_start_middles(const struct grid_start *start, int32_t side, float at[GRID_CORNERS][2]) {
  start_middles(start, (float)(side - 7), at);
}
