/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/pattern.h"

#include <string.h>

/* Behind a bracket expression that begins at p; NULL: it has no end. */
static const char *skip_set(const char *p) {
  if (*++p == '^') p++;
  if (*p == ']') p++;
  while (*p && *p != ']') p++;
  return *p ? p + 1 : NULL;
}

/* How often the C library will copy what stands before a repetition at p; behind it in *p. 0: there is none. */
static long repetition(const char **p) {
  long most = 0;
  switch (**p) {
  case '*':
  case '?': (*p)++; return 1;
  case '+': (*p)++; return 2; /* a+ is aa* */
  case '{': break;
  default: return 0;
  }
  for ((*p)++; **p && **p != '}'; (*p)++) {
    long n = 0;
    for (; **p >= '0' && **p <= '9' && n <= PATTERN_COUNTS; (*p)++) n = n * 10 + **p - '0';
    if (n > most) most = n;
    if (!**p || **p == '}') break;
  }
  if (**p) (*p)++;
  return most + 1;
}

struct group {
  long states;
  int nested; /* repetitions within repetitions */
};

/* Counts the states that repetitions make of the pattern. A repetition of a repetition (`a**`) means
 * nothing in POSIX, and takes the C library time beyond measure. */
static bool tame(const char *p) {
  struct group group[PATTERN_MAX + 1] = {{.states = 0}}; /* by depth */
  int depth = 0;
  while (*p) {
    struct group last = {.states = 1};
    if (*p == '(') {
      group[++depth] = (struct group){.states = 0};
      p++;
      continue;
    }
    if (*p == '\\') {
      if (!p[1] || (p[1] >= '1' && p[1] <= '9')) return false;
      p += 2;
    } else if (*p == '[') {
      if (!(p = skip_set(p))) return false;
    } else if (*p++ == ')' && depth > 0) {
      last = group[depth--];
      last.states++;
    }
    long times = repetition(&p);
    if (times && (repetition(&p) || ++last.nested > PATTERN_NESTED || (last.states *= times) > PATTERN_COUNTS)) return false;
    group[depth].states += last.states;
    if (last.nested > group[depth].nested) group[depth].nested = last.nested;
    if (group[depth].states > PATTERN_COUNTS) return false;
  }
  return true;
}

bool pattern_compile(const char *pattern, size_t groups, regex_t *out, struct problem *problem) {
  char why[128];
  if (strlen(pattern) > PATTERN_MAX || !tame(pattern))
    return problem_set(
        problem,
        "模式“%1$s”太复杂：不可用 \\1 这样的回引，重复符号后不可再接重复符号，嵌套的重复至多 %3$d 层，次数相乘不可超过 %2$d",
        "the pattern “%1$s” is too complex: no back references such as \\1, no repetition of a repetition, at most %3$d "
        "nested, whose counts don't multiply beyond %2$d",
        pattern, PATTERN_COUNTS, PATTERN_NESTED);
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
