/* SPDX-License-Identifier: Apache-2.0
 * Workbooks as spreadsheets write them, and as they don't: every kind of cell as text, rows and sheets
 * that are hidden, merged headings, and what is refused with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tools/yingbin/roster.h"
#include "workbook.h"

static struct pool texts;
static struct roster_table table;
static struct remarks errors, warnings;

static bool read_bytes(const char *bytes, size_t len, const char *sheet) {
  static const char *const none[ROSTER_COLUMNS];
  roster_free(&table);
  remarks_free(&errors);
  remarks_free(&warnings);
  struct table_ask ask = {
      .file = "r.xlsx", .bytes = bytes, .len = len, .sheet = sheet, .errors = &errors, .warnings = &warnings};
  return roster_read(&ask, none, &texts, &table);
}

static bool read_book(const struct workbook *w, const char *sheet) {
  size_t len;
  char *bytes = workbook_make(w, &len);
  bool good = read_bytes(bytes, len, sheet);
  free(bytes);
  return good;
}

/* The rows of a sheet, with a heading 姓名, 手机, 单位, 座位, 签到码 in line 1. */
static struct workbook with_rows(const char *rows, const char *behind) {
  static char sheet[65536];
  snprintf(
      sheet, sizeof sheet,
      "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>姓名</t></is></c><c r='B1' t='inlineStr'><is><t>手机"
      "</t></is></c><c r='C1' t='inlineStr'><is><t>单位</t></is></c><c r='D1' t='inlineStr'><is><t>座位</t></is></c><c "
      "r='E1' t='inlineStr'><is><t>签到码</t></is></c></row>%s</sheetData>%s</worksheet>",
      rows, behind);
  return (struct workbook){.sheet = {.bytes = sheet, .len = strlen(sheet)}};
}

static void reads(const struct workbook *w) {
  if (!read_book(w, NULL)) fail_msg("%s", errors.at[0].en);
}

static void refuses(const struct workbook *w, const char *says) {
  assert_false(read_book(w, NULL));
  assert_true(errors.count > 0 && errors.at[0].zh[0]);
  if (!strstr(errors.at[0].en, says)) fail_msg("'%s' is not in: %s", says, errors.at[0].en);
}

static void warns(const char *says) {
  for (int i = 0; i < warnings.count; i++)
    if (strstr(warnings.at[i].en, says)) return;
  fail_msg("no warning says '%s'", says);
}

static void expect(int row, enum roster_column column, const char *text) {
  const char *field[ROSTER_COLUMNS];
  assert_true(row < table.rows);
  roster_fields(&table, &table.row[row], field);
  assert_string_equal(field[column], text);
}

static const char name[] = "<c r='A2' t='inlineStr'><is><t>张三</t></is></c>";

