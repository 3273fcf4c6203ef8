/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/scan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/bench/scan_play.h"
#include "tools/yingbin/demo_conditions.h"

static const char help[] =
    "用法 / usage: yingbin-bench scan [--live] [--reader NAME] FOLDER | CLIP.y4m | --people SEED [--each K] [--set NAME]\n\n"
    "  FOLDER 里有图片和 truth.tsv（列：file、text 或 text_hex、set 可无）。按 set 和总计，一行一个 JSON：\n"
    "  FOLDER holds pictures and truth.tsv (columns: file, text or text_hex, set if there is one). For each set and in\n"
    "  all, a line of JSON a reader (full and live effort, zbar alone, zxing-cpp alone):\n\n"
    "    "
    "{\"bench\":\"scan\",\"set\",\"reader\",\"pictures\",\"codes\",\"read\",\"wrong\",\"ms_median\",\"ms_p95\",\"ms_worst\","
    "\"steps\",\"tried\"}\n\n"
    "  codes  有码的图片数 / pictures that have a code\n"
    "  read   文字都读对的图片数 / pictures all of whose texts were read\n"
    "  wrong  读出的错误文字数 / texts that are not in the picture\n"
    "  ms     一帧的 CPU 毫秒数 / CPU milliseconds of a frame\n"
    "  steps  各步骤读出几张 / how many pictures each step read;  tried  各步骤试了几张 / how many it was tried on\n\n"
    "  --people SEED  不用图片：按 SEED 画出人们在各种情况下举着手机，每种 K 张（默认 6）\n"
    "                 without pictures: people who hold phones in each condition, drawn from SEED, K of each (6); the same\n"
    "                 as yingbin-bench frames writes\n"
    "  --set NAME     只要这种情况 / only this condition of them\n"
    "  --reader NAME  图片只用这个读码器 / of pictures only this reader\n"
    "  --live  每张图片连续出现 30 帧，直到读出 / each picture stays for 30 frames or until it is read: adds\n"
    "          \"frames_…\" 读出用了几帧 frames to its reading (1: the first), of those read; ms_…: CPU until then;\n"
    "          \"frame_ms_…\" 每一帧 CPU of each frame\n"
    "          --people，或 FOLDER 里有 clips.tsv（列同上，加 first_frame）：录像，从完整出现码的第一帧算起 / with --people,\n"
    "          or where FOLDER has clips.tsv (the same columns, and first_frame): clips instead of pictures (\"clips\"),\n"
    "          frames and ms counted from the first frame that shows the whole code\n"
    "          CLIP.y4m：每个文字一行，从完整模式能读出的第一帧算起 / a line a text, counted from the first frame in which\n"
    "          full effort reads it: \"frames\" (1: that frame), \"ms\" 录像时间 of the clip\n";

struct scan_options {
  const char *from; /* a folder or a recording; NULL: people */
  uint64_t seed;
  int each;
  bool live, people;
  enum reader only;
  const struct condition *only_set; /* NULL: all */
};

static int print_help(void) {
  fputs(help, stdout);
  puts("\n  读码器 / readers:");
  for (enum reader reader = 0; reader < READERS; reader++) printf("  %s\n", reader_name(reader));
  return ferror(stdout) != 0;
}

static enum reader reader_named(const char *name) {
  enum reader reader = 0;
  while (reader < READERS && strcmp(name, reader_name(reader))) reader++;
  return reader;
}

/* False: wrong usage. */
static bool parse(int argc, char **argv, struct scan_options *o) {
  *o = (struct scan_options){.each = 6, .only = READERS};
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    char *end = "";
    if (!strcmp(argv[i], "--live")) {
      o->live = true;
    } else if (!strcmp(argv[i], "--people") && *value) {
      o->people = true, o->seed = strtoull(argv[++i], &end, 10);
    } else if (!strcmp(argv[i], "--set") && condition_named(value)) {
      o->only_set = condition_named(argv[++i]);
    } else if (!strcmp(argv[i], "--each") && atoi(value) > 0) {
      o->each = atoi(argv[++i]);
    } else if (!strcmp(argv[i], "--reader") && reader_named(value) < READERS) {
      o->only = reader_named(argv[++i]);
    } else if (*argv[i] != '-' && !o->from) {
      o->from = argv[i];
    } else {
      return false;
    }
    if (*end) return false;
  }
  return o->people == !o->from && (o->people || !o->only_set);
}

static enum scores_kind kind_of(const struct scan_options *o) {
  char clips[PATH_MAX];
  if (!o->live) return SCORES_STILL;
  if (o->people) return SCORES_CLIPS;
  snprintf(clips, sizeof clips, "%s/%s", o->from, TRUTH_CLIPS);
  return access(clips, R_OK) == 0 ? SCORES_CLIPS : SCORES_HELD;
}

static bool scan_all(const struct scan_options *o, struct problem *problem) {
  struct scores *scores = scores_open(kind_of(o), o->only);
  struct readers *readers = readers_open();
  bool good = readers || problem_set(problem, "内存不足", "out of memory");
  if (o->people) {
    good = good && scan_people(o->seed, o->each, o->only_set, scores, readers, problem);
  } else {
    good = good && scan_folder(o->from, scores, readers, problem);
  }
  if (good) scores_tell(scores);
  readers_close(readers);
  scores_close(scores);
  return good;
}

int bench_scan(int argc, char **argv) {
  struct problem problem = {.zh = ""};
  struct scan_options options;
  struct stat st;
  if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) return print_help();
  if (!parse(argc, argv, &options)) {
    fputs(help, stderr);
    return 2;
  }
  bool clip = options.from && !stat(options.from, &st) && !S_ISDIR(st.st_mode);
  bool good = clip ? scan_clip(options.from, &problem) : scan_all(&options, &problem);
  if (!good) problem_print(&problem, "yingbin-bench scan");
  return good ? 0 : 1;
}
