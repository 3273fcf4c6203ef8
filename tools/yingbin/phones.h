/* SPDX-License-Identifier: Apache-2.0
 * The pack's index by phone number, for events with self_lookup = phone. Each number's key is slow to make
 * (pack/phone.h), so that all processors work at once, with progress where stderr is a terminal, and keys once
 * made are kept in phones.csv beside the roster (0600): a rebuild only makes those of new numbers.
 */
#ifndef YINGBIN_TOOLS_PHONES_H
#define YINGBIN_TOOLS_PHONES_H

#include <sqlite3.h>

#include "tools/yingbin/folder.h"

struct phones; /* owned */

/* How many numbers will be found by it; what that means for them goes to the folder's warnings. */
int64_t phones_count(struct folder *folder);

/* Makes the keys. An empty one where no event asks for it. */
bool phones_open(struct folder *folder, struct phones **phones, struct problem *problem);
void phones_close(struct phones *phones); /* NULL: nothing */

bool phones_any(const struct phones *phones);                /* the pack needs the table */
bool phones_write(const struct phones *phones, sqlite3 *db); /* its rows */

#endif
