/* SPDX-License-Identifier: Apache-2.0
 * What all papers of a person have in common: tickets, badges, lists.
 */
#ifndef YINGBIN_TOOLS_PAPERS_H
#define YINGBIN_TOOLS_PAPERS_H

#include "tools/yingbin/folder.h"
#include "tools/yingbin/sheet.h"

/* Which characters of the person no font has, and whose they are: onto the folder's warnings. */
void papers_check(struct folder *folder, const struct sheet_fonts *fonts, const struct person *person);

#endif
