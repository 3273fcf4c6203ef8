/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "scan/finder_inner.h"

enum { WORDS = FINDER_SIDE_MAX / 64, TRIES = 4000, EIGHT_MIN = 10, EIGHT_MAX = 136 };

/* The thresholds of a row of blocks, one a pixel, going from one block's middle to the next one's in a straight line. */
static void spread(const struct finder_level *level, int32_t block_row, uint8_t *line) {
  const uint8_t *threshold = level->threshold + (int64_t)block_row * level->blocks;
  int32_t blocks = (level->w + 7) >> FINDER_BLOCK;
  for (int32_t i = 0; i < blocks; i++) memset(line + 8 * i, threshold[i], 8);
}

/* The compiler compares as many pixels at once as the machine can; the multiplication brings the lowest bit of each of eight
 * bytes into one. It is as fast as instructions made for it. */
uint64_t finder_dark(const uint8_t *restrict grey, const uint8_t *restrict threshold) {
  uint8_t dark[64];
  uint64_t word = 0;
  for (int i = 0; i < 64; i++) dark[i] = grey[i] < threshold[i];
  for (int i = 0; i < 64; i += 8) {
    uint64_t eight = 0;
    for (int j = 0; j < 8; j++) eight |= (uint64_t)dark[i + j] << 8 * j;
    word |= (eight * UINT64_C(0x0102040810204080) >> 56) << i;
  }
  return word;
}

