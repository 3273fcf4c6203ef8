/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/page.h"

#include <string.h>

#include <SDL_stdinc.h>

struct setting { /* one drawing: what is passed round */
  const struct stage *stage;
  struct canvas *canvas;
  const struct grid *g;
  const struct page *page;
  const struct view *view;
  int64_t age_ms;
  double scale; /* of everything but the big one: below 1 where there is little room */
};

/* Lines put below one another in a width; measured first, then drawn. */
struct flow {
  const struct setting *s;
  int x, y, w, h; /* h: so far */
  int align;      /* -1 left, 0 middle */
  bool draw;
};

enum part { PART_HEAD, PART_BIG, PART_BIG_SECOND, PART_MIRROR, PART_SUB, PART_CARD, PART_COUNT };

static const double gap_before[PART_COUNT] = {
    [PART_BIG] = 3.4, [PART_BIG_SECOND] = 2, [PART_MIRROR] = 3.4, [PART_SUB] = 2.6, [PART_CARD] = 4.4};

struct grid grid_of(const struct theme *theme, int w, int h) {
  struct grid g = {.theme = theme, .w = w, .h = h, .s = SDL_min(w, h), .portrait = h > w};
  g.margin = (int)(g.s * theme->margin / 100);
  const int header = g.s * 95 / 1000, footer = g.s * 40 / 1000, inner = w - 2 * g.margin;
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

static int step(const struct setting *s, double percent) { return SDL_max(11, (int)(grid_step(s->g, percent) * s->scale)); }
static int gap(const struct setting *s, double percent) { return (int)(s->g->s * percent * s->scale / 100); }

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
                               .least = SDL_max(11, size * 3 / 4),
                               .width = SDL_max(width, size),
                               .lines = lines,
                               .shorten = lines == 1};
  return text_layout(s->stage->texts, &ask);
}

static void text(const struct setting *s, int x, int y, const struct text_layout *l, int align, enum colour colour) {
  s->canvas->ops->text(s->canvas->self, x, y, l, align, colour);
}

static void flow_put(struct flow *f, double gap_percent, const char *what, enum weight weight, double percent, int lines,
                     enum colour colour) {
  if (what[0] == '\0') return;
  if (f->h > 0) f->h += gap(f->s, gap_percent);
  const struct text_layout *l = lay(f->s, what, weight, step(f->s, percent), f->w, lines);
  if (f->draw) text(f->s, f->x + (f->w - l->w) * (f->align + 1) / 2, f->y + f->h, l, f->align, colour);
  f->h += l->h;
}

/* How large a shape is at that age: it comes up quickly and settles. */
static int grown(int size, int64_t age_ms) {
  if (age_ms >= SCREEN_SETTLED_MS) return size;
  const double left = 1 - (double)SDL_max(age_ms, 0) / SCREEN_SETTLED_MS;
  return (int)(size * (1 - 0.35 * left * left * left));
}

static void draw_badge(const struct setting *s, const char *what, int x, int middle, int room) {
  const int size = step(s, 3.4), pad = size * 7 / 10;
  if (what[0] == '\0' || room < size * 3) return;
  const struct text_layout *l = lay(s, what, WEIGHT_BOLD, size, room - 2 * pad, 1);
  const struct box b = {x, middle - l->h / 2 - pad / 2, l->w + 2 * pad, l->h + pad};
  s->canvas->ops->round(s->canvas->self, b, b.h / 2, COLOUR_GOOD);
  text(s, x + pad, middle - l->h / 2, l, -1, COLOUR_GROUND);
}

static void head_texts(struct flow *f) {
  flow_put(f, 0, f->s->page->say[0].head, WEIGHT_REGULAR, 6.2, 2, COLOUR_INK);
  flow_put(f, 0.9, SECOND(f->s->page, head), WEIGHT_REGULAR, 3.0, 1, COLOUR_SOFT);
}

/* The shape, and beside it what happened in both languages, and the badge. */
static int head(const struct setting *s, struct box at, bool draw) {
  const struct page *p = s->page;
  if (p->say[0].head[0] == '\0') return 0;
  const int size = p->shape == SHAPE_NONE ? 0 : gap(s, 10.6), indent = size == 0 ? 0 : size + gap(s, 3);
  const int badge_room = p->say[0].badge[0] != '\0' ? at.w * 3 / 10 : 0;
  struct flow f = {.s = s, .x = at.x + indent, .w = at.w - indent - badge_room, .align = -1};
  head_texts(&f);
  const int texts = f.h, height = SDL_max(size, texts);
  if (!draw) return height;
  if (size > 0) {
    const int now = grown(size, s->age_ms), off = (size - now) / 2, y = at.y + (height - size) / 2;
    s->canvas->ops->shape(s->canvas->self, (struct box){at.x + off, y + off, now, now}, p->shape, p->tint);
  }
  f.y = at.y + (height - texts) / 2;
  f.h = 0;
  f.draw = true;
  head_texts(&f);
  const struct text_layout *first = lay(s, p->say[0].head, WEIGHT_REGULAR, step(s, 6.2), f.w, 2);
  const int x = f.x + first->w + gap(s, 3), middle = f.y + first->h / 2;
  draw_badge(s, p->say[0].badge, x, middle, at.x + at.w - x);
  return height;
}

