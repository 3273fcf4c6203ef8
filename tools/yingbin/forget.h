/* SPDX-License-Identifier: Apache-2.0
 * A person is taken out of a folder: their rows of the rosters, what codes.csv and sent.csv know of them,
 * and their ticket. The number stays used, so that nobody else ever gets it. Nothing is written before
 * everything is known to work; a run that was stopped half-way is finished by running it again.
 */
#ifndef YINGBIN_TOOLS_FORGET_H
#define YINGBIN_TOOLS_FORGET_H

#include "tools/yingbin/folder.h"

struct forgotten {
  int rows;    /* of rosters */
  int tickets; /* files removed */
};

/* `tickets`: a folder of `yingbin tickets`, NULL: none. Errors are the folder's, or the problem. */
bool forget_person(struct folder *folder, const char *number, const char *tickets, struct forgotten *done,
                   struct problem *problem);

#endif
