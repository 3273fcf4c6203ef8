/* SPDX-License-Identifier: Apache-2.0
 * What can be set, and what only a lead may; the console without a card.
 */
#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/console_draw.h"
#include "ui/console_steps.h"

static const char *const langs[LANG_COUNT] = {"简体中文", "繁體中文", "English"};

/* What it is and what it is set to, left of its buttons. */
static void setting(const struct pen *p, struct box box, const char *key, const char *value) {
  char label[TEXT_MAX];
  WORDS(p, label, key);
  if (value[0] == '\0') {
    pen_text(p, box, label, STYLE_BODY);
    return;
  }
  pen_text(p, part_of(p, box, 0, 2, false), label, STYLE_SMALL);
  pen_text(p, part_of(p, box, 1, 2, false), value, STYLE_BODY);
}

static void opens(const struct pen *p, struct box box, const char *key, const char *value, enum console_sheet sheet) {
  const bool allowed = !sheet_kinds[sheet].lead || console_lead(p->c);
  char label[TEXT_MAX];
  WORDS(p, label, !allowed ? "settings.lead" : value[0] != '\0' ? "settings.open" : "settings.go");
  pen_button(p, cut_right(p, &box, 20), label, allowed ? BUTTON_PLAIN : BUTTON_OFF, ACTION_SHEET, sheet);
  setting(p, box, key, value);
}

static void toggles(const struct pen *p, struct box box, const char *key, const char *value, const char *button, int what) {
  char label[TEXT_MAX];
  WORDS(p, label, button);
  pen_button(p, cut_right(p, &box, 20), label, BUTTON_PLAIN, ACTION_SET, what);
  setting(p, box, key, value);
}

static void volume(const struct pen *p, struct box box) {
  char n[24];
  const int v = p->c->kept.volume;
  snprintf(n, sizeof n, "%d / %d", v, (int)VOLUME_MOST);
  pen_button(p, cut_right(p, &box, TOUCH), "+", v < VOLUME_MOST ? BUTTON_PLAIN : BUTTON_OFF, ACTION_SET, SETTING_VOLUME);
  pen_button(p, cut_right(p, &box, TOUCH), "−", v > 0 ? BUTTON_PLAIN : BUTTON_OFF, ACTION_SET_LESS, SETTING_VOLUME);
  setting(p, box, "settings.volume", n);
}

static void full_groups(const struct pen *p, char *out, size_t size) {
  const struct catalog *c = p->v->catalog;
  out[0] = '\0';
  for (int i = 0; c != NULL && i < c->hosts; i++)
    if ((p->v->desk.groups_full & (1u << i)) != 0) words_join(out, size, words_text(&c->host[i].name, p->lang));
}

static void one(const struct pen *p, struct box box, int i) {
  const struct catalog *c = p->v->catalog;
  const bool off = p->c->kept.mirror_off;
  char value[ROW_MAX], clock[64];
  switch (i) {
  case 0:
    opens(p, box, "line.station", c != NULL && p->v->station >= 0 ? words_text(&c->station[p->v->station].label, p->lang) : "",
          SHEET_STATION);
    break;
  case 1:
    full_groups(p, value, sizeof value);
    opens(p, box, "groups.title", value, SHEET_GROUP);
    break;
  case 2:
    WORDS(p, value, off ? "settings.off" : "settings.on");
    toggles(p, box, "settings.mirror", value, off ? "settings.turn_on" : "settings.turn_off", SETTING_MIRROR);
    break;
  case 3: volume(p, box); break;
  case 4: toggles(p, box, "settings.lang", langs[p->lang], "settings.next", SETTING_LANG); break;
  case 5:
    pen_date(p, p->v->now.wall_ms, clock, sizeof clock);
    opens(p, box, "line.clock", clock, SHEET_CLOCK);
    break;
  case 6: opens(p, box, "withdraw.title", "", SHEET_WITHDRAW); break;
  case 7: opens(p, box, "export.title", "", SHEET_EXPORT); break;
  case 8: opens(p, box, "phone.title", "", SHEET_PHONE); break;
  case 9:
    WORDS(p, value, p->v->desk.hub_here ? "settings.on" : "settings.off");
    opens(p, box, "hub.title", value, SHEET_HUB);
    break;
  default: opens(p, box, "shutdown.title", "", SHEET_SHUTDOWN); break;
  }
}

void draw_settings(const struct pen *p, struct box box) {
  const bool wide = units(p, box.w) >= 100;
  enum { SETTINGS = 11 };
  const int rows = wide ? (SETTINGS + 1) / 2 : SETTINGS;
  for (int i = 0; i < SETTINGS; i++) {
    struct box column = wide ? part_of(p, box, i / rows, 2, true) : box;
    const int high = pixels(p, 12), step = SDL_min(high + pixels(p, 2 * GAP), (column.h + pixels(p, GAP)) / rows);
    struct box row = {column.x, column.y + i % rows * step, column.w, SDL_min(high, step - pixels(p, GAP))};
    pen_card(p, row);
    row = inset(p, row, 0.6);
    row.x += pixels(p, 1.4);
    row.w -= pixels(p, 1.4);
    one(p, row, i);
  }
}

/* --- choices --- */

struct choice {
  const char *label, *detail;
  bool on;
};

