/* SPDX-License-Identifier: Apache-2.0
 * What has happened: the last records, each of which can be taken back, and the day in numbers.
 */
#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/console_draw.h"

#define ROW 10.4

/* --- records --- */

static enum shape record_shape(const struct staff_record *r) {
  if (r->undone) return SHAPE_DISC;
  if (r->verdict == VERDICT_ADMIT) return SHAPE_TICK;
  return r->verdict == VERDICT_AGAIN ? SHAPE_DISCS : r->verdict == VERDICT_FAULT ? SHAPE_HEXAGON : SHAPE_MARK;
}

static void record_words(const struct pen *p, const struct staff_record *r, char *out, size_t size) {
  static const char *const bys[BY_COUNT] = {"by.camera", "by.reader", "by.tap", "by.hand", "by.phone", "by.paper"};
  char key[40], text[TEXT_MAX], n[24];
  pen_time(p, r->at.wall_ms, out, size);
  snprintf(key, sizeof key, "record.%s", verdict_name(r->verdict));
  WORDS(p, text, r->undone ? "record.undone" : key);
  words_join(out, size, text);
  snprintf(n, sizeof n, "%d", (int)r->count);
  if (r->count > 1) {
    WORDS(p, text, "party", n);
    words_join(out, size, text);
  }
  WORDS(p, text, bys[r->by]);
  words_join(out, size, text);
  words_join(out, size, r->operator_name);
}

static void record_row(const struct pen *p, struct box box, int i) {
  const struct staff_record *r = &p->c->recent.record[i];
  const bool can_undo = r->verdict == VERDICT_ADMIT && !r->undone;
  char line[ROW_MAX], name[TEXT_MAX];
  if (p->c->selected == i) p->canvas->ops->round(p->canvas->self, box, pixels(p, 1.4), COLOUR_GOOD);
  const struct box card = inset(p, box, p->c->selected == i ? 0.5 : 0);
  pen_card(p, card);
  if (r->number[0] != '\0' || can_undo) canvas_hit(p->canvas, box, ACTION_ROW, i);
  struct box in = card;
  if (can_undo) {
    WORDS(p, line, "recent.undo");
    pen_button_in(p, cut_right(p, &in, 18), line, BUTTON_PLAIN, ACTION_UNDO, i);
  }
  in = inset(p, in, 0.8);
  const struct box shape = cut_left(p, &in, units(p, in.h));
  p->canvas->ops->shape(p->canvas->self, inset(p, shape, 1.2), record_shape(r),
                        r->undone                                                    ? COLOUR_SOFT
                        : r->verdict == VERDICT_ADMIT || r->verdict == VERDICT_AGAIN ? COLOUR_GOOD
                                                                                     : COLOUR_CARE);
  record_words(p, r, line, sizeof line);
  WORDS(p, name, "recent.nameless");
  pen_text(p, cut_bottom(p, &in, 3), line, STYLE_SMALL);
  pen_text_in(p, in, r->name[0] != '\0' ? r->name : name, STYLE_NAME,
              r->undone || r->name[0] == '\0' ? COLOUR_SOFT : COLOUR_INK);
}

void draw_recent(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  struct box top = cut_top(p, &box, TOUCH);
  const struct box pager = cut_right(p, &top, 32);
  const bool wide = units(p, top.w) >= 90;
  struct box turns = wide ? cut_right(p, &top, 34) : cut_bottom(p, &box, TOUCH);
  const int columns = units(p, box.w) >= 100 ? 2 : 1, count = p->c->recent.count;
  const int rows = SDL_max(1, (int)((units(p, box.h) + GAP) / (ROW + GAP))), each = rows * columns;
  WORDS(p, words, count > 0 ? "recent.title" : "recent.none");
  pen_text(p, top, words, STYLE_BODY);
  const int page = pen_pager(p, pager, count, each);
  WORDS(p, words, "recent.older");
  pen_button(p, part_of(p, turns, 1, 2, true), words, p->c->recent.older > 0 ? BUTTON_PLAIN : BUTTON_OFF, ACTION_OLDER, 1);
  WORDS(p, words, "recent.newest");
  pen_button(p, part_of(p, turns, 0, 2, true), words, p->c->before > 0 ? BUTTON_PLAIN : BUTTON_OFF, ACTION_OLDER, 0);
  for (int k = 0; k < each && page * each + k < count; k++) {
    const struct box column = part_of(p, box, k / rows, columns, true);
    record_row(p, (struct box){column.x, column.y + (k % rows) * pixels(p, ROW + GAP), column.w, pixels(p, ROW)},
               page * each + k);
  }
}

/* --- the day --- */

static void number_box(const struct pen *p, struct box box, const char *key, int64_t n) {
  char words[TEXT_MAX], digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)n);
  WORDS(p, words, key);
  pen_card(p, box);
  struct box in = inset(p, box, 1.2);
  pen_text(p, cut_bottom(p, &in, 3.4), words, STYLE_SMALL);
  pen_text(p, in, digits, STYLE_NUMBER);
}

/* From the first hour with somebody to the last one, eight at least. */
static void hours_of(const struct staff_today *t, int *from, int *to) {
  *from = STAFF_HOURS, *to = 0;
  for (int h = 0; h < STAFF_HOURS; h++) {
    if (t->hour[h] == 0) continue;
    *from = SDL_min(*from, h);
    *to = SDL_max(*to, h + 1);
  }
  if (*from > *to) *from = 8, *to = 16;
  while (*to - *from < 8) {
    if (*to < STAFF_HOURS) (*to)++;
    if (*to - *from < 8 && *from > 0) (*from)--;
  }
}

