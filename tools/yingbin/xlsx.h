/* SPDX-License-Identifier: Apache-2.0
 * The parts of an Excel workbook (ECMA-376: a zip archive of XML files), for table_xlsx.c. Bounded: no
 * part is ever held whole, document types and so entities are refused, and an archive that unpacks to
 * absurd sizes is named a bomb. Names of elements come without their name space's prefix.
 */
#ifndef YINGBIN_TOOLS_XLSX_H
#define YINGBIN_TOOLS_XLSX_H

#include <stdint.h>
#include <zip.h>

#include "tools/yingbin/pool.h"
#include "tools/yingbin/table.h"

enum xlsx_form { XLSX_PLAIN, XLSX_DATE, XLSX_TIME, XLSX_MOMENT, XLSX_ZEROS /* 00000: leading zeros are shown */ };

struct xlsx_style {
  enum xlsx_form form;
  int zeros;
};

struct xlsx_sheet {
  const char *name, *rid, *part; /* part: its file in the archive, NULL: not a sheet of cells */
  bool hidden;
};

struct xlsx {
  const struct table_ask *ask;
  zip_t *zip;        /* owned */
  struct pool texts; /* owned: everything below */
  bool epoch_1904;
  const char *book, *strings_part, *styles_part; /* NULL: none */
  struct xlsx_sheet sheet[64];
  int sheets;
  const char **string; /* owned array */
  int strings;
  size_t string_bytes;
  struct xlsx_style *style; /* owned array, by the s of a cell */
  int styles;
};

bool xlsx_open(const struct table_ask *ask, struct xlsx *x); /* the archive and what is in it; false: an error was added */
void xlsx_close(struct xlsx *x);

bool xlsx_strings(struct xlsx *x); /* the shared strings; long ones are cut one byte above TABLE_CELL_MOST */
bool xlsx_styles(struct xlsx *x);

/* How a number looks that has this style, as text. `text` is the number as written; CELL_ROUNDED where digits are lost. */
enum cell_kind xlsx_number(const struct xlsx *x, int style, const char *text, char out[64]);

struct xlsx_calls {
  void (*start)(void *self, const char *name, const char **attributes);
  void (*end)(void *self, const char *name);
  void (*text)(void *self, const char *text, int len); /* may be NULL */
};

/* One part, to its end or until *stop. False: an error was added. */
bool xlsx_parse(struct xlsx *x, const char *part, const struct xlsx_calls *calls, void *self, const bool *stop);

const char *xlsx_attribute(const char **attributes, const char *name); /* NULL: not there */
bool xlsx_yes(const char *value);                                      /* 1, true, on */

#endif
