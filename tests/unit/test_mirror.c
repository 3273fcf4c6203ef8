/* SPDX-License-Identifier: Apache-2.0
 * What leaves for the screen's mirror: small, turned, and no pixel of a code. The control is the same picture
 * before it is painted over: that one is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/qr_frame.h"
#include "watch/mirror.h"

enum { TIMES = 4 }; /* as large as this it is read again */

static struct mirror_maker maker;
static struct scan_result result, again;

static struct moment at(int64_t ms) { return (struct moment){.mono_ms = ms}; }

/* The mirror enlarged, and turned back, for a reader that minds. */
static bool is_read(struct scanner *scanner, const struct mirror *m) {
  static uint8_t luma[MIRROR_W * TIMES * MIRROR_H * TIMES];
  const int w = m->w * TIMES, h = m->h * TIMES;
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) luma[y * w + x] = m->luma[y / TIMES * m->w + m->w - 1 - x / TIMES];
  const struct frame frame = {.luma = luma, .w = w, .h = h, .stride = w};
  return scanner_read(scanner, &frame, SCAN_FULL, &again);
}

static void assert_even(const struct mirror *m, int left, int top, int right, int bottom) {
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++) assert_int_equal(m->luma[y * m->w + x], MIRROR_PAINT);
}

/* A ticket's code in a frame; rows may be padded. */
static void no_pixel_of_a_code_leaves(void **state) {
  (void)state;
  static const struct {
    int w, h, stride, x, y, module, turns;
  } shown[] = {{1280, 720, 1344, 500, 200, 12, 0},
               {1280, 720, 1280, 60, 380, 12, 1},
               {640, 480, 640, 300, 150, 9, 2},
               {720, 1280, 720, 200, 500, 16, 3},
               {320, 180, 320, 150, 40, 4, 0}};
  struct scanner *scanner = scanner_open();
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
    struct frame frame = qr_blank(shown[i].w, shown[i].h, shown[i].stride);
    qr_draw(&frame, "0123456789ABCDEF", 16, shown[i].x, shown[i].y, shown[i].module, shown[i].turns);
    maker = (struct mirror_maker){.due_ms = 0};
    mirror_keep(&maker, &frame, at(1000));
    assert_true(maker.kept);
    const struct mirror *m = &maker.mirror;
    assert_true(m->w <= MIRROR_W && m->h <= MIRROR_H);
    assert_true(is_read(scanner, m)); /* the control */
    assert_true(scanner_read(scanner, &frame, SCAN_FULL, &result));
    assert_true(mirror_finish(&maker, &result));
    assert_false(is_read(scanner, m));
    assert_true(m->found);
    assert_false(m->unread);
    const int side = 21 * shown[i].module, k = maker.scale;
    assert_even(m, m->w - (shown[i].x + side) / k, shown[i].y / k, m->w - shown[i].x / k, (shown[i].y + side) / k);
    assert_in_range(m->quad[0].x, m->w - (shown[i].x + side) / k - 4, m->w - shown[i].x / k + 4);
    free((void *)frame.luma);
  }
  scanner_close(scanner);
}

static struct frame plain(int w, int h) {
  struct frame frame = qr_blank(w, h, w);
  memset((void *)frame.luma, 77, (size_t)w * (size_t)h);
  return frame;
}

static struct scan_place place(int left, int top, int right, int bottom, bool sure) {
  return (struct scan_place){{{(int16_t)left, (int16_t)top},
                              {(int16_t)right, (int16_t)top},
                              {(int16_t)right, (int16_t)bottom},
                              {(int16_t)left, (int16_t)bottom}},
                             sure};
}

static void left_is_right(void **state) {
  (void)state;
  struct frame frame = plain(640, 360);
  for (int y = 0; y < 2; y++) memset((uint8_t *)(uintptr_t)frame.luma + y * 640, 200, 2); /* the frame's top left corner */
  maker = (struct mirror_maker){.due_ms = 0};
  result = (struct scan_result){.places = 2};
  result.place[0] = place(100, 100, 150, 150, false);
  result.place[1] = place(400, 100, 500, 200, true);
  mirror_keep(&maker, &frame, at(1000));
  assert_true(mirror_finish(&maker, &result));
  assert_int_equal(maker.mirror.w, 320);
  assert_int_equal(maker.mirror.h, 180);
  assert_in_range(maker.mirror.luma[319], 199, 200);
  assert_in_range(maker.mirror.luma[318], 76, 77);
  assert_even(&maker.mirror, 245, 50, 270, 75); /* what is only like a code, too */
  assert_true(maker.mirror.found && maker.mirror.unread);
  assert_int_equal(maker.mirror.quad[0].x, 70); /* clockwise from the top left still */
  assert_int_equal(maker.mirror.quad[1].x, 120);
  assert_int_equal(maker.mirror.quad[0].y, 50);
  assert_int_equal(maker.mirror.quad[2].y, 100);
  free((void *)frame.luma);
}

