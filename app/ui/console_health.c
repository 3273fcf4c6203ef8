/* SPDX-License-Identifier: Apache-2.0
 * How the kiosk is: a light for everything that can be wrong, and the check before a day begins.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/console_draw.h"
#include "ui/console_steps.h"

enum { LINES_MAX = 16 };

struct line {
  enum light light;
  const char *label;
  char value[ROW_MAX];
};

struct lines {
  const struct pen *p;
  int count;
  struct line line[LINES_MAX];
};

static char *add(struct lines *l, const char *label, enum light light) {
  struct line *line = &l->line[l->count++];
  *line = (struct line){.light = light, .label = label};
  return line->value;
}

/* " · " and the key's text. */
static void more(const struct pen *p, char *out, const char *key, const char *with) {
  char text[TEXT_MAX];
  WORDS(p, text, key, with);
  words_join(out, ROW_MAX, text);
}

static void number(char out[24], int64_t n) { snprintf(out, 24, "%lld", (long long)n); }
static void tenths(char out[24], int64_t n) {
  snprintf(out, 24, "%s%lld.%lld", n < 0 ? "-" : "", llabs(n) / 10, llabs(n) % 10);
}

static const char *const cameras[] = {[WATCH_CAMERA_STARTING] = "health.camera.starting",
                                      [WATCH_CAMERA_GOOD] = "health.camera.good",
                                      [WATCH_CAMERA_LOST] = "health.camera.lost",
                                      [WATCH_CAMERA_NONE] = "health.camera.none",
                                      [WATCH_CAMERA_ENDED] = "health.camera.ended"};

static void camera_words(const struct pen *p, char *out) {
  const struct watch_health *w = &p->v->watch;
  char n[24];
  more(p, out, cameras[w->camera], "");
  tenths(n, w->fps_x10);
  if (w->camera == WATCH_CAMERA_GOOD) more(p, out, "console.fps", n);
}

static void watch_lines(struct lines *l) {
  const struct pen *p = l->p;
  const struct watch_health *w = &p->v->watch;
  char n[24];
  if (!p->v->watch_known) return;
  char *out = add(l, "line.camera", console_sees(p->v) || w->sandbox_refused || w->decoder_fails);
  camera_words(p, out);
  if (w->camera == WATCH_CAMERA_LOST) words_join(out, ROW_MAX, w->state);
  out = add(l, "line.decoder", !w->sandbox_refused && !w->decoder_fails);
  if (w->sandbox_refused || w->decoder_fails) more(p, out, w->sandbox_refused ? "health.sandbox" : "health.decoder", "");
  tenths(n, w->read_us / 100);
  if (w->read_us > 0) more(p, out, "line.decoder.ms", n);
  number(n, w->decoded);
  more(p, out, "line.decoder.codes", n);
  number(n, w->killed + w->died);
  more(p, add(l, "line.restarts", w->killed + w->died == 0), "line.restarts.n", n);
  if (w->lost_frames > 0) {
    number(n, w->lost_frames);
    more(p, l->line[l->count - 1].value, "line.lost", n);
  }
}

static void journal_lines(struct lines *l) {
  const struct pen *p = l->p;
  const struct desk_health *d = &p->v->desk;
  char n[24], clock[64];
  const bool writes = d->fault == DESK_FAULT_NONE || d->fault == DESK_FAULT_PACK;
  char *out = add(l, "line.journal", writes);
  more(p, out, writes ? "line.journal.good" : "health.journal.fault", "");
  out = add(l, "line.unsent", !console_unsent_is_old(p->v));
  number(n, d->unsent);
  more(p, out, "health.journal", n);
  pen_time(p, d->oldest_unsent_ms, clock, sizeof clock);
  if (d->unsent > 0 && clock[0] != '\0') more(p, out, "line.oldest", clock);
  if (words_stick(d->stick) != NULL) more(p, out, words_stick(d->stick), "");
  snprintf(n, sizeof n, "%.1f", (double)d->disk_free_mb / 1024);
  more(p, add(l, "line.disk", d->disk_free_mb >= DISK_LEAST_MB), "health.disk", n);
}

