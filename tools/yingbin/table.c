/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/table.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { HEAD = 8192 };

/* What people give in place of a table, by how it begins. */
static const struct kind {
  const char *begins;
  size_t len;
  const char *zh, *en;
} kind[] = {
#define BEGINS(text) text, sizeof text - 1
    {BEGINS("\x89PNG\r\n"), "PNG 图片", "a PNG picture"},
    {BEGINS("\xFF\xD8\xFF"), "JPEG 图片", "a JPEG picture"},
    {BEGINS("GIF8"), "GIF 图片", "a GIF picture"},
    {BEGINS("BM"), "BMP 图片", "a BMP picture"},
    {BEGINS("II*\0"), "TIFF 图片", "a TIFF picture"},
    {BEGINS("MM\0*"), "TIFF 图片", "a TIFF picture"},
    {BEGINS("%PDF-"), "PDF 文件", "a PDF file"},
    {BEGINS("Rar!"), "RAR 压缩包", "a RAR archive"},
    {BEGINS("7z\xBC\xAF"), "7z 压缩包", "a 7z archive"},
    {BEGINS("\x1F\x8B"), "gzip 压缩包", "a gzip archive"},
    {BEGINS("SQLite format 3"), "数据库文件", "a database"},
    {BEGINS("{\\rtf"), "RTF 文档", "an RTF document"},
#undef BEGINS
};

static bool not_a_table(const struct table_ask *ask, const char *zh, const char *en) {
  return remarks_say(
      ask->errors,
      "%1$s：这是%2$s，不是名单（改后缀名没有用）。请用 Excel 或 WPS 打开原来的表格，“另存为”→“Excel "
      "工作簿 (*.xlsx)”%3$.0s",
      "%1$s: this is %3$s, not a roster (renaming doesn't change that). Open the table in Excel or WPS and choose "
      "“Save as” → “Excel workbook (*.xlsx)”%2$.0s",
      ask->file, zh, en);
}

static bool holds(const char *head, size_t len, const char *what, size_t n) { return memmem(head, len, what, n) != NULL; }

/* Compound files: an old workbook, or a new one under a password. Their folder's names are UTF-16LE. */
static bool compound(const struct table_ask *ask, FILE *in) {
  static const char locked[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e", word[] = "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t";
  static char bytes[1 << 16];
  bool is_locked = false, is_word = false;
  size_t n, kept = 0;
  rewind(in);
  while ((n = fread(bytes + kept, 1, sizeof bytes - kept, in)) > 0 && !is_locked && !is_word) {
    n += kept;
    is_locked = holds(bytes, n, locked, sizeof locked - 1);
    is_word = holds(bytes, n, word, sizeof word - 1);
    kept = n < 64 ? n : 64;
    memmove(bytes, bytes + n - kept, kept);
  }
  if (is_locked)
    return remarks_say(
        ask->errors, "%s：这个 Excel 文件设了打开密码。请在 Excel 或 WPS 里去掉密码后再保存",
        "%s: this Excel file is protected with a password. Take the password off in Excel or WPS and save it again", ask->file);
  return is_word ? not_a_table(ask, "Word 文档", "a Word document")
                 : not_a_table(ask, "旧版 Excel 文件（.xls）", "an old Excel file (.xls)");
}

static bool markup(const struct table_ask *ask, const char *head, size_t len) {
  char text[HEAD + 1];
  size_t n = 0;
  if (len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3)) head += 3, len -= 3;
  for (size_t i = 0; i < len; i++)
    if (head[i] && (n || !strchr(" \t\r\n", head[i]))) text[n++] = head[i]; /* UTF-16's zeros are left out */
  text[n] = 0;
  if (n >= 2 && (!memcmp(text, "\xFF\xFE", 2) || !memcmp(text, "\xFE\xFF", 2))) memmove(text, text + 2, n - 1);
  if (*text != '<') return true;
  if (strcasestr(text, "urn:schemas-microsoft-com:office:spreadsheet") && !strcasestr(text, "<html"))
    return not_a_table(ask, "XML 格式的 Excel 2003 表格", "an XML spreadsheet of Excel 2003");
  if (strcasestr(text, "<office:document"))
    return not_a_table(ask, "LibreOffice 的 XML 表格（.fods）", "an XML table of LibreOffice (.fods)");
  if (strcasestr(text, "<html") || strcasestr(text, "<table") || strcasestr(text, "<!doctype html"))
    return not_a_table(ask, "网页（HTML）", "a web page (HTML)");
  if (strcasestr(text, "<svg")) return not_a_table(ask, "SVG 图片", "an SVG picture");
  return strncasecmp(text, "<?xml", 5) ? true : not_a_table(ask, "XML 文件", "an XML file");
}

static bool is_picture_box(const char *head, size_t len) {
  return (len >= 12 && !memcmp(head, "RIFF", 4) && !memcmp(head + 8, "WEBP", 4)) || (len >= 12 && !memcmp(head + 4, "ftyp", 4));
}

FILE *table_open(const struct table_ask *ask) {
  struct stat st;
  struct problem problem;
  FILE *in = ask->bytes ? fmemopen((void *)(uintptr_t)ask->bytes, ask->len, "rb") : fopen(ask->path, "rbe");
  if (in && (ask->bytes || (fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode)))) return in;
  if (in && !S_ISDIR(st.st_mode))
    problem_set(&problem, "名单“%s”不是普通文件", "the roster “%s” is not a regular file", ask->path);
  else
    problem_system(&problem, in ? EISDIR : errno, "无法读取名单", "can't read the roster", ask->path ? ask->path : ask->file);
  remarks_add(ask->errors, &problem);
  if (in) fclose(in);
  return NULL;
}

bool table_read(const struct table_ask *ask, struct table_facts *facts, const struct table_sink *sink) {
  char head[HEAD];
  *facts = (struct table_facts){.label = ""};
  snprintf(facts->label, sizeof facts->label, "%.300s", ask->file);
  if (ask->bytes && !ask->len) return remarks_say(ask->errors, "%s：文件是空的", "%s: the file is empty", ask->file);
  FILE *in = table_open(ask);
  if (!in) return false;
  size_t len = fread(head, 1, sizeof head, in);
  bool good = true;
  if (!len)
    good = remarks_say(ask->errors, "%s：文件是空的", "%s: the file is empty", ask->file);
  else if (len >= 4 && !memcmp(head, "\xD0\xCF\x11\xE0", 4))
    good = compound(ask, in);
  else if (is_picture_box(head, len))
    good = not_a_table(ask, "图片或视频", "a picture or a video");
  for (size_t i = 0; good && i < sizeof kind / sizeof *kind; i++)
    if (len >= kind[i].len && !memcmp(head, kind[i].begins, kind[i].len) &&
        (kind[i].len > 2 || memchr(head, 0, len))) /* a name may begin with BM */
      good = not_a_table(ask, kind[i].zh, kind[i].en);
  good = good && markup(ask, head, len);
  fclose(in);
  if (!good) return false;
  return len >= 4 && !memcmp(head, "PK\3\4", 4) ? table_read_xlsx(ask, facts, sink) : table_read_csv(ask, facts, sink);
}
