/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "scan/grid_fit.h"
#include "scan/grid_inner.h"

enum { EDGE_SAMPLES = 6, PATTERN = 7 };

/* How far an edge is from where it should be, in steps. The mean grey along one step across an edge says how much of the
 * step lies before it, be the edge sharp or blurred. False: no edge is there, or one that turns the wrong way. */
static bool edge_off(const struct grid *grid, const float at[2], const float step[2], bool dark_first, float *off,
                     float *contrast) {
  float grey[EDGE_SAMPLES], mean = 0;
  for (int i = 0; i < EDGE_SAMPLES; i++) {
    float t = (float)i / (EDGE_SAMPLES - 1) - 0.5f;
    grey[i] = grid_grey(grid, at[0] + t * step[0], at[1] + t * step[1]);
    mean += grey[i];
  }
  float first = grey[0], last = grey[EDGE_SAMPLES - 1];
  mean = (mean - (first + last) / 2) / (EDGE_SAMPLES - 1);
  *contrast = dark_first ? last - first : first - last;
  if (!(*contrast > 4) || *contrast < 0.12f * grid->contrast) return false;
  *off = (mean - (first + last) / 2) / (first - last);
  *off = *off < -0.5f ? -0.5f : *off > 0.5f ? 0.5f : *off;
  return true;
}

struct work {
  const struct grid *grid;
  const struct lattice *lattice;
  struct lattice_sums sums;
  struct grid_fit fit;
};

/* The edge between (u, v) and its neighbour to the right or below; the edge's middle is at (u, v). */
static void add_edge(struct work *work, float u, float v, bool across, bool dark_first) {
  struct lattice_point point = lattice_point(work->lattice, u, v);
  const float *step = across ? point.right : point.down, *edge = across ? point.down : point.right;
  float off, contrast, length = sqrtf(edge[0] * edge[0] + edge[1] * edge[1]);
  work->fit.edges++;
  if (!(length > 0.1f) || !edge_off(work->grid, point.at, step, dark_first, &off, &contrast)) return;
  float normal[2] = {edge[1] / length, -edge[0] / length}, reach = normal[0] * step[0] + normal[1] * step[1];
  if (!(fabsf(reach) > 0.1f)) return;
  float sure = contrast / work->grid->contrast, far = off / 0.2f;
  if (!(sure < 1)) sure = 1;
  work->fit.right++;
  work->fit.off += fabsf(off);
  lattice_add(&work->sums, work->lattice, u, v, normal, off * reach, sure / ((1 + far * far) * reach * reach));
}

static void add_edges(struct work *work, const int8_t *known) {
  int32_t side = work->lattice->side;
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      const int8_t *one = known + y * side + x;
      if (*one == 0) continue;
      float u = (float)x + 0.5f, v = (float)y + 0.5f;
      if (x + 1 < side ? one[1] == -*one : *one > 0) add_edge(work, u + 0.5f, v, true, *one > 0);
      if (y + 1 < side ? one[side] == -*one : *one > 0) add_edge(work, u, v + 0.5f, false, *one > 0);
      if (x == 0 && *one > 0) add_edge(work, 0, v, true, false);
      if (y == 0 && *one > 0) add_edge(work, u, 0, false, false);
    }
  }
}

struct grid_fit grid_fit(const struct grid *grid, struct lattice *lattice, const int8_t *known, float stiff,
                         const struct grid_anchor *anchor, int anchors) {
  struct work work = {.grid = grid, .lattice = lattice};
  lattice_begin(&work.sums);
  add_edges(&work, known);
  for (int i = 0; i < anchors; i++) {
    struct lattice_point point = lattice_point(lattice, anchor[i].u, anchor[i].v);
    float area = fabsf(point.right[0] * point.down[1] - point.right[1] * point.down[0]);
    for (int axis = 0; axis < 2; axis++) {
      float direction[2] = {axis == 0, axis == 1};
      lattice_add(&work.sums, lattice, anchor[i].u, anchor[i].v, direction, anchor[i].at[axis] - point.at[axis],
                  anchor[i].weight / (area > 0.1f ? area : 0.1f));
    }
  }
  if (work.fit.right + anchors >= 8) lattice_move(lattice, &work.sums, stiff);
  if (work.fit.right > 0) work.fit.off /= (float)work.fit.right;
  return work.fit;
}

