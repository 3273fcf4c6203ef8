/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "scan/finder.h"
#include "tests/unit/qr_frame.h"

static struct finder *finder;
static struct finder_view view;

static int open_finder(void **state) {
  (void)state;
  finder = finder_open();
  return finder ? 0 : -1;
}

static int close_finder(void **state) {
  (void)state;
  finder_close(finder);
  return 0;
}

static void look(struct frame frame) {
  assert_true(finder_look(finder, &frame, &view));
  assert_in_range(view.patterns, 0, FINDER_PATTERNS_MAX);
  assert_in_range(view.places, 0, FINDER_PLACES_MAX);
  for (int i = 0; i < view.places; i++)
    for (int j = 0; j < 3; j++) assert_in_range(view.place[i].pattern[j] + 1, 0, view.patterns);
}

static void assert_pattern(int i, float x, float y, float module) {
  assert_in_range(i, 0, view.patterns - 1);
  assert_float_equal(view.pattern[i].x, x, 0.3);
  assert_float_equal(view.pattern[i].y, y, 0.3);
  assert_float_equal(view.pattern[i].module, module, 0.05f * module);
}

/* The middle of a corner's pattern, for a symbol of `side` modules turned clockwise: corners count from the frame's top left.
 */
static void middle_of(int corner, int x, int y, int module, int side, float *px, float *py) {
  float far = (float)((side - 3.5) * module), near = 3.5f * (float)module;
  *px = (float)x + (corner == 1 || corner == 2 ? far : near);
  *py = (float)y + (corner >= 2 ? far : near);
}

static void assert_place(int i, int x, int y, int module, int side, int turns) {
  static const int order[3] = {0, 1, 3}; /* clockwise corners that have a pattern: top left, top right, bottom left */
  const struct finder_place *place = &view.place[i];
  for (int j = 0; j < 3; j++) {
    float px, py;
    middle_of((order[j] + turns) % 4, x, y, module, side, &px, &py);
    assert_pattern(place->pattern[j], px, py, (float)module);
  }
  const int x1 = x + side * module, y1 = y + side * module, clockwise[4][2] = {{x, y}, {x1, y}, {x1, y1}, {x, y1}};
  for (int j = 0; j < 4; j++) {
    assert_float_equal(place->corner[j].x, clockwise[(j + turns) % 4][0], module);
    assert_float_equal(place->corner[j].y, clockwise[(j + turns) % 4][1], module);
  }
}

static void every_turn_and_size_is_found_where_it_is(void **state) {
  (void)state;
  static const int modules[] = {2, 3, 5, 8, 13, 21};
  for (size_t m = 0; m < sizeof modules / sizeof *modules; m++) {
    for (int turns = 0; turns < 4; turns++) {
      struct frame frame = qr_blank(700, 600, 704);
      qr_draw(&frame, "ABCDEFG", 7, 83, 67, modules[m], turns);
      look(frame);
      assert_int_equal(view.places, 1);
      assert_false(view.place[0].inverted);
      assert_place(0, 83, 67, modules[m], 21, turns);
      free((void *)frame.luma);
    }
  }
}

static void light_on_dark_is_found_and_said_to_be(void **state) {
  (void)state;
  struct frame frame = qr_blank(400, 300, 400);
  qr_draw(&frame, "ABCDEFG", 7, 90, 60, 4, 1);
  for (int i = 0; i < 400 * 300; i++) ((uint8_t *)frame.luma)[i] ^= 255;
  look(frame);
  assert_int_equal(view.places, 1);
  assert_true(view.place[0].inverted);
  assert_place(0, 90, 60, 4, 21, 1);
  free((void *)frame.luma);
}

static void each_of_several_codes_is_a_place(void **state) {
  (void)state;
  struct frame frame = qr_blank(900, 400, 900);
  qr_draw(&frame, "ABCDEFG", 7, 60, 70, 5, 0);
  qr_draw(&frame, "HIJKLMN", 7, 300, 80, 5, 1);
  qr_draw(&frame, "OPQRSTU", 7, 560, 60, 9, 3);
  look(frame);
  assert_int_equal(view.places, 3);
  bool found[3] = {false};
  for (int i = 0; i < 3; i++) found[view.place[i].module > 7 ? 2 : view.pattern[view.place[i].pattern[0]].x > 250] = true;
  assert_true(found[0] && found[1] && found[2]);
  free((void *)frame.luma);
}

static void nothing_is_found_where_nothing_is(void **state) {
  (void)state;
  struct frame frame = qr_blank(640, 480, 640);
  look(frame);
  assert_int_equal(view.patterns + view.places, 0);
  for (int i = 0; i < 640 * 480; i++) ((uint8_t *)frame.luma)[i] = (uint8_t)(i % 640 / 4 + i / 640 / 8);
  look(frame);
  assert_int_equal(view.patterns + view.places, 0);
  free((void *)frame.luma);
}

/* Every size that has a corner of its own in the code, with and without padding, in memory that ends where the frame ends. */
static void any_size_is_looked_at(void **state) {
  (void)state;
  static const int sizes[] = {1, 2, 3, 7, 8, 9, 24, 63, 64, 65, 129};
  enum { N = sizeof sizes / sizeof *sizes };
  uint32_t chance = 1;
  for (int i = 0; i < N * N * 2; i++) {
    int w = sizes[i % N], h = sizes[i / N % N], stride = w + i / (N * N) * 13;
    struct frame frame = qr_blank(w, h, stride);
    uint8_t *luma = realloc((void *)frame.luma, (size_t)(stride * (h - 1) + w)); /* the last row needs no padding */
    assert_non_null(luma);
    for (int at = 0; at < stride * (h - 1) + w; at++) luma[at] = (uint8_t)((chance = chance * 1664525 + 1013904223) >> 24);
    frame.luma = luma;
    look(frame);
    free(luma);
  }
  struct frame frame = {.luma = (const uint8_t[]){0}, .w = 4097, .h = 1, .stride = 4097};
  assert_false(finder_look(finder, &frame, &view));
  assert_int_equal(view.patterns + view.places, 0);
  frame.w = 0;
  assert_false(finder_look(finder, &frame, &view));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_turn_and_size_is_found_where_it_is),
      cmocka_unit_test(light_on_dark_is_found_and_said_to_be),
      cmocka_unit_test(each_of_several_codes_is_a_place),
      cmocka_unit_test(nothing_is_found_where_nothing_is),
      cmocka_unit_test(any_size_is_looked_at),
  };
  return cmocka_run_group_tests(tests, open_finder, close_finder);
}
