/* SPDX-License-Identifier: Apache-2.0
 * One problem, told to people in Chinese and in English.
 *
 * A function that can fail for a reason that a person must act upon takes a `struct problem *` as its
 * last argument and returns false. Both texts say the same: what happened (which file, line, field),
 * what was expected, what to do. A value: no ownership, any thread.
 * Who doesn't want to know gives NULL.
 */
#ifndef YINGBIN_BASE_PROBLEM_H
#define YINGBIN_BASE_PROBLEM_H

#include <stdbool.h>

struct problem {
  char zh[1024]; /* empty: no problem */
  char en[1024];
};

/* Sets both texts from one list of arguments. Where the languages differ in order, number them (%1$s) in both
 * formats and leave none out: what only the other language shows is `%3$.0s`. Texts too long are cut behind a
 * character and end with "…". Always returns false: `return problem_set(...)`. */
bool problem_set(struct problem *p, const char *zh_format, const char *en_format, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
#ifdef __clang_analyzer__ /* which doesn't look into it */
#define problem_set(...) (problem_set(__VA_ARGS__), false)
#endif

/* Puts "what: " before both texts, e.g. the file being read. Always returns false. */
bool problem_within(struct problem *p, const char *what);

/* A system call failed: what couldn't be done in both languages ("无法写入", "can't write"), to which path, the
 * reason of `error` (an errno) and what to do about it. Always returns false. */
bool problem_system(struct problem *p, int error, const char *zh, const char *en, const char *path);

/* Two lines on stderr: `prefix: zh` and `prefix: en`. */
void problem_print(const struct problem *p, const char *prefix);

#endif
