/* SPDX-License-Identifier: Apache-2.0
 * The clock's three kinds, and what the service manager is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "platform/tick.h"
#include "platform/watchdog.h"

static void test_stream(void **state) {
  (void)state;
  struct tick t;
  tick_stream(&t, (struct moment){.mono_ms = 5000, .wall_ms = 1698453600000, .wall_ok = true});
  assert_int_equal(tick_now(&t).mono_ms, 5000);
  tick_set(&t, 5033);
  assert_int_equal(tick_now(&t).mono_ms, 5033);
  assert_int_equal(tick_now(&t).wall_ms, 1698453600033);
  assert_true(tick_now(&t).wall_ok);
  tick_set(&t, 5010); /* a frame that is older than the one before it moves nothing back */
  assert_int_equal(tick_now(&t).mono_ms, 5033);
}

static void test_system(void **state) {
  (void)state;
  struct tick t;
  tick_system(&t, true);
  struct moment first = tick_now(&t), second = tick_now(&t);
  assert_true(first.wall_ok);
  assert_true(first.mono_ms > 0 && second.mono_ms >= first.mono_ms);
  assert_true(first.wall_ms > 1600000000000); /* any machine that builds this is past 2020 */
}

static void test_shifted(void **state) {
  (void)state;
  struct tick t;
  tick_shifted(&t, 1698453600000, true);
  struct moment now = tick_now(&t), later = tick_now(&t);
  assert_true(now.wall_ok);
  assert_true(now.wall_ms >= 1698453600000);
  assert_int_equal(later.wall_ms - now.wall_ms, later.mono_ms - now.mono_ms);
}

static int listen_at(const char *name) { /* in the abstract namespace: no file is left */
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))), 0);
  return fd;
}

static const char *heard(int fd) {
  static char text[512];
  ssize_t n = recv(fd, text, sizeof text - 1, 0);
  text[n < 0 ? 0 : n] = '\0';
  return text;
}

static void test_watchdog(void **state) {
  (void)state;
  char name[64], me[32];
  snprintf(name, sizeof name, "@yingbin-test-%ld", (long)getpid());
  snprintf(me, sizeof me, "%ld", (long)getpid());
  unsetenv("NOTIFY_SOCKET");
  watchdog_ready("nobody listens"); /* and nothing happens */
  int fd = listen_at(name);
  setenv("NOTIFY_SOCKET", name, 1);
  watchdog_ready("scanning\nwell");
  assert_string_equal(heard(fd), "READY=1\nSTATUS=scanning well\n");
  watchdog_alive();
  assert_string_equal(heard(fd), "WATCHDOG=1\n");
  watchdog_stopping();
  assert_string_equal(heard(fd), "STOPPING=1\n");
  close(fd);

  unsetenv("WATCHDOG_USEC");
  assert_int_equal(watchdog_interval_ms(), 0);
  setenv("WATCHDOG_USEC", "30000000", 1);
  setenv("WATCHDOG_PID", me, 1);
  assert_int_equal(watchdog_interval_ms(), 15000);
  setenv("WATCHDOG_PID", "1", 1); /* meant for another process */
  assert_int_equal(watchdog_interval_ms(), 0);
  unsetenv("WATCHDOG_PID");
  setenv("WATCHDOG_USEC", "soon", 1);
  assert_int_equal(watchdog_interval_ms(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_stream),
      cmocka_unit_test(test_system),
      cmocka_unit_test(test_shifted),
      cmocka_unit_test(test_watchdog),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
