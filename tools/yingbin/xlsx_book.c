/* SPDX-License-Identifier: Apache-2.0
 * What is in the archive: the workbook, its sheets, and where its strings and styles are.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/yingbin/xlsx.h"

enum { PARTS_MOST = 10000, TAIL = 66000, SHEETS_MOST = 64 };
static const int64_t FILE_MOST = INT64_C(512) << 20;

/* --- what a zip archive is, other than a workbook --- */

static const struct kind {
  const char *part, *zh, *en;
} kinds[] = {{"word/document.xml", "Word 文档", "a Word document"},
             {"ppt/presentation.xml", "PowerPoint 文档", "a PowerPoint document"},
             {"xl/workbook.bin", "二进制 Excel 文件（.xlsb）", "a binary Excel workbook (.xlsb)"},
             {"Index/Document.iwa", "Numbers 表格", "a Numbers spreadsheet"},
             {"content.xml", "OpenDocument 表格（.ods）", "an OpenDocument spreadsheet (.ods)"}};

static bool has(struct xlsx *x, const char *part) { return zip_name_locate(x->zip, part, ZIP_FL_NOCASE) >= 0; }

static bool no_workbook(struct xlsx *x) {
  const char *zh = "压缩包（zip），里面没有 Excel 表格", *en = "a zip archive without an Excel workbook";
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (has(x, kinds[i].part)) {
      zh = kinds[i].zh, en = kinds[i].en;
      break;
    }
  return remarks_say(
      x->ask->errors, "%1$s：这是%2$s。请用 Excel 或 WPS 打开原来的表格，“另存为”→“Excel 工作簿 (*.xlsx)”%3$.0s",
      "%1$s: this is %3$s. Open the table in Excel or WPS and choose “Save as” → “Excel workbook (*.xlsx)”%2$.0s", x->ask->file,
      zh, en);
}

static bool damaged(struct xlsx *x, const char *why) {
  return remarks_say(x->ask->errors, "%1$s：Excel 文件已损坏或没有传完（%2$s）。请重新保存或下载",
                     "%1$s: the Excel file is damaged or incomplete (%2$s). Save or download it again", x->ask->file, why);
}

/* libzip reads the whole list of parts at once: how long it is, is looked up first. */
static bool sane_list(struct xlsx *x) {
  static unsigned char tail[TAIL];
  FILE *in = table_open(x->ask);
  if (!in) return false;
  bool good = fseeko(in, 0, SEEK_END) == 0;
  off_t size = ftello(in), from = size > TAIL ? size - TAIL : 0;
  size_t n = good && fseeko(in, from, SEEK_SET) == 0 ? fread(tail, 1, TAIL, in) : 0;
  fclose(in);
  if (size > FILE_MOST)
    return remarks_say(x->ask->errors, "%s：文件超过 512 MB，不像名单", "%s: the file is over 512 MB, which is no roster",
                       x->ask->file);
  for (size_t i = n >= 22 ? n - 22 + 1 : 0; i-- > 0;)
    if (!memcmp(tail + i, "PK\5\6", 4)) {
      int parts = tail[i + 10] | tail[i + 11] << 8;
      uint32_t list = tail[i + 12] | tail[i + 13] << 8 | tail[i + 14] << 16 | (uint32_t)tail[i + 15] << 24;
      return (parts <= PARTS_MOST && list < 64 << 20) || damaged(x, "parts > 10000");
    }
  return damaged(x, "zip");
}

/* --- the parts that lead to others --- */

static const char *beside(struct xlsx *x, const char *base, const char *target) {
  if (*target == '/') return pool_add(&x->texts, target + 1, strlen(target) - 1);
  const char *slash = strrchr(base, '/');
  size_t folder = slash ? (size_t)(slash - base) + 1 : 0;
  while (!strncmp(target, "../", 3) && folder) {
    target += 3;
    for (folder--; folder && base[folder - 1] != '/';) folder--;
  }
  return pool_format(&x->texts, "%.*s%s", (int)folder, base, target);
}

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

static void no_text(void *self, const char *name) { (void)self, (void)name; }

