/* SPDX-License-Identifier: Apache-2.0
 * In which sizes, languages and themes each case of cases.h is photographed and measured.
 */
#ifndef YINGBIN_TOOLS_MATRIX_H
#define YINGBIN_TOOLS_MATRIX_H

#include "tools/shoot_main/cases.h"

enum { MATRIX_SIZES = 7, MATRIX_LANGS = 3, MATRIX_THEMES = 2 };

extern const struct matrix_size {
  int w, h;
  bool thorough; /* in every language and theme; else in the first ones */
} matrix_sizes[MATRIX_SIZES];

extern const struct matrix_lang {
  enum lang first, second;
  const char *name;
} matrix_langs[MATRIX_LANGS];

extern const char *const matrix_themes[MATRIX_THEMES]; /* names */

struct matrix_place {          /* indices */
  int size, lang, theme, shot; /* shot: of screen_cases */
};

/* The next place after *at, which begins as {.shot = -1}; false: there is none. Cases turn fastest, sizes slowest. */
bool matrix_next(struct matrix_place *at);
void matrix_name(const struct matrix_place *at, char *name, size_t room); /* "verdict-admit-zh-Hans-1920x1080-light-speaker" */
void matrix_view(const struct matrix_place *at, struct catalog *catalog, struct view *view);

#endif
