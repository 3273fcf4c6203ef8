/* SPDX-License-Identifier: Apache-2.0
 * The ladder: a grey frame in, payloads out. A step prepares the frame (prepare.h) and asks a reader;
 * the table of steps is in scan.c. Full effort takes all of them, and a text counts only where no step
 * reads another one at the same place. No threads, no clock, no I/O. Runs inside the sandboxed
 * yingbin-decoder on the kiosk, and directly in `yingbin scan`.
 */
#ifndef YINGBIN_SCAN_SCAN_H
#define YINGBIN_SCAN_SCAN_H

#include "core/types.h"

enum { SCAN_CODES_MAX = 8, SCAN_SIDE_MAX = 4096 };

struct scan_code {
  uint8_t bytes[PAYLOAD_MAX];
  uint16_t len;
  struct point where[4]; /* clockwise from the code's own top left */
  uint8_t step;          /* index for scan_step_name */
};

struct scan_result {
  int32_t count;
  uint32_t tried;                        /* bit i: step i ran */
  struct scan_code code[SCAN_CODES_MAX]; /* the largest and most central first */
};

enum scan_effort { SCAN_LIVE, SCAN_FULL };

struct scanner; /* owned; one thread */

struct scanner *scanner_open(void); /* NULL: no memory */
void scanner_close(struct scanner *scanner);

/* False: no code read. A frame that is too large or has no pixels reads as nothing. */
bool scanner_read(struct scanner *scanner, const struct frame *frame, enum scan_effort effort, struct scan_result *result);

const char *scan_step_name(int step); /* NULL behind the last */

#endif
