/* SPDX-License-Identifier: Apache-2.0
 * The log's lines, read back from a file in place of stderr.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

static int was, caught;
static char text[8192];

static int up(void **state) {
  (void)state;
  FILE *f = tmpfile();
  if (!f) return -1;
  caught = dup(fileno(f));
  was = dup(STDERR_FILENO);
  fclose(f);
  unsetenv("JOURNAL_STREAM");
  log_init("yingbin-test", LOG_LEVEL_INFO);
  return dup2(caught, STDERR_FILENO) < 0;
}

static int down(void **state) {
  (void)state;
  dup2(was, STDERR_FILENO);
  close(was);
  return close(caught);
}

static const char *lines(void) {
  ssize_t n = pread(caught, text, sizeof(text) - 1, 0);
  text[n > 0 ? n : 0] = '\0';
  return text;
}

static void as_if_journald(void) {
  struct stat st;
  char stream[64];
  assert_int_equal(fstat(STDERR_FILENO, &st), 0);
  snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
  setenv("JOURNAL_STREAM", stream, 1);
}

static void with_the_time(void **state) {
  (void)state;
  int year;
  char rest[64] = "";
  log_warn("disk %d%%", 97);
  assert_int_equal(sscanf(lines(), "%4d-%*2d-%*2d %*2d:%*2d:%*2d.%*3d %63[^\n]", &year, rest), 2);
  assert_string_equal(rest, "yingbin-test: warn: disk 97%");
}

static void only_so_much(void **state) {
  (void)state;
  log_debug("nobody asked");
  assert_string_equal(lines(), "");
}

static void one_line_each(void **state) {
  (void)state;
  log_error("no file %s", "a\nb\x1B[31m");
  log_info("second");
  lines();
  assert_non_null(strstr(text, "no file a b [31m\n"));
  assert_non_null(strstr(text, "info: second\n"));
}

static void long_ones_are_cut(void **state) {
  (void)state;
  char name[3001] = "";
  for (int i = 0; i < 1000; i++) memcpy(name + 3 * i, "名", 4);
  log_error("%s", name);
  lines();
  size_t len = strlen(text);
  assert_true(len > 1000 && len <= 1025);
  assert_true(utf8_valid(text, len));
  assert_int_equal(text[len - 1], '\n');
}

static void for_journald(void **state) {
  (void)state;
  assert_false(log_is_journald(STDERR_FILENO));
  as_if_journald();
  assert_true(log_is_journald(STDERR_FILENO));
  assert_false(log_is_journald(STDIN_FILENO));
  log_init("yingbin-test", LOG_LEVEL_DEBUG);
  log_error("one");
  log_debug("two");
  assert_string_equal(lines(), "<3>one\n<7>two\n");
  setenv("JOURNAL_STREAM", "nonsense", 1);
  assert_false(log_is_journald(STDERR_FILENO));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(with_the_time, up, down), cmocka_unit_test_setup_teardown(only_so_much, up, down),
      cmocka_unit_test_setup_teardown(one_line_each, up, down), cmocka_unit_test_setup_teardown(long_ones_are_cut, up, down),
      cmocka_unit_test_setup_teardown(for_journald, up, down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
