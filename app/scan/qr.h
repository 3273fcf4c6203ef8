/* SPDX-License-Identifier: Apache-2.0
 * A QR symbol's modules in, its bytes out: format, masks, blocks, Reed-Solomon with errors and erasures,
 * segments. Pure, no memory taken, any bytes in the grid are safe. What it gives is exact: bytes as the
 * symbol carries them, and only where the error correction holds with the margin that the standard keeps
 * against misreading, and where everything that can be checked after it (mode, lengths, padding) is right.
 * Source: ISO/IEC 18004:2015, model 2, versions 1 to 40.
 */
#ifndef YINGBIN_SCAN_QR_H
#define YINGBIN_SCAN_QR_H

#include "core/types.h"

enum { QR_SIDE_MIN = 21, QR_SIDE_MAX = 177 };

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
  QR_REFUSED,   /* a symbol of a larger message (structured append), longer than a payload, or of no meaning */
};

/* Transposed grids (a code seen in a mirror) are tried, too. */
enum qr_outcome qr_read(const struct qr_grid *grid, struct qr_text *text);

#endif
