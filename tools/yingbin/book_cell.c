/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/book_cell.h"

#include <stdlib.h>
#include <string.h>

/* U+FFFE and U+FFFF: XML 1.0 can't hold them, not even by number, and a workbook with one can't be opened. (libxlsxwriter
 * writes control characters in the way that spreadsheets have for them, and leaves these.) U+FFFD stands for them. */
static char *no_character(const char *text) { /* its last byte; NULL: there is none */
  for (const char *at = text; (at = strstr(at, "\xEF\xBF")); at += 2)
    if (at[2] == '\xBE' || at[2] == '\xBF') return (char *)at + 2;
  return NULL;
}

void book_cell(lxw_worksheet *sheet, lxw_row_t row, int column, const char *text, lxw_format *format) {
  char *own = no_character(text) ? strdup(text) : NULL;
  for (char *at = own; at && (at = no_character(at));) *at = '\xBD';
  worksheet_write_string(sheet, row, (lxw_col_t)column, own ? own : text, format);
  free(own);
}
