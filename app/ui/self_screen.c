/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/self_screen.h"

#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/console_pen.h"
#include "ui/keyboard.h"

void self_screen_open(struct self_screen *s) {
  explicit_bzero(s, sizeof *s);
  s->open = true;
}

void self_screen_close(struct self_screen *s) { explicit_bzero(s, sizeof *s); }

static void begin_anew(struct self_screen *s) {
  explicit_bzero(s->digits, sizeof s->digits);
  explicit_bzero(&s->answer, sizeof s->answer);
  s->state = SELF_STATE_TYPING;
}

bool self_screen_key(struct self_screen *s, char key) {
  size_t n = strlen(s->digits);
  if (s->state == SELF_STATE_ASKING) return false;
  if (key == KEY_CLEAR || s->state == SELF_STATE_CHOOSING) {
    begin_anew(s);
    return true;
  }
  if (s->state == SELF_STATE_SAID) s->state = SELF_STATE_TYPING; /* the number stays: it may be one digit that was wrong */
  if (key == KEY_BACKSPACE && n > 0)
    s->digits[n - 1] = '\0';
  else if (key >= '0' && key <= '9' && n < SELF_DIGITS_MOST)
    s->digits[n] = key;
  return true;
}

bool self_screen_ready(const struct self_screen *s) {
  return strlen(s->digits) >= SELF_DIGITS_LEAST && (s->state == SELF_STATE_TYPING || s->state == SELF_STATE_SAID);
}

void self_screen_answer(struct self_screen *s, const struct self_answer *answer) {
  s->answer = *answer;
  s->state = answer->result == SELF_FOUND ? SELF_STATE_CHOOSING : SELF_STATE_SAID;
}

void self_screen_group(const char *digits, char *out, size_t size) {
  size_t at = 0;
  for (size_t i = 0; digits[i] != '\0' && at + 2 < size; i++) {
    if (i > 0 && (digits[0] == '1' ? i % 4 == 3 : i % 4 == 0)) out[at++] = ' ';
    out[at++] = digits[i];
  }
  out[at] = '\0';
}

/* --- drawing --- */

static void keypad(const struct pen *p, struct box box) {
  static const char keys[4][4] = {"123", "456", "789",
                                  "\x7F"
                                  "0\b"};
  char label[64];
  for (int row = 0; row < 4; row++)
    for (int column = 0; column < 3; column++) {
      const char key = keys[row][column];
      const struct box at = part_of(p, part_of(p, box, row, 4, false), column, 3, true);
      if (key == KEY_CLEAR)
        WORDS(p, label, "keys.clear");
      else
        snprintf(label, sizeof label, "%s", key == KEY_BACKSPACE ? "←" : (char[]){key, '\0'});
      pen_button(p, at, label, BUTTON_PLAIN, ACTION_SELF_KEY, key);
    }
}

static void number(const struct pen *p, struct box box, const struct self_screen *s) {
  char shown[2 * SELF_DIGITS_MOST];
  self_screen_group(s->digits, shown, sizeof shown);
  pen_card(p, box);
  if (shown[0] != '\0')
    pen_text(p, inset(p, box, 2.4), shown, STYLE_NUMBER);
  else {
    char hint[TEXT_MAX];
    WORDS(p, hint, "self.hint");
    pen_text_in(p, inset(p, box, 2.4), hint, STYLE_BODY, COLOUR_SOFT);
  }
  explicit_bzero(shown, sizeof shown);
}

