/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "scan/grid_inner.h"

enum { NEAR = 4, WIDE = 7, ROUNDS = 2 };

void grid_sample(struct grid *grid, float area) {
  int32_t side = grid->lattice.side;
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      float u = (float)x + 0.5f, v = (float)y + 0.5f;
      struct lattice_point p = lattice_point(&grid->lattice, u, v);
      float sum = grid_grey(grid, p.at[0], p.at[1]);
      if (area > 0) {
        float ax = area * (p.right[0] + p.down[0]), ay = area * (p.right[1] + p.down[1]);
        float bx = area * (p.right[0] - p.down[0]), by = area * (p.right[1] - p.down[1]);
        sum += grid_grey(grid, p.at[0] + ax, p.at[1] + ay) + grid_grey(grid, p.at[0] - ax, p.at[1] - ay) +
               grid_grey(grid, p.at[0] + bx, p.at[1] + by) + grid_grey(grid, p.at[0] - bx, p.at[1] - by);
        sum /= 5;
      }
      grid->grey[y * side + x] = sum;
    }
  }
}

/* Sums of all above and to the left. */
static void sum_up(int32_t side, const float *of, float *sum) {
  int32_t row = side + 1;
  memset(sum, 0, (size_t)row * sizeof *sum);
  for (int32_t y = 0; y < side; y++) {
    float line = 0;
    float *out = sum + (y + 1) * row;
    out[0] = 0;
    for (int32_t x = 0; x < side; x++) {
      line += of[y * side + x];
      out[x + 1] = out[x + 1 - row] + line;
    }
  }
}

static float box(const float *sum, int32_t side, int32_t x, int32_t y, int32_t r, float *modules) {
  int32_t x0 = x < r ? 0 : x - r, y0 = y < r ? 0 : y - r, row = side + 1;
  int32_t x1 = x + r + 1 < side ? x + r + 1 : side, y1 = y + r + 1 < side ? y + r + 1 : side;
  *modules = (float)((x1 - x0) * (y1 - y0));
  return sum[y1 * row + x1] - sum[y1 * row + x0] - sum[y0 * row + x1] + sum[y0 * row + x0];
}

static void first_values(struct grid *grid) {
  int32_t side = grid->lattice.side;
  sum_up(side, grid->grey, grid->sum[0]);
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      float n, mean = box(grid->sum[0], side, x, y, WIDE, &n) / n;
      grid->value[y * side + x] = mean - grid->grey[y * side + x];
    }
  }
}

/* Light and dark are the means of what counts as light and dark near by: what is fixed counts as what it must be. A
 * neighbourhood of one colour takes the other one from a little further away. */
static void levels(struct grid *grid) {
  int32_t side = grid->lattice.side, all = side * side;
  float *dark = grid->guess, *darks = grid->rest;
  for (int32_t i = 0; i < all; i++) {
    bool is = grid->fixed[i] ? grid->fixed[i] > 0 : grid->value[i] > 0;
    darks[i] = is;
    dark[i] = is ? grid->grey[i] : 0;
  }
  sum_up(side, dark, grid->sum[1]);
  sum_up(side, darks, grid->number);
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      float n, low = 0, high = 0, lows = 0, highs = 0;
      for (int32_t r = NEAR; r <= 4 * NEAR && (lows < 4 || highs < 4); r += NEAR) {
        float sum = box(grid->sum[0], side, x, y, r, &n);
        low = box(grid->sum[1], side, x, y, r, &n);
        lows = box(grid->number, side, x, y, r, &n);
        high = sum - low;
        highs = n - lows;
      }
      low = lows > 0 ? low / lows : 0;
      high = highs > 0 ? high / highs : 255;
      float half = (high - low) / 2;
      int32_t i = y * side + x;
      grid->weight[i] = half > 0.5f ? half : 0.5f;
      grid->value[i] = ((high + low) / 2 - grid->grey[i]) / grid->weight[i];
    }
  }
}

/* How noisy: by how far modules are from the level that they should have, in grey levels; the worst tenth is left out. */
static float noise(const struct grid *grid) {
  int32_t all = grid->lattice.side * grid->lattice.side;
  float sum = 0;
  for (int32_t i = 0; i < all; i++) {
    float off = (1 - fabsf(grid->value[i])) * grid->weight[i];
    sum += off * off;
  }
  return sqrtf(sum / (float)all);
}

void grid_judge(struct grid *grid) {
  int32_t all = grid->lattice.side * grid->lattice.side;
  first_values(grid);
  for (int i = 0; i < ROUNDS; i++) levels(grid);
  float sigma = noise(grid);
  if (sigma < 3) sigma = 3;
  for (int32_t i = 0; i < all; i++) {
    float half = grid->weight[i], floor = 0.15f * half, square = sigma * sigma + floor * floor;
    grid->chance[i] = 2 * half * half * grid->value[i] / square;
  }
}

float grid_likeness(const struct grid *grid) {
  int32_t side = grid->lattice.side;
  float sum = 0, most = 0;
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      int8_t fixed = grid->fixed[y * side + x];
      bool finder = (x < 8 && (y < 8 || y >= side - 8)) || (x >= side - 8 && y < 8);
      if (fixed == 0 || finder) continue;
      float value = grid->value[y * side + x];
      value = value < -1 ? -1 : value > 1 ? 1 : value;
      sum += (float)fixed * value;
      most += fabsf(value);
    }
  }
  return most > 0 ? sum / most : 0;
}
