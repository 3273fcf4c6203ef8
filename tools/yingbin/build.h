/* SPDX-License-Identifier: Apache-2.0
 * A folder's pack on disk: one SQLite file, the same bytes for the same folder and build number, and
 * its signature. Neither is ever seen half-written.
 */
#ifndef YINGBIN_TOOLS_BUILD_H
#define YINGBIN_TOOLS_BUILD_H

#include "pack/minisign.h"
#include "tools/yingbin/folder.h"

struct build {
  int64_t attendees, weak_codes, bytes;
  int64_t phones; /* numbers that guests can look themselves up by */
};

/* Fills what can be told before the pack is written; weak codes add a warning to the folder's. */
void build_count(struct folder *folder, struct build *build);

/* A person's row, as a kiosk will see it. */
void build_attendee(const struct person *person, struct attendee *attendee);

bool build_write(struct folder *folder, const char *file, const struct minisign_key *key, struct build *build,
                 struct problem *problem);

#endif
