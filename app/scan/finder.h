/* SPDX-License-Identifier: Apache-2.0
 * Where in a frame a QR code can be, in about a millisecond: finder patterns (the three squares, 1:1:3:1:1
 * in every direction), triples of them that can be one code, and patches whose texture is that of a code
 * though no pattern is clear. None of these: no code that any reader would read is in the frame.
 * No threads, no clock; memory is only taken when a frame is larger than all before it.
 */
#ifndef YINGBIN_SCAN_FINDER_H
#define YINGBIN_SCAN_FINDER_H

#include "core/types.h"

enum { FINDER_PATTERNS_MAX = 64, FINDER_PLACES_MAX = 12 };

struct finder_pattern {
  float x, y;    /* its centre, in pixels; the centre of the first pixel is 0.5 */
  float module;  /* pixels a module, the mean of its directions */
  uint16_t seen; /* scan lines that crossed it: the more, the surer */
  bool inverted; /* light on dark */
};

struct finder_place {
  struct point corner[4]; /* clockwise, from the code's own top left where that is known; its quiet zone is outside */
  float module;           /* pixels; 0: unknown */
  int16_t pattern[3]; /* top left, top right, bottom left; one -1: only two were seen, and which of the three is missing is a
                         guess; all -1: a patch of texture, the corners are the upright rectangle round it */
  float likeness;     /* 0 to 1: how well it fits a code */
  bool inverted;
};

/* Places: the likeliest first. A triple may share patterns with a likelier one, as that may be wrong. Pairs of patterns (to
 * 0.7) and patches (to 0.35, blurred ones to 0.25, what is about a lone pattern 0.16) are only looked for where no triple is
 * sure (0.5). */
struct finder_view {
  int32_t patterns, places;
  struct finder_pattern pattern[FINDER_PATTERNS_MAX];
  struct finder_place place[FINDER_PLACES_MAX];
};

/* How many of a place's patterns were seen: 3, 2, or 0, a patch. */
static inline int finder_patterns(const struct finder_place *place) {
  return (place->pattern[0] >= 0) + (place->pattern[1] >= 0) + (place->pattern[2] >= 0);
}

struct finder; /* owned; one thread */

struct finder *finder_open(void); /* NULL: no memory */
void finder_close(struct finder *finder);

/* False: no memory for a frame of this size; nothing is found then. Any frame up to 4096 a side. */
bool finder_look(struct finder *finder, const struct frame *frame, struct finder_view *view);

#endif
