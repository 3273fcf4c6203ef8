/* SPDX-License-Identifier: Apache-2.0 */
#include "console_pin.h"

#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PIN_LEAST = 6, PIN_MOST = 32, OPS = 3, MEMORY = 16 << 20 };

/* A terminal doesn't show it. */
static bool read_line(FILE *in, char *line, int size) {
  struct termios before, quiet;
  const bool terminal = tcgetattr(fileno(in), &before) == 0;
  if (terminal) {
    fputs("密码（至少 6 位） / PIN (at least 6 characters): ", stderr);
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fileno(in), TCSAFLUSH, &quiet);
  }
  const bool good = fgets(line, size, in) != NULL;
  if (terminal) {
    tcsetattr(fileno(in), TCSAFLUSH, &before);
    fputc('\n', stderr);
  }
  line[good ? strcspn(line, "\r\n") : 0] = '\0';
  return good;
}

bool console_pin_hash(FILE *in, FILE *out, struct problem *problem) {
  char pin[PIN_MOST + 3], hash[crypto_pwhash_STRBYTES];
  if (sodium_init() < 0) return problem_set(problem, "无法启用加密库", "the crypto library can't be started");
  setvbuf(in, NULL, _IONBF, 0); /* no copy of it stays in a buffer */
  const size_t len = read_line(in, pin, sizeof pin) ? strlen(pin) : 0;
  bool good = len >= PIN_LEAST && len <= PIN_MOST;
  if (!good) {
    problem_set(problem, "密码应为 %d 到 %d 个字符，从标准输入读一行",
                "a PIN has %d to %d characters, in one line on standard input", PIN_LEAST, PIN_MOST);
  } else if (crypto_pwhash_str(hash, pin, len, OPS, MEMORY) != 0) {
    good = problem_set(problem, "内存不足", "out of memory");
  } else if (fprintf(out, "console_pin = %s\n", hash) < 0 || fflush(out) != 0) {
    good = problem_set(problem, "无法写出结果", "the result can't be written");
  }
  sodium_memzero(pin, sizeof pin);
  return good;
}
