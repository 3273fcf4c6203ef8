/* SPDX-License-Identifier: Apache-2.0
 * Contrast against values published by WCAG, and colours made readable: every colour of a coarse cube of
 * them, in both themes.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/accent.h"

static void test_contrast(void **state) {
  (void)state;
  assert_true(fabs(accent_contrast(0x000000, 0xFFFFFF) - 21) < 1e-9);
  assert_true(fabs(accent_contrast(0x767676, 0xFFFFFF) - 4.54) < 0.005); /* the well-known limits of grey on white */
  assert_true(accent_contrast(0x777777, 0xFFFFFF) < 4.5);
  assert_true(accent_contrast(0x595959, 0xFFFFFF) >= 7 && accent_contrast(0x5A5A5A, 0xFFFFFF) < 7);
  assert_true(fabs(accent_contrast(0x336699, 0x336699) - 1) < 1e-9);
}

static void test_good_ones_stay(void **state) {
  (void)state;
  assert_int_equal(accent_fit(0x1F5C57, &accent_usual[0], accent_shape[0]), 0x1F5C57);
  assert_int_equal(accent_fit(0x5CC4B6, &accent_usual[1], accent_shape[1]), 0x5CC4B6);
}

static double hue(uint32_t c) { /* coarse, of RGB: enough to see that green stays green */
  const double r = c >> 16 & 255, g = c >> 8 & 255, b = c & 255;
  return atan2(sqrt(3) * (g - b), 2 * r - g - b);
}

static void test_all_are_fitted(void **state) {
  (void)state;
  for (uint32_t r = 0; r < 256; r += 51)
    for (uint32_t g = 0; g < 256; g += 51)
      for (uint32_t b = 0; b < 256; b += 51)
        for (int theme = 0; theme < 2; theme++) {
          const uint32_t from = r << 16 | g << 8 | b, shape = accent_fit(from, &accent_usual[theme], accent_shape[theme]),
                         text = accent_fit(from, &accent_usual[theme], ACCENT_TEXT);
          assert_true(accent_worst(shape, &accent_usual[theme]) >= accent_shape[theme]);
          assert_true(accent_worst(text, &accent_usual[theme]) >= ACCENT_TEXT);
        }
  assert_true(fabs(hue(accent_fit(0x2BD948, &accent_usual[0], 7)) - hue(0x2BD948)) < 0.5);
  assert_true(fabs(hue(accent_fit(0x1F5C57, &accent_usual[1], 7)) - hue(0x1F5C57)) < 0.3);
}

static void test_alike(void **state) {
  (void)state;
  assert_true(accent_distance(0x1F5C57, 0x20605A) < ACCENT_ALIKE);
  assert_true(accent_distance(0x1F5C57, 0xD9482B) > ACCENT_ALIKE);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_contrast), cmocka_unit_test(test_good_ones_stay),
                                     cmocka_unit_test(test_all_are_fitted), cmocka_unit_test(test_alike)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
