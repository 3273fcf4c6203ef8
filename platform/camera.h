/* SPDX-License-Identifier: Apache-2.0
 * A camera lends grey frames. Drivers: v4l2 (a real one), stream (y4m, i420: file or FIFO), files (a
 * folder of pictures), none. Only the watch thread calls one; nothing here blocks.
 */
#ifndef YINGBIN_PLATFORM_CAMERA_H
#define YINGBIN_PLATFORM_CAMERA_H

#include "base/problem.h"
#include "core/types.h"

/* The largest frame lent; the files driver halves a larger picture until it fits, the others refuse it. */
enum { CAMERA_SIDE_MAX = 4096, CAMERA_PIXELS_MAX = 4096 * 3072 };

enum camera_take {
  CAMERA_FRAME, /* *frame is lent until the next call */
  CAMERA_NONE,  /* none yet: poll fd, or wait until *due_ms */
  CAMERA_LOST,  /* gone or garbage; the driver tries again by itself: call again at *due_ms */
  CAMERA_END    /* a recording's end; never from a real camera */
};

struct camera {
  const struct camera_ops *ops;
  void *self; /* owned, freed by ops->close */
};

struct camera_ops {
  const char *scheme; /* "v4l2" */
  /* fd to poll for POLLIN, -1: none, then due_ms says when to call */
  int (*fd)(void *self);
  enum camera_take (*take)(void *self, struct moment now, struct frame *frame, int64_t *due_ms);
  /* a line for the health display: "1280x720 MJPG 30 fps", or why it is lost; borrowed */
  const char *(*state)(void *self);
  void (*close)(void *self);
};

struct camera_options {
  int32_t width, height, fps; /* what to ask for: 1280, 720, 30 */
  bool paced;  /* recordings: in their own time; false: each frame as soon as asked for */
  bool repeat; /* at the end of a recording: from the start again, of a FIFO: wait for the next writer */
};

/* spec: "v4l2:/dev/video0", "y4m:FILE", "i420:WxH@FPS:FILE", "files:DIR", "none". A real camera that isn't
 * there yet is no problem (it is CAMERA_LOST until it comes); a recording that can't be read is. */
bool camera_open(struct camera *camera, const char *spec, const struct camera_options *options, struct problem *problem);
void camera_close(struct camera *camera);

bool camera_v4l2_open(struct camera *camera, const char *device, const struct camera_options *options, struct problem *problem);
bool camera_y4m_open(struct camera *camera, const char *file, const struct camera_options *options, struct problem *problem);
bool camera_i420_open(struct camera *camera, const char *spec, const struct camera_options *options, struct problem *problem);
bool camera_files_open(struct camera *camera, const char *folder, const struct camera_options *options, struct problem *problem);
bool camera_none_open(struct camera *camera);

#endif
