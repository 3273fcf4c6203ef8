/* SPDX-License-Identifier: Apache-2.0
 * What was drawn lately of text and shapes, as textures in their colours, so that a frame only copies: runs, cut to
 * their ink, and drawings, within a fixed budget; what wasn't drawn for longest goes. Ui thread.
 */
#ifndef YINGBIN_UI_SPRITES_H
#define YINGBIN_UI_SPRITES_H

#include "ui/canvas.h"

enum { SPRITES_BUDGET = 16 * 1024 * 1024 };

struct SDL_Texture;

struct sprite {
  struct SDL_Texture *texture; /* borrowed until another one is asked for; NULL: nothing of it is to be seen */
  int x, y, w, h;              /* its place: of a shape from the top left, of a run from its left on the baseline */
};

struct sprites; /* owned */

struct sprites *sprites_open(struct SDL_Renderer *renderer, struct fonts *fonts); /* both borrowed; NULL: no memory */
void sprites_close(struct sprites *sprites);                                      /* NULL: nothing */
void sprites_forget_texts(struct sprites *sprites);                               /* they hold names */
size_t sprites_bytes(const struct sprites *sprites);                              /* of pixels: never more than the budget */

/* Making one takes longer than drawing a screen of them. From now on that much is made, counted in pixels (0: all), and
 * what is beyond it is left out, to be made when the same is drawn again; the first one is always made. */
void sprites_limit(struct sprites *sprites, int64_t pixels);
bool sprites_may(struct sprites *sprites, int64_t pixels); /* counts as much of them; false: leave it out */
bool sprites_left_out(const struct sprites *sprites);      /* anything, since the limit was set */

/* Rgb: 0xRRGGBB; of a colour font, what its own colours are multiplied by. NULL: left out, or no memory. */
const struct sprite *sprites_run(struct sprites *sprites, const struct text_layout *layout, const struct text_run *run,
                                 uint32_t rgb);
const struct sprite *sprites_shape(struct sprites *sprites, enum shape shape, int size, uint32_t rgb);

#endif
