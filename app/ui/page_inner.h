/* SPDX-License-Identifier: Apache-2.0
 * A page being set: what its files pass round, and how large things are there. page.c sets the column, page_codes.c what
 * is to be scanned and the organizer's picture. Ui thread.
 */
#ifndef YINGBIN_UI_PAGE_INNER_H
#define YINGBIN_UI_PAGE_INNER_H

#include "ui/page.h"

struct setting { /* one drawing: what is passed round */
  const struct stage *stage;
  struct canvas *canvas;
  const struct grid *g;
  const struct page *page;
  const struct view *view;
  enum colour ink, soft; /* on the page's paper */
  int64_t age_ms;
  double scale;    /* of everything but the big one: below 1 where there is little room */
  int figure_head; /* how large the drawing is in the column's head, or above it; 0: it isn't there */
  int figure_above;
};

/* Lines put below one another in a width; measured first, then drawn. */
struct flow {
  const struct setting *s;
  int x, y, w, h; /* h: so far */
  int align;      /* -1 left, 0 middle */
  bool draw;
};

/* Sizes in pixels by a percentage of the short side. Where there is little room, smaller ones; a text's never smaller than
 * what can be read. */
int page_step(const struct setting *s, double percent);
int page_type(const struct setting *s, enum type_step which);
int page_gap(const struct setting *s, double percent);

/* Borrowed, until the stage's next drawing. One that has a single line is shortened where it doesn't fit. */
const struct text_layout *page_lay(const struct setting *s, const char *text, enum weight weight, int size, int width,
                                   int lines);
void page_text(const struct setting *s, int x, int y, const struct text_layout *l, int align, enum colour colour);
void page_flow(struct flow *f, double gap_percent, const char *what, enum weight weight, int size, int lines,
               enum colour colour);

/* The other language's text, where it says something else; else empty. */
const char *page_second(const struct page *p, size_t offset);
#define PAGE_SECOND(page, field) page_second(page, offsetof(struct saying, field))

/* Draws what is to be scanned, and the picture. Returns the room left for the column; *count: how many codes there are. */
struct box page_codes(const struct setting *s, int *count);

#endif
