/* SPDX-License-Identifier: Apache-2.0
 * Dates of pack.ini that are well formed, and yet can't be meant: most often the year is last year's.
 * Warnings only, each with its line.
 */
#ifndef YINGBIN_TOOLS_DATES_H
#define YINGBIN_TOOLS_DATES_H

#include "tools/yingbin/folder.h"
#include "tools/yingbin/settings.h"

/* Against each other: days, hours and sessions outside of their event, an event of months. */
void dates_check(const struct settings *settings, struct folder *folder);

/* Against today, where a pack is made: an event that was over half a year ago, or is years away. */
void dates_check_today(struct folder *folder, int64_t now_ms);

#endif
