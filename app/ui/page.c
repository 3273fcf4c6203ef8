/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/page.h"
#include "ui/self_screen.h"

#include <string.h>

#include <SDL_stdinc.h>

#include "ui/action.h"
#include "ui/console_draw.h"

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

enum { HEADS_ROW = 5 };

enum part { PART_FIGURE, PART_HEAD, PART_BIG, PART_BIG_SECOND, PART_MIRROR, PART_HEADS, PART_SUB, PART_CARD, PART_COUNT };

static const double gap_before[PART_COUNT] = {
    [PART_HEAD] = 4.4,  [PART_BIG] = 3.7, [PART_BIG_SECOND] = 2.2, [PART_MIRROR] = 3.7,
    [PART_HEADS] = 4.4, [PART_SUB] = 3.0, [PART_CARD] = 4.4};

/* Where there is little room, smaller ones; never smaller than what can be read. */
static int step(const struct setting *s, double percent) {
  return SDL_max(grid_type(s->g, TYPE_SMALL), (int)(grid_step(s->g, percent) * s->scale));
}

static int type(const struct setting *s, enum type_step which) { return step(s, s->g->theme->type[which]); }
static int gap(const struct setting *s, double percent) { return (int)(grid_gap(s->g, percent) * s->scale); }

/* The other language's text, where it says something else. */
static const char *second(const struct page *p, size_t offset) {
  const char *first = (const char *)&p->say[0] + offset, *other = (const char *)&p->say[1] + offset;
  return p->sayings < 2 || strcmp(first, other) == 0 ? "" : other;
}
#define SECOND(page, field) second(page, offsetof(struct saying, field))

static const struct text_layout *lay(const struct setting *s, const char *text, enum weight weight, int size, int width,
                                     int lines) {
  const struct text_ask ask = {.text = text,
                               .weight = weight,
                               .most = size,
                               .least = SDL_min(size, SDL_max(grid_type(s->g, TYPE_SMALL), size * 3 / 4)),
                               .width = SDL_max(width, size),
                               .lines = lines,
                               .shorten = lines == 1};
  return text_layout(s->stage->texts, &ask);
}

static void text(const struct setting *s, int x, int y, const struct text_layout *l, int align, enum colour colour) {
  s->canvas->ops->text(s->canvas->self, x, y, l, align, colour);
}

static void flow_put(struct flow *f, double gap_percent, const char *what, enum weight weight, int size, int lines,
                     enum colour colour) {
  if (what[0] == '\0') return;
  if (f->h > 0) f->h += gap(f->s, gap_percent);
  const struct text_layout *l = lay(f->s, what, weight, size, f->w, lines);
  if (f->draw) text(f->s, f->x + (f->w - l->w) * (f->align + 1) / 2, f->y + f->h, l, f->align, colour);
  f->h += l->h;
}

/* How far a drawing still has to come: quickly at first, then it settles. */
static int to_go(const struct setting *s, int way) {
  const double enter = s->g->theme->enter_ms;
  if (s->view->still || s->age_ms >= (int64_t)enter) return 0;
  const double left = 1 - (double)SDL_max(s->age_ms, 0) / enter;
  return (int)(way * left * left * left);
}

static int draw_figure(const struct setting *s, struct box at, bool draw) {
  if (draw) s->canvas->ops->shape(s->canvas->self, at, s->page->shape, s->page->tint);
  return at.h;
}

