/* SPDX-License-Identifier: Apache-2.0
 * Who was found on more than one roster and became one person: told on stderr, and all of them in
 * merged.csv (0600) beside the rosters, so that an organizer can look through them.
 */
#ifndef YINGBIN_TOOLS_MERGES_H
#define YINGBIN_TOOLS_MERGES_H

#include "tools/yingbin/folder.h"

struct merges { /* zero-initialised */
  char *csv;    /* owned: the lines of merged.csv */
  size_t len;
  FILE *out;     /* owned: writes csv */
  int count;     /* in all */
  int of_roster; /* of the roster in hand */
  int differ;    /* of these: whom the two rosters say different things about */
};

/* `other` is on a later roster what `person` is on an earlier one; before they are put together. */
void merges_add(struct folder *folder, const struct person *person, const struct person *other);

void merges_tell(struct folder *folder, int roster);               /* one line about a roster's */
bool merges_write(struct folder *folder, struct problem *problem); /* nothing where nobody was merged */
void merges_free(struct folder *folder);

#endif
