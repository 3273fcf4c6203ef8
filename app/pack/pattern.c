/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/pattern.h"

#include <stdlib.h>
#include <string.h>

/* The product of all counts `{n,m}` bounds what nested repetitions can grow to. */
static bool tame(const char *pattern) {
  long product = 1;
  bool set = false; /* inside [...], where nothing is special */
  for (const char *p = pattern; *p; p++) {
    if (set) {
      set = *p != ']';
    } else if (*p == '[') {
      set = true;
      if (p[1] == '^') p++;
      if (p[1] == ']') p++;
    } else if (*p == '\\') {
      if (!*++p || (*p >= '1' && *p <= '9')) return false;
    } else if (*p == '{') {
      long most = 0;
      for (p++; *p && *p != '}'; p++) {
        char *end;
        long n = strtol(p, &end, 10);
        if (end != p) p = end - 1;
        if (n > most) most = n;
      }
      if (most < 0 || most > PATTERN_COUNTS) return false;
      product *= most ? most : 1;
      if (product > PATTERN_COUNTS || !*p) return false;
    }
  }
  return true;
}

bool pattern_compile(const char *pattern, size_t groups, regex_t *out, struct problem *problem) {
  char why[128];
  if (strlen(pattern) > PATTERN_MAX || !tame(pattern))
    return problem_set(
        problem, "模式“%1$s”太复杂：不可用 \\1 这样的回引，{} 里的次数相乘不可超过 %2$d",
        "the pattern “%1$s” is too complex: no back references such as \\1, and the counts in {} may not multiply beyond %2$d",
        pattern, PATTERN_COUNTS);
  int error = regcomp(out, pattern, REG_EXTENDED);
  if (error) {
    regerror(error, NULL, why, sizeof why);
    return problem_set(problem, "模式“%1$s”不是 POSIX 扩展正则表达式：%2$s",
                       "the pattern “%1$s” is no POSIX extended regular expression: %2$s", pattern, why);
  }
  if (out->re_nsub >= groups) return true;
  regfree(out);
  return problem_set(problem, "模式“%s”里应当有一对圆括号，括住码的部分",
                     "the pattern “%s” should have one pair of parentheses round the code's part", pattern);
}

static bool match(const regex_t *regex, const uint8_t *bytes, size_t len, regmatch_t *found, size_t count) {
  char text[PATTERN_TEXT_MAX + 1];
  if (!len || len > PATTERN_TEXT_MAX || memchr(bytes, 0, len)) return false;
  memcpy(text, bytes, len);
  text[len] = 0;
  return regexec(regex, text, count, found, 0) == 0;
}

bool pattern_capture(const regex_t *regex, const uint8_t *bytes, size_t len, size_t *start, size_t *end) {
  regmatch_t m[2];
  if (!match(regex, bytes, len, m, 2) || m[1].rm_so < 0 || m[1].rm_eo <= m[1].rm_so) return false;
  *start = (size_t)m[1].rm_so;
  *end = (size_t)m[1].rm_eo;
  return true;
}

bool pattern_whole(const regex_t *regex, const uint8_t *bytes, size_t len) {
  regmatch_t m[1];
  return match(regex, bytes, len, m, 1) && m[0].rm_so == 0 && (size_t)m[0].rm_eo == len;
}
