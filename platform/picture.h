/* SPDX-License-Identifier: Apache-2.0
 * Picture files as grey frames: PNG (any depth and alpha, over white), JPEG, PGM (P5), told by their
 * first bytes, and Y4M streams by frame. Only for `yingbin scan`, the files: camera and tests; a
 * camera's MJPEG uses picture_jpeg. libpng and libjpeg-turbo, never inside the decoder process.
 */
#ifndef YINGBIN_PLATFORM_PICTURE_H
#define YINGBIN_PLATFORM_PICTURE_H

#include "base/problem.h"
#include "core/types.h"

struct picture { /* zero-initialised; the block grows and is kept between pictures */
  uint8_t *luma; /* owned; stride = w */
  size_t room;
  int32_t w, h;
};

bool picture_read(const char *file, struct picture *picture, struct problem *problem); /* sides up to 16384 */
bool picture_jpeg(const uint8_t *bytes, size_t len, struct picture *picture); /* false: damaged; the camera counts it */
void picture_free(struct picture *picture);

#endif
