/* SPDX-License-Identifier: Apache-2.0
 * The grid reader's memory, and its measuring. grid_fit.h puts a lattice onto the picture; grid_measure.c says
 * how dark each module is against its neighbourhood; grid_blur.c takes back out what of a module's neighbours
 * was smeared into it. grid.c tries.
 */
#ifndef YINGBIN_SCAN_GRID_INNER_H
#define YINGBIN_SCAN_GRID_INNER_H

#include "scan/grid.h"
#include "scan/lattice.h"

enum { GRID_MODULES = QR_SIDE_MAX * QR_SIDE_MAX, GRID_SUMS = (QR_SIDE_MAX + 1) * (QR_SIDE_MAX + 1) };

enum { GRID_BLUR = 2, GRID_PADDED = (QR_SIDE_MAX + 2 * GRID_BLUR) * (QR_SIDE_MAX + 2 * GRID_BLUR) };

enum { GRID_WAYS = 6, GRID_BEST = 2 };

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
