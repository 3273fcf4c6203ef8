/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a merged log: on the report's page all of it, on the terminal what wasn't told when the files were read.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/merged_page.h"

enum { PAGE_MOST = 200, TOLD_MOST = 20 };

static const struct {
  const char *kind, *zh, *en;
  bool told; /* when its file was read, with file and line */
} finding_words[] = {
    {"tampered", "被改动，没有采用", "changed, and not counted", true},
    {"gap", "缺失，没有人带来", "missing: nobody brought it", false},
    {"fork", "处分叉：同一把密钥有两份日志，存储卡可能被复制过", "a fork: two logs of one key, as of a card that was cloned",
     false},
    {"unsigned", "没有签名作证", "no signature vouches for it", false},
    {"cut", "处，一份导出文件中断", "an export was cut off here", true},
    {"signature", "处，一份导出文件的签名不符", "an export's signature doesn't fit here", true},
    {"clock", "的时间没有依据", "nothing proves the time", false},
    {"name", "另有一把密钥用了同一个名字", "another key goes by the same name", false},
    {"unenrolled", "签到机未登记：它不能撤销、更正别的签到机的记录",
     "the kiosk isn't enrolled: it can't undo or correct what others recorded", false},
};

struct finding {           /* as texts: "第 3–5 条缺失，没有人带来", "records 3 to 5: missing: nobody brought it" */
  const char *kiosk, *key; /* borrowed until the next row */
  char zh[256], en[256];
  bool told;
};

static bool read_finding(sqlite3_stmt *s, struct finding *f) {
  const long long from = sqlite3_column_int64(s, 3), to = sqlite3_column_int64(s, 4);
  char zh[64] = "", en[64] = "";
  size_t i = 0;
  while (i < sizeof finding_words / sizeof *finding_words && strcmp(finding_words[i].kind, merged_text(s, 0)) != 0) i++;
  if (i == sizeof finding_words / sizeof *finding_words) return false;
  if (from && from != to)
    snprintf(zh, sizeof zh, "第 %lld–%lld 条", from, to), snprintf(en, sizeof en, "records %lld to %lld: ", from, to);
  else if (from)
    snprintf(zh, sizeof zh, "第 %lld 条", from), snprintf(en, sizeof en, "record %lld: ", from);
  const bool whole = !strcmp(merged_text(s, 5), "whole");
  *f = (struct finding){.kiosk = merged_text(s, 1), .key = merged_text(s, 2), .told = finding_words[i].told};
  snprintf(f->zh, sizeof f->zh, "%s%s%s", zh, finding_words[i].zh, whole ? "（另有完好的一份，已采用）" : "");
  snprintf(f->en, sizeof f->en, "%s%s%s", en, finding_words[i].en, whole ? "; another copy is whole and was taken" : "");
  return true;
}

static const char findings[] = "SELECT kind, k.kiosk, k.key, from_seq, to_seq, note FROM finding f JOIN kiosk k ON k.id = "
                               "f.kiosk ORDER BY f.rowid";

static void put_finding(FILE *out, const struct finding *f) {
  fputs("<li>", out);
  page_text(out, f->kiosk);
  fprintf(out, " <small>%.8s</small>：%s <small lang=\"en\">%s</small></li>\n", f->key, f->zh, f->en);
}

bool merged_findings(struct merged *m, FILE *out, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  struct finding f;
  int step = SQLITE_DONE, all = 0;
  bool good = merged_prepare(m, findings, &s, problem);
  page_card(out, "日志是否完整", "Is the log whole?");
  fputs("<ul>\n", out);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW)
    if (read_finding(s, &f) && all++ < PAGE_MOST) put_finding(out, &f);
  if (!all) {
    fputs("<li class=\"good\">", out);
    page_both(out, "每条记录都由签名作证，没有缺口、分叉或改动",
              "every record is vouched for; nothing is missing, forked or changed");
    fputs("</li>\n", out);
  }
  if (all > PAGE_MOST)
    fprintf(out, "<li>……共 %d 处，见 merged.db <small lang=\"en\">%d in all, see merged.db</small></li>\n", all, all);
  fputs("</ul>\n", out);
  page_card_end(out);
  good = good && merged_done(m, step, problem);
  sqlite3_finalize(s);
  return good;
}

bool merged_tell(struct merged *m, const char *prefix, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  struct finding f;
  struct problem said;
  int step = SQLITE_DONE, all = 0;
  bool good = merged_prepare(m, findings, &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) {
    if (!read_finding(s, &f) || f.told || all++ >= TOLD_MOST) continue;
    problem_set(&said, "签到机 %1$s（%2$.8s）：%3$s%4$.0s", "kiosk %1$s (%2$.8s): %4$s%3$.0s", f.kiosk, f.key, f.zh, f.en);
    problem_print(&said, prefix);
  }
  if (all > TOLD_MOST) {
    problem_set(&said, "……这样的共 %d 处，都在 report.html 里", "... %d of these in all: they are in report.html", all);
    problem_print(&said, prefix);
  }
  good = good && merged_done(m, step, problem);
  sqlite3_finalize(s);
  return good;
}
