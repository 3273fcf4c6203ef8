/* SPDX-License-Identifier: Apache-2.0
 * A text taken apart for text.c: units (graphemes) with their font, direction and whether a line may
 * end behind them. Private to the layout.
 */
#ifndef YINGBIN_UI_TEXT_UNITS_H
#define YINGBIN_UI_TEXT_UNITS_H

#include "ui/text.h"

enum { UNITS_MAX = 640, CLEAN_MAX = 768 };

enum ending {
  ENDING_NEVER,
  ENDING_FORCED,
  ENDING_ALLOWED,
  ENDING_GOOD
}; /* of a line behind this unit; forced: inside a word */

struct unit {
  uint16_t at, len; /* in clean[] */
  uint8_t font, level, ending;
  bool blank; /* a space: left out at a line's end */
};

struct units {
  int count;
  bool tofu;
  struct unit unit[UNITS_MAX];
  char clean[CLEAN_MAX]; /* controls left out, any kind of line break a space */
};

void units_of(const struct fonts *fonts, const char *text, struct units *out);

#endif
