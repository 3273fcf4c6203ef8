/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/linux/camera_v4l2.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "platform/linux/v4l2_mode.h"
#include "platform/picture.h"

enum {
  BUFFERS_MAX = 4,
  RETRY_MS = 1000,
  STALL_MS = 5000, /* a stream that stands this long is started anew */
  GARBAGE_MAX = 10 /* in a row: a cable or a driver, not a bad frame */
};

struct buffer {
  uint8_t *at;
  size_t len;
};

struct v4l2 {
  const struct v4l2_calls *calls;
  struct camera_options options;
  char *device;
  int fd; /* -1: not there */
  bool streaming;
  struct v4l2_mode mode;
  size_t stride, need; /* bytes a row; bytes that a raw frame must have */
  struct buffer buffer[BUFFERS_MAX];
  uint32_t buffers;
  int held; /* the buffer lent, -1: none */
  int garbage;
  struct picture picture; /* grey, where it doesn't lie in the buffer as a plane */
  int64_t retry_ms, last_ms;
  char state[160];
};

static int call(struct v4l2 *c, unsigned long request, void *argument) {
  int result;
  do result = c->calls->ioctl(c->calls->context, c->fd, request, argument);
  while (result < 0 && errno == EINTR);
  return result;
}

/* The most frames a second at this size; 0: the driver doesn't say. */
static int32_t most_fps(struct v4l2 *c, uint32_t fourcc, int32_t w, int32_t h) {
  int32_t most = 0;
  struct v4l2_frmivalenum e = {.pixel_format = fourcc, .width = (uint32_t)w, .height = (uint32_t)h};
  for (e.index = 0; e.index < 64 && !call(c, VIDIOC_ENUM_FRAMEINTERVALS, &e); e.index++) {
    bool discrete = e.type == V4L2_FRMIVAL_TYPE_DISCRETE;
    struct v4l2_fract f = discrete ? e.discrete : e.stepwise.min;
    if (f.numerator && f.denominator) {
      int64_t fps = ((int64_t)f.denominator + f.numerator - 1) / f.numerator;
      if (fps > most) most = fps < 1000 ? (int32_t)fps : 1000;
    }
    if (!discrete) break;
  }
  return most;
}

static void consider(struct v4l2 *c, const struct v4l2_format_row *format, int64_t w, int64_t h) {
  if (w < 1 || h < 1 || w > CAMERA_SIDE_MAX || h > CAMERA_SIDE_MAX || w * h > CAMERA_PIXELS_MAX) return;
  struct v4l2_mode mode = {format, (int32_t)w, (int32_t)h, most_fps(c, format->fourcc, (int32_t)w, (int32_t)h)};
  if (v4l2_better(&mode, &c->mode, &c->options)) c->mode = mode;
}

static int64_t stepped(int64_t asked, uint32_t least, uint32_t most, uint32_t step) {
  if (asked > most) return most;
  if (asked < least) return least;
  return step ? least + (asked - least) / step * step : asked;
}

static void consider_sizes(struct v4l2 *c, const struct v4l2_format_row *format) {
  struct v4l2_frmsizeenum e = {.pixel_format = format->fourcc};
  for (e.index = 0; e.index < 256; e.index++) {
    if (call(c, VIDIOC_ENUM_FRAMESIZES, &e)) {
      if (!e.index) consider(c, format, c->options.width, c->options.height); /* it doesn't say: ask, and see */
      return;
    }
    if (e.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      consider(c, format, e.discrete.width, e.discrete.height);
      continue;
    }
    const struct v4l2_frmsize_stepwise *s = &e.stepwise;
    consider(c, format, stepped(c->options.width, s->min_width, s->max_width, s->step_width),
             stepped(c->options.height, s->min_height, s->max_height, s->step_height));
    return;
  }
}

