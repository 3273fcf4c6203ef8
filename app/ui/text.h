/* SPDX-License-Identifier: Apache-2.0
 * A text laid out in a width: graphemes, one font each, direction, line breaks, and the largest size
 * that fits. A name is never cut: its size falls until all of it is there. Other texts may be told to
 * lose their middle. Layouts are kept, so that drawing the same view again measures nothing. Ui thread.
 * Graphemes and line breaks: UAX #29 and #14 by libunistring; direction: UAX #9 by FriBidi.
 */
#ifndef YINGBIN_UI_TEXT_H
#define YINGBIN_UI_TEXT_H

#include "ui/fonts.h"

enum { TEXT_LINES_MAX = 8, TEXT_RUNS_MAX = 96, TEXT_BYTES_MAX = 1024 };

struct text_ask {
  const char *text; /* UTF-8; U+200B marks where a line breaks best */
  enum weight weight;
  int most, least;   /* font size in pixels; falls from most to least, and lower where nothing may be lost */
  int width, height; /* to fit in; height 0: any */
  int lines;         /* at most; up to 3 are balanced, more are filled */
  bool shorten;      /* at `least` the middle may be left out */
};

struct text_run {
  int16_t font, x, w; /* x from the layout's left */
  bool rtl;
  uint16_t at; /* its text, with NUL, in bytes[] */
};

struct text_line {
  int16_t run, runs;       /* in visual order */
  int16_t w, above, below; /* of the ink round the baseline */
  int16_t baseline;        /* from the layout's top */
};

struct text_layout {
  int size, w, h, lines;
  enum weight weight;
  bool cut;  /* its middle was left out */
  bool tofu; /* no font has all of it */
  int runs;
  struct text_line line[TEXT_LINES_MAX];
  struct text_run run[TEXT_RUNS_MAX];
  char bytes[TEXT_BYTES_MAX];
};

struct texts; /* owned: the kept layouts */

struct texts *texts_open(struct fonts *fonts); /* fonts borrowed */
void texts_close(struct texts *texts);
void texts_forget(struct texts *texts); /* wipes the kept layouts: they hold names */
struct fonts *texts_fonts(struct texts *texts);

/* Borrowed until 32 other layouts were asked for: draw it at once. An empty text has no lines. */
const struct text_layout *text_layout(struct texts *texts, const struct text_ask *ask);

#endif
