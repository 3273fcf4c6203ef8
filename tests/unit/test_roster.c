/* SPDX-License-Identifier: Apache-2.0
 * Rosters as people save them: encodings, delimiters, quotes, headings; and for each mistake the file,
 * the line and what to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tools/yingbin/roster.h"

static struct pool texts;
static struct roster_table table;
static struct remarks errors, warnings;
static const char *wanted[ROSTER_COLUMNS], *encoding;

static bool parse_bytes(const char *text, size_t len) {
  roster_free(&table);
  remarks_free(&errors);
  remarks_free(&warnings);
  struct table_ask ask = {
      .file = "r.csv", .bytes = text, .len = len, .encoding = encoding, .errors = &errors, .warnings = &warnings};
  return roster_read(&ask, wanted, &texts, &table);
}

static void parse(const char *text) {
  if (!parse_bytes(text, strlen(text))) fail_msg("%s", errors.at[0].en);
}

static void refuse(const char *text, const char *says) {
  assert_false(parse_bytes(text, strlen(text)));
  assert_true(errors.count > 0 && errors.at[0].zh[0]);
  if (!strstr(errors.at[0].en, says)) fail_msg("'%s' is not in: %s", says, errors.at[0].en);
}

static void expect(int row, enum roster_column column, const char *text) {
  assert_true(row < table.rows);
  const char *field[ROSTER_COLUMNS];
  roster_fields(&table, &table.row[row], field);
  assert_string_equal(field[column], text);
}

static int teardown(void **state) {
  (void)state;
  roster_free(&table);
  remarks_free(&errors);
  remarks_free(&warnings);
  pool_free(&texts);
  return 0;
}

static void test_forms(void **state) {
  (void)state;
  static const char *const same[] = {"姓名,手机\n张三,1\n李四,2\n",
                                     "\xEF\xBB\xBF姓名,手机\r\n张三,1\r\n李四,2\r\n",
                                     "姓名;手机\n张三;1\n李四;2",
                                     "姓名\t手机\n张三\t1\n李四\t2\n",
                                     "\"姓名\",\"手机\"\n\"张三\",\"1\"\n\"李四\",\"2\"\n",
                                     "姓名,手机\r张三,1\r李四,2\r",
                                     "\n\n姓名,手机,\n张三,1,\n,,\n李四,2,\n\n"};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    parse(same[i]);
    assert_int_equal(table.rows, 2);
    expect(0, ROSTER_NAME, "张三");
    expect(0, ROSTER_PHONE, "1");
    expect(1, ROSTER_NAME, "李四");
    expect(1, ROSTER_PHONE, "2");
    expect(1, ROSTER_EMAIL, "");
  }
}

static void test_cells(void **state) {
  (void)state;
  parse("姓名,公司,职位\n\" 张 三　\",\"a, \"\"b\"\"\",\"line\r\nbreak\"\n  李四 ,\xC2\xA0x\xE2\x80\x8B,y\n");
  expect(0, ROSTER_NAME, "张 三");
  expect(0, ROSTER_ORGANIZATION, "a, \"b\"");
  expect(0, ROSTER_TITLE, "line break");
  expect(1, ROSTER_NAME, "李四");
  expect(1, ROSTER_ORGANIZATION, "x");
  assert_int_equal(table.row[0].line, 2);
  assert_int_equal(table.row[1].line, 4); /* a row's line is where it begins, past cells of several lines */
  parse("姓名,公司\n\"\n\n张三\",a\n李四,b\n");
  expect(0, ROSTER_NAME, "张三");
  assert_int_equal(table.row[0].line, 2);
  assert_int_equal(table.row[1].line, 5);
}

