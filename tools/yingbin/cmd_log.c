/* SPDX-License-Identifier: Apache-2.0
 * yingbin log: the check-in log out of a kiosk's data folder, while the kiosk runs or after it; and the
 * check that an exported file is whole and unchanged. An export is checked itself before it gets its name.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/journal.h"
#include "tools/yingbin/commands.h"

static const char help[] = "用法 / usage: yingbin log export --data DIR -o FILE [--from SEQ]\n"
                           "              yingbin log verify FILE...\n\n"
                           "  export  从签到机的数据文件夹导出签到日志；签到机可以同时在用\n"
                           "          the check-in log out of a kiosk's data folder; the kiosk may be running\n"
                           "  verify  逐行核对导出的文件：有没有被改动、缺行或截断\n"
                           "          checks exported files line by line: changed, lines missing, cut off\n\n"
                           "  --data DIR  数据文件夹（kiosk.conf 的 data） / the data folder (`data` in kiosk.conf)\n"
                           "  -o FILE     导出到这个文件 / the file to write\n"
                           "  --from SEQ  从这条记录开始，默认 1 / begin with this record, 1 by default\n";

static int wrong(const char *zh, const char *en, const char *what) {
  fprintf(stderr, "yingbin log: %s%s\nyingbin log: %s%s\n\n%s", zh, what, en, what, help);
  return EXIT_USAGE;
}

/* Chinese texts stay readable in the output; it is UTF-8 as all of ours. */
static bool print_line(json_t *line) {
  bool good = line && !json_dumpf(line, stdout, JSON_COMPACT) && putchar('\n') != EOF && !fflush(stdout);
  json_decref(line);
  if (!good) fputs("yingbin log: 写不了标准输出\nyingbin log: can't write to standard output\n", stderr);
  return good;
}

static bool read_back(const char *beside, const char *file, struct journal_report *report, struct problem *problem) {
  FILE *in = fopen(beside, "re");
  if (!in) return problem_system(problem, errno, "无法读取导出文件", "can't read the export", file);
  bool good = journal_verify(in, file, report, problem);
  fclose(in);
  return good;
}

static bool export_to(const char *data, int64_t from, const char *file, struct journal_report *report,
                      struct problem *problem) {
  char beside[PATH_MAX];
  int64_t records;
  if (!file_begin(file, beside, problem)) return false;
  FILE *out = fopen(beside, "we");
  bool good = out || problem_system(problem, errno, "无法写入导出文件", "can't write the export", file);
  good = good && journal_export(data, from, out, &records, problem);
  if (out && fclose(out) && good) good = problem_system(problem, errno, "无法写入导出文件", "can't write the export", file);
  good = good && read_back(beside, file, report, problem) && file_commit(beside, file, 0600, problem);
  if (!good) file_abandon(beside);
  return good;
}

static bool number_of(const char *text, int64_t *number) {
  char *end;
  errno = 0;
  *number = strtoll(text, &end, 10);
  return *text >= '0' && *text <= '9' && !*end && !errno && *number >= 1;
}

static int log_export(int argc, char **argv) {
  const char *data = NULL, *file = NULL;
  struct journal_report r;
  struct problem problem;
  int64_t from = 1;
  for (int i = 1; i < argc; i += 2) {
    const char *arg = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
    bool is_data = !strcmp(arg, "--data"), is_file = !strcmp(arg, "-o"), is_from = !strcmp(arg, "--from");
    if (!is_data && !is_file && !is_from) return wrong("不认识的参数：", "unknown argument: ", arg);
    if (!value) return wrong("缺少值：", "a value is missing behind ", arg);
    if (is_data) data = value;
    if (is_file) file = value;
    if (is_from && !number_of(value, &from))
      return wrong("--from 应是 1 起的记录号：", "--from takes a record's number, from 1 on: ", value);
  }
  if (!data) return wrong("缺少 --data 文件夹", "the data folder is missing: --data DIR", "");
  if (!file) return wrong("缺少 -o 文件", "the file to write is missing: -o FILE", "");
  if (!export_to(data, from, file, &r, &problem)) {
    problem_print(&problem, "yingbin log export");
    return EXIT_FAILED;
  }
  json_t *line = json_pack("{s:I, s:I, s:I, s:s, s:s, s:s, s:s}", "records", (json_int_t)(r.to_seq - r.from_seq + 1),
                           "from_seq", (json_int_t)r.from_seq, "to_seq", (json_int_t)r.to_seq, "kiosk", r.kiosk, "journal",
                           r.journal, "key", r.key, "file", file);
  return print_line(line) ? EXIT_DONE : EXIT_FAILED;
}

static bool verify_one(const char *file) {
  struct journal_report r = {.from_seq = 0};
  struct problem problem;
  FILE *in = fopen(file, "re");
  bool good = in ? journal_verify(in, file, &r, &problem)
                 : problem_system(&problem, errno, "无法读取导出文件", "can't read the export", file);
  if (in) fclose(in);
  if (!good) problem_print(&problem, "yingbin log verify");
  json_t *line = good ? json_pack("{s:s, s:b, s:I, s:I, s:I, s:s, s:s, s:s}", "file", file, "ok", 1, "records",
                                  (json_int_t)(r.to_seq - r.from_seq + 1), "from_seq", (json_int_t)r.from_seq, "to_seq",
                                  (json_int_t)r.to_seq, "kiosk", r.kiosk, "journal", r.journal, "key", r.key)
                      : json_pack("{s:s, s:b, s:I, s:I, s:s}", "file", file, "ok", 0, "line", (json_int_t)r.bad_line, "seq",
                                  (json_int_t)r.bad_seq, "problem", problem.en);
  return print_line(line) && good;
}

static int log_verify(int argc, char **argv) {
  bool good = true;
  if (argc < 2) return wrong("缺少要核对的文件", "no file to verify", "");
  for (int i = 1; i < argc; i++)
    if (argv[i][0] == '-' && argv[i][1]) return wrong("不认识的参数：", "unknown argument: ", argv[i]);
  for (int i = 1; i < argc; i++) good = verify_one(argv[i]) && good;
  return good ? EXIT_DONE : EXIT_FAILED;
}

int cmd_log(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
      fputs(help, stdout);
      return EXIT_DONE;
    }
  if (argc > 1 && !strcmp(argv[1], "export")) return log_export(argc - 1, argv + 1);
  if (argc > 1 && !strcmp(argv[1], "verify")) return log_verify(argc - 1, argv + 1);
  if (argc < 2) return wrong("缺少子命令", "a subcommand is missing", "");
  return wrong("没有这个子命令：", "there is no subcommand ", argv[1]);
}
