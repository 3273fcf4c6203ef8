/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/page.h"

struct setting { /* one drawing: what is passed round */
  const struct stage *stage;
  struct canvas *canvas;
  const struct grid *g;
  const struct page *page;
  double scale; /* of everything but the big one: below 1 where there is little room */
};

enum part { PART_HEAD, PART_BIG, PART_BIG_SECOND, PART_SUB, PART_CARD, PART_COUNT };

struct grid grid_of(int w, int h) {
  struct grid g = {.w = w, .h = h, .s = SDL_min(w, h), .portrait = h > w};
  g.margin = g.s * 67 / 1000;
  const int header = g.s * 115 / 1000, footer = g.s * 40 / 1000, inner = w - 2 * g.margin;
  g.header = (struct box){g.margin, g.margin, inner, header};
  g.footer = (struct box){g.margin, h - g.s * 30 / 1000 - footer, inner, footer};
  const int top = g.header.y + header + g.s * 20 / 1000;
  g.body = (struct box){g.margin, top, inner, g.footer.y - g.s * 45 / 1000 - top};
  return g;
}

struct box screen_safe_area(int w, int h) {
  const struct grid g = grid_of(w, h);
  return (struct box){g.margin, g.header.y, g.w - 2 * g.margin, g.footer.y + g.footer.h - g.header.y};
}

int grid_step(const struct grid *g, double percent) { return SDL_max(12, (int)(g->s * percent / 100 + 0.5)); }

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
                               .least = size * 3 / 4,
                               .width = width,
                               .lines = lines,
                               .shorten = lines == 1};
  return text_layout(s->stage->texts, &ask);
}

/* Draws where y >= 0; the height in any case. */
static int put(const struct setting *s, const char *text, enum weight weight, int size, int lines, struct box at, int align,
               enum colour colour) {
  if (text[0] == '\0') return 0;
  const struct text_layout *l = lay(s, text, weight, size, at.w, lines);
  if (at.y >= 0) s->canvas->ops->text(s->canvas->self, at.x + (at.w - l->w) * (align + 1) / 2, at.y, l, align, colour);
  return l->h;
}

/* How large a shape is at that age: it comes up quickly and settles. */
static int grown(int size, int64_t age_ms) {
  if (age_ms >= SCREEN_SETTLED_MS) return size;
  const double left = 1 - (double)SDL_max(age_ms, 0) / SCREEN_SETTLED_MS;
  return (int)(size * (1 - 0.35 * left * left * left));
}

static int draw_badge(const struct setting *s, const char *text, int x, int middle, int room) {
  const int size = step(s, 3.4), pad = size * 7 / 10;
  if (text[0] == '\0' || room < size * 3) return 0;
  const struct text_layout *l = lay(s, text, WEIGHT_BOLD, size, room - 2 * pad, 1);
  const struct box b = {x, middle - l->h / 2 - pad / 2, l->w + 2 * pad, l->h + pad};
  s->canvas->ops->round(s->canvas->self, b, b.h / 2, COLOUR_GOOD);
  s->canvas->ops->text(s->canvas->self, x + pad, middle - l->h / 2, l, 0, COLOUR_GROUND);
  return b.w;
}

/* The shape, and beside it what happened in both languages, and the badge. */
static int head(const struct setting *s, struct box at, int64_t age_ms) {
  const struct page *p = s->page;
  if (p->shape == SHAPE_NONE && p->say[0].head[0] == '\0') return 0;
  const int size = p->shape == SHAPE_NONE ? 0 : gap(s, 10.2), indent = size == 0 ? 0 : size + gap(s, 3);
  const int badge_room = p->say[0].badge[0] != '\0' ? at.w / 4 : 0, width = at.w - indent - badge_room;
  const struct text_layout *first = lay(s, p->say[0].head, WEIGHT_REGULAR, step(s, 6.2), width, 1);
  const int first_w = first->w, first_h = first->h, between = gap(s, 0.4);
  const struct box nowhere = {0, -1, width, 0};
  const int second_h = put(s, SECOND(p, head), WEIGHT_REGULAR, step(s, 3.0), 1, nowhere, -1, COLOUR_SOFT);
  const int texts = first_h + (second_h > 0 ? between + second_h : 0), height = SDL_max(size, texts);
  if (at.y < 0) return height;
  if (size > 0) {
    const int now = grown(size, age_ms), off = (size - now) / 2;
    s->canvas->ops->shape(s->canvas->self, (struct box){at.x + off, at.y + (height - size) / 2 + off, now, now}, p->shape,
                          p->tint);
  }
  const int y = at.y + (height - texts) / 2;
  put(s, p->say[0].head, WEIGHT_REGULAR, step(s, 6.2), 1, (struct box){at.x + indent, y, width, 0}, -1, COLOUR_INK);
  put(s, SECOND(p, head), WEIGHT_REGULAR, step(s, 3.0), 1, (struct box){at.x + indent, y + first_h + between, width, 0}, -1,
      COLOUR_SOFT);
  draw_badge(s, p->say[0].badge, at.x + indent + first_w + gap(s, 3), y + first_h / 2, badge_room - gap(s, 3));
  return height;
}

