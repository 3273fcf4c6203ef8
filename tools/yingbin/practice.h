/* SPDX-License-Identifier: Apache-2.0
 * Practice: a few people who are nobody, in practice.csv beside the rosters (made when practice tickets
 * are first asked for). They are on every roster's event, their tickets run the whole path, and kiosks
 * record them under a kind that nothing counts. Badges, lists and the real tickets leave them out.
 */
#ifndef YINGBIN_TOOLS_PRACTICE_H
#define YINGBIN_TOOLS_PRACTICE_H

#include "tools/yingbin/folder.h"

bool practice_make(const char *dir, struct problem *problem); /* practice.csv, unless it is there */

/* Within folder_read: where practice.csv is there, a roster of it for each event that has one; and once people are
 * known, their ticket types: each in turn, so that every rule is met. */
void practice_rosters(struct folder *folder);
void practice_types(struct folder *folder);

#endif