static bool choose_mode(struct v4l2 *c, const char **why) {
  c->mode = (struct v4l2_mode){0};
  struct v4l2_capability cap = {.capabilities = 0};
  *why = "not a camera";
  if (call(c, VIDIOC_QUERYCAP, &cap)) return false;
  uint32_t caps = cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
  if (!(caps & V4L2_CAP_VIDEO_CAPTURE) || !(caps & V4L2_CAP_STREAMING)) return false;
  *why = "no picture format that can be read (GREY, NV12, YUYV, MJPEG...)";
  struct v4l2_fmtdesc d = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  for (d.index = 0; d.index < 64 && !call(c, VIDIOC_ENUM_FMT, &d); d.index++) {
    const struct v4l2_format_row *format = v4l2_format(d.pixelformat);
    if (format) consider_sizes(c, format);
  }
  return c->mode.format != NULL;
}

/* The driver may answer with another format, size or rate than it was asked for: what it says counts. */
static bool set_mode(struct v4l2 *c, const char **why) {
  *why = "its picture format can't be set";
  struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  struct v4l2_pix_format *pix = &f.fmt.pix;
  pix->width = (uint32_t)c->mode.w;
  pix->height = (uint32_t)c->mode.h;
  pix->pixelformat = c->mode.format->fourcc;
  pix->field = V4L2_FIELD_NONE;
  if (call(c, VIDIOC_S_FMT, &f)) return false;
  c->mode.format = v4l2_format(pix->pixelformat);
  if (!c->mode.format || pix->width < 1 || pix->height < 1 || pix->width > CAMERA_SIDE_MAX || pix->height > CAMERA_SIDE_MAX ||
      pix->width * pix->height > CAMERA_PIXELS_MAX) {
    return false;
  }
  size_t row = pix->width * (c->mode.format->luma == V4L2_LUMA_PLANE ? 1u : 2u);
  c->mode.w = (int32_t)pix->width;
  c->mode.h = (int32_t)pix->height;
  c->stride = pix->bytesperline > row ? pix->bytesperline : row;
  c->need = c->mode.format->luma == V4L2_LUMA_JPEG ? 4 : c->stride * (pix->height - 1) + row;
  if (c->stride > 1 << 20) return false;

  struct v4l2_streamparm parm = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  parm.parm.capture.timeperframe = (struct v4l2_fract){1, (uint32_t)c->options.fps};
  if (!call(c, VIDIOC_S_PARM, &parm)) { /* a driver without it keeps its rate */
    struct v4l2_fract got = parm.parm.capture.timeperframe;
    if (got.numerator && got.denominator / got.numerator < 1000)
      c->mode.fps = (int32_t)((got.denominator + got.numerator / 2) / got.numerator);
  }
  return true;
}

static bool give_back(struct v4l2 *c, uint32_t index) {
  struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = index};
  return !call(c, VIDIOC_QBUF, &b);
}

static bool start(struct v4l2 *c, const char **why) {
  *why = "it does not start";
  struct v4l2_requestbuffers r = {.count = BUFFERS_MAX, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  if (call(c, VIDIOC_REQBUFS, &r) || r.count < 2) return false;
  for (uint32_t i = 0; i < r.count && i < BUFFERS_MAX; i++) {
    struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = i};
    if (call(c, VIDIOC_QUERYBUF, &b) || b.length < c->need) return false;
    void *at = c->calls->mmap(c->calls->context, b.length, c->fd, b.m.offset);
    if (!at) return false;
    c->buffer[c->buffers++] = (struct buffer){at, b.length};
    if (!give_back(c, i)) return false;
  }
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  c->streaming = !call(c, VIDIOC_STREAMON, &type);
  return c->streaming;
}

static void stop(struct v4l2 *c) {
  if (c->fd < 0) return;
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (c->streaming) call(c, VIDIOC_STREAMOFF, &type);
  for (uint32_t i = 0; i < c->buffers; i++) c->calls->munmap(c->calls->context, c->buffer[i].at, c->buffer[i].len);
  c->calls->close(c->calls->context, c->fd); /* the buffers go with it */
  c->fd = c->held = -1;
  c->buffers = 0;
  c->streaming = false;
}