/* On a card's ground, whatever the page's is: a type has its own colour. */
static void draw_badge(const struct setting *s, const char *what, int x, int middle, int room) {
  const bool shown = s->page->icon != SHAPE_NONE;
  const int size = step(s, 3.4), pad = size * 6 / 10, icon = shown ? size : -pad, line = SDL_max(1, s->g->s / 540);
  if (what[0] == '\0' || room < size * 4) return;
  const struct text_layout *l = lay(s, what, WEIGHT_BOLD, size, room - 3 * pad - icon, 1);
  const struct box b = {x, middle - l->h / 2 - pad * 3 / 4, l->w + icon + 3 * pad, l->h + pad * 3 / 2};
  const struct box in = {b.x + line, b.y + line, b.w - 2 * line, b.h - 2 * line};
  s->canvas->ops->round(s->canvas->self, b, b.h / 2, s->page->practice ? COLOUR_CARE : COLOUR_LINE);
  s->canvas->ops->round(s->canvas->self, in, in.h / 2, COLOUR_CARD);
  const struct box at = {x + pad, middle - icon / 2, icon, icon};
  if (shown) s->canvas->ops->shape(s->canvas->self, at, s->page->icon, s->page->icon_colour);
  text(s, x + 2 * pad + icon, middle - l->h / 2, l, -1, COLOUR_INK);
}

static void head_texts(struct flow *f) {
  flow_put(f, 0, f->s->page->say[0].head, WEIGHT_REGULAR, type(f->s, TYPE_HEAD), 2, f->s->ink);
  flow_put(f, 1.1, SECOND(f->s->page, head), WEIGHT_REGULAR, step(f->s, 3.0), 1, f->s->soft);
}

/* The drawing, and beside it what happened in both languages, and the badge. */
static int head(const struct setting *s, struct box at, bool draw) {
  const struct page *p = s->page;
  if (p->say[0].head[0] == '\0') return 0;
  const int size = (int)(s->figure_head * s->scale), indent = size == 0 ? 0 : size + gap(s, 3);
  const int badge_room = p->say[0].badge[0] != '\0' ? at.w * 38 / 100 : 0;
  struct flow f = {.s = s, .x = at.x + indent, .w = at.w - indent - badge_room, .align = -1};
  head_texts(&f);
  const int texts = f.h, height = SDL_max(size, texts);
  if (!draw) return height;
  if (size > 0) draw_figure(s, (struct box){at.x, at.y + (height - size) / 2 + to_go(s, size / 6), size, size}, true);
  f.y = at.y + (height - texts) / 2;
  f.h = 0;
  f.draw = true;
  head_texts(&f);
  const struct text_layout *first = lay(s, p->say[0].head, WEIGHT_REGULAR, type(s, TYPE_HEAD), f.w, 2);
  const int x = f.x + first->w + gap(s, 3), middle = f.y + first->h / 2;
  draw_badge(s, p->say[0].badge, x, middle, at.x + at.w - x);
  return height;
}

static const struct text_layout *big_layout(const struct setting *s, int width, int height) {
  static const enum type_step most[] = {[PAGE_FACT] = TYPE_FACT,
                                        [PAGE_NAME] = TYPE_NAME,
                                        [PAGE_ITEM] = TYPE_NAME,
                                        [PAGE_CALL] = TYPE_CALL,
                                        [PAGE_BUTTON] = TYPE_CALL};
  const struct page *p = s->page;
  struct text_ask ask = {.text = p->say[0].big,
                         .weight = WEIGHT_BOLD,
                         .most = grid_type(s->g, most[p->big]),
                         .least = 12,
                         .width = width,
                         .height = SDL_max(height, 12),
                         .lines = p->big == PAGE_NAME ? 3 : 2};
  if (p->big == PAGE_ITEM) ask.most = ask.most * 3 / 2; /* read from behind the table, too */
  const struct text_layout *l = text_layout(s->stage->texts, &ask);
  if (p->big != PAGE_NAME || l->size >= grid_step(s->g, 8)) return l;
  ask.lines = 5; /* of sixty characters: more lines are larger ones */
  return text_layout(s->stage->texts, &ask);
}

