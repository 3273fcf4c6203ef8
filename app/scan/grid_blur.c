/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "scan/grid_inner.h"

/* Blur and motion make of a module's value a sum over its neighbours: value = sum of kernel * colour + offset + noise. The
 * colours are +1 or -1, and some are known. Kernel and colours are found in turns: the kernel by least squares from the
 * colours as they are thought to be, then each colour by how much worse its opposite would explain all the values that it
 * has a part in. */

enum {
  RADIUS = GRID_BLUR,
  WIDTH = 2 * RADIUS + 1,
  CELLS = WIDTH * WIDTH,
  UNKNOWN = CELLS + 1,
  PADDED = 28,
  EQUATIONS = 1600,
  ROUNDS = 4,
  SWEEPS = 3
};

struct blur {
  int32_t side, row; /* of the padded arrays */
  float kernel[CELLS], offset;
  float *colour, *rest, *part; /* padded: what is thought, what it doesn't explain, what it counts: 0 outside */
  const float *value;
};

static float *padded(float *of, int32_t row, int32_t x, int32_t y) { return of + (y + RADIUS) * row + x + RADIUS; }

static float explained(const struct blur *blur, const float *colour) {
  float sum = blur->offset;
  for (int i = 0; i < WIDTH; i++)
    for (int j = 0; j < WIDTH; j++) sum += blur->kernel[i * WIDTH + j] * colour[(i - RADIUS) * blur->row + j - RADIUS];
  return sum;
}

/* What is left; outside the symbol nothing is measured. Returns its mean square, weighted. */
static float leave(struct blur *blur) {
  float squares = 0, parts = 0;
  for (int32_t y = 0; y < blur->side; y++) {
    for (int32_t x = 0; x < blur->side; x++) {
      float part = *padded(blur->part, blur->row, x, y);
      float rest = blur->value[y * blur->side + x] - explained(blur, padded(blur->colour, blur->row, x, y));
      *padded(blur->rest, blur->row, x, y) = rest * part;
      squares += rest * rest * part;
      parts += part;
    }
  }
  return squares / (parts > 0 ? parts : 1);
}

static bool solve(float (*square)[PADDED], float *off) {
  for (int i = 0; i < UNKNOWN; i++) {
    for (int j = 0; j <= i; j++) {
      float sum = square[i][j];
      for (int k = 0; k < j; k++) sum -= square[i][k] * square[j][k];
      if (i != j)
        square[i][j] = sum / square[j][j];
      else if (!(sum > 1e-6f))
        return false;
      else
        square[i][i] = sqrtf(sum);
    }
    for (int k = 0; k < i; k++) off[i] -= square[i][k] * off[k];
    off[i] /= square[i][i];
  }
  for (int i = UNKNOWN - 1; i >= 0; i--) {
    for (int k = i + 1; k < UNKNOWN; k++) off[i] -= square[k][i] * off[k];
    off[i] /= square[i][i];
  }
  return true;
}

static void add_value(float (*square)[PADDED], float *off, const float *term, float part, float rest) {
  for (int i = 0; i < UNKNOWN; i++) {
    float weighted = part * term[i], *restrict row = square[i];
    off[i] += weighted * rest;
    for (int j = 0; j < PADDED; j++) row[j] += weighted * term[j];
  }
}

/* The kernel by least squares, held towards what it was. A large symbol has more values than are needed. */
static bool find_kernel(struct blur *blur, const int8_t *fixed, float trust) {
  float square[UNKNOWN][PADDED] = {{0}}, off[UNKNOWN] = {0}, all = 0;
  int32_t step = 1 + blur->side * blur->side / EQUATIONS;
  for (int32_t at = 0; at < blur->side * blur->side; at += step) {
    int32_t x = at % blur->side, y = at / blur->side;
    const float *colour = padded(blur->colour, blur->row, x, y);
    float term[PADDED] = {0}, part = *padded(blur->part, blur->row, x, y) * (fixed[at] ? 1 : trust);
    for (int i = 0; i < CELLS; i++) term[i] = colour[(i / WIDTH - RADIUS) * blur->row + i % WIDTH - RADIUS];
    term[CELLS] = 1;
    add_value(square, off, term, part, blur->value[at] - explained(blur, colour));
    all += part;
  }
  for (int i = 0; i < UNKNOWN; i++) square[i][i] += 0.1f * all + 1e-6f;
  if (!solve(square, off)) return false;
  for (int i = 0; i < CELLS; i++) blur->kernel[i] += off[i];
  blur->offset += off[CELLS];
  return true;
}

