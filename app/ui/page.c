/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/page_inner.h"

#include <string.h>

#include <SDL_stdinc.h>

#include "ui/action.h"
#include "ui/console_draw.h"
#include "ui/self_screen.h"

enum { HEADS_ROW = 5 };

enum part { PART_FIGURE, PART_HEAD, PART_BIG, PART_BIG_SECOND, PART_MIRROR, PART_HEADS, PART_SUB, PART_CARD, PART_COUNT };

static const double gap_before[PART_COUNT] = {
    [PART_HEAD] = 4.4,  [PART_BIG] = 3.7, [PART_BIG_SECOND] = 2.2, [PART_MIRROR] = 3.7,
    [PART_HEADS] = 4.4, [PART_SUB] = 3.0, [PART_CARD] = 4.4};

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
  const int size = page_step(s, 3.4), pad = size * 6 / 10, icon = shown ? size : -pad, line = SDL_max(1, s->g->s / 540);
  if (what[0] == '\0' || room < size * 4) return;
  const struct text_layout *l = page_lay(s, what, WEIGHT_BOLD, size, room - 3 * pad - icon, 1);
  const struct box b = {x, middle - l->h / 2 - pad * 3 / 4, l->w + icon + 3 * pad, l->h + pad * 3 / 2};
  const struct box in = {b.x + line, b.y + line, b.w - 2 * line, b.h - 2 * line};
  s->canvas->ops->round(s->canvas->self, b, b.h / 2, s->page->practice ? COLOUR_CARE : COLOUR_LINE);
  s->canvas->ops->round(s->canvas->self, in, in.h / 2, COLOUR_CARD);
  const struct box at = {x + pad, middle - icon / 2, icon, icon};
  if (shown) s->canvas->ops->shape(s->canvas->self, at, s->page->icon, s->page->icon_colour);
  page_text(s, x + 2 * pad + icon, middle - l->h / 2, l, -1, COLOUR_INK);
}

static void head_texts(struct flow *f) {
  page_flow(f, 0, f->s->page->say[0].head, WEIGHT_REGULAR, page_type(f->s, TYPE_HEAD), 2, f->s->ink);
  page_flow(f, 1.1, PAGE_SECOND(f->s->page, head), WEIGHT_REGULAR, page_step(f->s, 3.0), 1, f->s->soft);
}

/* The drawing, and beside it what happened in both languages, and the badge. */
static int head(const struct setting *s, struct box at, bool draw) {
  const struct page *p = s->page;
  if (p->say[0].head[0] == '\0') return 0;
  const int size = (int)(s->figure_head * s->scale), indent = size == 0 ? 0 : size + page_gap(s, 3);
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
  const struct text_layout *first = page_lay(s, p->say[0].head, WEIGHT_REGULAR, page_type(s, TYPE_HEAD), f.w, 2);
  const int x = f.x + first->w + page_gap(s, 3), middle = f.y + first->h / 2;
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
  page_text(s, b.x + (b.w - l->w) / 2, b.y + (b.h - l->h) / 2, l, 0, COLOUR_GROUND);
  canvas_hit(s->canvas, b, ACTION_PRESENCE, 0);
  return h;
}

static int big(const struct setting *s, struct box at, bool draw) {
  if (s->page->say[0].big[0] == '\0') return 0;
  if (s->page->big == PAGE_BUTTON) return button(s, at, draw);
  const struct text_layout *l = big_layout(s, at.w, at.h);
  if (draw) page_text(s, at.x, at.y, l, -1, s->ink);
  return l->h;
}

/* A step's number in a disc. */
static void draw_number(const struct setting *s, int number, int x, int y, int h, int side) {
  char n[8];
  SDL_snprintf(n, sizeof n, "%d", number);
  const struct text_layout *l = page_lay(s, n, WEIGHT_BOLD, SDL_max(grid_type(s->g, TYPE_SMALL), side * 6 / 10), side, 1);
  const struct box b = {x, y + (h - side) / 2, side, side};
  s->canvas->ops->round(s->canvas->self, b, side / 2, COLOUR_INK);
  page_text(s, b.x + (side - l->w) / 2, b.y + (side - l->h) / 2, l, -1, COLOUR_CARD);
}

