/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_lens.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { REACH_MAX = 24, ONE = 1 << 12 };

/* weight[0] is the middle; all together are ONE. Returns the reach. */
static int weigh(double sigma, int32_t weight[REACH_MAX + 1]) {
  int reach = (int)fmin(REACH_MAX, ceil(2.7 * sigma));
  double sum = 0;
  int32_t sides = 0;
  for (int i = -reach; i <= reach; i++) sum += exp(-i * i / (2 * sigma * sigma));
  for (int i = 1; i <= reach; i++) sides += 2 * (weight[i] = (int32_t)lround(ONE * exp(-i * i / (2 * sigma * sigma)) / sum));
  weight[0] = ONE - sides;
  return reach;
}

/* One row from rows (or shifted rows): out[x] = the weighted mean of tap[-reach..reach][x]. */
static void mix(const uint8_t *const *tap, int reach, const int32_t *weight, int32_t w, uint8_t *out) {
  int32_t sum[256];
  for (int32_t from = 0; from < w; from += 256) {
    int32_t n = w - from < 256 ? w - from : 256;
    for (int32_t x = 0; x < n; x++) sum[x] = ONE / 2;
    for (int i = -reach; i <= reach; i++) {
      const uint8_t *row = tap[i + reach] + from;
      int32_t by = weight[i < 0 ? -i : i];
      for (int32_t x = 0; x < n; x++) sum[x] += by * row[x];
    }
    for (int32_t x = 0; x < n; x++) out[from + x] = (uint8_t)(sum[x] / ONE);
  }
}

static int32_t within(int32_t v, int32_t size) { return v < 0 ? 0 : v >= size ? size - 1 : v; }

void lens_defocus(uint8_t *luma, int32_t w, int32_t h, double sigma, uint8_t *scratch) {
  enum { WIDEST = 8192 };
  int32_t weight[REACH_MAX + 1];
  const uint8_t *tap[2 * REACH_MAX + 1];
  uint8_t wide[WIDEST + 2 * REACH_MAX];
  if (sigma < 0.2 || w > WIDEST) return;
  int reach = weigh(sigma, weight);
  for (int32_t y = 0; y < h; y++) {
    for (int i = -reach; i <= reach; i++) tap[i + reach] = luma + (size_t)within(y + i, h) * (size_t)w;
    mix(tap, reach, weight, w, scratch + (size_t)y * (size_t)w);
  }
  for (int i = -reach; i <= reach; i++) tap[i + reach] = wide + reach + i;
  for (int32_t y = 0; y < h; y++) {
    const uint8_t *row = scratch + (size_t)y * (size_t)w;
    memset(wide, row[0], (size_t)reach);
    memcpy(wide + reach, row, (size_t)w);
    memset(wide + reach + w, row[w - 1], (size_t)reach);
    mix(tap, reach, weight, w, luma + (size_t)y * (size_t)w);
  }
}

void lens_expose(uint8_t *luma, int32_t w, int32_t h, double gain, double lift) {
  uint8_t level[256];
  for (int i = 0; i < 256; i++) level[i] = (uint8_t)lround(fmax(0, fmin(255, gain * i + lift)));
  for (size_t i = 0, n = (size_t)w * (size_t)h; i < n; i++) luma[i] = level[luma[i]];
}
