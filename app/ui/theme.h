/* SPDX-License-Identifier: Apache-2.0
 * How screens look, from assets/themes.ini: two palettes of colour roles, the steps of type, the grid and
 * the motion. Refused at the start, with file and line, where a key is missing or wrong or a text's colour
 * doesn't stand at least 7:1 against what it is written on. Read-only afterwards: any thread.
 */
#ifndef YINGBIN_UI_THEME_H
#define YINGBIN_UI_THEME_H

#include "base/problem.h"
#include "ui/canvas.h"

enum type_step { TYPE_NAME, TYPE_CALL, TYPE_FACT, TYPE_HEAD, TYPE_TITLE, TYPE_TEXT, TYPE_SMALL, TYPE_STEPS };

enum theme_choice { THEME_LIGHT, THEME_DARK, THEME_AUTO };

struct theme {
  struct palette light, dark;
  double type[TYPE_STEPS];      /* percent of the short side */
  double unit, margin, corner;  /* percent of the short side */
  double wash;                  /* how much of good or care is in a verdict's ground, percent */
  double light_from, dark_from; /* hours of the day, for THEME_AUTO */
  double enter_ms, turn_ms, turn_every_ms, slide_every_ms, dim_after_ms;
};

bool theme_open(const char *path, struct theme *out, struct problem *problem);

/* Light or dark, with the event's accents (NULL: none) in the places of good and care, made darker or lighter until good can
 * be written on and care be seen. */
void theme_palette(const struct theme *theme, bool dark, const struct accents *accents, struct palette *out);

uint32_t theme_rgb(const struct palette *palette, enum colour colour); /* COLOUR_OWN, too */

bool theme_dark_at(const struct theme *theme, enum theme_choice choice, int hour);

#endif
