/* SPDX-License-Identifier: Apache-2.0
 * Two packs compared. The packs alone tell which codes (by their hashes) are new, gone or differ; with the
 * organizer's folder it is people, with names and what about them has changed. JSON lines on stdout.
 */
#ifndef YINGBIN_TOOLS_DIFF_H
#define YINGBIN_TOOLS_DIFF_H

#include "base/problem.h"

/* dir: the folder, or NULL; encoding: of its rosters, as folder_read_encoded's. */
bool diff_packs(const char *old_file, const char *new_file, const char *dir, const char *encoding, struct problem *problem);

#endif
