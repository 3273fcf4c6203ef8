/* SPDX-License-Identifier: Apache-2.0
 * tickets.xlsx beside tickets.csv: the same rows, each cell a text. Spreadsheets take what looks like a
 * number in a CSV for one, and telephone numbers lose their zeros and their +.
 */
#ifndef YINGBIN_TOOLS_TICKET_BOOK_H
#define YINGBIN_TOOLS_TICKET_BOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

/* Of the bytes of tickets.csv, whose guard before formulas no text cell needs. The same bytes give the same workbook; 0600. */
bool ticket_book_write(const char *csv, size_t len, const char *path, struct problem *problem);

#endif
