/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scan/finder_inner.h"

enum { ALIGN = 64, RADIUS = 2, FLAT = 18, LINES_LEVEL_MIN = 24 };

struct finder *finder_open(void) {
  return calloc(1, sizeof(struct finder));
}

void finder_close(struct finder *finder) {
  if (!finder) return;
  free(finder->block);
  free(finder);
}

static int32_t aligned(int32_t n) { return (n + ALIGN - 1) / ALIGN * ALIGN; }

/* What a frame of this size needs: all levels but the first, and a row of thresholds and of ranges for each. */
static bool make_room(struct finder *finder, int32_t w, int32_t h) {
  size_t need = 0;
  int32_t level = 0;
  for (int32_t lw = w, lh = h; level < FINDER_LEVELS; level++, lw = (lw + 1) / 2, lh = (lh + 1) / 2)
    need += (size_t)aligned(lw) * (size_t)lh * (level == 0 ? 0 : level < FINDER_BLOCK ? 1 : 5);
  if (need > finder->room) {
    uint8_t *block = aligned_alloc(ALIGN, need);
    if (!block) return false;
    free(finder->block);
    finder->block = block;
    finder->room = need;
  }
  return true;
}

static void halve(const struct finder_level *from, struct finder_level *to, uint8_t *out) {
  for (int32_t y = 0; y < to->h; y++) {
    const uint8_t *restrict a = from->grey + (int64_t)(2 * y) * from->stride;
    const uint8_t *restrict b = 2 * y + 1 < from->h ? a + from->stride : a;
    uint8_t *restrict row = out + (int64_t)y * to->stride;
    int32_t pairs = from->w / 2;
    for (int32_t x = 0; x < pairs; x++) row[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
    for (int32_t x = pairs; x < to->stride; x++) row[x] = (uint8_t)((a[from->w - 1] + b[from->w - 1] + 1) >> 1);
  }
  to->grey = out;
}

/* The darkest and brightest of each block, from the level above: noise counts half there. */
static void block_ranges(const struct finder_level *half, const struct finder_level *means, uint8_t *low, uint8_t *high) {
  for (int32_t by = 0; by < means->h; by++) {
    for (int32_t bx = 0; bx < means->w; bx++) {
      int dark = 255, light = 0;
      int32_t x1 = 4 * bx + 4 < half->w ? 4 * bx + 4 : half->w, y1 = 4 * by + 4 < half->h ? 4 * by + 4 : half->h;
      for (int32_t y = 4 * by; y < y1; y++) {
        const uint8_t *row = half->grey + (int64_t)y * half->stride;
        for (int32_t x = 4 * bx; x < x1; x++) {
          dark = row[x] < dark ? row[x] : dark;
          light = row[x] > light ? row[x] : light;
        }
      }
      low[by * means->stride + bx] = (uint8_t)dark;
      high[by * means->stride + bx] = (uint8_t)light;
    }
  }
}

static int32_t clamped(int32_t i, int32_t n) { return i < 0 ? 0 : i >= n ? n - 1 : i; }

/* A block's threshold: the mean of the 5 x 5 blocks round it, unless all of these together are flat. */
static void thresholds(const struct finder_level *means, const uint8_t *low, const uint8_t *high, uint8_t *threshold) {
  for (int32_t by = 0; by < means->h; by++) {
    for (int32_t bx = 0; bx < means->w; bx++) {
      int dark = 255, light = 0, sum = 0;
      for (int32_t y = by - RADIUS; y <= by + RADIUS; y++) {
        const int32_t row = clamped(y, means->h) * means->stride;
        for (int32_t x = bx - RADIUS; x <= bx + RADIUS; x++) {
          int32_t at = row + clamped(x, means->w);
          dark = low[at] < dark ? low[at] : dark;
          light = high[at] > light ? high[at] : light;
          sum += means->grey[at];
        }
      }
      threshold[by * means->stride + bx] = (uint8_t)(light - dark < FLAT ? 0 : sum / 25);
    }
  }
}

static void build_levels(struct finder *finder, const struct frame *frame) {
  uint8_t *next = finder->block;
  finder->level[0] = (struct finder_level){.grey = frame->luma, .w = frame->w, .h = frame->h, .stride = frame->stride};
  for (int32_t i = 1; i < FINDER_LEVELS; i++) {
    struct finder_level *level = &finder->level[i], *below = level - 1;
    *level = (struct finder_level){.w = (below->w + 1) / 2, .h = (below->h + 1) / 2, .shift = i};
    level->stride = aligned(level->w);
    halve(below, level, next);
    next += (int64_t)level->stride * level->h;
  }
  finder->levels = 0;
  for (int32_t i = 0; i + FINDER_BLOCK < FINDER_LEVELS; i++) {
    struct finder_level *level = &finder->level[i], *means = level + FINDER_BLOCK;
    if (i > 0 && (level->w < LINES_LEVEL_MIN || level->h < LINES_LEVEL_MIN)) break;
    int64_t size = (int64_t)means->stride * means->h;
    uint8_t *low = next, *high = next + size, *threshold = next + 2 * size;
    block_ranges(level + 1, means, low, high);
    thresholds(means, low, high, threshold);
    level->threshold = threshold;
    level->blocks = means->stride;
    next += 3 * size;
    finder->levels++;
  }
  assert(next <= finder->block + finder->room);
}

bool finder_look(struct finder *finder, const struct frame *frame, struct finder_view *view) {
  view->patterns = view->places = 0;
  if (frame->w < 1 || frame->h < 1 || frame->w > FINDER_SIDE_MAX || frame->h > FINDER_SIDE_MAX) return false;
  if (!make_room(finder, frame->w, frame->h)) return false;
  build_levels(finder, frame);
  finder->crosses = 0;
  for (int32_t i = 0; i < finder->levels; i++) finder_lines(finder, &finder->level[i]);
  finder_places(finder, view);
  return true;
}
