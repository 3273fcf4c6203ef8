/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scan/finder_inner.h"

/* FLAT: what 5 x 5 blocks must differ by to have edges at all. GRAIN: from here on a frame is noisy; from SHARP on it is no
 * camera's but drawn pixel by pixel. */
enum { ALIGN = 64, RADIUS = 2, FLAT = 18, LINES_LEVEL_MIN = 24 };
static const float GRAIN = 3, SHARP = 50;

static int32_t aligned(int32_t n) { return (n + ALIGN - 1) / ALIGN * ALIGN; }

/* What a frame of this size needs: each level, and for each that means blocks, its ranges and thresholds, and the same
 * again while they are made. */
static bool make_room(struct finder *finder, int32_t w, int32_t h) {
  size_t need = 0;
  for (int32_t i = 0; i < FINDER_LEVELS; i++, w = (w + 1) / 2, h = (h + 1) / 2)
    need += (size_t)aligned(w) * (size_t)h * (i < FINDER_BLOCK ? 1 : i == FINDER_BLOCK ? 14 : 9);
  if (need > finder->room) {
    uint8_t *block = aligned_alloc(ALIGN, need);
    if (!block) return false;
    free(finder->block);
    finder->block = block;
    finder->room = need;
  }
  return true;
}

static uint32_t difference(const uint8_t *restrict row) {
  uint32_t sum = 0;
  for (int i = 0; i < 64; i++) sum += (uint32_t)abs(row[i] - row[i + 1]);
  return sum;
}

/* The mean difference of neighbours in the flattest tenth of the frame. */
static float grain_of(const struct frame *frame) {
  uint32_t count[256] = {0}, all = 0, below = 0, at = 0;
  for (int32_t y = 4; y < frame->h; y += 8) {
    const uint8_t *row = frame->luma + (int64_t)y * frame->stride;
    for (int32_t x = 0; x + 65 <= frame->w; x += 64, all++) {
      uint32_t quarters = difference(row + x) / 16;
      count[quarters < 255 ? quarters : 255]++;
    }
  }
  if (all == 0) return 0;
  while ((below += count[at]) * 10 <= all) at++;
  return (float)at / 4;
}

static void blur_row(const uint8_t *restrict above, const uint8_t *restrict row, const uint8_t *restrict below, int32_t w,
                     uint16_t *restrict sum, uint8_t *restrict to) {
  for (int32_t x = 0; x < w; x++) sum[x + 1] = (uint16_t)(above[x] + 2 * row[x] + below[x]);
  sum[0] = sum[1];
  sum[w + 1] = sum[w];
  for (int32_t x = 0; x < w; x++) to[x] = (uint8_t)((sum[x] + 2 * sum[x + 1] + sum[x + 2] + 8) >> 4);
}

/* 1 2 1 across and down. */
static void blur(const struct finder_level *from, const struct finder_level *to, uint8_t *out) {
  uint16_t sum[FINDER_SIDE_MAX + 2];
  for (int32_t y = 0; y < from->h; y++) {
    const uint8_t *row = from->grey + (int64_t)y * from->stride;
    blur_row(y > 0 ? row - from->stride : row, row, y + 1 < from->h ? row + from->stride : row, from->w, sum,
             out + (int64_t)y * to->stride);
  }
}

/* Two rows to one of half their length. */
static void halve_row(const uint8_t *restrict a, const uint8_t *restrict b, int32_t pairs, uint8_t *restrict out) {
  for (int32_t x = 0; x < pairs; x++) {
    uint16_t above, below;
    memcpy(&above, a + 2 * x, 2);
    memcpy(&below, b + 2 * x, 2);
    out[x] = (uint8_t)(((above & 255) + (above >> 8) + (below & 255) + (below >> 8) + 2) >> 2);
  }
}

static void halve(const struct finder_level *from, const struct finder_level *to, uint8_t *out) {
  for (int32_t y = 0; y < to->h; y++) {
    const uint8_t *a = from->grey + (int64_t)(2 * y) * from->stride, *b = 2 * y + 1 < from->h ? a + from->stride : a;
    uint8_t *row = out + (int64_t)y * to->stride;
    int32_t pairs = from->w / 2;
    halve_row(a, b, pairs, row);
    uint8_t last = (uint8_t)((a[from->w - 1] + b[from->w - 1] + 1) >> 1);
    memset(row + pairs, last, (size_t)(to->stride - pairs));
  }
}

struct ranges { /* of blocks: the darkest, the brightest, and sums of means */
  uint8_t *low, *high;
  uint16_t *sum;
};