/* Where there is one, or ought to be: what staff do about it is show the setup card. */
static void hub_line(struct lines *l) {
  static const char *const words[] = {
      [SYNC_NOT_ENROLLED] = "hub.not_enrolled", [SYNC_CONNECTING] = "hub.connecting", [SYNC_GOOD] = "hub.good",
      [SYNC_WAITING] = "hub.waiting",           [SYNC_REFUSED] = "hub.refused",       [SYNC_OTHER_HUB] = "hub.other"};
  const struct pen *p = l->p;
  const struct desk_health *d = &p->v->desk;
  char clock[64];
  if (d->hub == SYNC_OFF) return;
  char *out = add(l, "line.hub", d->hub == SYNC_GOOD || d->hub == SYNC_CONNECTING);
  more(p, out, words[d->hub], "");
  pen_time(p, d->hub_good_ms, clock, sizeof clock);
  if (d->hub != SYNC_GOOD && d->hub_good_ms > 0 && clock[0] != '\0') more(p, out, "line.hub.last", clock);
}

static void clock_line(struct lines *l) {
  const struct pen *p = l->p;
  const struct desk_health *d = &p->v->desk;
  static const char *const sources[][2] = {
      {"ntp", "clock.ntp"}, {"operator", "clock.operator"}, {"recording", "clock.recording"}, {"hub-tls", "clock.hub"}};
  char clock[64];
  char *out = add(l, "line.clock", d->clock_ok);
  pen_time(p, p->v->now.wall_ms, clock, sizeof clock);
  words_join(out, ROW_MAX, clock);
  if (!d->clock_ok) more(p, out, "health.clock.unsure", "");
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    if (strcmp(d->clock_source, sources[i][0]) == 0) more(p, out, sources[i][1], "");
}

static void heat_line(struct lines *l, const struct machine *m) {
  const bool known = m->temperature_c10 != 0, bad = m->hot || m->slowed == KNOWN_YES;
  char n[24];
  char *out = add(l, "line.heat", bad ? LIGHT_CARE : known ? LIGHT_GOOD : LIGHT_UNKNOWN);
  tenths(n, m->temperature_c10);
  more(l->p, out, known ? "line.heat.c" : "line.unknown", n);
  if (bad) more(l->p, out, m->slowed == KNOWN_YES ? "health.slowed" : "health.hot", "");
}

static void power_line(struct lines *l, const struct machine *m) {
  static const struct {
    enum light light;
    const char *words;
  } is[] = {[KNOWN_NOT] = {LIGHT_UNKNOWN, "line.unknown"},
            [KNOWN_NO] = {LIGHT_GOOD, "line.power.good"},
            [KNOWN_YES] = {LIGHT_CARE, "health.power"}};
  more(l->p, add(l, "line.power", is[m->low_power].light), is[m->low_power].words, "");
}

static void machine_lines(struct lines *l) {
  const struct pen *p = l->p;
  const struct desk_health *d = &p->v->desk;
  const struct catalog *c = p->v->catalog;
  char n[24];
  hub_line(l);
  clock_line(l);
  if (c != NULL) {
    number(n, c->build);
    char *out = add(l, "line.pack", d->pack_checked && d->fault != DESK_FAULT_PACK);
    words_join(out, ROW_MAX, c->name);
    more(p, out, "line.pack.build", n);
    more(p, out,
         d->fault == DESK_FAULT_PACK ? "fault.pack.big"
         : d->pack_checked           ? "line.pack.checked"
                                     : "line.pack.checking",
         "");
  }
  heat_line(l, &d->machine);
  power_line(l, &d->machine);
  words_join(add(l, "line.version", true), ROW_MAX, "yingbin " YINGBIN_VERSION);
}