static void card_rows(struct flow *f) {
  const struct setting *s = f->s;
  const struct page *p = s->page;
  const int size = p->steps ? page_step(s, 3.4) : page_type(s, TYPE_TITLE), number = p->steps ? page_step(s, 5.2) : 0;
  const int indent = p->steps ? number + page_gap(s, 2.2) : 0;
  f->x += indent;
  f->w -= indent;
  for (int i = 0; i < PAGE_ROWS; i++) {
    const char *row = p->say[0].row[i], *other = page_second(p, offsetof(struct saying, row) + (size_t)i * ROW_MAX);
    if (row[0] == '\0') continue;
    if (f->h > 0) f->h += page_gap(s, p->steps ? 1.5 : 2.2);
    const int from = f->h;
    page_flow(f, 0, row, WEIGHT_BOLD, size, 3, p->tap ? COLOUR_GROUND : COLOUR_INK);
    page_flow(f, 0.8, other, WEIGHT_REGULAR, page_step(s, p->steps ? 2.4 : 2.8), 3, p->tap ? COLOUR_GROUND : COLOUR_SOFT);
    if (i == p->detail_under) page_flow(f, 1.6, p->say[0].detail, WEIGHT_BOLD, page_type(s, TYPE_TEXT), 2, COLOUR_INK);
    if (p->steps && f->draw) draw_number(s, i + 1, f->x - indent, f->y + from, f->h - from, number);
  }
}

static int card(const struct setting *s, struct box at, bool draw) {
  const int pad = page_gap(s, 3.0), arrow = s->page->arrow ? page_gap(s, 5.2) : 0,
            indent = arrow > 0 ? arrow + page_gap(s, 3) : 0;
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
  const int pad = page_gap(s, 0.9), h = page_gap(s, s->g->portrait ? 30 : 22),
            w = (h - 2 * pad) * MIRROR_W / MIRROR_H + 2 * pad, arrow = page_gap(s, 10.4);
  if (!s->page->mirror) return 0;
  if (!draw) return h;
  s->canvas->ops->round(s->canvas->self, (struct box){at.x, at.y, w, h}, 2 * pad, COLOUR_LINE);
  s->canvas->mirror = (struct box){at.x + pad, at.y + pad, w - 2 * pad, h - 2 * pad};
  s->canvas->ops->mirror(s->canvas->self, s->canvas->mirror, s->view->mirror);
  const struct box to_camera = {at.x + w + page_gap(s, 3.7), at.y + (h - arrow) / 2, arrow, arrow};
  s->canvas->ops->shape(s->canvas->self, to_camera, s->page->to_camera, COLOUR_CARE);
  return h;
}

/* How many have come: a button a number, in two rows where they are many; the last one is all of them. */
static int heads(const struct setting *s, struct box at, bool draw) {
  const int most = s->page->heads, count = SDL_min(most, 2 * HEADS_ROW), rows = count > HEADS_ROW ? 2 : 1,
            between = page_gap(s, 2.2), columns = SDL_max(1, (count + rows - 1) / rows);
  const int w = SDL_min((at.w + between) / columns - between, page_gap(s, 26)), h = page_gap(s, rows > 1 ? 13 : 17);
  if (most == 0 || !draw) return most == 0 ? 0 : rows * (h + between) - between;
  for (int i = 0; i < count; i++) {
    const int n = i + 1 < count ? i + 1 : most, size = h * 11 / 20;
    const struct box b = {at.x + i % columns * (w + between), at.y + i / columns * (h + between), w, h};
    char label[16];
    SDL_snprintf(label, sizeof label, "%d", n);
    const struct text_layout *l = page_lay(s, label, WEIGHT_BOLD, size, w * 8 / 10, 1);
    s->canvas->ops->round(s->canvas->self, b, grid_radius(s->g), COLOUR_GOOD);
    page_text(s, b.x + (w - l->w) / 2, b.y + (h - l->h) / 2, l, 0, COLOUR_GROUND);
    canvas_hit(s->canvas, b, ACTION_HEADS, n);
  }
  return rows * (h + between) - between;
}

static int sub(const struct setting *s, struct flow *f) {
  const struct page *p = s->page;
  const bool who = p->big == PAGE_ITEM; /* takes it */
  page_flow(f, 0, p->say[0].sub, who || p->urgent ? WEIGHT_BOLD : WEIGHT_REGULAR, page_type(s, who ? TYPE_HEAD : TYPE_TEXT), 2,
            who || p->urgent ? s->ink : s->soft);
  page_flow(f, 0.8, p->big == PAGE_NAME || who ? "" : PAGE_SECOND(p, sub), WEIGHT_REGULAR, page_step(s, 2.8), 2, s->soft);
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
    page_flow(&f, 0, PAGE_SECOND(p, big), WEIGHT_REGULAR, page_step(s, p->shape == SHAPE_NONE ? 5.2 : 4), 1, s->soft);
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
    if (height[i] > 0) sum += height[i] + page_gap(s, gap_before[i]);
  }
  return sum + page_gap(s, gap_before[PART_BIG]);
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
  y = room.y + SDL_max(0, room.h - sum + page_gap(s, gap_before[first])) / 2;
  for (int i = first; i < PART_COUNT; i++) {
    if (height[i] == 0) continue;
    if (i > first) y += page_gap(s, gap_before[i]);
    part(s, (enum part)i, (struct box){room.x, y, room.w, room.h - others}, true);
    y += height[i];
  }
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
  room.w -= side + page_gap(s, 6.7);
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
  struct box room = page_codes(&s, &codes);
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
