/* SPDX-License-Identifier: Apache-2.0
 * Signed tickets, for people who came onto the roster after the pack was made: a kiosk knows them by the
 * signature alone. The key is one of pack.ini's ticket_keys, so that the packs there are accept it.
 */
#ifndef YINGBIN_TOOLS_SIGN_H
#define YINGBIN_TOOLS_SIGN_H

#include "tools/yingbin/folder.h"

struct sign_options {
  const char *key;       /* NAME.key */
  const char *not_after; /* a date, its whole day, or a date and time at the event; NULL: a day after the event's end */
  const char *const *number;
  int numbers; /* only these people, whether the pack has them or not; 0: who was added since the last pack */
  bool all;    /* instead: everybody */
};

/* Of the folder's people only those who get a ticket are left, each with the signed text as the code. Whom the roster
 * hasn't confirmed gets none, and a warning. */
bool sign_people(struct folder *folder, const struct sign_options *options, struct problem *problem);

#endif
