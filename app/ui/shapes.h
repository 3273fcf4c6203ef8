/* SPDX-License-Identifier: Apache-2.0
 * The shapes as coverage masks, from their distance functions: sharp at any size. Pure but for the
 * surface, which the caller owns.
 */
#ifndef YINGBIN_UI_SHAPES_H
#define YINGBIN_UI_SHAPES_H

#include "ui/canvas.h"

struct SDL_Surface *shape_mask(enum shape shape, int size); /* white, size x size; NULL: no memory */

const char *shape_name(enum shape shape); /* in transcripts */

#endif
