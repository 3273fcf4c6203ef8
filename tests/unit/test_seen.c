/* SPDX-License-Identifier: Apache-2.0
 * The same code in view is one scan.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/seen.h"

static const uint8_t code[] = "7ZK3M9QX2R5VBN4T", other[] = "7ZK3M9QX2R5VBN4U";

static bool again(struct seen *s, const uint8_t *bytes, int64_t ms) { return seen_again(s, bytes, 16, ms); }

static void stays_in_view(void **state) {
  (void)state;
  struct seen s;
  seen_init(&s, 3000);
  assert_false(again(&s, code, 10));
  for (int64_t ms = 40; ms < 60000; ms += 30) assert_true(again(&s, code, ms)); /* a minute of it is one scan */
}

static void comes_back(void **state) {
  (void)state;
  struct seen s;
  seen_init(&s, 3000);
  assert_false(again(&s, code, 0));
  assert_true(again(&s, code, 2999));
  assert_false(again(&s, code, 5999)); /* 3000 later */
  assert_true(again(&s, code, 6000));
}

static void others_count(void **state) {
  (void)state;
  struct seen s;
  seen_init(&s, 3000);
  assert_false(again(&s, code, 0));
  assert_false(again(&s, other, 1));
  assert_false(seen_again(&s, code, 15, 2)); /* a beginning is another code */
  assert_false(seen_again(&s, code, 0, 3));
  assert_true(again(&s, code, 4));
  assert_true(again(&s, other, 5));
}

static void oldest_makes_room(void **state) {
  (void)state;
  struct seen s;
  seen_init(&s, 1000000);
  for (int i = 0; i < SEEN_SLOTS; i++) assert_false(seen_again(&s, (const uint8_t *)&i, sizeof(i), i));
  for (int i = 0; i < SEEN_SLOTS; i++) assert_true(seen_again(&s, (const uint8_t *)&i, sizeof(i), 100 + i));
  int more = SEEN_SLOTS, first = 0, second = 1;
  assert_false(seen_again(&s, (const uint8_t *)&more, sizeof(more), 200)); /* in place of the first */
  assert_true(seen_again(&s, (const uint8_t *)&second, sizeof(second), 201));
  assert_false(seen_again(&s, (const uint8_t *)&first, sizeof(first), 202));
}

static void failed_may_retry(void **state) {
  (void)state;
  struct seen s;
  seen_init(&s, 3000);
  assert_false(again(&s, code, 0));
  seen_retry(&s, code, 16, 100, 1000);
  assert_true(again(&s, code, 600));
  assert_true(again(&s, code, 1099));
  assert_false(again(&s, code, 1100)); /* though it never left */
  assert_true(again(&s, code, 1130));  /* and once only */
  assert_true(again(&s, code, 4000));
  seen_retry(&s, other, 16, 5000, 500); /* one that isn't there yet */
  assert_true(again(&s, other, 5499));
  assert_false(again(&s, other, 5500));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(stays_in_view), cmocka_unit_test(comes_back),
                                     cmocka_unit_test(others_count), cmocka_unit_test(oldest_makes_room),
                                     cmocka_unit_test(failed_may_retry)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
