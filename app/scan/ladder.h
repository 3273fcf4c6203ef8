/* SPDX-License-Identifier: Apache-2.0
 * The steps that can read a code, as one table: how pixels are made ready (prepare.h) and which reader
 * gets them: our own (grid.h), zbar or zxing-cpp. A step works on a place of the frame, brought to a scale
 * at which its reader is at its best, or on the frame whole. One thread; no clock: what a step costs is a
 * number made of pixels, so that a budget cuts the same way on every run.
 */
#ifndef YINGBIN_SCAN_LADDER_H
#define YINGBIN_SCAN_LADDER_H

#include "scan/finder.h"
#include "scan/scan.h"

enum { LADDER_STEPS_MAX = 16 };

struct ladder; /* owned */

struct ladder *ladder_open(void); /* NULL: no memory */
void ladder_close(struct ladder *ladder);

int ladder_steps(void);
const char *ladder_name(int step);
bool ladder_sweeps(int step);     /* cheap enough for a whole frame of a camera, now and then, and bounded on any picture */
bool ladder_for_likely(int step); /* too dear for a camera's places that are hardly a code */
bool ladder_dear(int step);       /* takes much longer than the steps before the first dear one do together */

/* In nanoseconds of a desktop's core, roughly. 0: the step has nothing to do there. place NULL: the whole frame. */
int64_t ladder_cost(const struct frame *frame, const struct finder_place *place, int step);

enum ladder_outcome {
  LADDER_NOTHING,
  LADDER_NEARLY,  /* a code is there for certain, and was not read */
  LADDER_READ,    /* appended to the result, in the frame's coordinates, marked with the step */
  LADDER_REFUSED, /* read, and it is no ticket: a part of a larger message. Other steps needn't try */
};

/* The frame's stride is its width. view: where the place is from. */
enum ladder_outcome ladder_climb(struct ladder *ladder, const struct frame *frame, const struct finder_view *view,
                                 const struct finder_place *place, int step, struct scan_result *result);

#endif
