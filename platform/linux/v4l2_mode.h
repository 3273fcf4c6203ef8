/* SPDX-License-Identifier: Apache-2.0
 * Which of a camera's modes to take: pure. A mode is a pixel format, a size and the most frames a
 * second that the camera offers for them.
 */
#ifndef YINGBIN_PLATFORM_LINUX_V4L2_MODE_H
#define YINGBIN_PLATFORM_LINUX_V4L2_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/camera.h"

enum v4l2_luma { V4L2_LUMA_PLANE, V4L2_LUMA_EVEN_BYTES, V4L2_LUMA_ODD_BYTES, V4L2_LUMA_JPEG }; /* where the grey is */

struct v4l2_format_row {
  uint32_t fourcc;
  enum v4l2_luma luma;
  int cost; /* of getting at the grey: decides where size and rate are the same */
};

struct v4l2_mode {
  const struct v4l2_format_row *format;
  int32_t w, h, fps; /* rounded up; 0: the camera doesn't say */
};

const struct v4l2_format_row *v4l2_format(uint32_t fourcc); /* NULL: not one of ours */

/* True if `a` suits what is asked better than `b`; any mode is better than one without a format. */
bool v4l2_better(const struct v4l2_mode *a, const struct v4l2_mode *b, const struct camera_options *asked);

#endif
