/* SPDX-License-Identifier: Apache-2.0
 * zbar as one reader of the ladder: QR codes only, their bytes as they are, nothing remembered from
 * frame to frame. One thread. A symbol that is part of a larger message (structured append) and one
 * with more bytes than a payload holds are passed over. A code that declares its charset (ECI) comes
 * as UTF-8, whoever made it; all others as the very bytes that they carry.
 */
#ifndef YINGBIN_SCAN_READ_ZBAR_H
#define YINGBIN_SCAN_READ_ZBAR_H

#include "scan/scan.h"

struct read_zbar; /* owned */

struct read_zbar *read_zbar_open(void); /* NULL: no memory */
void read_zbar_close(struct read_zbar *reader);

/* Appends what it reads to the result, marked with the step, unless it is there. The frame's stride is its width. False:
 * nothing was read. */
bool read_zbar(struct read_zbar *reader, const struct frame *frame, int step, struct scan_result *result);

#endif