/* How many bits of each byte are set. */
static uint64_t bits_of_bytes(uint64_t word) {
  word -= word >> 1 & UINT64_C(0x5555555555555555);
  word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
  return (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
}

/* To a block's count for each byte; a block has four rows of at most 8 turns. */
static void count(uint8_t *blocks, uint64_t turns) {
  uint64_t sum;
  memcpy(&sum, blocks, sizeof sum);
  sum += bits_of_bytes(turns);
  memcpy(blocks, &sum, sizeof sum);
}

struct row {
  const uint8_t *grey, *threshold;
  uint64_t *above;        /* the row that was counted before it */
  uint8_t *across, *down; /* its blocks; NULL: it isn't counted */
  uint16_t *edge;
};

/* Where the row turns from light to dark and back: even ones begin dark runs. */
static int32_t edges_of(const struct row *row, int32_t w) {
  int32_t edges = 0;
  uint64_t before = 0;
  for (int32_t x = 0; x < w; x += 64) {
    uint8_t last[64];
    const uint8_t *grey = row->grey + x;
    if (w - x < 64) {
      memset(last, 255, sizeof last);
      memcpy(last, grey, (size_t)(w - x));
      grey = last;
    }
    uint64_t dark = finder_dark(grey, row->threshold + x), turns = dark ^ (dark << 1 | before);
    if (row->across) {
      count(row->across + x / 8, turns);
      count(row->down + x / 8, dark ^ row->above[x / 64]);
      row->above[x / 64] = dark;
    }
    for (; turns; turns &= turns - 1) row->edge[edges++] = (uint16_t)(x + __builtin_ctzll(turns));
    before = dark >> 63;
  }
  if (edges & 1) row->edge[edges++] = (uint16_t)w;
  return edges;
}

enum { MERGED = 1, WHOLE = 2 };

static int16_t size_of(int16_t v) { return v < 0 ? (int16_t)-v : v; }
static int16_t greater(int16_t a, int16_t b) { return a > b ? a : b; }
static int16_t lesser(int16_t a, int16_t b) { return a < b ? a : b; }

/* For each edge, whether it and the five after it are 1:1:3:1:1, or 1:3:1 in a frame that runs on: as many edges at once as the
 * machine has room for, so all is 16 bits wide; what overflows is wider than any pattern that is looked for here, and refused.
 * Distances between edges of one kind count, as a threshold too high or low moves all that go from dark to light one way and
 * all others the other way. */
static void fits_of(const uint16_t *restrict edge, int32_t n, int16_t least, int16_t loose, int16_t *restrict fits) {
  for (int32_t i = 0; i < n; i++) {
    int16_t frame = (int16_t)(edge[i + 1] - edge[i]), core = (int16_t)(edge[i + 3] - edge[i + 2]);
    int16_t frame_after = (int16_t)(edge[i + 5] - edge[i + 4]);
    int16_t one = (int16_t)(edge[i + 3] - edge[i + 1]), other = (int16_t)(edge[i + 4] - edge[i + 2]);
    int16_t eight = (int16_t)(one + other), four = (int16_t)(eight / 2), slack = (int16_t)(eight / 3 + loose);
    int16_t first = size_of((int16_t)(4 * (edge[i + 2] - edge[i]) - eight));
    int16_t last = size_of((int16_t)(4 * (edge[i + 5] - edge[i + 3]) - eight));
    int16_t uneven = size_of((int16_t)(4 * (one - other)));
    int16_t thin = (int16_t)(6 * lesser(frame, frame_after)), thick = (int16_t)(2 * greater(frame, frame_after));
    int16_t core4 = (int16_t)(4 * core), whole = (int16_t)(core4 > (int16_t)(eight - four / 2)) &
                                                 (core4 < (int16_t)(2 * eight + four)) &
                                                 (greater(greater(first, last), uneven) < slack);
    int16_t merged = (int16_t)((core4 > (int16_t)(eight + four / 2)) & (core4 < (int16_t)(eight + four + four / 2)) &
                               (thin > four) & (thick > four) & ((int16_t)(2 * uneven) < slack) & (eight > 18));
    fits[i] = (int16_t)(-((eight >= least) & (eight <= EIGHT_MAX)) & (whole * WHOLE | merged * MERGED));
  }
}

static void try_row(struct finder *finder, const struct finder_level *level, int32_t y, const uint16_t *edge, int32_t i,
                    bool merged) {
  const uint16_t *e = edge + i;
  struct finder_hint hint = {.x = (float)(e[1] + e[2] + e[3] + e[4]) / 4,
                             .y = (float)y + 0.5f,
                             .module = (float)(e[3] - e[1] + e[4] - e[2]) / 8,
                             .level = (int16_t)level->shift,
                             .inverted = i & 1,
                             .merged = merged};
  if (merged) {
    if (finder->hints < FINDER_HINTS) finder->merged[finder->hints++] = hint;
    return;
  }
  hint.x = (4 * hint.x + (float)(e[0] + e[5])) / 6;
  finder_cross_at(finder, &hint);
}

void finder_lines(struct finder *finder, const struct finder_level *level) {
  uint8_t line[FINDER_SIDE_MAX + 64];
  uint16_t edge[FINDER_SIDE_MAX + 64];
  uint64_t above[WORDS] = {0};
  int16_t least = level->shift == 0 && finder->grain > 12 ? 20 : finder->sharp ? 8 : EIGHT_MIN;
  int16_t fits[FINDER_SIDE_MAX + 64];
  int32_t step = level->shift == 0 ? 2 : 1, block_row = -1;
  memset(line, 0, sizeof line);
  int32_t megapixels = 1 + level->w * level->h / (1 << 20), tries = TRIES * megapixels;
  finder->stars = FINDER_STARS * megapixels / (level->shift == 0 ? 1 : 2);
  for (int32_t y = level->h > 1; y < level->h && tries > 0; y += step) {
    if (y >> FINDER_BLOCK != block_row) spread(level, block_row = y >> FINDER_BLOCK, line);
    bool counted = y & 1;
    const struct row row = {.grey = level->grey + (int64_t)y * level->stride,
                            .threshold = line,
                            .above = above,
                            .across = counted ? level->across + (int64_t)block_row * level->blocks : NULL,
                            .down = level->down + (int64_t)block_row * level->blocks,
                            .edge = edge};
    int32_t edges = edges_of(&row, level->w);
    if (edges < 6) continue;
    fits_of(edge, edges - 5, least, finder->sharp ? 1 : 3, fits);
    memset(fits + edges - 5, 0, 4 * sizeof *fits);
    for (int32_t i = 0; i < edges - 5; i += 4) {
      uint64_t any;
      memcpy(&any, fits + i, sizeof any);
      if (!any) continue;
      for (int32_t j = i; j < i + 4; j++) {
        if (!fits[j]) continue;
        try_row(finder, level, y, edge, j, !(fits[j] & WHOLE));
        tries--;
      }
    }
  }
}
