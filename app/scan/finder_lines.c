/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "scan/finder_inner.h"

enum { WORDS = FINDER_SIDE_MAX / 64, TRIES = 6000, PIXELS_MIN = 9 };

/* The thresholds of a row of blocks, one a pixel, going from one block's middle to the next one's in a straight line. */
static void spread(const struct finder_level *level, int32_t block_row, uint8_t *line) {
  const uint8_t *threshold = level->threshold + (int64_t)block_row * level->blocks;
  int32_t blocks = (level->w + 7) >> FINDER_BLOCK;
  for (int32_t i = 0; i < blocks; i++) memset(line + 8 * i, threshold[i], 8);
}

/* 64 pixels to a word, the leftmost in the lowest bit; set where it is dark. */
static uint64_t dark_word(const uint8_t *restrict grey, const uint8_t *restrict threshold) {
  uint8_t dark[64];
  uint64_t word = 0;
  for (int i = 0; i < 64; i++) dark[i] = grey[i] < threshold[i];
  for (int i = 0; i < 8; i++) {
    uint64_t eight;
    memcpy(&eight, dark + 8 * i, 8);
    word |= (eight * UINT64_C(0x0102040810204080) >> 56) << 8 * i;
  }
  return word;
}

/* Where the row turns from light to dark and back: even ones begin dark runs. */
static int32_t edges_of(const uint8_t *row, int32_t w, const uint8_t *line, uint16_t *edge) {
  int32_t count = 0;
  uint64_t before = 0;
  for (int32_t x = 0; x < w; x += 64) {
    uint8_t last[64];
    const uint8_t *grey = row + x;
    if (w - x < 64) {
      memset(last, 255, sizeof last);
      memcpy(last, grey, (size_t)(w - x));
      grey = last;
    }
    uint64_t dark = dark_word(grey, line + x);
    for (uint64_t turns = dark ^ (dark << 1 | before); turns; turns &= turns - 1)
      edge[count++] = (uint16_t)(x + __builtin_ctzll(turns));
    before = dark >> 63;
  }
  if (count & 1) edge[count++] = (uint16_t)w;
  return count;
}

static bool runs_fit(const uint16_t *at) {
  float e[6];
  if (at[5] - at[0] < PIXELS_MIN) return false;
  for (int i = 0; i < 6; i++) e[i] = at[i];
  return finder_ratio_fits(e);
}

void finder_lines(struct finder *finder, const struct finder_level *level) {
  static const int32_t first = 1;
  uint8_t line[FINDER_SIDE_MAX + 64];
  uint16_t edge[FINDER_SIDE_MAX + 2];
  int32_t step = level->shift == 0 ? 2 : 1, tries = TRIES, block_row = -1;
  memset(line, 0, sizeof line);
  for (int32_t y = level->h > first ? first : 0; y < level->h; y += step) {
    if (y >> FINDER_BLOCK != block_row) spread(level, block_row = y >> FINDER_BLOCK, line);
    int32_t edges = edges_of(level->grey + (int64_t)y * level->stride, level->w, line, edge);
    for (int32_t i = 0; i + 5 < edges && tries > 0; i++) {
      if (!runs_fit(edge + i)) continue;
      float middle = (float)(edge[i] + edge[i + 1] + edge[i + 2] + edge[i + 3] + edge[i + 4] + edge[i + 5]) / 6;
      float module = (float)(edge[i + 3] - edge[i + 1] + edge[i + 4] - edge[i + 2]) / 8;
      finder_cross_at(finder, level, middle, (float)y + 0.5f, module, i & 1);
      tries--;
    }
  }
}
