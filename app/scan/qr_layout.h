/* SPDX-License-Identifier: Apache-2.0
 * Where everything stands in a QR symbol: fixed patterns, format and version information, the masks, and the way
 * that codewords take through the modules. Pure; sides are 21, 25, ... 177.
 * Source: ISO/IEC 18004:2015, 6.3, 7.7 to 7.10, annexes C to E.
 */
#ifndef YINGBIN_SCAN_QR_LAYOUT_H
#define YINGBIN_SCAN_QR_LAYOUT_H

#include "scan/qr.h"

enum {
  QR_FORMAT_BITS = 15,
  QR_FORMATS = 32,
  QR_VERSION_BITS = 18,
  QR_CODEWORDS_MAX = 3706, /* of version 40 */
  QR_MASK_PERIOD = 12,     /* all masks repeat after as many rows and columns */
};

/* A grid as it is or transposed (seen in a mirror): module (x, y) is at[x * right + y * down]. */
struct qr_view {
  const int8_t *at; /* borrowed */
  int32_t side, right, down;
};

/* 0: that is no side of a QR code. */
int qr_version(int32_t side);

/* The modules that bit `bit` of the format (0: the lowest) stands in: two, `at` of each is x, y. */
void qr_format_place(int32_t side, int bit, uint8_t at[2][2]);
uint16_t qr_format_word(int format); /* level << 3 | mask */

void qr_version_place(int32_t side, int bit, uint8_t at[2][2]);
uint32_t qr_version_word(int version);

/* row[y % 12] >> x % 12 & 1: the mask turns this module round. */
void qr_mask(int mask, uint16_t row[QR_MASK_PERIOD]);

/* All data modules, unmasked, in the order of the codewords' bits; negative: a 0. Returns the number of whole codewords. */
int qr_unmasked(const struct qr_view *view, int mask, int8_t bit[QR_CODEWORDS_MAX * 8]);

#endif
