/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/lines.h"

#include <stdio.h>
#include <string.h>

void lines_add(struct lines *l, int line) {
  if (l->count && l->count <= LINES_SHOWN && l->at[l->count - 1] == line) return; /* one line, twice */
  if (l->count < LINES_SHOWN) l->at[l->count] = line;
  l->count++;
}

void lines_tell(const struct lines *l, char zh[LINES_TEXT], char en[LINES_TEXT]) {
  char *z = stpcpy(zh, "第 "), *e = stpcpy(en, l->count == 1 ? "line " : "lines ");
  int shown = l->count < LINES_SHOWN ? l->count : LINES_SHOWN;
  for (int i = 0; i < shown; i++) {
    z += sprintf(z, "%s%d", i ? "、" : "", l->at[i]);
    e += sprintf(e, "%s%d", i ? ", " : "", l->at[i]);
  }
  if (l->count > shown) {
    sprintf(z, "…行（共 %d 行）", l->count);
    sprintf(e, ", ... (%d in all)", l->count);
  } else {
    strcpy(z, " 行");
  }
}