static int big(const struct setting *s, struct box at, int room) {
  const struct page *p = s->page;
  const char *text = p->say[0].big;
  if (text[0] == '\0') return 0;
  const int pad = p->big == PAGE_BUTTON ? gap(s, 5) : 0;
  const struct text_ask ask = {.text = text,
                               .weight = WEIGHT_BOLD,
                               .most = grid_step(s->g, p->big == PAGE_NAME ? 21 : 13),
                               .least = 12,
                               .width = at.w - 2 * pad,
                               .height = SDL_max(room - 2 * pad, 12),
                               .lines = p->big == PAGE_NAME ? 3 : 2};
  const struct text_layout *l = text_layout(s->stage->texts, &ask);
  if (at.y < 0) return l->h + 2 * pad;
  if (pad > 0)
    s->canvas->ops->round(s->canvas->self, (struct box){at.x, at.y, l->w + 4 * pad, l->h + 2 * pad}, gap(s, 2.6), COLOUR_GOOD);
  s->canvas->ops->text(s->canvas->self, at.x + 2 * pad, at.y + pad, l, -1, pad > 0 ? COLOUR_GROUND : COLOUR_INK);
  return l->h + 2 * pad;
}

static int card_rows(const struct setting *s, struct box at) {
  const struct page *p = s->page;
  int y = at.y, sum = 0;
  for (int i = 0; i < PAGE_ROWS; i++) {
    if (p->say[0].row[i][0] == '\0') continue;
    const int before = sum;
    const int size = step(s, p->steps ? 3.4 : 4.2);
    sum += sum > 0 ? gap(s, 1.6) : 0;
#define AT ((struct box){at.x, y < 0 ? -1 : y + sum, at.w, 0})
    sum += put(s, p->say[0].row[i], WEIGHT_BOLD, size, 4, AT, -1, COLOUR_INK);
    const char *other = second(p, offsetof(struct saying, row) + (size_t)i * ROW_MAX);
    if (other[0] != '\0') {
      sum += gap(s, 0.5);
      sum += put(s, other, WEIGHT_REGULAR, step(s, p->steps ? 2.6 : 3.0), 4, AT, -1, COLOUR_SOFT);
    }
    (void)before;
  }
  if (p->say[0].detail[0] != '\0') {
    sum += sum > 0 ? gap(s, 1) : 0;
    sum += put(s, p->say[0].detail, WEIGHT_REGULAR, step(s, 3.4), 2, AT, -1, COLOUR_SOFT);
  }
#undef AT
  return sum;
}

static int card(const struct setting *s, struct box at) {
  const struct page *p = s->page;
  const int pad = gap(s, 3), arrow = p->arrow ? gap(s, 4.6) : 0, indent = arrow > 0 ? arrow + gap(s, 2.4) : 0;
  const int inner = card_rows(s, (struct box){0, -1, at.w - 2 * pad - indent, 0});
  if (inner == 0) return 0;
  const int height = inner + 2 * pad, radius = grid_step(s->g, 2.2);
  if (at.y < 0) return height;
  const int line = SDL_max(1, s->g->s / 540);
  s->canvas->ops->round(s->canvas->self, (struct box){at.x, at.y, at.w, height}, radius, COLOUR_LINE);
  s->canvas->ops->round(s->canvas->self, (struct box){at.x + line, at.y + line, at.w - 2 * line, height - 2 * line},
                        radius - line, COLOUR_CARD);
  if (arrow > 0)
    s->canvas->ops->shape(s->canvas->self, (struct box){at.x + pad, at.y + (height - arrow) / 2, arrow, arrow}, SHAPE_ARROW,
                          COLOUR_CARE);
  card_rows(s, (struct box){at.x + pad + indent, at.y + pad, at.w - 2 * pad - indent, 0});
  return height;
}

/* One part of the column; draws where y >= 0. */
static int part(const struct setting *s, enum part which, struct box at, int room, int64_t age_ms) {
  const struct page *p = s->page;
  switch (which) {
  case PART_HEAD: return head(s, at, age_ms);
  case PART_BIG: return big(s, at, room);
  case PART_BIG_SECOND:
    return put(s, SECOND(p, big), WEIGHT_REGULAR, step(s, p->shape == SHAPE_NONE ? 5.2 : 3.8), 1, at, -1, COLOUR_SOFT);
  case PART_SUB: return put(s, p->say[0].sub, WEIGHT_REGULAR, step(s, 3.7), 2, at, -1, COLOUR_SOFT);
  default: at.w = SDL_min(at.w, s->g->portrait ? at.w : s->g->w * 62 / 100); return card(s, at);
  }
}

