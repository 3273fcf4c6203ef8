/* SPDX-License-Identifier: Apache-2.0
 * A moment: what the clocks said together. A Pi has no battery clock, so the wall clock carries its
 * own doubt. Below kiosk.c nobody reads a clock; a moment is handed down.
 */
#ifndef YINGBIN_BASE_MOMENT_H
#define YINGBIN_BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

struct moment {
  int64_t mono_ms; /* CLOCK_BOOTTIME */
  int64_t wall_ms; /* UTC since 1970 */
  bool wall_ok;    /* false: no evidence yet that wall_ms is right; then no time rule refuses */
};

#endif
