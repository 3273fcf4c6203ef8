/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "journal/chain.h"

/* An export comes from anywhere: no line is longer than this, and none is believed. */
enum { LONGEST = 64 * 1024, HEADER_LONGEST = 4096, CHAIN_HEX = 2 * JOURNAL_CHAIN };

struct verify {
  FILE *in;
  const char *file;
  struct journal_report *report;
  struct problem *problem;
  int64_t number, seq; /* of the line, from 1; of the last record */
  uint8_t key[32], chain[JOURNAL_CHAIN];
  size_t len, header_len;
  char header[HEADER_LONGEST];
  char line[LONGEST + 1];
};

/* Puts the place before the problem's texts, and into the report. Always returns false. */
static bool at_line(struct verify *v, int64_t seq) {
  char place[512];
  v->report->bad_line = v->number;
  v->report->bad_seq = seq;
  if (seq)
    snprintf(place, sizeof place, "%.400s:%lld (seq %lld)", v->file, (long long)v->number, (long long)seq);
  else
    snprintf(place, sizeof place, "%.400s:%lld", v->file, (long long)v->number);
  return problem_within(v->problem, place);
}

#define BAD(v, seq, ...) (problem_set((v)->problem, __VA_ARGS__), at_line(v, seq))

enum got { GOT_LINE, GOT_END, GOT_BAD };

/* The next line without its LF. A line without one is where the file was cut off. */
static enum got next_line(struct verify *v) {
  int c;
  v->len = 0;
  while ((c = getc_unlocked(v->in)) != EOF && c != '\n') {
    if (v->len == LONGEST) break;
    v->line[v->len++] = (char)c;
  }
  if (c == EOF && v->len == 0 && !ferror(v->in)) return GOT_END;
  v->line[v->len] = 0;
  v->number++;
  if (c == '\n') return GOT_LINE;
  if (ferror(v->in))
    BAD(v, 0, "读到这一行时出错。", "reading failed at this line.");
  else if (c == EOF)
    BAD(v, 0, "文件在这一行中间断了，后面的记录没有了。请重新导出或重新复制。",
        "the file is cut off within this line; what follows is missing. Export or copy it again.");
  else
    BAD(v, 0, "这一行太长，不是签到日志的导出文件。", "this line is too long: not an export of a journal.");
  return GOT_BAD;
}

static json_t *object_of(const char *text, size_t len) {
  json_t *o = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
  if (json_is_object(o)) return o;
  json_decref(o);
  return NULL;
}

static bool hex_of(const json_t *o, const char *key, uint8_t *bytes, size_t n) {
  const json_t *value = json_object_get(o, key);
  return json_is_string(value) && chain_hex(json_string_value(value), json_string_length(value), bytes, n);
}

static bool text_of(const json_t *o, const char *key, char *out, size_t size) {
  const json_t *value = json_object_get(o, key);
  if (!json_is_string(value) || json_string_length(value) >= size ||
      strlen(json_string_value(value)) != json_string_length(value))
    return false;
  strcpy(out, json_string_value(value));
  return true;
}

static bool read_header(struct verify *v, const json_t *o) {
  struct journal_report *r = v->report;
  uint8_t journal[JOURNAL_ID], start[JOURNAL_CHAIN];
  const json_t *version = json_object_get(o, "v"), *from = json_object_get(o, "from_seq");
  if (!json_is_integer(version) || v->len > HEADER_LONGEST)
    return BAD(v, 0, "不是签到日志的导出文件：第一行应是它的说明（v、kiosk、journal……）。",
               "not an export of a journal: the first line should be its header (v, kiosk, journal, ...).");
  if (json_integer_value(version) != 1)
    return BAD(v, 0, "这个导出文件是版本 %lld，本程序只认识版本 1。请安装新版程序。",
               "this export is of version %lld; this program knows version 1. Install the newer program.",
               (long long)json_integer_value(version));
  if (!text_of(o, "kiosk", r->kiosk, sizeof r->kiosk) || !hex_of(o, "journal", journal, sizeof journal) ||
      !hex_of(o, "key", v->key, sizeof v->key) || !hex_of(o, "chain_before", v->chain, sizeof v->chain) ||
      !json_is_integer(from) || json_integer_value(from) < 1 || json_integer_value(from) == INT64_MAX)
    return BAD(v, 0, "导出文件的说明行不完整或被改动。", "the export's header line is incomplete or was changed.");
  sodium_bin2hex(r->journal, sizeof r->journal, journal, sizeof journal);
  sodium_bin2hex(r->key, sizeof r->key, v->key, sizeof v->key);
  r->from_seq = json_integer_value(from);
  r->to_seq = v->seq = r->from_seq - 1;
  memcpy(v->header, v->line, v->header_len = v->len);
  chain_start(v->key, journal, start);
  if (r->from_seq == 1 && memcmp(start, v->chain, sizeof start))
    return BAD(v, 0, "说明行被改动：签到机密钥、日志编号与链的开头不符。",
               "the header line was changed: the kiosk's key and the journal's id don't give the beginning of the chain.");
  return true;
}

