/* SPDX-License-Identifier: Apache-2.0
 * Recorded and piped streams. `now` is the test's own: nobody waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/camera.h"

enum { W = 6, H = 4 };

static char folder[] = "yingbin-test-stream-XXXXXX";
static char path[64];
static struct camera camera;
static struct problem problem;
static struct frame frame;
static int64_t due_ms;

static int make_folder(void **state) {
  (void)state;
  signal(SIGPIPE, SIG_IGN);
  if (!mkdtemp(folder)) return -1;
  snprintf(path, sizeof path, "%s/stream", folder);
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  return rmdir(folder);
}

static int remove_stream(void **state) {
  (void)state;
  camera_close(&camera);
  unlink(path);
  return 0;
}

/* A frame whose grey is all `grey`, with chroma of another value. */
static void put_frame(FILE *out, const char *line, int grey, size_t chroma) {
  fputs(line, out);
  for (int i = 0; i < W * H; i++) fputc(grey, out);
  for (size_t i = 0; i < chroma; i++) fputc(200, out);
}

static void write_y4m(const char *header, int frames, size_t chroma) {
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs(header, out);
  for (int i = 0; i < frames; i++) put_frame(out, i % 2 ? "FRAME Ip XYZ\n" : "FRAME\n", 10 + i, chroma);
  fclose(out);
}

static bool open_spec(const char *scheme, const char *rest, bool paced, bool repeat) {
  char spec[256];
  const struct camera_options options = {.width = 1280, .height = 720, .fps = 30, .paced = paced, .repeat = repeat};
  snprintf(spec, sizeof spec, "%s%s", scheme, rest);
  problem = (struct problem){.en = ""};
  return camera_open(&camera, spec, &options, &problem);
}

static enum camera_take take(int64_t now_ms) {
  return camera.ops->take(camera.self, (struct moment){now_ms, 0, false}, &frame, &due_ms);
}

static void assert_frame(int grey, int64_t at_ms) {
  assert_int_equal(frame.w, W);
  assert_int_equal(frame.h, H);
  assert_true(frame.stride >= W);
  for (int i = 0; i < W * H; i++) assert_int_equal(frame.luma[i / W * frame.stride + i % W], grey);
  assert_int_equal(frame.at_ms, at_ms);
}

static void any_chroma_and_any_order(void **state) {
  (void)state;
  static const struct {
    const char *header;
    size_t chroma;
  } all[] = {
      {"YUV4MPEG2 W6 H4 F25:1\n", 12},
      {"YUV4MPEG2 C420jpeg A1:1 Ip H4 F25:1 W6\n", 12},
      {"YUV4MPEG2 F25:1  W6 H4 C420mpeg2 XYSCSS=420MPEG2\n", 12},
      {"YUV4MPEG2 W6 H4 F25:1 C420paldv\n", 12},
      {"YUV4MPEG2 W6 H4 F25:1 C422\n", 24},
      {"YUV4MPEG2 W6 H4 F25:1 C411\n", 16},
      {"YUV4MPEG2 W6 H4 F25:1 C444\n", 48},
      {"YUV4MPEG2 Cmono W6 H4 F25:1\n", 0},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    write_y4m(all[i].header, 3, all[i].chroma);
    assert_true(open_spec("y4m:", path, false, false));
    for (int n = 0; n < 3; n++) {
      assert_int_equal(take(1000), CAMERA_FRAME);
      assert_frame(10 + n, 1000 + n * 40);
    }
    assert_int_equal(take(1000), CAMERA_END);
    assert_int_equal(take(1000), CAMERA_END);
    assert_int_equal(camera.ops->fd(camera.self), -1);
    camera_close(&camera);
  }
}

