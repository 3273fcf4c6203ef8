/* SPDX-License-Identifier: Apache-2.0
 * What image.c and the readers of its two formats share: a picture in the making.
 */
#ifndef YINGBIN_UI_IMAGE_INNER_H
#define YINGBIN_UI_IMAGE_INNER_H

#include "ui/image.h"
#include "ui/shrink.h"

struct image_read {
  const uint8_t *bytes; /* borrowed */
  size_t len;
  int most_w, most_h; /* as asked for, before it is turned */
  int w, h;           /* of the file, 0: not known */
  bool turned;        /* stands on its side: width and height are exchanged when it is drawn */
  int orientation;    /* 1 to 8, as Exif has it */
  struct image *out;  /* w, h and argb */
  struct shrink shrink;
  bool shrinking;
  const char *why; /* what its library says; borrowed */
  char reason[256];
};

/* Called by a reader when it knows the size: false: too large, or no memory. */
bool image_begin(struct image_read *r, int w, int h);

bool image_png(struct image_read *r);
bool image_jpeg(struct image_read *r);

#endif
