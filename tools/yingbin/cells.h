/* SPDX-License-Identifier: Apache-2.0
 * A cell as people type and platforms export it, made fit for a screen and for comparing: blanks of every
 * kind, full-width digits, invisible and direction-changing characters, tricks that keep a spreadsheet
 * from reading a number. Names keep what is theirs (full-width letters, emoji); a code is what its QR
 * holds and is hardly touched. And the way back: text into a CSV that a spreadsheet opens. Pure.
 */
#ifndef YINGBIN_TOOLS_CELLS_H
#define YINGBIN_TOOLS_CELLS_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/yingbin/headings.h"

enum cell_note {                          /* bits: what people should know about */
                 CELL_NOTE_DIRECTION = 1, /* characters that turn text round were taken out */
                 CELL_NOTE_CONTROL = 2,   /* so were control characters */
                 CELL_NOTE_LOST = 4,      /* U+FFFD, or a ? in a name: a character was lost before it came to us */
                 CELL_NOTE_WIDE = 8       /* a code in full-width letters was made plain */
};

/* In place; the text never grows. Returns the notes. */
unsigned cell_clean(enum roster_column column, char *text, size_t *len);

bool cell_is_rounded(const char *text); /* 1.38E+10: what a spreadsheet makes of a long number */

/* A field for a CSV that spreadsheets open, and `end` behind it: quoted where need be, line breaks kept, and what would
 * be a formula gets a ' in front, which cell_clean takes off again. */
void cell_put(FILE *out, const char *text, const char *end);
const char *cell_unguarded(const char *text); /* behind that ', where there is one */

#endif
