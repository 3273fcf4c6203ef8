/* SPDX-License-Identifier: Apache-2.0
 * Measures: margins, steps and gaps of a screen from its short side, as the theme says; and how a logo stands.
 */
#include <SDL_stdinc.h>

#include "ui/page.h"

struct grid grid_of(const struct theme *theme, int w, int h) {
  struct grid g = {.theme = theme, .w = w, .h = h, .s = SDL_min(w, h), .portrait = h > w};
  g.margin = (int)(g.s * theme->margin / 100);
  const int header = g.s * (g.portrait ? 125 : 95) / 1000, /* upright a title takes two lines */
      footer = g.s * 40 / 1000, inner = w - 2 * g.margin;
  g.header = (struct box){g.margin, g.margin, inner, header};
  g.footer = (struct box){g.margin, h - g.s * 30 / 1000 - footer, inner, footer};
  const int top = g.header.y + header + g.s * 20 / 1000;
  g.body = (struct box){g.margin, top, inner, g.footer.y - g.s * (g.portrait ? 75 : 45) / 1000 - top};
  return g;
}

struct box screen_safe_area(const struct theme *theme, int w, int h) {
  const struct grid g = grid_of(theme, w, h);
  return (struct box){g.margin, g.header.y, g.w - 2 * g.margin, g.footer.y + g.footer.h - g.header.y};
}

/* Rounded up: the smallest step is what can still be read. */
int grid_step(const struct grid *g, double percent) { return SDL_max(12, (int)SDL_ceil(g->s * percent / 100 - 0.001)); }
int grid_type(const struct grid *g, enum type_step step) { return grid_step(g, g->theme->type[step]); }
int grid_radius(const struct grid *g) { return grid_step(g, g->theme->corner); }

int grid_gap(const struct grid *g, double percent) {
  return (int)(SDL_floor(percent / g->theme->unit + 0.5) * g->theme->unit * g->s / 100 + 0.5);
}

int grid_slide_w(const struct grid *g) { return g->portrait ? g->body.w : SDL_min(g->s * 62 / 100, g->body.w * 2 / 5); }
int grid_slide_h(const struct grid *g) { return g->portrait ? g->s * 50 / 100 : g->body.h; }

struct box grid_logo(const struct grid *g) {
  const int h = g->s * 9 / 100;
  return (struct box){.w = h * 5 / 2, .h = h};
}

void screen_picture_rooms(const struct theme *theme, int w, int h, struct picture_room out[PICTURE_KINDS]) {
  const struct grid g = grid_of(theme, w, h);
  const struct box logo = grid_logo(&g);
  out[PICTURE_LOGO] = (struct picture_room){logo.w, logo.h};
  out[PICTURE_SLIDE] = (struct picture_room){grid_slide_w(&g), grid_slide_h(&g)};
}

int page_logo(struct canvas *canvas, struct box box, const struct image *image) {
  enum { LIGHT = 140 };
  const int pad = image->opaque ? 0 : box.h / 10;
  struct box in = canvas_picture_box((struct box){box.x, box.y + pad, box.w - 2 * pad, box.h - 2 * pad}, image);
  in.x = box.x + pad; /* at the left of its place */
  const struct box card = {box.x, box.y, in.w + 2 * pad, box.h};
  if (pad > 0) canvas->ops->round(canvas->self, card, box.h / 8, image->lightness < LIGHT ? COLOUR_WHITE : COLOUR_NIGHT);
  canvas->ops->picture(canvas->self, in, image, 255);
  return card.w;
}
