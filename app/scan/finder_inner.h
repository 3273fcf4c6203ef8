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
  FINDER_LEVELS = 13,   /* 4096 down to 1 */
  FINDER_BLOCK = 3,     /* levels up: the block that has one threshold, 8 pixels a side */
  FINDER_LINES = 8,     /* directions in which a pattern is measured, over half a turn */
  FINDER_CROSSES = 160, /* patterns at most, before the best are chosen */
  FINDER_HINTS = 1536,
  FINDER_STARS = 160
};

struct finder_level {
  const uint8_t *grey;      /* level 0 is the frame itself */
  const uint8_t *threshold; /* one a block, `blocks` a row; a pixel below it is dark; 0: a flat block */
  uint8_t *across, *down;   /* one a block: how often its rows and columns turn from dark to light and back, every second row */
  const uint8_t *range;     /* one a block: brightest less darkest of what its threshold is from */
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

/* Where a row of a level has the runs of a pattern's middle: a place to look at from all other directions. */
struct finder_hint {
  float x, y, module; /* in the level's pixels */
  int16_t level;
  bool inverted;
  bool sharp;
  bool merged; /* its frame may run on into what is round it, as it does without a quiet zone: only 1:3:1 is sure */
};

struct finder {
  uint8_t *block; /* owned: the pyramid and what belongs to it */
  size_t room;
  float grain; /* how much neighbours differ where the frame is flattest: its noise */
  bool sharp;  /* drawn pixel by pixel: modules may be one pixel */
  struct finder_level level[FINDER_LEVELS];
  int32_t levels;
  struct finder_cross cross[FINDER_CROSSES];
  int32_t crosses;
  int32_t stars;                           /* that may still be measured, on this level: the dearest of all looks */
  struct finder_hint merged[FINDER_HINTS]; /* put off: many, and only needed where nothing better is found */
  int32_t hints;
  uint8_t *polarity, *sums, *marks; /* texture's: one a block of the largest level */
  int32_t *todo;                    /* the same */
};

static inline bool finder_is_dark(const struct finder_level *level, int32_t x, int32_t y) {
  int32_t block = (y >> FINDER_BLOCK) * level->blocks + (x >> FINDER_BLOCK);
  return level->grey[(int64_t)y * level->stride + x] < level->threshold[block];
}

/* The pyramid of a frame with its thresholds. False: no memory. */
bool finder_levels(struct finder *finder, const struct frame *frame);

/* 64 pixels to a word, the leftmost in the lowest bit: set where it is below its threshold. */
uint64_t finder_dark(const uint8_t *grey, const uint8_t *threshold);

/* Rows of a level in which 1:1:3:1:1 stands, each checked across and kept in finder->cross. */
void finder_lines(struct finder *finder, const struct finder_level *level);

/* Looks at the hint from all directions, and keeps what is a pattern. */
void finder_cross_at(struct finder *finder, const struct finder_hint *hint);

struct finder_star {                                       /* a pattern along rays from its middle */
  float edge[2 * FINDER_LINES][3], unit[2 * FINDER_LINES]; /* in the level's pixels: its edges, and a module */
  bool right[2 * FINDER_LINES], open[2 * FINDER_LINES];    /* open: without the last edge */
  int count, opens;
};

/* Measures the pattern of the hint, and moves the hint to its middle. False: too few rays are like a pattern's. */
bool finder_star(const struct finder_level *level, struct finder_hint *hint, struct finder_star *star);

/* Places where all is as rough as a code, appended to the view where nothing is yet. */
void finder_texture(struct finder *finder, struct finder_view *view);

/* A module's length in a direction. */
float finder_reach(const struct finder_cross *cross, float dx, float dy);

/* How far a value is from 1: 0 at 1, and 1 at the ratio and at its inverse. */
float finder_off(float value, float ratio);

/* The corners of a code whose patterns are at a point and, seen from there, at a and b, that many modules away. */
void finder_corners(struct finder_place *place, const float *at, const float *a, const float *b, float modules_a,
                    float modules_b);

/* Places with two patterns of a code whose third was not seen, appended to the view. */
void finder_pairs(struct finder *finder, struct finder_view *view);

/* Whether rows and columns turn from dark to light as often as a code's, round this pixel of the frame, on the level where
 * modules of this size are a few pixels. */
bool finder_turns(const struct finder *finder, float x, float y, float module);

/* The view of what was found. */
void finder_places(struct finder *finder, struct finder_view *view);

#endif