static int button(const struct setting *s, struct box at, bool draw) {
  const int h = SDL_min(at.h, grid_step(s->g, s->g->portrait ? 34 : 30));
  const struct box b = {at.x, at.y, at.w, h};
  if (!draw) return h;
  const struct text_layout *l = big_layout(s, at.w * 8 / 10, h * 7 / 10);
  s->canvas->ops->round(s->canvas->self, b, 2 * grid_radius(s->g), COLOUR_GOOD);
  text(s, b.x + (b.w - l->w) / 2, b.y + (b.h - l->h) / 2, l, 0, COLOUR_GROUND);
  canvas_hit(s->canvas, b, ACTION_PRESENCE, 0);
  return h;
}

static int big(const struct setting *s, struct box at, bool draw) {
  if (s->page->say[0].big[0] == '\0') return 0;
  if (s->page->big == PAGE_BUTTON) return button(s, at, draw);
  const struct text_layout *l = big_layout(s, at.w, at.h);
  if (draw) text(s, at.x, at.y, l, -1, s->ink);
  return l->h;
}

/* A step's number in a disc. */
static void draw_number(const struct setting *s, int number, int x, int y, int h, int side) {
  char n[8];
  SDL_snprintf(n, sizeof n, "%d", number);
  const struct text_layout *l = lay(s, n, WEIGHT_BOLD, SDL_max(grid_type(s->g, TYPE_SMALL), side * 6 / 10), side, 1);
  const struct box b = {x, y + (h - side) / 2, side, side};
  s->canvas->ops->round(s->canvas->self, b, side / 2, COLOUR_INK);
  text(s, b.x + (side - l->w) / 2, b.y + (side - l->h) / 2, l, -1, COLOUR_CARD);
}

static void card_rows(struct flow *f) {
  const struct setting *s = f->s;
  const struct page *p = s->page;
  const int size = p->steps ? step(s, 3.4) : type(s, TYPE_TITLE), number = p->steps ? step(s, 5.2) : 0;
  const int indent = p->steps ? number + gap(s, 2.2) : 0;
  f->x += indent;
  f->w -= indent;
  for (int i = 0; i < PAGE_ROWS; i++) {
    const char *row = p->say[0].row[i], *other = second(p, offsetof(struct saying, row) + (size_t)i * ROW_MAX);
    if (row[0] == '\0') continue;
    if (f->h > 0) f->h += gap(s, p->steps ? 1.5 : 2.2);
    const int from = f->h;
    flow_put(f, 0, row, WEIGHT_BOLD, size, 3, p->tap ? COLOUR_GROUND : COLOUR_INK);
    flow_put(f, 0.8, other, WEIGHT_REGULAR, step(s, p->steps ? 2.4 : 2.8), 3, p->tap ? COLOUR_GROUND : COLOUR_SOFT);
    if (i == p->detail_under) flow_put(f, 1.6, p->say[0].detail, WEIGHT_BOLD, type(s, TYPE_TEXT), 2, COLOUR_INK);
    if (p->steps && f->draw) draw_number(s, i + 1, f->x - indent, f->y + from, f->h - from, number);
  }
}

static int card(const struct setting *s, struct box at, bool draw) {
  const int pad = gap(s, 3.0), arrow = s->page->arrow ? gap(s, 5.2) : 0, indent = arrow > 0 ? arrow + gap(s, 3) : 0;
  struct flow f = {.s = s, .x = at.x + pad + indent, .y = at.y + pad, .w = at.w - 2 * pad - indent, .align = -1};
  const struct flow empty = f;
  card_rows(&f);
  const int height = f.h > 0 ? f.h + 2 * pad : 0, radius = grid_radius(s->g), line = SDL_max(1, s->g->s / 540);
  if (!draw || height == 0) return height;
  const struct box inner = {at.x + line, at.y + line, at.w - 2 * line, height - 2 * line};
  const struct box whole = {at.x, at.y, at.w, height};
  s->canvas->ops->round(s->canvas->self, whole, radius, s->page->tap ? COLOUR_GOOD : COLOUR_LINE);
  if (s->page->tap)
    canvas_hit(s->canvas, whole, ACTION_PRESENCE, 0);
  else
    s->canvas->ops->round(s->canvas->self, inner, radius - line, COLOUR_CARD);
  const struct box point = {at.x + pad, at.y + (height - arrow) / 2, arrow, arrow};
  if (arrow > 0) s->canvas->ops->shape(s->canvas->self, point, SHAPE_ARROW, COLOUR_CARE);
  f = empty;
  f.draw = true;
  card_rows(&f);
  return height;
}

