/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/export_read.h"

#include <string.h>

#include "core/day.h"

enum line_got { LINE_WHOLE, LINE_ENDED, LINE_LONG };

/* Up to an LF, which is taken, too. Of what is too long, nothing more is read. */
static enum line_got read_line(struct export_lines *l) {
  l->len = 0;
  for (;;) {
    if (l->next == l->ahead) l->next = 0, l->ahead = fread(l->buffer, 1, sizeof l->buffer, l->in);
    if (!l->ahead) return LINE_ENDED;
    const char *from = l->buffer + l->next, *end = memchr(from, '\n', l->ahead - l->next);
    const size_t len = end ? (size_t)(end - from) : l->ahead - l->next;
    if (l->len + len > EXPORT_LINE_MOST) return LINE_LONG;
    memcpy(l->line + l->len, from, len);
    l->len += len, l->next += len;
    if (!end) continue;
    l->next++;
    return LINE_WHOLE;
  }
}

static void undo_editor(struct export_lines *l, bool whole) {
  static const char mark[] = {'\xef', '\xbb', '\xbf'};
  if (l->number == 1 && l->len >= sizeof mark && !memcmp(l->line, mark, sizeof mark))
    memmove(l->line, l->line + sizeof mark, l->len -= sizeof mark);
  if (whole && l->len && l->line[l->len - 1] == '\r') l->len--;
}

enum export_got export_line(struct export_lines *l, struct problem *problem) {
  enum line_got got;
  do {
    got = read_line(l);
    if (got == LINE_ENDED && l->len == 0 && !ferror(l->in)) return EXPORT_END;
    l->number++;
    undo_editor(l, got == LINE_WHOLE);
  } while (got == LINE_WHOLE && !l->len);
  l->line[l->len] = 0;
  if (got == LINE_WHOLE) return EXPORT_LINE;
  if (ferror(l->in))
    problem_set(problem, "读到这一行时出错。", "reading failed at this line.");
  else if (got == LINE_LONG)
    problem_set(problem, "这一行太长，不是签到日志的导出文件。", "this line is too long: not an export of a journal.");
  if (ferror(l->in) || got == LINE_LONG) return EXPORT_BAD;
  problem_set(problem, "文件在这一行中间断了，后面的记录没有了。请重新导出或重新复制。",
              "the file is cut off within this line; what follows is missing. Export or copy it again.");
  return EXPORT_CUT;
}

json_t *export_object(const char *text, size_t len) {
  json_t *o = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
  if (json_is_object(o)) return o;
  json_decref(o);
  return NULL;
}

bool export_hex(const json_t *o, const char *key, uint8_t *bytes, size_t n) {
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

static bool read_header(const json_t *o, size_t len, struct export_header *h, struct problem *problem) {
  uint8_t start[JOURNAL_CHAIN];
  const json_t *version = json_object_get(o, "v"), *from = json_object_get(o, "from_seq");
  if (!json_is_integer(version) || len > EXPORT_HEADER_MOST)
    return problem_set(problem, "不是签到日志的导出文件：第一行应是它的说明（v、kiosk、journal……）。",
                       "not an export of a journal: the first line should be its header (v, kiosk, journal, ...).");
  if (json_integer_value(version) != 1)
    return problem_set(problem, "这个导出文件是版本 %lld，本程序只认识版本 1。请安装新版程序。",
                       "this export is of version %lld; this program knows version 1. Install the newer program.",
                       (long long)json_integer_value(version));
  if (!text_of(o, "kiosk", h->kiosk, sizeof h->kiosk) || !export_hex(o, "journal", h->journal, sizeof h->journal) ||
      !export_hex(o, "key", h->key, sizeof h->key) || !export_hex(o, "chain_before", h->chain_before, JOURNAL_CHAIN) ||
      !json_is_integer(from) || json_integer_value(from) < 1 || json_integer_value(from) == INT64_MAX)
    return problem_set(problem, "导出文件的说明行不完整或被改动。", "the export's header line is incomplete or was changed.");
  h->from_seq = json_integer_value(from);
  h->purged = json_is_true(json_object_get(o, "purged"));
  chain_start(h->key, h->journal, start);
  if (h->from_seq == 1 && memcmp(start, h->chain_before, sizeof start))
    return problem_set(
        problem, "说明行被改动：签到机密钥、日志编号与链的开头不符。",
        "the header line was changed: the kiosk's key and the journal's id don't give the beginning of the chain.");
  return true;
}

bool export_header(const char *line, size_t len, struct export_header *h, struct problem *problem) {
  json_t *o = export_object(line, len);
  bool good = read_header(o, len, h, problem);
  json_decref(o);
  return good;
}

bool export_end(const char *line, size_t len, struct export_end *end) {
  json_t *o = export_object(line, len);
  const json_t *number = json_object_get(o, "to_seq");
  end->to_seq = json_is_integer(number) ? json_integer_value(number) : -1;
  bool whole =
      end->to_seq >= 0 && export_hex(o, "chain", end->chain, JOURNAL_CHAIN) && export_hex(o, "sig", end->sig, sizeof end->sig);
  json_decref(o);
  return whole;
}

static int digits(const char *at, int n) {
  int value = 0;
  for (int i = 0; i < n; i++) value = 10 * value + (at[i] - '0');
  return value;
}

enum { YEAR_MOST = 9998 }; /* in any zone, it has four digits */

bool export_time(const char *text, int64_t *ms) {
  static const char shape[] = "0000-00-00T00:00:00.000Z";
  for (int i = 0; shape[i]; i++) /* ends at the text's NUL, too */
    if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i]) return false;
  const int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2), hour = digits(text + 11, 2),
            minute = digits(text + 14, 2), second = digits(text + 17, 2);
  if (year < 1970 || year > YEAR_MOST || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
    return false;
  const int32_t days = day_from_civil(year, month, day);
  if (day > 28 && day > day_from_civil(year + month / 12, month % 12 + 1, 1) - day_from_civil(year, month, 1)) return false;
  *ms = (((int64_t)days * 24 + hour) * 60 + minute) * 60000 + second * 1000 + digits(text + 20, 3);
  return true;
}
