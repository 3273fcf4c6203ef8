/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/page_inner.h"

#include <string.h>

#include <SDL_stdinc.h>

struct scannable { /* a code with what stands under or beside it */
  const struct qr *qr;
  const char *caption, *other, *note;
};

static void captions(struct flow *f, const struct scannable *code, bool small) {
  page_flow(f, 0, code->caption, WEIGHT_BOLD, page_step(f->s, small ? 3.2 : 3.7), 2, f->s->ink);
  page_flow(f, 0.9, code->other, WEIGHT_REGULAR, page_step(f->s, 2.6), 2, f->s->soft);
  page_flow(f, 1.2, code->note, WEIGHT_REGULAR, page_step(f->s, 2.8), 2, f->s->soft);
}

static int whole_modules(int wish, const struct qr *qr) {
  const int modules = qr->width + 2 * QR_QUIET;
  return SDL_max(1, wish / modules) * modules;
}

/* A code, its captions below, in a width. Returns their height. */
static int draw_below(const struct setting *s, const struct scannable *code, int x, int y, int w, int wish, bool draw) {
  const int side = whole_modules(wish, code->qr), space = page_gap(s, 2.2);
  struct flow f = {.s = s, .x = x, .y = y + side + space, .w = w, .draw = draw};
  if (draw) s->canvas->ops->qr(s->canvas->self, (struct box){x + (w - side) / 2, y, side, side}, code->qr);
  captions(&f, code, wish * 3 < s->g->s);
  return side + (f.h > 0 ? space + f.h : 0);
}

/* Landscape: at the right, one or two below one another. Returns the room left for the column. */
static struct box codes_right(const struct setting *s, const struct scannable *code, int count) {
  struct box room = s->g->body;
  const int wish = s->g->s * (count > 1 ? 27 : 41) / 100, w = SDL_max(wish, s->g->s * 36 / 100), between = page_gap(s, 3.7);
  int sum = between * (count - 1), y;
  for (int i = 0; i < count; i++) sum += draw_below(s, &code[i], 0, 0, w, wish, false);
  y = room.y + SDL_max(0, room.h - sum) / 2;
  for (int i = 0; i < count; i++) y += draw_below(s, &code[i], room.x + room.w - w, y, w, wish, true) + between;
  room.w -= w + page_gap(s, 6.7);
  return room;
}

/* A code as high as the box, its captions beside it. */
static void draw_beside(const struct setting *s, const struct scannable *code, struct box at) {
  const int side = whole_modules(at.h, code->qr), space = page_gap(s, 4.5);
  struct flow f = {.s = s, .x = at.x + side + space, .w = at.w - side - space, .align = -1};
  captions(&f, code, at.h * 3 < s->g->s);
  f.y = at.y + SDL_max(0, side - f.h) / 2;
  f.h = 0;
  f.draw = true;
  s->canvas->ops->qr(s->canvas->self, (struct box){at.x, at.y, side, side}, code->qr);
  captions(&f, code, at.h * 3 < s->g->s);
}

/* Portrait: at the bottom, one with its captions beside it, or two beside one another. */
static struct box codes_below(const struct setting *s, const struct scannable *code, int count) {
  struct box room = s->g->body;
  const int wish = s->g->s * (count > 1 ? 32 : 36) / 100, space = page_gap(s, 4.5);
  if (count > 1) {
    const int w = (room.w - space) / 2;
    int most = 0;
    for (int i = 0; i < count; i++) most = SDL_max(most, draw_below(s, &code[i], 0, 0, w, wish, false));
    for (int i = 0; i < count; i++) draw_below(s, &code[i], room.x + i * (w + space), room.y + room.h - most, w, wish, true);
    room.h -= most + page_gap(s, 6);
    return room;
  }
  const int side = whole_modules(wish, code->qr);
  draw_beside(s, code, (struct box){room.x, room.y + room.h - side, room.w, side});
  room.h -= side + page_gap(s, 6);
  return room;
}

/* All of an event's pictures have one place: nothing else moves when they take turns. */
static int slide_height(const struct setting *s, int w, int most) { return SDL_min((int)(w * s->page->slide_tall), most); }

static void draw_slide(const struct setting *s, struct box at) {
  const struct page *p = s->page;
  if (p->slide_before != NULL) s->canvas->ops->picture(s->canvas->self, at, p->slide_before, 255);
  s->canvas->ops->picture(s->canvas->self, at, p->slide, p->slide_before != NULL ? p->slide_part : 255);
}

/* The organizer's picture at the right, what is to be scanned under it. */
static struct box slide_right(const struct setting *s, const struct scannable *code, int count) {
  struct box room = s->g->body;
  const int w = grid_slide_w(s->g), between = page_gap(s, 4.5);
  const int side = count > 0 ? whole_modules(s->g->s * 26 / 100, code->qr) : 0, below = count > 0 ? side + between : 0;
  const int h = slide_height(s, w, room.h - below), x = room.x + room.w - w, y = room.y + (room.h - h - below) / 2;
  draw_slide(s, (struct box){x, y, w, h});
  if (count > 0) draw_beside(s, code, (struct box){x, y + h + between, w, side});
  room.w -= w + page_gap(s, 6.7);
  return room;
}

static struct box slide_above(const struct setting *s, struct box room) {
  const int most = s->page->mirror ? s->g->s * 36 / 100 : grid_slide_h(s->g); /* who comes must see themselves, too */
  const int h = slide_height(s, room.w, most), all = h + page_gap(s, 4.5);
  draw_slide(s, (struct box){room.x, room.y, room.w, h});
  room.y += all;
  room.h -= all;
  return room;
}

struct box page_codes(const struct setting *s, int *count) {
  static struct qr made[2]; /* large */
  const struct page *p = s->page;
  struct scannable code[2];
  *count = 0;
  if (qr_make(p->qr, &made[0]))
    code[(*count)++] = (struct scannable){&made[0], p->say[0].caption, PAGE_SECOND(p, caption), p->say[0].note};
  if (qr_make(p->kept, &made[1])) {
    const bool same = p->sayings < 2 || strcmp(p->kept_caption[0], p->kept_caption[1]) == 0;
    code[(*count)++] = (struct scannable){&made[1], p->kept_caption[0], same ? "" : p->kept_caption[1], ""};
  }
  if (!s->g->portrait && p->slide != NULL) return slide_right(s, code, *count);
  struct box room = s->g->body;
  if (*count > 0) room = s->g->portrait ? codes_below(s, code, *count) : codes_right(s, code, *count);
  return p->slide != NULL ? slide_above(s, room) : room;
}
