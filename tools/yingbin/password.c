/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/password.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

bool password_ask(const char *prompt, char out[PASSWORD_MAX], struct problem *problem) {
  struct termios before, quiet;
  bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
  fprintf(stderr, "%s: ", prompt);
  if (terminal) {
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  bool good = fgets(out, PASSWORD_MAX, stdin) != NULL;
  if (terminal) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  fputc('\n', stderr);
  if (!good) return problem_set(problem, "没有读到口令", "no password was given");
  out[strcspn(out, "\r\n")] = 0;
  return true;
}

bool password_new(char out[PASSWORD_MAX], struct problem *problem) {
  char again[PASSWORD_MAX];
  if (!password_ask("新口令 / new password", out, problem)) return false;
  if (!*out) return problem_set(problem, "口令不能为空", "the password can't be empty");
  if (!isatty(STDIN_FILENO)) return true;
  bool good = password_ask("再输一次 / again", again, problem) &&
              (!strcmp(out, again) || problem_set(problem, "两次输入不同，请重来", "the two differ; try again"));
  sodium_memzero(again, sizeof again);
  return good;
}

bool password_read_key(const char *file, struct minisign_key *key, struct problem *problem) {
  char password[PASSWORD_MAX], prompt[512];
  bool locked;
  if (minisign_read_key(file, NULL, &locked, key, problem)) return true;
  if (!locked) return false;
  snprintf(prompt, sizeof prompt, "%s 的口令 / password of %s", file, file);
  bool good = password_ask(prompt, password, problem) && minisign_read_key(file, password, &locked, key, problem);
  sodium_memzero(password, sizeof password);
  return good;
}
