/* SPDX-License-Identifier: Apache-2.0
 * How long to wait before the next try: twice as long after each failure, one minute at most, and not in step with the other
 * kiosks that lost the same network. Pure.
 */
#ifndef YINGBIN_CORE_BACKOFF_H
#define YINGBIN_CORE_BACKOFF_H

#include <stdint.h>

enum { BACKOFF_FIRST_MS = 1000, BACKOFF_MOST_MS = 60 * 1000 };

struct backoff {
  uint64_t seed; /* any, another one on each kiosk */
  int32_t failures;
};

/* One more failure: the wait in ms, between half and the whole of its length. */
int64_t backoff_next(struct backoff *b);
void backoff_reset(struct backoff *b);

#endif