static int big(const struct setting *s, struct box at, bool draw) {
  static const double most[] = {[PAGE_FACT] = 13, [PAGE_NAME] = 23, [PAGE_CALL] = 18, [PAGE_BUTTON] = 15};
  const struct page *p = s->page;
  if (p->say[0].big[0] == '\0') return 0;
  const int pad = p->big == PAGE_BUTTON ? gap(s, 5) : 0;
  struct text_ask ask = {.text = p->say[0].big,
                         .weight = WEIGHT_BOLD,
                         .most = grid_step(s->g, most[p->big]),
                         .least = 12,
                         .width = at.w - 4 * pad,
                         .height = SDL_max(at.h - 2 * pad, 12),
                         .lines = p->big == PAGE_NAME ? 3 : 2};
  const struct text_layout *l = text_layout(s->stage->texts, &ask);
  if (p->big == PAGE_NAME && l->size < grid_step(s->g, 8)) { /* of sixty characters: more lines are larger ones */
    ask.lines = 5;
    l = text_layout(s->stage->texts, &ask);
  }
  if (draw && pad > 0) {
    const struct box b = {at.x, at.y, l->w + 4 * pad, l->h + 2 * pad};
    s->canvas->ops->round(s->canvas->self, b, grid_step(s->g, 2.6), COLOUR_GOOD);
  }
  if (draw) text(s, at.x + 2 * pad, at.y + pad, l, -1, pad > 0 ? COLOUR_GROUND : COLOUR_INK);
  return l->h + 2 * pad;
}

static void card_rows(struct flow *f) {
  const struct page *p = f->s->page;
  for (int i = 0; i < PAGE_ROWS; i++) {
    const char *other = second(p, offsetof(struct saying, row) + (size_t)i * ROW_MAX);
    flow_put(f, 1.8, p->say[0].row[i], WEIGHT_BOLD, p->steps ? 3.3 : 4.2, 4, COLOUR_INK);
    if (i == 0) flow_put(f, 1, p->say[0].detail, WEIGHT_REGULAR, 3.6, 2, COLOUR_INK);
    flow_put(f, p->steps ? 0.5 : 1, other, WEIGHT_REGULAR, p->steps ? 2.5 : 3.0, 4, COLOUR_SOFT);
  }
}

static int card(const struct setting *s, struct box at, bool draw) {
  const int pad = gap(s, 3.2), arrow = s->page->arrow ? gap(s, 4.6) : 0, indent = arrow > 0 ? arrow + gap(s, 2.6) : 0;
  struct flow f = {.s = s, .x = at.x + pad + indent, .y = at.y + pad, .w = at.w - 2 * pad - indent, .align = -1};
  card_rows(&f);
  const int height = f.h > 0 ? f.h + 2 * pad : 0, radius = grid_step(s->g, 2.2), line = SDL_max(1, s->g->s / 540);
  if (!draw || height == 0) return height;
  const struct box inner = {at.x + line, at.y + line, at.w - 2 * line, height - 2 * line};
  s->canvas->ops->round(s->canvas->self, (struct box){at.x, at.y, at.w, height}, radius, COLOUR_LINE);
  s->canvas->ops->round(s->canvas->self, inner, radius - line, COLOUR_CARD);
  const struct box point = {at.x + pad, at.y + (height - arrow) / 2, arrow, arrow};
  if (arrow > 0) s->canvas->ops->shape(s->canvas->self, point, SHAPE_ARROW, COLOUR_CARE);
  f.h = 0;
  f.draw = true;
  card_rows(&f);
  return height;
}

/* The picture in a card of its own; its arrow. */
static int mirror(const struct setting *s, struct box at, bool draw) {
  const int pad = gap(s, 0.9), h = gap(s, s->g->portrait ? 30 : 22), w = (h - 2 * pad) * MIRROR_W / MIRROR_H + 2 * pad,
            arrow = gap(s, 8.5);
  if (!s->page->mirror) return 0;
  if (!draw) return h;
  s->canvas->ops->round(s->canvas->self, (struct box){at.x, at.y, w, h}, 2 * pad, COLOUR_LINE);
  s->canvas->mirror = (struct box){at.x + pad, at.y + pad, w - 2 * pad, h - 2 * pad};
  s->canvas->ops->mirror(s->canvas->self, s->canvas->mirror, s->view->mirror);
  const struct box to_camera = {at.x + w + gap(s, 3.4), at.y + (h - arrow) / 2, arrow, arrow};
  s->canvas->ops->shape(s->canvas->self, to_camera, s->page->to_camera, COLOUR_CARE);
  return h;
}

