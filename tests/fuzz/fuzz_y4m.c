/* SPDX-License-Identifier: Apache-2.0
 * A stream of any bytes ends: after frames of the size that its header says, with or without a loss.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "platform/camera.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play(struct camera *camera, size_t size) {
  struct frame frame;
  int64_t due_ms, last_ms = -1;
  size_t taken = 0;
  for (;;) {
    switch (camera->ops->take(camera->self, (struct moment){0, 0, false}, &frame, &due_ms)) {
    case CAMERA_FRAME:
      assert(frame.w > 0 && frame.h > 0 && frame.w <= CAMERA_SIDE_MAX && frame.h <= CAMERA_SIDE_MAX && frame.stride >= frame.w);
      assert(frame.at_ms >= last_ms);
      last_ms = frame.at_ms;
      taken += (size_t)frame.w * (size_t)frame.h;
      assert(taken < size); /* every pixel was in the stream */
      volatile uint8_t corner = frame.luma[(size_t)(frame.h - 1) * (size_t)frame.stride + (size_t)frame.w - 1];
      (void)corner;
      break;
    case CAMERA_NONE:
    case CAMERA_LOST: break;
    case CAMERA_END: return;
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const struct camera_options options = {.fps = 30};
  struct camera camera;
  struct problem problem = {.en = ""};
  char path[64];
  log_init("fuzz", LOG_LEVEL_ERROR);
  int fd = memfd_create("stream", MFD_CLOEXEC);
  assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  if (camera_y4m_open(&camera, path, &options, &problem)) {
    play(&camera, size);
    camera_close(&camera);
  } else {
    assert(*problem.zh && *problem.en);
  }
  close(fd);
  return 0;
}
