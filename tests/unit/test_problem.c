/* SPDX-License-Identifier: Apache-2.0
 * What is told to people, in both languages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/problem.h"
#include "base/utf8.h"

static void both_texts(void **state) {
  (void)state;
  struct problem p;
  assert_false(problem_set(&p, "第 %2$d 行：%1$s", "%1$s, line %2$d", "pack.ini", 7));
  assert_string_equal(p.zh, "第 7 行：pack.ini");
  assert_string_equal(p.en, "pack.ini, line 7");
  assert_false(problem_set(&p, "%1$s%2$.0s", "%2$s%1$.0s", "是", "yes")); /* one argument a language */
  assert_string_equal(p.zh, "是");
  assert_string_equal(p.en, "yes");
  assert_false(problem_set(NULL, "%d", "%d", 1));
}

static void within(void **state) {
  (void)state;
  struct problem p;
  problem_set(&p, "空", "empty");
  assert_false(problem_within(&p, "kcc.csv"));
  assert_string_equal(p.zh, "kcc.csv：空");
  assert_string_equal(p.en, "kcc.csv: empty");
  assert_false(problem_set(&p, "%s！", "%s!", p.en)); /* its own text as an argument */
  assert_string_equal(p.en, "kcc.csv: empty!");
}

/* At every alignment of three-byte characters to the end, the cut is behind a whole one and can be seen. */
static void cut_at_a_character(void **state) {
  (void)state;
  for (size_t pad = 0; pad < 3; pad++) {
    struct problem p;
    char text[3000];
    memset(text, 'x', pad);
    for (size_t i = pad; i + 3 < sizeof(text); i += 3) memcpy(text + i, "名", 4);
    problem_set(&p, "%s", "%s", text);
    size_t len = strlen(p.zh);
    assert_true(len < sizeof(p.zh) && len > sizeof(p.zh) - 8);
    assert_true(utf8_valid(p.zh, len));
    assert_string_equal(p.zh + len - 3, "…");
    assert_memory_equal(p.zh, text, len - 3);
  }
}

static void exactly_full(void **state) {
  (void)state;
  struct problem p;
  char text[sizeof(p.zh) + 1];
  memset(text, 'x', sizeof(text));
  text[sizeof(p.zh) - 1] = '\0';
  problem_set(&p, "%s", "%s", text);
  assert_string_equal(p.zh, text);
  text[sizeof(p.zh) - 1] = 'x';
  text[sizeof(p.zh)] = '\0';
  problem_set(&p, "%s", "%s", text);
  assert_string_not_equal(p.zh, text);
}

static void system_reasons(void **state) {
  (void)state;
  struct problem p;
  assert_false(problem_system(&p, ENOSPC, "无法写入", "can't write", "a.ybp"));
  assert_string_equal(p.zh, "无法写入“a.ybp”：磁盘已满，请腾出空间后重试。");
  assert_string_equal(p.en, "can't write “a.ybp”: the disk is full; free some space and try again.");
  problem_system(&p, EPROTOTYPE, "无法写入", "can't write", "a.ybp"); /* a rare one */
  assert_non_null(strstr(p.zh, "a.ybp"));
  assert_true(strlen(strrchr(p.en, ':')) > 5);
}

static void utf8(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t len;
    bool valid;
  } rows[] = {
      {"", 0, true},
      {"a", 1, true},
      {"名", 3, true},
      {"\U0001F338", 4, true},
      {"\U0010FFFF", 4, true},
      {"\x80", 1, false},
      {"\xC0\x80", 2, false},
      {"\xC1\xBF", 2, false},
      {"\xC2", 1, false},
      {"\xC2\x80", 2, true},
      {"\xE0\x9F\xBF", 3, false},
      {"\xED\xA0\x80", 3, false},
      {"\xEF\xBF\xBF", 3, true},
      {"\xE5\x90", 2, false},
      {"\xF0\x8F\xBF\xBF", 4, false},
      {"\xF4\x90\x80\x80", 4, false},
      {"\xF5\x80\x80\x80", 4, false},
      {"\xFF", 1, false},
      {"\xE5\x90\x8D\xE5", 4, false},
      {"a\0b", 3, true},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (utf8_valid(rows[i].text, rows[i].len) != rows[i].valid) fail_msg("row %zu", i);
  assert_int_equal(utf8_cut("名字", 6, 5), 3);
  assert_int_equal(utf8_cut("名字", 6, 6), 6);
  assert_int_equal(utf8_cut("名字", 6, 2), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(both_texts),         cmocka_unit_test(within),
                                     cmocka_unit_test(cut_at_a_character), cmocka_unit_test(exactly_full),
                                     cmocka_unit_test(system_reasons),     cmocka_unit_test(utf8)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
