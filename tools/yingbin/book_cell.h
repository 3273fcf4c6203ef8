/* SPDX-License-Identifier: Apache-2.0
 * A text into a cell of a workbook, whatever it is: it stays text, never a formula.
 */
#ifndef YINGBIN_TOOLS_BOOK_CELL_H
#define YINGBIN_TOOLS_BOOK_CELL_H

#include <xlsxwriter.h>

void book_cell(lxw_worksheet *sheet, lxw_row_t row, int column, const char *text, lxw_format *format);

#endif
