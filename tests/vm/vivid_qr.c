/* SPDX-License-Identifier: Apache-2.0
 * Holds a QR code before vivid's HDMI input: draws it into frames of the output node and turns on the
 * driver's own loop from output to input. Vivid loops only while both nodes agree on format and size,
 * so this side follows what the camera's reader has negotiated, also when that changes.
 * Runs until killed, or until the device is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BUFFERS = 3, QUIET = 4, PAPER = 235, INK = 30, ROOM = 120 };

struct plane {
  uint8_t *bytes;
  size_t len;
};

struct layout {
  uint32_t fourcc;
  uint32_t step; /* bytes from one luma sample to the next */
};

static const struct layout layouts[] = {{V4L2_PIX_FMT_GREY, 1}, {V4L2_PIX_FMT_NV12, 1}, {V4L2_PIX_FMT_YUYV, 2}};

static void must(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "vivid_qr: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int ask(int fd, unsigned long request, void *arg) {
  int r;
  do r = ioctl(fd, request, arg);
  while (r < 0 && errno == EINTR);
  return r;
}

static void turn_loop_on(int fd) {
  struct v4l2_queryctrl q = {.id = V4L2_CTRL_FLAG_NEXT_CTRL};
  for (; ask(fd, VIDIOC_QUERYCTRL, &q) == 0; q.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
    if (strcmp((const char *)q.name, "Loop Video") != 0) continue;
    struct v4l2_control on = {.id = q.id, .value = 1};
    must(ask(fd, VIDIOC_S_CTRL, &on) == 0, "Loop Video");
    return;
  }
  errno = ENOENT;
  must(false, "Loop Video");
}

static void draw(const QRcode *code, const struct v4l2_pix_format *pix, uint32_t step, struct plane to) {
  int side = code->width + 2 * QUIET, w = (int)pix->width, h = (int)pix->height;
  int scale = (w < h ? w : h) * 2 / 3 / side;
  if (scale < 1) scale = 1;
  int x0 = (w - side * scale) / 2, y0 = (h - side * scale) / 2;
  memset(to.bytes, 128, to.len); /* chroma of grey, in every layout */
  for (int y = 0; y < h; y++) {
    uint8_t *row = to.bytes + (size_t)y * pix->bytesperline;
    for (int x = 0; x < w; x++) {
      int mx = x < x0 ? -1 : (x - x0) / scale, my = y < y0 ? -1 : (y - y0) / scale;
      bool paper = mx >= 0 && my >= 0 && mx < side && my < side;
      mx -= QUIET, my -= QUIET;
      bool inside = paper && mx >= 0 && my >= 0 && mx < code->width && my < code->width;
      bool ink = inside && (code->data[my * code->width + mx] & 1);
      row[(size_t)x * step] = ink ? INK : paper ? PAPER : ROOM;
    }
  }
}

static bool same(const struct v4l2_pix_format *a, const struct v4l2_pix_format *b) {
  return a->width == b->width && a->height == b->height && a->pixelformat == b->pixelformat;
}

static struct v4l2_format format_of(int capture) {
  struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  must(ask(capture, VIDIOC_G_FMT, &f) == 0, "the input's format");
  return f;
}

static uint32_t step_of(uint32_t fourcc) {
  for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
    if (layouts[i].fourcc == fourcc) return layouts[i].step;
  fprintf(stderr, "vivid_qr: no drawing in format %.4s\n", (const char *)&fourcc);
  exit(1);
}

static void queue(int output, uint32_t index, size_t len) {
  struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
                          .memory = V4L2_MEMORY_MMAP,
                          .index = index,
                          .bytesused = (uint32_t)len,
                          .field = V4L2_FIELD_NONE};
  must(ask(output, VIDIOC_QBUF, &b) == 0, "queue a frame");
}

/* Shows the code as long as the input stays as it is. */
static void show(int capture, int output, const QRcode *code) {
  struct v4l2_format in = format_of(capture);
  struct v4l2_format out = {.type = V4L2_BUF_TYPE_VIDEO_OUTPUT};
  must(ask(output, VIDIOC_G_FMT, &out) == 0, "the output's format");
  out.fmt.pix.width = in.fmt.pix.width, out.fmt.pix.height = in.fmt.pix.height;
  out.fmt.pix.pixelformat = in.fmt.pix.pixelformat, out.fmt.pix.field = V4L2_FIELD_NONE;
  out.fmt.pix.bytesperline = 0;
  must(ask(output, VIDIOC_S_FMT, &out) == 0 && same(&in.fmt.pix, &out.fmt.pix), "the input's format for the output");
  struct v4l2_requestbuffers want = {.count = BUFFERS, .type = out.type, .memory = V4L2_MEMORY_MMAP};
  must(ask(output, VIDIOC_REQBUFS, &want) == 0 && want.count >= BUFFERS, "frame buffers");
  struct plane plane[BUFFERS];
  for (uint32_t i = 0; i < BUFFERS; i++) {
    struct v4l2_buffer b = {.type = out.type, .memory = V4L2_MEMORY_MMAP, .index = i};
    must(ask(output, VIDIOC_QUERYBUF, &b) == 0, "frame buffer");
    plane[i].len = b.length;
    plane[i].bytes = mmap(NULL, b.length, PROT_READ | PROT_WRITE, MAP_SHARED, output, b.m.offset);
    must(plane[i].bytes != MAP_FAILED, "map a frame buffer");
    draw(code, &out.fmt.pix, step_of(out.fmt.pix.pixelformat), plane[i]);
    queue(output, i, out.fmt.pix.sizeimage);
  }
  int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  must(ask(output, VIDIOC_STREAMON, &type) == 0, "start");
  fprintf(stderr, "vivid_qr: showing at %ux%u %.4s\n", in.fmt.pix.width, in.fmt.pix.height,
          (const char *)&in.fmt.pix.pixelformat);
  for (struct v4l2_format now = in; same(&in.fmt.pix, &now.fmt.pix); now = format_of(capture)) {
    struct v4l2_buffer b = {.type = out.type, .memory = V4L2_MEMORY_MMAP};
    must(ask(output, VIDIOC_DQBUF, &b) == 0, "frame shown");
    queue(output, b.index, out.fmt.pix.sizeimage);
  }
  must(ask(output, VIDIOC_STREAMOFF, &type) == 0, "stop");
  for (uint32_t i = 0; i < BUFFERS; i++) munmap(plane[i].bytes, plane[i].len);
  want.count = 0;
  must(ask(output, VIDIOC_REQBUFS, &want) == 0, "give the frame buffers back");
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: vivid_qr CAPTURE OUTPUT TEXT\n");
    return 2;
  }
  int capture = open(argv[1], O_RDWR | O_CLOEXEC), output = open(argv[2], O_RDWR | O_CLOEXEC);
  must(capture >= 0, argv[1]);
  must(output >= 0, argv[2]);
  QRcode *code = QRcode_encodeString(argv[3], 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
  must(code != NULL, "text too long for a code");
  turn_loop_on(capture);
  for (;;) show(capture, output, code);
}
