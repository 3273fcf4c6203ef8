/* SPDX-License-Identifier: Apache-2.0
 * What is round each tab: who works here, the scans that go on, faults, and the tabs.
 */
#include "ui/console_draw.h"

#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#define MARGIN 2.0

static const struct tab {
  const char *key;
  void (*draw)(const struct pen *p, struct box box);
} tabs[TAB_COUNT] = {[TAB_SEARCH] = {"tab.search", draw_search},
                     [TAB_RECENT] = {"tab.recent", draw_recent},
                     [TAB_TODAY] = {"tab.today", draw_today},
                     [TAB_HEALTH] = {"tab.health", draw_health},
                     [TAB_SETTINGS] = {"tab.settings", draw_settings}};

static const struct sheet {
  const char *title;
  void (*draw)(const struct pen *p, struct box box);
} sheets[SHEET_COUNT] = {[SHEET_PERSON] = {NULL, draw_person}, /* its title is a name */
                         [SHEET_UNDO] = {"undo.title", draw_undo},
                         [SHEET_NAME] = {"name.title", draw_name},
                         [SHEET_WALKIN] = {"walkin.title", draw_walkin},
                         [SHEET_OPENING] = {"opening.title", draw_opening},
                         [SHEET_PASS] = {"pass.title", draw_pass},
                         [SHEET_HANDOVER] = {"handover.title", draw_handover},
                         [SHEET_STATION] = {"station.title", draw_stations},
                         [SHEET_GROUP] = {"groups.title", draw_groups},
                         [SHEET_CLOCK] = {"clock.title", draw_clock},
                         [SHEET_WITHDRAW] = {"withdraw.title", draw_withdraw},
                         [SHEET_EXPORT] = {"export.title", draw_export},
                         [SHEET_PHONE] = {"phone.title", draw_phone},
                         [SHEET_HUB] = {"hub.title", draw_hub},
                         [SHEET_SHUTDOWN] = {"shutdown.title", draw_shutdown},
                         [SHEET_PIN] = {"pin.title", draw_pin},
                         [SHEET_MEETUP] = {"meetup.title", draw_meetup}};

struct box console_safe_area(int w, int h) {
  const int m = (int)(MARGIN * SDL_min(w, h) / 100);
  return (struct box){m, m, w - 2 * m, h - 2 * m};
}

static void operator_box(const struct pen *p, struct box box) {
  char role[TEXT_MAX], clock[64], line[ROW_MAX];
  pen_time(p, p->v->now.wall_ms, clock, sizeof clock);
  WORDS(p, role,
        p->c->locked     ? "console.locked"
        : p->c->who.pin  ? "console.pin"
        : p->c->who.lead ? "console.lead"
                         : "console.desk");
  const bool named = p->c->who.name[0] != '\0';
  snprintf(line, sizeof line, "%s%s%s", named ? role : "", named && clock[0] != '\0' ? " · " : "", clock);
  const struct box name = part_of(p, box, 0, 2, false), below = part_of(p, box, 1, 2, false);
  pen_text(p, name, named ? p->c->who.name : role, STYLE_NAME);
  pen_text(p, below, line, STYLE_SMALL);
}

/* As a guest would have read it, with the shape that it had. */
static void scan_box(const struct pen *p, struct box box) {
  static struct view v; /* large */
  static struct page page;
  char clock[64], line[ROW_MAX];
  pen_card(p, box);
  struct box in = inset(p, box, 1.2);
  if (!p->v->scanned) {
    WORDS(p, line, "console.nobody");
    pen_text(p, in, line, STYLE_SMALL);
    return;
  }
  v = *p->v;
  v.screen = SCREEN_VERDICT;
  v.lang[0] = p->lang;
  v.langs = 1;
  page_fill(p->stage, &v, &page);
  pen_time(p, v.notice.at.wall_ms, clock, sizeof clock);
  const struct saying *say = &page.say[0];
  const bool named = say->big[0] != '\0';
  snprintf(line, sizeof line, "%s%s%s", clock, named && say->head[0] != '\0' ? " · " : "", named ? say->head : "");
  const struct box shape = cut_left(p, &in, units(p, in.h));
  const enum colour tint = page.tint == COLOUR_GROUND ? COLOUR_GOOD : page.tint; /* one that stood on its own paper */
  p->canvas->ops->shape(p->canvas->self, shape, page.shape, tint);
  const struct box above = part_of(p, in, 0, 2, false), below = part_of(p, in, 1, 2, false);
  pen_text(p, above, named ? say->big : say->head, STYLE_NAME);
  pen_text(p, below, line, STYLE_SMALL);
  explicit_bzero(&v, sizeof v);
  explicit_bzero(&page, sizeof page);
}

/* The worst of what is wrong; NULL: nothing. */
static const char *fault_key(const struct view *v) {
  static const char *const faults[] = {[DESK_FAULT_PACK] = "fault.pack.big",
                                       [DESK_FAULT_DISK_FULL] = "fault.disk_full.big",
                                       [DESK_FAULT_DISK_ERROR] = "fault.disk_error.big",
                                       [DESK_FAULT_READ_ONLY] = "fault.read_only.big"};
  if (v->desk_known && v->desk.fault != DESK_FAULT_NONE) return faults[v->desk.fault];
  if (v->watch_known && v->watch.sandbox_refused) return "fault.sandbox.big";
  if (v->watch_known && v->watch.decoder_fails) return "health.decoder";
  if (v->watch_known && v->watch.camera == WATCH_CAMERA_LOST) return "health.camera.lost";
  if (v->reader_known && !v->reader_present) return "health.reader.missing";
  if (v->desk_known && v->desk.stick > STICK_WRITTEN) return words_stick(v->desk.stick);
  return v->desk_known ? words_machine(&v->desk.machine) : NULL;
}