/* The picture in a card of its own; its arrow. */
static int mirror(const struct setting *s, struct box at, bool draw) {
  const int pad = gap(s, 0.9), h = gap(s, s->g->portrait ? 30 : 22), w = (h - 2 * pad) * MIRROR_W / MIRROR_H + 2 * pad,
            arrow = gap(s, 10.4);
  if (!s->page->mirror) return 0;
  if (!draw) return h;
  s->canvas->ops->round(s->canvas->self, (struct box){at.x, at.y, w, h}, 2 * pad, COLOUR_LINE);
  s->canvas->mirror = (struct box){at.x + pad, at.y + pad, w - 2 * pad, h - 2 * pad};
  s->canvas->ops->mirror(s->canvas->self, s->canvas->mirror, s->view->mirror);
  const struct box to_camera = {at.x + w + gap(s, 3.7), at.y + (h - arrow) / 2, arrow, arrow};
  s->canvas->ops->shape(s->canvas->self, to_camera, s->page->to_camera, COLOUR_CARE);
  return h;
}

/* How many have come: a button a number, in two rows where they are many; the last one is all of them. */
static int heads(const struct setting *s, struct box at, bool draw) {
  const int most = s->page->heads, count = SDL_min(most, 2 * HEADS_ROW), rows = count > HEADS_ROW ? 2 : 1,
            between = gap(s, 2.2), columns = SDL_max(1, (count + rows - 1) / rows);
  const int w = SDL_min((at.w + between) / columns - between, gap(s, 26)), h = gap(s, rows > 1 ? 13 : 17);
  if (most == 0 || !draw) return most == 0 ? 0 : rows * (h + between) - between;
  for (int i = 0; i < count; i++) {
    const int n = i + 1 < count ? i + 1 : most, size = h * 11 / 20;
    const struct box b = {at.x + i % columns * (w + between), at.y + i / columns * (h + between), w, h};
    char label[16];
    SDL_snprintf(label, sizeof label, "%d", n);
    const struct text_layout *l = lay(s, label, WEIGHT_BOLD, size, w * 8 / 10, 1);
    s->canvas->ops->round(s->canvas->self, b, grid_radius(s->g), COLOUR_GOOD);
    text(s, b.x + (w - l->w) / 2, b.y + (h - l->h) / 2, l, 0, COLOUR_GROUND);
    canvas_hit(s->canvas, b, ACTION_HEADS, n);
  }
  return rows * (h + between) - between;
}

static int sub(const struct setting *s, struct flow *f) {
  const struct page *p = s->page;
  const bool who = p->big == PAGE_ITEM; /* takes it */
  flow_put(f, 0, p->say[0].sub, who || p->urgent ? WEIGHT_BOLD : WEIGHT_REGULAR, type(s, who ? TYPE_HEAD : TYPE_TEXT), 2,
           who || p->urgent ? s->ink : s->soft);
  flow_put(f, 0.8, p->big == PAGE_NAME || who ? "" : SECOND(p, sub), WEIGHT_REGULAR, step(s, 2.8), 2, s->soft);
  return f->h;
}

