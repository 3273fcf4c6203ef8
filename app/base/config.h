/* SPDX-License-Identifier: Apache-2.0
 * A program's settings as one table: a row an option, with its type, default and help text. Values
 * come from --config FILE (pairs, no sections) and --set key=value, later ones win; --help and
 * --print-config are written from the table. Main thread, before others start; read-only afterwards.
 */
#ifndef YINGBIN_BASE_CONFIG_H
#define YINGBIN_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/problem.h"

enum config_type {
  CONFIG_TEXT,
  CONFIG_INT,
  CONFIG_BOOL,   /* yes, no */
  CONFIG_CHOICE, /* "a|b|c" in choices */
  CONFIG_PATH,
  CONFIG_SOURCE /* SCHEME:PATH, or anything without a colon; of the scheme in choices, if any, SCHEME:SOMETHING:PATH */
};

struct config_option {
  const char *key; /* NULL ends the table */
  enum config_type type;
  size_t offset, size;  /* of the field in the settings struct: char[size], int64_t or bool; a CHOICE is an int index */
  const char *fallback; /* the default, as it would be written */
  const char *choices;
  int64_t least, most; /* INT; both 0: any */
  const char *help_zh, *help_en;
};

/* What else a command line may hold: a flag, or a word and its value. A table of them ends with a name of NULL. */
struct config_flag {
  const char *name;   /* with its dashes */
  bool *flag;         /* becomes true where it is there; or NULL and */
  const char **value; /* the argument behind it, borrowed */
};

/* The path of a CONFIG_PATH or CONFIG_SOURCE read from a file is taken as relative to that file's folder, unless it is an
 * address (SCHEME://). */
bool config_defaults(const struct config_option *table, void *settings, struct problem *problem);
bool config_read(const struct config_option *table, void *settings, const char *file, struct problem *problem);
bool config_set(const struct config_option *table, void *settings, const char *pair, struct problem *problem);
/* --config FILE, --set key=value and the flags, from argv[from] on, later ones win. */
bool config_line(const struct config_option *table, const struct config_flag *flags, void *settings, int argc, char **argv,
                 int from, struct problem *problem);
void config_print(const struct config_option *table, const void *settings, FILE *out);
void config_help(const struct config_option *table, FILE *out);

#endif