static enum camera_take lost(struct v4l2 *c, struct moment now, const char *why, int64_t *due_ms) {
  char state[sizeof c->state];
  snprintf(state, sizeof state, "%.80s: %s", c->device, why);
  if (strcmp(state, c->state)) log_warn("camera lost, tried again every second: %s", state); /* said once, not every second */
  memcpy(c->state, state, sizeof state);
  stop(c);
  *due_ms = c->retry_ms = now.mono_ms + RETRY_MS;
  return CAMERA_LOST;
}

static enum camera_take connect_camera(struct v4l2 *c, struct moment now, int64_t *due_ms) {
  const char *why = "";
  c->fd = c->calls->open(c->calls->context, c->device);
  if (c->fd < 0) return lost(c, now, strerror(errno), due_ms);
  errno = 0;
  if (!choose_mode(c, &why) || !set_mode(c, &why) || !start(c, &why)) {
    return lost(c, now, errno == EBUSY ? "another program uses it" : why, due_ms);
  }
  uint32_t f = c->mode.format->fourcc;
  snprintf(c->state, sizeof c->state, "%dx%d %c%c%c%c %d fps", c->mode.w, c->mode.h, (char)f, (char)(f >> 8), (char)(f >> 16),
           (char)(f >> 24), c->mode.fps);
  log_info("camera %s: %s", c->device, c->state);
  c->garbage = 0;
  c->last_ms = now.mono_ms;
  *due_ms = now.mono_ms + STALL_MS;
  return CAMERA_NONE;
}

