/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/problem.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/forms.h"

enum { ROWS_MAX = 32, HELP_COLUMN = 24, HELP_INDENT = 9, HELP_WIDTH = 118 };

/* --- help --- */

static bool is_argument(const struct option *o) { return o->kind == OPTION_ARGUMENT || o->kind == OPTION_REST; }

/* In a terminal, where Chinese takes two columns. */
static int columns_of(const char *text) {
  int columns = 0;
  for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
    if ((*at & 0xC0) != 0x80) columns += *at >= 0xE3 && *at < 0xF0 ? 2 : 1;
  }
  return columns;
}

/* The first line indented by `first`, the others by `rest`. */
static void put_lines(FILE *out, const char *text, int first, int rest) {
  for (const char *at = text; *at;) {
    size_t len = strcspn(at, "\n");
    fprintf(out, "%*s%.*s\n", at == text ? first : rest, "", (int)len, at);
    at += len + (at[len] == '\n');
  }
}

static void put_row_name(FILE *out, const struct option *o) {
  fprintf(out, "%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
}

/* From that column of the line on; returns where it ends. */
static int put_synopsis_row(FILE *out, const struct option *o, bool bare, int column) {
  bool many = o->kind == OPTION_REST || o->kind == OPTION_LIST;
  int width = columns_of(o->name) + (o->value ? 1 + columns_of(o->value) : 0) + (bare ? 1 : 3) + (many ? 3 : 0);
  if (column + width > HELP_WIDTH) {
    fprintf(out, "\n%*s", HELP_INDENT, "");
    column = HELP_INDENT;
  }
  fputs(bare ? " " : " [", out);
  put_row_name(out, o);
  fprintf(out, "%s%s", bare ? "" : "]", many ? "..." : "");
  return column + width;
}

/* "yingbin badges DIR -o FILE.pdf [--size 90x54|86x54|A6]", and a line for each other use. */
static void put_synopsis(FILE *out, const struct usage *u) {
  int column = fprintf(out, "  yingbin %s", u->name);
  for (const struct option *o = u->row; o && o->kind; o++)
    if (!o->instead) column = put_synopsis_row(out, o, o->required, column);
  fputs("\n", out);
  for (const struct option *other = u->row; other && other->kind; other++) {
    if (!other->instead) continue;
    column = fprintf(out, "  yingbin %s", u->name);
    for (const struct option *o = u->row; o->kind; o++)
      if (is_argument(o)) column = put_synopsis_row(out, o, o->required, column);
    put_synopsis_row(out, other, true, column);
    fputs("\n", out);
  }
}

/* Both languages on a line where they fit, else a line each. */
static void put_row(FILE *out, const struct option *o) {
  int used = 6 + columns_of(o->name) + (o->value ? 1 + columns_of(o->value) : 0);
  bool fits = used < HELP_COLUMN;
  fputs("      ", out);
  put_row_name(out, o);
  if (fits)
    fprintf(out, "%*s", HELP_COLUMN - used, "");
  else
    fprintf(out, "\n%*s", HELP_COLUMN, "");
  if (!strchr(o->zh, '\n') && HELP_COLUMN + columns_of(o->zh) + 3 + columns_of(o->en) <= HELP_WIDTH) {
    fprintf(out, "%s / %s\n", o->zh, o->en);
  } else {
    put_lines(out, o->zh, 0, HELP_COLUMN);
    put_lines(out, o->en, HELP_COLUMN, HELP_COLUMN);
  }
}

static void put_usage(FILE *out, const struct usage *u) {
  put_synopsis(out, u);
  put_lines(out, u->zh, 6, 6);
  put_lines(out, u->en, 6, 6);
  if (u->row && u->row->kind) fputs("\n", out);
  for (const struct option *o = u->row; o && o->kind; o++) put_row(out, o);
  if (u->more) fprintf(out, "\n%s", u->more);
}

static void put_help(FILE *out, const struct usage *u, bool all) {
  fputs("用法 / usage:\n", out);
  put_usage(out, u);
  while (all && (++u)->name) {
    fputs("\n", out);
    put_usage(out, u);
  }
}

/* --- wrong usage --- */

int options_wrong(const struct usage *usage, const char *zh, const char *en, ...) {
  va_list args;
  for (int english = 0; english < 2; english++) {
    fprintf(stderr, "yingbin %s: ", usage->name);
    va_start(args, en);
    vfprintf(stderr, english ? en : zh, args);
    va_end(args);
    fputs("\n", stderr);
  }
  fputs("\n", stderr);
  put_help(stderr, usage, false);
  return EXIT_USAGE;
}

static int wrong_value(const struct usage *u, const struct option *o, const char *value) {
  if (o->kind == OPTION_CHOICE)
    return options_wrong(u, "%1$s 应当是 %2$s 之一，不是「%3$s」", "%1$s takes one of %2$s, not \"%3$s\"", o->name, o->value,
                         value);
  if (o->kind == OPTION_NUMBER && o->most == INT64_MAX)
    return options_wrong(u, "%1$s 应当是 %2$lld 起的整数，不是「%3$s」",
                         "%1$s takes a whole number from %2$lld on, not \"%3$s\"", o->name, (long long)o->least, value);
  if (o->kind == OPTION_NUMBER)
    return options_wrong(u, "%1$s 应当是 %2$lld 到 %3$lld 之间的整数，不是「%4$s」",
                         "%1$s takes a whole number from %2$lld to %3$lld, not \"%4$s\"", o->name, (long long)o->least,
                         (long long)o->most, value);
  options_wrong(u, "%1$s 不能是「%2$s」：%3$s%4$.0s", "%1$s can't be \"%2$s\": %4$s%3$.0s", o->name, value, o->zh, o->en);
  return EXIT_USAGE;
}

static int missing(const struct usage *u, const struct option *o) {
  const char *value = o->value ? o->value : "";
  return options_wrong(u, "缺少 %1$s%2$s%3$s：%4$s%5$.0s", "%1$s%2$s%3$s is missing: %5$s%4$.0s", o->name, *value ? " " : "",
                       value, o->zh, o->en);
}

/* --- reading --- */

static int index_in(const char *choices, const char *value) {
  size_t len = strlen(value);
  for (int i = 0;; i++) {
    size_t n = strcspn(choices, "|");
    if (n == len && !strncmp(choices, value, n)) return i;
    if (!choices[n]) return -1;
    choices += n + 1;
  }
}

/* Into the row's field. Returns 0, or the exit code. */
static int store(const struct usage *u, const struct option *o, const char *value, char *values) {
  void *field = values + o->offset;
  int *count = (int *)(values + o->count), choice;
  if (o->check && !o->check(value)) return wrong_value(u, o, value);
  switch (o->kind) {
  case OPTION_FLAG: *(bool *)field = true; break;
  case OPTION_NUMBER:
    if (!form_number(value, o->least, o->most, field)) return wrong_value(u, o, value);
    break;
  case OPTION_CHOICE:
    if ((choice = index_in(o->value, value)) < 0) return wrong_value(u, o, value);
    *(int *)field = choice;
    break;
  case OPTION_LIST:
    if (*count == o->most)
      return options_wrong(u, "%1$s 最多写 %2$d 次", "%1$s is taken %2$d times at most", o->name, (int)o->most);
    ((const char **)field)[(*count)++] = value;
    break;
  default: *(const char **)field = value; break;
  }
  return 0;
}

static const struct option *row_named(const struct usage *u, const char *name, size_t len) {
  for (const struct option *o = u->row; o && o->kind; o++)
    if (!is_argument(o) && strlen(o->name) == len && !strncmp(o->name, name, len)) return o;
  return NULL;
}

/* What has no name is gathered at the beginning of argv, *plain of them. Returns 0, or the exit code. */
static int read_named(const struct usage *u, int argc, char **argv, char *values, bool seen[ROWS_MAX], int *plain) {
  bool names = true;
  for (int i = *plain = 0; i < argc; i++) {
    char *arg = argv[i];
    if (names && !strcmp(arg, "--")) {
      names = false;
      continue;
    }
    if (!names || arg[0] != '-' || !arg[1]) {
      argv[(*plain)++] = arg;
      continue;
    }
    const char *equals = arg[1] == '-' ? strchr(arg, '=') : NULL, *value = equals ? equals + 1 : NULL;
    const struct option *o = row_named(u, arg, equals ? (size_t)(equals - arg) : strlen(arg));
    if (!o) return options_wrong(u, "没有这个选项：%s", "there is no option %s", arg);
    if (o->kind == OPTION_FLAG && value) return options_wrong(u, "%s 后面不跟值", "%s takes no value", o->name);
    if (o->kind != OPTION_FLAG && !value && i + 1 < argc && strncmp(argv[i + 1], "--", 2) != 0) value = argv[++i];
    if (o->kind != OPTION_FLAG && !value)
      return options_wrong(u, "%1$s 后面缺少值：%2$s%3$.0s", "a value is missing behind %1$s: %3$s%2$.0s", o->name, o->zh,
                           o->en);
    int code = store(u, o, value, values);
    if (code) return code;
    seen[o - u->row] = true;
  }
  return 0;
}

static int read_arguments(const struct usage *u, int count, char **argument, char *values, bool seen[ROWS_MAX]) {
  for (const struct option *o = u->row; o && o->kind && count; o++) {
    if (o->kind == OPTION_REST) {
      *(char ***)(values + o->offset) = argument;
      *(int *)(values + o->count) = count;
      seen[o - u->row] = true;
      return 0;
    }
    if (o->kind != OPTION_ARGUMENT) continue;
    int code = store(u, o, *argument, values);
    if (code) return code;
    seen[o - u->row] = true;
    argument++, count--;
  }
  return count ? options_wrong(u, "多了一个参数：%s", "one argument too many: %s", *argument) : 0;
}

static int read_all(const struct usage *u, int argc, char **argv, char *values) {
  bool seen[ROWS_MAX] = {false}, other = false;
  int plain, code = read_named(u, argc, argv, values, seen, &plain);
  if (!code) code = read_arguments(u, plain, argv, values, seen);
  for (int i = 0; u->row && u->row[i].kind; i++) other = other || (u->row[i].instead && seen[i]);
  for (int i = 0; !code && u->row && u->row[i].kind; i++)
    if (u->row[i].required && !seen[i] && !(other && !is_argument(&u->row[i]))) code = missing(u, &u->row[i]);
  return code;
}

/* --- which --- */

static bool asks_help(int argc, char **argv) {
  for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) /* NOLINT(clang-analyzer-core.*): argv[argc] alone is NULL */
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return true;
  return false;
}

