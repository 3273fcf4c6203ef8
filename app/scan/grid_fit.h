/* SPDX-License-Identifier: Apache-2.0
 * From what a finder saw to a lattice on the picture: by the edges between modules whose colours are known, by
 * correlation with finder and alignment patterns, from three patterns, from two, or from a patch of texture.
 */
#ifndef YINGBIN_SCAN_GRID_FIT_H
#define YINGBIN_SCAN_GRID_FIT_H

#include "scan/grid.h"
#include "scan/lattice.h"

/* A place that the lattice has to go through, found by other means than edges. */
struct grid_anchor {
  float u, v, at[2], weight;
};

struct grid_fit { /* how it went: edges looked at, those that turn the right way, and how far off they were, in modules */
  int32_t edges, right;
  float off;
};

/* One step: moves the lattice to where edges between modules of known, different colours are. */
struct grid_fit grid_fit(const struct grid *grid, struct lattice *lattice, const int8_t *known, float stiff,
                         const struct grid_anchor *anchor, int anchors);

/* A pattern's own lattice of seven modules. Returns how much of it is as it must be: 0 to 1. */
float grid_corner(struct grid *grid, float x, float y, const float right[2], const float down[2], struct lattice *corner);

enum { GRID_CORNERS = 3, GRID_STARTS = 6 }; /* top left, top right, bottom left */

struct grid_start { /* what the patterns say by themselves */
  struct lattice corner[GRID_CORNERS];
  bool seen[GRID_CORNERS];
  float sides[2]; /* modules from pattern to pattern */
  float ratio[2]; /* how much larger modules are at the top left one, as a root */
  float contrast; /* dark to light, in grey levels */
  float likeness; /* of the worst pattern: 0 to 1 */
};

/* One start from three patterns, several from two: which of the three is missing isn't known then. Likeliest first. */
int grid_starts(struct grid *grid, const struct finder_view *view, const struct finder_place *place,
                struct grid_start start[GRID_STARTS]);
/* Where the middles of the patterns are in a symbol of this side; of one that wasn't seen, where it has to be. */
void grid_start_middles(const struct grid_start *start, int32_t side, float at[GRID_CORNERS][2]);

/* Looks for an alignment pattern within `reach` modules of where (u, v) is thought to be: the likeness of what was found. */
float grid_find_alignment(const struct grid *grid, const struct lattice *lattice, float u, float v, float reach,
                          struct grid_anchor *anchor);

/* The same for a finder pattern. */
float grid_find_corner(const struct grid *grid, const struct lattice_point *near, float reach, float at[2]);

/* Finder patterns within a place that has none, or round one that was seen in it, by correlation: true where three of
 * them, or two, can be one code. */
bool grid_patch(struct grid *grid, const struct finder_view *seen, const struct finder_place *place, struct finder_view *view);

#endif
