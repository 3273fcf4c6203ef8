/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prepare.h"

#include <stddef.h>
#include <string.h>

static void add_row(uint32_t *restrict sums, const uint8_t *restrict row, int32_t w) {
  for (int32_t x = 0; x < w; x++) sums[x] += row[x];
}

static void take_row(uint32_t *restrict sums, const uint8_t *restrict row, int32_t w) {
  for (int32_t x = 0; x < w; x++) sums[x] -= row[x];
}

/* A square of the widest radius over the brightest pixels stays far below 2^32. */
static void threshold_row(const uint8_t *restrict row, int32_t w, int32_t radius, uint32_t rows, uint8_t inverted,
                          const uint32_t *restrict sums, uint8_t *restrict to) {
  uint32_t sum = 0, pixels = 0;
  for (int32_t x = 0; x < radius && x < w; x++, pixels += rows) sum += sums[x];
  for (int32_t x = 0; x < w; x++) {
    if (x + radius < w) {
      sum += sums[x + radius];
      pixels += rows;
    }
    if (x > radius) {
      sum -= sums[x - radius - 1];
      pixels -= rows;
    }
    to[x] = (uint8_t)((row[x] * pixels < sum ? 0 : 255) ^ inverted);
  }
}

void prepare_threshold(const uint8_t *from, int32_t w, int32_t h, int32_t radius, uint8_t inverted, uint32_t *sums,
                       uint8_t *to) {
  size_t stride = (size_t)w;
  uint32_t rows = 0;
  memset(sums, 0, stride * sizeof *sums);
  for (int32_t y = 0; y < radius && y < h; y++, rows++) add_row(sums, from + (size_t)y * stride, w);
  for (int32_t y = 0; y < h; y++) {
    if (y + radius < h) {
      add_row(sums, from + (size_t)(y + radius) * stride, w);
      rows++;
    }
    if (y > radius) {
      take_row(sums, from + (size_t)(y - radius - 1) * stride, w);
      rows--;
    }
    threshold_row(from + (size_t)y * stride, w, radius, rows, inverted ? 255 : 0, sums, to + (size_t)y * stride);
  }
}

void prepare_blur(const uint8_t *from, int32_t w, int32_t h, uint32_t *sums, uint8_t *to) {
  size_t stride = (size_t)w;
  for (int32_t y = 0; y < h; y++) {
    const uint8_t *row = from + (size_t)y * stride;
    const uint8_t *above = y > 0 ? row - stride : row, *below = y + 1 < h ? row + stride : row;
    uint8_t *out = to + (size_t)y * stride;
    for (int32_t x = 0; x < w; x++) sums[x] = above[x] + 2u * row[x] + below[x];
    for (int32_t x = 1; x + 1 < w; x++) out[x] = (uint8_t)((sums[x - 1] + 2 * sums[x] + sums[x + 1]) >> 4);
    out[0] = (uint8_t)(sums[0] >> 2);
    out[w - 1] = (uint8_t)(sums[w - 1] >> 2);
  }
}

void prepare_crop(const uint8_t *from, int32_t stride, int32_t x, int32_t y, int32_t w, int32_t h, uint8_t *to) {
  from += (size_t)y * (size_t)stride + (size_t)x;
  for (int32_t row = 0; row < h; row++) memcpy(to + (size_t)row * (size_t)w, from + (size_t)row * (size_t)stride, (size_t)w);
}

/* One new row lies a quarter of the way from `near` to `far`, the row next to it. */
static void double_row(const uint8_t *restrict near, const uint8_t *restrict far, int32_t w, uint8_t *restrict to) {
  int left = 3 * near[0] + far[0], here = left;
  for (int32_t x = 0; x < w; x++) {
    int right = x + 1 < w ? 3 * near[x + 1] + far[x + 1] : here;
    to[2 * x] = (uint8_t)((3 * here + left + 8) >> 4);
    to[2 * x + 1] = (uint8_t)((3 * here + right + 8) >> 4);
    left = here;
    here = right;
  }
}

void prepare_double(const uint8_t *from, int32_t w, int32_t h, uint8_t *to) {
  size_t stride = (size_t)w;
  for (int32_t y = 0; y < h; y++) {
    const uint8_t *row = from + (size_t)y * stride;
    double_row(row, y > 0 ? row - stride : row, w, to + (size_t)y * 4 * stride);
    double_row(row, y + 1 < h ? row + stride : row, w, to + ((size_t)y * 4 + 2) * stride);
  }
}

void prepare_halve(const uint8_t *from, int32_t w, int32_t h, uint8_t *to) {
  size_t stride = (size_t)w;
  for (int32_t y = 0; y < h / 2; y++) {
    const uint8_t *a = from + (size_t)y * 2 * stride, *b = a + stride;
    uint8_t *out = to + (size_t)y * (stride / 2);
    for (int32_t x = 0; x < w / 2; x++) out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
  }
}