float grid_corner(struct grid *grid, float x, float y, const float right[2], const float down[2], struct lattice *corner) {
  static const int8_t pattern[PATTERN * PATTERN] = {1, 1, 1,  1,  1,  1,  1,  1, -1, -1, -1, -1, -1, 1, 1, -1, 1,
                                                    1, 1, -1, 1,  1,  -1, 1,  1, 1,  -1, 1,  1,  -1, 1, 1, 1,  -1,
                                                    1, 1, -1, -1, -1, -1, -1, 1, 1,  1,  1,  1,  1,  1, 1};
  *corner = (struct lattice){.side = PATTERN, .terms = LATTICE_FLAT, .middle = {x, y}};
  for (int i = 0; i < 2; i++) {
    corner->of[i][1] = right[i] * PATTERN / 2;
    corner->of[i][2] = down[i] * PATTERN / 2;
  }
  struct lattice first = *corner;
  float likeness = 0;
  for (int i = 0; i < 3; i++) {
    struct grid_fit fit = grid_fit(grid, corner, pattern, 1e9f, NULL, 0);
    likeness = (float)fit.right / (float)fit.edges * (1 - fit.off);
    if (3 * fit.right < 2 * fit.edges) break;
  }
  float was = right[0] * down[1] - right[1] * down[0];
  float is = (corner->of[0][1] * corner->of[1][2] - corner->of[0][2] * corner->of[1][1]) * 4 / (PATTERN * PATTERN);
  float moved = hypotf(corner->of[0][0], corner->of[1][0]);
  if (!(is > 0.5f * was && is < 2 * was && moved < sqrtf(fabsf(was)))) *corner = first;
  return likeness;
}

/* Squares round a middle: which of them are dark, bit 0 the middle itself. */
static const struct rings {
  int radius;
  unsigned dark;
} alignment_rings = {2, 5}, finder_rings = {4, 11};

/* Correlation of the picture with a pattern. */
static float likeness_at(const struct grid *grid, const struct lattice_point *point, const struct rings *rings, float x,
                         float y) {
  float sum = 0, squares = 0, dark = 0, darks = 0, n = 0;
  for (int i = -rings->radius; i <= rings->radius; i++) {
    for (int j = -rings->radius; j <= rings->radius; j++) {
      float u = x + (float)j, v = y + (float)i;
      float grey = grid_grey(grid, point->at[0] + u * point->right[0] + v * point->down[0],
                             point->at[1] + u * point->right[1] + v * point->down[1]);
      int ring = abs(i) > abs(j) ? abs(i) : abs(j);
      n++;
      sum += grey;
      squares += grey * grey;
      if (rings->dark >> ring & 1) {
        dark += grey;
        darks++;
      }
    }
  }
  float spread = squares / n - sum * sum / (n * n), covariance = (sum * darks / n - dark) / n;
  return covariance / sqrtf((spread > 9 ? spread : 9) * darks * (n - darks) / (n * n));
}

static float find_rings(const struct grid *grid, const struct lattice_point *point, const struct rings *rings, float reach,
                        float found_at[2]) {
  int steps = (int)(2 * reach);
  float best = -1, found = 0, x = 0, y = 0;
  for (int i = -steps; i <= steps; i++) {
    for (int j = -steps; j <= steps; j++) {
      float dx = (float)j / 2, dy = (float)i / 2, like = likeness_at(grid, point, rings, dx, dy);
      float far = (dx * dx + dy * dy) / (reach * reach);
      if (like - 0.1f * far <= best) continue;
      best = like - 0.1f * far;
      found = like;
      x = dx;
      y = dy;
    }
  }
  for (float step = 0.25f; step > 0.1f; step /= 2) {
    float cx = x, cy = y;
    for (int k = 0; k < 9; k++) {
      float dx = cx + step * (float)(k % 3 - 1), dy = cy + step * (float)(k / 3 - 1);
      float like = likeness_at(grid, point, rings, dx, dy);
      if (like <= found) continue;
      found = like;
      x = dx;
      y = dy;
    }
  }
  for (int i = 0; i < 2; i++) found_at[i] = point->at[i] + x * point->right[i] + y * point->down[i];
  return found;
}

float grid_find_alignment(const struct grid *grid, const struct lattice *lattice, float u, float v, float reach,
                          struct grid_anchor *anchor) {
  struct lattice_point point = lattice_point(lattice, u, v);
  *anchor = (struct grid_anchor){.u = u, .v = v};
  return find_rings(grid, &point, &alignment_rings, reach, anchor->at);
}

float grid_find_corner(const struct grid *grid, const struct lattice_point *near, float reach, float at[2]) {
  return find_rings(grid, near, &finder_rings, reach, at);
}
