/* SPDX-License-Identifier: Apache-2.0
 * yingbin badges: name badges as PDF.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/badges.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/papers.h"

static const char help[] =
    "用法 / usage: yingbin badges DIR -o FILE.pdf [--size 90x54|86x54|A6] [--labels] [--all] [--number N]...\n\n"
    "  印徽章：A4 拼版，带裁切线；徽章上的码就是电子票的码，每个签到点都认。请按实际大小（100%）打印。\n"
    "  Name badges on A4 with cut marks; a badge's code is the ticket's and works at every station. Print at 100 %.\n\n"
    "  --size SIZE  尺寸，毫米，默认 90x54 / in mm, 90x54 unless given\n"
    "  --labels     一页一张，给标签打印机 / a page a badge, for label printers\n"
    "  --all        未确认（未付款、待审核）的人也印 / also of people whose sign-up isn't confirmed\n"
    "  --number N   只印这个编号的，可重复 / only of this number; may be repeated\n";

static int wrong(const char *zh, const char *en, const char *what) {
  fprintf(stderr, "yingbin badges: %s%s\nyingbin badges: %s%s\n\n%s", zh, what, en, what, help);
  return EXIT_USAGE;
}

/* Returns -1 to go on, else the exit code. */
static int options(int argc, char **argv, struct badges_options *o, const char **dir) {
  for (int i = 1; i < argc; i++) {
    const char *arg = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
    bool takes = !strcmp(arg, "-o") || !strcmp(arg, "--size") || !strcmp(arg, "--number");
    if (takes && !value) return wrong("缺少值：", "a value is missing behind ", arg);
    if (!strcmp(arg, "--help") || !strcmp(arg, "-h")) return fputs(help, stdout), EXIT_DONE;
    if (!strcmp(arg, "-o")) {
      o->out = value;
    } else if (!strcmp(arg, "--size")) {
      if (!badges_size_known(o->size = value)) return wrong("没有这个尺寸：", "there is no such size: ", value);
    } else if (!strcmp(arg, "--number")) {
      if (o->numbers == BADGES_NUMBERS_MAX) return wrong("编号太多", "too many numbers", "");
      o->number[o->numbers++] = value;
    } else if (!strcmp(arg, "--labels")) {
      o->labels = true;
    } else if (!strcmp(arg, "--all")) {
      o->all = true;
    } else if (*arg == '-') {
      return wrong("未知选项：", "unknown option: ", arg);
    } else if (*dir) {
      return wrong("多余的参数：", "one argument too many: ", arg);
    } else {
      *dir = arg;
    }
    i += takes;
  }
  if (!*dir) return wrong("缺少活动文件夹", "the event's folder is missing", "");
  return o->out ? -1 : wrong("缺少 -o 输出文件", "the output file (-o) is missing", "");
}

int cmd_badges(int argc, char **argv) {
  struct badges_options o = {.size = "90x54"};
  const char *dir = NULL;
  int code = options(argc, argv, &o, &dir);
  if (code >= 0) return code;
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  struct badges made;
  bool read = folder_read(dir, folder, &problem);
  papers_begin(folder);
  bool good = read && badges_write(folder, &o, &made, &problem);
  if (good) {
    remarks_print(&folder->warnings, "yingbin badges", o.out);
    fprintf(stderr, "%1$d 张徽章，%2$d 页：%3$s（请按 100%% 打印）\n%1$d badges on %2$d pages: %3$s (print at 100 %%)\n",
            made.badges, made.pages, o.out);
    if (made.left_out)
      fprintf(stderr,
              "%1$d 人报名未确认，没有印（--all 也印）\n%1$d people whose sign-up isn't confirmed are left out (--all prints "
              "them, too)\n",
              made.left_out);
    printf("{\"badges\":%d,\"pages\":%d,\"left_out\":%d,\"warnings\":%d,\"file\":\"", made.badges, made.pages, made.left_out,
           remarks_total(&folder->warnings));
    for (const char *c = o.out; *c; c++) printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    printf("\"}\n");
  } else if (!read && folder->errors.count) {
    remarks_print(&folder->errors, "yingbin badges", o.out);
  } else {
    problem_print(&problem, "yingbin badges");
  }
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}
