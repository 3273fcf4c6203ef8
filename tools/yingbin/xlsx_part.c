/* SPDX-License-Identifier: Apache-2.0 */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/xlsx.h"

enum { PIECE = 1 << 16, DEEP = 64 };
static const uint64_t PART_MOST = UINT64_C(3) << 30, BOMB_FROM = 32 << 20;
enum { BOMB_RATIO = 300 }; /* a million rows that all say the same pack to a hundredth */

struct parse {
  struct xlsx *x;
  const char *part;
  const struct xlsx_calls *calls;
  void *self;
  const bool *stop;
  XML_Parser parser;
  int depth;
  bool doctype;
};

static const char *local(const char *name) {
  const char *colon = strrchr(name, ':');
  return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attributes, const char *name) {
  for (; *attributes; attributes += 2)
    if (!strcmp(local(attributes[0]), name)) return attributes[1];
  return NULL;
}

bool xlsx_yes(const char *value) { return value && (!strcmp(value, "1") || !strcmp(value, "true") || !strcmp(value, "on")); }

static void on_start(void *parse, const char *name, const char **attributes) {
  struct parse *p = parse;
  if (++p->depth > DEEP) XML_StopParser(p->parser, XML_FALSE);
  p->calls->start(p->self, local(name), attributes);
  if (*p->stop) XML_StopParser(p->parser, XML_FALSE);
}

static void on_end(void *parse, const char *name) {
  struct parse *p = parse;
  p->depth--;
  p->calls->end(p->self, local(name));
  if (*p->stop) XML_StopParser(p->parser, XML_FALSE);
}

static void on_text(void *parse, const char *text, int len) {
  struct parse *p = parse;
  if (p->calls->text) p->calls->text(p->self, text, len);
}

static void on_doctype(void *parse, const char *name, const char *system, const char *id, int subset) {
  struct parse *p = parse;
  (void)name, (void)system, (void)id, (void)subset;
  p->doctype = true;
  XML_StopParser(p->parser, XML_FALSE);
}

static bool broken(struct parse *p, const char *why) {
  return remarks_say(p->x->ask->errors, "%1$s：Excel 文件已损坏（%2$s：%3$s）。请用 Excel 或 WPS 打开，另存为新的 xlsx",
                     "%1$s: the Excel file is damaged (%2$s: %3$s). Open it in Excel or WPS and save it as a new xlsx",
                     p->x->ask->file, p->part, why);
}

static bool wrong_xml(struct parse *p) {
  char why[160];
  if (p->doctype)
    return remarks_say(p->x->ask->errors, "%1$s：%2$s 里有文档类型声明（DOCTYPE），Excel 不会这样写，没有读取",
                       "%1$s: %2$s declares a document type (DOCTYPE), which Excel never writes; it was not read",
                       p->x->ask->file, p->part);
  snprintf(why, sizeof why, "XML %lu:%lu %s", (unsigned long)XML_GetCurrentLineNumber(p->parser),
           (unsigned long)XML_GetCurrentColumnNumber(p->parser), XML_ErrorString(XML_GetErrorCode(p->parser)));
  return broken(p, why);
}

static bool bomb(struct parse *p, uint64_t bytes) {
  return remarks_say(p->x->ask->errors, "%1$s：%2$s 解压后有 %3$llu MB，不像名单（可能是压缩炸弹），没有读取",
                     "%1$s: %2$s unpacks to %3$llu MB, which is no roster (perhaps a zip bomb); it was not read",
                     p->x->ask->file, p->part, (unsigned long long)(bytes >> 20));
}

static bool too_much(const zip_stat_t *st) {
  return st->size > PART_MOST || (st->size > BOMB_FROM && st->size / BOMB_RATIO > st->comp_size);
}

static bool feed(struct parse *p, zip_file_t *in, const zip_stat_t *st) {
  uint64_t all = 0;
  if (too_much(st)) return bomb(p, st->size);
  for (;;) {
    void *piece = XML_GetBuffer(p->parser, PIECE);
    zip_int64_t n = piece ? zip_fread(in, piece, PIECE) : -1;
    if (n < 0) return broken(p, piece ? zip_file_strerror(in) : "memory");
    all += (uint64_t)n;
    if (all > st->size) return broken(p, "zip: longer than it says");
    enum XML_Status status = XML_ParseBuffer(p->parser, (int)n, n == 0);
    if (*p->stop) return true;
    if (status != XML_STATUS_OK) return wrong_xml(p);
    if (n == 0) return true;
  }
}

bool xlsx_parse(struct xlsx *x, const char *part, const struct xlsx_calls *calls, void *self, const bool *stop) {
  static const bool never = false;
  struct parse p = {.x = x, .part = part, .calls = calls, .self = self, .stop = stop ? stop : &never};
  static const zip_uint64_t known = ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  zip_stat_t st;
  if (zip_stat(x->zip, part, ZIP_FL_NOCASE, &st) != 0 || (st.valid & known) != known)
    return broken(&p, "没有这一部分 / it is missing");
  zip_file_t *in = zip_fopen_index(x->zip, st.index, 0);
  if (!in) return broken(&p, zip_strerror(x->zip));
  p.parser = XML_ParserCreate(NULL);
  if (!p.parser) abort();
  XML_SetUserData(p.parser, &p);
  XML_SetElementHandler(p.parser, on_start, on_end);
  XML_SetCharacterDataHandler(p.parser, on_text);
  XML_SetStartDoctypeDeclHandler(p.parser, on_doctype);
  bool good = feed(&p, in, &st);
  XML_ParserFree(p.parser);
  zip_fclose(in);
  return good;
}
