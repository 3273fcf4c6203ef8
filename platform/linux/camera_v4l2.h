/* SPDX-License-Identifier: Apache-2.0
 * A Video4Linux2 capture device behind a table of the calls that it needs, so that a test can be the
 * device. Single-planar, memory-mapped buffers. Watch thread.
 */
#ifndef YINGBIN_PLATFORM_LINUX_CAMERA_V4L2_H
#define YINGBIN_PLATFORM_LINUX_CAMERA_V4L2_H

#include "platform/camera.h"

/* As the system calls of the same names: -1 and errno where they fail. */
struct v4l2_calls {
  int (*open)(void *context, const char *device);
  int (*close)(void *context, int fd);
  int (*ioctl)(void *context, int fd, unsigned long request, void *argument);
  void *(*mmap)(void *context, size_t len, int fd, int64_t offset); /* NULL: failed */
  int (*munmap)(void *context, void *at, size_t len);
  void *context;
};

/* `calls` is borrowed for the camera's life. */
bool camera_v4l2_open_by(struct camera *camera, const char *device, const struct camera_options *options,
                         const struct v4l2_calls *calls, struct problem *problem);

#endif
