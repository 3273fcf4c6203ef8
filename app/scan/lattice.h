/* SPDX-License-Identifier: Apache-2.0
 * Where a symbol's modules are in a picture: a projection, and where paper isn't flat or a lens is bad a smooth
 * bend on top of it. Made better by least squares from places that were found to be a little off. Pure.
 * Symbol coordinates are in modules, (0, 0) is the symbol's own top left corner; pixels as in a finder_pattern.
 */
#ifndef YINGBIN_SCAN_LATTICE_H
#define YINGBIN_SCAN_LATTICE_H

#include <stdbool.h>
#include <stdint.h>

enum { LATTICE_FLAT = 3, LATTICE_BENT = 10, LATTICE_FREE_MAX = 2 * LATTICE_BENT + 2 };

struct lattice {
  int32_t side;              /* modules */
  int32_t terms;             /* LATTICE_FLAT or LATTICE_BENT */
  float middle[2];           /* pixels: a fixed point near the symbol's middle, for the sake of precision */
  float of[2][LATTICE_BENT]; /* x and y: factors of 1, s, t and of what bends; s and t go from -1 to 1 across the symbol */
  float far[2];              /* factors of s and t in the divisor */
};

struct lattice_point {
  float at[2];             /* pixels */
  float right[2], down[2]; /* pixels that one module goes right and down */
};

/* Sums for one step of least squares. */
struct lattice_sums {
  double square[LATTICE_FREE_MAX][LATTICE_FREE_MAX], off[LATTICE_FREE_MAX];
};

void lattice_at(const struct lattice *lattice, float u, float v, float at[2]);
struct lattice_point lattice_point(const struct lattice *lattice, float u, float v);

/* Through three places, with this much perspective: 1 + far.s * s + far.t * t is the divisor. */
void lattice_through(struct lattice *lattice, const float (*uv)[2], const float (*xy)[2], const float far[2]);

void lattice_begin(struct lattice_sums *sums);
/* At (u, v) the picture is `off` pixels further in the direction of the unit vector than the lattice has it. */
void lattice_add(struct lattice_sums *sums, const struct lattice *lattice, float u, float v, const float direction[2],
                 float off, float weight);
/* Moves the lattice; stiff: how hard a projection is held where it is, 0 to 1. False: there was too little to go by. */
bool lattice_move(struct lattice *lattice, struct lattice_sums *sums, float stiff);

#endif
