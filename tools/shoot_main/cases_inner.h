/* SPDX-License-Identifier: Apache-2.0
 * What the files of the cases share: each sets part of a view, by the words of its case.
 */
#ifndef YINGBIN_TOOLS_CASES_INNER_H
#define YINGBIN_TOOLS_CASES_INNER_H

#include "tools/shoot_main/cases.h"

void case_text(struct text *t, const char *zh, const char *en);
void case_special(const char *special, struct catalog *c, struct view *v); /* of any screen */
void case_self(const char *name, struct view *v);                          /* a guest without a code, by the case's name */
void case_console(const char *name, const char *special, struct catalog *catalog, struct view *v); /* the staff console */

#endif