/* One part of the column: its height, in at.h where it may be as high as that. */
static int part(const struct setting *s, enum part which, struct box at, bool draw) {
  const struct page *p = s->page;
  struct flow f = {.s = s, .x = at.x, .y = at.y, .w = at.w, .align = -1, .draw = draw};
  const int above = (int)(s->figure_above * s->scale);
  switch (which) {
  case PART_FIGURE: return draw_figure(s, (struct box){at.x, at.y + to_go(s, above / 8), above, above}, draw && above > 0);
  case PART_HEAD: return head(s, at, draw);
  case PART_BIG: return big(s, at, draw);
  case PART_BIG_SECOND:
    flow_put(&f, 0, SECOND(p, big), WEIGHT_REGULAR, step(s, p->shape == SHAPE_NONE ? 5.2 : 4), 1, s->soft);
    return f.h;
  case PART_MIRROR: return mirror(s, at, draw);
  case PART_HEADS: return heads(s, at, draw);
  case PART_SUB: return sub(s, &f);
  default:
    if (!s->g->portrait) at.w = SDL_min(at.w, s->g->w * 62 / 100);
    return card(s, at, draw);
  }
}

enum { SCALES = 9, SCALE_PERCENT = 6 };

/* Heights of all parts but the big one's, at one of the scales. Returns their sum with gaps, the big one's, too. */
static int measure_at(struct setting *s, int at, struct box room, int height[PART_COUNT]) {
  int sum = 0;
  s->scale = 1 - at * SCALE_PERCENT / 100.0;
  for (int i = 0; i < PART_COUNT; i++) {
    if (i == PART_BIG) continue;
    height[i] = part(s, (enum part)i, room, false);
    if (height[i] > 0) sum += height[i] + gap(s, gap_before[i]);
  }
  return sum + gap(s, gap_before[PART_BIG]);
}

/* At the largest scale at which they leave the big one the room it wants. Returns the sum of all heights with gaps. */
static int measure(struct setting *s, struct box room, int height[PART_COUNT]) {
  static const int wanted_percent[] = {
      [PAGE_FACT] = 15, [PAGE_NAME] = 22, [PAGE_ITEM] = 29, [PAGE_CALL] = 16, [PAGE_BUTTON] = 24};
  const int most = room.h - s->g->s * wanted_percent[s->page->big] / 100;
  int sum = measure_at(s, 0, room, height), least = 1, last = SCALES - 1;
  if (sum > most) { /* few are tried: each is a layout of all texts */
    while (least < last) {
      const int middle = (least + last) / 2;
      if (measure_at(s, middle, room, height) > most)
        least = middle + 1;
      else
        last = middle;
    }
    sum = measure_at(s, least, room, height);
  }
  room.h -= sum;
  height[PART_BIG] = part(s, PART_BIG, room, false);
  return sum + height[PART_BIG];
}

/* The parts below one another, in the middle of the room. */
static void column(struct setting *s, struct box room) {
  int height[PART_COUNT];
  const int sum = measure(s, room, height), others = sum - height[PART_BIG];
  int first = 0, y;
  while (first < PART_COUNT - 1 && height[first] == 0) first++;
  y = room.y + SDL_max(0, room.h - sum + gap(s, gap_before[first])) / 2;
  for (int i = first; i < PART_COUNT; i++) {
    if (height[i] == 0) continue;
    if (i > first) y += gap(s, gap_before[i]);
    part(s, (enum part)i, (struct box){room.x, y, room.w, room.h - others}, true);
    y += height[i];
  }
}

struct scannable { /* a code with what stands under or beside it */
  const struct qr *qr;
  const char *caption, *other, *note;
};

static void captions(struct flow *f, const struct scannable *code, bool small) {
  flow_put(f, 0, code->caption, WEIGHT_BOLD, step(f->s, small ? 3.2 : 3.7), 2, f->s->ink);
  flow_put(f, 0.9, code->other, WEIGHT_REGULAR, step(f->s, 2.6), 2, f->s->soft);
  flow_put(f, 1.2, code->note, WEIGHT_REGULAR, step(f->s, 2.8), 2, f->s->soft);
}

static int whole_modules(int wish, const struct qr *qr) {
  const int modules = qr->width + 2 * QR_QUIET;
  return SDL_max(1, wish / modules) * modules;
}

