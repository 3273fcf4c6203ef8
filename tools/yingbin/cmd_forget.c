/* SPDX-License-Identifier: Apache-2.0
 * yingbin forget: a person asks to be taken out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/commands.h"
#include "tools/yingbin/forget.h"
#include "tools/yingbin/log_merge.h"
#include "tools/yingbin/options.h"

static const char then[] =
    "接着请做：重新制作活动包并换到每台签到机（旧包里还有封存的一行，只有持原码的人能打开）；其他合并结果文件夹用 --merged 再清一次；\n"
    "删掉您自己另存的名单、徽章、邮件。日志里留下的只有编号和码的加密散列：它证明有过一次签到，不说是谁。\n"
    "Next: build the pack again and put it on every kiosk (old packs hold a sealed row that only the old code opens); clean\n"
    "other folders of log merge with --merged; delete lists, badges and mails that you kept. What stays in the logs is the\n"
    "number and a keyed hash of the code: proof that somebody checked in, not who.\n";

struct arguments {
  const char *dir, *number, *tickets, *merged, *encoding;
};

static int forget(void *values) {
  const struct arguments *a = values;
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  struct forgotten done;
  bool good = folder_read_encoded(a->dir, a->encoding, folder, &problem) &&
              forget_person(folder, a->number, a->tickets, &done, &problem);
  if (good) {
    folder_free(folder);
    good = folder_read_encoded(a->dir, a->encoding, folder, &problem); /* all fits together without them */
  }
  if (good && a->merged) good = log_remake(folder, a->merged, &problem);
  if (good) {
    fprintf(
        stderr,
        "编号 %1$s 已删除：报名表 %2$d 行，电子票 %3$d 个\nNumber %1$s is forgotten: %2$d roster rows, %3$d tickets\n\n%4$s",
        a->number, done.rows, done.tickets, then);
    printf("{\"forgotten\":\"%s\",\"rows\":%d,\"tickets\":%d}\n", a->number, done.rows, done.tickets);
  } else {
    folder_tell(folder, &problem, "yingbin forget", NULL);
  }
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option forget_row[] = {OPTION_DIR(AT(dir)),
                                           {OPTION_TEXT, "--number", "N", .offset = AT(number), .required = true,
                                            .zh = "这个人的编号，见 codes.csv", .en = "the person's number, see codes.csv"},
                                           {OPTION_TEXT, "--tickets", "OUT", .offset = AT(tickets),
                                            .zh = "电子票所在的文件夹，里面的也删",
                                            .en = "the folder of the tickets; theirs go, too"},
                                           {OPTION_TEXT, "--merged", "OUT", .offset = AT(merged),
                                            .zh = "log merge 的结果文件夹：名单、报名表、报告按新的名册重写",
                                            .en = "a folder of log merge: its lists, rosters and report are written anew"},
                                           OPTION_ENCODING(AT(encoding)),
                                           OPTION_LAST};

static const struct usage usage[] = {
    {"forget", "删除一个人：报名表里的行（CSV；XLSX 会告诉您删哪一行）、codes.csv 和 sent.csv 里的信息，以及 OUT 里的电子票。",
     "Takes a person out: their rows of the rosters (CSV; of an XLSX it says which line to delete), what codes.csv and\n"
     "sent.csv know of them, and their ticket in OUT.",
     .row = forget_row, .run = forget,
     .more =
         "      留下什么：编号不再给别人用；签到日志里只有编号和码的加密散列，没有姓名，日志的链条因此仍可核对。\n"
         "      What stays: the number, which nobody else gets; in the kiosks' logs that number and a keyed hash of the code, "
         "with\n"
         "      no name, so that the logs can still be verified.\n"},
    {NULL}};

int cmd_forget(int argc, char **argv) {
  struct arguments a = {.dir = NULL};
  return options_run(usage, argc, argv, &a);
}
