/* SPDX-License-Identifier: Apache-2.0
 * A folder's pack on disk: one SQLite file, the same bytes for the same folder and build number, and
 * its signature. Neither is ever seen half-written.
 */
#ifndef YINGBIN_TOOLS_BUILD_H
#define YINGBIN_TOOLS_BUILD_H

#include "pack/format.h"
#include "pack/minisign.h"
#include "tools/yingbin/folder.h"

struct build {
  int64_t attendees, weak_codes, bytes;
  int64_t phones; /* numbers that guests can look themselves up by */
};

/* Fills what can be told before the pack is written; weak codes add a warning to the folder's. */
void build_count(struct folder *folder, struct build *build);

struct ticket_row { /* a code as packs know it; 24 bytes: there may be millions */
  uint8_t hash[PACK_HASH];
  int32_t person;
  int16_t event;
  uint8_t which; /* of the person's codes */
};

/* All codes of all people, by event and hash; owned by the caller. */
struct ticket_row *build_rows(const struct folder *folder, int *count);
const struct person *build_holder(const struct folder *folder, const struct ticket_row *rows, int count, int event,
                                  const uint8_t hash[PACK_HASH]); /* NULL: nobody's */

/* A person's row, as a kiosk will see it. */
void build_attendee(const struct person *person, struct attendee *attendee);

bool build_write(struct folder *folder, const char *file, const struct minisign_key *key, struct build *build,
                 struct problem *problem);

#endif