static void fault_box(const struct pen *p, struct box box, const char *key) {
  char words[TEXT_MAX];
  WORDS(p, words, key);
  p->canvas->ops->round(p->canvas->self, box, pixels(p, 1.4), COLOUR_CARE);
  struct box in = inset(p, box, 0.7);
  const struct box sign = inset(p, cut_left(p, &in, units(p, in.h) * 0.7), 0.6);
  p->canvas->ops->round(p->canvas->self, in, pixels(p, 1), COLOUR_CARD);
  p->canvas->ops->shape(p->canvas->self, sign, SHAPE_HEXAGON, COLOUR_CARD);
  pen_text(p, inset(p, in, 1), words, STYLE_LABEL);
}

static void strip(const struct pen *p, struct box box) {
  const char *const key = fault_key(p->v);
  if (key != NULL) {
    const bool wide = units(p, box.w) > 100;
    fault_box(p, cut_right(p, &box, units(p, box.w) * (wide ? 0.4 : 0.55)), key);
  }
  scan_box(p, box);
}

static void tab_row(const struct pen *p, struct box box, bool across) {
  char label[TEXT_MAX];
  for (int i = 0; i < TAB_COUNT; i++) {
    const struct box b = part_of(p, box, i, TAB_COUNT, across);
    const bool here = p->c->tab == (enum console_tab)i;
    WORDS(p, label, tabs[i].key);
    pen_button(p, b, label, here ? BUTTON_MAIN : BUTTON_PLAIN, ACTION_TAB, i);
    if (i != TAB_HEALTH || fault_key(p->v) == NULL || here) continue;
    const int side = pixels(p, 2.2), off = pixels(p, 0.8);
    p->canvas->ops->shape(p->canvas->self, (struct box){b.x + b.w - side - off, b.y + off, side, side}, SHAPE_SQUARE,
                          COLOUR_CARE);
  }
}

/* What it is, and the way back. */
static void sheet(const struct pen *p, struct box box) {
  char title[TEXT_MAX], back[64];
  struct box head = cut_top(p, &box, TOUCH);
  WORDS(p, back, "console.back");
  if (!p->c->locked) pen_button(p, cut_left(p, &head, 16), back, BUTTON_PLAIN, ACTION_BACK, 0);
  const struct sheet *s = &sheets[p->c->sheet];
  if (s->title != NULL) WORDS(p, title, s->title);
  head.x += pixels(p, GAP);
  head.w -= pixels(p, GAP);
  pen_text(p, head, s->title != NULL ? title : p->c->person.name, s->title != NULL ? STYLE_TITLE : STYLE_BIG);
  s->draw(p, box);
}

static void body(const struct pen *p, struct box box) {
  const double keys = pen_keys_height(p);
  if (keys > 0) pen_keys(p, cut_bottom(p, &box, keys));
  if (p->c->sheet != SHEET_NONE)
    sheet(p, box);
  else
    tabs[p->c->tab].draw(p, box);
}

void console_draw(const struct stage *stage, struct canvas *canvas, const struct view *view) {
  const bool portrait = canvas->h > canvas->w;
  const struct pen pen = {.stage = stage,
                          .canvas = canvas,
                          .v = view,
                          .c = view->console,
                          .event = console_event(view),
                          .lang = view->console->kept.lang,
                          .u = SDL_min(canvas->w, canvas->h) / 100.0},
                   *p = &pen;
  canvas->ops->clear(canvas->self, COLOUR_GROUND);
  struct box rest = console_safe_area(canvas->w, canvas->h), top = cut_top(p, &rest, TOUCH);
  char close[64];
  WORDS(p, close, "console.close");
  pen_button(p, cut_right(p, &top, 20), close, BUTTON_PLAIN, ACTION_CLOSE, 0);
  operator_box(p, portrait ? top : cut_left(p, &top, 26));
  strip(p, portrait ? cut_top(p, &rest, TOUCH) : top);
  if (!p->c->locked) tab_row(p, portrait ? cut_top(p, &rest, TOUCH) : cut_left(p, &rest, 18), portrait);
  body(p, rest);
}

/* Where guests' screens have the event, which isn't there yet. */
void console_offer(const struct stage *stage, struct canvas *canvas, const struct view *view, struct box header) {
  const struct pen p = {
      .stage = stage, .canvas = canvas, .v = view, .lang = view->lang[0], .u = SDL_min(canvas->w, canvas->h) / 100.0};
  char label[TEXT_MAX];
  WORDS(&p, label, "meetup.button");
  header.h = SDL_max(header.h, pixels(&p, TOUCH));
  pen_button(&p, cut_right(&p, &header, 60), label, BUTTON_PLAIN, ACTION_MEETUP, 0);
}
