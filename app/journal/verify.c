/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "journal/export.h"
#include "journal/export_read.h"
#include "journal/record.h"

struct verify {
  const char *file;
  struct journal_report *report;
  struct problem *problem;
  int64_t seq; /* of the last record */
  uint8_t key[32], chain[JOURNAL_CHAIN];
  size_t header_len;
  char header[EXPORT_HEADER_MOST];
  struct export_lines lines;
};

/* Puts the place before the problem's texts, and into the report. Always returns false. */
static bool at_line(struct verify *v, int64_t seq) {
  char place[512];
  v->report->bad_line = v->lines.number;
  v->report->bad_seq = seq;
  if (seq)
    snprintf(place, sizeof place, "%.400s:%lld (seq %lld)", v->file, (long long)v->lines.number, (long long)seq);
  else
    snprintf(place, sizeof place, "%.400s:%lld", v->file, (long long)v->lines.number);
  return problem_within(v->problem, place);
}

#define BAD(v, seq, ...) (problem_set((v)->problem, __VA_ARGS__), at_line(v, seq))

/* False: the problem names the line. */
static bool next_line(struct verify *v, enum export_got *got) {
  *got = export_line(&v->lines, v->problem);
  return *got == EXPORT_LINE || *got == EXPORT_END || at_line(v, 0);
}

static bool wrong_order(struct verify *v, int64_t seq) {
  int64_t next = v->seq + 1;
  if (seq > next)
    return BAD(v, seq, "顺序不对：这里应是记录 %lld，中间缺了记录或行被调换。",
               "wrong order: record %lld should be here; records are missing, or lines were moved.", (long long)next);
  return BAD(v, seq, "顺序不对：这里应是记录 %lld，这一行重复了或被调换。",
             "wrong order: record %lld should be here; this line is doubled or was moved.", (long long)next);
}

static void take_header(struct verify *v, const struct export_header *h) {
  v->seq = h->from_seq - 1;
  memcpy(v->chain, h->chain_before, sizeof v->chain);
  memcpy(v->header, v->lines.line, v->header_len = v->lines.len);
}

static bool check_header(struct verify *v) {
  struct journal_report *r = v->report;
  struct export_header h;
  enum export_got got;
  if (!next_line(v, &got)) return false;
  if (got == EXPORT_END) {
    v->lines.number = 1;
    return BAD(v, 0, "文件是空的。", "the file is empty.");
  }
  if (!export_header(v->lines.line, v->lines.len, &h, v->problem)) return at_line(v, 0);
  strcpy(r->kiosk, h.kiosk);
  sodium_bin2hex(r->journal, sizeof r->journal, h.journal, sizeof h.journal);
  sodium_bin2hex(r->key, sizeof r->key, h.key, sizeof h.key);
  r->from_seq = h.from_seq;
  r->to_seq = r->from_seq - 1;
  memcpy(v->key, h.key, sizeof v->key);
  take_header(v, &h);
  return true;
}

/* Behind an end line: nothing, or, as a hub writes them, the header of the journal's next export. */
static bool next_export(struct verify *v, bool *more) {
  struct journal_report *r = v->report;
  struct export_header h;
  enum export_got got;
  char journal[JOURNAL_ID * 2 + 1];
  if (!next_line(v, &got)) return false;
  *more = got != EXPORT_END;
  if (!*more) return true;
  if (!export_header(v->lines.line, v->lines.len, &h, v->problem))
    return BAD(v, 0, "结束行后面还有内容：文件被改动。", "there is more behind the end line: the file was changed.");
  sodium_bin2hex(journal, sizeof journal, h.journal, sizeof h.journal);
  if (memcmp(h.key, v->key, sizeof v->key) != 0 || strcmp(journal, r->journal) != 0)
    return BAD(v, 0, "这里开始的是另一台签到机（或另一份日志）的导出：请一份一份核对。",
               "here another kiosk's export begins, or another journal's: verify them one by one.");
  if (h.from_seq > r->to_seq + 1) return wrong_order(v, h.from_seq);
  take_header(v, &h);
  return true;
}

static bool check_record(struct verify *v, const char *tab) {
  uint8_t stated[JOURNAL_CHAIN];
  size_t len = (size_t)(tab - v->lines.line), hex_len = v->lines.len - len - 1;
  struct record r;
  const bool is_object = record_read(&r, v->lines.line, len);
  const int64_t seq = is_object ? record_number(&r, RECORD_SEQ, 0) : 0;
  if (is_object) record_free(&r);
  if (seq < 1) return BAD(v, v->seq + 1, "这一行被改动：不是完整的记录。", "this line was changed: it is no whole record.");
  if (seq != v->seq + 1) return wrong_order(v, seq);
  chain_next(v->chain, v->lines.line, len);
  if (!chain_hex(tab + 1, hex_len, stated, sizeof stated) || memcmp(stated, v->chain, sizeof stated))
    return BAD(v, seq, "这一行被改动：内容与链不符。", "this line was changed: it doesn't match the chain.");
  v->seq = seq;
  if (seq > v->report->to_seq) v->report->to_seq = seq;
  return true;
}

static bool check_end(struct verify *v) {
  struct export_end e;
  if (!export_end(v->lines.line, v->lines.len, &e))
    return BAD(v, 0, "这一行被改动：既不是记录，也不是结束行。",
               "this line was changed: it is neither a record nor the end line.");
  if (e.to_seq != v->seq || memcmp(e.chain, v->chain, sizeof e.chain))
    return BAD(
        v, 0, "结束行说最后一条记录是 %lld，文件里到 %lld 为止：缺了记录或被改动。",
        "the end line says that the last record is %lld, the file ends with %lld: records are missing, or it was changed.",
        (long long)e.to_seq, (long long)v->seq);
  if (!chain_signed(v->key, v->header, v->header_len, e.to_seq, e.chain, e.sig))
    return BAD(v, 0, "签名不对：文件被改动，或不是这台签到机导出的。",
               "the signature is wrong: the file was changed, or this kiosk didn't export it.");
  v->report->key_known = true;
  return true;
}

/* An export behind its header. */
static bool check_rest(struct verify *v) {
  enum export_got got;
  for (;;) {
    if (!next_line(v, &got)) return false;
    if (got == EXPORT_END) {
      v->lines.number++;
      return BAD(v, 0, "没有结束行：文件在记录 %lld 之后断了。请重新导出或重新复制。",
                 "there is no end line: the file is cut off after record %lld. Export or copy it again.", (long long)v->seq);
    }
    const char *tab = memchr(v->lines.line, '\t', v->lines.len);
    if (!tab) return check_end(v);
    if (!check_record(v, tab)) return false;
  }
}

static bool check_all(struct verify *v) {
  bool more = true;
  if (!check_header(v)) return false;
  while (more)
    if (!check_rest(v) || !next_export(v, &more)) return false;
  return true;
}

bool journal_verify(FILE *in, const char *file, struct journal_report *report, struct problem *problem) {
  memset(report, 0, sizeof *report);
  if (sodium_init() < 0) return problem_set(problem, "系统的随机源不可用。", "The system's random source is not available.");
  struct verify *v = calloc(1, sizeof *v);
  if (!v) return problem_set(problem, "内存不足。", "Out of memory.");
  v->file = file, v->report = report, v->problem = problem, v->lines.in = in;
  bool good = check_all(v);
  free(v);
  return good;
}
