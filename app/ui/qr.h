/* SPDX-License-Identifier: Apache-2.0
 * A QR symbol to show: made by libqrencode, as a flat value.
 */
#ifndef YINGBIN_UI_QR_H
#define YINGBIN_UI_QR_H

#include <stdbool.h>
#include <stdint.h>

enum { QR_WIDTH_MAX = 177, QR_QUIET = 4 /* modules of white all round */ };

struct qr {
  int width;                                /* modules a side */
  uint8_t dark[QR_WIDTH_MAX][QR_WIDTH_MAX]; /* [row][column] */
};

bool qr_make(const char *text, struct qr *out); /* false: empty, or too long for a symbol */

#endif
