/* SPDX-License-Identifier: Apache-2.0
 * zxing-cpp as one reader of the ladder: QR codes only, their bytes as they are (ECI or not), nothing
 * remembered from frame to frame. A symbol that is part of a larger message (structured append) is passed
 * over. Nothing that C++ throws leaves it. For C and C++.
 */
#ifndef YINGBIN_SCAN_READ_ZXING_H
#define YINGBIN_SCAN_READ_ZXING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* corner: x and y of four corners, clockwise from the code's own top left. */
typedef void read_zxing_found(void *self, const uint8_t *bytes, size_t len, const int corner[8]);

/* Rows without padding. black_or_white: the pixels are 0 or 255 and of a good scale: neither a threshold nor another scale is
 * looked for. False: out of memory. */
bool read_zxing(const uint8_t *luma, int w, int h, bool black_or_white, read_zxing_found *found, void *self);

#ifdef __cplusplus
}
#endif

#endif
