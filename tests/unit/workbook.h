/* SPDX-License-Identifier: Apache-2.0
 * An Excel workbook for a test, in memory: the parts that every workbook has, with a sheet, shared
 * strings and styles of the test's own. Every failure ends the test program.
 */
#ifndef YINGBIN_TESTS_WORKBOOK_H
#define YINGBIN_TESTS_WORKBOOK_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define WORKBOOK_RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct workbook_part {
  const char *name;
  const void *bytes; /* NULL: none, the list ends */
  size_t len;
};

struct workbook {
  const char *book;                                   /* workbook.xml's inside; NULL: one sheet, “名单” */
  struct workbook_part sheet, strings, styles, other; /* their names are given below; other: any */
};

static inline void workbook_put(zip_t *zip, const char *name, const void *bytes, size_t len) {
  zip_source_t *source = zip_source_buffer(zip, bytes, len, 0);
  assert(source);
  zip_int64_t at = zip_file_add(zip, name, source, ZIP_FL_OVERWRITE);
  assert(at >= 0);
}

/* The archive's bytes; the caller frees them. */
static inline char *workbook_make(const struct workbook *w, size_t *len) {
  static const char rels[] =
      "<Relationships><Relationship Id='r1' Type='" WORKBOOK_RELS "/officeDocument' Target='xl/workbook.xml'/></Relationships>";
  static const char book_rels[] = "<Relationships><Relationship Id='r1' Type='" WORKBOOK_RELS
                                  "/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='r2' Type='" WORKBOOK_RELS
                                  "/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='r3' Type='" WORKBOOK_RELS
                                  "/styles' Target='/xl/styles.xml'/></Relationships>";
  static const char one[] = "<workbook xmlns:r='" WORKBOOK_RELS "'><sheets><sheet name='名单' r:id='r1'/></sheets></workbook>";
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
  zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, &error) : NULL;
  assert(zip);
  zip_source_keep(source);
  const char *book = w->book ? w->book : one;
  workbook_put(zip, "_rels/.rels", rels, sizeof rels - 1);
  workbook_put(zip, "xl/workbook.xml", book, strlen(book));
  workbook_put(zip, "xl/_rels/workbook.xml.rels", book_rels, sizeof book_rels - 1);
  workbook_put(zip, "xl/worksheets/sheet1.xml", w->sheet.bytes, w->sheet.len);
  static const char no_strings[] = "<sst/>", no_styles[] = "<styleSheet/>";
  workbook_put(zip, "xl/sharedStrings.xml", w->strings.bytes ? w->strings.bytes : no_strings,
               w->strings.bytes ? w->strings.len : sizeof no_strings - 1);
  workbook_put(zip, "xl/styles.xml", w->styles.bytes ? w->styles.bytes : no_styles,
               w->styles.bytes ? w->styles.len : sizeof no_styles - 1);
  if (w->other.bytes) workbook_put(zip, w->other.name, w->other.bytes, w->other.len);
  int closed = zip_close(zip), opened = zip_source_open(source);
  assert(closed == 0 && opened == 0);
  zip_stat_t st;
  zip_source_stat(source, &st);
  *len = (size_t)st.size;
  char *bytes = malloc(*len + 1);
  assert(bytes);
  zip_int64_t n = zip_source_read(source, bytes, *len);
  assert(n == (zip_int64_t)*len);
  zip_source_close(source);
  zip_source_free(source);
  zip_error_fini(&error);
  return bytes;
}

#endif
