/* SPDX-License-Identifier: Apache-2.0
 * yingbin list: the list on paper.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/commands.h"
#include "tools/yingbin/list.h"
#include "tools/yingbin/papers.h"

static const char help[] =
    "用法 / usage: yingbin list DIR -o FILE.pdf\n\n"
    "  纸质签到名单（A4），以防万一：按拼音排序，每天一格可打勾，手机只印后四位，末尾留有现场登记的空行。\n"
    "  The list on paper (A4), in case nothing works: by pinyin, a box to tick for each day, of telephone numbers the last "
    "four\n"
    "  digits alone, and lines for who comes without having signed up.\n";

static int wrong(const char *zh, const char *en, const char *what) {
  fprintf(stderr, "yingbin list: %s%s\nyingbin list: %s%s\n\n%s", zh, what, en, what, help);
  return EXIT_USAGE;
}

int cmd_list(int argc, char **argv) {
  const char *dir = NULL, *out = NULL;
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return fputs(help, stdout), EXIT_DONE;
    if (!strcmp(argv[i], "-o") && i + 1 < argc)
      out = argv[++i];
    else if (*argv[i] == '-' || dir)
      return wrong("未知选项或多余的参数：", "unknown option, or one argument too many: ", argv[i]);
    else
      dir = argv[i];
  }
  if (!dir || !out) return wrong("需要 DIR 和 -o FILE.pdf", "it takes DIR and -o FILE.pdf", "");
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  struct list_made made;
  bool read = folder_read(dir, folder, &problem);
  papers_begin(folder);
  bool good = read && list_write(folder, out, &made, &problem);
  if (good) {
    remarks_print(&folder->warnings, "yingbin list", out);
    fprintf(stderr, "%1$d 人，%2$d 页：%3$s\n%1$d people on %2$d pages: %3$s\n", made.people, made.pages, out);
    printf("{\"people\":%d,\"pages\":%d}\n", made.people, made.pages);
  } else if (!read && folder->errors.count) {
    remarks_print(&folder->errors, "yingbin list", out);
  } else {
    problem_print(&problem, "yingbin list");
  }
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}
