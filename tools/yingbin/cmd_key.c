/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "pack/minisign.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/password.h"

struct arguments {
  const char *name;
  int purpose; /* only said in the help: keys are alike, and each has a use of its own */
  bool with_password;
};

static int new (void *values) {
  const struct arguments *a = values;
  char password[PASSWORD_MAX];
  struct problem problem;
  if (a->with_password && !password_new(password, &problem)) {
    problem_print(&problem, "yingbin key");
    return EXIT_FAILED;
  }
  bool good = minisign_new(a->name, a->with_password ? password : NULL, &problem);
  sodium_memzero(password, sizeof password);
  if (!good) {
    problem_print(&problem, "yingbin key");
    return EXIT_FAILED;
  }
  fprintf(stderr, "yingbin key: %s.key（请保密并备份）、%s.pub\nyingbin key: %s.key (keep it secret, keep a copy), %s.pub\n",
          a->name, a->name, a->name, a->name);
  return EXIT_DONE;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option new_row[] = {
    {OPTION_ARGUMENT, "NAME", .offset = AT(name), .required = true, .zh = "文件名，不带 .key",
     .en = "the files' name, without .key"},
    {OPTION_CHOICE, "--for", "pack|tickets|seal", .offset = AT(purpose),
     .zh = "pack：给活动包签名（默认）；tickets：给签名票签名，公钥写进 pack.ini 的 ticket_keys；\n"
           "seal：封存签到机得知的姓名，公钥写进 pack.ini 的 seal",
     .en = "pack: signs packs (the default); tickets: signs tickets, name the .pub in ticket_keys;\n"
           "seal: for names that only the kiosk learns, name the .pub in seal"},
    {OPTION_FLAG, "--password", .offset = AT(with_password), .zh = "用口令加密私钥",
     .en = "encrypt the secret key with a password"},
    OPTION_LAST};

static const struct usage usage[] = {
    {"key new", "生成 NAME.key（私钥，请保密并备份）和 NAME.pub（公钥，可以公开），与 minisign 通用。",
     "Makes NAME.key (secret: keep it to yourself, and keep a copy) and NAME.pub (public), which minisign reads, too.",
     .row = new_row, .run = new},
    {NULL}};

int cmd_key(int argc, char **argv) {
  struct arguments a = {.name = NULL};
  return options_run(usage, argc, argv, &a);
}
