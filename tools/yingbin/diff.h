/* SPDX-License-Identifier: Apache-2.0
 * Two packs compared. The packs alone tell which codes (by their hashes) are new, gone or differ; with the
 * organizer's folder it is people, with names and what about them has changed. JSON lines on stdout.
 */
#ifndef YINGBIN_TOOLS_DIFF_H
#define YINGBIN_TOOLS_DIFF_H

#include "base/problem.h"

struct folder;

/* folder: as it was looked at, or NULL. */
bool diff_packs(const char *old_file, const char *new_file, struct folder *folder, struct problem *problem);

#endif
