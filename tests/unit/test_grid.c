/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/grid.h"
#include "tests/unit/qr_scene.h"

static struct grid *grid;
static struct grid_code code;
static bool nearly;

static int open_grid(void **state) {
  (void)state;
  grid = grid_open();
  return grid ? 0 : -1;
}

static int close_grid(void **state) {
  (void)state;
  grid_close(grid);
  return 0;
}

static const char text[] = "5J9K2MX7QWTR3C8P";

/* A square of this many pixels in the middle of the frame. */
static struct qr_scene square(float pixels) {
  float x0 = 320 - pixels / 2, y0 = 240 - pixels / 2, x1 = x0 + pixels, y1 = y0 + pixels;
  return (struct qr_scene){
      .w = 640, .h = 480, .corner = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, .light = 225, .dark = 35, .seed = 1};
}

static enum qr_outcome read_scene(const struct qr_scene *scene, const char *message, int version, QRecLevel level,
                                  enum grid_effort effort) {
  QRcode *symbol = QRcode_encodeString(message, version, level, QR_MODE_8, 1);
  assert_non_null(symbol);
  if (version) assert_int_equal(symbol->width, 17 + 4 * version);
  struct frame frame = qr_draw_scene(symbol, scene);
  static struct finder_view view;
  qr_scene_found(scene, symbol->width, &view);
  enum qr_outcome outcome = grid_read(grid, &frame, &view, &view.place[0], effort, &code, &nearly);
  if (outcome != QR_READ) assert_int_equal(code.text.len, 0);
  QRcode_free(symbol);
  free((void *)frame.luma);
  return outcome;
}

static void assert_message(const char *message) {
  assert_int_equal(code.text.len, strlen(message));
  assert_memory_equal(code.text.bytes, message, code.text.len);
}

static void assert_reads(const struct qr_scene *scene, enum grid_effort effort) {
  assert_int_equal(read_scene(scene, text, 0, QR_ECLEVEL_Q, effort), QR_READ);
  assert_message(text);
  assert_int_equal(code.inverted, scene->inverted);
  for (int i = 0; i < 4; i++) {
    assert_float_equal(code.corner[i].x, scene->corner[i][0], 6);
    assert_float_equal(code.corner[i].y, scene->corner[i][1], 6);
  }
}

static void a_flat_code_is_read_at_any_size(void **state) {
  (void)state;
  for (float pixels = 50; pixels < 460; pixels *= 1.3f) {
    struct qr_scene scene = square(pixels);
    scene.noise = 8;
    assert_reads(&scene, GRID_QUICK);
  }
}

static void every_turn_is_read(void **state) {
  (void)state;
  for (int degrees = 0; degrees < 360; degrees += 15) {
    struct qr_scene scene = square(200);
    for (int i = 0; i < 4; i++) {
      float turn = ((float)degrees + 90 * (float)i - 135) * 3.14159265f / 180;
      scene.corner[i][0] = 320 + 120 * cosf(turn);
      scene.corner[i][1] = 240 + 120 * sinf(turn);
    }
    scene.seed = (uint32_t)degrees + 1;
    scene.noise = 10;
    scene.jitter = 1;
    assert_reads(&scene, GRID_QUICK);
  }
}

static void leaning_codes_are_read(void **state) {
  (void)state;
  for (uint32_t seed = 1; seed <= 40; seed++) {
    uint32_t random = seed * 77777;
    struct qr_scene scene = square(240);
    for (int i = 0; i < 8; i++) scene.corner[i / 2][i % 2] += 30 * qr_random_about(&random);
    scene.seed = seed;
    scene.noise = 10;
    scene.jitter = 1;
    scene.inverted = seed % 3 == 0;
    scene.mirrored = seed % 4 == 0;
    assert_reads(&scene, GRID_QUICK);
  }
}

static void every_version_is_read(void **state) {
  (void)state;
  for (int version = 1; version <= 40; version++) {
    int side = 17 + 4 * version;
    float pixels = (float)side * 4 + 16;
    struct qr_scene scene = square(pixels);
    scene.w = scene.h = (int32_t)pixels + 80;
    uint32_t random = (uint32_t)version * 991;
    for (int i = 0; i < 8; i++)
      scene.corner[i / 2][i % 2] += (float)(scene.w - (i % 2 ? 480 : 640)) / 2 + pixels * 0.03f * qr_random_about(&random);
    scene.seed = (uint32_t)version;
    scene.noise = 10;
    char message[1200];
    int len = version < 3 ? 14 : version * version / 2;
    for (int i = 0; i < len; i++) message[i] = (char)('!' + (i * 31 + version) % 90);
    message[len] = 0;
    assert_int_equal(read_scene(&scene, message, version, QR_ECLEVEL_M, GRID_QUICK), QR_READ);
    assert_message(message);
    assert_true(nearly);
  }
}

