/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tools/bench/bench.h"
#include "tools/bench/bench_hub.h"
#include "tools/bench/frames.h"
#include "tools/bench/scan.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const struct bench *const benches[] = {&bench_read,   &bench_finder,  &bench_commit, &bench_screen, &bench_start,
                                              &bench_memory, &bench_lookup,  &bench_pack,   &bench_merge,  &bench_ui,
                                              &bench_sync,   &bench_network, &bench_phones};
enum { BENCHES = sizeof benches / sizeof *benches };

static void usage(FILE *out) {
  fputs("用法 / usage: yingbin-bench [--runs N] [--scratch FOLDER] [NAME]...\n\n"
        "  每个指标与同一次运行里的对照一起测量，标准输出上一行一个 JSON。\n"
        "  Each figure beside a control measured in the same run; a JSON object a line on stdout.\n\n",
        out);
  for (int i = 0; i < BENCHES; i++)
    fprintf(out, "  %-8s %s\n           %s\n", benches[i]->name, benches[i]->help_zh, benches[i]->help_en);
  fputs("\n  scan     读码器与 zbar、zxing-cpp 对比，见 yingbin-bench scan --help\n"
        "           our reader beside zbar and zxing-cpp; see yingbin-bench scan --help\n"
        "  frames   人举着手机的画面和录像，见 yingbin-bench frames --help\n"
        "           pictures and clips of people who hold phones; see yingbin-bench frames --help\n"
        "  hub      一批签到机同时向汇总站推送；见 yingbin-bench hub --help\n"
        "           a fleet of kiosks pushes to a hub; see yingbin-bench hub --help\n",
        out);
  fputs("\n  --runs N          测多少次 / how often each is measured\n"
        "  --people N        pack 里最大的活动包有多少人（默认一百万），merge 里每份有多少条（默认一万），\n"
        "                    phones 的活动包有多少人（默认四千）\n"
        "                    people in the largest pack of `pack` (a million), records of an export of `merge` (10,000),\n"
        "                    people in the pack of `phones` (4,000)\n"
        "  --scratch FOLDER  在这个文件夹里建临时文件夹，测它所在的磁盘（默认当前文件夹）\n"
        "                    where a temporary folder is made: its disk is measured (default: the current folder)\n"
        "  --version         版本 / version\n",
        out);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
  (void)st, (void)kind, (void)where;
  return remove(path);
}

static bool run_in(const struct bench *bench, struct bench_options options, const char *parent) {
  char scratch[PATH_MAX];
  struct problem problem = {.zh = ""};
  snprintf(scratch, sizeof scratch, "%s/yingbin-bench-XXXXXX", parent);
  if (!mkdtemp(scratch)) {
    problem_set(&problem, "%s 里建不了文件夹：%s", "can't make a folder in %s: %s", parent, strerror(errno));
    problem_print(&problem, "yingbin-bench");
    return false;
  }
  options.scratch = scratch;
  fprintf(stderr, "%s: %s / %s\n", bench->name, bench->help_zh, bench->help_en);
  bool good = bench->run(&options, &problem);
  if (!good) problem_print(&problem, bench->name);
  nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  return good;
}

static const struct bench *find(const char *name) {
  for (int i = 0; i < BENCHES; i++)
    if (!strcmp(benches[i]->name, name)) return benches[i];
  return NULL;
}

static int wrong(const char *what) {
  fprintf(stderr, "yingbin-bench: 参数有误：%s\nyingbin-bench: wrong argument: %s\n\n", what, what);
  usage(stderr);
  return EXIT_USAGE;
}

int main(int argc, char **argv) {
  struct bench_options options = {0};
  const struct bench *chosen[BENCHES];
  const char *parent = ".";
  int count = 0;
  log_init("yingbin-bench", LOG_LEVEL_ERROR);
  if (argc > 1 && !strcmp(argv[1], "scan")) return bench_scan(argc - 1, argv + 1);
  if (argc > 1 && !strcmp(argv[1], "frames")) return bench_frames(argc - 1, argv + 1);
  if (argc > 1 && !strcmp(argv[1], "hub")) return bench_hub(argc - 1, argv + 1);
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
      usage(stdout);
      return EXIT_DONE;
    } else if (!strcmp(argv[i], "--version")) {
      puts("yingbin-bench " YINGBIN_VERSION);
      return EXIT_DONE;
    } else if (!strcmp(argv[i], "--runs") && atoi(value) > 0) {
      options.runs = atoi(argv[++i]);
    } else if (!strcmp(argv[i], "--people") && atoi(value) > 0) {
      options.people = atoi(argv[++i]);
    } else if (!strcmp(argv[i], "--scratch") && *value) {
      parent = argv[++i];
    } else if (find(argv[i]) && count < BENCHES) {
      chosen[count++] = find(argv[i]);
    } else {
      return wrong(argv[i]);
    }
  }
  if (count == 0) /* these take minutes: only where they are named */
    for (int i = 0; i < BENCHES; i++)
      if (benches[i] != &bench_pack && benches[i] != &bench_merge && benches[i] != &bench_sync && benches[i] != &bench_phones)
        chosen[count++] = benches[i];
  if (sodium_init() < 0) return EXIT_FAILED;
  bool good = true;
  for (int i = 0; i < count; i++) good = run_in(chosen[i], options, parent) && good;
  return good ? EXIT_DONE : EXIT_FAILED;
}
