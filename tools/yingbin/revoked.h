/* SPDX-License-Identifier: Apache-2.0
 * The list of tickets that are void, a file named in pack.ini: a line each, in UTF-8, `#` before remarks.
 * A line is a code as the QR carries it (a roster code, a foreign code, a signed ticket's text), or
 * `number 57`: every ticket of the person with that number in codes.csv, also signed ones.
 */
#ifndef YINGBIN_TOOLS_REVOKED_H
#define YINGBIN_TOOLS_REVOKED_H

#include "tools/yingbin/folder.h"

struct revoked {
  const char **text; /* owned, its texts by the folder: codes and signed tickets */
  int texts;
  uint64_t *number; /* owned */
  int numbers;
};

/* Lines that can't have the effect that was meant go to the folder's warnings. No list: an empty one. */
bool revoked_read(struct folder *folder, struct revoked *revoked, struct problem *problem);
void revoked_free(struct revoked *revoked);

#endif
