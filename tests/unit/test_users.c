/* SPDX-License-Identifier: Apache-2.0
 * Accounts and sessions of the dashboard, on a store in a file of its own, at times that the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sodium.h>

#include "base/log.h"
#include "scratch.h"
#include "tools/hub/users.h"

static const int64_t start_ms = INT64_C(1700000000000);

struct desk {
  struct scratch scratch;
  void *db;
};

static const struct store_ops *const ops = &store_sqlite;

static int open_desk(void **state) {
  static struct desk d;
  struct problem problem;
  char file[PATH_MAX];
  if (sodium_init() < 0) return -1;
  log_init("test_users", LOG_LEVEL_ERROR);
  scratch_make(&d.scratch);
  snprintf(file, sizeof file, "%s/hub.db", d.scratch.path);
  if (!ops->open(file, &d.db, &problem)) return -1;
  *state = &d;
  return 0;
}

static int close_desk(void **state) {
  struct desk *d = *state;
  ops->close(d->db);
  scratch_remove(&d->scratch);
  return 0;
}

static void add(struct desk *d, const char *name, const char *password) {
  struct user user = {.role = ROLE_ORGANIZER, .host = "kcc"};
  struct problem problem;
  snprintf(user.name, sizeof user.name, "%s", name);
  assert_true(user_add(ops, d->db, &user, password, &problem));
}

static enum store_result sign_in(struct desk *d, const char *name, const char *password, int64_t at_ms, char *token) {
  struct user user;
  return session_begin(ops, d->db, name, password, at_ms, &user, token);
}

static enum store_result ask(struct desk *d, const char *token, int64_t at_ms, bool used) {
  struct user user = {.name = ""};
  const enum store_result result = session_user(ops, d->db, token, at_ms, used, &user);
  if (result == STORE_DONE) {
    assert_string_equal(user.name, "小明");
    assert_int_equal(user.role, ROLE_ORGANIZER);
    assert_string_equal(user.host, "kcc");
  }
  return result;
}

static void test_sign_in(void **state) {
  char token[SESSION_TOKEN], other[SESSION_TOKEN];
  add(*state, "小明", "a good password");
  assert_int_equal(sign_in(*state, "小明", "a good passwort", start_ms, token), STORE_NONE);
  assert_int_equal(sign_in(*state, "小明", "", start_ms, token), STORE_NONE);
  assert_int_equal(sign_in(*state, "小", "a good password", start_ms, token), STORE_NONE);
  assert_int_equal(sign_in(*state, "", "", start_ms, token), STORE_NONE);
  assert_int_equal(sign_in(*state, "小明", "a good password", start_ms, token), STORE_DONE);
  assert_int_equal(sign_in(*state, "小明", "a good password", start_ms, other), STORE_DONE);
  assert_string_not_equal(token, other);
  assert_int_equal(ask(*state, token, start_ms, true), STORE_DONE);
  assert_int_equal(ask(*state, "", start_ms, true), STORE_NONE);
  assert_int_equal(ask(*state, "guessed", start_ms, true), STORE_NONE);
  assert_int_equal(session_end(ops, ((struct desk *)*state)->db, token), STORE_DONE);
  assert_int_equal(ask(*state, token, start_ms, true), STORE_NONE);
  assert_int_equal(ask(*state, other, start_ms, true), STORE_DONE);
}

static void test_idle_and_in_all(void **state) {
  char token[SESSION_TOKEN];
  const int64_t hour = 3600 * 1000;
  add(*state, "小明", "a good password");
  assert_int_equal(sign_in(*state, "小明", "a good password", start_ms, token), STORE_DONE);
  assert_int_equal(ask(*state, token, start_ms + SESSION_IDLE_MS, false), STORE_DONE); /* a stream alone keeps nobody in */
  assert_int_equal(ask(*state, token, start_ms + SESSION_IDLE_MS + 1, false), STORE_NONE);
  for (int64_t at = hour; at <= SESSION_MOST_MS; at += hour)
    assert_int_equal(ask(*state, token, start_ms + at, true), STORE_DONE);
  assert_int_equal(ask(*state, token, start_ms + SESSION_MOST_MS + 1, true), STORE_NONE);
}

static bool count_one(void *self, const char *name, const char *value) {
  (void)name, (void)value;
  return ++*(int *)self > 0;
}

static void test_old_sessions_go(void **state) {
  struct desk *d = *state;
  char token[SESSION_TOKEN];
  int before = 0, after = 0;
  add(d, "小明", "a good password");
  for (int i = 0; i < 3; i++) assert_int_equal(sign_in(d, "小明", "a good password", start_ms, token), STORE_DONE);
  assert_int_equal(ops->each_kept(d->db, "session", count_one, &before), STORE_DONE);
  assert_int_equal(before, 3);
  assert_int_equal(sign_in(d, "小明", "a good password", start_ms + SESSION_MOST_MS, token), STORE_DONE);
  assert_int_equal(ops->each_kept(d->db, "session", count_one, &after), STORE_DONE);
  assert_int_equal(after, 1);
}

static void test_another_account(void **state) {
  struct desk *d = *state;
  struct problem problem;
  char token[SESSION_TOKEN], again[SESSION_TOKEN];
  add(d, "小明", "a good password");
  assert_int_equal(sign_in(d, "小明", "a good password", start_ms, token), STORE_DONE);
  add(d, "小明", "another password");
  assert_int_equal(ask(d, token, start_ms, true), STORE_NONE);
  assert_int_equal(sign_in(d, "小明", "a good password", start_ms, again), STORE_NONE);
  assert_int_equal(sign_in(d, "小明", "another password", start_ms, again), STORE_DONE);
  assert_true(user_remove(ops, d->db, "小明", &problem));
  assert_int_equal(ask(d, again, start_ms, true), STORE_NONE);
  assert_false(user_remove(ops, d->db, "小明", &problem));
  assert_non_null(strstr(problem.zh, "小明"));
}

static void test_what_is_no_account(void **state) {
  struct desk *d = *state;
  struct problem problem;
  const struct user blank = {.name = "two words"}, none = {.name = ""}, fine = {.name = "fine"};
  assert_false(user_add(ops, d->db, &blank, "a good password", &problem));
  assert_false(user_add(ops, d->db, &none, "a good password", &problem));
  assert_false(user_add(ops, d->db, &fine, "1234567", &problem));
  assert_non_null(strstr(problem.en, "8 bytes"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_sign_in, open_desk, close_desk),
      cmocka_unit_test_setup_teardown(test_idle_and_in_all, open_desk, close_desk),
      cmocka_unit_test_setup_teardown(test_old_sessions_go, open_desk, close_desk),
      cmocka_unit_test_setup_teardown(test_another_account, open_desk, close_desk),
      cmocka_unit_test_setup_teardown(test_what_is_no_account, open_desk, close_desk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
