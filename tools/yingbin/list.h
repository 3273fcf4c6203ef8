/* SPDX-License-Identifier: Apache-2.0
 * The list on paper, for the day when nothing works: everyone by pinyin with a box to tick for each day,
 * and lines for who comes without having signed up. What it shows is what a desk needs, no more: of a
 * telephone number the last four digits.
 */
#ifndef YINGBIN_TOOLS_LIST_H
#define YINGBIN_TOOLS_LIST_H

#include "tools/yingbin/folder.h"

struct list_made {
  int people, pages;
};

/* In that language, LANG_COUNT: in each event's title's. A part for each event with people of its own; 0600. Characters that no
 * font has go to the folder's warnings. */
bool list_write(struct folder *folder, enum lang lang, const char *file, struct list_made *made, struct problem *problem);

#endif