static void light_that_changes_across_the_code_is_read(void **state) {
  (void)state;
  struct qr_scene scene = square(220);
  scene.light = 120;
  scene.dark = 20;
  scene.slope = 220; /* dark on the right is lighter than light on the left */
  scene.noise = 5;
  assert_reads(&scene, GRID_QUICK);
  scene = square(220);
  scene.light = 60;
  scene.dark = 42;
  scene.noise = 9;
  assert_reads(&scene, GRID_QUICK);
}

static void blur_of_a_module_is_read(void **state) {
  (void)state;
  for (int blur = 1; blur <= 3; blur++) { /* four boxes of 3, 5 and 7 pixels; a module has 8 */
    struct qr_scene scene = square(21 * 8);
    scene.blur = blur;
    scene.noise = 3;
    assert_reads(&scene, GRID_THOROUGH);
  }
}

static void a_glare_on_it_is_read_around(void **state) {
  (void)state;
  struct qr_scene scene = square(210);
  scene.lamp[0] = 360;
  scene.lamp[1] = 290;
  scene.lamp[2] = 22;
  scene.noise = 6;
  assert_reads(&scene, GRID_THOROUGH);
}

static void bent_paper_is_read(void **state) {
  (void)state;
  const char *message = "https://example.org/ticket/35482?c=802b481d&next=welcome";
  for (int version = 4; version <= 12; version++) {
    for (int way = -1; way <= 1; way += 2) {
      struct qr_scene scene = square(400);
      scene.bend = 1.7f * (float)way;
      scene.noise = 8;
      scene.seed = (uint32_t)version;
      assert_int_equal(read_scene(&scene, message, version, QR_ECLEVEL_L, GRID_THOROUGH), QR_READ);
      assert_message(message);
    }
  }
}

/* One of the three patterns is behind a lamp's reflection, or a thumb; which one isn't known, nor which two are left. */
static void two_patterns_are_enough(void **state) {
  (void)state;
  static const char *messages[] = {"5J9K2MX7QWTR", "https://example.org/ticket/35482?c=802b481d"};
  for (int missing = 0; missing < 3; missing++) {
    for (uint32_t seed = 1; seed <= 6; seed++) {
      uint32_t random = seed * 33331 + (uint32_t)missing;
      const char *message = messages[seed % 2];
      struct qr_scene scene = square(230);
      for (int i = 0; i < 8; i++) scene.corner[i / 2][i % 2] += 8 * qr_random_about(&random);
      scene.seed = seed;
      scene.noise = 8;
      scene.inverted = seed % 3 == 0;
      scene.lamp[0] = scene.corner[missing == 2 ? 3 : missing][0];
      scene.lamp[1] = scene.corner[missing == 2 ? 3 : missing][1];
      scene.lamp[2] = 40;
      QRcode *symbol = QRcode_encodeString(message, 0, QR_ECLEVEL_H, QR_MODE_8, 1);
      assert_non_null(symbol);
      struct frame frame = qr_draw_scene(symbol, &scene);
      struct finder_view view;
      qr_scene_found(&scene, symbol->width, &view);
      view.place[0].pattern[missing] = -1;
      if (seed % 2) { /* in any order */
        int16_t *two = view.place[0].pattern, first = two[0];
        two[0] = two[2];
        two[2] = first;
      }
      assert_int_equal(grid_read(grid, &frame, &view, &view.place[0], GRID_THOROUGH, &code, &nearly), QR_READ);
      assert_message(message);
      QRcode_free(symbol);
      free((void *)frame.luma);
    }
  }
}

/* A finder that sees the texture of a code and no pattern, since all is blurred. */
static void patterns_are_found_in_a_patch(void **state) {
  (void)state;
  for (uint32_t seed = 1; seed <= 6; seed++) {
    struct qr_scene scene = square(200);
    for (int i = 0; i < 4; i++) {
      float turn = (13 * (float)seed + 90 * (float)i - 135) * 3.14159265f / 180;
      scene.corner[i][0] = 320 + 120 * cosf(turn);
      scene.corner[i][1] = 240 + 120 * sinf(turn);
    }
    scene.seed = seed;
    scene.blur = 2;
    scene.noise = 6;
    scene.inverted = seed % 2;
    struct finder_view view = {.places = 1};
    view.place[0] = (struct finder_place){
        .pattern = {-1, -1, -1}, .corner = {{185, 105}, {455, 105}, {455, 375}, {185, 375}}, .likeness = 0.5f};
    QRcode *symbol = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    assert_non_null(symbol);
    struct frame frame = qr_draw_scene(symbol, &scene);
    assert_int_equal(grid_read(grid, &frame, &view, &view.place[0], GRID_THOROUGH, &code, &nearly), QR_READ);
    assert_message(text);
    assert_int_equal(code.inverted, scene.inverted);
    /* Wherever else the patch is said to be, nothing bad comes of it. */
    uint32_t random = seed;
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 4; i++)
        view.place[0].corner[i] =
            (struct point){(int16_t)(qr_random(&random) >> (16 + round)), (int16_t)(qr_random(&random) >> (16 + round))};
      grid_read(grid, &frame, &view, &view.place[0], GRID_THOROUGH, &code, &nearly);
      if (code.text.len) assert_message(text);
    }
    QRcode_free(symbol);
    free((void *)frame.luma);
  }
}

