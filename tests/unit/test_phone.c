/* SPDX-License-Identifier: Apache-2.0
 * Who has no code is found by their whole phone number and by nothing less; keys are made once; a pack
 * without the index is one of before.
 */
#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "core/ticket.h"
#include "folder_build.h"
#include "pack/pack.h"
#include "pack/phone.h"
#include "scratch.h"

#define MEET                                                                                                                   \
  "[pack]\nname = test\nrevoked = revoked.txt\n[event meet]\ntitle.en = Meet\nstarts = 2023-10-21 13:30\nends = 2023-10-21 "   \
  "18:00\n"                                                                                                                    \
  "tz = Asia/Shanghai\n"
#define REST "[roster r.csv]\nevent = meet\n[type guest]\n[station meet/door]\nkind = entry\n"

static struct scratch scratch;
static struct folder *f;
static struct minisign_key key;
static struct pack *pack;
static struct build built;

static void put(const char *name, const char *text) { scratch_write(scratch_file(&scratch, name), text, strlen(text)); }

static void build(const char *ini) {
  struct problem problem;
  put("pack.ini", ini);
  pack_close(pack);
  pack = NULL;
  built = folder_build(f, &scratch, &key, "test.ybp");
  if (!pack_open(scratch_file(&scratch, "test.ybp"), &pack, &problem)) fail_msg("%s", problem.en);
}

static int setup(void **state) {
  struct problem problem;
  bool locked;
  (void)state;
  assert_true(sodium_init() >= 0);
  scratch_make(&scratch);
  f = calloc(1, sizeof *f);
  assert_non_null(f);
  assert_true(minisign_new(scratch_file(&scratch, "k"), NULL, &problem) &&
              minisign_read_key(scratch_file(&scratch, "k.key"), NULL, &locked, &key, &problem));
  put("revoked.txt", "GONE-0123456789\n");
  put("r.csv", "姓名,手机,票种,签到码\n张三,+86 138-0000-0001,guest,\n李四,13800000002,guest,\n李小四,138 0000 0002,guest,\n"
               "王五,,guest,\n赵六,13800000003,guest,GONE-0123456789\nMaría,+34 600 000 002,guest,\n");
  return 0;
}

static int teardown(void **state) {
  (void)state;
  pack_close(pack);
  pack = NULL;
  folder_free(f);
  free(f);
  scratch_remove(&scratch);
  return 0;
}

static struct pack_phone_person person[SELF_PEOPLE_MAX];

static int find(const char *typed) {
  uint8_t salt[PACK_SALT], slow[PHONE_KEY];
  char digits[SELF_DIGITS_MOST + 1];
  if (!phone_digits(typed, digits)) return 0;
  assert_true(pack_phone_salt(pack, 0, salt) && phone_key(salt, digits, slow));
  return pack_phone_find(pack, 0, slow, person);
}

static void test_digits(void **state) {
  (void)state;
  static const char *const same[] = {"13800000001", "+8613800000001", "0086 138 0000 0001", "86-138-0000-0001"};
  static const char *const no[] = {"", "138", "123456", "1234567890123456", "+", "12345678901234567890123"};
  char digits[SELF_DIGITS_MOST + 1];
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    assert_true(phone_digits(same[i], digits));
    assert_string_equal(digits, "13800000001");
  }
  for (size_t i = 0; i < sizeof no / sizeof *no; i++) assert_false(phone_digits(no[i], digits));
  assert_true(phone_digits("020-8888 8888", digits));
  assert_string_equal(digits, "02088888888");
  assert_true(phone_digits("0034600000002", digits)); /* as people dial it */
  assert_string_equal(digits, "34600000002");
}