/* A code, its captions below, in a width. Returns their height. */
static int draw_below(const struct setting *s, const struct scannable *code, int x, int y, int w, int wish, bool draw) {
  const int side = whole_modules(wish, code->qr), space = gap(s, 2.2);
  struct flow f = {.s = s, .x = x, .y = y + side + space, .w = w, .draw = draw};
  if (draw) s->canvas->ops->qr(s->canvas->self, (struct box){x + (w - side) / 2, y, side, side}, code->qr);
  captions(&f, code, wish * 3 < s->g->s);
  return side + (f.h > 0 ? space + f.h : 0);
}

/* Landscape: at the right, one or two below one another. Returns the room left for the column. */
static struct box codes_right(const struct setting *s, const struct scannable *code, int count) {
  struct box room = s->g->body;
  const int wish = s->g->s * (count > 1 ? 27 : 41) / 100, w = SDL_max(wish, s->g->s * 36 / 100), between = gap(s, 3.7);
  int sum = between * (count - 1), y;
  for (int i = 0; i < count; i++) sum += draw_below(s, &code[i], 0, 0, w, wish, false);
  y = room.y + SDL_max(0, room.h - sum) / 2;
  for (int i = 0; i < count; i++) y += draw_below(s, &code[i], room.x + room.w - w, y, w, wish, true) + between;
  room.w -= w + gap(s, 6.7);
  return room;
}

/* A code as high as the box, its captions beside it. */
static void draw_beside(const struct setting *s, const struct scannable *code, struct box at) {
  const int side = whole_modules(at.h, code->qr), space = gap(s, 4.5);
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
  const int wish = s->g->s * (count > 1 ? 32 : 36) / 100, space = gap(s, 4.5);
  if (count > 1) {
    const int w = (room.w - space) / 2;
    int most = 0;
    for (int i = 0; i < count; i++) most = SDL_max(most, draw_below(s, &code[i], 0, 0, w, wish, false));
    for (int i = 0; i < count; i++) draw_below(s, &code[i], room.x + i * (w + space), room.y + room.h - most, w, wish, true);
    room.h -= most + gap(s, 6);
    return room;
  }
  const int side = whole_modules(wish, code->qr);
  draw_beside(s, code, (struct box){room.x, room.y + room.h - side, room.w, side});
  room.h -= side + gap(s, 6);
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
  const int w = grid_slide_w(s->g), between = gap(s, 4.5);
  const int side = count > 0 ? whole_modules(s->g->s * 26 / 100, code->qr) : 0, below = count > 0 ? side + between : 0;
  const int h = slide_height(s, w, room.h - below), x = room.x + room.w - w, y = room.y + (room.h - h - below) / 2;
  draw_slide(s, (struct box){x, y, w, h});
  if (count > 0) draw_beside(s, code, (struct box){x, y + h + between, w, side});
  room.w -= w + gap(s, 6.7);
  return room;
}

static struct box slide_above(const struct setting *s, struct box room) {
  const int most = s->page->mirror ? s->g->s * 36 / 100 : grid_slide_h(s->g); /* who comes must see themselves, too */
  const int h = slide_height(s, room.w, most), all = h + gap(s, 4.5);
  draw_slide(s, (struct box){room.x, room.y, room.w, h});
  room.y += all;
  room.h -= all;
  return room;
}

