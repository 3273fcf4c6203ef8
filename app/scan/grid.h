/* SPDX-License-Identifier: Apache-2.0
 * From three finder patterns, or two, to a symbol's modules: the version, the projection from modules to pixels, put
 * right by timing and alignment patterns, then how dark each module is, measured against its own
 * neighbourhood. Reads grey pixels, never a thresholded picture, so that blur, glare and noise become
 * uncertainty that error correction can use. Pure but for its own scratch memory, taken when opened.
 */
#ifndef YINGBIN_SCAN_GRID_H
#define YINGBIN_SCAN_GRID_H

#include "scan/finder.h"
#include "scan/qr.h"

enum grid_effort {
  GRID_QUICK,   /* the likeliest fit: a frame among many */
  GRID_THOROUGH /* every version near, refined projections, several ways to measure a module: one picture */
};

struct grid_code {
  struct qr_text text;
  struct point corner[4]; /* clockwise from the code's own top left */
  bool inverted;
};

struct grid; /* owned; one thread */

struct grid *grid_open(void); /* NULL: no memory */
void grid_close(struct grid *grid);

/* Reads the code at a place. With three patterns; with two, the third being -1: which ones the two are, and in what order,
 * doesn't matter, and it takes up to six times as long; or with none, as a patch: the patterns are looked for within its
 * corners' box, which should be the code's and not much more, or round a pattern of the view that lies in
 * it (some ms; for thorough effort). nearly: the fit was good (its
 * fixed patterns are where they must be) though no text came of it: worth another try in the next frame. */
enum qr_outcome grid_read(struct grid *grid, const struct frame *frame, const struct finder_view *view,
                          const struct finder_place *place, enum grid_effort effort, struct grid_code *code, bool *nearly);

#endif
