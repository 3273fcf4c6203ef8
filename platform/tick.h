/* SPDX-License-Identifier: Apache-2.0
 * The clock, as a seam: the machine's own, or a stream's (a recorded queue played as fast as it goes,
 * where a frame's time is the time). Any thread.
 */
#ifndef YINGBIN_PLATFORM_TICK_H
#define YINGBIN_PLATFORM_TICK_H

#include <stdatomic.h>

#include "base/moment.h"

struct tick {
  struct moment (*now)(struct tick *t);
  atomic_llong mono_ms;           /* tick_stream: the last frame's */
  atomic_llong told_less_mono_ms; /* what an operator said, as the wall clock's lead on the other one; TICK_NOT_TOLD: nothing */
  int64_t wall_less_mono_ms;      /* tick_stream, tick_shifted: the wall clock goes with the other one, this far ahead */
  bool wall_ok;
};

/* CLOCK_BOOTTIME and CLOCK_REALTIME; wall_ok where the kernel says that the clock is disciplined
 * (adjtimex: not STA_UNSYNC), or `trust` says so (a desk PC, `clock = trust`). */
void tick_system(struct tick *t, bool trust);

/* A stream's time, from the start given; moved by tick_set, never back. */
void tick_stream(struct tick *t, struct moment start);
void tick_set(struct tick *t, int64_t mono_ms); /* wall moves along */

/* The machine's pace with another date: wall_ms now and on from there, trusted or not. For a recorded queue
 * that is shown again in its own time on another day, and for rehearsing a clock that is wrong. */
void tick_shifted(struct tick *t, int64_t wall_ms, bool wall_ok);

#define TICK_NOT_TOLD INT64_MIN

/* What the operator says it is now, from then on trusted; 0: takes that back. False: the kernel's clock is disciplined, and
 * goes before what anybody says, from the moment on when it is. */
bool tick_tell(struct tick *t, int64_t wall_ms);
bool tick_is_told(struct tick *t); /* the time now is the operator's */

struct moment tick_now(struct tick *t);

#endif
