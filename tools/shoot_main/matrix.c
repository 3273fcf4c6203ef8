/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/shoot_main/matrix.h"

#include <stdio.h>

const struct matrix_size matrix_sizes[] = {{1920, 1080, true}, {1080, 1920, true}, {800, 480, true},   {1280, 720, false},
                                           {1024, 600, false}, {480, 800, true},   {3840, 2160, false}};
const struct matrix_lang matrix_langs[] = {
    {LANG_ZH_HANS, LANG_EN, "zh-Hans"}, {LANG_EN, LANG_ZH_HANS, "en"}, {LANG_ZH_HANT, LANG_EN, "zh-Hant"}};
const char *const matrix_themes[] = {"light", "dark"};
_Static_assert(sizeof matrix_sizes / sizeof *matrix_sizes == MATRIX_SIZES &&
                   sizeof matrix_langs / sizeof *matrix_langs == MATRIX_LANGS &&
                   sizeof matrix_themes / sizeof *matrix_themes == MATRIX_THEMES,
               "matrix.h says how many there are");

bool matrix_next(struct matrix_place *at) {
  const int limit[] = {SCREEN_CASES, MATRIX_LANGS, MATRIX_THEMES, MATRIX_SIZES};
  int *const wheel[] = {&at->shot, &at->lang, &at->theme, &at->size};
  do {
    for (int i = 0; i < 4; i++) {
      if (++*wheel[i] < limit[i]) break;
      if (i == 3) return false;
      *wheel[i] = 0;
    }
  } while (!matrix_sizes[at->size].thorough && at->lang + at->theme > 0);
  return true;
}

void matrix_name(const struct matrix_place *at, char *name, size_t room) {
  char title[64];
  case_title(at->shot, title, sizeof title);
  snprintf(name, room, "%s-%s-%dx%d-%s-%s", title, matrix_langs[at->lang].name, matrix_sizes[at->size].w,
           matrix_sizes[at->size].h, matrix_themes[at->theme], screen_cases[at->shot].name);
}

void matrix_view(const struct matrix_place *at, struct catalog *catalog, struct view *view) {
  case_view(at->shot, matrix_langs[at->lang].first, matrix_langs[at->lang].second, catalog, view);
}
