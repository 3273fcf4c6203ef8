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
  atomic_llong mono_ms;      /* tick_stream: the last frame's */
  int64_t wall_less_mono_ms; /* tick_stream, tick_shifted: the wall clock goes with the other one, this far ahead */
  bool wall_ok;
};

/* CLOCK_BOOTTIME and CLOCK_REALTIME; wall_ok where the kernel says that the clock is disciplined
 * (adjtimex: not STA_UNSYNC), or `trust` says so (a desk PC, `clock = trust`). */
void tick_system(struct tick *t, bool trust);

/* A stream's time, from the start given; moved by tick_set, never back. */
void tick_stream(struct tick *t, struct moment start);
void tick_set(struct tick *t, int64_t mono_ms); /* wall moves along */

/* The machine's pace with another date: wall_ms now and on from there, trusted. For a recorded queue
 * that is shown again in its own time on another day. */
void tick_shifted(struct tick *t, int64_t wall_ms);

static inline struct moment tick_now(struct tick *t) { return t->now(t); }

#endif
