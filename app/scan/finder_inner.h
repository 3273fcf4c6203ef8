/* SPDX-License-Identifier: Apache-2.0
 * The finder's parts among themselves. A frame becomes a pyramid, each level half of the one before it;
 * a pixel of the third level up is the mean of a block of 8 x 8, which gives a level its thresholds for
 * nothing. The same search on every level finds modules of 1.5 to 40 pixels, and noise is averaged away.
 */
#ifndef YINGBIN_SCAN_FINDER_INNER_H
#define YINGBIN_SCAN_FINDER_INNER_H

#include "scan/finder.h"

enum {
  FINDER_SIDE_MAX = 4096,
  FINDER_LEVELS = 13,  /* 4096 down to 1 */
  FINDER_BLOCK = 3,    /* levels up: the block that has one threshold, 8 pixels a side */
  FINDER_LINES = 8,    /* directions in which a pattern is measured, over half a turn */
  FINDER_CROSSES = 160 /* patterns at most, before the best are chosen */
};

struct finder_level {
  const uint8_t *grey;      /* level 0 is the frame itself */
  const uint8_t *threshold; /* one a block, `blocks` a row; a pixel below it is dark; 0: a flat block */
  int32_t w, h, stride, blocks;
  int32_t shift; /* a pixel is 1 << shift pixels of the frame */
};

/* A pattern as it was measured. Lengths are pixels of the frame. */
struct finder_cross {
  float x, y, module;
  float reach[FINDER_LINES]; /* one module's length in the direction i * pi / FINDER_LINES, as a square's outline has it */
  float sure;                /* 0 to 1: how many of its directions are right */
  uint16_t seen;
  bool inverted;
};

struct finder {
  uint8_t *block; /* owned: the pyramid and what belongs to it */
  size_t room;
  float grain; /* how much neighbours differ where the frame is flattest: its noise */
  struct finder_level level[FINDER_LEVELS];
  int32_t levels;
  struct finder_cross cross[FINDER_CROSSES];
  int32_t crosses;
};

/* How far it is to 1:1:3:1:1, from six edges along a line: true where it fits. Distances between edges of one kind, as
 * a threshold too high or low moves all dark to light edges one way and all others the other way. */
static inline bool finder_ratio_fits(const float *e) {
  float eighth = (e[3] - e[1] + e[4] - e[2]) / 8, slack = eighth * 0.7f + 0.75f;
  float first = e[2] - e[0] - 2 * eighth, last = e[5] - e[3] - 2 * eighth, core = e[3] - e[1] - (e[4] - e[2]);
  return first < slack && first > -slack && last < slack && last > -slack && core < slack && core > -slack &&
         e[3] - e[2] > 1.3f * eighth;
}

static inline bool finder_is_dark(const struct finder_level *level, int32_t x, int32_t y) {
  int32_t block = (y >> FINDER_BLOCK) * level->blocks + (x >> FINDER_BLOCK);
  return level->grey[(int64_t)y * level->stride + x] < level->threshold[block];
}

/* The pyramid of a frame with its thresholds. False: no memory. */
bool finder_levels(struct finder *finder, const struct frame *frame);

/* Rows of a level in which 1:1:3:1:1 stands, each checked across and kept in finder->cross. */
void finder_lines(struct finder *finder, const struct finder_level *level);

/* A row of the level has the right runs round (x, y), in its pixels, with modules of this size: checks it in all other
 * directions, and keeps it. False: nothing is there. */
bool finder_cross_at(struct finder *finder, const struct finder_level *level, float x, float y, float module, bool inverted);

/* The view of what was found. */
void finder_places(struct finder *finder, struct finder_view *view);

#endif
