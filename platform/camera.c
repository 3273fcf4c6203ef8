/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/camera.h"

#include <string.h>

struct scheme {
  const char *name;
  bool (*open)(struct camera *camera, const char *rest, const struct camera_options *options, struct problem *problem);
};

static const struct scheme schemes[] = {
    {"v4l2", camera_v4l2_open},
    {"y4m", camera_y4m_open},
    {"i420", camera_i420_open},
    {"files", camera_files_open},
};

bool camera_open(struct camera *camera, const char *spec, const struct camera_options *options, struct problem *problem) {
  *camera = (struct camera){0};
  if (!strcmp(spec, "none")) return camera_none_open(camera);
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
    size_t len = strlen(schemes[i].name);
    if (!strncmp(spec, schemes[i].name, len) && spec[len] == ':' && spec[len + 1]) {
      return schemes[i].open(camera, spec + len + 1, options, problem);
    }
  }
  return problem_set(problem, "不认识摄像头“%s”：应为 v4l2:设备、y4m:文件、i420:宽x高@帧率:文件、files:文件夹 或 none",
                     "unknown camera \"%s\": expected v4l2:DEVICE, y4m:FILE, i420:WxH@FPS:FILE, files:FOLDER or none", spec);
}

void camera_close(struct camera *camera) {
  if (camera->ops) camera->ops->close(camera->self);
  *camera = (struct camera){0};
}

static int none_fd(void *self) {
  (void)self;
  return -1;
}

static enum camera_take none_take(void *self, struct moment now, struct frame *frame, int64_t *due_ms) {
  (void)self, (void)now, (void)frame;
  *due_ms = INT64_MAX;
  return CAMERA_NONE;
}

static const char *none_state(void *self) {
  (void)self;
  return "none";
}

static void none_close(void *self) { (void)self; }

static const struct camera_ops none_ops = {"none", none_fd, none_take, none_state, none_close};

bool camera_none_open(struct camera *camera) {
  *camera = (struct camera){&none_ops, NULL};
  return true;
}