/* When it was exposed, where the driver's clock can be compared with ours. */
static int64_t taken_ms(const struct v4l2_buffer *b, struct moment now) {
  int64_t ms = (int64_t)b->timestamp.tv_sec * 1000 + b->timestamp.tv_usec / 1000;
  bool monotonic = (b->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  return monotonic && ms <= now.mono_ms && now.mono_ms - ms < 1000 ? ms : now.mono_ms;
}

/* Grey out of the buffer; borrowed from it where it is a plane. False: damaged. */
static bool grey(struct v4l2 *c, const struct v4l2_buffer *b, struct frame *frame) {
  const uint8_t *at = c->buffer[b->index].at;
  const struct v4l2_mode *m = &c->mode;
  *frame = (struct frame){.luma = at, .w = m->w, .h = m->h, .stride = (int32_t)c->stride};
  if (m->format->luma == V4L2_LUMA_PLANE) return true;
  if (m->format->luma == V4L2_LUMA_JPEG) {
    if (!picture_jpeg(at, b->bytesused, &c->picture) || c->picture.w != m->w || c->picture.h != m->h) return false;
  } else {
    if (!picture_room(&c->picture, m->w, m->h)) return false;
    at += m->format->luma == V4L2_LUMA_ODD_BYTES;
    for (size_t y = 0; y < (size_t)m->h; y++) {
      uint8_t *out = c->picture.luma + y * (size_t)m->w;
      for (size_t x = 0; x < (size_t)m->w; x++) out[x] = at[y * c->stride + 2 * x];
    }
  }
  frame->luma = c->picture.luma;
  frame->stride = m->w;
  return true;
}

static bool sound(const struct v4l2 *c, const struct v4l2_buffer *b) {
  return !(b->flags & V4L2_BUF_FLAG_ERROR) && b->bytesused >= c->need && b->bytesused <= c->buffer[b->index].len;
}

/* Takes what is there off the queue and keeps the newest sound one. False: the device is gone, see errno. */
static bool newest(struct v4l2 *c, struct v4l2_buffer *kept) {
  for (uint32_t i = 0; i < 2 * BUFFERS_MAX; i++) {
    struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
    if (call(c, VIDIOC_DQBUF, &b)) return errno == EAGAIN;
    if (b.index >= c->buffers) {
      errno = EIO;
      return false;
    }
    if (!sound(c, &b)) {
      c->garbage++;
      if (!give_back(c, b.index)) return false;
      continue;
    }
    if (c->held >= 0 && !give_back(c, (uint32_t)c->held)) return false;
    c->held = (int)b.index;
    *kept = b;
  }
  return true;
}

static enum camera_take v4l2_take(void *self, struct moment now, struct frame *frame, int64_t *due_ms) {
  struct v4l2 *c = self;
  *due_ms = c->retry_ms;
  if (c->fd < 0) return now.mono_ms < c->retry_ms ? CAMERA_LOST : connect_camera(c, now, due_ms);
  if (c->held >= 0 && !give_back(c, (uint32_t)c->held)) return lost(c, now, strerror(errno), due_ms);
  c->held = -1;
  struct v4l2_buffer b = {.index = 0};
  if (!newest(c, &b)) return lost(c, now, strerror(errno), due_ms);
  if (c->held >= 0 && grey(c, &b, frame)) {
    frame->at_ms = taken_ms(&b, now);
    c->garbage = 0;
    c->last_ms = now.mono_ms;
    return CAMERA_FRAME;
  }
  c->garbage += c->held >= 0;
  if (c->garbage >= GARBAGE_MAX) return lost(c, now, "it sends damaged pictures: check its cable", due_ms);
  *due_ms = c->last_ms + STALL_MS;
  return now.mono_ms < *due_ms ? CAMERA_NONE : lost(c, now, "it sends no pictures", due_ms);
}

static int v4l2_fd(void *self) {
  struct v4l2 *c = self;
  return c->fd;
}

static const char *v4l2_state(void *self) {
  struct v4l2 *c = self;
  return c->state;
}

static void v4l2_close(void *self) {
  struct v4l2 *c = self;
  stop(c);
  picture_free(&c->picture);
  free(c->device);
  free(c);
}

static const struct camera_ops v4l2_ops = {"v4l2", v4l2_fd, v4l2_take, v4l2_state, v4l2_close};

bool camera_v4l2_open_by(struct camera *camera, const char *device, const struct camera_options *options,
                         const struct v4l2_calls *calls, struct problem *problem) {
  struct v4l2 *c = calloc(1, sizeof *c);
  char *name = strdup(device);
  if (!c || !name) {
    free(c);
    free(name);
    return problem_set(problem, "内存不足", "out of memory");
  }
  *c = (struct v4l2){.calls = calls, .options = *options, .device = name, .fd = -1, .held = -1, .retry_ms = INT64_MIN};
  if (c->options.width < 1 || c->options.height < 1) c->options.width = 1280, c->options.height = 720;
  if (c->options.fps < 1) c->options.fps = 30;
  snprintf(c->state, sizeof c->state, "%.80s: starting", device);
  *camera = (struct camera){&v4l2_ops, c};
  /* cppcheck-suppress memleak ; v4l2_close has it */
  return true;
}

static int real_open(void *context, const char *device) {
  (void)context;
  return open(device, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static int real_close(void *context, int fd) {
  (void)context;
  return close(fd);
}

static int real_ioctl(void *context, int fd, unsigned long request, void *argument) {
  (void)context;
  return ioctl(fd, request, argument);
}

static void *real_mmap(void *context, size_t len, int fd, int64_t offset) {
  (void)context;
  void *at = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, (off_t)offset); /* grey is only read out of it */
  return at == MAP_FAILED ? NULL : at;
}

static int real_munmap(void *context, void *at, size_t len) {
  (void)context;
  return munmap(at, len);
}

static const struct v4l2_calls real = {real_open, real_close, real_ioctl, real_mmap, real_munmap, NULL};

bool camera_v4l2_open(struct camera *camera, const char *device, const struct camera_options *options,
                      struct problem *problem) {
  return camera_v4l2_open_by(camera, device, options, &real, problem);
}
