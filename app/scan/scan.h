/* SPDX-License-Identifier: Apache-2.0
 * A grey frame in, payloads out. The finder says where codes can be, the steps of the ladder (ladder.h)
 * read them. Full effort: all steps, everywhere. Live effort: of a camera's frames, each gets what a
 * budget of work allows, and the next frames go on where it ended (turns.h). A text counts only where no
 * step reads another one at the same place. No threads, no clock, no I/O: the same frames give the same
 * texts. Runs inside the sandboxed yingbin-decoder on the kiosk, and directly in `yingbin scan`.
 */
#ifndef YINGBIN_SCAN_SCAN_H
#define YINGBIN_SCAN_SCAN_H

#include "core/types.h"

enum { SCAN_CODES_MAX = 16, SCAN_SIDE_MAX = 4096, SCAN_PLACES_MAX = 4 };

struct scan_code {
  uint8_t bytes[PAYLOAD_MAX];
  uint16_t len;
  struct point where[4]; /* clockwise from the code's own top left */
  uint8_t step;          /* index for scan_step_name */
};

struct scan_place {       /* what the screen draws a line round, and paints over in the mirror: read or not */
  struct point corner[4]; /* clockwise */
  bool sure;              /* its three squares are seen, or it was read; else only its texture is a code's */
};

struct scan_result {
  int32_t count;
  uint32_t tried;                        /* bit i: step i ran */
  struct scan_code code[SCAN_CODES_MAX]; /* the largest and most central first */
  int32_t places;
  struct scan_place place[SCAN_PLACES_MAX]; /* the likeliest first */
};

enum scan_effort { SCAN_LIVE, SCAN_FULL };

struct scanner; /* owned; one thread */

struct scanner *scanner_open(void); /* NULL: no memory */
void scanner_close(struct scanner *scanner);

/* Forgets what live effort keeps from frame to frame: the next frame is of another camera. */
void scanner_forget(struct scanner *scanner);

/* False: no code read. A frame that is too large or has no pixels reads as nothing. */
bool scanner_read(struct scanner *scanner, const struct frame *frame, enum scan_effort effort, struct scan_result *result);

const char *scan_step_name(int step); /* NULL behind the last */

#endif
