/* SPDX-License-Identifier: Apache-2.0
 * What all papers of a person have in common: tickets, badges, lists.
 */
#ifndef YINGBIN_TOOLS_PAPERS_H
#define YINGBIN_TOOLS_PAPERS_H

#include "tools/yingbin/folder.h"
#include "tools/yingbin/sheet.h"

enum papers { PAPERS_TICKET, PAPERS_BADGE, PAPERS_LIST };

/* Which characters of what such a paper shows no font has, and whose they are: onto the folder's warnings. */
void papers_check(struct folder *folder, const struct sheet_fonts *fonts, const struct person *person, enum papers paper);

/* The same for the texts of pack.ini, in the language chosen (LANG_COUNT: that of each event's title). */
void papers_check_pack(struct folder *folder, const struct sheet_fonts *fonts, enum lang chosen);

/* What screens show of the people, which have the same fonts; nothing where they aren't installed here. */
void papers_check_screens(struct folder *folder);

#endif
