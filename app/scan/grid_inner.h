/* SPDX-License-Identifier: Apache-2.0
 * The grid reader's parts among themselves. grid_fit.c puts a lattice onto the picture by the edges between
 * modules whose colours are known; grid_measure.c says how dark each module is against its neighbourhood;
 * grid_blur.c takes back out what of a module's neighbours was smeared into it. grid.c tries.
 */
#ifndef YINGBIN_SCAN_GRID_INNER_H
#define YINGBIN_SCAN_GRID_INNER_H

#include "scan/grid.h"
#include "scan/lattice.h"

enum { GRID_MODULES = QR_SIDE_MAX * QR_SIDE_MAX, GRID_SUMS = (QR_SIDE_MAX + 1) * (QR_SIDE_MAX + 1) };

enum { GRID_BLUR = 2, GRID_PADDED = (QR_SIDE_MAX + 2 * GRID_BLUR) * (QR_SIDE_MAX + 2 * GRID_BLUR) };

enum { GRID_WAYS = 7, GRID_BEST = 2 };

struct grid_fitted {
  struct lattice lattice;
  float contrast, likeness;
  bool inverted;
};

struct grid {
  const struct frame *frame; /* borrowed, while reading */
  bool inverted;
  float contrast; /* dark to light in the finder patterns, in grey levels */
  struct lattice lattice;
  int32_t side;               /* that `fixed` is for */
  int8_t fixed[GRID_MODULES]; /* 1 dark, -1 light, 0 unknown, as for the other two */
  int8_t known[GRID_MODULES]; /* what a fit goes by */
  float grey[GRID_MODULES];   /* as sampled; inverted ones already turned */
  float value[GRID_MODULES];  /* 1 dark, -1 light, against the neighbourhood */
  float weight[GRID_MODULES]; /* half the local contrast, in grey levels */
  float chance[GRID_MODULES]; /* logarithm of the ratio of the chances of dark and light */
  float next[GRID_MODULES];
  float part[GRID_PADDED], rest[GRID_PADDED], colour[GRID_PADDED];
  float sum[2][GRID_SUMS], number[GRID_SUMS];
  struct qr_grid out[GRID_WAYS];
  struct finder_view patch;
};

/* The grey between pixels; outside the frame it is the border's. Any x and y. */
static inline float grid_grey(const struct grid *grid, float x, float y) {
  const struct frame *frame = grid->frame;
  float right = (float)(frame->w - 1), bottom = (float)(frame->h - 1);
  x -= 0.5f;
  y -= 0.5f;
  x = x > 0 ? x < right ? x : right : 0;
  y = y > 0 ? y < bottom ? y : bottom : 0;
  int32_t ix = (int32_t)x, iy = (int32_t)y;
  if (ix > frame->w - 2) ix = frame->w - 2;
  if (iy > frame->h - 2) iy = frame->h - 2;
  const uint8_t *p = frame->luma + (int64_t)iy * frame->stride + ix, *q = p + frame->stride;
  float fx = x - (float)ix, fy = y - (float)iy;
  float top = (float)p[0] + fx * (float)(p[1] - p[0]), low = (float)q[0] + fx * (float)(q[1] - q[0]);
  float grey = top + fy * (low - top);
  return grid->inverted ? 255 - grey : grey;
}

/* A place that the lattice has to go through, found by other means than edges. */
struct grid_anchor {
  float u, v, at[2], weight;
};

struct grid_fit { /* how it went: edges looked at, those that turn the right way, and how far off they were, in modules */
  int32_t edges, right;
  float off;
};

/* One step: moves the lattice to where edges between modules of known, different colours are. */
struct grid_fit grid_fit(const struct grid *grid, struct lattice *lattice, const int8_t *known, float stiff,
                         const struct grid_anchor *anchor, int anchors);

/* A pattern's own lattice of seven modules. Returns how much of it is as it must be: 0 to 1. */
float grid_corner(struct grid *grid, float x, float y, const float right[2], const float down[2], struct lattice *corner);

enum { GRID_CORNERS = 3, GRID_STARTS = 6 }; /* top left, top right, bottom left */

struct grid_start { /* what the patterns say by themselves */
  struct lattice corner[GRID_CORNERS];
  bool seen[GRID_CORNERS];
  float sides[2]; /* modules from pattern to pattern */
  float ratio[2]; /* how much larger modules are at the top left one, as a root */
  float contrast; /* dark to light, in grey levels */
  float likeness; /* of the worst pattern: 0 to 1 */
};

/* One start from three patterns, several from two: which of the three is missing isn't known then. Likeliest first. */
int grid_starts(struct grid *grid, const struct finder_view *view, const struct finder_place *place,
                struct grid_start start[GRID_STARTS]);
/* Where the middles of the patterns are in a symbol of this side; of one that wasn't seen, where it has to be. */
void grid_start_middles(const struct grid_start *start, int32_t side, float at[GRID_CORNERS][2]);

/* Looks for an alignment pattern within `reach` modules of where (u, v) is thought to be: the likeness of what was found. */
float grid_find_alignment(const struct grid *grid, const struct lattice *lattice, float u, float v, float reach,
                          struct grid_anchor *anchor);

/* The same for a finder pattern. */
float grid_find_corner(const struct grid *grid, const struct lattice_point *near, float reach, float at[2]);

/* Finder patterns within a place that has none, or round one that was seen in it, by correlation: true where three of
 * them, or two, can be one code. */
bool grid_patch(struct grid *grid, const struct finder_view *seen, const struct finder_place *place, struct finder_view *view);

/* grey, then value, weight and chance of every module. */
void grid_sample(struct grid *grid, float area);
void grid_judge(struct grid *grid);
/* The same for light that changes steeply: a lamp's reflection. From the values as they are, or if start is not 0 from
 * the mean of that many modules round each. */
void grid_judge_steep(struct grid *grid, int start);
/* Likeness of the known modules with what stands there: 1 all, 0 none. Finder patterns don't count. */
float grid_likeness(const struct grid *grid);

/* From value and weight to chance again, less what neighbours did, if blur spreads a module by about this much at first
 * sight. False: it can't be told. */
bool grid_deblur(struct grid *grid, float spread);

#endif