static void chart(const struct pen *p, struct box box, const struct staff_today *t) {
  int from, to, most = 1;
  char label[24];
  pen_card(p, box);
  const struct box in = inset(p, box, 1.4);
  hours_of(t, &from, &to);
  for (int h = from; h < to; h++) most = SDL_max(most, t->hour[h]);
  for (int h = from; h < to; h++) {
    const int x0 = in.x + in.w * (h - from) / (to - from), x1 = in.x + in.w * (h + 1 - from) / (to - from);
    struct box column = {x0, in.y, x1 - x0 - pixels(p, 0.6), in.h};
    const bool crowded = to - from > 14; /* every other hour is named */
    snprintf(label, sizeof label, "%d", h);
    const struct box below = cut_bottom(p, &column, 3);
    if (!crowded || h % 2 == 0) pen_text(p, below, label, STYLE_TINY);
    if (t->hour[h] == 0) continue;
    const struct box above = cut_top(p, &column, 3);
    const int high = SDL_max(2, (int)((int64_t)column.h * t->hour[h] / most));
    snprintf(label, sizeof label, "%d", (int)t->hour[h]);
    pen_text_in(p, (struct box){above.x, column.y + column.h - high - above.h - pixels(p, 0.4), above.w, above.h}, label,
                STYLE_TINY, COLOUR_INK);
    p->canvas->ops->round(p->canvas->self, (struct box){column.x, column.y + column.h - high, column.w, high}, pixels(p, 0.5),
                          COLOUR_GOOD);
  }
}

static void line_of(const struct pen *p, struct box *box, const char *label, int64_t n) {
  char digits[24];
  if (units(p, box->h) < 4.4 || n == 0) return;
  struct box row = cut_top(p, box, 4.4);
  snprintf(digits, sizeof digits, "%lld", (long long)n);
  pen_text(p, cut_right(p, &row, 12), digits, STYLE_VALUE);
  pen_text_in(p, row, label, STYLE_SMALL, COLOUR_INK);
}

static void parts(const struct pen *p, struct box box, const struct staff_today *t) {
  const struct catalog *c = p->v->catalog;
  char words[TEXT_MAX];
  pen_card(p, box);
  struct box in = inset(p, box, 1.4);
  for (int i = 0; c != NULL && i < c->types; i++) line_of(p, &in, pen_type(p, i), t->type[i]);
  WORDS(p, words, "today.no_type");
  line_of(p, &in, words, t->none);
  for (int i = 0; c != NULL && i < c->stations; i++)
    if (i != p->v->station) line_of(p, &in, words_text(&c->station[i].label, p->lang), t->station[i]);
}

static void attentions(const struct pen *p, struct box box, const struct staff_today *t) {
  char words[TEXT_MAX], clock[64];
  pen_card(p, box);
  struct box in = inset(p, box, 1.4);
  WORDS(p, words, t->attentions > 0 ? "today.attention" : "today.attention.none");
  pen_text(p, cut_top(p, &in, 4), words, STYLE_SMALL);
  for (int i = 0; i < t->attentions && units(p, in.h) >= 7; i++) {
    const struct staff_person *who = &t->attention[i];
    struct box row = cut_top(p, &in, 7);
    pen_time(p, who->since_ms, clock, sizeof clock);
    pen_text(p, cut_right(p, &row, 10), clock, STYLE_VALUE);
    const struct box tag = cut_right(p, &row, 11);
    pen_text(p, tag, pen_care(p, who->attention), STYLE_SMALL);
    pen_text(p, row, who->name, STYLE_BODY);
  }
}

void draw_today(const struct pen *p, struct box box) {
  const struct staff_today *t = &p->c->today.today;
  const bool wide = units(p, box.w) >= 100;
  char words[TEXT_MAX];
  struct box top = cut_top(p, &box, 12);
  WORDS(p, words, "handover.button");
  pen_button(p, wide ? cut_right(p, &top, 22) : cut_bottom(p, &box, TOUCH), words, BUTTON_MAIN, ACTION_SHEET, SHEET_HANDOVER);
  number_box(p, part_of(p, top, 0, 4, true), "today.people", t->people);
  number_box(p, part_of(p, top, 1, 4, true), "today.by_hand", t->by_hand);
  number_box(p, part_of(p, top, 2, 4, true), "today.refused", t->refused);
  number_box(p, part_of(p, top, 3, 4, true), "today.undone", t->undone);
  if (p->c->today.more < 0 || p->c->today.serial == 0) {
    WORDS(p, words, "search.waits");
    pen_text(p, cut_bottom(p, &box, 4), words, STYLE_SMALL);
  }
  struct box right = wide ? cut_right(p, &box, units(p, box.w) * 0.42) : cut_bottom(p, &box, units(p, box.h) * 0.55);
  chart(p, box, t);
  attentions(p, cut_bottom(p, &right, units(p, right.h) * 0.5), t);
  parts(p, right, t);
}

void draw_handover(const struct pen *p, struct box box) {
  char words[ROW_MAX], people[24], refused[24], unsent[24];
  const struct staff_today *t = &p->c->today.today;
  snprintf(people, sizeof people, "%lld", (long long)t->people);
  snprintf(refused, sizeof refused, "%lld", (long long)t->refused);
  snprintf(unsent, sizeof unsent, "%lld", (long long)p->v->desk.unsent);
  WORDS(p, words, "handover.counts", people, refused, unsent);
  pen_text(p, cut_top(p, &box, 6), words, STYLE_BODY);
  draw_ask(p, cut_top(p, &box, TOUCH), "handover.hint", "handover.do", true);
  pen_said(p, cut_top(p, &box, 8));
}