static void draw_lines(const struct pen *p, struct box box, const struct lines *l) {
  char label[TEXT_MAX];
  const int rows = SDL_max(l->count, 8);
  for (int i = 0; i < l->count; i++) {
    struct box row = part_of(p, box, i, rows, false);
    if (units(p, row.h) > 7) row.h = pixels(p, 7), row.y = box.y + i * pixels(p, 7 + GAP);
    WORDS(p, label, l->line[i].label);
    pen_light(p, cut_left(p, &row, 3), l->line[i].light);
    pen_text(p, cut_left(p, &row, 20), label, STYLE_SMALL);
    pen_text(p, row, l->line[i].value, STYLE_BODY);
  }
}

static void picture(const struct pen *p, struct box box) {
  const struct mirror *m = p->v->mirror;
  if (m == NULL || box.h < 16) return;
  p->canvas->mirror = box;
  p->canvas->ops->mirror(p->canvas->self, box, m);
}

void draw_health(const struct pen *p, struct box box) {
  struct lines l = {.p = p};
  const bool wide = units(p, box.w) >= 100;
  char words[TEXT_MAX];
  watch_lines(&l);
  if (p->v->reader_known)
    more(p, add(&l, "line.reader", p->v->reader_present), p->v->reader_present ? "line.reader.good" : "health.reader.missing",
         "");
  if (p->v->desk_known) journal_lines(&l);
  if (p->v->desk_known) machine_lines(&l);
  struct box side = wide ? cut_right(p, &box, SDL_min(48, units(p, box.w) * 0.34)) : cut_top(p, &box, 36);
  WORDS(p, words, "opening.button");
  if (wide) {
    pen_button(p, cut_bottom(p, &side, TOUCH), words, BUTTON_PLAIN, ACTION_SHEET, SHEET_OPENING);
    picture(p, cut_top(p, &side, units(p, side.w) * 9 / 16));
  } else {
    struct box right = side;
    picture(p, cut_left(p, &right, 64));
    pen_button(p, cut_bottom(p, &right, 12), words, BUTTON_PLAIN, ACTION_SHEET, SHEET_OPENING);
  }
  draw_lines(p, box, &l);
}

/* --- the opening check --- */

static void check_words(const struct pen *p, enum check check, char out[ROW_MAX]) {
  const struct desk_health *d = &p->v->desk;
  const struct catalog *c = p->v->catalog;
  char n[24], clock[64];
  out[0] = '\0';
  switch (check) {
  case CHECK_STATION:
    if (c != NULL && p->v->station >= 0) words_join(out, ROW_MAX, words_text(&c->station[p->v->station].label, p->lang));
    if (p->v->kiosk != NULL) words_join(out, ROW_MAX, p->v->kiosk);
    break;
  case CHECK_CLOCK:
    pen_date(p, p->v->now.wall_ms, clock, sizeof clock);
    more(p, out, "opening.clock", clock);
    break;
  case CHECK_CAMERA: camera_words(p, out); break;
  case CHECK_SOUND:
    more(p, out,
         p->v->sound == SOUND_NONE  ? "opening.no_speaker"
         : p->v->sound == SOUND_OFF ? "opening.silent"
                                    : "opening.sound",
         "");
    break;
  case CHECK_DISK:
    snprintf(n, sizeof n, "%.1f", (double)d->disk_free_mb / 1024);
    more(p, out, "health.disk", n);
    break;
  case CHECK_PACK:
    if (c != NULL) words_join(out, ROW_MAX, c->name);
    more(p, out, d->pack_checked ? "line.pack.checked" : "line.pack.checking", "");
    break;
  default: number(n, d->unsent); more(p, out, console_unsent_is_old(p->v) ? "opening.old" : "health.journal", n);
  }
}

enum { CHECK_BUTTON = 17 }; /* "Heard it" in one line */

