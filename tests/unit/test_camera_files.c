/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/camera.h"

static char folder[] = "yingbin-test-files-XXXXXX";
static const char *const names[] = {"b.pgm", "a.PGM", "c.png", "notes.txt", ".hidden.pgm"};
static struct camera camera;
static struct problem problem;
static struct frame frame;
static int64_t due_ms;

static const char *path_of(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void put(const char *name, const char *content) {
  FILE *out = fopen(path_of(name), "w");
  assert_non_null(out);
  fputs(content, out);
  fclose(out);
}

static int make_folder(void **state) {
  (void)state;
  if (!mkdtemp(folder)) return -1;
  put("b.pgm", "P5 2 1 255\nbb");
  put("a.PGM", "P5 1 1 255\na");
  put("c.png", "P5 3 1 255\nccc"); /* told by its first bytes, not by its name */
  put("notes.txt", "no picture");
  put(".hidden.pgm", "P5 1 1 255\nh");
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlink(path_of(names[i]));
  unlink(path_of("a2.jpg"));
  return rmdir(folder);
}

static int close_camera(void **state) {
  (void)state;
  camera_close(&camera);
  return 0;
}

static bool open_files(bool paced, bool repeat) {
  const struct camera_options options = {.fps = 10, .paced = paced, .repeat = repeat};
  return camera_files_open(&camera, folder, &options, &problem);
}

static enum camera_take take(int64_t now_ms) {
  return camera.ops->take(camera.self, (struct moment){now_ms, 0, false}, &frame, &due_ms);
}

static void assert_frame(char first, int64_t at_ms) {
  assert_int_equal(frame.luma[0], first);
  assert_int_equal(frame.w, first - 'a' + 1);
  assert_int_equal(frame.at_ms, at_ms);
}

static void sorted_and_one_frame_each(void **state) {
  (void)state;
  assert_true(open_files(false, false));
  for (int i = 0; i < 3; i++) {
    assert_int_equal(take(7000), CAMERA_FRAME);
    assert_frame((char)('a' + i), 7000 + i * 100);
  }
  assert_non_null(strstr(camera.ops->state(camera.self), "c.png"));
  assert_int_equal(take(7000), CAMERA_END);
  assert_int_equal(take(7000), CAMERA_END);
}

static void each_is_shown_for_a_while(void **state) {
  (void)state;
  assert_true(open_files(true, false));
  for (int i = 0; i < 12; i++) { /* 400 ms are four frames at ten a second */
    assert_int_equal(take(7000 + i * 100), CAMERA_FRAME);
    assert_frame((char)('a' + i / 4), 7000 + i * 100);
    assert_int_equal(take(7000 + i * 100 + 50), CAMERA_NONE);
    assert_int_equal(due_ms, 7000 + (i + 1) * 100);
  }
  assert_int_equal(take(8200), CAMERA_END);
}

static void again_from_the_start(void **state) {
  (void)state;
  assert_true(open_files(false, true));
  for (int i = 0; i < 7; i++) {
    assert_int_equal(take(0), CAMERA_FRAME);
    assert_frame((char)('a' + i % 3), i * 100);
  }
}

static void a_damaged_one_is_passed_over(void **state) {
  (void)state;
  put("a2.jpg", "\xff\xd8\xff\xe0 nothing more");
  assert_true(open_files(false, false));
  assert_int_equal(take(0), CAMERA_FRAME);
  assert_frame('a', 0);
  assert_int_equal(take(0), CAMERA_FRAME);
  assert_frame('b', 100);
}

static void a_folder_that_is_none(void **state) {
  (void)state;
  const struct camera_options options = {.fps = 10};
  assert_false(camera_files_open(&camera, "nonexistent-folder", &options, &problem));
  assert_non_null(strstr(problem.en, "nonexistent-folder"));
  char empty[] = "yingbin-test-empty-XXXXXX";
  assert_non_null(mkdtemp(empty));
  assert_false(camera_files_open(&camera, empty, &options, &problem));
  assert_non_null(strstr(problem.en, empty));
  assert_non_null(strstr(problem.zh, empty));
  rmdir(empty);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(sorted_and_one_frame_each, close_camera),
      cmocka_unit_test_teardown(each_is_shown_for_a_while, close_camera),
      cmocka_unit_test_teardown(again_from_the_start, close_camera),
      cmocka_unit_test_teardown(a_damaged_one_is_passed_over, close_camera),
      cmocka_unit_test_teardown(a_folder_that_is_none, close_camera),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
