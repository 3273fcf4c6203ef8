/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/console_pen.h"

#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "core/day.h"

#define LEAST 2.35 /* what is read at an arm's length, and by who stands behind */

static const struct look {
  double size;
  enum weight weight;
  enum colour colour;
  int align, lines;
  bool shorten;
} looks[STYLE_COUNT] = {
    [STYLE_TITLE] = {4.6, WEIGHT_BOLD, COLOUR_INK, -1, 2, false},
    [STYLE_NAME] = {4.2, WEIGHT_BOLD, COLOUR_INK, -1, 2, false},
    [STYLE_BODY] = {3.3, WEIGHT_REGULAR, COLOUR_INK, -1, 3, false},
    [STYLE_SMALL] = {2.8, WEIGHT_REGULAR, COLOUR_SOFT, -1, 1, true},
    [STYLE_NUMBER] = {6.5, WEIGHT_BOLD, COLOUR_INK, -1, 1, false},
    [STYLE_LABEL] = {3.6, WEIGHT_BOLD, COLOUR_INK, 0, 2, false},
    [STYLE_VALUE] = {3.3, WEIGHT_BOLD, COLOUR_INK, 1, 1, true},
    [STYLE_TINY] = {2.4, WEIGHT_REGULAR, COLOUR_SOFT, 0, 1, false},
    [STYLE_BIG] = {6.4, WEIGHT_BOLD, COLOUR_INK, -1, 2, false},
    [STYLE_FIELD] = {4.2, WEIGHT_REGULAR, COLOUR_INK, -1, 1, true},
};

int pixels(const struct pen *p, double units) { return (int)(units * p->u + 0.5); }
double units(const struct pen *p, int n) { return n / p->u; }

struct box cut_top(const struct pen *p, struct box *rest, double h) {
  const int n = SDL_min(pixels(p, h), rest->h), gap = SDL_min(pixels(p, GAP), rest->h - n);
  const struct box cut = {rest->x, rest->y, rest->w, n};
  rest->y += n + gap;
  rest->h -= n + gap;
  return cut;
}

struct box cut_bottom(const struct pen *p, struct box *rest, double h) {
  const int n = SDL_min(pixels(p, h), rest->h);
  const struct box cut = {rest->x, rest->y + rest->h - n, rest->w, n};
  rest->h = SDL_max(0, rest->h - n - pixels(p, GAP));
  return cut;
}

struct box cut_left(const struct pen *p, struct box *rest, double w) {
  const int n = SDL_min(pixels(p, w), rest->w), gap = SDL_min(pixels(p, GAP), rest->w - n);
  const struct box cut = {rest->x, rest->y, n, rest->h};
  rest->x += n + gap;
  rest->w -= n + gap;
  return cut;
}

struct box cut_right(const struct pen *p, struct box *rest, double w) {
  const int n = SDL_min(pixels(p, w), rest->w);
  const struct box cut = {rest->x + rest->w - n, rest->y, n, rest->h};
  rest->w = SDL_max(0, rest->w - n - pixels(p, GAP));
  return cut;
}

struct box part_of(const struct pen *p, struct box box, int i, int of, bool across) {
  const int gap = pixels(p, GAP), all = (across ? box.w : box.h) + gap;
  const int from = all * i / of, to = all * (i + 1) / of - gap;
  return across ? (struct box){box.x + from, box.y, to - from, box.h} : (struct box){box.x, box.y + from, box.w, to - from};
}

struct box inset(const struct pen *p, struct box b, double by) {
  const int n = pixels(p, by);
  return (struct box){b.x + n, b.y + n, SDL_max(0, b.w - 2 * n), SDL_max(0, b.h - 2 * n)};
}

/* --- texts --- */

static void put(const struct pen *p, struct box in, const char *text, const struct look *look, enum colour colour) {
  if (text[0] == '\0' || in.w < pixels(p, look->size) || in.h < 12) return;
  const int most = SDL_max(12, pixels(p, look->size));
  const struct text_ask ask = {.text = text,
                               .weight = look->weight,
                               .most = most,
                               .least = SDL_max(SDL_max(11, most * 7 / 10), pixels(p, SDL_min(look->size, LEAST))),
                               .width = in.w,
                               .height = in.h,
                               .lines = look->lines,
                               .shorten = look->shorten};
  const struct text_layout *l = text_layout(p->stage->texts, &ask);
  const int x = in.x + (in.w - l->w) * (look->align + 1) / 2, y = in.y + (in.h - l->h) / 2;
  p->canvas->ops->text(p->canvas->self, x, y, l, look->align, colour);
}

void pen_text(const struct pen *p, struct box in, const char *text, enum style style) {
  put(p, in, text, &looks[style], looks[style].colour);
}

void pen_text_in(const struct pen *p, struct box in, const char *text, enum style style, enum colour colour) {
  put(p, in, text, &looks[style], colour);
}

