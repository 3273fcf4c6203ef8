/* SPDX-License-Identifier: Apache-2.0
 * A command's table of options: what is read into which field, what is refused in which words, and the
 * help that is written from the same rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/yingbin/options.h"

struct values {
  const char *dir, *out, *encoding, *number[3];
  int form, numbers, files, runs;
  int64_t batch;
  bool all;
  char **file;
  const char *withdraw;
};

#define AT(field) offsetof(struct values, field)
static const struct option rows[] = {
    OPTION_DIR(AT(dir)),
    {OPTION_TEXT, "-o", "FILE", .offset = AT(out), .required = true, .zh = "输出", .en = "the output"},
    {OPTION_CHOICE, "--as", "png|svg|pdf", .offset = AT(form), .zh = "格式", .en = "the format"},
    {OPTION_NUMBER, "--batch", "N", .offset = AT(batch), .least = 1, .most = 9, .zh = "批次", .en = "the batch"},
    {OPTION_FLAG, "--all", .offset = AT(all), .zh = "全部", .en = "all of them"},
    {OPTION_LIST, "--number", "N", .offset = AT(number), .count = AT(numbers), .most = 3, .zh = "编号", .en = "the number"},
    OPTION_ENCODING(AT(encoding)),
    {OPTION_TEXT, "--withdraw", "ID", .offset = AT(withdraw), .instead = true, .zh = "作废", .en = "withdraws"},
    OPTION_LAST};
static const struct option files_rows[] = {
    {OPTION_REST, "FILE", .offset = AT(file), .count = AT(files), .required = true, .zh = "文件", .en = "files"}, OPTION_LAST};

static int run(void *values) { return ++((struct values *)values)->runs, 7; }
static int other(void *values) { return ++((struct values *)values)->runs, 8; }
static const struct usage one[] = {{"make", "做", "makes", .row = rows, .run = run}, {NULL}};
static const struct usage two[] = {{"log read", "读", "reads", .row = rows, .run = run},
                                   {"log files", "文件", "takes files", .row = files_rows, .run = other},
                                   {NULL}};

static char said[1 << 16]; /* what the last call wrote to stdout and stderr */

/* The arguments as one text, blanks between them. */
static int call(const struct usage *usage, const char *line, struct values *v) {
  static char words[512];
  char *argv[32];
  int argc = 0, saved[2] = {dup(1), dup(2)};
  snprintf(words, sizeof words, "%s", line);
  for (char *save, *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) argv[argc++] = word;
  *v = (struct values){.batch = -1};
  FILE *both = tmpfile();
  fflush(stdout);
  dup2(fileno(both), 1), dup2(fileno(both), 2);
  int code = options_run(usage, argc, argv, v);
  fflush(stdout);
  dup2(saved[0], 1), dup2(saved[1], 2);
  close(saved[0]), close(saved[1]);
  rewind(both);
  said[fread(said, 1, sizeof said - 1, both)] = '\0';
  fclose(both);
  return code;
}

static void test_fields(void **state) {
  struct values v;
  (void)state;
  assert_int_equal(call(one, "make --as pdf DIR --number 4 -o out --batch=7 --number=5 --all --encoding GB18030", &v), 7);
  assert_string_equal(v.dir, "DIR");
  assert_string_equal(v.out, "out");
  assert_string_equal(v.encoding, "GB18030");
  assert_int_equal(v.form, 2);
  assert_int_equal(v.batch, 7);
  assert_true(v.all);
  assert_int_equal(v.numbers, 2);
  assert_string_equal(v.number[0], "4");
  assert_string_equal(v.number[1], "5");
  assert_string_equal(said, "");
  assert_int_equal(call(one, "make DIR -o out", &v), 7);
  assert_int_equal(v.batch, -1);
  assert_null(v.encoding);
}

static void test_words_and_files(void **state) {
  struct values v;
  (void)state;
  assert_int_equal(call(two, "log files a - -- --b -c", &v), 8);
  assert_int_equal(v.files, 4);
  assert_string_equal(v.file[1], "-");
  assert_string_equal(v.file[2], "--b");
  assert_string_equal(v.file[3], "-c");
  assert_int_equal(call(two, "log read DIR -o x", &v), 7);
  assert_int_equal(call(two, "log files", &v), 2);
  assert_non_null(strstr(said, "yingbin log files: FILE is missing: files\n"));
}