/* One cell beside a name: what it comes to. */
static void test_cells(void **state) {
  (void)state;
  static const char strings[] =
      "<sst><si><t>共享</t></si><si><r><t>星河</t></r><r><rPr/><t xml:space='preserve'> 数据</t></r><rPh><t>xx"
      "</t></rPh></si><si><t>a_x000D__x005F_b</t></si></sst>";
  static const char styles[] = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='000000'/><numFmt numFmtId='165' "
                               "formatCode='yyyy\"年\"m\"月\"d\"日\"'/><numFmt numFmtId='166' formatCode='[h]:mm'/><numFmt "
                               "numFmtId='167' formatCode='\"day\"0'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
                               "<xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='22'/><xf numFmtId='166'/><xf "
                               "numFmtId='167'/></cellXfs></styleSheet>";
  static const struct {
    const char *cell, *text;
  } cells[] = {
      {"<c r='C2' t='s'><v>0</v></c>", "共享"},
      {"<c r='C2' t='s'><v>1</v></c>", "星河 数据"},
      {"<c r='C2' t='s'><v>2</v></c>", "a _b"},
      {"<c r='C2' t='inlineStr'><is><t>=1+1</t></is></c>", "=1+1"},
      {"<c r='C2' t='str'><f>A1&amp;\"\"</f><v>x</v></c>", "x"},
      {"<c r='C2'><v>13800000001</v></c>", "13800000001"},
      {"<c r='C2'><v>1.38E10</v></c>", "13800000000"},
      {"<c r='C2'><v>0.5</v></c>", "0.5"},
      {"<c r='C2' s='2'><v>123</v></c>", "000123"},
      {"<c r='C2' s='1'><v>45220</v></c>", "2023-10-21"},
      {"<c r='C2' s='3'><v>45220</v></c>", "2023-10-21"},
      {"<c r='C2' s='4'><v>45220.5625</v></c>", "2023-10-21 13:30"},
      {"<c r='C2' s='1'><v>1</v></c>", "1900-01-01"},
      {"<c r='C2' s='1'><v>61</v></c>", "1900-03-01"},
      {"<c r='C2' s='5'><v>0.5</v></c>", "12:00"},
      {"<c r='C2' s='6'><v>7</v></c>", "7"},
      {"<c r='C2' t='b'><v>1</v></c>", "TRUE"},
      {"<x:c xmlns:x='y' r='C2'><x:v>7</x:v></x:c>", "7"},
      {"<c/><c t='inlineStr'><is><t>without places</t></is></c>", "without places"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char rows[1000];
    snprintf(rows, sizeof rows, "<row r='2'>%s%s</row>", name, cells[i].cell);
    struct workbook w = with_rows(rows, "");
    w.strings = (struct workbook_part){.bytes = strings, .len = sizeof strings - 1};
    w.styles = (struct workbook_part){.bytes = styles, .len = sizeof styles - 1};
    reads(&w);
    assert_int_equal(table.rows, 1);
    assert_string_equal(table.facts.label, "r.xlsx [名单]");
    expect(0, ROSTER_NAME, "张三");
    expect(0, ROSTER_ORGANIZATION, cells[i].text);
  }
}

static void test_wrong_cells(void **state) {
  (void)state;
  static const struct {
    const char *cell, *says;
  } cells[] = {
      {"<c r='B2'><v>1.10101199003070E+17</v></c>", "r.xlsx [名单], line 2, column 2 (B2): phone is 1.1010119900307E+17"},
      {"<c r='B2' t='inlineStr'><is><t>1.38E+10</t></is></c>", "line 2, column 2 (B2): phone is 1.38E+10: Excel has rewritten"},
      {"<c r='C2' t='e'><f>1/0</f><v>#DIV/0!</v></c>", "column 3 (C2): organization is a formula's error #DIV/0!"},
      {"<c r='C2'><f>A1</f></c>", "column 3 (C2): organization is a formula that was never calculated"},
      {"<c r='C2' t='s'><v>7</v></c>", "texts are missing"},
  };
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char rows[1000];
    snprintf(rows, sizeof rows, "<row r='2'>%s%s</row>", name, cells[i].cell);
    struct workbook w = with_rows(rows, "");
    refuses(&w, cells[i].says);
  }
}

/* In a cell, and shared: refused with its place, in any column that is read. */
static void test_huge_cell(void **state) {
  (void)state;
  enum { HUGE = 10 << 20 };
  char *sheet = malloc(HUGE + 1000), *strings = malloc(HUGE + 1000), *x = malloc(HUGE + 1);
  assert_true(sheet && strings && x);
  for (int i = 0; i < HUGE; i++) x[i] = (char)('a' + i % 65521 * 31 % 26);
  x[HUGE] = 0;
  static const char head[] =
      "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>name</t></is></c><c r='B1' "
      "t='inlineStr'><is><t>company</t></is></c></row><row r='2'><c r='A2' t='inlineStr'><is><t>x</t></is></c>";
  snprintf(sheet, HUGE + 1000, "%s<c r='B2' t='inlineStr'><is><t>%s</t></is></c></row></sheetData></worksheet>", head, x);
  struct workbook w = {.sheet = {.bytes = sheet, .len = strlen(sheet)}};
  refuses(&w, "r.xlsx [名单], line 2, column 2 (B2): organization is too long; at most 255 bytes");
  snprintf(sheet, HUGE + 1000, "%s<c r='B2' t='s'><v>0</v></c></row></sheetData></worksheet>", head);
  snprintf(strings, HUGE + 1000, "<sst><si><t>%s</t></si></sst>", x);
  w = (struct workbook){.sheet = {.bytes = sheet, .len = strlen(sheet)}, .strings = {.bytes = strings, .len = strlen(strings)}};
  refuses(&w, "line 2, column 2 (B2): organization is too long");
  free(sheet);
  free(strings);
  free(x);
}

