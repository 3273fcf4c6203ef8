/* SPDX-License-Identifier: Apache-2.0
 * Picture files as grey frames: PNG (any depth and alpha, over white), JPEG, PGM (P5), told by their
 * first bytes. Only for `yingbin scan`, the files: camera and tests; a camera's MJPEG uses
 * picture_jpeg. libpng and libjpeg-turbo, never inside the decoder process. Any thread.
 */
#ifndef YINGBIN_PLATFORM_PICTURE_H
#define YINGBIN_PLATFORM_PICTURE_H

#include "base/problem.h"
#include "core/types.h"

struct picture { /* zero-initialised; the block grows and is kept between pictures */
  uint8_t *luma; /* owned; stride = w */
  size_t room;
  int32_t w, h;
  bool deep, clear; /* as its file has it: 16 bits a sample; alpha, or a colour that stands for nothing */
};

enum { PICTURE_SIDE_MAX = 16384, PICTURE_PIXELS_MAX = 1 << 27 };

bool picture_read(const char *file, struct picture *picture, struct problem *problem);
bool picture_parse(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem); /* the same from memory */
bool picture_jpeg(const uint8_t *bytes, size_t len, struct picture *picture); /* false: damaged; the camera counts it */
bool picture_room(struct picture *picture, int64_t w, int64_t h); /* sets the size; false: beyond the limits, or no memory */
void picture_fit(struct picture *picture, int32_t side, int64_t pixels); /* halves it until it is no larger */
void picture_free(struct picture *picture);

#endif
