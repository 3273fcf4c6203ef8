/* SPDX-License-Identifier: Apache-2.0
 * Whose turn it is, in live effort: places that are followed from frame to frame, and which steps each
 * has had. Each frame adds a budget of work; a step may overdraw it, and the next frames work that off.
 * What a frame doesn't get, the next ones do: a place whose code was nearly read before the others,
 * the step that read the last code before the others, then in the ladder's order. When a place has had
 * them all it rests, and begins again a second after it began. Last come steps on the frame whole, for
 * what the finder doesn't see. Values only: no clock, no memory.
 */
#ifndef YINGBIN_SCAN_TURNS_H
#define YINGBIN_SCAN_TURNS_H

#include "scan/ladder.h"

enum { TURNS_TRACKS = 16 };

/* Of a place that is looked at in each frame; a less likely one only now and then. */
#define TURNS_LIKELY 0.5F

struct turns_track {
  int32_t x, y, reach;  /* its centre; how far from it another frame's place is the same one */
  uint32_t had;         /* bit i: step i */
  bool nearly, settled; /* settled: read in this frame, or known to be no ticket */
  bool sure;            /* its three squares are seen */
  int16_t place;        /* its index in this frame's view, -1: not seen in it */
  int32_t age, unseen;  /* frames since its round began; frames that it was not seen in */
};

struct turns { /* zero-initialise */
  struct turns_track track[TURNS_TRACKS];
  uint32_t swept; /* bit i: step i had the whole frame in this second */
  int32_t sweep_age;
  int tracks, last_step_plus_1;
  int64_t saved; /* ns of work that may be done now */
};

struct turn {
  int track, place, step; /* place -1: the whole frame */
};

void turns_frame(struct turns *turns, const struct finder_view *view); /* a new frame */

/* The next thing to do in this frame; false: nothing is left to do, or to do it with. */
bool turns_next(struct turns *turns, const struct frame *frame, const struct finder_view *view, struct turn *turn);
void turns_done(struct turns *turns, const struct turn *turn, enum ladder_outcome outcome);

#endif
