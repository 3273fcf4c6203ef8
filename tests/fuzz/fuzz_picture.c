/* SPDX-License-Identifier: Apache-2.0
 * Any bytes are a picture of a size within the limits, all of it there, or a problem in both languages.
 */
#include <assert.h>

#include "base/utf8.h"
#include "platform/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct picture picture; /* kept between pictures, as its users keep it */
  struct problem problem = {.en = ""};
  if (!picture_parse(data, size, &picture, &problem)) {
    assert(*problem.zh && *problem.en);
    return 0;
  }
  assert(picture.w > 0 && picture.h > 0 && picture.w <= PICTURE_SIDE_MAX && picture.h <= PICTURE_SIDE_MAX);
  assert((size_t)picture.w * (size_t)picture.h <= picture.room);
  volatile uint8_t last = picture.luma[(size_t)picture.w * (size_t)picture.h - 1];
  (void)last;
  picture_fit(&picture, 7, 40);
  assert(picture.w > 0 && picture.h > 0 && picture.w <= 7 && picture.h <= 7);
  return 0;
}
