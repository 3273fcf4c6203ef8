/* SPDX-License-Identifier: Apache-2.0
 * Which record of codes.csv each row of a roster is: found by the most specific key that matches exactly
 * one, or made. Rows that can't be told apart, and ticket numbers that come twice, are errors.
 */
#ifndef YINGBIN_TOOLS_WHO_H
#define YINGBIN_TOOLS_WHO_H

#include "tools/yingbin/folder.h"

/* By row; the caller frees it. NULL: errors were added to the folder's. */
int *who_records(struct folder *folder, const struct roster *roster, const struct roster_table *table);

/* Of a roster in which something else is wrong: errors are added for numbers and codes that several rows share. */
void who_check(struct folder *folder, const struct roster *roster, const struct roster_table *table);

#endif
