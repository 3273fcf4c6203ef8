/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/scan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/camera.h"
#include "platform/picture.h"
#include "scan/scan.h"
#include "tools/bench/scan_truth.h"
#include "tools/yingbin/pool.h"

enum { HOLD_FRAMES = 30, FRAME_MS = 33, SETS_MAX = 64 };

static const char help[] =
    "用法 / usage: yingbin-bench scan [--live] FOLDER | CLIP.y4m\n\n"
    "  FOLDER 里有图片和 truth.tsv（列：file、text 或 text_hex、set 可无）。按 set 和总计，一行一个 JSON：\n"
    "  FOLDER holds pictures and truth.tsv (columns: file, text or text_hex, set if there is one). For each set and in\n"
    "  all, a line of JSON a reader (full and live effort, zbar alone, zxing-cpp alone where it was built):\n\n"
    "    "
    "{\"bench\":\"scan\",\"set\",\"reader\",\"pictures\",\"codes\",\"read\",\"wrong\",\"ms_median\",\"ms_p95\",\"ms_worst\","
    "\"steps\",\"tried\"}\n\n"
    "  codes  有码的图片数 / pictures that have a code\n"
    "  read   文字都读对的图片数 / pictures all of whose texts were read\n"
    "  wrong  读出的错误文字数 / texts that are not in the picture\n"
    "  ms     一帧的 CPU 毫秒数 / CPU milliseconds of a frame\n"
    "  steps  各步骤读出几张 / how many pictures each step read;  tried  各步骤试了几张 / how many it was tried on\n\n"
    "  --live  每张图片连续出现 30 帧，直到读出 / each picture stays for 30 frames or until it is read: adds\n"
    "          \"frames_…\" 读出用了几帧 frames to its reading (1: the first), of those read; ms_…: CPU until then;\n"
    "          \"frame_ms_…\" 每一帧 CPU of each frame\n"
    "          CLIP.y4m：每个文字一行，从完整模式能读出的第一帧算起 / a line a text, counted from the first frame in which\n"
    "          full effort reads it: \"frames\" (1: that frame), \"ms\" 录像时间 of the clip\n";

struct tally { /* one reader on one set */
  int pictures, codes, read, wrong;
  struct samples ms, frames, frame_ms;
  int steps[STEPS_MAX], tried[STEPS_MAX];
};

struct set {
  const char *name; /* "": all */
  struct tally tally[READERS];
};

struct scan_bench {
  bool live;
  struct truths truths;
  struct readers *readers;
  struct picture picture;
  struct set set[SETS_MAX]; /* [0]: all */
  int sets;
};

void scan_put(json_t *line) {
  json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  putchar('\n');
  fflush(stdout);
  json_decref(line);
}

void scan_quantiles(json_t *line, const char *name, struct samples *samples) {
  static const struct {
    const char *name;
    double q;
  } kind[] = {{"median", 0.5}, {"p95", 0.95}, {"worst", 1}};
  for (int i = 0; i < 3 && samples->count; i++) {
    char key[64];
    snprintf(key, sizeof key, "%s_%s", name, kind[i].name);
    json_object_set_new(line, key, json_real(samples_quantile(samples, kind[i].q)));
  }
}

static struct set *set_of(struct scan_bench *b, const char *name) {
  for (int i = 1; i < b->sets; i++)
    if (!strcmp(b->set[i].name, name)) return &b->set[i];
  if (b->sets == SETS_MAX) return NULL;
  b->set[b->sets].name = name;
  return &b->set[b->sets++];
}

/* One picture's outcome for one reader. */
struct outcome {
  bool read;
  int wrong, frames;
  double ms;
  uint32_t tried;
  int step; /* that read its first text; -1: none of ours */
  double frame_ms[HOLD_FRAMES];
};

