/* SPDX-License-Identifier: Apache-2.0 */
#include "core/day.h"

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* The year is taken to begin in March, so that the leap day is its last. */
int32_t day_from_civil(int year, int month, int day) {
  int64_t y = month > 2 ? year : (int64_t)year - 1;
  int64_t century_cycle = floor_div(y, 400), of_cycle = y - century_cycle * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int64_t of_era = of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year;
  return (int32_t)(century_cycle * 146097 + of_era - 719468); /* 0000-03-01 is 719468 days before 1970-01-01 */
}

static void civil_from_day(int64_t days, struct civil *out) {
  int64_t shifted = days + 719468, cycle = floor_div(shifted, 146097), of_era = shifted - cycle * 146097;
  int64_t of_cycle = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * of_cycle + of_cycle / 4 - of_cycle / 100);
  int64_t march = (5 * of_year + 2) / 153;
  out->day = (int)(of_year - (153 * march + 2) / 5 + 1);
  out->month = (int)(march < 10 ? march + 3 : march - 9);
  out->year = (int)(cycle * 400 + of_cycle + (out->month <= 2));
}

static int32_t offset_at(const struct zone *zone, int64_t utc_s) {
  int i = zone->spans - 1;
  while (i > 0 && utc_s < zone->since_s[i]) i--;
  return i < 0 ? 0 : zone->offset_s[i];
}

static int64_t local_s(const struct zone *zone, int64_t wall_ms) {
  int64_t utc = floor_div(wall_ms, 1000);
  return utc + offset_at(zone, utc);
}

/* A local time that comes twice is the first one; one that never comes counts with the offset before it. */
static int64_t utc_of_local(const struct zone *zone, int64_t local) {
  int64_t utc = zone->spans > 0 ? local - zone->offset_s[0] : local;
  for (int i = 1; i < zone->spans && utc >= zone->since_s[i]; i++) {
    int64_t later = local - zone->offset_s[i];
    if (later < zone->since_s[i]) break;
    utc = later;
  }
  return utc;
}

struct civil civil_of(const struct zone *zone, int64_t wall_ms) {
  int64_t local = local_s(zone, wall_ms), days = floor_div(local, 86400);
  int rest = (int)(local - days * 86400);
  struct civil civil = {.hour = rest / 3600, .minute = rest / 60 % 60, .second = rest % 60};
  civil_from_day(days, &civil);
  return civil;
}

int64_t civil_to_ms(const struct zone *zone, const struct civil *civil) {
  int64_t local = (int64_t)day_from_civil(civil->year, civil->month, civil->day) * 86400 + civil->hour * 3600 +
                  civil->minute * 60 + civil->second;
  return utc_of_local(zone, local) * 1000;
}

int64_t event_moment_ms(const struct event *event, int32_t day, int64_t second) {
  return utc_of_local(&event->zone, (int64_t)day * 86400 + second) * 1000;
}

int32_t event_day(const struct event *event, int64_t wall_ms) {
  int32_t day = (int32_t)floor_div(local_s(&event->zone, wall_ms) - event->day_border_s, 86400);
  /* A border within the hour of a clock change is passed twice or never: a day begins when it is first passed. */
  if (wall_ms < event_moment_ms(event, day, event->day_border_s)) return day - 1;
  if (wall_ms >= event_moment_ms(event, day + 1, event->day_border_s)) return day + 1;
  return day;
}

int32_t event_second(const struct event *event, int64_t wall_ms) {
  return (int32_t)(local_s(&event->zone, wall_ms) - (int64_t)event_day(event, wall_ms) * 86400);
}