static void range_rows(const uint8_t *const *row, int32_t w, uint8_t *restrict low, uint8_t *restrict high) {
  const uint8_t *restrict a = row[0], *restrict b = row[1], *restrict c = row[2], *restrict d = row[3];
  for (int32_t x = 0; x < w; x++) {
    uint8_t l1 = a[x] < b[x] ? a[x] : b[x], l2 = c[x] < d[x] ? c[x] : d[x];
    uint8_t h1 = a[x] > b[x] ? a[x] : b[x], h2 = c[x] > d[x] ? c[x] : d[x];
    low[x] = l1 < l2 ? l1 : l2;
    high[x] = h1 > h2 ? h1 : h2;
  }
}

/* The lesser and the greater of each two neighbours. */
static void range_pairs(uint8_t *low, uint8_t *high, int32_t pairs, uint8_t *restrict low_out, uint8_t *restrict high_out) {
  for (int32_t x = 0; x < pairs; x++) {
    uint16_t l, h;
    memcpy(&l, low + 2 * x, 2);
    memcpy(&h, high + 2 * x, 2);
    uint16_t l1 = l & 255, l2 = l >> 8, h1 = h & 255, h2 = h >> 8;
    low_out[x] = (uint8_t)(l1 < l2 ? l1 : l2);
    high_out[x] = (uint8_t)(h1 > h2 ? h1 : h2);
  }
}

/* The darkest and brightest of each block, from the level above its own: noise counts half there. Rows of levels above
 * the first are padded with their last pixel, which leaves ranges as they are. */
static void block_ranges(const struct finder_level *half, const struct finder_level *means, struct ranges *ranges) {
  uint8_t low[FINDER_SIDE_MAX], high[FINDER_SIDE_MAX], low2[FINDER_SIDE_MAX], high2[FINDER_SIDE_MAX];
  for (int32_t by = 0; by < means->h; by++) {
    const uint8_t *row[4];
    for (int32_t i = 0; i < 4; i++) {
      int32_t y = 4 * by + i < half->h ? 4 * by + i : half->h - 1;
      row[i] = half->grey + (int64_t)y * half->stride;
    }
    range_rows(row, half->stride, low, high);
    range_pairs(low, high, half->stride / 2, low2, high2);
    range_pairs(low2, high2, half->stride / 4, ranges->low + by * means->stride, ranges->high + by * means->stride);
  }
}

/* Of five blocks in a row, the nearer ones count more: blurred and glaring modules differ from what is close to them. */
static const uint16_t weight[2 * RADIUS + 1] = {1, 4, 6, 4, 1};

/* Over a row of blocks: ranges and sums of five. */
static void five_across(const uint8_t *restrict low, const uint8_t *restrict high, const uint8_t *restrict mean, int32_t n,
                        uint8_t *restrict low_out, uint8_t *restrict high_out, uint16_t *restrict sum) {
  for (int32_t x = 0; x < n; x++) {
    uint8_t l = low[x], h = high[x];
    uint16_t s = (uint16_t)(weight[0] * mean[x]);
    for (int i = 1; i < 5; i++) {
      l = low[x + i] < l ? low[x + i] : l;
      h = high[x + i] > h ? high[x + i] : h;
      s = (uint16_t)(s + weight[i] * mean[x + i]);
    }
    low_out[x] = l;
    high_out[x] = h;
    sum[x] = s;
  }
}

/* A row with its ends repeated on both sides. */
static const uint8_t *widened(const uint8_t *row, int32_t n, uint8_t *to) {
  memset(to, row[0], RADIUS);
  memcpy(to + RADIUS, row, (size_t)n);
  memset(to + RADIUS + n, row[n - 1], RADIUS);
  return to;
}

static void across(const struct finder_level *means, const struct ranges *from, const struct ranges *to) {
  enum { WIDEST = FINDER_SIDE_MAX / 8 + 2 * RADIUS };
  uint8_t low[WIDEST], high[WIDEST], mean[WIDEST];
  for (int32_t by = 0; by < means->h; by++) {
    int32_t at = by * means->stride, n = means->w;
    five_across(widened(from->low + at, n, low), widened(from->high + at, n, high), widened(means->grey + at, n, mean), n,
                to->low + at, to->high + at, to->sum + at);
  }
}

/* The threshold of each block of a row from the five rows round it: the mean, but not in the outer quarters of the range, where
 * only noise would pass it; none where all is flat. */
