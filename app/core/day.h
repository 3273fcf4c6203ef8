/* SPDX-License-Identifier: Apache-2.0
 * Local time of an event, from the spans its pack carries: no time zone files, no global state. Pure.
 * Calendar arithmetic: the proleptic Gregorian calendar, days counted from 1970-01-01.
 */
#ifndef YINGBIN_CORE_DAY_H
#define YINGBIN_CORE_DAY_H

#include "core/catalog.h"

struct civil {
  int year, month, day, hour, minute, second; /* month and day from 1 */
};

int32_t day_from_civil(int year, int month, int day);
struct civil civil_of(const struct zone *zone, int64_t wall_ms);       /* wall clock at the event */

/* UTC of a local time. One that a clock change skips counts as after it, one that comes twice is the first;
 * hours over 23 run into the next day. */
int64_t civil_to_ms(const struct zone *zone, const struct civil *civil);


/* The event's day at that moment: local days since 1970-01-01, counted from the day border. */
int32_t event_day(const struct event *event, int64_t wall_ms);

/* Seconds since the local midnight with which that event day began (86400 and more past midnight). */
int32_t event_second(const struct event *event, int64_t wall_ms);

/* UTC of the moment when the clock at the event shows `second` after the midnight of that event day. */
int64_t event_moment_ms(const struct event *event, int32_t day, int64_t second);

#endif
