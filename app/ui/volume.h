/* SPDX-License-Identifier: Apache-2.0
 * How loud: 0 (silent) to 10 in steps that sound even, by day and by night. Pure; any thread.
 */
#ifndef YINGBIN_UI_VOLUME_H
#define YINGBIN_UI_VOLUME_H

#include "base/problem.h"
#include "core/catalog.h"

enum { VOLUME_MOST = 10, VOLUME_SAME = -1 };

struct volume {
  int day, night;       /* night: VOLUME_SAME as by day */
  int from_min, to_min; /* the night, in minutes after local midnight; it may go over midnight */
};

/* "3 22:00-07:30", or nothing: the same all day. */
bool volume_read_night(const char *text, struct volume *out, struct problem *problem);

/* Which of the two counts now. Where no clock is known it is day: better heard than not. */
int volume_at(const struct volume *volume, const struct zone *zone, struct moment now);
float volume_gain(int volume); /* 0..1 */

#endif
