/* SPDX-License-Identifier: Apache-2.0
 * Bodies share what memory there is for them: in their order, small ones past all others, and whoever goes lets the next ones
 * in. libmicrohttpd's two calls are this test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/hub/bodies.h"

enum { LARGE = BODIES_BYTES / 4, MANY = 9 };

struct MHD_Connection {
  int suspended, resumed;
};

void MHD_suspend_connection(struct MHD_Connection *c) { c->suspended++; }
void MHD_resume_connection(struct MHD_Connection *c) { c->resumed++; }

static struct bodies all;
static struct body body[MANY];
static struct MHD_Connection connection[MANY];

static int up(void **state) {
  (void)state;
  memset(body, 0, sizeof body);
  memset(connection, 0, sizeof connection);
  bodies_init(&all);
  return 0;
}

static int down(void **state) {
  (void)state;
  for (int i = 0; i < MANY; i++) bodies_free(&all, &body[i]);
  bodies_fini(&all);
  return 0;
}

static enum bodies_room ask(int i, size_t size) { return bodies_room(&all, &body[i], &connection[i], size); }

static void expect_wait(int i, bool waits) { assert_int_equal(connection[i].suspended - connection[i].resumed, waits); }

static void test_in_order(void **state) {
  (void)state;
  for (int i = 0; i < 4; i++) assert_int_equal(ask(i, LARGE), BODY_HAS_ROOM);
  assert_int_equal(ask(4, LARGE), BODY_WAITS);
  assert_int_equal(ask(5, BODY_SMALL + 1), BODY_WAITS); /* would fit no more than the one before it */
  assert_int_equal(ask(6, LARGE), BODY_WAITS);
  assert_int_equal(ask(7, BODY_SMALL), BODY_HAS_ROOM); /* waits for nobody */
  assert_int_equal(ask(0, LARGE), BODY_HAS_ROOM);      /* asked again, with each piece that comes */
  assert_int_equal(ask(4, LARGE), BODY_WAITS);
  for (int i = 4; i < 7; i++) expect_wait(i, true);
  assert_null(body[4].bytes);
  bodies_free(&all, &body[2]);
  expect_wait(4, false);
  expect_wait(5, true);
  assert_int_equal(ask(4, LARGE), BODY_HAS_ROOM);
  assert_non_null(body[4].bytes);
  bodies_free(&all, &body[7]); /* a small one makes no room */
  expect_wait(5, true);
  bodies_free(&all, &body[0]);
  expect_wait(5, false);
  expect_wait(6, true);
  bodies_free(&all, &body[1]);
  expect_wait(6, false);
  for (int i = 5; i < 7; i++) assert_int_equal(ask(i, i == 5 ? BODY_SMALL + 1 : LARGE), BODY_HAS_ROOM);
}

/* Somebody hangs up while they wait: at the end of the line, in its middle, at its head, or just when they were let in. */
static void test_gone(void **state) {
  (void)state;
  for (int i = 0; i < 4; i++) assert_int_equal(ask(i, LARGE), BODY_HAS_ROOM);
  for (int i = 4; i < 9; i++) assert_int_equal(ask(i, LARGE), BODY_WAITS);
  bodies_free(&all, &body[8]);
  bodies_free(&all, &body[6]);
  bodies_free(&all, &body[4]);
  assert_int_equal(ask(8, LARGE), BODY_WAITS); /* and comes again: behind the others */
  for (int i = 5; i < 9; i += 2) expect_wait(i, true);
  bodies_free(&all, &body[0]);
  expect_wait(5, false);
  expect_wait(7, true);
  bodies_free(&all, &body[5]); /* had room, but never asked for it */
  expect_wait(7, false);
  assert_int_equal(ask(7, LARGE), BODY_HAS_ROOM);
  bodies_free(&all, &body[1]);
  assert_int_equal(ask(8, LARGE), BODY_HAS_ROOM);
  for (int i = 0; i < MANY; i++) bodies_free(&all, &body[i]);
  assert_int_equal(all.left, BODIES_BYTES); /* nothing was given back twice, or forgotten */
  assert_null(all.first);
}

static void test_end(void **state) {
  (void)state;
  for (int i = 0; i < 4; i++) assert_int_equal(ask(i, LARGE), BODY_HAS_ROOM);
  for (int i = 4; i < 7; i++) assert_int_equal(ask(i, LARGE), BODY_WAITS);
  bodies_stop(&all);
  for (int i = 4; i < 7; i++) expect_wait(i, false);
  assert_int_equal(ask(8, LARGE), BODY_HAS_ROOM);
  expect_wait(8, false);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_in_order, up, down),
                                     cmocka_unit_test_setup_teardown(test_gone, up, down),
                                     cmocka_unit_test_setup_teardown(test_end, up, down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
