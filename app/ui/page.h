/* SPDX-License-Identifier: Apache-2.0
 * A page: what one screen says, before it is known where it goes. words.c fills it from the view,
 * page.c sets it. Every screen is one: one thing large, the rest small; left is what happened and
 * where to go, right (or below, in portrait) what to scan.
 */
#ifndef YINGBIN_UI_PAGE_H
#define YINGBIN_UI_PAGE_H

#include "ui/screens.h"

enum { PAGE_ROWS = 4, ROW_MAX = 640 };

struct saying { /* in one language; empty: not there */
  char head[TEXT_MAX];
  char big[NAME_MAX_BYTES];
  char badge[TEXT_MAX];                   /* beside the head: the ticket type */
  char sub[ROW_MAX];                      /* under the big one */
  char row[PAGE_ROWS][ROW_MAX];           /* the card: where to go, what to do */
  char detail[ROW_MAX];                   /* small, under one of the card's rows */
  char caption[TEXT_MAX], note[TEXT_MAX]; /* under the QR code */
};

enum page_big { PAGE_FACT, PAGE_NAME, PAGE_ITEM /* to hand out */, PAGE_CALL /* to do something */, PAGE_BUTTON };

struct page {
  enum shape shape;
  enum colour tint, paper; /* of the shape; of what lies behind all. Paper COLOUR_GOOD: written on in the ground's colour */
  enum page_big big;
  enum shape icon; /* of the badge */
  enum colour icon_colour;
  int detail_under; /* which row */
  bool steps;       /* rows are numbered; else the card has an arrow where it leads somewhere */
  bool arrow;
  bool tap;  /* the card is a button: who has no code counts by it */
  int heads; /* buttons from 1 to so many, the last one for all; 0: none */
  bool practice;
  bool urgent; /* what is under the big one: do it now */
  bool mirror; /* and an arrow beside it, to the camera */
  enum shape to_camera;
  const struct image *slide, *slide_before; /* borrowed; NULL: none. Before: what this one comes out of */
  int slide_part;                           /* of 255: how much of it has come */
  double slide_tall;                        /* height by width of the event's tallest: the place of all of them */
  char qr[URL_MAX];                         /* payload */
  int group;                                /* the host whose group it is, -1: it is none */
  char kept[URL_MAX];                       /* payload of a group's that stays beside this for a while */
  char kept_caption[2][TEXT_MAX];
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
int grid_slide_w(const struct grid *g); /* the place of the organizer's picture */
int grid_slide_h(const struct grid *g);
struct box grid_logo(const struct grid *g); /* one of them in the header: w, h */

void page_fill(const struct stage *stage, const struct view *view, struct page *page);
void page_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct page *page,
               const struct view *view, int64_t age_ms);
/* A logo in the middle of the box, on a ground on which it is seen. Returns the width it takes. */
int page_logo(struct canvas *canvas, struct box box, const struct image *image);

/* Solid: on a paper of good, on which nothing else is seen. The body loses what the header needs beyond its own place. */
void frame_draw(const struct stage *stage, struct canvas *canvas, struct grid *g, const struct view *view, bool solid);

const char *words_text(const struct text *text, enum lang lang); /* falls back as types.h says */

/* The code of a host's group, or what it gave for when that has expired, and what stands under it. False: none. */
bool page_group(const struct stage *stage, const struct view *view, int host, enum lang lang, char (*qr)[URL_MAX],
                char (*caption)[TEXT_MAX], char (*note)[TEXT_MAX]);

#endif
