/* SPDX-License-Identifier: Apache-2.0
 * A folder of pictures as a camera: sorted by name, each shown for a while, as people hold up their
 * phones one after the other. As fast as it goes, each is one frame.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "platform/camera.h"
#include "platform/picture.h"

enum { SHOWN_MS = 400 };

struct files {
  struct camera_options options;
  char *folder;
  char **name; /* owned, sorted */
  int count, next;
  struct picture picture; /* the one of next - 1 */
  bool visible, started;
  int64_t start_ms, frames; /* the time of frame 0; frames shown */
  int64_t until_ms;         /* paced: when the next picture comes */
  char state[96];
};

static bool is_picture(const char *name) {
  static const char *const endings[] = {".png", ".jpg", ".jpeg", ".pgm"};
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++) {
    if (!strcasecmp(dot, endings[i])) return name[0] != '.';
  }
  return false;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool list(struct files *f, struct problem *problem) {
  DIR *folder = opendir(f->folder);
  if (!folder)
    return problem_set(problem, "打不开图片文件夹 %s：%s", "can't open the folder of pictures %s: %s", f->folder,
                       strerror(errno));
  bool good = true;
  for (struct dirent *entry; good && (entry = readdir(folder));) {
    if (!is_picture(entry->d_name)) continue;
    char **more = realloc(f->name, ((size_t)f->count + 1) * sizeof *more);
    char *name = strdup(entry->d_name);
    if (more) f->name = more;
    good = more && name;
    if (good)
      f->name[f->count++] = name;
    else
      free(name);
  }
  closedir(folder);
  if (!good) return problem_set(problem, "内存不足", "out of memory");
  if (!f->count) {
    return problem_set(problem, "文件夹 %s 中没有图片（.png .jpg .jpeg .pgm）",
                       "no picture in the folder %s (.png .jpg .jpeg .pgm)", f->folder);
  }
  qsort(f->name, (size_t)f->count, sizeof *f->name, by_name);
  return true;
}

/* Loads the next picture that is one; others are logged and passed over. False: at the end. */
static bool load(struct files *f) {
  for (int tries = 0; tries < f->count; tries++) {
    if (f->next == f->count && f->options.repeat) f->next = 0;
    if (f->next == f->count) return false;
    char path[4096];
    struct problem problem = {.en = ""};
    const char *name = f->name[f->next++];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    if (picture_read(path, &f->picture, &problem)) {
      picture_fit(&f->picture, CAMERA_SIDE_MAX, CAMERA_PIXELS_MAX);
      snprintf(f->state, sizeof f->state, "%dx%d %.64s", f->picture.w, f->picture.h, name);
      return true;
    }
    log_warn("%s", problem.en);
  }
  return false;
}

static int32_t fps(const struct files *f) { return f->options.fps > 0 ? f->options.fps : 30; }

static enum camera_take files_take(void *self, struct moment now, struct frame *frame, int64_t *due_ms) {
  struct files *f = self;
  if (!f->started) f->start_ms = now.mono_ms;
  f->started = true;
  int64_t at_ms = f->start_ms + f->frames * 1000 / fps(f);
  if (f->options.paced) {
    *due_ms = at_ms;
    if (now.mono_ms < at_ms) return CAMERA_NONE;
    f->frames = (now.mono_ms - f->start_ms) * fps(f) / 1000; /* frames that nobody took in their time have passed */
    at_ms = f->start_ms + f->frames * 1000 / fps(f);
  }
  if (!f->visible || !f->options.paced || at_ms >= f->until_ms) {
    f->visible = load(f);
    f->until_ms = at_ms + SHOWN_MS;
  }
  if (!f->visible) return CAMERA_END;
  f->frames++;
  *frame = (struct frame){f->picture.luma, f->picture.w, f->picture.h, f->picture.w, at_ms};
  return CAMERA_FRAME;
}

static int files_fd(void *self) {
  (void)self;
  return -1;
}

static const char *files_state(void *self) {
  struct files *f = self;
  return f->state;
}

static void files_close(void *self) {
  struct files *f = self;
  for (int i = 0; i < f->count; i++) free(f->name[i]);
  free(f->name);
  free(f->folder);
  picture_free(&f->picture);
  free(f);
}

static const struct camera_ops files_ops = {"files", files_fd, files_take, files_state, files_close};

bool camera_files_open(struct camera *camera, const char *folder, const struct camera_options *options,
                       struct problem *problem) {
  struct files *f = calloc(1, sizeof *f);
  if (!f) return problem_set(problem, "内存不足", "out of memory");
  f->options = *options;
  f->folder = strdup(folder);
  bool good = f->folder ? list(f, problem) : problem_set(problem, "内存不足", "out of memory");
  if (!good) {
    files_close(f);
    return false;
  }
  snprintf(f->state, sizeof f->state, "%d pictures", f->count);
  *camera = (struct camera){&files_ops, f};
  return true;
}