static bool check_header(struct verify *v) {
  enum got got = next_line(v);
  if (got == GOT_BAD) return false;
  if (got == GOT_END) {
    v->number = 1;
    return BAD(v, 0, "文件是空的。", "the file is empty.");
  }
  json_t *o = object_of(v->line, v->len);
  bool good = read_header(v, o);
  json_decref(o);
  return good;
}

static bool wrong_order(struct verify *v, int64_t seq) {
  int64_t next = v->seq + 1;
  if (seq > next)
    return BAD(v, seq, "顺序不对：这里应是记录 %lld，中间缺了记录或行被调换。",
               "wrong order: record %lld should be here; records are missing, or lines were moved.", (long long)next);
  return BAD(v, seq, "顺序不对：这里应是记录 %lld，这一行重复了或被调换。",
             "wrong order: record %lld should be here; this line is doubled or was moved.", (long long)next);
}

static bool check_record(struct verify *v, const char *tab) {
  uint8_t stated[JOURNAL_CHAIN];
  size_t len = (size_t)(tab - v->line), hex_len = v->len - len - 1;
  json_t *o = object_of(v->line, len);
  const json_t *number = json_object_get(o, "seq");
  int64_t seq = json_is_integer(number) ? json_integer_value(number) : 0;
  json_decref(o);
  if (seq < 1) return BAD(v, v->seq + 1, "这一行被改动：不是完整的记录。", "this line was changed: it is no whole record.");
  if (seq != v->seq + 1) return wrong_order(v, seq);
  chain_next(v->chain, v->line, len);
  if (!chain_hex(tab + 1, hex_len, stated, sizeof stated) || memcmp(stated, v->chain, sizeof stated))
    return BAD(v, seq, "这一行被改动：内容与链不符。", "this line was changed: it doesn't match the chain.");
  v->seq = v->report->to_seq = seq;
  return true;
}

static bool check_end(struct verify *v) {
  uint8_t chain[JOURNAL_CHAIN], sig[64];
  json_t *o = object_of(v->line, v->len);
  const json_t *number = json_object_get(o, "to_seq");
  int64_t to = json_is_integer(number) ? json_integer_value(number) : -1;
  bool whole = to >= 0 && hex_of(o, "chain", chain, sizeof chain) && hex_of(o, "sig", sig, sizeof sig);
  json_decref(o);
  if (!whole)
    return BAD(v, 0, "这一行被改动：既不是记录，也不是结束行。",
               "this line was changed: it is neither a record nor the end line.");
  if (to != v->seq || memcmp(chain, v->chain, sizeof chain))
    return BAD(
        v, 0, "结束行说最后一条记录是 %lld，文件里到 %lld 为止：缺了记录或被改动。",
        "the end line says that the last record is %lld, the file ends with %lld: records are missing, or it was changed.",
        (long long)to, (long long)v->seq);
  if (!chain_signed(v->key, v->header, v->header_len, to, chain, sig))
    return BAD(v, 0, "签名不对：文件被改动，或不是这台签到机导出的。",
               "the signature is wrong: the file was changed, or this kiosk didn't export it.");
  v->report->key_known = true;
  return true;
}

static bool check_all(struct verify *v) {
  if (!check_header(v)) return false;
  for (;;) {
    enum got got = next_line(v);
    if (got == GOT_BAD) return false;
    if (got == GOT_END) {
      v->number++;
      return BAD(v, 0, "没有结束行：文件在记录 %lld 之后断了。请重新导出或重新复制。",
                 "there is no end line: the file is cut off after record %lld. Export or copy it again.", (long long)v->seq);
    }
    const char *tab = memchr(v->line, '\t', v->len);
    if (!tab) break;
    if (!check_record(v, tab)) return false;
  }
  if (!check_end(v)) return false;
  enum got got = next_line(v);
  if (got == GOT_LINE)
    BAD(v, 0, "结束行后面还有内容：文件被改动。", "there is more behind the end line: the file was changed.");
  return got == GOT_END;
}

bool journal_verify(FILE *in, const char *file, struct journal_report *report, struct problem *problem) {
  memset(report, 0, sizeof *report);
  if (sodium_init() < 0) return problem_set(problem, "系统的随机源不可用。", "The system's random source is not available.");
  struct verify *v = malloc(sizeof *v);
  if (!v) return problem_set(problem, "内存不足。", "Out of memory.");
  *v = (struct verify){.in = in, .file = file, .report = report, .problem = problem};
  bool good = check_all(v);
  free(v);
  return good;
}
