/* SPDX-License-Identifier: Apache-2.0
 * Keys and signatures: what we write we read, a key file's every flipped bit is seen, and a signature
 * holds for its file, key and comment alone. That minisign itself agrees is the command's story.
 */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pack/minisign.h"
#include "scratch.h"

static struct scratch scratch;
static struct problem problem;

static int setup(void **state) {
  (void)state;
  assert_true(sodium_init() >= 0);
  scratch_make(&scratch);
  assert_true(minisign_new(scratch_file(&scratch, "a"), NULL, &problem));
  return 0;
}

static int teardown(void **state) {
  (void)state;
  scratch_remove(&scratch);
  return 0;
}

static struct minisign_key read_key(const char *name) {
  struct minisign_key key;
  bool locked;
  if (!minisign_read_key(scratch_file(&scratch, name), NULL, &locked, &key, &problem)) fail_msg("%s", problem.en);
  return key;
}

static struct minisign_pub read_pub(const char *name) {
  struct minisign_pub pub;
  if (!minisign_read_pub(scratch_file(&scratch, name), &pub, &problem)) fail_msg("%s", problem.en);
  return pub;
}

static void test_pair(void **state) {
  (void)state;
  struct minisign_key key = read_key("a.key");
  struct minisign_pub pub = read_pub("a.pub");
  struct stat st;
  assert_memory_equal(key.id, pub.id, 8);
  assert_memory_equal(key.key + 32, pub.key, 32);
  assert_int_equal(stat(scratch_file(&scratch, "a.key"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  problem = (struct problem){"", ""};
  assert_false(minisign_new(scratch_file(&scratch, "a"), NULL, &problem)); /* never overwritten */
  assert_non_null(strstr(problem.en, "exists already"));
  struct minisign_key again = read_key("a.key");
  assert_memory_equal(&key, &again, sizeof key);
}

/* The second line of a public key file is a key by itself, as kiosk.conf may hold it. */
static void test_line(void **state) {
  (void)state;
  struct minisign_pub pub = read_pub("a.pub"), line;
  size_t len;
  char *text = scratch_read(scratch_file(&scratch, "a.pub"), &len), *second = strchr(text, '\n') + 1;
  second[strcspn(second, "\n")] = 0;
  assert_true(minisign_parse_pub(second, &line));
  assert_memory_equal(&pub, &line, sizeof pub);
  second[strlen(second) - 1] = 0;
  assert_false(minisign_parse_pub(second, &line));
  assert_false(minisign_parse_pub("", &line));
  assert_false(minisign_parse_pub("RWQ=", &line));
  free(text);
}

/* A flipped bit in the key's line is an error, or in what says how it is encrypted; never another key. */
static void test_damaged_key(void **state) {
  (void)state;
  size_t len;
  char *text = scratch_read(scratch_file(&scratch, "a.key"), &len);
  struct minisign_key key = read_key("a.key"), got;
  bool locked;
  for (size_t at = (size_t)(strchr(text, '\n') - text) + 1; at < len - 1; at++) {
    char kept = text[at];
    text[at] = kept == 'A' ? 'B' : 'A';
    scratch_write(scratch_file(&scratch, "bad.key"), text, len);
    if (minisign_read_key(scratch_file(&scratch, "bad.key"), NULL, &locked, &got, &problem))
      assert_memory_equal(&key, &got, sizeof key); /* a bit of the salt, which an open key doesn't use */
    text[at] = kept;
  }
  for (size_t n = 0; n < len - 1; n += 11) {
    scratch_write(scratch_file(&scratch, "bad.key"), text, n);
    problem = (struct problem){"", ""};
    assert_false(minisign_read_key(scratch_file(&scratch, "bad.key"), NULL, &locked, &got, &problem));
    assert_true(problem.zh[0] && problem.en[0]);
  }
  free(text);
}

static void test_signature(void **state) {
  (void)state;
  struct minisign_key key = read_key("a.key");
  struct minisign_pub pub = read_pub("a.pub");
  char comment[64], *sig;
  const char *file = scratch_file(&scratch, "file");
  char path[PATH_MAX], path_sig[PATH_MAX + 16];
  size_t len;
  strcpy(path, file);
  snprintf(path_sig, sizeof path_sig, "%s.minisig", path);
  scratch_write(path, "hello", 5);
  assert_true(minisign_sign(&key, path, "yingbin pack x build 1", &problem));
  assert_true(minisign_verify(&pub, path, comment, sizeof comment, &problem));
  assert_string_equal(comment, "yingbin pack x build 1");
  scratch_write(path, "hellO", 5);
  assert_false(minisign_verify(&pub, path, comment, sizeof comment, &problem));
  assert_non_null(strstr(problem.en, "does not match"));
  scratch_write(path, "hello", 5);
  sig = scratch_read(path_sig, &len);
  for (size_t at = (size_t)(strchr(sig, '\n') - sig) + 1; at < len - 1; at++) { /* all behind the untrusted comment */
    char kept = sig[at];
    sig[at] = kept == 'A' ? 'B' : 'A';
    scratch_write(path_sig, sig, len);
    bool good = minisign_verify(&pub, path, comment, sizeof comment, &problem);
    if (good) fail_msg("byte %zu of the signature may be anything", at);
    sig[at] = kept;
  }
  scratch_write(path_sig, sig, len);
  assert_true(minisign_verify(&pub, path, comment, 8, &problem)); /* a shorter buffer gets what fits */
  assert_string_equal(comment, "yingbin");
  free(sig);
}

static void test_other_key(void **state) {
  (void)state;
  struct minisign_key key = read_key("a.key");
  char path[PATH_MAX], comment[64];
  strcpy(path, scratch_file(&scratch, "other"));
  assert_true(minisign_new(scratch_file(&scratch, "b"), NULL, &problem));
  struct minisign_pub other = read_pub("b.pub"), pub = read_pub("a.pub");
  scratch_write(path, "x", 1);
  assert_true(minisign_sign(&key, path, "c", &problem));
  assert_false(minisign_verify(&other, path, comment, sizeof comment, &problem));
  assert_non_null(strstr(problem.en, "another key"));
  memcpy(other.id, pub.id, 8); /* of the same name, but not the same key */
  assert_false(minisign_verify(&other, path, comment, sizeof comment, &problem));
  assert_false(minisign_sign(&key, path, "two\nlines", &problem));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_pair), cmocka_unit_test(test_line),
                                     cmocka_unit_test(test_damaged_key), cmocka_unit_test(test_signature),
                                     cmocka_unit_test(test_other_key)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
