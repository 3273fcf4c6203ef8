/* SPDX-License-Identifier: Apache-2.0
 * Numbers told to others: none about fewer than five, and none that the others give away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/merged_page.h"

static void test_small_cells(void **state) {
  static const struct {
    int64_t cell[6], left[6], rest;
  } rows[] = {
      {{10, 20, 30}, {10, 20, 30}, 0},
      {{10, 4, 30}, {-1, -1, 30}, 14}, /* one alone is what the others leave of the sum */
      {{10, 4, 3}, {10, -1, -1}, 7},
      {{10, 1, 1}, {-1, -1, -1}, 12},
      {{4, 0, 0}, {-1, 0, 0}, -1},
      {{1, 1, 1}, {-1, -1, -1}, -1},
      {{5, 0, 5, 5, 5, 2}, {-1, 0, 5, 5, 5, -1}, 7},
      {{0, 0, 0}, {0, 0, 0}, 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int64_t cell[6];
    memcpy(cell, rows[i].cell, sizeof cell);
    assert_int_equal(numbers_merge_small(cell, 6, 5), rows[i].rest);
    for (int k = 0; k < 6; k++) assert_int_equal(cell[k], rows[i].left[k]);
  }
}

/* A few of many aren't nobody, and all but a few aren't all. */
static void test_percent(void **state) {
  static const struct {
    int64_t part, of;
    const char *said;
  } rows[] = {{0, 3000, "0%"}, {10, 3000, "0.3%"}, {1, 100000, "0.1%"}, {14, 3000, "0.5%"},    {15, 3000, "1%"},
              {4, 6, "67%"},   {6, 6, "100%"},     {0, 0, "0%"},        {2990, 3000, "99.7%"}, {99999, 100000, "99.9%"},
              {7, 6, "117%"}};
  char said[32];
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    page_percent(rows[i].part, rows[i].of, said);
    assert_string_equal(said, rows[i].said);
  }
}

static char *drawn(const struct numbers_day *day) {
  static char *text;
  size_t len;
  FILE *out = open_memstream(&text, &len);
  page_curve(out, day, 4 * 3600);
  fclose(out);
  return text;
}

/* Whatever the day was like, each bar and number lies within the picture. */
static void test_curves(void **state) {
  static const struct {
    int minute[3];
    int64_t people;
  } rows[] = {{{0, 0, 0}, 1},
              {{NUMBERS_MINUTES - 1, NUMBERS_MINUTES - 1, NUMBERS_MINUTES - 1}, 7},
              {{0, 700, NUMBERS_MINUTES - 1}, 100000},
              {{300, 301, 302}, 3}};
  (void)state;
  static struct numbers_day day;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    memset(&day, 0, sizeof day);
    for (int k = 0; k < 3; k++) day.minute[rows[i].minute[k]] += rows[i].people, day.arrived += rows[i].people;
    char *text = drawn(&day);
    int bars = 0;
    for (char *at = text; (at = strstr(at, "<rect")); at++, bars++) {
      double x, y, w, h;
      assert_int_equal(sscanf(at, "<rect class=\"in\" x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &x, &y, &w, &h), 4);
      assert_true(x >= 40 && x + w <= 960 && y >= 0 && y + h <= 300 && w > 0 && h > 0);
    }
    assert_true(bars >= 1);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    assert_non_null(strstr(text, "</svg>"));
    free(text);
  }
  memset(&day, 0, sizeof day);
  char *nothing = drawn(&day);
  assert_string_equal(nothing, "");
  free(nothing);
}

static void test_texts_stay_texts(void **state) {
  (void)state;
  char *text = NULL;
  size_t len;
  FILE *out = open_memstream(&text, &len);
  page_bar(out, "<script>alert('x' & \"y\")</script>", 3, 2, 1); /* more than all */
  fclose(out);
  assert_null(strstr(text, "<script>"));
  assert_non_null(strstr(text, "&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)"));
  assert_non_null(strstr(text, "width:100.0%"));
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_small_cells), cmocka_unit_test(test_percent),
                                     cmocka_unit_test(test_curves), cmocka_unit_test(test_texts_stay_texts)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
