/* SPDX-License-Identifier: Apache-2.0
 * Cells as people type them, made plain; headings by their usual names; texts through a CSV that a
 * spreadsheet opens and back; and encodings found out, with their bad bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/yingbin/cells.h"
#include "tools/yingbin/roster.h"

static void test_clean(void **state) {
  (void)state;
  static const struct {
    enum roster_column column;
    const char *text, *clean;
    unsigned notes;
  } cells[] = {
      {ROSTER_NAME, "　张　三\u00A0", "张 三", 0},
      {ROSTER_NAME, "张\r\n\t 三", "张 三", 0},
      {ROSTER_NAME, "\uFEFF张\u200B三\u00AD", "张三", 0},
      {ROSTER_NAME, "ＡＬＩＣＥ　Ｗ", "ＡＬＩＣＥ　Ｗ", 0},
      {ROSTER_NAME, "张\u202E三\u2066", "张三", CELL_NOTE_DIRECTION},
      {ROSTER_NAME, "张\x07三\xC2\x9B", "张三", CELL_NOTE_CONTROL},
      {ROSTER_NAME, "陈?", "陈?", CELL_NOTE_LOST},
      {ROSTER_NAME, "陈\uFFFD", "陈\uFFFD", CELL_NOTE_LOST},
      {ROSTER_NAME, "一家👨\u200D👩\u200D👧", "一家👨\u200D👩\u200D👧", 0},
      {ROSTER_NAME, "=1+1", "=1+1", 0},
      {ROSTER_NAME, "'=1+1", "=1+1", 0},
      {ROSTER_NAME, "''=1+1", "'=1+1", 0},
      {ROSTER_NAME, "'张", "'张", 0},
      {ROSTER_ORGANIZATION, "what?", "what?", 0},
      {ROSTER_PHONE, "１３８　０００0", "138 0000", 0},
      {ROSTER_PHONE, "'13800000001", "13800000001", 0},
      {ROSTER_PHONE, "=\"0138\"", "0138", 0},
      {ROSTER_PHONE, "＋86", "+86", 0},
      {ROSTER_EMAIL, "ａ＠ｂ．ｃ", "a@b.c", 0},
      {ROSTER_PARTY, "２", "2", 0},
      {ROSTER_NUMBER, "00123", "00123", 0},
      {ROSTER_CODE, "００１２３ＡＢ", "00123AB", CELL_NOTE_WIDE},
      {ROSTER_CODE, "BEGIN:VCARD\r\nN:鹿\r\n", "BEGIN:VCARD\r\nN:鹿", 0},
      {ROSTER_CODE, "a　ｂ", "a　ｂ", 0},
      {ROSTER_CODE, "=\"0012\"", "0012", 0},
      {ROSTER_CODE, "'+1-2", "+1-2", 0},
  };
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char text[200];
    strcpy(text, cells[i].text);
    size_t len = strlen(text);
    unsigned notes = cell_clean(cells[i].column, text, &len);
    text[len] = 0;
    if (strcmp(text, cells[i].clean) != 0 || notes != cells[i].notes)
      fail_msg("“%s” became “%s” with notes %u", cells[i].text, text, notes);
  }
}

static void test_rounded(void **state) {
  (void)state;
  static const char *const yes[] = {"1.38E+10", "1E+11", "1.1010119900307E+17", "-2.5e-3"},
                           *const no[] = {"13800000001", "1.38E10", "E+10", "1.38E+", "1E+1x", "A1E+10", "", "1.38"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) assert_true(cell_is_rounded(yes[i]));
  for (size_t i = 0; i < sizeof no / sizeof *no; i++) assert_false(cell_is_rounded(no[i]));
}

static void test_headings(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum roster_column column;
  } headings[] = {{"姓名", ROSTER_NAME},
                  {"1、您的姓名", ROSTER_NAME},
                  {"Q2_手机号", ROSTER_PHONE},
                  {"手机号（必填）*", ROSTER_PHONE},
                  {"手機號碼", ROSTER_PHONE},
                  {"请填写邮箱：", ROSTER_EMAIL},
                  {"E-mail Address", ROSTER_EMAIL},
                  {"單位", ROSTER_ORGANIZATION},
                  {"公司 / 组织", ROSTER_ORGANIZATION},
                  {"职　位", ROSTER_TITLE},
                  {"Ticket Type", ROSTER_TYPE},
                  {"TICKET_NUMBER", ROSTER_NUMBER},
                  {"Ｔｉｃｋｅｔ　Ｎｏ．", ROSTER_NUMBER},
                  {"Order code", ROSTER_ORDER},
                  {"訂單編號", ROSTER_ORDER},
                  {"二维码", ROSTER_CODE},
                  {"签到码 [自动]", ROSTER_CODE},
                  {"座位", ROSTER_SEAT},
                  {"審核狀態", ROSTER_STATUS},
                  {"参会人数", ROSTER_PARTY},
                  {"VIP", ROSTER_ATTENTION}};
  for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
    for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
      if ((heading_rank(c, headings[i].text) >= 0) != (c == headings[i].column))
        fail_msg("“%s” and %s", headings[i].text, roster_column_name(c));
  assert_true(heading_rank(ROSTER_NAME, "姓名") < heading_rank(ROSTER_NAME, "昵称"));
  assert_int_equal(heading_rank(ROSTER_NAME, "备注"), -1);
  assert_int_equal(heading_rank(ROSTER_NAME, ""), -1);
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++) /* no heading is for two columns */
    for (const char *const *one = roster_heading[c].usual; *one; one++)
      for (enum roster_column d = 0; d < ROSTER_COLUMNS; d++)
        if ((heading_rank(d, *one) >= 0) != (c == d)) fail_msg("“%s” and %s", *one, roster_column_name(d));
}

/* Through a CSV and back; what a spreadsheet would calculate never begins a cell. */
static void test_there_and_back(void **state) {
  (void)state;
  static const char *const all[] = {"张三", "",      "a,b",  "say \"yes\"",    "line\nbreak", "a\r\nb",
                                    "=1+1", "'=1+1", "''=1", "+1-2",           "-1",          "@x",
                                    "＝1",  "'",     "'x",   "+8613800000001", "a;b"};
  static struct pool texts;
  static const char *const none[ROSTER_COLUMNS];
  struct remarks errors = {.count = 0}, warnings = {.count = 0};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    char *csv = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&csv, &len);
    assert_non_null(out);
    fputs("name,code\nx,", out);
    cell_put(out, all[i], "\n");
    fclose(out);
    const char *cell = csv + strlen("name,code\nx,");
    if (*cell == '"') cell++;
    assert_true(!*cell || !strchr("=-@", *cell));
    struct table_ask ask = {.file = "r.csv", .bytes = csv, .len = len, .errors = &errors, .warnings = &warnings};
    struct roster_table table;
    if (!roster_read(&ask, none, &texts, &table)) fail_msg("%s: %s", csv, errors.at[0].en);
    const char *field[ROSTER_COLUMNS];
    roster_fields(&table, &table.row[0], field);
    assert_string_equal(field[ROSTER_CODE], all[i]);
    roster_free(&table);
    free(csv);
  }
  pool_free(&texts);
  remarks_free(&errors);
  remarks_free(&warnings);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_clean), cmocka_unit_test(test_rounded),
                                     cmocka_unit_test(test_headings), cmocka_unit_test(test_there_and_back)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
