/* SPDX-License-Identifier: Apache-2.0
 * Which lines something is about: the first few and how many, so that a message about a thousand rows
 * is one message.
 */
#ifndef YINGBIN_TOOLS_LINES_H
#define YINGBIN_TOOLS_LINES_H

enum { LINES_SHOWN = 8, LINES_TEXT = 160 };

struct lines { /* zero-initialised */
  int at[LINES_SHOWN];
  int count;
};

void lines_add(struct lines *l, int line);

/* "第 3、7 行" and "lines 3, 7"; "第 3、7、…行（共 12 行）" and "lines 3, 7, ... (12 in all)". */
void lines_tell(const struct lines *l, char zh[LINES_TEXT], char en[LINES_TEXT]);

#endif