static void test_headings(void **state) {
  (void)state;
  parse("Ticket Number,Full Name*,昵称,Phone (mobile),E-mail,Company,Job Title,Ticket Type,Order No.,QR Code,Seat,Status,Party "
        "Size,Flag\n"
        "1,2,3,4,5,6,7,8,9,10,11,12,13,14\n");
  static const struct {
    enum roster_column column;
    const char *text;
  } all[] = {{ROSTER_NUMBER, "1"},       {ROSTER_NAME, "2"},  {ROSTER_PHONE, "4"},   {ROSTER_EMAIL, "5"},
             {ROSTER_ORGANIZATION, "6"}, {ROSTER_TITLE, "7"}, {ROSTER_TYPE, "8"},    {ROSTER_ORDER, "9"},
             {ROSTER_CODE, "10"},        {ROSTER_SEAT, "11"}, {ROSTER_STATUS, "12"}, {ROSTER_PARTY, "13"},
             {ROSTER_ATTENTION, "14"}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) expect(0, all[i].column, all[i].text);
  parse("昵称,手机号（必填）,票种\n小鹿🎉,1,观众\n"); /* a nickname where there is no name */
  expect(0, ROSTER_NAME, "小鹿🎉");
  expect(0, ROSTER_PHONE, "1");
}

/* First and last name in two columns, in the order of the script that they are written in. */
static void test_two_columns(void **state) {
  static const struct {
    const char *row, *name;
  } names[] = {{"欧阳,晓晴", "欧阳晓晴"},
               {"Hernández,María", "María Hernández"},
               {"陈,Alex", "Alex 陈"},
               {"김,민수", "김민수"},
               {"ヤマダ,たろう", "ヤマダたろう"},
               {"Иванова,Анна", "Анна Иванова"},
               {"𠅤,〇一", "𠅤〇一"},
               {",Cher", "Cher"},
               {"张,", "张"},
               {"  van der Berg ,J. ", "J. van der Berg"}};
  static const char *const heads[] = {"Last Name,First Name,Email\n", "姓,名,手机\n", "1、您的姓*,2、您的名*,邮箱\n",
                                      "姓名,,手机\n姓,名,\n", "Surname,Given name,Nickname\n"};
  (void)state;
  for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
      char text[256];
      snprintf(text, sizeof text, "%s%s,5\n", heads[h], names[i].row);
      parse(text);
      assert_int_equal(table.rows, 1);
      expect(0, ROSTER_NAME, names[i].name);
    }
  }
  parse("Name,First name,Last name,Phone\n李四,Four,Lee,1\n,Five,Wang,2\n"); /* whole names first */
  expect(0, ROSTER_NAME, "李四");
  expect(1, ROSTER_NAME, "Five Wang");
  expect(1, ROSTER_PHONE, "2");
  parse("姓;名;手机\n张;三;1\n");
  expect(0, ROSTER_NAME, "张三");
  refuse("姓,名,手机\n,,1\n", "line 2, column 1: the name is empty");
  wanted[ROSTER_FAMILY] = "氏", wanted[ROSTER_GIVEN] = "下の名前";
  parse("氏,下の名前\n山田,太郎\n");
  expect(0, ROSTER_NAME, "山田太郎");
  refuse("氏,名字\n山田,太郎\n", "“下の名前” (given) is not in the file");
  wanted[ROSTER_FAMILY] = wanted[ROSTER_GIVEN] = NULL;
}

static void test_wanted(void **state) {
  (void)state;
  wanted[ROSTER_NAME] = "怎么称呼您？";
  parse("姓名,怎么称呼您？\na,b\n");
  expect(0, ROSTER_NAME, "b");
  refuse("姓名,手机\na,b\n", "“怎么称呼您？” (name) is not in the file");
  refuse("怎么称呼您？,怎么称呼您？\na,b\n", "more than once");
  wanted[ROSTER_NAME] = NULL;
}