static void note(struct tally *t, const struct truth *truth, const struct outcome *o, bool live) {
  t->pictures++;
  t->codes += truth->holds.count > 0;
  t->read += o->read;
  t->wrong += o->wrong;
  if (!live || o->read) samples_add(&t->ms, o->ms);
  if (live && o->read) samples_add(&t->frames, o->frames);
  for (int i = 0; live && i < o->frames; i++) samples_add(&t->frame_ms, o->frame_ms[i]);
  if (o->read && o->step >= 0) t->steps[o->step]++;
  for (int i = 0; i < STEPS_MAX; i++) t->tried[i] += o->tried >> i & 1;
}

/* Held: the texts of all its frames are counted together, a wrong one once. */
static void hold(struct scan_bench *b, enum reader reader, const struct truth *truth, struct outcome *o) {
  struct frame frame = {
      .luma = b->picture.luma, .w = b->picture.w, .h = b->picture.h, .stride = b->picture.w, .at_ms = FRAME_MS};
  struct found all = {0}, now;
  *o = (struct outcome){.step = -1};
  for (int most = b->live ? HOLD_FRAMES : 1; o->frames < most && !o->read; frame.at_ms += FRAME_MS) {
    reader_read(b->readers, reader, &frame, &now);
    o->frame_ms[o->frames++] = now.cpu_ms;
    o->ms += now.cpu_ms;
    o->tried |= now.tried;
    for (int i = 0; i < now.count && all.count < FOUND_MAX; i++) {
      if (found_has(&all, now.text[i].bytes, now.text[i].len)) continue;
      all.text[all.count++] = now.text[i];
      now.text[i] = (struct found_text){0}; /* moved */
      if (o->step < 0 && found_has(&truth->holds, all.text[all.count - 1].bytes, all.text[all.count - 1].len))
        o->step = all.text[all.count - 1].step;
    }
    found_free(&now);
    o->read = truth_met(truth, &all);
  }
  o->wrong = truth_wrong(truth, &all);
  found_free(&all);
}

static bool measure(struct scan_bench *b, const char *folder, const struct truth *truth, struct problem *problem) {
  char path[PATH_MAX];
  struct set *set = set_of(b, truth->set);
  if (!set)
    return problem_set(problem, "truth.tsv：set 太多，最多 %d 种", "truth.tsv: too many sets, %d at most", SETS_MAX - 1);
  snprintf(path, sizeof path, "%s/%s", folder, truth->file);
  if (!picture_read(path, &b->picture, problem)) return false;
  picture_fit(&b->picture, CAMERA_SIDE_MAX, CAMERA_PIXELS_MAX);
  for (enum reader reader = 0; reader < READERS; reader++) {
    struct outcome outcome;
    if (!reader_built(reader) || (b->live && reader != READER_LIVE)) continue;
    if (!readers_forget(b->readers, reader, b->picture.w, b->picture.h))
      return problem_set(problem, "内存不足", "out of memory");
    hold(b, reader, truth, &outcome);
    note(&b->set[0].tally[reader], truth, &outcome, b->live);
    note(&set->tally[reader], truth, &outcome, b->live);
  }
  return true;
}

static json_t *steps_json(const int count[STEPS_MAX]) {
  json_t *steps = json_object();
  for (int i = 0; i < STEPS_MAX && scan_step_name(i); i++)
    if (count[i]) json_object_set_new(steps, scan_step_name(i), json_integer(count[i]));
  return steps;
}

static void row(const struct set *set, enum reader reader, struct tally *t) {
  struct samples *s = t->frame_ms.count ? &t->frame_ms : &t->ms; /* live: of each frame */
  fprintf(stderr, "%-12s %-6s %4d %5d %5.1f%% %5d %9.2f %9.2f %9.2f", *set->name ? set->name : "all", reader_name(reader),
          t->pictures, t->read, t->codes ? 100.0 * t->read / t->codes : 0, t->wrong, samples_quantile(s, 0.5),
          samples_quantile(s, 0.95), samples_quantile(s, 1));
  if (t->frames.count)
    fprintf(stderr, "  | %.0f %.0f frames, %.2f %.2f ms", samples_quantile(&t->frames, 0.5), samples_quantile(&t->frames, 0.95),
            samples_quantile(&t->ms, 0.5), samples_quantile(&t->ms, 0.95));
  for (int i = 0; i < STEPS_MAX && scan_step_name(i); i++)
    if (t->steps[i]) fprintf(stderr, " %s:%d", scan_step_name(i), t->steps[i]);
  putc('\n', stderr);
}

