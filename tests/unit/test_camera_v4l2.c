/* SPDX-License-Identifier: Apache-2.0
 * The V4L2 driver before devices that the test is: what they offer, answer and send stands in a table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "tests/unit/fake_v4l2.h"

static struct camera camera;
static struct frame frame;
static int64_t due_ms;

static int make_device(void **state) {
  (void)state;
  dev = (struct device){.caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING};
  for (int i = 0; i < BUFFERS; i++) dev.memory[i] = calloc(1, BUFFER_LEN);
  for (int i = 0; i < SENT_MAX; i++) dev.sent[i].error = EAGAIN;
  return 0;
}

static int remove_device(void **state) {
  (void)state;
  camera_close(&camera);
  assert_int_equal(dev.opened, dev.closed);
  for (int i = 0; i < BUFFERS; i++) free(dev.memory[i]);
  return 0;
}

static void plug(const struct offer *offers, int count) { memcpy(dev.offer, offers, (size_t)count * sizeof *offers); }

static enum camera_take take(int64_t now_ms) {
  return camera.ops->take(camera.self, (struct moment){now_ms, 0, false}, &frame, &due_ms);
}

static void open_camera(void) {
  const struct camera_options options = {.width = 1280, .height = 720, .fps = 30};
  struct problem problem;
  assert_true(
      camera_v4l2_open_by(&camera, "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index0", &options, &calls, &problem));
}

static void connect_to(const struct offer *offers, int count) {
  plug(offers, count);
  open_camera();
  assert_int_equal(take(1000), CAMERA_NONE);
  assert_true(dev.streaming);
  assert_int_equal(camera.ops->fd(camera.self), FD);
}

#define CONNECT(...)                                                                                                           \
  connect_to((const struct offer[]){__VA_ARGS__}, (int)(sizeof((const struct offer[]){__VA_ARGS__}) / sizeof(struct offer)))

static void the_best_mode(void **state) {
  static const struct {
    struct offer offers[OFFERS_MAX];
    const char *taken;
  } cases[] = {
      {{{YUYV, 1280, 720, 10}, {YUYV, 640, 480, 30}, {MJPG, 640, 480, 30}, {MJPG, 1280, 720, 30}}, "1280x720 MJPG 30 fps"},
      {{{MJPG, 1280, 720, 30}, {YUYV, 1280, 720, 30}}, "1280x720 YUYV 30 fps"},
      {{{YUYV, 1280, 720, 30}, {NV12, 1280, 720, 30}}, "1280x720 NV12 30 fps"},
      {{{NV12, 1280, 720, 60}, {GREY, 1280, 720, 60}}, "1280x720 GREY 30 fps"},
      {{{H264, 1280, 720, 30}, {YUYV, 640, 480, 30}}, "640x480 YUYV 30 fps"},
      {{{MJPG, 1920, 1080, 30}, {MJPG, 1280, 960, 30}, {MJPG, 640, 480, 30}}, "1280x960 MJPG 30 fps"},
      {{{YUYV, 1280, 720, 15}, {YUYV, 160, 120, 30}}, "1280x720 YUYV 15 fps"},
      {{{NV12, 0, 0, 30}, {MJPG, 1920, 1080, 30}}, "1280x720 NV12 30 fps"},
      {{{YUYV, 1280, 720, 0}}, "1280x720 YUYV 30 fps"},
      {{{GREY, 8000, 6000, 30}, {UYVY, 320, 240, 30}}, "320x240 UYVY 30 fps"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    make_device(state);
    connect_to(cases[i].offers, OFFERS_MAX);
    assert_string_equal(camera.ops->state(camera.self), cases[i].taken);
    assert_int_equal(dev.asked_fps, 30);
    remove_device(state);
  }
  make_device(state);
}

static void draw_rows(uint8_t *at) { /* row y is 10 + y, its chroma 255 */
  uint32_t step = dev.pix.pixelformat == YUYV || dev.pix.pixelformat == UYVY ? 2 : 1;
  for (uint32_t y = 0; y < dev.pix.height; y++) {
    uint8_t *row = at + y * dev.pix.bytesperline;
    memset(row, 255, dev.pix.bytesperline);
    for (uint32_t x = 0; x < dev.pix.width; x++) row[x * step + (dev.pix.pixelformat == UYVY)] = (uint8_t)(10 + y % 200);
  }
}

static void assert_rows(void) {
  for (int y = 0; y < frame.h; y++) {
    assert_int_equal(frame.luma[y * frame.stride], 10 + y % 200);
    assert_int_equal(frame.luma[y * frame.stride + frame.w - 1], 10 + y % 200);
  }
}

static void will_send(int n, struct sent what) { dev.sent[n] = what; }

static void grey_of_each_format_with_padded_rows(void **state) {
  static const uint32_t formats[] = {GREY, NV12, YUYV, UYVY};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    make_device(state);
    dev.padding = 48;
    dev.draw = draw_rows;
    CONNECT({formats[i], 1280, 720, 30});
    will_send(0, (struct sent){.error = 0});
    assert_int_equal(take(2000), CAMERA_FRAME);
    assert_int_equal(frame.w, 1280);
    assert_int_equal(frame.h, 720);
    assert_int_equal(frame.at_ms, 2000);
    assert_rows();
    remove_device(state);
  }
  make_device(state);
}

