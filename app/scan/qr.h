/* SPDX-License-Identifier: Apache-2.0
 * A QR symbol's modules in, its bytes out. Pure, no memory taken, any bytes in the grid are safe. Modules come with
 * their certainty, and all of it is used: for the format, for errors and erasures, and to search for the likeliest words.
 * What it gives is exact: bytes as the symbol carries them (kanji as Shift-JIS, Hanzi as GB 2312, ECI designators dropped).
 *
 * Never a wrong text. Each block's correction needs evidence (qr_block.h): 30.9 bits, as much as the standard keeps in its
 * weakest symbol. A symbol of one block needs 22 where modes, counts, characters, terminator and padding are right, too, for
 * that lets pass one of 2,700 chance words at most: together a wrong text in 3e9 grids drawn by lot. Padding other than the
 * standard's, which some generators write, is borne with 30.9.
 * Source: ISO/IEC 18004:2015, model 2, versions 1 to 40; GB/T 18284-2000.
 */
#ifndef YINGBIN_SCAN_QR_H
#define YINGBIN_SCAN_QR_H

#include "core/types.h"

enum { QR_SIDE_MIN = 21, QR_SIDE_MAX = 177, QR_ALIGNMENT_MAX = 7 };

enum { QR_DOUBLE = 11 }; /* so much more certainty doubles the odds that the module is right: 16 times the natural logarithm */

struct qr_grid {
  int32_t side; /* modules a side: 21, 25, ... 177 */
  /* Rows of `side`: > 0 dark, < 0 light, the further from 0 the surer; 0: nobody knows (counts as an erasure). */
  int8_t module[QR_SIDE_MAX * QR_SIDE_MAX];
};

struct qr_text {
  uint8_t bytes[PAYLOAD_MAX];
  uint16_t len;
};

enum qr_outcome {
  QR_READ,
  QR_ILLEGIBLE, /* neither copy of the format is near a valid one, or the side is none of a QR code */
  QR_DAMAGED,   /* more errors than can be corrected with certainty */
  QR_REFUSED,   /* a symbol of a larger message (structured append), empty, longer than a payload, or of no meaning */
};

/* Transposed grids (a code seen in a mirror) are tried, too. qr_glance leaves out the search for the likeliest words: a tenth
 * of a millisecond at most for a small symbol that is none, where qr_read may take two. */
enum qr_outcome qr_read(const struct qr_grid *grid, struct qr_text *text);
enum qr_outcome qr_glance(const struct qr_grid *grid, struct qr_text *text);

/* What stands where in every symbol of a side, for who fits a grid to a picture. */
enum qr_module {
  QR_LIGHT = -1, /* finder, separator, timing, alignment */
  QR_DATA = 0,
  QR_DARK = 1,
  QR_TOLD = 2, /* format or version information, and the one dark module beside it */
};

enum qr_module qr_fixed(int32_t side, int32_t x, int32_t y); /* QR_DATA where there is no such module */
void qr_fixed_all(int32_t side, int8_t *module);             /* side * side of them, in rows; nothing for a side that is none */

/* Alignment patterns have their centres at all pairs of these, but for the three pairs in the finder patterns. Returns how
 * many there are, ascending: 0 for version 1 and for a side that is none. */
int qr_alignment(int32_t side, uint8_t centre[QR_ALIGNMENT_MAX]);

#endif
