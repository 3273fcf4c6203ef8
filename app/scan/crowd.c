/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/crowd.h"

#include <stdbool.h>
#include <stdlib.h>

enum { RUNS = 5, DARK = 128 };

/* 1:1:3:1:1, each within three quarters of a module and half a pixel: wider than the readers have it. */
static bool finder_like(const int32_t run[RUNS]) {
  static const int32_t modules[RUNS] = {1, 1, 3, 1, 1};
  int32_t all = 0;
  for (int i = 0; i < RUNS; i++) all += run[i];
  if (all < 7) return false;
  for (int i = 0; i < RUNS; i++)
    if (4 * abs(7 * run[i] - modules[i] * all) > 3 * all + 14) return false;
  return true;
}

static int32_t sum(const int32_t run[RUNS]) { return run[0] + run[1] + run[2] + run[3] + run[4]; }

/* The runs of both colours from a dark pixel on, in steps of so many bytes, the rest of its own first. */
static void runs_from(const uint8_t *at, int64_t step, int32_t steps, int32_t most, int32_t run[3]) {
  int32_t i = 1;
  for (int k = 0; k < 3; k++) {
    int32_t from = i;
    while (i <= steps && i - from <= most && (at[i * step] < DARK) == (k != 1)) i++;
    run[k] = i - from;
  }
}

/* Straight through a dark pixel; before, behind: how many steps there are. Returns by how much it is nearer to the end of
 * its own run. */
static int32_t runs_through(const uint8_t *at, int64_t step, int32_t before, int32_t behind, int32_t most, int32_t run[RUNS]) {
  int32_t back[3], on[3];
  runs_from(at, -step, before, most, back);
  runs_from(at, step, behind, most, on);
  const int32_t all[RUNS] = {back[2], back[1], back[0] + 1 + on[0], on[1], on[2]};
  for (int i = 0; i < RUNS; i++) run[i] = all[i];
  return back[0] - on[0];
}

static int32_t lesser(int32_t a, int32_t b) { return a < b ? a : b; }

/* x: behind the five runs, the last one dark. A pattern is about as high as it is wide, looks the same slantwise, and is
 * counted in its middle row. */
static bool is_middle(const uint8_t *luma, int32_t w, int32_t h, int32_t x, int32_t y, const int32_t run[RUNS]) {
  if (!finder_like(run)) return false;
  x -= run[4] + run[3] + (run[2] + 1) / 2;
  const uint8_t *at = luma + (int64_t)y * w + x;
  int32_t right = w - 1 - x, down = h - 1 - y, most = 2 * run[2], other[RUNS];
  int32_t off = runs_through(at, w, y, down, most, other);
  if (off < 0 || off > 1 || !finder_like(other) || 3 * abs(sum(run) - sum(other)) > sum(run)) return false;
  runs_through(at, w + 1, lesser(x, y), lesser(right, down), most, other);
  if (!finder_like(other)) return false;
  runs_through(at, w - 1, lesser(right, y), lesser(x, down), most, other);
  return finder_like(other);
}

int crowd_count(const uint8_t *luma, int32_t w, int32_t h, int most) {
  int count = 0;
  for (int32_t y = 0; y < h; y++) {
    const uint8_t *row = luma + (int64_t)y * w;
    int32_t run[RUNS] = {0}, since = 0;
    for (int32_t x = 1; x <= w; x++) {
      bool dark = row[x - 1] < DARK;
      if (x < w && (row[x] < DARK) == dark) continue;
      for (int i = 0; i < RUNS - 1; i++) run[i] = run[i + 1];
      run[RUNS - 1] = x - since;
      since = x;
      if (dark && run[0] && is_middle(luma, w, h, x, y, run) && ++count >= most) return count;
    }
  }
  return count;
}