/* What is to be scanned; returns the room left. */
static struct box draw_codes(const struct setting *s, int *count) {
  static struct qr made[2]; /* large */
  const struct page *p = s->page;
  struct scannable code[2];
  *count = 0;
  if (qr_make(p->qr, &made[0]))
    code[(*count)++] = (struct scannable){&made[0], p->say[0].caption, SECOND(p, caption), p->say[0].note};
  if (qr_make(p->kept, &made[1])) {
    const bool same = p->sayings < 2 || strcmp(p->kept_caption[0], p->kept_caption[1]) == 0;
    code[(*count)++] = (struct scannable){&made[1], p->kept_caption[0], same ? "" : p->kept_caption[1], ""};
  }
  if (!s->g->portrait && p->slide != NULL) return slide_right(s, code, *count);
  struct box room = s->g->body;
  if (*count > 0) room = s->g->portrait ? codes_below(s, code, *count) : codes_right(s, code, *count);
  return p->slide != NULL ? slide_above(s, room) : room;
}

/* The drawing stands at the right; above all where a code is there, or the screen stands upright; beside the head where a name
 * is the large thing. */
static struct box place_figure(struct setting *s, struct box room, int codes) {
  const struct grid *g = s->g;
  const struct page *p = s->page;
  if (p->shape == SHAPE_NONE) return room;
  const bool small = p->big == PAGE_NAME || p->big == PAGE_ITEM;
  if (codes > 0 && small)
    s->figure_head = g->s * 12 / 100;
  else if (codes > 0 && p->say[0].head[0] != '\0') /* idle's call needs the room */
    s->figure_above = g->s * (g->portrait ? 44 : 26) / 100;
  else if (codes == 0 && g->portrait)
    s->figure_above = g->s * 44 / 100;
  if (codes > 0 || g->portrait) return room;
  const int side = SDL_min(g->s * 48 / 100, g->body.w * 32 / 100);
  draw_figure(s, (struct box){room.x + room.w - side, room.y + (room.h - side) / 2 + to_go(s, side / 8), side, side}, true);
  room.w -= side + gap(s, 6.7);
  return room;
}

/* Idle's words come out of the ground when its language changes. */
static void unveil(const struct setting *s, struct box room) {
  const double turn = s->g->theme->turn_ms;
  if (s->view->still || s->view->screen != SCREEN_IDLE || s->age_ms >= (int64_t)turn) return;
  const double left = 1 - (double)SDL_max(s->age_ms, 0) / turn;
  s->canvas->ops->veil(s->canvas->self, room, s->page->paper, (int)(255 * left * left));
}

void page_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct page *page,
               const struct view *view, int64_t age_ms) {
  const bool solid = page->paper == COLOUR_GOOD;
  struct setting s = {.stage = stage,
                      .canvas = canvas,
                      .g = g,
                      .page = page,
                      .view = view,
                      .ink = solid ? COLOUR_GROUND : COLOUR_INK,
                      .soft = solid ? COLOUR_GROUND : COLOUR_SOFT,
                      .age_ms = age_ms,
                      .scale = 1};
  int codes;
  struct box room = draw_codes(&s, &codes);
  room = place_figure(&s, room, codes);
  column(&s, room);
  unveil(&s, room);
}

void screen_draw(const struct stage *stage, struct canvas *canvas, const struct view *view, int64_t age_ms) {
  struct grid g = grid_of(stage->theme, canvas->w, canvas->h);
  static struct page page; /* large */
  canvas->mirror = (struct box){.w = 0};
  canvas->hits = 0;
  if (view->screen == SCREEN_CONSOLE) {
    console_draw(stage, canvas, view);
    return;
  }
  if (view->screen == SCREEN_SELF) {
    self_screen_draw(stage, canvas, view);
    return;
  }
  page_fill(stage, view, &page);
  canvas->ops->clear(canvas->self, page.paper);
  frame_draw(stage, canvas, &g, view, page.paper == COLOUR_GOOD);
  page_draw(stage, canvas, &g, &page, view, age_ms);
  if (view->meetup && view->screen == SCREEN_FAULT) console_offer(stage, canvas, view, g.header);
}

void screen_draw_mirror(struct canvas *canvas, const struct view *view) {
  if (canvas->mirror.w > 0 && view->mirror != NULL) canvas->ops->mirror(canvas->self, canvas->mirror, view->mirror);
}