static const double gap_before[PART_COUNT] = {[PART_BIG] = 3.2, [PART_BIG_SECOND] = 1.6, [PART_SUB] = 2.2, [PART_CARD] = 4.2};

/* The column in a box: its parts below one another, in the middle of the height; the big one takes what is left. */
static void column(struct setting *s, struct box box, int64_t age_ms) {
  int height[PART_COUNT], sum, room;
  const struct box nowhere = {box.x, -1, box.w, 0};
  for (s->scale = 1;; s->scale -= 0.1) {
    sum = 0;
    for (int i = 0; i < PART_COUNT; i++) {
      if (i == PART_BIG) continue;
      height[i] = part(s, (enum part)i, nowhere, 0, age_ms);
      if (height[i] > 0) sum += height[i] + gap(s, gap_before[i]);
    }
    room = box.h - sum - gap(s, gap_before[PART_BIG]);
    if (room >= s->g->s * 14 / 100 || s->scale < 0.55) break;
  }
  height[PART_BIG] = part(s, PART_BIG, nowhere, room, age_ms);
  if (height[PART_BIG] > 0) sum += height[PART_BIG] + gap(s, gap_before[PART_BIG]);
  int y = box.y + SDL_max(0, box.h - sum) / 2;
  bool first = true;
  for (int i = 0; i < PART_COUNT; i++) {
    if (height[i] == 0) continue;
    if (!first) y += gap(s, gap_before[i]);
    part(s, (enum part)i, (struct box){box.x, y, box.w, 0}, room, age_ms);
    y += height[i];
    first = false;
  }
}

static int captions(const struct setting *s, struct box at, int align) {
  const struct page *p = s->page;
  int y = at.y, sum = 0;
#define AT ((struct box){at.x, y < 0 ? -1 : y + sum, at.w, 0})
  sum += put(s, p->say[0].caption, WEIGHT_BOLD, step(s, 3.6), 3, AT, align, COLOUR_INK);
  if (SECOND(p, caption)[0] != '\0')
    sum += gap(s, 0.6), sum += put(s, SECOND(p, caption), WEIGHT_REGULAR, step(s, 2.6), 3, AT, align, COLOUR_SOFT);
  if (p->say[0].note[0] != '\0')
    sum += gap(s, 0.8), sum += put(s, p->say[0].note, WEIGHT_REGULAR, step(s, 2.8), 2, AT, align, COLOUR_SOFT);
#undef AT
  return sum;
}

/* The QR code with its captions, right in landscape, below in portrait. What is left is the column's. */
static struct box draw_qr(const struct setting *s, const struct qr *code) {
  const struct grid *g = s->g;
  struct box body = g->body;
  if (g->portrait) {
    const int side = g->s * 32 / 100;
    const struct box square = {body.x, body.y + body.h - side, side, side};
    s->canvas->ops->qr(s->canvas->self, square, code);
    struct box text = {square.x + side + gap(s, 4.5), -1, body.w - side - gap(s, 4.5), 0};
    text.y = square.y + (side - captions(s, text, -1)) / 2;
    captions(s, text, -1);
    body.h -= side + gap(s, 6);
  } else {
    const int side = g->s * 40 / 100, x = g->w - g->margin - side;
    struct box text = {x, -1, side, 0};
    const int height = side + gap(s, 2.4) + captions(s, text, 0), y = body.y + SDL_max(0, body.h - height) / 2;
    s->canvas->ops->qr(s->canvas->self, (struct box){x, y, side, side}, code);
    text.y = y + side + gap(s, 2.4);
    captions(s, text, 0);
    body.w -= side + gap(s, 8);
  }
  return body;
}

void page_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct page *page,
               int64_t age_ms) {
  struct setting s = {stage, canvas, g, page, 1};
  struct qr code;
  struct box body = g->body;
  if (qr_make(page->qr, &code)) body = draw_qr(&s, &code);
  column(&s, body, age_ms);
}

void screen_draw(const struct stage *stage, struct canvas *canvas, const struct view *view, int64_t age_ms) {
  const struct grid g = grid_of(canvas->w, canvas->h);
  struct page page;
  canvas->ops->clear(canvas->self, COLOUR_GROUND);
  page_fill(stage, view, &page);
  frame_draw(stage, canvas, &g, view);
  page_draw(stage, canvas, &g, &page, age_ms);
}
