/* SPDX-License-Identifier: Apache-2.0
 * The formats behind picture.h, one function each: a whole file's bytes in, the picture or the
 * reason why not out. The picture's size is set, its limits kept, before pixels are read.
 */
#ifndef YINGBIN_PLATFORM_LINUX_PICTURE_FORMATS_H
#define YINGBIN_PLATFORM_LINUX_PICTURE_FORMATS_H

#include "platform/picture.h"

bool picture_is_png(const uint8_t *bytes, size_t len);
bool picture_is_jpeg(const uint8_t *bytes, size_t len);
bool picture_is_pgm(const uint8_t *bytes, size_t len);

bool picture_parse_png(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem);
bool picture_parse_jpeg(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem);
bool picture_parse_pgm(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem);

bool picture_too_large(int64_t w, int64_t h, struct problem *problem);                 /* always returns false */
bool picture_damaged(const char *format, const char *reason, struct problem *problem); /* always returns false */

#endif
