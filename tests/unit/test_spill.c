/* SPDX-License-Identifier: Apache-2.0
 * An array in a file: what was added stays where it was told, whatever comes behind it, and a full disk is an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/spill.h"
#include "scratch.h"

static int entries(const char *folder) {
  int count = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *e; (e = readdir(dir));) count += e->d_name[0] != '.' || strlen(e->d_name) > 2;
  closedir(dir);
  return count;
}

static void add(struct spill *s, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) {
    uint32_t *at = spill_add(s, sizeof *at);
    assert_non_null(at);
    *at = i * 2654435761u;
  }
}

static void expect(const struct spill *s, uint32_t count) {
  assert_int_equal(s->used, count * sizeof(uint32_t));
  for (uint32_t i = 0; i < count; i++) assert_int_equal(((const uint32_t *)s->at)[i], i * 2654435761u);
}

static void values_stay_while_it_grows(void **state) {
  struct scratch folder;
  struct spill s;
  (void)state;
  scratch_make(&folder);
  assert_true(spill_open(&s, folder.path));
  assert_int_equal(entries(folder.path), 0); /* it has no name */
  add(&s, 0, 3000000);
  expect(&s, 3000000);
  s.used = 1000 * sizeof(uint32_t);
  add(&s, 1000, 1500);
  expect(&s, 1500);
  spill_close(&s);
  spill_close(&s);
  scratch_remove(&folder);
}

static void a_full_disk_is_an_error(void **state) {
  struct scratch folder;
  struct spill s;
  struct rlimit before, little;
  uint32_t count = 0;
  (void)state;
  scratch_make(&folder);
  assert_true(spill_open(&s, folder.path));
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  little = before;
  little.rlim_cur = 1 << 20;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
  for (uint32_t *at; (at = spill_add(&s, sizeof *at)); count++) *at = count * 2654435761u;
  assert_int_equal(errno, EFBIG);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_true(count > 0 && count <= (1 << 20) / sizeof(uint32_t));
  expect(&s, count); /* what was there stays */
  add(&s, count, count + 1000000);
  expect(&s, count + 1000000);
  spill_close(&s);
  scratch_remove(&folder);
}

static void no_folder_is_an_error(void **state) {
  struct spill s;
  (void)state;
  assert_false(spill_open(&s, "/nowhere/at/all"));
  assert_int_equal(errno, ENOENT);
  spill_close(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_stay_while_it_grows),
      cmocka_unit_test(a_full_disk_is_an_error),
      cmocka_unit_test(no_folder_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
