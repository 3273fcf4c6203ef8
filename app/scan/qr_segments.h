/* SPDX-License-Identifier: Apache-2.0
 * A symbol's data codewords in, the bytes that they mean out. Strict: a mode that is none, a digit group over 999 or
 * an impossible character makes the symbol one of no meaning. Pure.
 * Source: ISO/IEC 18004:2015, 7.4 (segments), 7.4.9 and 7.4.10 (terminator, padding); GB/T 18284-2000 for Hanzi mode.
 */
#ifndef YINGBIN_SCAN_QR_SEGMENTS_H
#define YINGBIN_SCAN_QR_SEGMENTS_H

#include "scan/qr.h"

enum qr_meaning {
  QR_MEANS,        /* a text, and behind it all is as the standard wants it */
  QR_MEANS_SLOPPY, /* a text, but not the padding that the standard wants: some generators write their own */
  QR_MEANS_PART,   /* structured append */
  QR_MEANS_LONG,   /* more than a payload holds */
  QR_MEANS_NOTHING /* or an empty text */
};

enum qr_meaning qr_segments(const uint8_t *codeword, int count, int version, struct qr_text *text);

#endif