void pen_time(const struct pen *p, int64_t wall_ms, char *out, size_t size) {
  char clock[16], m[8], d[8], key[16], name[32], date[64];
  out[0] = '\0';
  if (p->event == NULL || wall_ms == 0) return;
  const struct civil c = civil_of(&p->event->zone, wall_ms);
  snprintf(clock, sizeof clock, "%02d:%02d", c.hour, c.minute);
  if (event_day(p->event, wall_ms) == event_day(p->event, p->v->now.wall_ms)) {
    snprintf(out, size, "%s", clock);
    return;
  }
  snprintf(m, sizeof m, "%d", c.month);
  snprintf(d, sizeof d, "%d", c.day);
  snprintf(key, sizeof key, "month.%d", c.month);
  WORDS(p, name, key);
  WORDS(p, date, "date", m, d, name);
  strings_put(p->stage->strings, p->lang, out, size, "date.time", date, clock, NULL);
}

void pen_date(const struct pen *p, int64_t wall_ms, char *out, size_t size) {
  static const struct zone utc;
  const struct civil c = civil_of(p->event != NULL ? &p->event->zone : &utc, wall_ms);
  snprintf(out, size, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

const char *pen_type(const struct pen *p, int type) {
  const struct catalog *c = p->v->catalog;
  return c != NULL && type >= 0 && type < c->types ? words_text(&c->type[type].label, p->lang) : "";
}

const char *pen_care(const struct pen *p, const char *attention) {
  static const char *const known[][2] = {{ATTENTION_VIP, "care.vip"},
                                         {ATTENTION_MINOR, "care.minor"},
                                         {ATTENTION_STAFF, "care.staff"},
                                         {ATTENTION_PRACTICE, "care.practice"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (!strcmp(attention, known[i][0])) return strings_raw(p->stage->strings, p->lang, known[i][1]);
  return attention;
}

/* --- boxes --- */

static int radius(const struct pen *p) { return pixels(p, 1.4); }

void pen_card(const struct pen *p, struct box b) {
  const int line = SDL_max(1, pixels(p, 0.18));
  const struct box inner = {b.x + line, b.y + line, b.w - 2 * line, b.h - 2 * line};
  p->canvas->ops->round(p->canvas->self, b, radius(p), COLOUR_LINE);
  p->canvas->ops->round(p->canvas->self, inner, radius(p) - line, COLOUR_CARD);
}

static void cap(const struct pen *p, struct box b, const char *label, enum button kind) {
  struct box inner = inset(p, b, kind == BUTTON_KEY ? 0.4 : 1.2);
  switch (kind) {
  case BUTTON_MAIN: p->canvas->ops->round(p->canvas->self, b, radius(p), COLOUR_GOOD); break;
  case BUTTON_OFF:
    p->canvas->ops->round(p->canvas->self, b, radius(p), COLOUR_LINE);
    p->canvas->ops->round(p->canvas->self, inset(p, b, 0.2), radius(p), COLOUR_GROUND);
    break;
  case BUTTON_CARE: /* a frame: no text stands on that colour well enough */
    p->canvas->ops->round(p->canvas->self, b, radius(p), COLOUR_CARE);
    p->canvas->ops->round(p->canvas->self, inset(p, b, 0.7), radius(p), COLOUR_CARD);
    break;
  default: pen_card(p, b);
  }
  pen_text_in(p, inner, label, STYLE_LABEL,
              kind == BUTTON_MAIN  ? COLOUR_GROUND
              : kind == BUTTON_OFF ? COLOUR_SOFT
                                   : COLOUR_INK);
}

/* One that does nothing now looks so. */
static enum button now(const struct pen *p, enum button kind, int action) {
  return p->c != NULL && console_waits(p->c, action) ? BUTTON_OFF : kind;
}

void pen_button(const struct pen *p, struct box b, const char *label, enum button kind, int action, int arg) {
  kind = now(p, kind, action);
  cap(p, b, label, kind);
  if (kind != BUTTON_OFF) canvas_hit(p->canvas, b, action, arg);
}

void pen_button_in(const struct pen *p, struct box b, const char *label, enum button kind, int action, int arg) {
  cap(p, inset(p, b, 0.6), label, now(p, kind, action));
  canvas_hit(p->canvas, b, action, arg); /* even then: what lies below isn't meant */
}

void pen_light(const struct pen *p, struct box in, enum light light) {
  const int side = pixels(p, 2.2);
  const struct box b = {in.x + (in.w - side) / 2, in.y + (in.h - side) / 2, side, side};
  if (light == LIGHT_UNKNOWN)
    pen_text_in(p, in, "?", STYLE_SMALL, COLOUR_SOFT);
  else
    p->canvas->ops->shape(p->canvas->self, b, light ? SHAPE_DISC : SHAPE_SQUARE, light ? COLOUR_GOOD : COLOUR_CARE);
}

void pen_said(const struct pen *p, struct box box) {
  char words[ROW_MAX];
  if (p->c->act_serial != 0) {
    WORDS(p, words, "said.working");
    pen_text_in(p, box, words, STYLE_BODY, COLOUR_SOFT);
    return;
  }
  if (p->c->said[0] == '\0') return;
  WORDS(p, words, p->c->said, p->c->said_with);
  const struct box shape = cut_left(p, &box, 6), sign = inset(p, shape, 0.5);
  const int side = SDL_min(sign.w, sign.h);
  p->canvas->ops->shape(p->canvas->self, (struct box){sign.x, sign.y + (sign.h - side) / 2, side, side},
                        p->c->said_good ? SHAPE_TICK : SHAPE_MARK, p->c->said_good ? COLOUR_GOOD : COLOUR_CARE);
  pen_text(p, box, words, STYLE_BODY);
}

/* With a bar behind what was typed; the other keyboard comes and goes with a tap on it. */
void pen_field(const struct pen *p, struct box b, const char *text, const char *hint, bool secret) {
  char dots[TEXT_MAX] = "";
  const char *shown = text;
  canvas_hit(p->canvas, b, ACTION_FIELD, 0);
  pen_card(p, b);
  struct box in = inset(p, b, 1.4);
  for (size_t i = 0, n = strlen(text); secret && i < n && i < 12; i++) strcat(dots, "●");
  if (secret) shown = dots;
  const int bar = SDL_max(2, pixels(p, 0.35));
  const struct look *look = &looks[STYLE_FIELD];
  if (shown[0] == '\0') {
    const struct box line = {in.x, in.y, bar, in.h};
    in.x += 3 * bar;
    in.w -= 3 * bar;
    pen_text(p, in, hint, STYLE_SMALL);
    p->canvas->ops->round(p->canvas->self, line, 0, COLOUR_GOOD);
    return;
  }
  in.w -= 3 * bar;
  const struct text_ask ask = {.text = shown,
                               .weight = look->weight,
                               .most = SDL_max(12, pixels(p, look->size)),
                               .least = SDL_max(11, pixels(p, look->size * 0.6)),
                               .width = in.w,
                               .height = in.h,
                               .lines = 1,
                               .shorten = true};
  const struct text_layout *l = text_layout(p->stage->texts, &ask);
  p->canvas->ops->text(p->canvas->self, in.x, in.y + (in.h - l->h) / 2, l, -1, COLOUR_INK);
  p->canvas->ops->round(p->canvas->self, (struct box){in.x + l->w + bar, in.y, bar, in.h}, 0, COLOUR_GOOD);
}

/* --- the keyboard --- */

double pen_keys_height(const struct pen *p) {
  const bool portrait = p->canvas->h > p->canvas->w;
  return p->c->keys_hidden || !console_types(p->c) ? 0 : KEYS_ROWS * (portrait ? 12.0 : TOUCH);
}

static const char *key_label(const struct pen *p, char key, char out[64]) {
  const bool letters = p->c->keys == KEYS_LETTERS;
  switch (key) {
  case KEY_BACKSPACE: return "←";
  case KEY_TURN: return letters ? "123" : "ABC";
  case KEY_CLEAR: strings_put(p->stage->strings, p->lang, out, 64, "keys.clear", NULL); return out;
  case ' ': strings_put(p->stage->strings, p->lang, out, 64, "keys.space", NULL); return out;
  default:
    out[0] = key;
    out[1] = '\0';
    return out;
  }
}

/* Each key's target reaches halfway to its neighbours. */
void pen_keys(const struct pen *p, struct box box) {
  char label[64];
  for (int row = 0; row < KEYS_ROWS; row++)
    for (int column = 0; column < KEYS_COLUMNS; column++) {
      const char key = keys_of[p->c->keys][row][column];
      const int x0 = box.x + box.w * column / KEYS_COLUMNS, x1 = box.x + box.w * (column + 1) / KEYS_COLUMNS;
      const int y0 = box.y + box.h * row / KEYS_ROWS, y1 = box.y + box.h * (row + 1) / KEYS_ROWS;
      const struct box whole = {x0, y0, x1 - x0, y1 - y0}, face = inset(p, whole, 0.4);
      pen_card(p, face);
      pen_text(p, inset(p, face, 0.5), key_label(p, key, label), STYLE_LABEL);
      canvas_hit(p->canvas, whole, ACTION_KEY, key);
    }
}

int pen_pager(const struct pen *p, struct box box, int count, int each) {
  const int pages = each > 0 ? (count + each - 1) / each : 1;
  int page = p->c->selected >= 0 && each > 0 ? p->c->selected / each : p->c->page;
  page = SDL_max(0, SDL_min(page, pages - 1));
  if (pages < 2) return 0;
  char label[32];
  snprintf(label, sizeof label, "%d/%d", page + 1, pages);
  const struct box back = cut_left(p, &box, TOUCH), on = cut_right(p, &box, TOUCH);
  pen_button(p, back, "‹", page > 0 ? BUTTON_PLAIN : BUTTON_OFF, ACTION_PAGE, page - 1);
  pen_button(p, on, "›", page + 1 < pages ? BUTTON_PLAIN : BUTTON_OFF, ACTION_PAGE, page + 1);
  pen_text(p, box, label, STYLE_LABEL);
  return page;
}
