/* SPDX-License-Identifier: Apache-2.0
 * yingbin log: the check-in log out of a kiosk's data folder, while the kiosk runs or after it; and the
 * check that an exported file is whole and unchanged. An export is checked itself before it gets its name.
 * And many exports as one log.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/export.h"
#include "journal/receipt.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/log_merge.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/paper.h"

struct arguments {
  const char *data, *out, *roster, *encoding, *key, *host, *station;
  const char *paper, *receipt;
  int64_t from;
  char **file;
  int files;
};

/* Chinese texts stay readable in the output; it is UTF-8 as all of ours. */
static bool print_line(json_t *line) {
  bool good = line && !json_dumpf(line, stdout, JSON_COMPACT) && putchar('\n') != EOF && !fflush(stdout);
  json_decref(line);
  if (!good) fputs("yingbin log: 写不了标准输出\nyingbin log: can't write to standard output\n", stderr);
  return good;
}

static int log_export(void *values) {
  const struct arguments *a = values;
  struct journal_report r;
  struct problem problem;
  if (!journal_export_file(a->data, a->from, a->out, &r, &problem)) {
    problem_print(&problem, "yingbin log export");
    return EXIT_FAILED;
  }
  json_t *line = json_pack("{s:I, s:I, s:I, s:s, s:s, s:s, s:s}", "records", (json_int_t)(r.to_seq - r.from_seq + 1),
                           "from_seq", (json_int_t)r.from_seq, "to_seq", (json_int_t)r.to_seq, "kiosk", r.kiosk, "journal",
                           r.journal, "key", r.key, "file", a->out);
  return print_line(line) ? EXIT_DONE : EXIT_FAILED;
}

static bool verify_one(const char *file) {
  struct journal_report r = {.from_seq = 0};
  struct problem problem;
  FILE *in = log_open(file, &problem);
  bool good = in && journal_verify(in, file, &r, &problem);
  if (in) fclose(in);
  if (!good) problem_print(&problem, "yingbin log verify");
  json_t *line = good ? json_pack("{s:s, s:b, s:I, s:I, s:I, s:s, s:s, s:s}", "file", file, "ok", 1, "records",
                                  (json_int_t)(r.to_seq - r.from_seq + 1), "from_seq", (json_int_t)r.from_seq, "to_seq",
                                  (json_int_t)r.to_seq, "kiosk", r.kiosk, "journal", r.journal, "key", r.key)
                      : json_pack("{s:s, s:b, s:I, s:I, s:s}", "file", file, "ok", 0, "line", (json_int_t)r.bad_line, "seq",
                                  (json_int_t)r.bad_seq, "problem", problem.en);
  return print_line(line) && good;
}

static int log_verify(void *values) {
  const struct arguments *a = values;
  bool good = true;
  for (int i = 0; i < a->files; i++) good = verify_one(a->file[i]) && good;
  return good ? EXIT_DONE : EXIT_FAILED;
}

static int log_merged(void *values) {
  const struct arguments *a = values;
  struct merge_request r = {.out = a->out,
                            .file = a->file,
                            .files = a->files,
                            .roster = a->roster,
                            .encoding = a->encoding,
                            .key = a->key,
                            .host = a->host};
  struct merge_counts c = {0};
  struct problem problem;
  if (a->host && !a->roster) {
    problem_set(&problem, "--host 需要 --roster：谁是哪一家的人写在报名表里",
                "--host takes --roster: whose people they are is in the rosters");
    problem_print(&problem, "yingbin log merge");
    return EXIT_USAGE;
  }
  if (!log_merge(&r, &c, &problem)) {
    problem_print(&problem, "yingbin log merge");
    return EXIT_FAILED;
  }
  fprintf(stderr,
          "%1$lld 份导出，%2$lld 台签到机，%3$lld 条记录（另有重复 %4$lld 条）；签到 %5$lld 人，冲突 %6$lld，撤销 %7$lld，问题 "
          "%8$lld；结果在 %9$s\n"
          "%1$lld exports of %2$lld kiosks, %3$lld records (and %4$lld repeats); %5$lld people admitted, %6$lld conflicts, "
          "%7$lld undone, %8$lld findings; written to %9$s\n",
          (long long)c.exports, (long long)c.journals, (long long)c.records, (long long)c.repeats, (long long)c.people,
          (long long)c.conflicts, (long long)c.undone, (long long)c.findings, a->out);
  json_t *line =
      json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "exports", (json_int_t)c.exports,
                "kiosks", (json_int_t)c.journals, "records", (json_int_t)c.records, "repeats", (json_int_t)c.repeats,
                "admitted", (json_int_t)c.admitted, "people", (json_int_t)c.people, "conflicts", (json_int_t)c.conflicts,
                "undone", (json_int_t)c.undone, "rejudged", (json_int_t)c.rejudged, "findings", (json_int_t)c.findings,
                "tampered", (json_int_t)c.tampered, "forks", (json_int_t)c.forks, "gaps", (json_int_t)c.gaps, "out", a->out);
  return print_line(line) ? EXIT_DONE : EXIT_FAILED;
}