/* Every place at which bytes don't fit, beside what else is wrong; ten of them are enough. */
static void test_many_bad_bytes(void **state) {
  char text[4096] = "姓名,手机\n";
  (void)state;
  static const char utf8[] = "姓名,手机\n张\xFF三,1\n,2\n李四,3\n王\xE4\xBD,4\n";
  assert_false(parse_bytes(utf8, sizeof utf8 - 1));
  assert_int_equal(errors.count, 3);
  assert_non_null(strstr(errors.at[0].en, "line 2, behind “张” (byte 18 of the file): FF is not UTF-8. If the encoding"));
  assert_non_null(strstr(errors.at[1].en, "line 5, behind “王” (byte 40 of the file): E4 BD is not UTF-8"));
  assert_null(strstr(errors.at[1].en, "If the encoding"));
  assert_non_null(strstr(errors.at[2].en, "line 3, column 1: the name is empty"));
  encoding = "gb18030";
  static const char gb[] = "name,phone\n\xD5\xC5\xFF\xC8\xFD,1\n\xC0\xEE,\xFF,\n\xC0";
  assert_false(parse_bytes(gb, sizeof gb - 1));
  assert_int_equal(errors.count, 3 + 1); /* three bytes, and a cell too many */
  assert_non_null(strstr(errors.at[0].en, "line 2, behind “张” (byte 14 of the file): FF is not GB18030"));
  assert_non_null(strstr(errors.at[1].en, "line 3, behind “李,” (byte 23 of the file): FF is not GB18030"));
  assert_non_null(strstr(errors.at[2].en, "line 4, at its beginning (byte 26 of the file): C0 is not GB18030"));
  encoding = NULL;
  for (int i = 0; i < 30; i++) strcat(text, "张三张三\xFF,1\n");
  assert_false(parse_bytes(text, strlen(text)));
  assert_int_equal(errors.count, 10);
  /* EUC-JP, which we don't read, is not taken for UTF-16, which would have zeros */
  refuse("\xC0\xAB,\xCC\xBE,\xBC\xEA\xB5\xA1\n\xB2\xA4\xCD\xDB,\xB6\xC7\xC0\xB2,1\n\xC4\xC2,\xB0\xEC,2\n",
         "no column of names");
}

static void test_mistakes(void **state) {
  (void)state;
  static const char nul[] = "姓名\na\0b\n";
  assert_false(parse_bytes(nul, sizeof nul - 1));
  assert_non_null(strstr(errors.at[0].en, "line 2, behind “a” (byte 9 of the file): there is a NUL byte"));
  static const char wide[] = "n\0a\0m\0e\0\n\0x\0\0\0\n\0", gb[] = "\xD0\xD5\xC3\xFB\n\xD5\xC5\0\n";
  assert_false(parse_bytes(wide, sizeof wide - 1));
  assert_non_null(strstr(errors.at[0].en, "line 2, behind “x” (byte 13 of the file): there is a NUL byte"));
  encoding = "gbk";
  assert_false(parse_bytes(gb, sizeof gb - 1));
  assert_non_null(strstr(errors.at[0].en, "line 2, behind “张” (byte 8 of the file): there is a NUL byte"));
  assert_false(parse_bytes("\xD0\xD5\xC3\xFB\n\xD5\xC5\xFF\n", 9));
  assert_non_null(strstr(errors.at[0].en, "line 2, behind “张” (byte 8 of the file): FF is not GB18030"));
  encoding = NULL;
  refuse("", "the file is empty");
  refuse("\n\n", "the file is empty");
  refuse("姓名,手机\n", "nobody below the headings of line 1");
  refuse("手机\n1\n", "no column of names");
  refuse("姓名\n张三\n李四\nab\xD5\xC5\n", "r.csv, line 4, behind “ab” (byte 24 of the file): D5 C5 is not UTF-8");
  refuse("姓名\n张三\n李四\nab\xC0\x80\n", "behind “ab” (byte 24 of the file): C0 80 is not UTF-8");
  refuse("姓名,手机\na\n", "r.csv, line 2: 1 columns, the headings have 2");
  refuse("姓名,手机\na,1\nb,2,3\n", "r.csv, line 3: 3 columns");
  refuse("姓名,手机\n,1\n", "r.csv, line 2, column 1: the name is empty");
  refuse("姓名,手机\na,\"1\n", "r.csv, line 2, column 2: the cell begins with a quote whose pair is nowhere");
  char text[2000] = "姓名,公司\n张三,";
  memset(text + strlen(text), 'x', 300);
  refuse(text, "r.csv, line 2, column 2: organization is too long");
}

