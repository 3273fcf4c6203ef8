/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/linux/v4l2_mode.h"

#include <linux/videodev2.h>
#include <stddef.h>
#include <stdlib.h>

static const struct v4l2_format_row formats[] = {
    {V4L2_PIX_FMT_GREY, V4L2_LUMA_PLANE, 0},      {V4L2_PIX_FMT_NV12, V4L2_LUMA_PLANE, 1},
    {V4L2_PIX_FMT_NV21, V4L2_LUMA_PLANE, 1},      {V4L2_PIX_FMT_YUV420, V4L2_LUMA_PLANE, 1},
    {V4L2_PIX_FMT_YVU420, V4L2_LUMA_PLANE, 1},    {V4L2_PIX_FMT_YUYV, V4L2_LUMA_EVEN_BYTES, 2},
    {V4L2_PIX_FMT_YVYU, V4L2_LUMA_EVEN_BYTES, 2}, {V4L2_PIX_FMT_UYVY, V4L2_LUMA_ODD_BYTES, 2},
    {V4L2_PIX_FMT_VYUY, V4L2_LUMA_ODD_BYTES, 2},  {V4L2_PIX_FMT_MJPEG, V4L2_LUMA_JPEG, 3},
    {V4L2_PIX_FMT_JPEG, V4L2_LUMA_JPEG, 3},
};

const struct v4l2_format_row *v4l2_format(uint32_t fourcc) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (formats[i].fourcc == fourcc) return &formats[i];
  }
  return NULL;
}

/* Per cent of pixels too many or too few, and per cent of frames a second too few. So a camera that gives the
 * size only slowly in one format is asked for another format first, and for half the size rather than half the rate. */
static int64_t misfit(const struct v4l2_mode *mode, const struct camera_options *asked) {
  int64_t want = (int64_t)asked->width * asked->height, have = (int64_t)mode->w * mode->h;
  int64_t cost = llabs(have - want) * 100 / want;
  if (mode->fps && mode->fps < asked->fps) cost += (int64_t)(asked->fps - mode->fps) * 100 / asked->fps;
  return cost;
}

bool v4l2_better(const struct v4l2_mode *a, const struct v4l2_mode *b, const struct camera_options *asked) {
  if (!a->format || !b->format) return a->format != NULL;
  int64_t cost_a = misfit(a, asked), cost_b = misfit(b, asked);
  return cost_a != cost_b ? cost_a < cost_b : a->format->cost < b->format->cost;
}
