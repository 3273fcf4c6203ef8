/* SPDX-License-Identifier: Apache-2.0
 * From a camera's frame to what people see of themselves: small, grey, turned like a mirror, and without
 * codes, which are secrets. The picture is kept from when the frame is lent until its result tells where
 * codes are; only then it is painted over and may leave. No allocation. Watch thread.
 */
#ifndef YINGBIN_WATCH_MIRROR_H
#define YINGBIN_WATCH_MIRROR_H

#include "core/notice.h"
#include "scan/scan.h"

enum { MIRROR_EVERY_MS = 67, MIRROR_PAINT = 216 };

struct mirror_maker { /* zero-initialise */
  struct mirror mirror;
  int64_t due_ms;
  int32_t scale; /* pixels of the frame a pixel of the mirror, each way */
  bool kept;     /* a picture waits for its result */
};

/* Keeps a small copy of the frame, where it is time for one. */
void mirror_keep(struct mirror_maker *m, const struct frame *frame, struct moment at);

/* Paints over every place and every code of that frame's result. False: nothing was kept, nothing leaves. */
bool mirror_finish(struct mirror_maker *m, const struct scan_result *result);

/* The frame has no result, and never will. */
void mirror_drop(struct mirror_maker *m);

#endif