static void hostile_headers_are_refused(void **state) {
  (void)state;
  static const char *const bad[] = {
      "",
      "YUV4MPEG2",
      "YUV4MPEG2\n",
      "YUV4MPEG2 \n",
      "YUV4MPEG2 W6\n",
      "YUV4MPEG2 H4 W\n",
      "YUV4MPEG2 W6 H4",
      "YUV4MPEG W6 H4\n",
      "YUV4MPEG2 W0 H4\n",
      "YUV4MPEG2 W-6 H4\n",
      "YUV4MPEG2 W6x H4\n",
      "YUV4MPEG2 W4097 H4\n",
      "YUV4MPEG2 W4096 H4096\n",
      "YUV4MPEG2 W99999999999999999999 H4\n",
      "YUV4MPEG2 W6 H4 F25\n",
      "YUV4MPEG2 W6 H4 F25:0\n",
      "YUV4MPEG2 W6 H4 F0:1\n",
      "YUV4MPEG2 W6 H4 F1:100\n",
      "YUV4MPEG2 W6 H4 F999999999:1\n",
      "YUV4MPEG2 W6 H4 C420p10\n",
      "YUV4MPEG2 W6 H4 C444alpha\n",
      "YUV4MPEG2 W6 H4 C\n",
      "\x89PNG\r\n",
      "FRAME\n",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    FILE *out = fopen(path, "w");
    fputs(bad[i], out);
    fclose(out);
    assert_false(open_spec("y4m:", path, false, false));
    assert_non_null(strstr(problem.en, path));
    assert_non_null(strstr(problem.zh, path));
  }
  FILE *out = fopen(path, "w");
  fputs("YUV4MPEG2 W6 H4 X", out);
  for (int i = 0; i < 5000; i++) fputc('x', out);
  fclose(out);
  assert_false(open_spec("y4m:", path, false, false));
  unlink(path);
  assert_false(open_spec("y4m:", path, false, false));
  assert_false(open_spec("y4m:", folder, false, false)); /* a folder is no recording */
}

static void in_its_own_time(void **state) {
  (void)state;
  write_y4m("YUV4MPEG2 W6 H4 F10:1 Cmono\n", 20, 0);
  assert_true(open_spec("y4m:", path, true, false));
  assert_int_equal(take(5000), CAMERA_FRAME);
  assert_frame(10, 5000);
  assert_int_equal(take(5050), CAMERA_NONE);
  assert_int_equal(due_ms, 5100);
  assert_int_equal(take(5100), CAMERA_FRAME);
  assert_frame(11, 5100);
  assert_int_equal(take(5430), CAMERA_FRAME); /* nobody asked in time: two have passed */
  assert_frame(14, 5400);
  assert_int_equal(take(5430), CAMERA_NONE);
  assert_int_equal(due_ms, 5500);
}

static void again_from_the_start(void **state) {
  (void)state;
  write_y4m("YUV4MPEG2 W6 H4 F10:1 Cmono\n", 2, 0);
  assert_true(open_spec("y4m:", path, false, true));
  for (int n = 0; n < 7; n++) {
    enum camera_take got = take(0);
    if (got == CAMERA_NONE) got = take(0);
    assert_int_equal(got, CAMERA_FRAME);
    assert_frame(10 + n % 2, n * 100); /* time goes on */
  }
}

static void torn_inside_a_frame(void **state) {
  (void)state;
  write_y4m("YUV4MPEG2 W6 H4 F10:1 Cmono\n", 2, 0);
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(truncate(path, st.st_size - 5), 0);
  assert_true(open_spec("y4m:", path, false, false));
  assert_int_equal(take(0), CAMERA_FRAME);
  assert_int_equal(take(0), CAMERA_LOST);
  assert_non_null(strstr(camera.ops->state(camera.self), "inside a frame"));
  assert_int_equal(take(0), CAMERA_END);
}

static void garbage_between_frames(void **state) {
  (void)state;
  write_y4m("YUV4MPEG2 W6 H4 F10:1 Cmono\n", 1, 0);
  FILE *out = fopen(path, "a");
  fputs("FRAMF\n", out);
  fclose(out);
  assert_true(open_spec("y4m:", path, false, false));
  assert_int_equal(take(0), CAMERA_FRAME);
  assert_int_equal(take(0), CAMERA_LOST);
  assert_int_equal(take(0), CAMERA_END);
}

static FILE *writer(void) {
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  return out;
}

static void fifo_whose_writers_come_and_go(void **state) {
  (void)state;
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_true(open_spec("y4m:", path, true, true));
  assert_int_equal(take(1000), CAMERA_LOST); /* nobody writes yet */
  assert_true(camera.ops->fd(camera.self) >= 0);
  assert_non_null(strstr(camera.ops->state(camera.self), "waiting for a writer"));

  FILE *out = writer();
  fputs("YUV4MPEG2 W6 H4 F10:1 Cmono\n", out);
  fputs("FRAME\nabc", out);
  fflush(out);
  assert_int_equal(take(1100), CAMERA_NONE); /* a part of a frame */
  assert_true(camera.ops->fd(camera.self) >= 0);
  for (int i = 3; i < W * H; i++) fputc('z', out);
  fflush(out);
  assert_int_equal(take(1150), CAMERA_FRAME);
  assert_int_equal(frame.at_ms, 1150);
  assert_int_equal(frame.luma[2], 'c');
  assert_string_equal(camera.ops->state(camera.self), "6x4 y4m 10 fps");
  fputs("FRAME\nab", out);
  fclose(out); /* stops inside a frame */
  assert_int_equal(take(1300), CAMERA_LOST);

  out = writer(); /* the next one, with another header */
  fputs("YUV4MPEG2 H4 W6 F20:1 Cmono\n", out);
  put_frame(out, "FRAME\n", 77, 0);
  fflush(out);
  assert_int_equal(take(1400), CAMERA_FRAME);
  assert_frame(77, 1400);
  fclose(out);
  assert_int_equal(take(1500), CAMERA_LOST);
  assert_int_equal(take(1500), CAMERA_LOST);
  fclose(writer()); /* comes and goes without a word: still nothing keeps poll awake */
  assert_int_equal(take(1600), CAMERA_LOST);
  struct pollfd quiet = {.fd = camera.ops->fd(camera.self), .events = POLLIN};
  assert_int_equal(poll(&quiet, 1, 0), 0);
}