static void test_hidden(void **state) {
  (void)state;
  struct workbook w = with_rows("<row r='2' hidden='1'><c t='inlineStr'><is><t>甲</t></is></c></row><row r='3'><c "
                                "t='inlineStr'><is><t>乙</t></is></c></row><row r='4' ht='0' customHeight='1'><c "
                                "t='inlineStr'><is><t>丙</t></is></c></row><row r='5' hidden='true'/>",
                                "");
  w.book = "<workbook xmlns:r='" WORKBOOK_RELS "'><sheets><sheet name='旧' state='hidden' r:id='r9'/><sheet name='A&amp;B' "
           "r:id='r1'/></sheets></workbook>";
  reads(&w);
  assert_int_equal(table.rows, 1);
  expect(0, ROSTER_NAME, "乙");
  assert_int_equal(table.row[0].line, 3);
  warns("r.xlsx [A&B], lines 2, 4: the rows are hidden");
  assert_false(read_book(&w, "nobody's"));
  assert_non_null(strstr(errors.at[0].en, "there is no sheet “nobody's”. There are: “A&B”"));
  assert_true(read_book(&w, "A&B"));
}

static void test_merged(void **state) {
  (void)state;
  struct workbook w =
      with_rows("<row r='2'><c t='inlineStr'><is><t>甲</t></is></c><c/><c t='inlineStr'><is><t>开源社</t></is></c>"
                "</row><row r='3'><c t='inlineStr'><is><t>乙</t></is></c></row>",
                "<mergeCells><mergeCell ref='C2:C3'/></mergeCells>");
  reads(&w);
  assert_int_equal(table.rows, 2);
  warns("r.xlsx [名单], line 2, column 3 (C2) “单位”: cells are merged");
  static const char sheet[] =
      "<worksheet><sheetData><row r='1'><c t='inlineStr'><is><t>报名表</t></is></c></row><row r='3'><c "
      "t='inlineStr'><is><t>姓名"
      "</t></is></c><c t='inlineStr'><is><t>联系方式</t></is></c><c/><c t='inlineStr'><is><t>公司</t></is></c></row><row r='4'>"
      "<c/><c t='inlineStr'><is><t>手机</t></is></c><c t='inlineStr'><is><t>邮箱</t></is></c></row><row r='5'><c "
      "t='inlineStr'><is>"
      "<t>甲</t></is></c><c><v>138</v></c><c t='inlineStr'><is><t>a@b.c</t></is></c><c "
      "t='inlineStr'><is><t>x</t></is></c></row>"
      "</sheetData></worksheet>";
  w = (struct workbook){.sheet = {.bytes = sheet, .len = sizeof sheet - 1}};
  reads(&w);
  assert_int_equal(table.rows, 1);
  expect(0, ROSTER_PHONE, "138");
  expect(0, ROSTER_EMAIL, "a@b.c");
  expect(0, ROSTER_ORGANIZATION, "x");
}

static void test_dates_are_doubtful(void **state) {
  (void)state;
  static const char styles[] = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>";
  struct workbook w =
      with_rows("<row r='2'><c t='inlineStr'><is><t>甲</t></is></c><c/><c/><c s='1'><v>44990</v></c></row>", "");
  w.styles = (struct workbook_part){.bytes = styles, .len = sizeof styles - 1};
  reads(&w);
  expect(0, ROSTER_SEAT, "2023-03-05");
  warns("r.xlsx [名单], line 2, column 4 (D2) “座位”: the cell is a date");
  char rows[4000] = "";
  for (int i = 2; i < 14; i++)
    snprintf(rows + strlen(rows), sizeof rows - strlen(rows),
             "<row r='%d'><c t='inlineStr'><is><t>甲_x202E_\u202e</t></is></c></row>", i);
  w = with_rows(rows, "");
  reads(&w);
  warns("r.xlsx [名单], lines 2, 3, 4, 5, 6, 7, 8, 9, ... (12 in all), column 1 (A2, A3, A4, A5, A6, A7, A8, A9, ...) “姓名”: "
        "hidden characters that turn");
}