static const char *second_word(const struct usage *u) {
  const char *blank = strchr(u->name, ' ');
  return blank ? blank + 1 : NULL;
}

static int no_such(const struct usage *usage, const char *word) {
  int first = (int)strcspn(usage->name, " ");
  char names[256] = "";
  for (const struct usage *u = usage; u->name; u++) {
    size_t len = strlen(names);
    snprintf(names + len, sizeof names - len, "%s%s", len ? " | " : "", second_word(u));
  }
  if (word)
    /* cppcheck-suppress [invalidPrintfArgType_s, wrongPrintfScanfArgNum] ; it knows no numbered widths */
    fprintf(stderr, "yingbin %1$.*2$s: 没有「%3$s」，应当是：%4$s\nyingbin %1$.*2$s: there is no \"%3$s\"; expected: %4$s\n\n",
            usage->name, first, word, names);
  else
    /* cppcheck-suppress [invalidPrintfArgType_s, wrongPrintfScanfArgNum] */
    fprintf(stderr, "yingbin %1$.*2$s: 后面应当是：%3$s\nyingbin %1$.*2$s: expected behind it: %3$s\n\n", usage->name, first,
            names);
  put_help(stderr, usage, true);
  return EXIT_USAGE;
}

int options_run(const struct usage *usage, int argc, char **argv, void *values) {
  const struct usage *u = usage;
  bool words = second_word(usage);
  const char *word = words && argc > 1 ? argv[1] : NULL;
  while (word && u->name && strcmp(second_word(u), word) != 0) u++;
  if (asks_help(argc - 1, argv + 1)) {
    bool one = words && word && u->name;
    put_help(stdout, one ? u : usage, !one);
    return fflush(stdout) ? EXIT_FAILED : EXIT_DONE;
  }
  if (words && (!word || !u->name)) return no_such(usage, word);
  int skip = words ? 2 : 1, code = read_all(u, argc - skip, argv + skip, values);
  return code ? code : u->run(values);
}
