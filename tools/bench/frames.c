/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/frames.h"

#include <errno.h>
#include <limits.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/problem.h"
#include "tools/yingbin/demo_conditions.h"

static const char help[] =
    "用法 / usage: yingbin-bench frames --out FOLDER --seed N [--each K] [--set NAME] [--clips]\n\n"
    "  每种情况 K 张（默认 6）画面：人在镜头前举着手机。同一个 seed 得到同样的文件。\n"
    "  K pictures (6 if not given) of each condition: people who hold a phone before the camera. The same seed gives the\n"
    "  same files. FOLDER/truth.tsv: file, set, text, module_px (yingbin-bench scan FOLDER)\n\n"
    "  --set NAME  只要这种情况 / only this condition\n"
    "  --clips  还写每种情况 K 段 3 秒录像 / also K clips of 3 s of each condition, 1280x720, 30 fps, grey y4m, 83 MB each.\n"
    "           FOLDER/clips.tsv: file, set, text, first_frame; first_frame 是完整出现码的第一帧（从 0 起）\n"
    "           the first frame, from 0, that shows the whole code and holds still enough: it moves by less than a module\n"
    "           while the shutter is open (yingbin-bench scan --live FOLDER)\n\n"
    "  情况 / conditions:";

struct frames_options {
  const char *out;
  uint64_t seed;
  int each;
  bool clips;
  const struct condition *only; /* NULL: all */
};

static bool write_png(const char *path, const uint8_t *luma, struct problem *problem) {
  png_image image = {.version = PNG_IMAGE_VERSION, .width = CONDITION_W, .height = CONDITION_H, .format = PNG_FORMAT_GRAY};
  if (png_image_write_to_file(&image, path, 0, luma, 0, NULL)) return true;
  return problem_set(problem, "%s：写不了：%s", "%s: can't be written: %s", path, image.message);
}

static bool write_clip(const char *path, const struct people *people, struct problem *problem) {
  FILE *out = fopen(path, "we");
  bool good = out && people_write(people, CONDITION_FRAMES, out);
  int why = errno;
  if (out && fclose(out)) good = false, why = errno;
  return good || problem_system(problem, why, "写不了", "can't write", path);
}

/* One picture, or clip, and its line. */
static bool write_one(const struct frames_options *o, const struct condition *condition, int nth, FILE *truth, FILE *clips,
                      uint8_t *luma, struct problem *problem) {
  char name[64], path[PATH_MAX];
  struct condition_clip clip;
  struct people *people;
  double module = 0;
  condition_clip(condition, o->seed, nth, &clip);
  if (!people_open(&clip.scene, &people, problem)) return false;
  snprintf(name, sizeof name, "%s_%llu_%d", condition->name, (unsigned long long)o->seed, nth);
  snprintf(path, sizeof path, "%s/%s.png", o->out, name);
  people_frame(people, CONDITION_STILL, luma);
  bool good = write_png(path, luma, problem);
  condition_shows(people, CONDITION_STILL, &module);
  fprintf(truth, "%s.png\t%s\t%s\t", name, condition->name, clip.text);
  if (*clip.text) fprintf(truth, "%.2f", module);
  putc('\n', truth);
  if (good && clips) {
    snprintf(path, sizeof path, "%s/%s.y4m", o->out, name);
    good = write_clip(path, people, problem);
    fprintf(clips, "%s.y4m\t%s\t%s\t", name, condition->name, clip.text);
    if (*clip.text) fprintf(clips, "%d", condition_first(people));
    putc('\n', clips);
  }
  people_close(people);
  return good;
}

static FILE *open_table(const struct frames_options *o, const char *name, const char *head, struct problem *problem) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", o->out, name);
  FILE *out = fopen(path, "we");
  if (!out) problem_system(problem, errno, "写不了", "can't write", path);
  if (out) fputs(head, out);
  return out;
}

static bool close_table(FILE *table, const char *name, struct problem *problem) {
  if (!table) return true;
  bool good = !ferror(table);
  if (fclose(table)) good = false;
  return good || problem_system(problem, errno, "写不了", "can't write", name);
}

static bool write_all(const struct frames_options *o, struct problem *problem) {
  FILE *clips = NULL, *truth = NULL;
  uint8_t *luma = malloc((size_t)CONDITION_W * CONDITION_H);
  bool good = luma || problem_set(problem, "内存不足", "out of memory");
  good = good && folder_make(o->out, 0755, problem);
  good = good && (truth = open_table(o, "truth.tsv", "file\tset\ttext\tmodule_px\n", problem));
  if (o->clips) good = good && (clips = open_table(o, "clips.tsv", "file\tset\ttext\tfirst_frame\n", problem));
  for (int i = 0; good && i < CONDITIONS * o->each; i++) {
    const struct condition *condition = &conditions[i / o->each];
    if (!o->only || o->only == condition) good = write_one(o, condition, i % o->each, truth, clips, luma, problem);
  }
  good = close_table(truth, "truth.tsv", problem) && good;
  good = close_table(clips, "clips.tsv", problem) && good;
  free(luma);
  return good;
}

static int usage(FILE *out) {
  fputs(help, out);
  for (int i = 0; i < CONDITIONS; i++) fprintf(out, " %s", conditions[i].name);
  putc('\n', out);
  return out == stdout ? 0 : 2;
}

int bench_frames(int argc, char **argv) {
  struct frames_options o = {.each = 6};
  struct problem problem = {.zh = ""};
  bool seeded = false;
  char *end = "";
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return usage(stdout);
    if (!strcmp(argv[i], "--clips")) {
      o.clips = true;
    } else if (!strcmp(argv[i], "--out") && value) {
      o.out = argv[++i];
    } else if (!strcmp(argv[i], "--seed") && value) {
      o.seed = strtoull(argv[++i], &end, 10), seeded = !*end;
    } else if (!strcmp(argv[i], "--set") && value && condition_named(value)) {
      o.only = condition_named(argv[++i]);
    } else if (!strcmp(argv[i], "--each") && value && atoi(value) > 0) {
      o.each = atoi(argv[++i]);
    } else {
      return usage(stderr);
    }
  }
  if (!o.out || !seeded) return usage(stderr);
  bool good = write_all(&o, &problem);
  if (!good) problem_print(&problem, "yingbin-bench frames");
  return good ? 0 : 1;
}
