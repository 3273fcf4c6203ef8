/* SPDX-License-Identifier: Apache-2.0
 * For tests of the V4L2 driver: one device whose offers, answers and pictures stand in `dev`. It checks
 * what the driver must do: buffers queued once, unmapped before the close, ioctls on its descriptor only.
 */
#ifndef YINGBIN_TESTS_UNIT_FAKE_V4L2_H
#define YINGBIN_TESTS_UNIT_FAKE_V4L2_H

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>

#include "platform/linux/camera_v4l2.h"

enum { FD = 42, BUFFER_LEN = 1 << 22, BUFFERS = 4, OFFERS_MAX = 8, SENT_MAX = 64 };

#define GREY V4L2_PIX_FMT_GREY
#define NV12 V4L2_PIX_FMT_NV12
#define YUYV V4L2_PIX_FMT_YUYV
#define UYVY V4L2_PIX_FMT_UYVY
#define MJPG V4L2_PIX_FMT_MJPEG
#define H264 V4L2_PIX_FMT_H264

struct offer {
  uint32_t fourcc;
  uint32_t w, h, fps; /* w 0: sizes by steps of 16 up to 1920x1088; fps 0: no intervals are told */
};

/* One answer to DQBUF: an errno, or a buffer. */
struct sent {
  int error;
  uint32_t bytes, flags; /* bytes 0: as many as a frame has */
  bool bad_index;
  int64_t at_ms;
};

static struct device {
  struct offer offer[OFFERS_MAX];
  struct sent sent[SENT_MAX];
  int sent_next;
  int open_error, fail_errno;
  unsigned long fail_request;      /* that ioctl fails with fail_errno */
  struct v4l2_pix_format override; /* what S_FMT changes the answer to, where not 0 */
  uint32_t padding;                /* bytes a row more than needed */
  uint32_t caps;

  struct v4l2_pix_format pix; /* set */
  uint32_t asked_fps;
  uint8_t *memory[BUFFERS];
  bool queued[BUFFERS], streaming;
  int mapped, opened, closed, connects;
  size_t fill;
  void (*draw)(uint8_t *at);
} dev;

static int refuse(int error) {
  errno = error;
  return -1;
}

static int fake_open(void *context, const char *device) {
  struct device *d = context;
  assert_string_equal(device, "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index0");
  d->connects++;
  if (d->open_error) return refuse(d->open_error);
  d->opened++;
  return FD;
}

static int fake_close(void *context, int fd) {
  struct device *d = context;
  assert_int_equal(fd, FD);
  assert_int_equal(d->mapped, 0); /* unmapped before */
  d->closed++;
  d->streaming = false;
  memset(d->queued, 0, sizeof d->queued);
  return 0;
}

static const struct offer *offer_at(const struct device *d, uint32_t fourcc, uint32_t index) {
  for (int i = 0; i < OFFERS_MAX && d->offer[i].fourcc; i++) {
    if (d->offer[i].fourcc == fourcc && !index--) return &d->offer[i];
  }
  return NULL;
}

static int enum_format(const struct device *d, struct v4l2_fmtdesc *f) {
  uint32_t index = f->index;
  for (int i = 0; i < OFFERS_MAX && d->offer[i].fourcc; i++) {
    if (offer_at(d, d->offer[i].fourcc, 0) != &d->offer[i]) continue; /* named before */
    if (!index--) {
      f->pixelformat = d->offer[i].fourcc;
      return 0;
    }
  }
  return refuse(EINVAL);
}

static int enum_size(const struct device *d, struct v4l2_frmsizeenum *e) {
  const struct offer *offer = offer_at(d, e->pixel_format, e->index);
  if (!offer) return refuse(EINVAL);
  if (offer->w) {
    e->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    e->discrete.width = offer->w;
    e->discrete.height = offer->h;
  } else {
    e->type = V4L2_FRMSIZE_TYPE_STEPWISE;
    e->stepwise = (struct v4l2_frmsize_stepwise){32, 1920, 16, 32, 1088, 16};
  }
  return 0;
}

static int enum_interval(const struct device *d, struct v4l2_frmivalenum *e) {
  for (int i = 0; i < OFFERS_MAX; i++) {
    const struct offer *offer = &d->offer[i];
    bool same = offer->fourcc == e->pixel_format && (!offer->w || (offer->w == e->width && offer->h == e->height));
    if (!same || !offer->fps || e->index) continue;
    e->type = V4L2_FRMIVAL_TYPE_DISCRETE;
    e->discrete = (struct v4l2_fract){1, offer->fps};
    return 0;
  }
  return refuse(EINVAL);
}

