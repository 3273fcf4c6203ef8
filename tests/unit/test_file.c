/* SPDX-License-Identifier: Apache-2.0
 * Files that are whole or not there, whatever fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "test_file-XXXXXX";
static struct problem problem;

static const char *in(const char *name) {
  static char path[4][PATH_MAX];
  static int turn;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
  return path[turn];
}

static int up(void **state) {
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

static int down(void **state) {
  (void)state;
  char command[PATH_MAX + 16];
  snprintf(command, sizeof(command), "rm -rf '%s'", folder);
  return system(command);
}

static int files(void) {
  DIR *d = opendir(folder);
  int n = 0;
  assert_non_null(d);
  for (struct dirent *e; (e = readdir(d));) n += e->d_name[0] != '.';
  closedir(d);
  return n;
}

static void holds(const char *path, const char *text) {
  char *bytes;
  size_t len;
  assert_true(file_read(path, 1 << 20, &bytes, &len, &problem));
  assert_int_equal(len, strlen(text));
  assert_string_equal(bytes, text); /* and a NUL behind it */
  free(bytes);
}

static void told(const char *zh, const char *en) {
  if (!strstr(problem.zh, zh) || !strstr(problem.en, en)) fail_msg("%s / %s", problem.zh, problem.en);
}

static void written_and_read(void **state) {
  (void)state;
  struct stat st;
  assert_true(file_write(in("a"), "first", 5, 0600, &problem));
  holds(in("a"), "first");
  assert_int_equal(stat(in("a"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_true(file_write(in("a"), "second, longer", 14, 0644, &problem));
  holds(in("a"), "second, longer");
  assert_int_equal(stat(in("a"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0644);
  assert_true(file_write(in("empty"), "", 0, 0600, &problem));
  holds(in("empty"), "");
  assert_int_equal(files(), 2);
  unlink(in("a"));
  unlink(in("empty"));
}

static void sizes(void **state) {
  (void)state;
  static const size_t lengths[] = {1, 4095, 4096, 4097, 100000};
  char *text = malloc(100000), *bytes;
  size_t len;
  assert_non_null(text);
  memset(text, 'x', 100000);
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
    assert_true(file_write(in("s"), text, lengths[i], 0600, &problem));
    assert_true(file_read(in("s"), lengths[i], &bytes, &len, &problem));
    assert_int_equal(len, lengths[i]);
    assert_memory_equal(bytes, text, len);
    free(bytes);
    assert_false(file_read(in("s"), lengths[i] - 1, &bytes, &len, &problem));
    assert_null(bytes);
    told("太大", "too large");
  }
  free(text);
  unlink(in("s"));
}

static void unreadable(void **state) {
  (void)state;
  char *bytes;
  size_t len;
  assert_false(file_read(in("nothing"), 10, &bytes, &len, &problem));
  told("没有这个文件", "no such file");
  told("nothing", "nothing");
  assert_false(file_read(folder, 10, &bytes, &len, &problem));
  told("这是文件夹", "is a folder");
}

static void unwritable(void **state) {
  (void)state;
  assert_false(file_write(in("no/such/a"), "x", 1, 0600, &problem));
  told("没有这个文件或文件夹", "no such file or folder");
  assert_false(file_write("/dev/null", "x", 1, 0600, &problem)); /* and never renames over it */
  told("不是普通文件", "not a regular file");
  assert_false(file_write(folder, "x", 1, 0600, &problem));
  told("不是普通文件", "not a regular file");
  char longest[PATH_MAX + 10];
  memset(longest, 'x', sizeof(longest));
  longest[sizeof(longest) - 1] = '\0';
  assert_false(file_write(longest, "x", 1, 0600, &problem));
  told("太长", "too long");
  assert_int_equal(files(), 0);
}

/* A write that fails half-way: the old file stands, and nothing lies beside it. */
static void half_written(void **state) {
  (void)state;
  struct rlimit before, small;
  char text[8192];
  memset(text, 'y', sizeof(text));
  assert_true(file_write(in("a"), "old", 3, 0600, &problem));
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &before);
  small = (struct rlimit){4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  bool good = file_write(in("a"), text, sizeof(text), 0600, &problem);
  setrlimit(RLIMIT_FSIZE, &before);
  assert_false(good);
  told("无法写入", "can't write");
  holds(in("a"), "old");
  assert_int_equal(files(), 1);
  unlink(in("a"));
}

static void beside(void **state) {
  (void)state;
  char name[PATH_MAX], other[PATH_MAX];
  assert_true(file_write(in("a"), "old", 3, 0600, &problem));
  assert_true(file_begin(in("a"), name, &problem));
  assert_true(file_begin(in("a"), other, &problem)); /* two at once don't meet */
  assert_string_not_equal(name, other);
  FILE *f = fopen(name, "w");
  assert_non_null(f);
  fputs("new", f);
  fclose(f);
  holds(in("a"), "old");
  file_abandon(other);
  assert_true(file_commit(name, in("a"), 0644, &problem));
  holds(in("a"), "new");
  assert_int_equal(files(), 1);
  assert_false(file_commit(name, in("a"), 0644, &problem)); /* gone already */
  holds(in("a"), "new");
  file_abandon("");
  unlink(in("a"));
}

static void folders(void **state) {
  (void)state;
  struct stat st;
  assert_true(folder_make(in("d/e//f/"), 0700, &problem));
  assert_true(folder_make(in("d/e/f"), 0700, &problem));
  assert_true(stat(in("d/e/f"), &st) == 0 && S_ISDIR(st.st_mode));
  assert_int_equal(st.st_mode & 0777, 0700);
  assert_true(folder_make("/", 0700, &problem));
  assert_true(file_write(in("d/plain"), "x", 1, 0600, &problem));
  assert_false(folder_make(in("d/plain/g"), 0700, &problem));
  told("不是文件夹", "not a folder");
  assert_false(folder_make(in("d/plain"), 0700, &problem));
  assert_false(folder_make("", 0700, &problem));
  assert_false(folder_make("/proc/yingbin", 0700, &problem));
  told("/proc/yingbin", "/proc/yingbin");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(written_and_read), cmocka_unit_test(sizes),  cmocka_unit_test(unreadable), cmocka_unit_test(unwritable),
      cmocka_unit_test(half_written),     cmocka_unit_test(beside), cmocka_unit_test(folders)};
  return cmocka_run_group_tests(tests, up, down);
}
