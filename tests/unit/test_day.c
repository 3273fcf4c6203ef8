/* SPDX-License-Identifier: Apache-2.0
 * Local time and event days, across the changes of the clock and the border of the day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/day.h"

enum { HOUR = 3600, BORDER = 4 * HOUR };

static const struct zone shanghai = {.name = "Asia/Shanghai", .spans = 1, .offset_s = {8 * HOUR}};

/* 2023: forward on 26 March at 01:00 UTC, back on 29 October at 01:00 UTC */
static const struct zone berlin = {
    .name = "Europe/Berlin", .spans = 3, .since_s = {0, 1679792400, 1698541200}, .offset_s = {1 * HOUR, 2 * HOUR, 1 * HOUR}};

static struct event at(const struct zone *zone, int32_t border) {
  struct event event = {.day_border_s = border};
  event.zone = *zone;
  return event;
}

static int64_t utc(int year, int month, int day, int hour, int minute) {
  return ((int64_t)day_from_civil(year, month, day) * 86400 + hour * HOUR + minute * 60) * 1000;
}

static void calendar(void **state) {
  (void)state;
  static const struct {
    int year, month, day, days;
  } known[] = {{1970, 1, 1, 0},       {1969, 12, 31, -1},  {1970, 3, 1, 59},       {2000, 2, 29, 11016}, {2000, 3, 1, 11017},
               {2023, 10, 21, 19651}, {2100, 3, 1, 47541}, {1600, 2, 29, -135081}, {1, 1, 1, -719162}};
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
    assert_int_equal(day_from_civil(known[i].year, known[i].month, known[i].day), known[i].days);
}

/* Counts the calendar day by day, by the rule that everyone knows, and compares. */
static void every_day(void **state) {
  (void)state;
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const struct zone none = {.spans = 0};
  int year = 1899, month = 1, day = 1;
  for (int32_t days = day_from_civil(1899, 1, 1); year < 2201; days++) {
    assert_int_equal(day_from_civil(year, month, day), days);
    struct civil civil = civil_of(&none, (int64_t)days * 86400000);
    assert_true(civil.year == year && civil.month == month && civil.day == day && civil.hour == 0);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day++ < lengths[month - 1] + (month == 2 && leap)) continue;
    day = 1;
    if (month++ < 12) continue;
    month = 1;
    year++;
  }
}

static void there_and_back(void **state) {
  (void)state;
  for (int64_t ms = utc(2023, 1, 1, 0, 0); ms < utc(2024, 1, 1, 0, 0); ms += 15 * 60 * 1000) {
    struct civil civil = civil_of(&shanghai, ms);
    assert_int_equal(civil_to_ms(&shanghai, &civil), ms);
    civil = civil_of(&berlin, ms);
    bool second_time = ms >= utc(2023, 10, 29, 1, 0) && ms < utc(2023, 10, 29, 2, 0);
    assert_int_equal(civil_to_ms(&berlin, &civil), second_time ? ms - HOUR * 1000 : ms);
  }
}

static void clock_changes(void **state) {
  (void)state;
  struct civil skipped = {2023, 3, 26, 2, 30, 0}, twice = {2023, 10, 29, 2, 30, 0};
  assert_int_equal(civil_to_ms(&berlin, &skipped), utc(2023, 3, 26, 1, 30)); /* 03:30 on the new clock */
  assert_int_equal(civil_to_ms(&berlin, &twice), utc(2023, 10, 29, 0, 30));  /* the first of the two */
  struct civil overflow = {2023, 10, 21, 26, 0, 0}, next = {2023, 10, 22, 2, 0, 0};
  assert_int_equal(civil_to_ms(&shanghai, &overflow), civil_to_ms(&shanghai, &next));
}

static void before_1970(void **state) {
  (void)state;
  struct civil civil = civil_of(&shanghai, -8 * HOUR * 1000 - 1);
  assert_true(civil.year == 1969 && civil.month == 12 && civil.day == 31 && civil.hour == 23 && civil.second == 59);
}

