/* SPDX-License-Identifier: Apache-2.0
 * The names on operator cards that open nothing at this kiosk: a lead said so, and until the next pack knows better, or a
 * lead takes it back. DIR/withdrawn.txt, a name a line. Blocking file I/O.
 */
#ifndef YINGBIN_DESK_WITHDRAWN_H
#define YINGBIN_DESK_WITHDRAWN_H

#include "base/problem.h"
#include "core/types.h"

enum { WITHDRAWN_MAX = 64 };

struct withdrawn {
  char file[4096];
  int count;
  char name[WITHDRAWN_MAX][TEXT_MAX];
};

bool withdrawn_open(struct withdrawn *w, const char *data, struct problem *problem); /* no file: none */
bool withdrawn_has(const struct withdrawn *w, const char *name);

/* In memory in any case; false: it isn't in the file, or there are too many. */
bool withdrawn_set(struct withdrawn *w, const char *name, bool withdrawn, struct problem *problem);

#endif
