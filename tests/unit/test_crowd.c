/* SPDX-License-Identifier: Apache-2.0
 * Counting finder patterns: all of a wall's, a code's three, of noise hardly any.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/crowd.h"
#include "tests/unit/hostile_pictures.h"
#include "tests/unit/qr_frame.h"

static void every_pattern_of_a_wall(void **state) {
  (void)state;
  for (int module = 1; module <= 7; module++) {
    struct frame frame = qr_blank(8 * module * 30, 8 * module * 20, 8 * module * 30);
    hostile_wall(&frame, module);
    assert_int_equal(crowd_count(frame.luma, frame.w, frame.h, 1000), 600);
    assert_int_equal(crowd_count(frame.luma, frame.w, frame.h, 16), 16);
    free((void *)frame.luma);
  }
}

static void three_of_a_code_however_it_is_turned(void **state) {
  (void)state;
  for (int turns = 0; turns < 4; turns++) {
    struct frame frame = qr_blank(320, 240, 320);
    qr_draw(&frame, "a ticket", 8, 60, 50, 4, turns);
    assert_in_range(crowd_count(frame.luma, frame.w, frame.h, 1000), 3, 4);
    free((void *)frame.luma);
  }
}

static void few_of_noise_and_none_of_stripes(void **state) {
  (void)state;
  struct frame frame = qr_blank(640, 480, 640);
  hostile_noise(&frame, 1);
  assert_in_range(crowd_count(frame.luma, frame.w, frame.h, 100000), 0, 640 * 480 / 2000);
  for (uint32_t seed = 0; seed < 9; seed++) {
    hostile_stripes(&frame, seed);
    assert_int_equal(crowd_count(frame.luma, frame.w, frame.h, 1), 0);
  }
  free((void *)frame.luma);
}

/* Dark up to every edge, and frames smaller than any pattern. */
static void edges_end_it(void **state) {
  (void)state;
  for (int side = 1; side <= 12; side++) {
    struct frame frame = qr_blank(side, side, side);
    hostile_finder(&frame, 0, 0, 1);
    assert_int_equal(crowd_count(frame.luma, side, side, 10), side >= 7);
    hostile_clear(&frame, 0);
    assert_int_equal(crowd_count(frame.luma, side, side, 10), 0);
    free((void *)frame.luma);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_pattern_of_a_wall),
      cmocka_unit_test(three_of_a_code_however_it_is_turned),
      cmocka_unit_test(few_of_noise_and_none_of_stripes),
      cmocka_unit_test(edges_end_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
