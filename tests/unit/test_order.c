/* SPDX-License-Identifier: Apache-2.0
 * Indices by their numbers: beside qsort, on numbers near one another, far apart, all the same, and at both ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/order.h"

enum { MOST = 5000 };

static int64_t number[MOST];

static int64_t key(const void *self, uint32_t index) { return ((const int64_t *)self)[index]; }

static int stable(const void *a, const void *b) {
  const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  if (number[x] != number[y]) return number[x] < number[y] ? -1 : 1;
  return (x > y) - (x < y);
}

static void test_like_qsort(void **state) {
  static const struct {
    uint32_t count;
    int64_t from;
    uint64_t span;
  } rows[] = {{0, 0, 1},           {1, 5, 1}, {2, -1, 3}, {MOST, 0, 1}, {MOST, -700, 1500}, {MOST, 1698454800000, 1 << 24},
              {MOST, INT64_MIN, 0}};
  static uint32_t index[MOST], wanted[MOST];
  (void)state;
  srand(7);
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
    for (uint32_t i = 0; i < rows[r].count; i++) {
      const uint64_t chance = (uint64_t)rand() << 33 ^ (uint64_t)rand() << 11 ^ (uint64_t)rand();
      number[i] = (int64_t)((uint64_t)rows[r].from + (rows[r].span ? chance % rows[r].span : chance));
      index[i] = wanted[i] = i;
    }
    if (rows[r].count > 2) number[0] = number[rows[r].count - 1];
    if (!rows[r].span) number[1] = INT64_MAX, number[2] = INT64_MIN;
    assert_true(order_by(index, rows[r].count, key, number));
    qsort(wanted, rows[r].count, sizeof *wanted, stable);
    assert_memory_equal(index, wanted, rows[r].count * sizeof *index);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_qsort)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
