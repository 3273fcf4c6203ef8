/* SPDX-License-Identifier: Apache-2.0
 * yingbin: the organizer's tool. This file only finds the command.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "commands.h"

static const struct command {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *help; /* Chinese, English */
} command[] = {
    {"new", cmd_new, "新建活动文件夹 / a new event's folder"},
    {"key", cmd_key, "生成签名密钥 / make a signing key"},
    {"pack", cmd_pack, "由报名表制作活动包 / make an event pack of the rosters"},
    {"tickets", cmd_tickets, "生成电子票二维码 / make the tickets' QR codes"},
    {"card", cmd_card, "志愿者的值班卡、签到机的设置卡 / cards for volunteers and kiosks"},
    {"badges", cmd_badges, "印制徽章（PDF） / print name badges (PDF)"},
    {"forget", cmd_forget, "删除一个人的信息 / take a person out"},
    {"list", cmd_list, "纸质签到名单（PDF） / the check-in list on paper (PDF)"},
    {"scan", cmd_scan, "读出图片里的二维码 / read the QR codes in pictures"},
    {"log", cmd_log, "导出、核对、合并签到日志 / export, verify and merge check-in logs"},
    {"demo", cmd_demo, "用四个示例活动演示全程 / the whole story on four sample events"},
};

static void usage(FILE *out) {
  fputs("用法 / usage: yingbin COMMAND [ARGUMENTS]    (yingbin COMMAND --help)\n\n", out);
  for (size_t i = 0; i < sizeof command / sizeof *command; i++) fprintf(out, "  %-8s %s\n", command[i].name, command[i].help);
  fputs("\n  --version  版本 / version\n", out);
}

int main(int argc, char **argv) {
  log_init("yingbin", LOG_LEVEL_INFO);
  if (sodium_init() < 0) {
    fputs("yingbin: libsodium 无法启动\nyingbin: libsodium does not start\n", stderr);
    return EXIT_FAILED;
  }
  if (argc < 2) {
    usage(stderr);
    return EXIT_USAGE;
  }
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
    usage(stdout);
    return EXIT_DONE;
  }
  if (!strcmp(argv[1], "--version")) {
    printf("yingbin %s\n", YINGBIN_VERSION);
    return EXIT_DONE;
  }
  for (size_t i = 0; i < sizeof command / sizeof *command; i++)
    if (!strcmp(argv[1], command[i].name)) return command[i].run(argc - 1, argv + 1);
  fprintf(stderr, "yingbin: 没有「%s」这个命令\nyingbin: there is no command '%s'\n\n", argv[1], argv[1]);
  usage(stderr);
  return EXIT_USAGE;
}
