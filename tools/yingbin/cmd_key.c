/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "pack/minisign.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/password.h"

static const char usage[] =
    "用法 / usage: yingbin key new NAME [--for pack|tickets|seal] [--password]\n\n"
    "生成 NAME.key（私钥，请保密并备份）和 NAME.pub（公钥，可以公开），与 minisign 通用。\n"
    "Makes NAME.key (secret: keep it to yourself, and keep a copy) and NAME.pub (public), which minisign reads, too.\n\n"
    "  --for pack     给活动包签名（默认） / signs packs (the default)\n"
    "  --for tickets  给签名票签名，公钥写进 pack.ini 的 ticket_keys / signs tickets; name the .pub in ticket_keys\n"
    "  --for seal     封存签到机得知的姓名，公钥写进 pack.ini 的 seal / for names that only the kiosk learns; name the .pub in "
    "seal\n"
    "  --password     用口令加密私钥 / encrypt the secret key with a password\n";

static int wrong(const char *what) {
  fprintf(stderr, "yingbin key: %s\n\n%s", what, usage);
  return EXIT_USAGE;
}

static int wrong_at(const char *zh, const char *en, const char *what) {
  fprintf(stderr, "yingbin key: %s%s\nyingbin key: %s%s\n\n%s", zh, what, en, what, usage);
  return EXIT_USAGE;
}

int cmd_key(int argc, char **argv) {
  const char *name = NULL, *purpose = "pack";
  bool with_password = false;
  char password[PASSWORD_MAX];
  struct problem problem;
  if (argc >= 2 && !strcmp(argv[1], "--help")) {
    fputs(usage, stdout);
    return EXIT_DONE;
  }
  if (argc < 2 || strcmp(argv[1], "new") != 0) return wrong("应当是 key new / expected key new");
  for (int i = 2; i < argc; i++) {
    if (!strcmp(argv[i], "--help")) return fputs(usage, stdout), EXIT_DONE;
    if (!strcmp(argv[i], "--password"))
      with_password = true;
    else if (!strcmp(argv[i], "--for") && i + 1 < argc)
      purpose = argv[++i];
    else if (argv[i][0] == '-')
      return wrong_at("不认识的选项，或缺少它的值：", "unknown option, or its value is missing: ", argv[i]);
    else if (name)
      return wrong_at("只能有一个 NAME，多了：", "only one NAME is taken; one too many: ", argv[i]);
    else
      name = argv[i];
  }
  if (!name) return wrong("缺少 NAME / NAME is missing");
  if (strcmp(purpose, "pack") != 0 && strcmp(purpose, "tickets") != 0 && strcmp(purpose, "seal") != 0)
    return wrong_at("--for 是 pack、tickets 或 seal，不是 ", "--for takes pack, tickets or seal, not ", purpose);
  if (with_password && !password_new(password, &problem)) {
    problem_print(&problem, "yingbin key");
    return EXIT_FAILED;
  }
  bool good = minisign_new(name, with_password ? password : NULL, &problem);
  sodium_memzero(password, sizeof password);
  if (!good) {
    problem_print(&problem, "yingbin key");
    return EXIT_FAILED;
  }
  fprintf(stderr, "yingbin key: %s.key（请保密并备份）、%s.pub\nyingbin key: %s.key (keep it secret, keep a copy), %s.pub\n",
          name, name, name, name);
  return EXIT_DONE;
}
