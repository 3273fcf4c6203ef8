/* SPDX-License-Identifier: Apache-2.0
 * What a frame is made into before a reader sees it: pure functions on grey pixels in rows without
 * padding, some additions a pixel each, whatever the radius. `from` and `to` may not overlap.
 */
#ifndef YINGBIN_SCAN_PREPARE_H
#define YINGBIN_SCAN_PREPARE_H

#include <stdint.h>

enum { PREPARE_SUMS = 8192 }; /* the widest frame at twice its size */

/* Black where a pixel is darker than the mean of the square of 2 * radius + 1 pixels round it, as far as
 * that lies in the frame; white elsewhere. inverted: the other way round. sums: one for each column. */
void prepare_threshold(const uint8_t *from, int32_t w, int32_t h, int32_t radius, uint8_t inverted, uint32_t *sums,
                       uint8_t *to);

/* 1 2 1 down and across: takes the noise of a dim frame, which would else be thresholded into grain. */
void prepare_blur(const uint8_t *from, int32_t w, int32_t h, uint32_t *sums, uint8_t *to);

/* The box's pixels, its rows without padding. It lies in the frame. */
void prepare_crop(const uint8_t *from, int32_t stride, int32_t x, int32_t y, int32_t w, int32_t h, uint8_t *to);

/* To twice the size: each new pixel is 9/16, 3/16, 3/16, 1/16 of the four nearest. `to` has 2 w by 2 h. */
void prepare_double(const uint8_t *from, int32_t w, int32_t h, uint8_t *to);

/* To half the size: the mean of four. `to` has w / 2 by h / 2; it may be `from`. */
void prepare_halve(const uint8_t *from, int32_t w, int32_t h, uint8_t *to);

#endif