static int log_add(void *values) {
  const struct arguments *a = values;
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct paper_request r = {
      .file = a->paper, .roster = a->roster, .encoding = a->encoding, .station = a->station, .out = a->out};
  struct paper_added n = {0};
  struct problem problem;
  bool good = folder_look(a->roster, a->encoding, folder, &problem) && paper_add(folder, &r, &n, &problem);
  if (good) {
    remarks_print(&folder->warnings, "yingbin log add", a->out);
    fprintf(stderr,
            "%1$lld 行：新记 %2$lld 条（现场登记 %3$lld），%4$lld 条以前记过；与签到机的导出文件一起合并：%5$s\n"
            "%1$lld rows: %2$lld records (%3$lld of walk-ins), %4$lld were there; merge it with the kiosks' exports: %5$s\n",
            (long long)n.rows, (long long)n.added, (long long)n.walkins, (long long)n.there, a->out);
  } else {
    folder_tell(folder, &problem, "yingbin log add", a->out);
  }
  folder_free(folder);
  free(folder);
  json_t *line = json_pack("{s:I, s:I, s:I, s:I, s:s}", "rows", (json_int_t)n.rows, "added", (json_int_t)n.added, "walkins",
                           (json_int_t)n.walkins, "there", (json_int_t)n.there, "file", a->out);
  if (good) return print_line(line) ? EXIT_DONE : EXIT_FAILED;
  json_decref(line);
  return EXIT_FAILED;
}