/* Quotes where none may be: which cell, what it is; and the lines behind it are read, too. */
static void test_quotes(void **state) {
  static const char *const says[] = {
      "r.csv, line 2, column 2, behind “x”: there is a quote in a cell that isn't quoted (a formula or JSON?)",
      "r.csv, line 3, column 1, behind “=HYPERLINK(”: there is a quote in a cell that isn't quoted",
      "r.csv, line 4, column 2, behind “{”: there is a quote in a cell that isn't quoted",
      "r.csv, line 6, column 2, behind “two lines ”: the cell goes on behind its closing quote",
      "r.csv, line 8, column 1: the name is empty"};
  (void)state;
  static const char text[] =
      "姓名,手机\na,x\"1\n=HYPERLINK(\"http://a\",\"b\"),1\nb,{\"id\":7}\nc,\"two\nlines \"x\"\nd,1\n,1\n";
  assert_false(parse_bytes(text, strlen(text)));
  for (int i = 0; i < 5; i++) {
    assert_true(i < errors.count);
    if (!strstr(errors.at[i].en, says[i])) fail_msg("'%s' is not in: %s", says[i], errors.at[i].en);
  }
  assert_int_equal(errors.count, 5);
  char many[4000] = "姓名,手机\n";
  for (int i = 0; i < 30; i++) strcat(many, "甲,x\"1\n");
  assert_false(parse_bytes(many, strlen(many)));
  assert_int_equal(errors.count, 10);
  memcpy(many, "姓名\"手机", strlen("姓名\"手机"));
  assert_false(parse_bytes(many, strlen(many)));
  assert_int_equal(errors.count, 1); /* in the headings: nothing is said of rows without any */
  assert_non_null(strstr(errors.at[0].en, "line 1, column 1, behind “姓名”: there is a quote"));
}

/* All mistakes at once, up to a limit that is said. */
static void test_many_mistakes(void **state) {
  (void)state;
  char text[4000] = "姓名,手机\n";
  for (int i = 0; i < 80; i++) strcat(text, ",1\n");
  assert_false(parse_bytes(text, strlen(text)));
  assert_int_equal(errors.count + errors.more, 80);
  assert_non_null(strstr(errors.at[9].en, "line 11"));
}

/* What a cell says without being refused: by line, column and heading, each column for itself. */
static void test_doubtful_cells(void **state) {
  static const char *const says[] = {
      "r.csv, lines 2, 4, column 1 “姓名”: hidden characters that turn text round (such as U+202E) were taken out",
      "r.csv, line 3, column 2 “公司”: hidden characters that turn",
      "r.csv, line 4, column 2 “公司”: control characters were taken out",
      "r.csv, line 2, column 1 “姓名”: there is a ? or � in a name",
      "r.csv, line 4, column 3 “签到码”: the code is in full-width characters"};
  (void)state;
  parse("姓名,公司,签到码\n张\u202e三?,a,1\n李四,b\u2066,2\n王\u202d五,c\a,３\n");
  assert_int_equal(warnings.count, 5);
  for (int i = 0; i < 5; i++) {
    if (!strstr(warnings.at[i].en, says[i])) fail_msg("'%s' is not in: %s", says[i], warnings.at[i].en);
  }
  assert_non_null(strstr(warnings.at[0].zh, "r.csv 第 2、4 行第 1 列「姓名」：有改变文字方向的隐藏字符"));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms),         cmocka_unit_test(test_cells),
                                     cmocka_unit_test(test_headings),      cmocka_unit_test(test_two_columns),
                                     cmocka_unit_test(test_wanted),        cmocka_unit_test(test_many_bad_bytes),
                                     cmocka_unit_test(test_quotes),        cmocka_unit_test(test_mistakes),
                                     cmocka_unit_test(test_many_mistakes), cmocka_unit_test(test_doubtful_cells)};
  return cmocka_run_group_tests(tests, NULL, teardown);
}