/* One turn over all colours that aren't known. heat: by how much noise is thought larger than it is. */
static void sweep(struct blur *blur, const int8_t *fixed, float noise, float *chance) {
  for (int32_t y = 0; y < blur->side; y++) {
    for (int32_t x = 0; x < blur->side; x++) {
      int32_t at = y * blur->side + x;
      float *colour = padded(blur->colour, blur->row, x, y), *rest = padded(blur->rest, blur->row, x, y);
      float sum = 0, energy = 0;
      const float *part = padded(blur->part, blur->row, x, y);
      for (int i = -RADIUS; i <= RADIUS; i++) {
        for (int j = -RADIUS; j <= RADIUS; j++) {
          float k = blur->kernel[(RADIUS - i) * WIDTH + RADIUS - j];
          sum += k * rest[i * blur->row + j];
          energy += k * k * part[i * blur->row + j];
        }
      }
      chance[at] = 2 * (sum + energy * *colour) / noise;
      if (fixed[at]) continue;
      float now = tanhf(chance[at] / 2), change = now - *colour;
      *colour = now;
      for (int i = -RADIUS; i <= RADIUS; i++)
        for (int j = -RADIUS; j <= RADIUS; j++)
          rest[i * blur->row + j] -= change * blur->kernel[(RADIUS - i) * WIDTH + RADIUS - j] * part[i * blur->row + j];
    }
  }
}

static void begin(struct grid *grid, struct blur *blur, float spread) {
  int32_t side = grid->lattice.side, all = side * side, row = side + 2 * RADIUS;
  *blur = (struct blur){
      .side = side, .row = row, .colour = grid->colour, .rest = grid->rest, .value = grid->value, .part = grid->part};
  float mean = 0, total = 0;
  for (int32_t i = 0; i < all; i++) mean += grid->weight[i] / (float)all;
  memset(blur->part, 0, (size_t)(row * row) * sizeof *blur->part);
  memset(blur->rest, 0, (size_t)(row * row) * sizeof *blur->rest);
  for (int32_t i = 0; i < row * row; i++) blur->colour[i] = -1; /* the quiet zone */
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      float value = grid->value[y * side + x], part = grid->weight[y * side + x] / mean;
      part = part > 1.5f ? 2.25f : part * part;
      if (grid->grey[y * side + x] > 252) part *= 0.1f; /* burnt out: it may have been any brightness */
      *padded(blur->part, row, x, y) = part;
      int8_t fixed = grid->fixed[y * side + x];
      *padded(blur->colour, row, x, y) = fixed ? fixed : value < -1 ? -1 : value > 1 ? 1 : value;
    }
  }
  for (int i = 0; i < CELLS; i++) {
    float dx = (float)(i % WIDTH - RADIUS), dy = (float)(i / WIDTH - RADIUS);
    total += blur->kernel[i] = expf(-(dx * dx + dy * dy) / (2 * spread * spread));
  }
  for (int i = 0; i < CELLS; i++) blur->kernel[i] *= 1.2f / total;
}

bool grid_deblur(struct grid *grid, float spread) {
  static const float trust[ROUNDS] = {0.2f, 0.5f, 1, 1}, heat[ROUNDS] = {3, 2, 1.3f, 1};
  struct blur blur;
  begin(grid, &blur, spread);
  for (int round = 0; round < ROUNDS; round++) {
    if (!find_kernel(&blur, grid->fixed, trust[round])) return false;
    float noise = leave(&blur);
    noise = (noise > 0.002f ? noise : 0.002f) * heat[round];
    for (int i = 0; i < SWEEPS; i++) sweep(&blur, grid->fixed, noise, grid->chance);
  }
  return true;
}
