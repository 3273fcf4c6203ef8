/* SPDX-License-Identifier: Apache-2.0
 * The real yingbin-decoder before every kind of picture: it answers, within its memory, by the system calls that its
 * filter allows, and reads the next good one. In builds with sanitizers it runs unfiltered. What it took is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/unit/hostile_pictures.h"
#include "tests/unit/qr_frame.h"
#include "tests/unit/real_decoder.h"

/* A decoder that is busy for so long hangs, on any machine; 150 ms is what live effort should take at most, and told. */
enum { HANGS_MS = 10000, LIVE_MS = 150 };

static int worst_us;

/* False: it took longer than the kiosk would ever wait, and another decoder is there now. */
static bool ask(const struct frame *frame, enum scan_effort effort, const char *what) {
  assert_true(decoder_proc_give(&decoder, frame, effort, HANGS_MS));
  enum decoder_event event = next_event();
  if (event == DECODER_DONE) return true;
  print_message("  %s, %dx%d, %s: %s\n", what, frame->w, frame->h, effort == SCAN_LIVE ? "live" : "full",
                event == DECODER_LATE ? "hangs" : "dies");
  assert_int_equal(event, DECODER_LATE);
  decoder_proc_stop(&decoder);
  assert_true(decoder_start());
  return false;
}

/* Live effort may leave steps for the next frames. */
static void still_reads(const char *after) {
  static const char text[] = "still here";
  struct frame frame = qr_blank(320, 240, 320);
  qr_draw(&frame, text, sizeof text - 1, 60, 50, 4, 0);
  for (int tries = 0; tries < 3; tries++) {
    assert_true(ask(&frame, SCAN_LIVE, text));
    if (result.count == 1 && result.code[0].len == sizeof text - 1 && !memcmp(result.code[0].bytes, text, sizeof text - 1))
      break;
    if (tries == 2) fail_msg("a good frame is not read after %s", after);
  }
  free((void *)frame.luma);
}

static long long peak_kb(void) {
  char path[64], line[256];
  long long kb = 0;
  snprintf(path, sizeof path, "/proc/%d/status", (int)decoder.pid);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) sscanf(line, "VmPeak: %lld", &kb);
  if (file) fclose(file);
  return kb;
}

static void show(const struct hostile *hostile, int w, int h, uint32_t seed, enum scan_effort effort) {
  struct frame frame = {.luma = malloc((size_t)w * (size_t)h), .w = w, .h = h, .stride = w};
  assert_non_null(frame.luma);
  hostile->paint(&frame, seed);
  bool answered = ask(&frame, effort, hostile->name);
  free((void *)frame.luma);
  if (!answered) return;
  int us = (int)decoder_proc_cpu_us(&decoder);
  if (us > worst_us) worst_us = us;
  if (effort == SCAN_LIVE && us > LIVE_MS * 1000) {
    print_message("  live, %s, seed %u, %dx%d: %d ms\n", hostile->name, seed, w, h, us / 1000);
  }
}

static void show_all(int w, int h, uint32_t seeds, enum scan_effort effort) {
  worst_us = 0;
  for (size_t i = 0; i < HOSTILE_PICTURES; i++) {
    for (uint32_t seed = 0; seed < seeds; seed++) show(&hostile_pictures[i], w, h, seed, effort);
    still_reads(hostile_pictures[i].name);
  }
  print_message("  %s %dx%d: worst %d.%d ms, peak %lld MB\n", effort == SCAN_LIVE ? "live" : "full", w, h, worst_us / 1000,
                worst_us / 100 % 10, peak_kb() / 1024);
}

static void frames_of_any_size(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1},     {1, 3072},  {4096, 1}, {2, 2},   {3, 5},     {7, 7},
                                 {17, 1000}, {1000, 17}, {21, 21},  {33, 47}, {101, 103}, {319, 241}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    show_all(sizes[i][0], sizes[i][1], 2, SCAN_LIVE);
    show_all(sizes[i][0], sizes[i][1], 2, SCAN_FULL);
  }
}

static void frames_as_cameras_have_them(void **state) {
  (void)state;
  show_all(641, 479, 9, SCAN_LIVE);
  show_all(1280, 720, 3, SCAN_LIVE);
  show_all(1280, 720, 1, SCAN_FULL);
  show_all(1919, 1081, 1, SCAN_LIVE);
}

static void frames_as_large_as_they_come(void **state) {
  (void)state;
  show_all(4096, 3072, 1, SCAN_LIVE);
  show_all(4096, 3072, 1, SCAN_FULL);
}

static int open_one(void **state) {
  (void)state;
  return decoder_proc_init(&decoder) && decoder_start() ? 0 : -1;
}

static int close_it(void **state) {
  (void)state;
  decoder_proc_fini(&decoder);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(frames_of_any_size, open_one, close_it),
      cmocka_unit_test_setup_teardown(frames_as_cameras_have_them, open_one, close_it),
      cmocka_unit_test_setup_teardown(frames_as_large_as_they_come, open_one, close_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
