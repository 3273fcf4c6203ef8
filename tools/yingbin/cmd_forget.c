/* SPDX-License-Identifier: Apache-2.0
 * yingbin forget: a person asks to be taken out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/commands.h"
#include "tools/yingbin/forget.h"

static const char help[] =
    "用法 / usage: yingbin forget DIR --number N [--tickets OUT]\n\n"
    "  删除一个人：报名表里的行（CSV；XLSX 会告诉您删哪一行）、codes.csv 和 sent.csv 里的信息，以及 OUT 里的电子票。\n"
    "  Takes a person out: their rows of the rosters (CSV; of an XLSX it says which line to delete), what codes.csv and "
    "sent.csv\n"
    "  know of them, and their ticket in OUT.\n\n"
    "  留下什么：编号不再给别人用；签到日志里只有编号和码的加密散列，没有姓名，日志的链条因此仍可核对。\n"
    "  What stays: the number, which nobody else gets; in the kiosks' logs that number and a keyed hash of the code, with no "
    "name,\n"
    "  so that the logs can still be verified.\n";

static const char then[] =
    "接着请做：重新制作活动包并换到每台签到机（旧包里还有封存的一行，只有持原码的人能打开）；重新合并日志；\n"
    "删掉您自己另存的名单、徽章、邮件。日志里留下的只有编号和码的加密散列：它证明有过一次签到，不说是谁。\n"
    "Next: build the pack again and put it on every kiosk (old packs hold a sealed row that only the old code opens); merge "
    "the logs\n"
    "again; delete lists, badges and mails that you kept. What stays in the logs is the number and a keyed hash of the code: "
    "proof\n"
    "that somebody checked in, not who.\n";

static int wrong(const char *zh, const char *en, const char *what) {
  fprintf(stderr, "yingbin forget: %s%s\nyingbin forget: %s%s\n\n%s", zh, what, en, what, help);
  return EXIT_USAGE;
}

int cmd_forget(int argc, char **argv) {
  const char *dir = NULL, *number = NULL, *tickets = NULL;
  for (int i = 1; i < argc; i++) {
    const char **value = !strcmp(argv[i], "--number") ? &number : !strcmp(argv[i], "--tickets") ? &tickets : NULL;
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return fputs(help, stdout), EXIT_DONE;
    if (value && i + 1 < argc)
      *value = argv[++i];
    else if (*argv[i] == '-' || dir)
      return wrong("未知选项或多余的参数：", "unknown option, or one argument too many: ", argv[i]);
    else
      dir = argv[i];
  }
  if (!dir || !number) return wrong("需要 DIR 和 --number N", "it takes DIR and --number N", "");
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  struct forgotten done;
  bool read = folder_read(dir, folder, &problem), good = read && forget_person(folder, number, tickets, &done, &problem);
  folder_free(folder);
  good = good && folder_read(dir, folder, &problem); /* all fits together without them */
  if (good) {
    fprintf(
        stderr,
        "编号 %1$s 已删除：报名表 %2$d 行，电子票 %3$d 个\nNumber %1$s is forgotten: %2$d roster rows, %3$d tickets\n\n%4$s",
        number, done.rows, done.tickets, then);
    printf("{\"forgotten\":\"%s\",\"rows\":%d,\"tickets\":%d}\n", number, done.rows, done.tickets);
  } else {
    problem_print(&problem, "yingbin forget");
  }
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}
