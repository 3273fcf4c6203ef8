/* SPDX-License-Identifier: Apache-2.0
 * A time zone's offsets round an event's days, from this machine's zone files (RFC 9636) by way of the
 * C library: sets TZ for a moment, so one thread only.
 */
#ifndef YINGBIN_TOOLS_ZONE_H
#define YINGBIN_TOOLS_ZONE_H

#include "base/problem.h"
#include "core/catalog.h"

/* from_s, to_s: the days that must be right, UTC; a margin of weeks is added. */
bool zone_read(const char *name, int64_t from_s, int64_t to_s, struct zone *out, struct problem *problem);

#endif
