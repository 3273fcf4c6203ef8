/* SPDX-License-Identifier: Apache-2.0
 * yingbin badges: name badges as PDF.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/badges.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/papers.h"

struct arguments {
  const char *dir, *encoding;
  struct badges_options badges;
};

static int badges(void *values) {
  const struct arguments *a = values;
  const struct badges_options *o = &a->badges;
  struct badges made;
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  bool read = folder_read_encoded(a->dir, a->encoding, folder, &problem);
  bool good = read && badges_write(folder, o, &made, &problem);
  if (good) {
    remarks_print(&folder->warnings, "yingbin badges", o->out);
    fprintf(stderr, "%1$d 张徽章，%2$d 页：%3$s（请按 100%% 打印）\n%1$d badges on %2$d pages: %3$s (print at 100 %%)\n",
            made.badges, made.pages, o->out);
    if (made.left_out)
      fprintf(stderr,
              "%1$d 人报名未确认，没有印（--all 也印）\n%1$d people whose sign-up isn't confirmed are left out (--all prints "
              "them, too)\n",
              made.left_out);
    printf("{\"badges\":%d,\"pages\":%d,\"left_out\":%d,\"warnings\":%d,\"file\":\"", made.badges, made.pages, made.left_out,
           remarks_total(&folder->warnings));
    for (const char *c = o->out; *c; c++) printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    printf("\"}\n");
  } else {
    folder_tell(folder, &problem, "yingbin badges", o->out);
  }
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option badges_row[] = {
    OPTION_DIR(AT(dir)),
    {OPTION_TEXT, "-o", "FILE.pdf", .offset = AT(badges.out), .required = true, .zh = "写到这个文件",
     .en = "the file to write"},
    {OPTION_TEXT, "--size", "90x54|86x54|A6", .offset = AT(badges.size), .check = badges_size_known,
     .zh = "尺寸，毫米：90x54（默认）、86x54 或 A6", .en = "in mm: 90x54 (unless given), 86x54 or A6"},
    {OPTION_FLAG, "--labels", .offset = AT(badges.labels), .zh = "一页一张，给标签打印机",
     .en = "a page a badge, for label printers"},
    {OPTION_FLAG, "--all", .offset = AT(badges.all), .zh = "未确认（未付款、待审核）的人也印",
     .en = "also of people whose sign-up isn't confirmed"},
    {OPTION_LIST, "--number", "N", .offset = AT(badges.number), .count = AT(badges.numbers), .most = BADGES_NUMBERS_MAX,
     .zh = "只印这个编号的，可重复", .en = "only of this number; may be repeated"},
    OPTION_LANG(AT(badges.lang)),
    OPTION_ENCODING(AT(encoding)),
    OPTION_LAST};

static const struct usage usage[] = {
    {"badges", "印徽章：A4 拼版，带裁切线；徽章上的码就是电子票的码，每个签到点都认。请按实际大小（100%）打印。",
     "Name badges on A4 with cut marks; a badge's code is the ticket's and works at every station. Print at 100 %.",
     .row = badges_row, .run = badges},
    {NULL}};

int cmd_badges(int argc, char **argv) {
  struct arguments a = {.badges = {.size = "90x54", .lang = LANG_COUNT}};
  return options_run(usage, argc, argv, &a);
}