static void border(void **state) {
  (void)state;
  static const struct {
    int day, hour, minute; /* in Shanghai */
    int32_t event_day, second;
  } rows[] = {
      {21, 3, 59, 20, 27 * HOUR + 59 * 60},
      {21, 4, 0, 21, 4 * HOUR},
      {21, 12, 0, 21, 12 * HOUR},
      {21, 23, 59, 21, 23 * HOUR + 59 * 60},
      {22, 0, 0, 21, 24 * HOUR},
      {22, 3, 59, 21, 27 * HOUR + 59 * 60},
      {22, 4, 0, 22, 4 * HOUR},
  };
  struct event event = at(&shanghai, BORDER);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    int64_t ms = utc(2023, 10, rows[i].day, rows[i].hour, rows[i].minute) - 8 * HOUR * 1000;
    assert_int_equal(event_day(&event, ms), day_from_civil(2023, 10, rows[i].event_day));
    assert_int_equal(event_second(&event, ms), rows[i].second);
    assert_int_equal(event_moment_ms(&event, event_day(&event, ms), event_second(&event, ms)), ms);
  }
  int64_t last = utc(2023, 10, 20, 20, 0) - 1; /* 03:59:59.999 */
  assert_int_equal(event_day(&event, last), day_from_civil(2023, 10, 20));
}

/* The hours of a daily station are what the clock on the wall shows, on the day of a change, too. */
static void hours_on_a_day_of_change(void **state) {
  (void)state;
  struct event event = at(&berlin, BORDER);
  int32_t spring = day_from_civil(2023, 3, 26), autumn = day_from_civil(2023, 10, 29);
  assert_int_equal(event_moment_ms(&event, spring - 1, 9 * HOUR), utc(2023, 3, 25, 8, 0));
  assert_int_equal(event_moment_ms(&event, spring, 9 * HOUR), utc(2023, 3, 26, 7, 0));
  assert_int_equal(event_moment_ms(&event, autumn, 9 * HOUR), utc(2023, 10, 29, 8, 0));
  assert_int_equal(event_second(&event, utc(2023, 3, 26, 7, 0)), 9 * HOUR);
  assert_int_equal(event_second(&event, utc(2023, 10, 29, 8, 0)), 9 * HOUR);
  assert_int_equal(event_day(&event, utc(2023, 3, 26, 1, 59)), spring - 1); /* 03:59 */
  assert_int_equal(event_day(&event, utc(2023, 3, 26, 2, 0)), spring);      /* 04:00 */
  assert_int_equal(event_day(&event, utc(2023, 10, 29, 2, 59)), autumn - 1);
  assert_int_equal(event_day(&event, utc(2023, 10, 29, 3, 0)), autumn);
}

/* Whatever the border, days only go forward, and each begins at the moment that event_moment_ms says. */
static void days_only_go_forward(void **state) {
  (void)state;
  static const int32_t borders[] = {0, HOUR, 2 * HOUR + 1800, 3 * HOUR, BORDER, 12 * HOUR};
  for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
    struct event event = at(&berlin, borders[i]);
    int32_t before = event_day(&event, utc(2023, 1, 1, 0, 0));
    for (int64_t ms = utc(2023, 1, 1, 0, 0); ms < utc(2023, 12, 31, 0, 0); ms += 10 * 60 * 1000) {
      int32_t day = event_day(&event, ms);
      assert_true(day == before || day == before + 1);
      assert_true(ms >= event_moment_ms(&event, day, borders[i]));
      assert_true(ms < event_moment_ms(&event, day + 1, borders[i]));
      before = day;
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calendar),
      cmocka_unit_test(every_day),
      cmocka_unit_test(there_and_back),
      cmocka_unit_test(clock_changes),
      cmocka_unit_test(before_1970),
      cmocka_unit_test(border),
      cmocka_unit_test(hours_on_a_day_of_change),
      cmocka_unit_test(days_only_go_forward),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