static void test_found(void **state) {
  (void)state;
  build(MEET "self_lookup = phone\n" REST);
  assert_int_equal(built.phones, 4);
  assert_int_equal(find("138 0000 0001"), 1);
  assert_string_equal(person[0].attendee.name, "张三");
  assert_true(person[0].attendee.event == 0 && person[0].attendee.type == 0 && person[0].lookup == LOOKUP_FOUND);
  struct question q = {.catalog = pack_catalog(pack), .station = 0}; /* the record has the same hash as one of a scan */
  char code[33];
  const char *issued = f->people[0].code;
  ticket_parse((const uint8_t *)issued, strlen(issued), &q.ticket);
  pack_find(pack, (const uint8_t *)issued, strlen(issued), &q, code);
  assert_int_equal(q.lookup, LOOKUP_FOUND);
  assert_string_equal(person[0].code, code);
  assert_int_equal(find("13800000002"), 2); /* a family */
  assert_string_equal(person[0].attendee.name, "李四");
  assert_string_equal(person[1].attendee.name, "李小四");
  assert_int_equal(find("13800000003"), 1);
  assert_int_equal(person[0].lookup, LOOKUP_REVOKED);
  assert_int_equal(find("+34 600 000 002"), 1);
  assert_int_equal(find("13800000004"), 0);
  assert_int_equal(find("0000001"), 0); /* the last digits are not the number */
}

static void test_warned(void **state) {
  (void)state;
  bool told = false;
  build(MEET "self_lookup = phone\n" REST);
  for (int i = 0; i < f->warnings.count; i++)
    told = told ||
           (strstr(f->warnings.at[i].en, "these 4 phone numbers by trying") && strstr(f->warnings.at[i].zh, "这 4 个手机号"));
  assert_true(told);
}

static void test_made_once(void **state) {
  (void)state;
  struct stat st;
  size_t len;
  build(MEET "self_lookup = phone\n" REST);
  assert_true(stat(scratch_file(&scratch, "phones.csv"), &st) == 0 && (st.st_mode & 0777) == 0600);
  char *before = scratch_read(scratch_file(&scratch, "phones.csv"), &len);
  build(MEET "self_lookup = phone\n" REST);
  char *after = scratch_read(scratch_file(&scratch, "phones.csv"), &len);
  assert_string_equal(before, after);
  assert_int_equal(find("13800000001"), 1);
  char *key_at = strstr(after, "13800000001,") + strlen("13800000001,"); /* a key that somebody changed is made again */
  key_at[0] = key_at[0] == 'a' ? 'b' : 'a';
  put("phones.csv", after);
  build(MEET "self_lookup = phone\n" REST);
  char *again = scratch_read(scratch_file(&scratch, "phones.csv"), &len);
  assert_string_equal(before, again);
  assert_int_equal(find("13800000001"), 1);
  free(before);
  free(after);
  free(again);
}

static int version(void) {
  sqlite3 *db;
  sqlite3_stmt *s;
  assert_int_equal(sqlite3_open(scratch_file(&scratch, "test.ybp"), &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(s), SQLITE_ROW);
  const int v = sqlite3_column_int(s, 0);
  sqlite3_finalize(s);
  sqlite3_close(db);
  return v;
}

/* Kiosks of before open it, and those of now find nobody in it. */
static void test_without(void **state) {
  (void)state;
  uint8_t salt[PACK_SALT], slow[PHONE_KEY] = {1};
  build(MEET REST);
  assert_int_equal(version(), PACK_VERSION);
  assert_false(pack_phone_salt(pack, 0, salt));
  assert_int_equal(pack_phone_find(pack, 0, slow, person), 0);
  assert_int_equal(built.phones, 0);
  struct stat st;
  assert_int_not_equal(stat(scratch_file(&scratch, "phones.csv"), &st), 0);
  build(MEET "self_lookup = phone\n" REST);
  assert_int_equal(version(), PACK_VERSION_PHONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_digits),
                                     cmocka_unit_test_setup_teardown(test_found, setup, teardown),
                                     cmocka_unit_test_setup_teardown(test_warned, setup, teardown),
                                     cmocka_unit_test_setup_teardown(test_made_once, setup, teardown),
                                     cmocka_unit_test_setup_teardown(test_without, setup, teardown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