static void five_down(const struct ranges *from, const int32_t *row, int32_t n, int flat, uint8_t *restrict threshold,
                      uint8_t *restrict ranges) {
  const uint8_t *restrict low = from->low, *restrict high = from->high;
  const uint16_t *restrict sum = from->sum;
  for (int32_t x = 0; x < n; x++) {
    uint8_t l = low[row[0] + x], h = high[row[0] + x];
    uint16_t s = (uint16_t)(weight[0] * sum[row[0] + x]);
    for (int i = 1; i < 5; i++) {
      uint8_t li = low[row[i] + x], hi = high[row[i] + x];
      l = li < l ? li : l;
      h = hi > h ? hi : h;
      s = (uint16_t)(s + weight[i] * sum[row[i] + x]); /* 255 in all of them is 65280 */
    }
    uint16_t range = (uint16_t)(h - l), least = (uint16_t)(l + (range >> 2)), most = (uint16_t)(h - (range >> 2));
    uint16_t mean = s >> 8;
    mean = mean < least ? least : mean > most ? most : mean;
    threshold[x] = (uint8_t)(range < flat ? 0 : mean);
    ranges[x] = (uint8_t)range;
  }
}

static int32_t clamped(int32_t i, int32_t n) { return i < 0 ? 0 : i >= n ? n - 1 : i; }

static void thresholds(const struct finder_level *half, const struct finder_level *means, int flat, uint8_t *threshold,
                       uint8_t *range) {
  int64_t size = (int64_t)means->stride * means->h;
  struct ranges one = {range + size, range + 2 * size, NULL};
  struct ranges five = {range + 3 * size, range + 4 * size, (uint16_t *)(void *)(range + 5 * size)};
  block_ranges(half, means, &one);
  across(means, &one, &five);
  for (int32_t by = 0; by < means->h; by++) {
    int32_t row[5];
    for (int32_t i = 0; i < 5; i++) row[i] = clamped(by + i - RADIUS, means->h) * means->stride;
    five_down(&five, row, means->w, flat, threshold + (int64_t)by * means->stride, range + (int64_t)by * means->stride);
  }
}

static uint8_t *first_level(struct finder *finder, const struct frame *frame, uint8_t *next) {
  struct finder_level *level = &finder->level[0];
  *level = (struct finder_level){.grey = frame->luma, .w = frame->w, .h = frame->h, .stride = frame->stride};
  finder->grain = grain_of(frame);
  finder->sharp = finder->grain > SHARP;
  if (finder->sharp) finder->grain = 0;
  if (finder->grain < GRAIN) return next;
  struct finder_level blurred = *level;
  blurred.stride = aligned(level->w);
  blur(level, &blurred, next);
  blurred.grey = next;
  *level = blurred;
  return next + (int64_t)blurred.stride * blurred.h;
}

bool finder_levels(struct finder *finder, const struct frame *frame) {
  if (!make_room(finder, frame->w, frame->h)) return false;
  uint8_t *next = first_level(finder, frame, finder->block);
  for (int32_t i = 1; i < FINDER_LEVELS; i++) {
    struct finder_level *level = &finder->level[i], *below = level - 1;
    *level = (struct finder_level){.w = (below->w + 1) / 2, .h = (below->h + 1) / 2, .shift = i};
    level->stride = aligned(level->w);
    halve(below, level, next);
    level->grey = next;
    next += (int64_t)level->stride * level->h;
  }
  finder->levels = 0;
  for (int32_t i = 0; i + FINDER_BLOCK < FINDER_LEVELS; i++) {
    struct finder_level *level = &finder->level[i], *means = level + FINDER_BLOCK;
    if (i > 0 && (level->w < LINES_LEVEL_MIN || level->h < LINES_LEVEL_MIN)) break;
    float noise = finder->grain * (i == 0 ? 1.6f : 0.6f);
    int64_t size = (int64_t)means->stride * means->h;
    thresholds(level + 1, means, FLAT + (int)noise, next, next + size);
    level->threshold = next;
    level->range = next + size;
    level->across = next + 2 * size;
    level->down = next + 3 * size;
    level->blocks = means->stride;
    memset(level->across, 0, 2 * (size_t)size);
    next += 4 * size;
    finder->levels++;
  }
  int64_t size = (int64_t)finder->level[FINDER_BLOCK].stride * finder->level[FINDER_BLOCK].h;
  finder->marks = next;
  finder->polarity = next + size;
  finder->sums = next + 2 * size;
  finder->todo = (int32_t *)(void *)(next + 3 * size);
  assert(next + 7 * size <= finder->block + finder->room);
  return true;
}