static int log_purge(void *values) {
  const struct arguments *a = values;
  struct purged p;
  struct problem problem;
  if (!journal_purge(a->data, a->receipt, &p, &problem)) {
    problem_print(&problem, "yingbin log purge");
    return EXIT_FAILED;
  }
  fprintf(stderr,
          "已清除 %1$lld 条记录的内容（到第 %2$lld 条），留下它们的散列和链；另有 %3$lld 条没有回执，原样保留\n"
          "The lines of %1$lld records are gone (up to number %2$lld); their hashes and chain stay. %3$lld that no receipt "
          "covers stay "
          "as they are\n",
          (long long)p.records, (long long)p.to_seq, (long long)p.kept);
  json_t *line =
      json_pack("{s:I, s:I, s:I}", "purged", (json_int_t)p.records, "to_seq", (json_int_t)p.to_seq, "kept", (json_int_t)p.kept);
  return print_line(line) ? EXIT_DONE : EXIT_FAILED;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option export_row[] = {
    {OPTION_TEXT, "--data", "DIR", .offset = AT(data), .required = true, .zh = "数据文件夹（kiosk.conf 的 data）",
     .en = "the data folder (`data` in kiosk.conf)"},
    {OPTION_TEXT, "-o", "FILE", .offset = AT(out), .required = true, .zh = "导出到这个文件", .en = "the file to write"},
    {OPTION_NUMBER, "--from", "SEQ", .offset = AT(from), .least = 1, .most = INT64_MAX, .zh = "从这条记录开始，默认 1",
     .en = "begin with this record, 1 by default"},
    OPTION_LAST};

static const struct option verify_row[] = {
    {OPTION_REST, "FILE", .offset = AT(file), .count = AT(files), .required = true, .zh = "导出的文件", .en = "exported files"},
    OPTION_LAST};

static const struct option merge_row[] = {
    {OPTION_REST, "FILE", .offset = AT(file), .count = AT(files), .required = true, .zh = "导出的文件，来自汇总站或 U 盘",
     .en = "exports, of a hub or from sticks"},
    {OPTION_TEXT, "-o", "OUT", .offset = AT(out), .required = true, .zh = "结果文件夹", .en = "the folder for what comes out"},
    {OPTION_TEXT, "--roster", "DIR", .offset = AT(roster), .zh = "活动文件夹：加上姓名，日志里只有编号",
     .en = "the event's folder, for the names: logs hold only numbers"},
    {OPTION_TEXT, "--key", "SEAL.key", .offset = AT(key), .zh = "打开封存的姓名（现场登记、更正）的密钥",
     .en = "the key that opens sealed names (walk-ins, corrections)"},
    {OPTION_TEXT, "--host", "HOST", .offset = AT(host), .zh = "给这一家主办方：只有自己的人，其余只有总数；需要 --roster",
     .en = "for this host: its own people, and of the others only totals; takes --roster"},
    OPTION_ENCODING(AT(encoding)),
    OPTION_LAST};

static const char merge_more[] =
    "OUT 里有 / OUT has:\n"
    "  merged.jsonl    每条记录一行，按校正后的时间排列 / a line a record, by the time put right\n"
    "  merged.db       同样的内容，可用 SQLite 查询 / the same for SQLite\n"
    "  attendance.csv  有效签到，按时间 / admissions that count, by time\n"
    "  conflicts.csv   重复签到，和复核不通过的 / admissions too many, and those that the rules, asked again, refuse\n"
    "  corrections.csv 撤销、更正、破例、现场登记 / what was undone, corrected, let in against a rule; walk-ins\n"
    "  report.html     一页报告，不含姓名，可直接发送或打印 / a page without names, to send or print\n"
    "  receipt.jsonl   回执，log purge 凭它清除签到机上的记录 / the receipt by which log purge takes records off kiosks\n"
    "有 --roster 时还有 / with --roster, too:\n"
    "  attendance.xlsx 人员（含未到）、用餐、赞助商（只有人数，不足 5 的合并） / people (no-shows, too), meals, numbers for "
    "sponsors\n"
    "  rosters/        各报名表原样，加上签到时间、签到点、方式 / each roster as it came, with when, where and how\n";

static const struct option add_row[] = {
    {OPTION_ARGUMENT, "paper.csv", .offset = AT(paper), .required = true,
     .zh = "纸质名单录入的表（CSV 或 XLSX）：姓名或编号，可有手机后四位、签到时间、签到点、人数、说明",
     .en = "the list as it was typed up (CSV or XLSX): name or number; phone, time, station, people and note, where known"},
    {OPTION_TEXT, "--roster", "DIR", .offset = AT(roster), .required = true, .zh = "活动文件夹", .en = "the event's folder"},
    {OPTION_TEXT, "-o", "FILE", .offset = AT(out), .required = true, .zh = "导出到这个文件，供 log merge 用",
     .en = "the export to write, for log merge"},
    {OPTION_TEXT, "--station", "STATION", .offset = AT(station), .zh = "没写签到点的行在哪里；只有一个入口时不必",
     .en = "where rows that don't say so belong; not needed where there is one entry"},
    OPTION_ENCODING(AT(encoding)),
    OPTION_LAST};

static const struct option purge_row[] = {
    {OPTION_TEXT, "--data", "DIR", .offset = AT(data), .required = true, .zh = "数据文件夹；签到机必须已停止",
     .en = "the data folder; the kiosk must have been stopped"},
    {OPTION_TEXT, "--receipt", "FILE", .offset = AT(receipt), .required = true, .zh = "回执：合并结果文件夹里的 receipt.jsonl",
     .en = "the receipt: receipt.jsonl in a folder of log merge"},
    OPTION_LAST};

static const struct usage usage[] = {
    {"log export", "从签到机的数据文件夹导出签到日志；签到机可以同时在用。",
     "The check-in log out of a kiosk's data folder; the kiosk may be running.", .row = export_row, .run = log_export},
    {"log verify", "逐行核对导出的文件：有没有被改动、缺行或截断。",
     "Checks exported files line by line: changed, lines missing, cut off.", .row = verify_row, .run = log_verify},
    {"log merge",
     "把任意多台签到机的导出文件合并成一份：重复、缺口、分叉、被改动的行都会指出，时钟按证据校正。\n"
     "同样的文件，无论顺序和次数，结果逐字节相同。",
     "Exports of any number of kiosks as one log: repeats, gaps, forks and changed lines are told, clocks put right by\n"
     "their evidence. The same files in any order, any number of times, give the same bytes.",
     .row = merge_row, .run = log_merged, .more = merge_more},
    {"log add",
     "把纸质名单录入的表变成签到记录（by = paper），用组织者自己的密钥签名，与签到机的导出文件一起合并。\n"
     "同一行再录一次不会重复。",
     "Turns a typed-up paper list into records (by = paper), signed with a key of the organizer's own, to be merged with\n"
     "the kiosks' exports. The same row added again isn't doubled.",
     .row = add_row, .run = log_add},
    {"log purge",
     "从签到机上清除个人信息：只清除回执逐条包括的记录，留下每条的散列和链，日志仍可核对。\n"
     "活动结束后再用：清除之后，签到机不再记得谁来过。",
     "Takes personal data off a kiosk: only records that the receipt covers; each one's hash and chain stay, so that the\n"
     "log can still be verified. For after the event: the kiosk then doesn't remember who was here.",
     .row = purge_row, .run = log_purge},
    {NULL}};

int cmd_log(int argc, char **argv) {
  struct arguments a = {.from = 1};
  return options_run(usage, argc, argv, &a);
}