/* A decoder may say anything: all of it is painted that lies in the frame, and nothing is written beside it. */
static void corners_may_lie_anywhere(void **state) {
  (void)state;
  static const int far[] = {INT16_MIN, -700, -1, 0, 1, 359, 640, 5000, INT16_MAX};
  enum { FAR = sizeof far / sizeof *far };
  struct frame frame = plain(640, 360);
  for (int i = 0; i < FAR * FAR * FAR * FAR; i++) {
    const int a = far[i % FAR], b = far[i / FAR % FAR], c = far[i / FAR / FAR % FAR], d = far[i / FAR / FAR / FAR];
    if (i % 7 == 0) {
      maker = (struct mirror_maker){.due_ms = 0};
      mirror_keep(&maker, &frame, at(1000));
    }
    maker.kept = true;
    result.count = 0;
    result.places = 1;
    result.place[0] = place(a, b, c, d, true);
    assert_true(mirror_finish(&maker, &result));
  }
  free((void *)frame.luma);
}

static void too_many_places_hide_all(void **state) {
  (void)state;
  struct frame frame = plain(640, 360);
  maker = (struct mirror_maker){.due_ms = 0};
  mirror_keep(&maker, &frame, at(1000));
  result.count = 0;
  result.places = SCAN_PLACES_MAX;
  for (int i = 0; i < SCAN_PLACES_MAX; i++) result.place[i] = place(20 * i, 20, 20 * i + 10, 30, false);
  assert_true(mirror_finish(&maker, &result));
  assert_even(&maker.mirror, 0, 0, 320, 180);
  free((void *)frame.luma);
}

static void a_lost_frame_leaves_nothing(void **state) {
  (void)state;
  struct frame frame = plain(640, 360);
  result.count = result.places = 0;
  maker = (struct mirror_maker){.due_ms = 0};
  assert_false(mirror_finish(&maker, &result));
  mirror_keep(&maker, &frame, at(1000));
  mirror_drop(&maker);
  assert_false(mirror_finish(&maker, &result));
  free((void *)frame.luma);
}

static void fifteen_a_second(void **state) {
  (void)state;
  struct frame frame = plain(640, 360);
  maker = (struct mirror_maker){.due_ms = 0};
  result.count = result.places = 0;
  int made = 0;
  for (int i = 0; i < 300; i++) {
    mirror_keep(&maker, &frame, at(5000 + i * 1000 / 30));
    made += mirror_finish(&maker, &result);
  }
  assert_in_range(made, 140, 150);
  mirror_keep(&maker, &frame, at(1)); /* another clock: no mirror waits for hours */
  assert_true(mirror_finish(&maker, &result));
  free((void *)frame.luma);
}

static void odd_frames(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1}, {4096, 1}, {1, 3072}, {4096, 3072}, {33, 4096}, {321, 181}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct frame frame = plain(sizes[i][0], sizes[i][1]);
    maker = (struct mirror_maker){.due_ms = 0};
    result.count = result.places = 0;
    mirror_keep(&maker, &frame, at(1000));
    if (mirror_finish(&maker, &result)) {
      assert_in_range(maker.mirror.w, 1, MIRROR_W);
      assert_in_range(maker.mirror.h, 1, MIRROR_H);
      assert_in_range(maker.mirror.luma[0], 75, 77);
    } else {
      assert_true(sizes[i][0] == 1 || sizes[i][1] == 1);
    }
    free((void *)frame.luma);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_pixel_of_a_code_leaves),
      cmocka_unit_test(left_is_right),
      cmocka_unit_test(corners_may_lie_anywhere),
      cmocka_unit_test(too_many_places_hide_all),
      cmocka_unit_test(fifteen_a_second),
      cmocka_unit_test(odd_frames),
      cmocka_unit_test(a_lost_frame_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