/* One pattern that was seen is enough to find the others by. */
static void the_others_are_found_round_one_pattern(void **state) {
  (void)state;
  for (int seen = 0; seen < 3; seen++) {
    struct qr_scene scene = square(190);
    scene.corner[1][1] -= 12;
    scene.corner[2][0] += 9;
    scene.noise = 8;
    scene.seed = (uint32_t)seen + 1;
    scene.inverted = seen == 1;
    QRcode *symbol = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    assert_non_null(symbol);
    struct frame frame = qr_draw_scene(symbol, &scene);
    struct finder_view view;
    qr_scene_found(&scene, symbol->width, &view);
    struct finder_pattern one = view.pattern[seen];
    view = (struct finder_view){.patterns = 1, .places = 1, .pattern = {one}};
    int16_t x0 = (int16_t)(one.x - 40), y0 = (int16_t)(one.y - 40), x1 = (int16_t)(one.x + 40), y1 = (int16_t)(one.y + 40);
    view.place[0] = (struct finder_place){.pattern = {-1, -1, -1}, .corner = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}};
    assert_int_equal(grid_read(grid, &frame, &view, &view.place[0], GRID_THOROUGH, &code, &nearly), QR_READ);
    assert_message(text);
    QRcode_free(symbol);
    free((void *)frame.luma);
  }
}

/* The same scenes, with more taken away than error correction can give back. */
static void what_is_gone_is_not_made_up(void **state) {
  (void)state;
  for (uint32_t seed = 1; seed <= 10; seed++) {
    struct qr_scene scene = square(210);
    scene.lamp[0] = 340;
    scene.lamp[1] = 260;
    scene.lamp[2] = 90;
    scene.noise = 20;
    scene.seed = seed;
    assert_int_not_equal(read_scene(&scene, text, 0, QR_ECLEVEL_L, GRID_THOROUGH), QR_READ);
    scene.lamp[2] = 0;
    scene.light = 60;
    scene.dark = 55;
    scene.noise = 60;
    assert_int_not_equal(read_scene(&scene, text, 0, QR_ECLEVEL_L, GRID_THOROUGH), QR_READ);
  }
}

/* Wherever the patterns are said to be, in any frame: nothing but an answer, and never a text that isn't there. */
static void noise_and_wild_patterns_read_as_nothing(void **state) {
  (void)state;
  uint32_t random = 4711;
  for (int round = 0; round < 300; round++) {
    int32_t w = 1 + (int32_t)(qr_random(&random) % 200), h = 1 + (int32_t)(qr_random(&random) % 200);
    if (round % 10 == 0) w = h = 1 + round / 10 % 3;
    struct frame frame = qr_blank(w, h, w);
    for (int32_t i = 0; i < w * h; i++) ((uint8_t *)frame.luma)[i] = (uint8_t)(qr_random(&random) >> 9);
    static const float wild[] = {0, -1e9f, 1e9f, 1e30f, -3, 100, NAN, INFINITY};
    struct finder_view view = {.patterns = 3, .places = 1};
    view.place[0] = (struct finder_place){.pattern = {0, 1, 2}, .inverted = round % 2};
    for (int i = 0; i < 3; i++) {
      struct finder_pattern *p = &view.pattern[i];
      p->x = (float)w * (0.5f + 0.6f * qr_random_about(&random));
      p->y = (float)h * (0.5f + 0.6f * qr_random_about(&random));
      p->module = 8 * (1 + qr_random_about(&random));
      if (round % 5 == 4) *(i == 0 ? &p->x : i == 1 ? &p->y : &p->module) = wild[qr_random(&random) % 8];
    }
    if (round % 50 == 3) view.place[0].pattern[round % 3] = round % 2 ? -1 : 3;
    enum grid_effort effort = round % 3 ? GRID_QUICK : GRID_THOROUGH;
    assert_int_not_equal(grid_read(grid, &frame, &view, &view.place[0], effort, &code, &nearly), QR_READ);
    assert_int_equal(code.text.len, 0);
    free((void *)frame.luma);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_flat_code_is_read_at_any_size),
      cmocka_unit_test(every_turn_is_read),
      cmocka_unit_test(leaning_codes_are_read),
      cmocka_unit_test(every_version_is_read),
      cmocka_unit_test(light_that_changes_across_the_code_is_read),
      cmocka_unit_test(blur_of_a_module_is_read),
      cmocka_unit_test(a_glare_on_it_is_read_around),
      cmocka_unit_test(bent_paper_is_read),
      cmocka_unit_test(two_patterns_are_enough),
      cmocka_unit_test(patterns_are_found_in_a_patch),
      cmocka_unit_test(the_others_are_found_round_one_pattern),
      cmocka_unit_test(what_is_gone_is_not_made_up),
      cmocka_unit_test(noise_and_wild_patterns_read_as_nothing),
  };
  return cmocka_run_group_tests(tests, open_grid, close_grid);
}
