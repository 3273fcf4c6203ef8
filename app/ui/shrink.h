/* SPDX-License-Identifier: Apache-2.0
 * A picture made smaller, row by row: each pixel of the result is the mean of the area that it covers, so
 * that thin lines stay and nothing glitters; only one row is kept. Straight alpha goes in and comes out; in
 * between it weighs the colours, so that what is clear has none. Pure integers: the same on every machine.
 */
#ifndef YINGBIN_UI_SHRINK_H
#define YINGBIN_UI_SHRINK_H

#include <stdbool.h>
#include <stdint.h>

enum { SHRINK_SIDE_MAX = 4096 }; /* of either side, before and after: sums stay within 32 bits */

struct shrink {
  int w, h, to_w, to_h; /* to: 1 to w, 1 to h */
  int row, to_row;      /* taken, given */
  uint32_t *across, *sum;
  uint32_t *out; /* borrowed: to_w x to_h pixels, 0xAARRGGBB */
};

bool shrink_init(struct shrink *s, int w, int h, int to_w, int to_h, uint32_t *out); /* false: no memory */
void shrink_fini(struct shrink *s);

/* The next of h rows: w pixels of red, green, blue, alpha. */
void shrink_row(struct shrink *s, const uint8_t *rgba);

#endif
