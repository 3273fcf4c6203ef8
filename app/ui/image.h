/* SPDX-License-Identifier: Apache-2.0
 * A picture of the organizer's (logo, slide): PNG or JPEG, told by its first bytes, made smaller while it is
 * read, turned as its camera says. Any bytes may come: what is no picture, or too large, is a problem that
 * says what to do. libpng and libjpeg-turbo; any thread. Pixels are 0xAARRGGBB, alpha straight.
 */
#ifndef YINGBIN_UI_IMAGE_H
#define YINGBIN_UI_IMAGE_H

#include <stddef.h>

#include "base/problem.h"
#include "core/types.h"

enum { IMAGE_SIDE_MAX = 4096, IMAGE_BYTES_MAX = 8 << 20 };

struct image {
  char name[FILE_NAME_MAX]; /* in the pack */
  uint32_t id;              /* its own: what was drawn of it can be kept */
  int w, h;
  uint32_t *argb;    /* owned */
  bool opaque;       /* no pixel is clear */
  uint8_t lightness; /* mean of what isn't clear, 0 to 255: a dark logo needs a light card in the dark */
};

/* At most w x h pixels, in its own shape; never enlarged. */
bool image_read(const uint8_t *bytes, size_t len, int w, int h, struct image *out, struct problem *problem);
void image_free(struct image *image);

/* The same in another size: a part of the work of drawing it. NULL: no memory. Owned by the caller (free). */
uint32_t *image_scaled(const struct image *image, int w, int h);

/* The largest size of that shape within w x h, at least 1 x 1. */
void image_fit(int64_t from_w, int64_t from_h, int64_t w, int64_t h, int *to_w, int *to_h);

#endif
