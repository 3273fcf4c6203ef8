/* SPDX-License-Identifier: Apache-2.0
 * What a command takes, as a table: a row an option or argument, with its kind, its field and its help
 * line. options_run reads the command line into the fields, writes --help from the same table, and tells
 * wrong usage in Chinese and English: which option, and what was expected. A new option is a new row.
 * `--name=value` is taken as well as `--name value`; what stands behind `--` are arguments. Main thread.
 */
#ifndef YINGBIN_TOOLS_OPTIONS_H
#define YINGBIN_TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/yingbin/encoding.h"

enum option_kind {
  OPTION_END,      /* behind the last row */
  OPTION_ARGUMENT, /* const char *: without a name, in the order of the rows */
  OPTION_REST,     /* char ** and, at `count`, an int: all the arguments that are left */
  OPTION_FLAG,     /* bool */
  OPTION_TEXT,     /* const char * */
  OPTION_NUMBER,   /* int64_t, from least to most */
  OPTION_CHOICE,   /* int or an enum: the index in "a|b|c", which is `value` */
  OPTION_LIST      /* const char *[most] and, at `count`, an int: may be repeated */
};

struct option {
  enum option_kind kind;
  const char *name;     /* "-o", "--size"; of an argument, as the help calls it: "DIR" */
  const char *value;    /* as the help calls what stands behind it; a CHOICE's choices */
  size_t offset, count; /* fields of the command's values */
  const char *zh, *en;  /* its help line; where `check` refuses a value, this says what was expected */
  bool required;
  bool instead; /* with it, the required options aren't: another use of the command */
  int64_t least, most;
  bool (*check)(const char *value); /* NULL: any text */
};

struct usage {              /* a command; an array of those that share their first word, NULL name behind the last */
  const char *name;         /* "badges", "pack build" */
  const char *zh, *en;      /* what it does; several lines are indented alike */
  const struct option *row; /* NULL: takes nothing */
  int (*run)(void *values); /* returns the exit code */
  const char *more;         /* whole lines below the options, or NULL */
};

/* argv from the command's name on; *values keep what they hold where an option isn't given. Runs the usage that is
 * meant and returns its exit code, or 0 where help was asked for, 2 where the usage is wrong. */
int options_run(const struct usage *usage, int argc, char **argv, void *values);

/* Wrong usage that a row can't say, such as two options that go together. Returns 2. */
int options_wrong(const struct usage *usage, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* Rows that several commands have. */
#define OPTION_DIR(field)                                                                                                      \
  { OPTION_ARGUMENT, "DIR", .offset = (field), .required = true, .zh = "活动文件夹", .en = "the event's folder" }
#define OPTION_ENCODING(field)                                                                                                                       \
  {                                                                                                                                                  \
    OPTION_TEXT, "--encoding", "ENCODING", .offset = (field), .check = encoding_known,                                                               \
                                           .zh = "报名表 CSV 的编码（utf-8、gb18030、utf-16、big5……），认错时才需要；写在 " \
                                                 "pack.ini 里更好",                                                                                  \
                                           .en = "of CSV rosters (utf-8, gb18030, utf-16, big5, ...), where it is taken for "                        \
                                                 "another; better in pack.ini"                                                                       \
  }
#define OPTION_LANG(field) /* an enum lang, LANG_COUNT where not given: see paper_words.h */                                   \
  {                                                                                                                            \
    OPTION_CHOICE, "--lang", "zh-Hans|zh-Hant|en", .offset = (field), .zh = "用哪种语言，默认同活动的标题",                    \
                                                   .en = "the language of its words; of the event's title unless given"        \
  }
#define OPTION_LAST                                                                                                            \
  { OPTION_END }

#endif
