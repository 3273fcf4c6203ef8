/* SPDX-License-Identifier: Apache-2.0
 * Badges: sheets of A4 with cut marks, or a page a label. A badge's code is the attendee's own, so that
 * it works at every station.
 */
#ifndef YINGBIN_TOOLS_BADGES_H
#define YINGBIN_TOOLS_BADGES_H

#include "tools/yingbin/folder.h"

enum { BADGES_NUMBERS_MAX = 64 };

struct badges_options {
  const char *out;  /* 0600: who has a badge's code has the ticket */
  const char *size; /* "90x54", "86x54", "A6" */
  enum lang lang;   /* of the words that aren't the people's; LANG_COUNT: of the event's title */
  bool labels;      /* one a page, as label printers want it */
  bool all;         /* also of people whose sign-up isn't confirmed */
  const char *number[BADGES_NUMBERS_MAX];
  int numbers;
};

struct badges {
  int badges, pages, left_out; /* left_out: not confirmed */
};

bool badges_size_known(const char *size);

/* Characters that no font has are told in the folder's warnings: which, and whose name. */
bool badges_write(struct folder *folder, const struct badges_options *options, struct badges *made, struct problem *problem);

#endif