static void what_the_driver_answers_counts(void **state) {
  (void)state;
  dev.override = (struct v4l2_pix_format){.width = 800, .height = 600, .pixelformat = GREY};
  dev.draw = draw_rows;
  CONNECT({YUYV, 1280, 720, 30});
  assert_non_null(strstr(camera.ops->state(camera.self), "800x600 GREY"));
  will_send(0, (struct sent){.error = 0});
  assert_int_equal(take(2000), CAMERA_FRAME);
  assert_int_equal(frame.w, 800);
  assert_rows();
}

static void the_newest_of_several(void **state) {
  (void)state;
  CONNECT({GREY, 1280, 720, 30});
  for (int i = 0; i < 3; i++) will_send(i, (struct sent){.flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, .at_ms = 1800 + 33 * i});
  assert_int_equal(take(2000), CAMERA_FRAME);
  assert_int_equal(frame.at_ms, 1866); /* when it was exposed, by the driver */
  int queued = 0;
  for (int i = 0; i < BUFFERS; i++) queued += dev.queued[i];
  assert_int_equal(queued, BUFFERS - 1); /* all but the one lent */
  assert_int_equal(take(2010), CAMERA_NONE);
  for (int i = 0; i < BUFFERS; i++) assert_true(dev.queued[i]);

  dev.sent_next = 10; /* clocks that can't be compared */
  will_send(10, (struct sent){.flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, .at_ms = 900000});
  will_send(12, (struct sent){.flags = V4L2_BUF_FLAG_TIMESTAMP_COPY, .at_ms = 2990});
  assert_int_equal(take(3000), CAMERA_FRAME);
  assert_int_equal(frame.at_ms, 3000);
  assert_int_equal(take(3000), CAMERA_FRAME);
  assert_int_equal(frame.at_ms, 3000);
}

static void garbage_is_skipped_until_it_is_too_much(void **state) {
  (void)state;
  CONNECT({YUYV, 1280, 720, 30});
  will_send(0, (struct sent){.flags = V4L2_BUF_FLAG_ERROR});
  will_send(1, (struct sent){.bytes = 100});            /* short */
  will_send(2, (struct sent){.bytes = BUFFER_LEN + 1}); /* more than there is */
  assert_int_equal(take(2000), CAMERA_NONE);
  dev.sent_next = 10;
  will_send(10, (struct sent){.error = 0});
  assert_int_equal(take(2100), CAMERA_FRAME); /* a good one: all is forgiven */
  for (int i = 20; i < 40; i++) will_send(i, (struct sent){.bytes = 100});
  dev.sent_next = 20;
  enum camera_take got = CAMERA_NONE;
  int64_t now_ms = 2200;
  for (; got == CAMERA_NONE && now_ms < 3000; now_ms += 33) got = take(now_ms);
  assert_int_equal(got, CAMERA_LOST);
  assert_non_null(strstr(camera.ops->state(camera.self), "damaged pictures"));
  assert_int_equal(camera.ops->fd(camera.self), -1);
  assert_int_equal(dev.mapped, 0);
}

static void unplugged_and_plugged_in_again(void **state) {
  (void)state;
  static const int errors[] = {ENODEV, EIO};
  int64_t now_ms = 2000;
  dev.draw = draw_rows;
  CONNECT({GREY, 1280, 720, 30});
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    dev.sent_next = 0;
    will_send(0, (struct sent){.error = errors[i]});
    assert_int_equal(take(now_ms), CAMERA_LOST);
    assert_int_equal(due_ms, now_ms + 1000);
    assert_int_equal(dev.closed, dev.opened);
    assert_int_equal(take(now_ms + 500), CAMERA_LOST); /* not tried before its time */
    dev.open_error = ENOENT;
    int tried = dev.connects;
    for (int n = 1; n <= 3; n++) assert_int_equal(take(now_ms + n * 1000), CAMERA_LOST);
    assert_int_equal(dev.connects, tried + 3);
    assert_non_null(strstr(camera.ops->state(camera.self), "No such file"));
    dev.open_error = 0;
    assert_int_equal(take(now_ms + 4000), CAMERA_NONE);
    dev.sent_next = 0;
    will_send(0, (struct sent){.error = 0});
    assert_int_equal(take(now_ms + 4033), CAMERA_FRAME);
    assert_rows();
    now_ms += 10000;
  }
}

static void a_stream_that_stands_is_started_anew(void **state) {
  (void)state;
  CONNECT({GREY, 1280, 720, 30});
  assert_int_equal(due_ms, 6000);
  assert_int_equal(take(5999), CAMERA_NONE);
  assert_int_equal(take(6000), CAMERA_LOST);
  assert_int_equal(take(7000), CAMERA_NONE);
  assert_int_equal(dev.connects, 2);
}

