/* SPDX-License-Identifier: Apache-2.0
 * The columns of a roster, and the headings by which people and sign-up platforms call them, in Chinese
 * and English. Pure.
 */
#ifndef YINGBIN_TOOLS_HEADINGS_H
#define YINGBIN_TOOLS_HEADINGS_H

#include <stdbool.h>
#include <stddef.h>

enum roster_column {
  ROSTER_NAME,
  ROSTER_PHONE,
  ROSTER_EMAIL,
  ROSTER_ORGANIZATION,
  ROSTER_TITLE,
  ROSTER_TYPE,
  ROSTER_NUMBER,
  ROSTER_ORDER,
  ROSTER_CODE,
  ROSTER_SEAT,
  ROSTER_STATUS,
  ROSTER_PARTY,
  ROSTER_ATTENTION,
  ROSTER_FAMILY, /* these two make the name where there is no column of whole names */
  ROSTER_GIVEN,
  ROSTER_COLUMNS
};

struct roster_heading {
  const char *name, *zh;    /* "name", "姓名" */
  size_t most;              /* bytes of a cell */
  const char *const *usual; /* headings, the better ones first, as heading_plain writes them; NULL at the end */
};

extern const struct roster_heading roster_heading[ROSTER_COLUMNS];

const char *roster_column_name(enum roster_column column); /* "name" */

/* How good a heading is for a column: 0 the best, -1 it isn't one. Case, blanks, numbering ("1、您的姓名"),
 * polite words and what stands in brackets don't count. */
int heading_rank(enum roster_column column, const char *text);

/* 昵称, 联系人, user name: somebody's name only where there is no better column. */
bool heading_is_nick(const char *text);

#endif
