/* SPDX-License-Identifier: Apache-2.0
 * The font chain of assets/fonts.conf: each grapheme is shown in the first font that has all of it.
 * SDL_ttf shapes a run with HarfBuzz but knows no fallback and draws colour fonts in their one size:
 * both are put right here. Ui thread only; a size is set on a face when it is asked for.
 */
#ifndef YINGBIN_UI_FONTS_H
#define YINGBIN_UI_FONTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct SDL_Surface;

enum weight { WEIGHT_REGULAR, WEIGHT_BOLD, WEIGHT_COUNT };
enum { FONTS_MAX = 16 };

struct font_run {   /* what one font draws in one go */
  const char *text; /* borrowed; in logical order */
  int font;         /* index in the chain */
  enum weight weight;
  int size; /* pixels of an em */
  bool rtl;
};

struct fonts; /* owned */

/* Every file of the chain must be there: the problem names the file and its Debian package. */
bool fonts_open(const char *conf, struct fonts **out, struct problem *problem);
void fonts_close(struct fonts *fonts);

/* The first font of the chain that has every visible code point; false: none has, *font is the first one. */
bool fonts_find(const struct fonts *fonts, const uint8_t *grapheme, size_t len, int *font);

bool fonts_joined(const struct fonts *fonts, int font); /* its letters join: a line never breaks between them */
void fonts_reach(const struct fonts *fonts, int font, int size, int *above, int *below); /* of the ink round the baseline */
int fonts_width(struct fonts *fonts, const struct font_run *run);
int fonts_bearing(struct fonts *fonts, const struct font_run *run); /* blank columns before the first glyph's ink */

/* The run in white (colour fonts in their colours), owned by the caller; *above: its baseline's row. NULL: no memory. */
struct SDL_Surface *fonts_render(struct fonts *fonts, const struct font_run *run, int *above);
bool fonts_coloured(const struct fonts *fonts, int font);

#endif
