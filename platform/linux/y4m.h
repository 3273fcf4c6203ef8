/* SPDX-License-Identifier: Apache-2.0
 * The header line of a YUV4MPEG2 stream (Y4M, as mjpegtools' yuv4mpeg(5) and ffmpeg write it): pure.
 * Only what a grey frame needs is kept; 8 bits a sample only.
 */
#ifndef YINGBIN_PLATFORM_LINUX_Y4M_H
#define YINGBIN_PLATFORM_LINUX_Y4M_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

enum { Y4M_LINE_MAX = 1024 };

struct y4m {
  int32_t w, h;
  int32_t fps_num, fps_den; /* 30/1 where the stream doesn't say; 1/60 to 1000/1 */
  size_t luma, chroma;      /* bytes of a frame */
};

/* The line without its newline. False: it is none, or one that can't be shown; says why. */
bool y4m_header(const char *line, size_t len, struct y4m *y4m, struct problem *problem);

/* "FRAME", with or without parameters; without its newline. */
bool y4m_frame(const char *line, size_t len);

/* Size and rate of frames without a header: all planes 4:2:0. */
bool y4m_raw(long w, long h, long fps_num, long fps_den, struct y4m *y4m, struct problem *problem);

#endif
