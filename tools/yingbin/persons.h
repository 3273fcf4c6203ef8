/* SPDX-License-Identifier: Apache-2.0
 * Who is who: the rows of a roster become people of the folder, known again by their keys in codes.csv,
 * or new. A person on two rosters of one event is one person. What stays ambiguous is an error with its
 * rows; then nothing is issued, since nothing is written.
 */
#ifndef YINGBIN_TOOLS_PERSONS_H
#define YINGBIN_TOOLS_PERSONS_H

#include "tools/yingbin/codes.h"
#include "tools/yingbin/folder.h"

void persons_take(struct folder *folder, int roster, const struct roster_table *table);

/* Of a roster that has errors already: what else is wrong with its values. */
void persons_check(struct folder *folder, int roster, const struct roster_table *table);

/* After all rosters: issues the missing codes, and looks for codes that two people have. */
void persons_finish(struct folder *folder);

#endif
