/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "scan/finder_inner.h"
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

/* Large ones are measured on a halved frame or one halved again: to a share of their modules, then. */
static void assert_pattern(int i, float x, float y, float module) {
  float slack = 0.25f + 0.01f * module;
  assert_in_range(i, 0, view.patterns - 1);
  assert_float_equal(view.pattern[i].x, x, slack);
  assert_float_equal(view.pattern[i].y, y, slack);
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

/* A symbol seen from where it isn't upright: `at` is its middle, `ux` ... the way of one module right and one down, `far` how
 * much smaller it gets toward its bottom. Each pixel is the mean of 4 x 4 points. */
struct pose {
  float x, y, ux, uy, vx, vy, far;
};

static void project(const struct pose *pose, float u, float v, float *x, float *y) {
  float scale = 1 / (1 + pose->far * v);
  *x = pose->x + (u * pose->ux + v * pose->vx) * scale;
  *y = pose->y + (u * pose->uy + v * pose->vy) * scale;
}

/* The way back: from a point in the frame to modules from the middle. */
static void unproject(const struct pose *pose, float x, float y, float *u, float *v) {
  float det = pose->ux * pose->vy - pose->uy * pose->vx, dx = x - pose->x, dy = y - pose->y;
  float s = (dx * pose->vy - dy * pose->vx) / det, t = (dy * pose->ux - dx * pose->uy) / det;
  *v = t / (1 - pose->far * t);
  *u = s * (1 + pose->far * *v);
}

static void draw_posed(struct frame *frame, const QRcode *code, const struct pose *pose) {
  enum { POINTS = 4 };
  float half = (float)code->width / 2;
  for (int i = 0; i < frame->w * frame->h; i++) {
    int sum = 0;
    for (int p = 0; p < POINTS * POINTS; p++) {
      float u, v, x = (float)(i % frame->w) + ((float)(p % POINTS) + 0.5f) / POINTS,
                  y = (float)(i / frame->w) + ((float)(p / POINTS) + 0.5f) / POINTS;
      unproject(pose, x, y, &u, &v);
      int mu = (int)floorf(u + half), mv = (int)floorf(v + half);
      bool in = mu >= 0 && mv >= 0 && mu < code->width && mv < code->width;
      sum += in && (code->data[mv * code->width + mu] & 1) ? 30 : 220;
    }
    ((uint8_t *)frame->luma)[i / frame->w * frame->stride + i % frame->w] = (uint8_t)(sum / (POINTS * POINTS));
  }
}

static QRcode *symbol(void) {
  QRcode *code = QRcode_encodeData(32, (const uint8_t *)"7RS2AB3D4EF5GH6J7RS2AB3D4EF5GH6J", 0, QR_ECLEVEL_L);
  assert_non_null(code);
  return code;
}

static void assert_posed(const QRcode *code, const struct pose *pose, float slack) {
  float side = (float)code->width / 2 - 3.5f;
  const float at[3][2] = {{-side, -side}, {side, -side}, {-side, side}};
  assert_true(view.places >= 1);
  for (int i = 0; i < 3; i++) {
    float x, y;
    project(pose, at[i][0], at[i][1], &x, &y);
    int found = view.place[0].pattern[i];
    assert_in_range(found, 0, view.patterns - 1);
    assert_float_equal(view.pattern[found].x, x, slack);
    assert_float_equal(view.pattern[found].y, y, slack);
  }
}

/* All angles, upright to the camera, and leaning back by 45 degrees or so. */
static void any_angle_and_tilt_is_found_to_a_third_of_a_pixel(void **state) {
  (void)state;
  QRcode *code = symbol();
  struct frame frame = qr_blank(320, 300, 320);
  for (int degrees = 0; degrees < 360; degrees += 15) {
    float angle = (float)degrees * 0.01745329f, c = cosf(angle), s = sinf(angle);
    for (int tilted = 0; tilted < 2; tilted++) {
      float m = 3.7f, lean = tilted ? 0.72f : 1, far = tilted ? 0.006f : 0;
      struct pose pose = {160.3f, 150.6f, m * c, m * s * lean, -m * s, m * c * lean, far};
      draw_posed(&frame, code, &pose);
      look(frame);
      assert_posed(code, &pose, tilted ? 0.6f : 0.33f);
    }
  }
  free((void *)frame.luma);
  QRcode_free(code);
}

static uint32_t chance = 1;

static int random_of(int n) { return (int)(((chance = chance * 1664525 + 1013904223) >> 8) % (uint32_t)n); }

/* Noise that leaves no pixel near what it was, and light that falls off to a fifth. */
static void a_dim_and_noisy_code_is_found(void **state) {
  (void)state;
  QRcode *code = symbol();
  struct frame frame = qr_blank(320, 300, 320);
  struct pose pose = {160, 150, 4.4f, 1.2f, -1.2f, 4.4f, 0};
  draw_posed(&frame, code, &pose);
  for (int i = 0; i < 320 * 300; i++) {
    int noise = random_of(41) + random_of(41) + random_of(41) - 60,
        grey = ((uint8_t *)frame.luma)[i] * (320 - i % 320 * 4 / 5) / 320;
    ((uint8_t *)frame.luma)[i] = (uint8_t)(grey + noise < 0 ? 0 : grey + noise > 255 ? 255 : grey + noise);
  }
  look(frame);
  assert_posed(code, &pose, 1);
  free((void *)frame.luma);
  QRcode_free(code);
}

/* A dark phone whose picture of a code has no margin: the frames of the patterns run on into the phone. */
static void a_code_without_quiet_zone_on_dark_is_found(void **state) {
  (void)state;
  QRcode *code = symbol();
  struct frame frame = qr_blank(400, 300, 400);
  memset((uint8_t *)frame.luma, 20, 400 * 300);
  qr_draw_symbol(&frame, code, 130, 80, 5, 0);
  look(frame);
  assert_true(view.places >= 1);
  assert_place(0, 130, 80, 5, code->width, 0);
  free((void *)frame.luma);
  QRcode_free(code);
}

static void paint_over(struct frame *frame, int x, int y, int w, int h) {
  for (int i = 0; i < h; i++) memset((uint8_t *)frame->luma + (y + i) * frame->stride + x, 235, (size_t)w);
}

static void assert_covers(const struct finder_place *place, int x0, int y0, int x1, int y1) {
  int left = INT16_MAX, top = INT16_MAX, right = INT16_MIN, bottom = INT16_MIN;
  for (int i = 0; i < 4; i++) {
    const struct point *p = &place->corner[i];
    left = p->x < left ? p->x : left;
    right = p->x > right ? p->x : right;
    top = p->y < top ? p->y : top;
    bottom = p->y > bottom ? p->y : bottom;
  }
  assert_true(left <= x0 && top <= y0 && right >= x1 && bottom >= y1);
}

static void two_patterns_are_a_place_where_the_third_is_missing(void **state) {
  (void)state;
  QRcode *code = symbol();
  for (int missing = 0; missing < 3; missing++) {
    static const int corner[3][2] = {{0, 0}, {1, 0}, {0, 1}};
    struct frame frame = qr_blank(400, 300, 400);
    qr_draw_symbol(&frame, code, 130, 80, 5, 0);
    int far = (code->width - 7) * 5;
    paint_over(&frame, 130 + corner[missing][0] * far, 80 + corner[missing][1] * far, 35, 35);
    look(frame);
    int pairs = 0;
    for (int i = 0; i < view.places; i++) {
      const int16_t *p = view.place[i].pattern;
      if ((p[0] < 0) + (p[1] < 0) + (p[2] < 0) != 1) continue;
      pairs++;
      if (pairs == 1) assert_covers(&view.place[i], 133, 83, 127 + code->width * 5, 77 + code->width * 5);
    }
    assert_true(pairs >= 1);
    free((void *)frame.luma);
  }
  QRcode_free(code);
}

static void texture_is_a_place_where_no_pattern_is(void **state) {
  (void)state;
  QRcode *code = symbol();
  struct frame frame = qr_blank(400, 300, 400);
  int far = (code->width - 7) * 4;
  qr_draw_symbol(&frame, code, 130, 80, 4, 0);
  for (int i = 0; i < 3; i++) paint_over(&frame, 130 + (i == 1 ? far : 0), 80 + (i == 2 ? far : 0), 28, 28);
  look(frame);
  assert_int_equal(view.places, 1);
  for (int i = 0; i < 3; i++) assert_int_equal(view.place[0].pattern[i], -1);
  assert_covers(&view.place[0], 150, 100, 130 + code->width * 4 - 20, 80 + code->width * 4 - 20);
  free((void *)frame.luma);
  QRcode_free(code);
}

/* More patterns than there is room for, of all polarities and mixed with noise: it only must end with a view that holds. */
static void a_frame_full_of_patterns_is_survived(void **state) {
  (void)state;
  struct frame frame = qr_blank(1280, 720, 1280);
  for (int kind = 0; kind < 6; kind++) {
    int module = kind % 3 + 2, noise = kind < 3 ? 0 : 60;
    for (int i = 0; i < 1280 * 720; i++) {
      int u = i % 1280 / module % 9, v = i / 1280 / module % 9;
      bool in = u < 7 && v < 7, edge = u == 0 || u == 6 || v == 0 || v == 6, core = u > 1 && u < 5 && v > 1 && v < 5;
      int grey = (in && (edge || core) ? 60 : 190) + random_of(noise + 1) - noise / 2;
      ((uint8_t *)frame.luma)[i] = (uint8_t)grey;
    }
    look(frame);
    assert_true(view.patterns > 32);
  }
  for (int i = 0; i < 1280 * 720; i++) ((uint8_t *)frame.luma)[i] = (uint8_t)random_of(256);
  look(frame);
  free((void *)frame.luma);
}

/* What is beside a frame in memory is no part of it, and what was in the frame before is forgotten. */
static void padding_and_history_change_nothing(void **state) {
  (void)state;
  static struct finder_view first;
  struct frame packed = qr_blank(333, 257, 333), padded = qr_blank(333, 257, 400);
  for (int i = 0; i < 333 * 257; i++) ((uint8_t *)packed.luma)[i] = (uint8_t)(120 + random_of(90));
  qr_draw(&packed, "ABCDEFG", 7, 83, 67, 4, 1);
  for (int i = 0; i < 400 * 257; i++) ((uint8_t *)padded.luma)[i] = (uint8_t)random_of(256);
  for (int y = 0; y < 257; y++) memcpy((uint8_t *)padded.luma + y * 400, packed.luma + y * 333, 333);
  look(packed);
  first = view;
  look(padded);
  assert_int_equal(first.patterns, view.patterns);
  assert_int_equal(first.places, view.places);
  assert_memory_equal(first.pattern, view.pattern, (size_t)view.patterns * sizeof *view.pattern);
  free((void *)packed.luma);
  free((void *)padded.luma);
}

static void dark_pixels_are_those_below_their_threshold(void **state) {
  (void)state;
  uint8_t grey[64], threshold[64];
  for (int n = 0; n < 10000; n++) {
    uint64_t expected = 0;
    for (int i = 0; i < 64; i++) {
      grey[i] = (uint8_t)(n % 2 ? random_of(256) : random_of(3) + 254 * random_of(2));
      threshold[i] = (uint8_t)(n % 3 ? random_of(256) : grey[i] + random_of(3) - 1);
      expected |= (uint64_t)(grey[i] < threshold[i]) << i;
    }
    assert_true(finder_dark(grey, threshold) == expected);
  }
}

/* Every size that has a corner of its own in the code, with and without padding, in memory that ends where the frame ends. */
static void any_size_is_looked_at(void **state) {
  (void)state;
  static const int sizes[] = {1, 2, 3, 7, 8, 9, 24, 63, 64, 65, 129};
  enum { N = sizeof sizes / sizeof *sizes };
  for (int i = 0; i < N * N * 2; i++) {
    int w = sizes[i % N], h = sizes[i / N % N], stride = w + i / (N * N) * 13;
    struct frame frame = qr_blank(w, h, stride);
    uint8_t *luma = realloc((void *)frame.luma, (size_t)(stride * (h - 1) + w)); /* the last row needs no padding */
    assert_non_null(luma);
    for (int at = 0; at < stride * (h - 1) + w; at++) luma[at] = (uint8_t)random_of(256);
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
      cmocka_unit_test(any_angle_and_tilt_is_found_to_a_third_of_a_pixel),
      cmocka_unit_test(a_dim_and_noisy_code_is_found),
      cmocka_unit_test(a_code_without_quiet_zone_on_dark_is_found),
      cmocka_unit_test(two_patterns_are_a_place_where_the_third_is_missing),
      cmocka_unit_test(texture_is_a_place_where_no_pattern_is),
      cmocka_unit_test(a_frame_full_of_patterns_is_survived),
      cmocka_unit_test(padding_and_history_change_nothing),
      cmocka_unit_test(dark_pixels_are_those_below_their_threshold),
      cmocka_unit_test(any_size_is_looked_at),
  };
  return cmocka_run_group_tests(tests, open_finder, close_finder);
}