static void what_can_fail_on_the_way(void **state) {
  static const struct {
    unsigned long request;
    int error;
    const char *says;
  } cases[] = {
      {VIDIOC_QUERYCAP, ENOTTY, "not a camera"},   {VIDIOC_ENUM_FMT, EINVAL, "no picture format"},
      {VIDIOC_S_FMT, EBUSY, "another program"},    {VIDIOC_S_FMT, EINVAL, "format can't be set"},
      {VIDIOC_REQBUFS, ENOMEM, "does not start"},  {VIDIOC_QUERYBUF, EINVAL, "does not start"},
      {VIDIOC_QBUF, EIO, "does not start"},        {VIDIOC_STREAMON, EPIPE, "does not start"},
      {VIDIOC_STREAMON, EBUSY, "another program"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    make_device(state);
    dev.fail_request = cases[i].request;
    dev.fail_errno = cases[i].error;
    plug((const struct offer[]){{YUYV, 1280, 720, 30}}, 1);
    open_camera();
    assert_int_equal(take(1000), CAMERA_LOST);
    assert_non_null(strstr(camera.ops->state(camera.self), cases[i].says));
    assert_int_equal(dev.mapped, 0);
    dev.fail_request = 0; /* and when it is mended */
    assert_int_equal(take(2000), CAMERA_NONE);
    remove_device(state);
  }
  make_device(state);
}

static void devices_that_do_not_fit(void **state) {
  make_device(state);
  dev.caps = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING;
  plug((const struct offer[]){{YUYV, 1280, 720, 30}}, 1);
  open_camera();
  assert_int_equal(take(1000), CAMERA_LOST);
  assert_non_null(strstr(camera.ops->state(camera.self), "not a camera"));
  remove_device(state);

  make_device(state);
  dev.override.pixelformat = H264; /* it promises one thing and sets another */
  plug((const struct offer[]){{YUYV, 1280, 720, 30}}, 1);
  open_camera();
  assert_int_equal(take(1000), CAMERA_LOST);
  remove_device(state);

  make_device(state);
  dev.override.width = 65536;
  dev.override.height = 65536;
  plug((const struct offer[]){{YUYV, 1280, 720, 30}}, 1);
  open_camera();
  assert_int_equal(take(1000), CAMERA_LOST);
  remove_device(state);
  make_device(state);
}

static uint8_t *jpeg_bytes;
static unsigned long jpeg_len;

static void draw_jpeg(uint8_t *at) { memcpy(at, jpeg_bytes, jpeg_len); }

static void compress(int w, int h) {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr manager;
  free(jpeg_bytes);
  jpeg_bytes = NULL;
  jpeg.err = jpeg_std_error(&manager);
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &jpeg_bytes, &jpeg_len);
  jpeg.image_width = (JDIMENSION)w;
  jpeg.image_height = (JDIMENSION)h;
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  uint8_t *row = malloc((size_t)w);
  memset(row, 90, (size_t)w);
  for (int y = 0; y < h; y++) jpeg_write_scanlines(&jpeg, &row, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  free(row);
}

static void motion_jpeg(void **state) {
  (void)state;
  CONNECT({MJPG, 640, 480, 30});
  compress(640, 480);
  dev.draw = draw_jpeg;
  will_send(0, (struct sent){.bytes = (uint32_t)jpeg_len});
  assert_int_equal(take(2000), CAMERA_FRAME);
  assert_int_equal(frame.w, 640);
  assert_in_range(frame.luma[640 * 479 + 639], 88, 92);

  dev.sent_next = 10;
  will_send(10, (struct sent){.bytes = (uint32_t)jpeg_len / 2}); /* cut off */
  assert_int_equal(take(2100), CAMERA_NONE);
  compress(320, 240); /* not the size that was agreed on */
  dev.sent_next = 20;
  will_send(20, (struct sent){.bytes = (uint32_t)jpeg_len});
  assert_int_equal(take(2200), CAMERA_NONE);
  dev.sent_next = 30;
  will_send(30, (struct sent){.bytes = (uint32_t)jpeg_len, .bad_index = true});
  assert_int_equal(take(2300), CAMERA_LOST);
  free(jpeg_bytes);
  jpeg_bytes = NULL;
}

int main(void) {
#define DEVICE_TEST(f) cmocka_unit_test_setup_teardown(f, make_device, remove_device)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(the_best_mode, remove_device),
      cmocka_unit_test_teardown(grey_of_each_format_with_padded_rows, remove_device),
      DEVICE_TEST(what_the_driver_answers_counts),
      DEVICE_TEST(the_newest_of_several),
      DEVICE_TEST(garbage_is_skipped_until_it_is_too_much),
      DEVICE_TEST(unplugged_and_plugged_in_again),
      DEVICE_TEST(a_stream_that_stands_is_started_anew),
      cmocka_unit_test_teardown(what_can_fail_on_the_way, remove_device),
      cmocka_unit_test_teardown(devices_that_do_not_fit, remove_device),
      DEVICE_TEST(motion_jpeg),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
