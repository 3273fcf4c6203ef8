/* SPDX-License-Identifier: Apache-2.0
 * pack.ini as it was written: sections with their pairs, each checked against one table of keys, which
 * `yingbin pack keys` prints. What they mean together (dates in their zone, references) is plan.c's.
 */
#ifndef YINGBIN_TOOLS_SETTINGS_H
#define YINGBIN_TOOLS_SETTINGS_H

#include <stdio.h>

#include "core/types.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"

enum form {
  FORM_TEXT,
  FORM_LONG /* up to URL_MAX */,
  FORM_ID,
  FORM_LIST,
  FORM_DATE,
  FORM_DATES,
  FORM_TIME,
  FORM_CLOCK,
  FORM_HOURS,
  FORM_ZONE,
  FORM_URL,
  FORM_COUNT,
  FORM_TIMES,
  FORM_YES,
  FORM_CHOICE,
  FORM_COLOUR,
  FORM_COLOURS /* two */,
  FORM_LANGS,
  FORM_PATTERN,
  FORM_FILE,
  FORM_FILES
};

struct setting {
  const char *section, *key;
  enum form form;
  bool languages;      /* KEY.zh-Hans, KEY.zh-Hant, KEY.en; KEY alone is zh-Hans */
  bool unused;         /* part of the format, but this version's kiosk makes nothing of it yet */
  const char *choices; /* "a|b|c" */
  const char *zh, *en;
};

struct pair {
  const struct setting *setting;
  enum lang lang;
  const char *value; /* never empty; NULL: it was refused, with an error */
  int line;
};

struct section {
  const char *kind, *id; /* "event", "kcc-guangzhou" */
  int line;
  struct pair *pair; /* owned by settings */
  int pairs;
};

struct settings {
  const char *file; /* borrowed, for messages */
  struct section *section;
  int sections;
};

/* Goes on behind errors, so that all are seen at once. */
void settings_parse(struct settings *s, const char *file, const char *text, size_t len, struct pool *texts,
                    struct remarks *errors, struct remarks *warnings);
void settings_free(struct settings *s);

/* NULL: not given, or refused. */
const struct pair *settings_pair(const struct section *s, const char *key, enum lang lang);
const char *settings_value(const struct section *s, const char *key); /* "" where not given */
bool settings_refused(const struct section *s, const char *key);

void settings_print(FILE *out);

#endif
