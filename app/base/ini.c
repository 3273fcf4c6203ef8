/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ini.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static struct slice trim(const char *at, const char *end) {
  while (at < end && blank(*at)) at++;
  while (end > at && blank(end[-1])) end--;
  return (struct slice){at, (size_t)(end - at)};
}

void ini_init(struct ini *ini, const char *file, const char *text, size_t len) {
  *ini = (struct ini){.file = file, .at = text, .end = text + len};
  if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) ini->at += 3;
}

static struct slice next_line(struct ini *ini) {
  const char *start = ini->at, *newline = memchr(start, '\n', (size_t)(ini->end - start));
  ini->at = newline ? newline + 1 : ini->end;
  ini->line++;
  return trim(start, newline ? newline : ini->end);
}

static enum ini_kind bad(const struct ini *ini, struct problem *problem, const char *zh, const char *en) {
  problem_set(problem, "%1$s 第 %2$d 行：%3$s%4$.0s", "%1$s, line %2$d: %4$s%3$.0s", ini->file, ini->line, zh, en);
  return INI_BAD;
}

static enum ini_kind section(const struct ini *ini, struct slice line, struct ini_item *item, struct problem *problem) {
  if (line.at[line.len - 1] != ']')
    return bad(ini, problem, "以“[”开头的一行应当以“]”结尾，例如 [event my-meetup]",
               "a line that begins with “[” should end with “]”, e.g. [event my-meetup]");
  struct slice inside = trim(line.at + 1, line.at + line.len - 1);
  if (inside.len == 0) return bad(ini, problem, "方括号里应当有小节名", "the brackets should hold a section's name");
  size_t n = 0;
  while (n < inside.len && !blank(inside.at[n])) n++;
  item->section = (struct slice){inside.at, n};
  item->argument = trim(inside.at + n, inside.at + inside.len);
  return INI_SECTION;
}

static enum ini_kind pair(const struct ini *ini, struct slice line, struct ini_item *item, struct problem *problem) {
  static const char wide[] = "＝"; /* what a Chinese input method types */
  const char *equals = memchr(line.at, '=', line.len);
  if (!equals && memmem(line.at, line.len, wide, strlen(wide)))
    return bad(ini, problem, "这里是全角的“＝”，应当是半角的“=”", "this is a full-width “＝”; a plain “=” was expected");
  if (!equals)
    return bad(ini, problem, "应当是“键 = 值”、“[小节]”，或以“#”开头的注释",
               "expected “key = value”, “[section]” or a comment that begins with “#”");
  item->key = trim(line.at, equals);
  item->value = trim(equals + 1, line.at + line.len);
  if (item->key.len == 0) return bad(ini, problem, "“=”前面应当有键名", "a key was expected before “=”");
  return INI_PAIR;
}

enum ini_kind ini_next(struct ini *ini, struct ini_item *item, struct problem *problem) {
  *item = (struct ini_item){.kind = INI_END, .section = {"", 0}, .argument = {"", 0}, .key = {"", 0}, .value = {"", 0}};
  while (ini->at < ini->end) {
    struct slice line = next_line(ini);
    item->line = ini->line;
    if (line.len == 0) continue;
    if (memchr(line.at, 0, line.len))
      item->kind = bad(ini, problem, "有空字节：这不是文本文件，或编码不是 UTF-8，请另存为 UTF-8",
                       "there is a NUL byte: not a text file, or not UTF-8; save it as UTF-8");
    else if (!utf8_valid(line.at, line.len))
      item->kind = bad(ini, problem, "编码不是 UTF-8，请另存为 UTF-8", "not valid UTF-8; save the file as UTF-8");
    else if (line.at[0] == '#' || line.at[0] == ';')
      continue;
    else if (line.at[0] == '[')
      item->kind = section(ini, line, item, problem);
    else
      item->kind = pair(ini, line, item, problem);
    return item->kind;
  }
  return INI_END;
}

bool slice_is(struct slice s, const char *text) { return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0; }

bool slice_copy(struct slice s, char *out, size_t size) {
  bool fits = s.len < size;
  if (fits) memcpy(out, s.at, s.len);
  if (size > 0) out[fits ? s.len : 0] = '\0';
  return fits;
}

bool ini_unknown(const struct ini *ini, const struct ini_item *item, const char *const *known, struct problem *problem) {
  char list[sizeof(problem->en) / 2] = "";
  size_t used = 0;
  for (; *known; known++) {
    size_t len = strlen(*known);
    if (used + len + 6 > sizeof(list)) { /* ", …" and the NUL */
      strcpy(list + used, ", …");
      break;
    }
    used += (size_t)(stpcpy(stpcpy(list + used, used ? ", " : ""), *known) - (list + used));
  }
  char line_zh[32] = "", line_en[32] = ""; /* the command line has no lines */
  if (item->line > 0) {
    snprintf(line_zh, sizeof(line_zh), " 第 %d 行", item->line);
    snprintf(line_en, sizeof(line_en), ", line %d", item->line);
  }
  return problem_set(problem, "%1$s%2$s：没有“%5$.*4$s”这个键。可用的键：%6$s%3$.0s",
                     "%1$s%3$s: unknown key “%5$.*4$s”. Known keys: %6$s%2$.0s", ini->file, line_zh, line_en,
                     (int)utf8_cut(item->key.at, item->key.len, 80), item->key.at, list);
}