/* One part of the column: its height, in at.h where it may be as high as that. */
static int part(const struct setting *s, enum part which, struct box at, bool draw) {
  const struct page *p = s->page;
  struct flow f = {.s = s, .x = at.x, .y = at.y, .w = at.w, .align = -1, .draw = draw};
  switch (which) {
  case PART_HEAD: return head(s, at, draw);
  case PART_BIG: return big(s, at, draw);
  case PART_BIG_SECOND:
    flow_put(&f, 0, SECOND(p, big), WEIGHT_REGULAR, p->shape == SHAPE_NONE ? 5.2 : 4, 1, COLOUR_SOFT);
    return f.h;
  case PART_MIRROR: return mirror(s, at, draw);
  case PART_SUB:
    flow_put(&f, 0, p->say[0].sub, p->urgent ? WEIGHT_BOLD : WEIGHT_REGULAR, 3.7, 2, p->urgent ? COLOUR_INK : COLOUR_SOFT);
    flow_put(&f, 0.8, p->big == PAGE_NAME ? "" : SECOND(p, sub), WEIGHT_REGULAR, 2.8, 2, COLOUR_SOFT);
    return f.h;
  default:
    if (!s->g->portrait) at.w = SDL_min(at.w, s->g->w * 62 / 100);
    return card(s, at, draw);
  }
}

/* Heights of all parts; the big one gets what the others leave of the room. Returns their sum with gaps. */
static int measure(struct setting *s, struct box room, int height[PART_COUNT]) {
  int sum = 0;
  for (s->scale = 1;; s->scale -= 0.1) {
    sum = 0;
    for (int i = 0; i < PART_COUNT; i++) {
      if (i == PART_BIG) continue;
      height[i] = part(s, (enum part)i, room, false);
      if (height[i] > 0) sum += height[i] + gap(s, gap_before[i]);
    }
    if (room.h - sum - gap(s, gap_before[PART_BIG]) >= s->g->s * 15 / 100 || s->scale < 0.55) break;
  }
  room.h -= sum + gap(s, gap_before[PART_BIG]);
  height[PART_BIG] = part(s, PART_BIG, room, false);
  return sum + height[PART_BIG] + gap(s, gap_before[PART_BIG]);
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

static void captions(struct flow *f) {
  const struct saying *say = &f->s->page->say[0];
  flow_put(f, 0, say->caption, WEIGHT_BOLD, 3.6, 3, COLOUR_INK);
  flow_put(f, 0.9, SECOND(f->s->page, caption), WEIGHT_REGULAR, 2.6, 3, COLOUR_SOFT);
  flow_put(f, 1.2, say->note, WEIGHT_REGULAR, 2.8, 2, COLOUR_SOFT);
}

/* The QR code with its captions, right in landscape, below in portrait; whole pixels a module. Returns
 * the room left for the column. */
static struct box draw_qr(const struct setting *s, const struct qr *code) {
  const struct grid *g = s->g;
  struct box room = g->body;
  const int modules = code->width + 2 * QR_QUIET, wish = g->s * (g->portrait ? 34 : 41) / 100;
  const int side = SDL_max(1, wish / modules) * modules, space = gap(s, g->portrait ? 4.5 : 3);
  struct flow f = {.s = s, .align = g->portrait ? -1 : 0, .w = g->portrait ? room.w - side - space : side};
  captions(&f);
  const int texts = f.h;
  struct box square = {room.x, room.y + room.h - side, side, side};
  if (g->portrait) {
    f.x = square.x + side + space;
    f.y = square.y + (side - texts) / 2;
    room.h -= side + gap(s, 6);
  } else {
    f.x = square.x = room.x + room.w - side;
    square.y = room.y + SDL_max(0, room.h - side - space - texts) / 2;
    f.y = square.y + side + space;
    room.w -= wish + gap(s, 7);
  }
  s->canvas->ops->qr(s->canvas->self, square, code);
  f.h = 0;
  f.draw = true;
  captions(&f);
  return room;
}

void page_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct page *page,
               const struct view *view, int64_t age_ms) {
  struct setting s = {stage, canvas, g, page, view, age_ms, 1};
  struct qr code;
  struct box room = g->body;
  if (qr_make(page->qr, &code)) room = draw_qr(&s, &code);
  column(&s, room);
}

void screen_draw(const struct stage *stage, struct canvas *canvas, const struct view *view, int64_t age_ms) {
  const struct grid g = grid_of(stage->theme, canvas->w, canvas->h);
  struct page page;
  canvas->ops->clear(canvas->self, COLOUR_GROUND);
  canvas->mirror = (struct box){.w = 0};
  canvas->hits = 0;
  page_fill(stage, view, &page);
  frame_draw(stage, canvas, &g, view);
  page_draw(stage, canvas, &g, &page, view, age_ms);
}

void screen_draw_mirror(struct canvas *canvas, const struct view *view) {
  if (canvas->mirror.w > 0 && view->mirror != NULL) canvas->ops->mirror(canvas->self, canvas->mirror, view->mirror);
}