/* What to know while typing, or why it came to nothing and who helps. */
static void words(const struct pen *p, struct box box, const struct self_screen *s) {
  static const char *const why[] = {[SELF_FOUND] = "self.privacy",
                                    [SELF_NOBODY] = "self.nobody",
                                    [SELF_WAIT] = "self.wait",
                                    [SELF_OFF] = "self.failed",
                                    [SELF_FAILED] = "self.failed"};
  char text[ROW_MAX], seconds[24], asked[TEXT_MAX];
  const char *help = p->event != NULL ? words_text(&p->event->help, p->lang) : "";
  const bool said = s->state == SELF_STATE_SAID;
  snprintf(seconds, sizeof seconds, "%lld", (long long)(s->answer.wait_ms + 999) / 1000);
  WORDS(p, text, s->state == SELF_STATE_ASKING ? "self.asking" : said ? why[s->answer.result] : "self.privacy", seconds);
  const double row = SDL_min(units(p, box.h) / 2, 9); /* right under the number that they are about */
  if (!said) {
    pen_text_in(p, cut_top(p, &box, row), text, STYLE_BODY, COLOUR_SOFT);
    return;
  }
  WORDS(p, asked, "idle.sub");
  pen_text(p, cut_top(p, &box, row), text, STYLE_NAME);
  if (s->answer.result != SELF_WAIT) pen_text(p, cut_top(p, &box, row), help[0] != '\0' ? help : asked, STYLE_BODY);
}

static void typing(const struct pen *p, struct box box, const struct self_screen *s) {
  char label[TEXT_MAX];
  const bool portrait = p->canvas->h > p->canvas->w, asking = s->state == SELF_STATE_ASKING;
  struct box left = box, keys;
  if (portrait) {
    keys = cut_bottom(p, &left, SDL_min(units(p, box.h) * 0.55, 80));
  } else {
    keys = cut_right(p, &left, units(p, box.w) * 0.42);
    cut_right(p, &left, 2);
  }
  number(p, cut_top(p, &left, 13), s);
  struct box buttons = cut_bottom(p, &left, 12);
  WORDS(p, label, "self.back");
  pen_button(p, cut_left(p, &buttons, units(p, buttons.w) * 0.36), label, BUTTON_PLAIN, ACTION_SELF_BACK, 0);
  WORDS(p, label, "self.find");
  pen_button(p, buttons, label, self_screen_ready(s) && !asking ? BUTTON_MAIN : BUTTON_OFF, ACTION_SELF_FIND, 0);
  words(p, left, s);
  keypad(p, keys);
}

static void choosing(const struct pen *p, struct box box, const struct self_screen *s) {
  char label[TEXT_MAX * 2];
  const int count = s->answer.count;
  const double no = 12, room = units(p, box.h) - no - GAP, most = count > 1 ? 18 : 26,
               height = SDL_min(room / SDL_max(count, 1) - GAP, most), free = room - count * (height + GAP);
  if (free > 1) cut_top(p, &box, free / 2);
  for (int i = 0; i < count; i++) {
    const struct box row = cut_top(p, &box, height);
    const char *type = pen_type(p, s->answer.person[i].type);
    snprintf(label, sizeof label, "%s%s%s", s->answer.person[i].name, type[0] != '\0' ? "  ·  " : "", type);
    pen_button(p, row, "", BUTTON_MAIN, ACTION_SELF_CHOOSE, i);
    pen_text_in(p, inset(p, row, 3), label, STYLE_NUMBER, COLOUR_GROUND);
  }
  WORDS(p, label, count > 1 ? "self.none" : "self.no");
  pen_button(p, cut_top(p, &box, no), label, BUTTON_PLAIN, ACTION_SELF_KEY, KEY_CLEAR);
}

void self_screen_draw(const struct stage *stage, struct canvas *canvas, const struct view *view) {
  const struct self_screen *s = view->self;
  const struct catalog *c = view->catalog;
  const bool there = c != NULL && view->station >= 0 && view->station < c->stations;
  const struct pen p = {.stage = stage,
                        .canvas = canvas,
                        .v = view,
                        .event = there ? &c->event[c->station[view->station].event] : NULL,
                        .lang = view->lang[0],
                        .u = SDL_min(canvas->w, canvas->h) / 100.0};
  char title[TEXT_MAX];
  struct box box = screen_safe_area(stage->theme, canvas->w, canvas->h);
  canvas->ops->clear(canvas->self, COLOUR_GROUND);
  WORDS(&p, title, s->state == SELF_STATE_CHOOSING ? s->answer.count > 1 ? "self.which" : "self.you" : "self.title");
  pen_text(&p, cut_top(&p, &box, 12), title, STYLE_TITLE);
  if (s->state == SELF_STATE_CHOOSING)
    choosing(&p, box, s);
  else
    typing(&p, box, s);
}
