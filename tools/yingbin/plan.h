/* SPDX-License-Identifier: Apache-2.0
 * From pack.ini's settings to the folder's catalog and rosters: times in their zone, references
 * resolved, what this version's kiosk can't do named in warnings. Reads key files; no rosters yet.
 */
#ifndef YINGBIN_TOOLS_PLAN_H
#define YINGBIN_TOOLS_PLAN_H

#include "tools/yingbin/folder.h"
#include "tools/yingbin/settings.h"

/* Errors and warnings go to the folder's lists. */
void plan_make(const struct settings *settings, struct folder *folder);

#endif
