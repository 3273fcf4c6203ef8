/* SPDX-License-Identifier: Apache-2.0
 * What frames are made into, against the slow and obvious way; and codes that only a made frame shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/prepare.h"
#include "scan/scan.h"
#include "tests/unit/qr_frame.h"

enum { SIDE = 50 };

static uint32_t sums[PREPARE_SUMS];

static int inside(int at, int side) { return at < 0 ? 0 : at < side ? at : side - 1; }

static void noise(uint8_t *to, size_t n, uint32_t seed) {
  for (size_t i = 0; i < n; i++) {
    seed = seed * 1664525 + 1013904223;
    to[i] = (uint8_t)(seed >> 24);
  }
}

static uint8_t slow_threshold(const uint8_t *from, int w, int h, int x, int y, int radius) {
  uint32_t sum = 0, pixels = 0;
  for (int v = y - radius; v <= y + radius; v++) {
    for (int u = x - radius; u <= x + radius; u++) {
      if (u < 0 || v < 0 || u >= w || v >= h) continue;
      sum += from[v * w + u];
      pixels++;
    }
  }
  return from[y * w + x] * pixels < sum ? 0 : 255;
}

static void thresholds_are_local_means(void **state) {
  (void)state;
  uint8_t from[SIDE * SIDE], to[SIDE * SIDE], inverted[SIDE * SIDE];
  const struct {
    int w, h, radius;
  } all[] = {{SIDE, SIDE, 8}, {SIDE, SIDE, 20}, {SIDE, 3, 20}, {3, SIDE, 20}, {1, 1, 8}, {9, 9, 8}, {8, 8, 8}, {21, 20, 20}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    int w = all[i].w, h = all[i].h;
    noise(from, (size_t)w * (size_t)h, (uint32_t)i);
    prepare_threshold(from, w, h, all[i].radius, 0, sums, to);
    prepare_threshold(from, w, h, all[i].radius, 1, sums, inverted);
    for (int at = 0; at < w * h; at++) {
      assert_int_equal(to[at], slow_threshold(from, w, h, at % w, at / w, all[i].radius));
      assert_int_equal(inverted[at], 255 - to[at]);
    }
  }
}

static void blur_is_its_kernel(void **state) {
  (void)state;
  uint8_t from[SIDE * SIDE], to[SIDE * SIDE];
  for (int w = 1; w <= SIDE; w += 7) {
    for (int h = 1; h <= SIDE; h += 7) {
      noise(from, (size_t)w * (size_t)h, (uint32_t)(w * h));
      prepare_blur(from, w, h, sums, to);
      for (int at = 0; at < w * h; at++) {
        int sum = 0;
        for (int k = 0; k < 9; k++) {
          int dx = k % 3 - 1, dy = k / 3 - 1;
          sum += from[inside(at / w + dy, h) * w + inside(at % w + dx, w)] * (2 - dx * dx) * (2 - dy * dy);
        }
        if (w > 1 && at % w > 0 && at % w + 1 < w) assert_int_equal(to[at], sum / 16);
      }
    }
  }
}

/* A phone in dark mode, too. */
static void dark_mode(void **state) {
  (void)state;
  static struct scan_result result;
  struct scanner *scanner = scanner_open();
  assert_non_null(scanner);
  struct frame frame = qr_blank(400, 300, 416);
  qr_draw(&frame, "in the dark", 11, 60, 50, 5, 0);
  assert_true(scanner_read(scanner, &frame, SCAN_FULL, &result));
  assert_int_equal(result.count, 1);
  for (int i = 0; i < 416 * 300; i++) ((uint8_t *)frame.luma)[i] ^= 255;
  assert_true(scanner_read(scanner, &frame, SCAN_FULL, &result));
  assert_int_equal(result.count, 1);
  assert_int_equal(result.code[0].len, 11);
  assert_memory_equal(result.code[0].bytes, "in the dark", 11);
  free((void *)frame.luma);
  scanner_close(scanner);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(thresholds_are_local_means),
      cmocka_unit_test(blur_is_its_kernel),
      cmocka_unit_test(dark_mode),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
