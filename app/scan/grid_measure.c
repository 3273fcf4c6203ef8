/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "scan/grid_inner.h"

enum { NEAR = 4, WIDE = 7, ROUNDS = 2, TIGHT = 4, BLOCK = 2, WINDOW = 2 * TIGHT, PLANE = 4, BURNT = 252 };

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

/* Against the mean of what is near, in its deviations. */
static void first_values(struct grid *grid, int32_t radius) {
  int32_t side = grid->lattice.side;
  for (int32_t i = 0; i < side * side; i++) grid->next[i] = grid->grey[i] * grid->grey[i];
  sum_up(side, grid->grey, grid->sum[0]);
  sum_up(side, grid->next, grid->sum[1]);
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      float n, mean = box(grid->sum[0], side, x, y, radius, &n) / n;
      float square = box(grid->sum[1], side, x, y, radius, &n) / n - mean * mean;
      grid->value[y * side + x] = (mean - grid->grey[y * side + x]) / sqrtf(square > 1 ? square : 1);
    }
  }
}

/* Light and dark are the means of what counts as light and dark near by: what is fixed counts as what it must be. A
 * neighbourhood of one colour takes the other one from a little further away. */
static void levels(struct grid *grid) {
  int32_t side = grid->lattice.side, all = side * side;
  float *dark = grid->colour, *darks = grid->rest;
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

/* How noisy: by how far modules are from the level that they should have, in grey levels. */
static float noise(const struct grid *grid) {
  int32_t all = grid->lattice.side * grid->lattice.side;
  float sum = 0;
  for (int32_t i = 0; i < all; i++) {
    float off = (1 - fabsf(grid->value[i])) * grid->weight[i];
    sum += off * off;
  }
  return sqrtf(sum / (float)all);
}

static void judge(struct grid *grid) {
  int32_t all = grid->lattice.side * grid->lattice.side;
  float sigma = noise(grid);
  if (sigma < 3) sigma = 3;
  for (int32_t i = 0; i < all; i++) {
    float half = grid->weight[i], floor = 0.15f * half, square = sigma * sigma + floor * floor;
    grid->chance[i] = 2 * half * half * grid->value[i] / square;
  }
}

void grid_judge(struct grid *grid) {
  first_values(grid, WIDE);
  for (int i = 0; i < ROUNDS; i++) levels(grid);
  judge(grid);
}

/* Sums for grey = a + b * dx + c * dy - d * colour, round a block of modules. */
struct plane {
  float square[PLANE][PLANE], off[PLANE];
};

static void solve_plane(struct plane *plane) {
  float(*square)[PLANE] = plane->square, *off = plane->off;
  for (int i = 0; i < PLANE; i++) {
    for (int j = 0; j <= i; j++) {
      float sum = square[i][j];
      for (int k = 0; k < j; k++) sum -= square[i][k] * square[j][k];
      if (i != j)
        square[i][j] = sum / square[j][j];
      else
        square[i][i] = sqrtf(sum > 1e-4f ? sum : 1e-4f);
    }
    for (int k = 0; k < i; k++) off[i] -= square[i][k] * off[k];
    off[i] /= square[i][i];
  }
  for (int i = PLANE - 1; i >= 0; i--) {
    for (int k = i + 1; k < PLANE; k++) off[i] -= square[k][i] * off[k];
    off[i] /= square[i][i];
  }
}

/* How much a module counts for the block's plane, by its place in the window round the block. */
static void window_of(float window[WINDOW][WINDOW]) {
  for (int i = 0; i < WINDOW; i++) {
    for (int j = 0; j < WINDOW; j++) {
      float dx = (float)j - (WINDOW - 1) / 2.0f, dy = (float)i - (WINDOW - 1) / 2.0f, near = 1 + 0.1f * (dx * dx + dy * dy);
      window[i][j] = 1 / (near * near);
    }
  }
}

static void add_modules(const struct grid *grid, float window[WINDOW][WINDOW], int32_t bx, int32_t by, struct plane *plane) {
  int32_t side = grid->lattice.side, left = bx - TIGHT + 1, top = by - TIGHT + 1;
  int32_t x0 = left > 0 ? left : 0, x1 = bx + TIGHT < side ? bx + TIGHT + 1 : side;
  float one = 0, x = 0, y = 0, c = 0, xx = 0, xy = 0, yy = 0, xc = 0, yc = 0, cc = 0, g = 0, gx = 0, gy = 0, gc = 0;
  for (int32_t v = top > 0 ? top : 0; v <= by + TIGHT && v < side; v++) {
    float dy = (float)(v - top) - (WINDOW - 1) / 2.0f;
    for (int32_t u = x0; u < x1; u++) {
      int32_t at = v * side + u;
      float dx = (float)(u - left) - (WINDOW - 1) / 2.0f, colour = grid->colour[at], grey = grid->grey[at];
      float w = window[v - top][u - left] * grid->part[at], wx = w * dx, wy = w * dy, wc = w * colour;
      one += w;
      x += wx;
      y += wy;
      c += wc;
      xx += wx * dx;
      xy += wx * dy;
      yy += wy * dy;
      xc += wx * colour;
      yc += wy * colour;
      cc += wc * colour;
      g += w * grey;
      gx += wx * grey;
      gy += wy * grey;
      gc += wc * grey;
    }
  }
  *plane = (struct plane){.square = {{one}, {x, xx}, {y, xy, yy}, {-c, -xc, -yc, cc}}, .off = {g, gx, gy, -gc}};
}

static void level_block(struct grid *grid, float window[WINDOW][WINDOW], int32_t bx, int32_t by) {
  int32_t side = grid->lattice.side;
  float mx = (float)bx + (BLOCK - 1) / 2.0f, my = (float)by + (BLOCK - 1) / 2.0f;
  struct plane plane;
  add_modules(grid, window, bx, by, &plane);
  /* No steeper, and no fainter, than the neighbourhood bears out. */
  plane.square[1][1] += 0.5f;
  plane.square[2][2] += 0.5f;
  plane.square[3][3] += 0.3f;
  plane.off[3] += 0.3f * grid->contrast / 2;
  solve_plane(&plane);
  float half = plane.off[3] > 1 ? plane.off[3] : 1;
  for (int32_t y = by; y < by + BLOCK && y < side; y++) {
    for (int32_t x = bx; x < bx + BLOCK && x < side; x++) {
      int32_t at = y * side + x;
      float level = plane.off[0] + plane.off[1] * ((float)x - mx) + plane.off[2] * ((float)y - my);
      grid->next[at] = (level - grid->grey[at]) / half;
      grid->weight[at] = half;
    }
  }
}

void grid_judge_steep(struct grid *grid, int start) {
  int32_t side = grid->lattice.side;
  if (start > 0) first_values(grid, start);
  float window[WINDOW][WINDOW];
  window_of(window);
  for (int32_t i = 0; i < side * side; i++) grid->part[i] = grid->grey[i] > BURNT ? 0.01f : 1;
  for (int round = 0; round < 3; round++) {
    for (int32_t i = 0; i < side * side; i++) {
      float value = grid->value[i];
      grid->colour[i] = grid->fixed[i] ? grid->fixed[i] : value > 0.5f ? 1 : value < -0.5f ? -1 : 2 * value;
    }
    for (int32_t y = 0; y < side; y += BLOCK)
      for (int32_t x = 0; x < side; x += BLOCK) level_block(grid, window, x, y);
    memcpy(grid->value, grid->next, (size_t)(side * side) * sizeof *grid->value);
  }
  judge(grid);
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
