/* SPDX-License-Identifier: Apache-2.0
 * How crowded a picture is with finder patterns. zbar and zxing-cpp try every three of them that they see: a few dozen in one
 * picture, which a hostile one has easily, keep them busy for seconds. So a step counts first, and leaves a crowd to its
 * places' own, smaller pictures. Pure.
 */
#ifndef YINGBIN_SCAN_CROWD_H
#define YINGBIN_SCAN_CROWD_H

#include <stdint.h>

/* Places that could be a finder pattern's middle, dark on light, in rows of w pixels without padding; below 128 is dark.
 * Stops counting at `most`. */
int crowd_count(const uint8_t *luma, int32_t w, int32_t h, int most);

#endif
