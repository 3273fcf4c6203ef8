/* SPDX-License-Identifier: Apache-2.0
 * The machine's clocks in milliseconds, for the hub's threads. What the hub says of the time is `at_ms` of a request.
 */
#ifndef YINGBIN_TOOLS_HUB_CLOCK_H
#define YINGBIN_TOOLS_HUB_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(clockid_t which) {
  struct timespec t;
  clock_gettime(which, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
