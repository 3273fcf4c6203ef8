/* SPDX-License-Identifier: Apache-2.0
 * The files of a folder that belong together: each is written beside its place, and all are put in place
 * when the last one is whole. Until then the folder shows what was there.
 */
#ifndef YINGBIN_TOOLS_OUTPUTS_H
#define YINGBIN_TOOLS_OUTPUTS_H

#include <stdio.h>

#include "base/problem.h"

struct output; /* owned by outputs */

struct outputs {
  const char *dir;       /* borrowed */
  struct output *newest; /* zero-initialised */
};

/* The path to write to (borrowed until the end), for what will be DIR/NAME; NULL: the problem says why. */
const char *outputs_path(struct outputs *outputs, const char *name, struct problem *problem);
FILE *outputs_open(struct outputs *outputs, const char *name, struct problem *problem);
bool outputs_close(struct outputs *outputs, FILE *out, struct problem *problem); /* the last one opened */

/* A file that is only needed until the end. */
const char *outputs_scratch(struct outputs *outputs, const char *name, struct problem *problem);

bool outputs_has(const struct outputs *outputs, const char *name); /* asked for before */

/* Nothing else lies in the folder, or in its folder `inner`: for what is sent to somebody who mustn't see the rest. */
bool outputs_alone(const struct outputs *outputs, const char *inner, struct problem *problem);

bool outputs_settle(struct outputs *outputs, struct problem *problem); /* 0600; the first one asked for comes last */
void outputs_abandon(struct outputs *outputs);                         /* also after outputs_settle */

#endif
