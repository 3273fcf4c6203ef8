/* SPDX-License-Identifier: Apache-2.0
 * Mailboxes, latest values and bells in one thread; test_mailbox_threads has several.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include "base/latest.h"
#include "base/mailbox.h"

static struct bell bell;
static int storage[3];
static struct mailbox box;

static int up(void **state) {
  (void)state;
  if (!bell_init(&bell)) return -1;
  mailbox_init(&box, storage, sizeof(storage[0]), 3, &bell);
  return 0;
}

static int down(void **state) {
  (void)state;
  mailbox_fini(&box);
  bell_fini(&bell);
  return 0;
}

static bool put(int value) { return mailbox_put(&box, &value); }

static void takes(int expected) {
  int value = -1;
  assert_true(mailbox_front(&box, &value));
  assert_int_equal(value, expected);
  mailbox_pop(&box);
}

static void in_order_and_around(void **state) {
  (void)state;
  for (int round = 0; round < 10; round++) {
    assert_true(put(round));
    assert_true(put(round + 100));
    takes(round);
    takes(round + 100);
  }
  assert_true(mailbox_empty(&box));
  int value;
  assert_false(mailbox_front(&box, &value));
}

/* What was dealt with is nowhere any more: it may have been a card. */
static void a_slot_is_wiped(void **state) {
  (void)state;
  const int value = 0x5ec2e7;
  assert_true(mailbox_put(&box, &value));
  assert_int_equal(storage[0], value);
  mailbox_pop(&box);
  assert_int_equal(storage[0], 0);
}

static void full_drops_the_newest_and_counts(void **state) {
  (void)state;
  assert_true(put(1) && put(2) && put(3));
  assert_false(put(4));
  assert_false(put(5));
  assert_int_equal(mailbox_dropped(&box), 2);
  takes(1);
  assert_true(put(6));
  takes(2), takes(3), takes(6);
}

static void front_leaves_it_there(void **state) {
  (void)state;
  int value = 0;
  assert_true(put(7));
  assert_true(mailbox_front(&box, &value) && mailbox_front(&box, &value));
  assert_int_equal(value, 7);
  assert_false(mailbox_empty(&box));
  takes(7);
}

static void closed(void **state) {
  (void)state;
  assert_true(put(1));
  mailbox_close(&box);
  assert_false(put(2));
  int value = 3;
  assert_false(mailbox_put_wait(&box, &value));
  mailbox_drain_wait(&box); /* doesn't wait for what nobody may take any more */
  takes(1);
}

static void rings(void **state) {
  (void)state;
  bell_clear(&bell);
  assert_false(bell_wait(&bell, 0));
  assert_true(put(1));
  struct pollfd p = {.fd = bell.fd, .events = POLLIN};
  assert_int_equal(poll(&p, 1, 0), 1);
  assert_true(bell_wait(&bell, -1));
  assert_false(bell_wait(&bell, 0)); /* heard once */
  bell_ring(&bell);
  bell_ring(&bell); /* kept, not counted */
  assert_true(bell_wait(&bell, 1000));
  assert_false(bell_wait(&bell, 1));
}

static void latest_is_the_newest(void **state) {
  (void)state;
  struct latest latest;
  long slot, value = 0;
  uint64_t mine = 0, yours = 0;
  latest_init(&latest, &slot, sizeof(slot), &bell);
  assert_false(latest_get(&latest, &value, &mine));
  bell_clear(&bell);
  for (long i = 1; i <= 3; i++) latest_set(&latest, &i);
  assert_true(bell_wait(&bell, 0));
  assert_true(latest_get(&latest, &value, &mine));
  assert_int_equal(value, 3);
  assert_false(latest_get(&latest, &value, &mine));
  assert_true(latest_get(&latest, &value, &yours)); /* each reader for itself */
  latest_fini(&latest);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(in_order_and_around, up, down),
      cmocka_unit_test_setup_teardown(a_slot_is_wiped, up, down),
      cmocka_unit_test_setup_teardown(full_drops_the_newest_and_counts, up, down),
      cmocka_unit_test_setup_teardown(front_leaves_it_there, up, down),
      cmocka_unit_test_setup_teardown(closed, up, down),
      cmocka_unit_test_setup_teardown(rings, up, down),
      cmocka_unit_test_setup_teardown(latest_is_the_newest, up, down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