static void on_root(void *xlsx, const char *name, const char **a) {
  struct xlsx *x = xlsx;
  const char *type = xlsx_attribute(a, "Type"), *target = xlsx_attribute(a, "Target");
  if (!strcmp(name, "Relationship") && type && target && ends_with(type, "/officeDocument")) x->book = beside(x, "", target);
}

static void on_book(void *xlsx, const char *name, const char **a) {
  struct xlsx *x = xlsx;
  if (!strcmp(name, "workbookPr")) x->epoch_1904 = xlsx_yes(xlsx_attribute(a, "date1904"));
  if (strcmp(name, "sheet") != 0 || x->sheets == SHEETS_MOST) return;
  const char *title = xlsx_attribute(a, "name"), *rid = NULL, *state = xlsx_attribute(a, "state");
  for (const char **at = a; *at; at += 2)
    if (strchr(*at, ':') && ends_with(*at, ":id")) rid = at[1];
  if (title && rid)
    x->sheet[x->sheets++] = (struct xlsx_sheet){.name = pool_add(&x->texts, title, strlen(title)),
                                                .rid = pool_add(&x->texts, rid, strlen(rid)),
                                                .hidden = state && strcmp(state, "visible") != 0};
}

static void on_relation(void *xlsx, const char *name, const char **a) {
  struct xlsx *x = xlsx;
  const char *type = xlsx_attribute(a, "Type"), *target = xlsx_attribute(a, "Target"), *id = xlsx_attribute(a, "Id");
  if (strcmp(name, "Relationship") != 0 || !type || !target || !id) return;
  if (ends_with(type, "/sharedStrings")) x->strings_part = beside(x, x->book, target);
  if (ends_with(type, "/styles")) x->styles_part = beside(x, x->book, target);
  for (int i = 0; ends_with(type, "/worksheet") && i < x->sheets; i++)
    if (!strcmp(x->sheet[i].rid, id)) x->sheet[i].part = beside(x, x->book, target);
}

static const char *relations_of(struct xlsx *x) {
  const char *slash = strrchr(x->book, '/');
  return slash ? pool_format(&x->texts, "%.*s_rels/%s.rels", (int)(slash - x->book + 1), x->book, slash + 1)
               : pool_format(&x->texts, "_rels/%s.rels", x->book);
}

static bool read_book(struct xlsx *x) {
  const struct xlsx_calls root = {on_root, no_text, NULL}, book = {on_book, no_text, NULL},
                          relation = {on_relation, no_text, NULL};
  if (!has(x, "_rels/.rels") || has(x, "xl/workbook.bin")) return no_workbook(x);
  if (!xlsx_parse(x, "_rels/.rels", &root, x, NULL)) return false;
  if (!x->book || !has(x, x->book) || has(x, "word/document.xml") || has(x, "ppt/presentation.xml")) return no_workbook(x);
  if (!xlsx_parse(x, x->book, &book, x, NULL) || !xlsx_parse(x, relations_of(x), &relation, x, NULL)) return false;
  if (has(x, "xl/vbaProject.bin"))
    remarks_say(x->ask->warnings, "%s：文件里有宏，没有运行，也不会进入活动包",
                "%s: the file holds macros; they were not run, and don't get into the pack", x->ask->file);
  return true;
}

static zip_t *open_zip(const struct table_ask *ask, zip_error_t *error) {
  if (!ask->bytes) {
    int code;
    zip_t *zip = zip_open(ask->path, ZIP_RDONLY, &code);
    if (!zip) zip_error_init_with_code(error, code);
    return zip;
  }
  zip_source_t *source = zip_source_buffer_create(ask->bytes, ask->len, 0, error);
  zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, error) : NULL;
  if (source && !zip) zip_source_free(source);
  return zip;
}

bool xlsx_open(const struct table_ask *ask, struct xlsx *x) {
  zip_error_t error;
  *x = (struct xlsx){.ask = ask};
  if (!sane_list(x)) return false;
  zip_error_init(&error);
  x->zip = open_zip(ask, &error);
  bool good = x->zip || damaged(x, zip_error_strerror(&error));
  zip_error_fini(&error);
  return good && read_book(x);
}

void xlsx_close(struct xlsx *x) {
  if (x->zip) zip_discard(x->zip);
  free(x->string);
  free(x->style);
  pool_free(&x->texts);
}