static void choices(const struct pen *p, struct box box, int count,
                    void (*get)(const struct pen *p, int i, struct choice *out)) {
  const int columns = units(p, box.w) >= 100 ? 2 : 1;
  struct box pager = cut_bottom(p, &box, TOUCH);
  const int rows = SDL_max(1, (int)((units(p, box.h) + GAP) / (TOUCH + 2 + GAP))), each = rows * columns;
  const int page = pen_pager(p, cut_right(p, &pager, 32), count, each);
  pen_said(p, pager);
  for (int k = 0; k < each && page * each + k < count; k++) {
    struct choice choice = {"", "", false};
    const struct box column = part_of(p, box, k / rows, columns, true);
    const struct box row = {column.x, column.y + k % rows * pixels(p, TOUCH + 2 + GAP), column.w, pixels(p, TOUCH + 2)};
    get(p, page * each + k, &choice);
    pen_card(p, row);
    struct box in = inset(p, row, 1.2);
    if (choice.on) {
      const struct box sign = cut_right(p, &in, 7);
      p->canvas->ops->shape(p->canvas->self, inset(p, sign, 0.5), SHAPE_TICK, COLOUR_GOOD);
    }
    if (choice.detail[0] != '\0') pen_text(p, cut_bottom(p, &in, 3), choice.detail, STYLE_SMALL);
    pen_text(p, in, choice.label, STYLE_NAME);
    canvas_hit(p->canvas, row, ACTION_CHOOSE, page * each + k);
  }
}

static void station_choice(const struct pen *p, int i, struct choice *out) {
  const struct station *s = &p->v->catalog->station[i];
  const char *label = words_text(&s->label, p->lang);
  *out = (struct choice){label[0] != '\0' ? label : s->id, words_text(&p->v->catalog->event[s->event].title, p->lang),
                         i == p->v->station};
}

static void group_choice(const struct pen *p, int i, struct choice *out) {
  const struct host *h = &p->v->catalog->host[i];
  const char *name = words_text(&h->name, p->lang);
  *out = (struct choice){name[0] != '\0' ? name : h->id, "", (p->v->desk.groups_full & (1u << i)) != 0};
}

static void card_choice(const struct pen *p, int i, struct choice *out) {
  static char detail[TEXT_MAX];
  const struct staff_person *card = &p->c->cards.person[i];
  WORDS(p, detail, card->confirmed ? "withdraw.known" : "withdraw.void");
  *out = (struct choice){card->name, detail, false};
}

static void stick_choice(const struct pen *p, int i, struct choice *out) {
  *out = (struct choice){p->c->sticks.place[i].path, "", false};
}

void draw_stations(const struct pen *p, struct box box) {
  if (p->v->catalog != NULL) choices(p, box, p->v->catalog->stations, station_choice);
}

void draw_groups(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  WORDS(p, words, "groups.note");
  pen_text(p, cut_top(p, &box, 4), words, STYLE_SMALL);
  if (p->v->catalog != NULL) choices(p, box, p->v->catalog->hosts, group_choice);
}

void draw_export(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  const int count = p->c->sticks.count;
  WORDS(p, words, count > 0 ? "export.choose" : "export.none");
  pen_text(p, cut_top(p, &box, 5), words, STYLE_BODY);
  choices(p, box, count, stick_choice);
}

/* --- words --- */

void draw_clock(const struct pen *p, struct box box) {
  draw_ask(p, cut_top(p, &box, TOUCH), "clock.hint", "clock.do", p->c->field[0] != '\0');
  pen_said(p, cut_top(p, &box, 8));
}

void draw_withdraw(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  WORDS(p, words, "withdraw.note");
  pen_text(p, cut_top(p, &box, 5), words, STYLE_SMALL);
  draw_ask(p, cut_top(p, &box, TOUCH), "withdraw.hint", "withdraw.do", p->c->field[0] != '\0');
  if (p->c->cards.count == 0) {
    WORDS(p, words, "withdraw.none");
    pen_text(p, cut_top(p, &box, 4), words, STYLE_SMALL);
  }
  choices(p, box, p->c->cards.count, card_choice);
}

void draw_hub(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  const bool here = p->v->desk.hub_here;
  WORDS(p, words, here ? "hub.here_note" : "hub.note");
  pen_text(p, cut_top(p, &box, 18), words, STYLE_BODY);
  struct box row = cut_top(p, &box, 12);
  WORDS(p, words, here ? "hub.end" : "hub.do");
  pen_button(p, cut_left(p, &row, 60), words, here ? BUTTON_PLAIN : BUTTON_MAIN, ACTION_DO, 0);
  pen_said(p, cut_top(p, &box, 8));
}

void draw_shutdown(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  WORDS(p, words, "shutdown.note");
  pen_text(p, cut_top(p, &box, 10), words, STYLE_BODY);
  struct box row = cut_top(p, &box, 12);
  WORDS(p, words, "shutdown.do");
  pen_button(p, cut_left(p, &row, 44), words, BUTTON_CARE, ACTION_DO, 0);
  pen_said(p, cut_top(p, &box, 8));
}

void draw_pin(const struct pen *p, struct box box) {
  draw_ask(p, cut_top(p, &box, TOUCH), "pin.hint", "pin.do", p->c->field[0] != '\0');
  pen_said(p, cut_top(p, &box, 8));
}

void draw_meetup(const struct pen *p, struct box box) {
  char hint[TEXT_MAX], words[TEXT_MAX];
  WORDS(p, hint, "meetup.hint");
  pen_field(p, cut_top(p, &box, TOUCH), p->c->field, hint, false);
  WORDS(p, words, "meetup.until");
  pen_text(p, cut_top(p, &box, 4), words, STYLE_SMALL);
  draw_reasons(p, cut_top(p, &box, reasons_height(p, box)), "meetup.hours");
  pen_said(p, cut_top(p, &box, 8));
}