static int set_format(struct device *d, struct v4l2_format *f) {
  struct v4l2_pix_format *pix = &f->fmt.pix;
  if (d->override.width) pix->width = d->override.width;
  if (d->override.height) pix->height = d->override.height;
  if (d->override.pixelformat) pix->pixelformat = d->override.pixelformat;
  bool two = pix->pixelformat == YUYV || pix->pixelformat == UYVY;
  pix->bytesperline = pix->pixelformat == MJPG ? 0 : pix->width * (two ? 2 : 1) + d->padding;
  pix->sizeimage = pix->pixelformat == MJPG ? pix->width * pix->height
                                            : pix->bytesperline * pix->height * (pix->pixelformat == NV12 ? 3 : 2) / 2;
  d->pix = *pix;
  d->fill = pix->pixelformat == MJPG ? 0 : pix->sizeimage;
  return 0;
}

static int set_rate(struct device *d, struct v4l2_streamparm *parm) {
  d->asked_fps = parm->parm.capture.timeperframe.denominator;
  for (int i = 0; i < OFFERS_MAX; i++) {
    const struct offer *offer = &d->offer[i];
    if (offer->fourcc != d->pix.pixelformat || (offer->w && offer->w != d->pix.width) || !offer->fps) continue;
    if (offer->fps < d->asked_fps) parm->parm.capture.timeperframe.denominator = offer->fps;
  }
  return 0;
}

static int dequeue(struct device *d, struct v4l2_buffer *b) {
  struct sent sent = d->sent[d->sent_next];
  if (!sent.error && !sent.bytes && !d->fill) return refuse(EAGAIN);
  if (d->sent_next < SENT_MAX - 1) d->sent_next++;
  if (sent.error) return refuse(sent.error);
  uint32_t i = 0;
  while (i < BUFFERS && !d->queued[i]) i++;
  assert_true(i < BUFFERS); /* the driver never runs out of queued buffers */
  /* cppcheck-suppress arrayIndexOutOfBoundsCond ; the assert ends the test */
  d->queued[i] = false;
  if (d->draw) d->draw(d->memory[i]);
  b->index = sent.bad_index ? 77 : i;
  b->bytesused = sent.bytes ? sent.bytes : (uint32_t)d->fill;
  b->flags = sent.flags;
  b->timestamp.tv_sec = sent.at_ms / 1000;
  b->timestamp.tv_usec = sent.at_ms % 1000 * 1000;
  return 0;
}

static int fake_ioctl(void *context, int fd, unsigned long request, void *argument) {
  struct device *d = context;
  assert_int_equal(fd, FD);
  if (request == d->fail_request) return refuse(d->fail_errno);
  struct v4l2_buffer *b = argument;
  switch (request) {
  case VIDIOC_QUERYCAP: ((struct v4l2_capability *)argument)->capabilities = d->caps; return 0;
  case VIDIOC_ENUM_FMT: return enum_format(d, argument);
  case VIDIOC_ENUM_FRAMESIZES: return enum_size(d, argument);
  case VIDIOC_ENUM_FRAMEINTERVALS: return enum_interval(d, argument);
  case VIDIOC_S_FMT: return set_format(d, argument);
  case VIDIOC_S_PARM: return set_rate(d, argument);
  case VIDIOC_REQBUFS: ((struct v4l2_requestbuffers *)argument)->count = BUFFERS; return 0;
  case VIDIOC_QUERYBUF:
    b->length = BUFFER_LEN;
    b->m.offset = b->index * BUFFER_LEN;
    return 0;
  case VIDIOC_QBUF:
    assert_true(b->index < BUFFERS && !d->queued[b->index]);
    d->queued[b->index] = true;
    return 0;
  case VIDIOC_DQBUF: assert_true(d->streaming); return dequeue(d, b);
  case VIDIOC_STREAMON: d->streaming = true; return 0;
  case VIDIOC_STREAMOFF: d->streaming = false; return 0;
  default: return refuse(ENOTTY);
  }
}

static void *fake_mmap(void *context, size_t len, int fd, int64_t offset) {
  struct device *d = context;
  assert_int_equal(fd, FD);
  assert_int_equal(len, BUFFER_LEN);
  d->mapped++;
  return d->memory[offset / BUFFER_LEN];
}

static int fake_munmap(void *context, void *at, size_t len) {
  struct device *d = context;
  assert_non_null(at);
  assert_int_equal(len, BUFFER_LEN);
  d->mapped--;
  return 0;
}

static const struct v4l2_calls calls = {fake_open, fake_close, fake_ioctl, fake_mmap, fake_munmap, &dev};

#endif
