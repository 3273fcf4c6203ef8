/* SPDX-License-Identifier: Apache-2.0
 * Any bytes are a picture of at most the size asked for, all of whose pixels are there, or a problem in both
 * languages.
 */
#include <assert.h>
#include <stdlib.h>

#include "ui/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct image image;
  struct problem problem = {.en = ""};
  if (!image_read(data, size, 50, 40, &image, &problem)) {
    assert(*problem.zh && *problem.en && image.argb == NULL);
    return 0;
  }
  assert(image.w > 0 && image.h > 0 && image.w <= 50 && image.h <= 40);
  uint32_t *scaled = image_scaled(&image, 7, 60);
  volatile uint32_t last = scaled[7 * 60 - 1] + image.argb[image.w * image.h - 1];
  (void)last;
  free(scaled);
  image_free(&image);
  return 0;
}
