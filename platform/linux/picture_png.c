/* SPDX-License-Identifier: Apache-2.0 */
#include <png.h>

#include "platform/linux/picture_formats.h"

bool picture_is_png(const uint8_t *bytes, size_t len) { return len >= 8 && !png_sig_cmp(bytes, 0, 8); }

/* libpng's own simplified reader: any depth, palette, interlace, gamma; alpha is laid over white. */
bool picture_parse_png(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem) {
  static const png_color white = {255, 255, 255};
  png_image image = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_memory(&image, bytes, len)) return picture_damaged("PNG", image.message, problem);
  if (!picture_room(picture, image.width, image.height)) {
    picture_too_large(image.width, image.height, problem);
    png_image_free(&image);
    return false;
  }
  picture->deep = image.format & PNG_FORMAT_FLAG_LINEAR;
  picture->clear = image.format & PNG_FORMAT_FLAG_ALPHA;
  image.format = PNG_FORMAT_GRAY;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB; /* 16 bits without a gamma are taken for linear otherwise: too light */
  if (png_image_finish_read(&image, &white, picture->luma, picture->w, NULL)) return true;
  picture_damaged("PNG", image.message, problem);
  png_image_free(&image);
  return false;
}