static void test_wrong(void **state) {
  static const struct {
    const char *line, *zh, *en;
  } wrong[] = {
      {"make -o x", "缺少 DIR：活动文件夹", "DIR is missing: the event's folder"},
      {"make DIR", "缺少 -o FILE：输出", "-o FILE is missing: the output"},
      {"make DIR -o", "-o 后面缺少值：输出", "a value is missing behind -o: the output"},
      {"make DIR -o --all", "-o 后面缺少值：输出", "a value is missing behind -o: the output"},
      {"make DIR -o x --nonsense", "没有这个选项：--nonsense", "there is no option --nonsense"},
      {"make DIR -o x --al", "没有这个选项：--al", "there is no option --al"},
      {"make DIR -o x y", "多了一个参数：y", "one argument too many: y"},
      {"make DIR -o x --as gif", "--as 应当是 png|svg|pdf 之一，不是「gif」", "--as takes one of png|svg|pdf, not \"gif\""},
      {"make DIR -o x --as pn", "不是「pn」", "not \"pn\""},
      {"make DIR -o x --batch 10", "--batch 应当是 1 到 9 之间的整数，不是「10」",
       "--batch takes a whole number from 1 to 9, not \"10\""},
      {"make DIR -o x --batch 3x", "不是「3x」", "not \"3x\""},
      {"make DIR -o x --all=yes", "--all 后面不跟值", "--all takes no value"},
      {"make DIR -o x --number 1 --number 2 --number 3 --number 4", "--number 最多写 3 次",
       "--number is taken 3 times at most"},
      {"make DIR -o x --encoding klingon", "--encoding 不能是「klingon」：报名表 CSV 的编码",
       "--encoding can't be \"klingon\": of CSV rosters (utf-8"},
  };
  struct values v;
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(call(one, wrong[i].line, &v), 2);
    assert_int_equal(v.runs, 0);
    assert_int_equal(strncmp(said, "yingbin make: ", 14), 0);
    if (!strstr(said, wrong[i].zh) || !strstr(said, wrong[i].en)) fail_msg("'%s': %s", wrong[i].line, said);
  }
  assert_int_equal(call(two, "log", &v), 2);
  assert_non_null(strstr(said, "yingbin log: expected behind it: read | files\n"));
  assert_int_equal(call(two, "log nonsense", &v), 2);
  assert_non_null(strstr(said, "yingbin log: there is no \"nonsense\"; expected: read | files\n"));
}

static void test_other_use(void **state) {
  struct values v;
  (void)state;
  assert_int_equal(call(one, "make DIR --withdraw 3", &v), 7); /* without -o */
  assert_string_equal(v.withdraw, "3");
  assert_int_equal(call(one, "make --withdraw 3", &v), 2); /* the folder is needed all the same */
}

static void test_help(void **state) {
  struct values v;
  (void)state;
  assert_int_equal(call(one, "make DIR --help", &v), 0);
  assert_int_equal(v.runs, 0);
  assert_non_null(strstr(said, "  yingbin make DIR -o FILE [--as png|svg|pdf] [--batch N] [--all] [--number N]... [--encoding "
                               "ENCODING]\n  yingbin make DIR --withdraw ID\n"));
  for (const struct option *o = rows; o->kind; o++) {
    if (!strstr(said, o->zh) || !strstr(said, o->en)) fail_msg("%s is not in the help", o->name);
  }
  assert_int_equal(call(two, "log -h", &v), 0);
  assert_non_null(strstr(said, "yingbin log read"));
  assert_non_null(strstr(said, "yingbin log files FILE..."));
  assert_int_equal(call(two, "log files -h", &v), 0);
  assert_null(strstr(said, "yingbin log read"));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields), cmocka_unit_test(test_words_and_files),
                                     cmocka_unit_test(test_wrong), cmocka_unit_test(test_other_use),
                                     cmocka_unit_test(test_help)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