static void test_attacks(void **state) {
  (void)state;
  static const char laughs[] = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><worksheet><sheetData><row><c "
                               "t='inlineStr'><is><t>&b;</t></is></c></row></sheetData></worksheet>";
  struct workbook w = {.sheet = {.bytes = laughs, .len = sizeof laughs - 1}};
  refuses(&w, "declares a document type");
  static const char cut[] = "<worksheet><sheetData><row>";
  w.sheet = (struct workbook_part){.bytes = cut, .len = sizeof cut - 1};
  refuses(&w, "the Excel file is damaged (xl/worksheets/sheet1.xml: XML 1:");
  char deep[2000] = "<worksheet>";
  for (int i = 0; i < 100; i++) strcat(deep, "<a>");
  w.sheet = (struct workbook_part){.bytes = deep, .len = strlen(deep)};
  refuses(&w, "damaged");
  size_t len = 80 << 20;
  char *blanks = malloc(len);
  assert_non_null(blanks);
  memset(blanks, ' ', len);
  memcpy(blanks, "<worksheet>", 11);
  w.sheet = (struct workbook_part){.bytes = blanks, .len = len};
  refuses(&w, "sheet1.xml unpacks to 80 MB, which is no roster (perhaps a zip bomb)"); /* before it is unpacked */
  free(blanks);
  w = with_rows("<row r='2'><c t='inlineStr'><is><t>甲</t></is></c></row>", "");
  w.other = (struct workbook_part){.name = "xl/vbaProject.bin", .bytes = "x", .len = 1};
  reads(&w);
  warns("the file holds macros; they were not run");
}

/* An archive that says less than it holds is read no further than it says. */
static void test_liar(void **state) {
  (void)state;
  static const char part[] = "xl/worksheets/sheet1.xml";
  struct workbook w = with_rows("<row r='2'><c t='inlineStr'><is><t>甲</t></is></c></row>", "");
  size_t len, lies = 0;
  char *bytes = workbook_make(&w, &len);
  for (size_t i = 46; i + sizeof part <= len; i++) {
    if (memcmp(bytes + i, part, sizeof part - 1) != 0) continue;
    bool listed = !memcmp(bytes + i - 46, "PK\1\2", 4);
    memcpy(listed ? bytes + i - 46 + 24 : bytes + i - 30 + 22, "\100\0\0\0", 4); /* 64 bytes */
    lies++;
  }
  assert_int_equal(lies, 2);
  assert_false(read_bytes(bytes, len, NULL));
  if (!strstr(errors.at[0].en, "sheet1.xml: zip: longer than it says")) fail_msg("%s", errors.at[0].en);
  free(bytes);
}

static void test_not_workbooks(void **state) {
  (void)state;
  static const char locked[] = "\xD0\xCF\x11\xE0....E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
  static const struct {
    const char *bytes;
    size_t len;
    const char *says;
  } files[] = {
      {"\xD0\xCF\x11\xE0.......", 11, "this is an old Excel file (.xls), not a roster"},
      {locked, sizeof locked, "protected with a password"},
      {"\x89PNG\r\n\x1A\n....", 12, "this is a PNG picture, not a roster (renaming doesn't change that)"},
      {"\xFF\xD8\xFF\xE0..", 6, "a JPEG picture"},
      {"%PDF-1.7", 8, "a PDF file"},
      {"<html><table><tr><td>姓名", 24, "a web page (HTML)"},
      {"\xFF\xFE<\0h\0t\0m\0l\0>\0", 14, "a web page (HTML)"},
      {"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", 84,
       "XML spreadsheet of Excel 2003"},
      {"PK\3\4xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 36, "the Excel file is damaged or incomplete"},
      {"PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22, "r.xlsx"},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    assert_false(read_bytes(files[i].bytes, files[i].len, NULL));
    if (!strstr(errors.at[0].en, files[i].says)) fail_msg("'%s' is not in: %s", files[i].says, errors.at[0].en);
  }
}

static int teardown(void **state) {
  (void)state;
  roster_free(&table);
  remarks_free(&errors);
  remarks_free(&warnings);
  pool_free(&texts);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cells),   cmocka_unit_test(test_wrong_cells), cmocka_unit_test(test_huge_cell),
      cmocka_unit_test(test_hidden),  cmocka_unit_test(test_merged),      cmocka_unit_test(test_dates_are_doubtful),
      cmocka_unit_test(test_attacks), cmocka_unit_test(test_liar),        cmocka_unit_test(test_not_workbooks)};
  return cmocka_run_group_tests(tests, NULL, teardown);
}
