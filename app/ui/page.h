/* SPDX-License-Identifier: Apache-2.0
 * A page: what one screen says, before it is known where it goes. words.c fills it from the view,
 * page.c sets it. Every screen is one: one thing large, the rest small; left is what happened and
 * where to go, right (or below, in portrait) what to scan.
 */
#ifndef YINGBIN_UI_PAGE_H
#define YINGBIN_UI_PAGE_H

#include "ui/screens.h"

enum { PAGE_ROWS = 3, ROW_MAX = 640 };

struct saying { /* in one language; empty: not there */
  char head[TEXT_MAX];
  char big[NAME_MAX_BYTES];
  char badge[TEXT_MAX];                   /* beside the head: the ticket type */
  char sub[ROW_MAX];                      /* under the big one */
  char row[PAGE_ROWS][ROW_MAX];           /* the card: where to go, what to do */
  char detail[ROW_MAX];                   /* small, under the card's rows */
  char caption[TEXT_MAX], note[TEXT_MAX]; /* under the QR code */
};

enum page_big { PAGE_FACT, PAGE_NAME, PAGE_CALL /* to do something */, PAGE_BUTTON };

struct page {
  enum shape shape;
  enum colour tint; /* of the shape */
  enum page_big big;
  bool steps; /* rows are numbered; else the card has an arrow where it leads somewhere */
  bool arrow;
  bool urgent; /* what is under the big one: do it now */
  bool mirror; /* and an arrow beside it, to the camera */
  enum shape to_camera;
  char qr[URL_MAX]; /* payload */
  struct saying say[2];
  int sayings;
};

struct grid { /* measures of a screen, all from its short side */
  const struct theme *theme;
  int w, h, s;
  bool portrait;
  int margin;
  struct box header, body, footer;
};

struct grid grid_of(const struct theme *theme, int w, int h);
int grid_step(const struct grid *g, double percent); /* of the short side, at least a readable size */
int grid_type(const struct grid *g, enum type_step step);
int grid_gap(const struct grid *g, double percent); /* of the short side, in whole units */
int grid_radius(const struct grid *g);

void page_fill(const struct stage *stage, const struct view *view, struct page *page);
void page_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct page *page,
               const struct view *view, int64_t age_ms);
void frame_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *view);

const char *words_text(const struct text *text, enum lang lang); /* falls back as types.h says */

#endif
