/* SPDX-License-Identifier: Apache-2.0
 * INI texts as people write them, and what is said of those that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ini.h"

static struct ini ini;
static struct ini_item item;
static struct problem problem;

static void start(const char *text, size_t len) {
  ini_init(&ini, "pack.ini", text, len);
  problem = (struct problem){"", ""};
}

static enum ini_kind next(void) { return ini_next(&ini, &item, &problem); }

static void section(const char *name, const char *argument, int line) {
  assert_int_equal(next(), INI_SECTION);
  assert_int_equal(item.kind, INI_SECTION);
  assert_int_equal(item.line, line);
  assert_true(slice_is(item.section, name));
  assert_true(slice_is(item.argument, argument));
}

static void pair(const char *key, const char *value, int line) {
  assert_int_equal(next(), INI_PAIR);
  assert_int_equal(item.line, line);
  assert_true(slice_is(item.key, key));
  assert_true(slice_is(item.value, value));
}

static void as_people_write(void **state) {
  (void)state;
  static const char text[] =
      "\xEF\xBB\xBF# 注释\r\n[pack]\r\nname = kcc\r\n\r\n\t; another\n"
      "[ event   kcc-guangzhou ]\ntitle.zh-Hans=大会 # 不是注释 ; 也不是\n  site =  https://a.example/?x=1&y=2  \nempty =\n"
      "[roster my guests.csv]\nlast = no newline";
  start(text, sizeof(text) - 1);
  section("pack", "", 2);
  pair("name", "kcc", 3);
  section("event", "kcc-guangzhou", 6);
  pair("title.zh-Hans", "大会 # 不是注释 ; 也不是", 7);
  pair("site", "https://a.example/?x=1&y=2", 8);
  pair("empty", "", 9);
  section("roster", "my guests.csv", 10);
  pair("last", "no newline", 11);
  assert_int_equal(next(), INI_END);
  assert_int_equal(next(), INI_END);
  assert_string_equal(problem.zh, "");
}

static void empty_texts(void **state) {
  (void)state;
  static const char *const texts[] = {"", "\xEF\xBB\xBF", "\n\n\r\n", "# only\n;comments", "   \t "};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    start(texts[i], strlen(texts[i]));
    assert_int_equal(next(), INI_END);
  }
}

static void bad_lines_are_named(void **state) {
  (void)state;
  static const struct {
    const char *line;
    size_t len;
    const char *zh, *en;
  } rows[] = {
      {"[event", 6, "“]”", "“]”"},
      {"[]", 2, "小节名", "section's name"},
      {"[  ]", 4, "小节名", "section's name"},
      {"name", 4, "键 = 值", "key = value"},
      {"= value", 7, "“=”前面", "before “=”"},
      {"键 ＝ 值", 11, "全角", "full-width"},
      {"a = \xB4\xF3\xBB\xE1", 8, "UTF-8", "UTF-8"}, /* GB18030 */
      {"a = b\0c", 7, "空字节", "NUL"},
      {"# \xB4\xF3", 4, "UTF-8", "UTF-8"}, /* in a comment, too: the file has a wrong encoding */
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char text[64] = "ok = 1\n";
    memcpy(text + 7, rows[i].line, rows[i].len);
    memcpy(text + 7 + rows[i].len, "\nok = 2\n", 8);
    start(text, 7 + rows[i].len + 8);
    pair("ok", "1", 1);
    assert_int_equal(next(), INI_BAD);
    assert_int_equal(item.line, 2);
    if (!strstr(problem.zh, rows[i].zh) || !strstr(problem.en, rows[i].en))
      fail_msg("row %zu: %s / %s", i, problem.zh, problem.en);
    assert_non_null(strstr(problem.zh, "pack.ini 第 2 行"));
    assert_non_null(strstr(problem.en, "pack.ini, line 2"));
    pair("ok", "2", 3); /* and goes on behind it */
    assert_int_equal(next(), INI_END);
  }
}

static void long_lines(void **state) {
  (void)state;
  size_t n = 1000000;
  char *text = malloc(n + 4);
  assert_non_null(text);
  memcpy(text, "k = ", 4);
  memset(text + 4, 'v', n);
  start(text, n + 4);
  assert_int_equal(next(), INI_PAIR);
  assert_int_equal(item.value.len, n);
  free(text);
}

static void unknown_keys(void **state) {
  (void)state;
  static const char *const known[] = {"name", "build", "title", NULL};
  static const char text[] = "\n\nnmae = x\n";
  start(text, sizeof(text) - 1);
  assert_int_equal(next(), INI_PAIR);
  assert_false(ini_unknown(&ini, &item, known, &problem));
  assert_string_equal(problem.en, "pack.ini, line 3: unknown key “nmae”. Known keys: name, build, title");
  assert_string_equal(problem.zh, "pack.ini 第 3 行：没有“nmae”这个键。可用的键：name, build, title");
}

static void many_known_keys(void **state) {
  (void)state;
  const char *known[201];
  for (int i = 0; i < 200; i++) known[i] = "a.rather.long.key";
  known[200] = NULL;
  start("x = 1", 5);
  next();
  assert_false(ini_unknown(&ini, &item, known, &problem));
  assert_string_equal(problem.en + strlen(problem.en) - strlen(", …"), ", …");
}

static void copies(void **state) {
  (void)state;
  char out[4] = "zzz";
  assert_true(slice_copy((struct slice){"abcdef", 3}, out, sizeof(out)));
  assert_string_equal(out, "abc");
  assert_false(slice_copy((struct slice){"abcdef", 4}, out, sizeof(out)));
  assert_string_equal(out, "");
  assert_true(slice_is((struct slice){"abcdef", 3}, "abc"));
  assert_false(slice_is((struct slice){"abcdef", 3}, "abcd"));
  assert_false(slice_is((struct slice){"abcdef", 3}, "ab"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_people_write), cmocka_unit_test(empty_texts),  cmocka_unit_test(bad_lines_are_named),
      cmocka_unit_test(long_lines),      cmocka_unit_test(unknown_keys), cmocka_unit_test(many_known_keys),
      cmocka_unit_test(copies)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