static void fifo_with_garbage_is_closed_and_opened_again(void **state) {
  (void)state;
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_true(open_spec("y4m:", path, true, true));
  assert_int_equal(take(1000), CAMERA_LOST);
  FILE *out = writer();
  fputs("GIF89a and so on\n", out);
  fflush(out);
  assert_int_equal(take(1100), CAMERA_LOST);
  assert_int_equal(camera.ops->fd(camera.self), -1);
  assert_int_equal(due_ms, 2100);
  assert_int_equal(write(fileno(out), "x", 1), -1); /* its writer notices */
  fclose(out);
  assert_int_equal(take(1200), CAMERA_LOST);
  assert_int_equal(take(2100), CAMERA_LOST); /* opened again: nobody writes yet */
  out = writer();
  fputs("YUV4MPEG2 W6 H4 Cmono\n", out);
  put_frame(out, "FRAME\n", 5, 0);
  fflush(out);
  assert_int_equal(take(2200), CAMERA_FRAME);
  assert_frame(5, 2200);
  fclose(out);
}

static void fifo_once(void **state) {
  (void)state;
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_true(open_spec("y4m:", path, false, false));
  assert_int_equal(take(1000), CAMERA_LOST); /* its first writer is waited for */
  FILE *out = writer();
  fputs("YUV4MPEG2 W6 H4 F10:1 Cmono\n", out);
  put_frame(out, "FRAME\n", 5, 0);
  fclose(out);
  assert_int_equal(take(1000), CAMERA_FRAME);
  assert_frame(5, 1000);
  assert_int_equal(take(1000), CAMERA_END);
}

static void raw_frames(void **state) {
  (void)state;
  char rest[128];
  write_y4m("", 0, 0);
  FILE *out = fopen(path, "w");
  for (int i = 0; i < 3; i++) put_frame(out, "", 30 + i, 12);
  fclose(out);
  snprintf(rest, sizeof rest, "6x4@50:%s", path);
  assert_true(open_spec("i420:", rest, false, false));
  for (int i = 0; i < 3; i++) {
    assert_int_equal(take(100), CAMERA_FRAME);
    assert_frame(30 + i, 100 + 20 * i);
  }
  assert_int_equal(take(100), CAMERA_END);
  camera_close(&camera);

  static const char *const bad[] = {"",         "6x4",     "6x4@50",        "6x4@50:", "6@50:x",
                                    "0x4@50:x", "6x4@0:x", "9999x9999@5:x", "ax4@50:x"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(open_spec("i420:", bad[i], false, false));
}

static void specs(void **state) {
  (void)state;
  assert_false(open_spec("", "", false, false));
  assert_false(open_spec("y4m", "", false, false));
  assert_false(open_spec("webcam:", "x", false, false));
  assert_non_null(strstr(problem.en, "webcam:x"));
  assert_non_null(strstr(problem.zh, "webcam:x"));
  assert_true(open_spec("none", "", false, false));
  assert_int_equal(take(0), CAMERA_NONE);
  assert_int_equal(due_ms, INT64_MAX);
}

int main(void) {
#define STREAM_TEST(f) cmocka_unit_test_teardown(f, remove_stream)
  const struct CMUnitTest tests[] = {
      STREAM_TEST(any_chroma_and_any_order),
      STREAM_TEST(hostile_headers_are_refused),
      STREAM_TEST(in_its_own_time),
      STREAM_TEST(again_from_the_start),
      STREAM_TEST(torn_inside_a_frame),
      STREAM_TEST(garbage_between_frames),
      STREAM_TEST(fifo_whose_writers_come_and_go),
      STREAM_TEST(fifo_with_garbage_is_closed_and_opened_again),
      STREAM_TEST(fifo_once),
      STREAM_TEST(raw_frames),
      STREAM_TEST(specs),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