static void check_row(const struct pen *p, struct box box, enum check check) {
  static const struct {
    const char *label, *button;
    int action, arg;
    bool again; /* the button stays when the light is green */
  } checks[CHECK_COUNT] = {[CHECK_STATION] = {"line.station", "opening.change", ACTION_SHEET, SHEET_STATION, true},
                           [CHECK_CLOCK] = {"line.clock", "opening.yes", ACTION_STEP, CHECK_CLOCK, false},
                           [CHECK_CAMERA] = {"line.camera", NULL, 0, 0, false},
                           [CHECK_SOUND] = {"line.sound", "opening.heard", ACTION_STEP, CHECK_SOUND, false},
                           [CHECK_DISK] = {"line.disk", NULL, 0, 0, false},
                           [CHECK_PACK] = {"line.pack", NULL, 0, 0, false},
                           [CHECK_UNSENT] = {"line.unsent", NULL, 0, 0, false}};
  const bool green = console_green(p->c, p->v, check);
  char label[TEXT_MAX], words[ROW_MAX];
  if (checks[check].button != NULL && (!green || checks[check].again)) {
    WORDS(p, label, checks[check].button);
    pen_button(p, cut_right(p, &box, CHECK_BUTTON), label, BUTTON_PLAIN, checks[check].action, checks[check].arg);
  }
  if (!green && (check == CHECK_CLOCK || check == CHECK_SOUND)) {
    WORDS(p, label, check == CHECK_CLOCK ? "opening.no" : "opening.play");
    pen_button(p, cut_right(p, &box, CHECK_BUTTON), label, BUTTON_PLAIN, check == CHECK_CLOCK ? ACTION_SHEET : ACTION_TONE, SHEET_CLOCK);
  }
  pen_light(p, cut_left(p, &box, 3), green);
  WORDS(p, label, checks[check].label);
  check_words(p, check, words);
  pen_text(p, part_of(p, box, 0, 2, false), label, STYLE_SMALL);
  pen_text(p, part_of(p, box, 1, 2, false), words, STYLE_BODY);
}

/* As high as the box, at its left. */
static struct box wide_picture(const struct pen *p, struct box box) { return cut_left(p, &box, units(p, box.h) * 16 / 9); }

void draw_opening(const struct pen *p, struct box box) {
  const bool wide = units(p, box.w) >= 100;
  char label[TEXT_MAX];
  struct box bottom = cut_bottom(p, &box, 12);
  const bool green = console_all_green(p->c, p->v);
  WORDS(p, label, green ? "opening.start" : "opening.anyway");
  pen_button(p, cut_right(p, &bottom, 44), label, green ? BUTTON_MAIN : BUTTON_PLAIN, ACTION_DO, 0);
  pen_said(p, bottom);
  const int columns = wide ? 2 : 1, rows = (CHECK_COUNT + columns - 1) / columns;
  if (wide)
    picture(p, wide_picture(p, part_of(p, part_of(p, box, 1, 2, true), rows - 1, rows, false)));
  else
    picture(p, wide_picture(p, cut_bottom(p, &box, SDL_min(36, units(p, box.h) - rows * (TOUCH + 2 * GAP)))));
  for (int i = 0; i < CHECK_COUNT; i++) {
    const struct box column = part_of(p, box, i % columns, columns, true), whole = part_of(p, column, i / columns, rows, false);
    const int high = SDL_min(whole.h, pixels(p, 12)), step = SDL_min(whole.h + pixels(p, GAP), high + pixels(p, 3 * GAP));
    check_row(p, (struct box){whole.x, column.y + (wide ? whole.y - column.y : i * step), whole.w, high}, (enum check)i);
  }
}

void draw_pass(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  WORDS(p, words, "pass.note");
  pen_text(p, cut_top(p, &box, 5), words, STYLE_SMALL);
  draw_reasons(p, cut_top(p, &box, reasons_height(p, box)), "pass.reason");
  draw_ask(p, cut_top(p, &box, TOUCH), "undo.hint", "opening.start", p->c->field[0] != '\0');
  pen_said(p, cut_top(p, &box, 8));
}