static void tell(const struct set *set, enum reader reader, struct tally *t, bool live) {
  json_t *line =
      json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i}", "bench", "scan", "set", *set->name ? set->name : "all", "reader",
                reader_name(reader), "pictures", t->pictures, "codes", t->codes, "read", t->read, "wrong", t->wrong);
  if (live) json_object_set_new(line, "held", json_integer(HOLD_FRAMES));
  scan_quantiles(line, "ms", &t->ms);
  scan_quantiles(line, "frames", &t->frames);
  scan_quantiles(line, "frame_ms", &t->frame_ms);
  if (reader == READER_FULL || reader == READER_LIVE) {
    json_object_set_new(line, "steps", steps_json(t->steps));
    json_object_set_new(line, "tried", steps_json(t->tried));
  }
  scan_put(line);
  row(set, reader, t);
}

static void tell_all(struct scan_bench *b) {
  bool named = b->sets > 2 || (b->sets == 2 && *b->set[1].name);
  fprintf(stderr, "%-12s %-6s %4s %5s %6s %5s %9s %9s %9s\n", "set", "reader", "pics", "read", "of cod", "wrong", "ms median",
          "p95", "worst");
  for (int i = named ? 1 : 0; i <= b->sets; i++) {
    struct set *set = &b->set[i % b->sets]; /* all: the last */
    if (!named && i) break;
    for (enum reader reader = 0; reader < READERS; reader++)
      if (set->tally[reader].pictures) tell(set, reader, &set->tally[reader], b->live);
  }
}

static bool scan_folder(const char *folder, bool live, struct problem *problem) {
  struct scan_bench *b = grow(NULL, 1, sizeof *b);
  *b = (struct scan_bench){.live = live, .readers = readers_open(), .sets = 1};
  b->set[0].name = "";
  bool good = b->readers || problem_set(problem, "内存不足", "out of memory");
  good = good && truth_read(folder, &b->truths, problem);
  for (int i = 0; good && i < b->truths.count; i++) good = measure(b, folder, &b->truths.at[i], problem);
  if (good) tell_all(b);
  for (int i = 0; i < b->sets; i++) {
    for (int reader = 0; reader < READERS; reader++) {
      samples_free(&b->set[i].tally[reader].ms);
      samples_free(&b->set[i].tally[reader].frames);
      samples_free(&b->set[i].tally[reader].frame_ms);
    }
  }
  truth_free(&b->truths);
  readers_close(b->readers);
  picture_free(&b->picture);
  free(b);
  return good;
}

static int print_help(void) {
  fputs(help, stdout);
  puts("\n  读码器 / readers:");
  for (enum reader reader = 0; reader < READERS; reader++)
    if (reader_built(reader)) printf("  %s\n", reader_name(reader));
  return ferror(stdout) != 0;
}

int bench_scan(int argc, char **argv) {
  struct problem problem = {.zh = ""};
  struct stat st;
  bool live = false;
  int at = 1;
  for (; at < argc && argv[at][0] == '-'; at++) {
    if (!strcmp(argv[at], "--help") || !strcmp(argv[at], "-h")) return print_help();
    if (strcmp(argv[at], "--live")) break;
    live = true;
  }
  if (at != argc - 1 || argv[at][0] == '-') {
    fputs(help, stderr);
    return 2;
  }
  bool clip = !stat(argv[at], &st) && !S_ISDIR(st.st_mode);
  bool good = clip ? scan_clip(argv[at], &problem) : scan_folder(argv[at], live, &problem);
  if (!good) problem_print(&problem, "yingbin-bench scan");
  return good ? 0 : 1;
}
