/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/ui.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/day.h"
#include "ui/ui_state.h"

/* Unfinished: so many frames may leave something out; then all is made, however long it takes. */
enum { UNFINISHED_MOST = 16, STILL_MS = 1000, FRAME_MS = 16, MINUTE_MS = 60000, WEDGE_LEAST = 6, WEDGE_GAP_MS = 60 };

enum {
  MIRROR_STALE_MS = 1000, /* no picture for so long: none is shown */
  HINT_MS = 3000,         /* a code that isn't read for so long: help */
  UNREAD_GAP_MS = 500     /* a hand shakes: it is the same code */
};

static void fit_colours(struct ui_state *s, const struct accents *accents) {
  s->accents = *accents;
  for (int dark = 0; dark < 2; dark++) theme_palette(&s->theme, dark, accents, &s->event_palette[dark]);
}

/* The event's colours, light or dark by what was asked for, by the event's wish or by the hour there. */
static void colours_of_now(struct ui *ui, struct palette *out) {
  struct ui_state *s = ui->state;
  const struct moment now = s->view.now;
  const struct catalog *c = ui->catalog;
  const bool there = c != NULL && ui->station >= 0 && ui->station < c->stations;
  const struct event *event = there ? &c->event[c->station[ui->station].event] : NULL;
  const int hour = event != NULL && now.wall_ms != 0 ? civil_of(&event->zone, now.wall_ms).hour : 12;
  enum theme_choice choice = (enum theme_choice)ui->options.theme;
  if (choice == THEME_AUTO && event != NULL && event->theme != EVENT_THEME_NONE)
    choice = event->theme == EVENT_THEME_DARK ? THEME_DARK : THEME_LIGHT;
  const bool dark = theme_dark_at(&s->theme, choice, hour);
  const struct accents accents = event != NULL ? event->accents : (struct accents){.good = 0};
  if (memcmp(&accents, &s->accents, sizeof accents) != 0) fit_colours(s, &accents);
  *out = s->event_palette[dark];
  out->dim = s->guest.dim;
}

bool ui_open_canvas(struct ui *ui, int w, int h) {
  struct ui_state *s = ui->state;
  colours_of_now(ui, &s->palette);
  return canvas_sdl_open(s->renderer, s->fonts, w, h, &s->palette, &s->canvas);
}

/* Evening falls, or a pack came with colours of its own. */
static void tend_colours(struct ui *ui) {
  struct ui_state *s = ui->state;
  struct palette now;
  colours_of_now(ui, &now);
  if (now.dark == s->palette.dark && now.dim == s->palette.dim && memcmp(now.rgb, s->palette.rgb, sizeof now.rgb) == 0) return;
  s->palette = now;
  canvas_sdl_paint(&s->canvas, &now);
  s->dirty = true;
}

static bool open_window(struct ui *ui, struct problem *problem) {
  struct ui_state *s = ui->state;
  SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* else a software frame goes to the screen through a software GPU */
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  if (SDL_Init(SDL_INIT_VIDEO) != 0)
    return problem_set(problem, "打不开显示：%s。没有屏幕时请设 SDL_VIDEODRIVER=dummy",
                       "can't open the display: %s. Where there is no screen, set SDL_VIDEODRIVER=dummy", SDL_GetError());
  const char *driver = SDL_GetCurrentVideoDriver();
  s->still = strcmp(driver, "dummy") == 0 || strcmp(driver, "offscreen") == 0;
  if (SDL_GetHint(SDL_HINT_RENDER_DRIVER) == NULL) /* on bare KMS, the driver called opengl shows nothing */
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, strcmp(driver, "KMSDRM") == 0 ? "opengles2" : "software");
  const bool full = ui->options.width == 0;
  s->window =
      SDL_CreateWindow("迎宾 yingbin", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, full ? 1280 : ui->options.width,
                       full ? 720 : ui->options.height, full ? SDL_WINDOW_FULLSCREEN_DESKTOP : SDL_WINDOW_RESIZABLE);
  if (s->window != NULL) s->renderer = SDL_CreateRenderer(s->window, -1, 0);
  if (s->renderer == NULL) return problem_set(problem, "打不开窗口：%s", "can't open the window: %s", SDL_GetError());
  SDL_StopTextInput(); /* no input method: a scanner's keys are keys */
  if (full) SDL_ShowCursor(SDL_DISABLE);
  SDL_RendererInfo info;
  s->software = SDL_GetRendererInfo(s->renderer, &info) == 0 && (info.flags & SDL_RENDERER_SOFTWARE) != 0;
  int w = 0, h = 0;
  SDL_GetRendererOutputSize(s->renderer, &w, &h);
  return ui_open_canvas(ui, w, h) || problem_set(problem, "内存不够", "not enough memory");
}

void ui_draw(struct ui *ui, int64_t age_ms) {
  struct ui_state *s = ui->state;
  screen_draw(&s->stage, &s->canvas, &s->view, ui->options.lockstep ? SCREEN_SETTLED_MS : age_ms);
}

static void present(struct ui *ui, int64_t age_ms) {
  struct ui_state *s = ui->state;
  canvas_sdl_limit(&s->canvas, ui->options.lockstep || s->unfinished == UNFINISHED_MOST ? 0 : CANVAS_FRAME_WORK);
  ui_draw(ui, age_ms);
  const bool left_out = canvas_sdl_left_out(&s->canvas);
  canvas_sdl_limit(&s->canvas, 0);
  SDL_RenderPresent(s->renderer);
  s->mirror_dirty = false;
  s->minute = s->view.now.wall_ms / MINUTE_MS;
  const bool moves = !ui->options.lockstep && !s->view.still && (age_ms < SCREEN_SETTLED_MS || s->view.slide_fade > 0);
  s->dirty = left_out || moves;
  s->unfinished = left_out ? s->unfinished + 1 : 0;
  if (!left_out) ui_tell_screen(ui);
}

/* The colour and the drawing first, the rest as it is ready: more than one frame, none of them late. */
static void present_whole(struct ui *ui, int64_t age_ms) {
  do present(ui, age_ms);
  while (ui->state->unfinished > 0);
}

/* Where the window keeps what was drawn, the rest of the screen isn't touched. */
static void present_mirror(struct ui *ui, int64_t age_ms) {
  struct ui_state *s = ui->state;
  s->mirror_dirty = false;
  const struct box b = s->canvas.mirror;
  if (b.w == 0 || s->view.mirror == NULL || s->guest.dim) return;
  if (!s->software) {
    present(ui, age_ms);
    return;
  }
  screen_draw_mirror(&s->canvas, &s->view);
  SDL_RenderFlush(s->renderer);
  SDL_UpdateWindowSurfaceRects(s->window, &(SDL_Rect){b.x, b.y, b.w, b.h}, 1);
}

bool ui_init(struct ui *ui, struct problem *problem) {
  struct ui_state *s = calloc(1, sizeof *s);
  assert(s != NULL && ui->options.langs >= 1 && ui->options.langs <= 2);
  ui->state = s;
  s->fd = -1;
  if (!theme_open(ui->options.themes, &s->theme, problem) || !strings_open(ui->options.strings, &s->strings, problem) ||
      !fonts_open(ui->options.fonts, &s->fonts, problem))
    return false;
  fit_colours(s, &(struct accents){.good = 0});
  s->texts = texts_open(s->fonts);
  s->stage = (struct stage){s->strings, s->texts, &s->theme, NULL};
  wedge_init(&s->wedge, WEDGE_LEAST, WEDGE_GAP_MS);
  s->view = (struct view){.screen = SCREEN_STARTING,
                          .station = -1,
                          .kiosk = ui->kiosk,
                          .lang = {ui->options.lang[0], ui->options.lang[1]},
                          .langs = ui->options.langs,
                          .mirror = ui->mirror != NULL ? &s->mirror : NULL,
                          .still = ui->options.still,
                          .camera_at = ui->options.camera_at};
  s->view.console = &s->console;
  console_init(&s->console, s->strings, ui->options.lang[0]);
  if (!open_window(ui, problem)) return false;
  if (ui->bell != NULL) ui->bell->also = s->fd = ui_input_fd(s->window);
  struct sound_options sound = ui->options.sound;
  sound.on = sound.on && !ui->options.lockstep;
  s->sound = sound_open(&sound);
  present_whole(ui, SCREEN_SETTLED_MS);
  s->dirty = true;
  return true;
}

void ui_fini(struct ui *ui) {
  struct ui_state *s = ui->state;
  if (s == NULL) return;
  if (ui->bell != NULL) ui->bell->also = -1;
  sound_close(s->sound);
  canvas_sdl_close(&s->canvas);
  pictures_close(s->pictures);
  texts_close(s->texts);
  fonts_close(s->fonts);
  strings_close(s->strings);
  if (s->renderer != NULL) SDL_DestroyRenderer(s->renderer);
  if (s->window != NULL) SDL_DestroyWindow(s->window);
  SDL_Quit();
  free(s);
  ui->state = NULL;
}

bool ui_quit(const struct ui *ui) { return ui->state != NULL && ui->state->quit; }

void ui_show_fault(struct ui *ui, const struct problem *problem) {
  ui->state->view.problem = *problem;
  ui->state->view.meetup = ui->offers_meetup;
  ui->state->view.card = ui->takes_card;
  if (ui->state->view.screen == SCREEN_CONSOLE) return; /* staff do something about it */
  ui->state->view.screen = SCREEN_FAULT;
  present_whole(ui, SCREEN_SETTLED_MS);
}

void ui_expect_pictures(struct ui *ui, int logos, int slides) {
  struct ui_state *s = ui->state;
  pictures_close(s->pictures);
  struct picture_room room[PICTURE_KINDS];
  screen_picture_rooms(&s->theme, s->canvas.w, s->canvas.h, room);
  s->stage.pictures = s->pictures = pictures_open(room, logos, slides);
}

void ui_picture(struct ui *ui, const char *name, enum picture_kind kind, const uint8_t *bytes, size_t len) {
  if (ui->state->pictures != NULL) pictures_add(ui->state->pictures, name, kind, bytes, len);
}

void ui_serve(struct ui *ui, const struct catalog *catalog, int16_t station) {
  struct view *v = &ui->state->view;
  ui->catalog = v->catalog = catalog;
  ui->station = v->station = station;
  v->problem = (struct problem){.zh = ""};
  v->meetup = v->card = false;
  if (v->screen == SCREEN_CONSOLE) ui_close_console(ui, v->now); /* the meetup that was asked for */
  v->screen = SCREEN_STARTING;                                   /* until the next step */
}

bool ui_has_staff(const struct ui *ui) { return ui->state->view.screen == SCREEN_CONSOLE; }

bool ui_at_rest(const struct ui *ui) {
  const enum screen screen = ui->state->view.screen;
  return screen == SCREEN_IDLE || screen == SCREEN_FAULT || screen == SCREEN_STARTING;
}

void ui_rest(struct ui *ui) {
  if (!ui->state) return;
  struct view *v = &ui->state->view;
  if (v->screen == SCREEN_CONSOLE) ui_close_console(ui, v->now);
  ui->catalog = v->catalog = NULL;
  v->screen = SCREEN_STARTING;
}

void ui_prompt(struct ui *ui, enum tone tone, const uint8_t *wav, size_t len) {
  struct problem problem;
  if (!sound_prompt(ui->state->sound, tone, wav, len, &problem)) log_warn("%s.wav: %s", tone_name(tone), problem.en);
}

void ui_tell_reader(struct ui *ui, bool present) {
  struct view *v = &ui->state->view;
  if (!v->reader_known || v->reader_present != present) ui->state->dirty = true;
  v->reader_known = true;
  v->reader_present = present;
}

/* Idle, or what keeps the kiosk from its work. */
void ui_go_home(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  const bool ill = s->view.problem.zh[0] != '\0' || (s->view.desk_known && s->view.desk.fault != DESK_FAULT_NONE) ||
                   (s->view.watch_known && s->view.watch.sandbox_refused);
  guest_leave(ui, now);
  s->view.screen = ill                   ? SCREEN_FAULT
                   : s->self.open        ? SCREEN_SELF /* a number that is half typed */
                   : ui->catalog != NULL ? SCREEN_IDLE
                                         : SCREEN_STARTING;
  s->entered_ms = now.mono_ms - SCREEN_SETTLED_MS;
  s->unread = s->view.hint = false; /* the next person */
  s->dirty = true;
}

/* What nothing but time, a hand or a scan takes away. */
static bool holds(const struct view *v) { return v->screen == SCREEN_VERDICT || v->screen == SCREEN_CONSOLE; }

/* By the hour of the place where the kiosk stands. */
static const struct zone *zone_of(const struct ui *ui) {
  const bool there = ui->catalog != NULL && ui->station >= 0 && ui->station < ui->catalog->stations;
  return there ? &ui->catalog->event[ui->catalog->station[ui->station].event].zone : NULL;
}

void ui_play(struct ui *ui, enum tone tone, struct moment now) { sound_play(ui->state->sound, tone, zone_of(ui), now); }

static void take_sound(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  const enum sound_state state = sound_state(s->sound);
  const int volume = sound_volume(s->sound, zone_of(ui), now);
  if (s->view.screen == SCREEN_CONSOLE && (state != s->view.sound || volume != s->view.volume)) s->dirty = true;
  s->view.sound = state;
  s->view.volume = volume;
}

static bool same_machine(const struct machine *a, const struct machine *b) {
  return a->temperature_c10 / 10 == b->temperature_c10 / 10 && a->hot == b->hot && a->slowed == b->slowed &&
         a->low_power == b->low_power;
}

static bool same_desk(const struct desk_health *a, const struct desk_health *b) {
  return a->fault == b->fault && a->people == b->people && a->people_today == b->people_today &&
         a->elsewhere_today == b->elsewhere_today && a->hub == b->hub && a->hub_here == b->hub_here && a->stick == b->stick &&
         a->phones == b->phones && a->pack_checked == b->pack_checked && a->disk_free_mb / 128 == b->disk_free_mb / 128 &&
         a->clock_ok == b->clock_ok && a->unsent == b->unsent && a->opened == b->opened && a->groups_full == b->groups_full &&
         same_machine(&a->machine, &b->machine);
}

static void take_health(struct ui *ui, const struct desk_health *health, struct moment now) {
  struct view *v = &ui->state->view;
  if (!v->desk_known || !same_desk(&v->desk, health)) ui->state->dirty = true;
  const bool turned = !v->desk_known || (v->desk.fault == DESK_FAULT_NONE) != (health->fault == DESK_FAULT_NONE);
  v->desk = *health;
  v->desk_known = true;
  if (turned && health->fault != DESK_FAULT_NONE) ui_play(ui, TONE_FAULT, now);
  if (turned && !holds(v)) ui_go_home(ui, now);
}

static void take_watch(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  struct watch_health health;
  if (ui->watch_health == NULL || !latest_get(ui->watch_health, &health, &s->watch_seen)) return;
  struct view *v = &s->view;
  const bool changed = !v->watch_known || v->watch.camera != health.camera ||
                       v->watch.sandbox_refused != health.sandbox_refused || v->watch.decoder_fails != health.decoder_fails;
  s->dirty = s->dirty || v->watch.killed + v->watch.died != health.killed + health.died;
  s->dirty = s->dirty || (v->screen == SCREEN_CONSOLE && v->watch.fps_x10 != health.fps_x10);
  v->watch = health;
  v->watch_known = true;
  if (!changed) return;
  s->dirty = true;
  if (!holds(v)) ui_go_home(ui, now);
}

/* Whether a code has been before the camera for long, and nobody could read it. */
static bool long_unread(struct ui_state *s) {
  const struct mirror *m = &s->mirror;
  const int64_t at_ms = m->at.mono_ms;
  if (m->found && m->unread) {
    if (!s->unread) s->unread_since_ms = at_ms;
    s->unread = true;
    s->unread_last_ms = at_ms;
  } else if (m->found || at_ms - s->unread_last_ms > UNREAD_GAP_MS) {
    s->unread = false;
  }
  return s->unread && at_ms - s->unread_since_ms >= HINT_MS;
}

static void take_mirror(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  bool hint = s->view.hint;
  if (ui->mirror == NULL) return;
  if (latest_get(ui->mirror, &s->mirror, &s->mirror_seen)) {
    s->mirror_dirty = true;
    guest_mirror(ui, now);
    hint = long_unread(s);
  } else if (s->mirror.w > 0 && now.mono_ms - s->mirror.at.mono_ms > MIRROR_STALE_MS) {
    s->mirror.w = 0;
    s->mirror_dirty = true;
    hint = s->unread = false;
  }
  s->dirty = s->dirty || (hint != s->view.hint && s->view.screen == SCREEN_IDLE);
  s->view.hint = hint;
}

/* Shown, then told: a line about a verdict means that it was on the screen. */
static void show_verdict(struct ui *ui, const struct notice *notice, struct moment now) {
  struct ui_state *s = ui->state;
  const bool console = s->view.screen == SCREEN_CONSOLE; /* it stays, and tells the verdict in a line */
  if (notice->by == BY_PHONE) { /* that guest isn't here, and whoever is must not be greeted by another's name */
    ui_report(ui, notice);
    if (console) console_noticed(&s->console);
    return;
  }
  if (!console) guest_leave(ui, now);
  s->view.notice = *notice;
  s->view.now = now;
  s->view.scanned = console;
  if (!console) {
    s->view.screen = SCREEN_VERDICT;
    s->entered_ms = now.mono_ms;
  }
  ui_play(ui, tone_of(notice->verdict.kind), now);
  tend_colours(ui);
  present_whole(ui, console ? SCREEN_SETTLED_MS : 0);
  ui_report(ui, notice);
  if (ui->options.shots != NULL) ui_shoot(ui, notice);
  if (console) console_noticed(&s->console);
}

/* Nothing is decided, and nothing told. Where staff have the screen, desk asks nobody; it may not have heard of a PIN yet. */
static void show_question(struct ui *ui, const struct notice *notice, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->view.screen == SCREEN_CONSOLE) return;
  guest_leave(ui, now);
  s->view.notice = *notice;
  s->view.now = now;
  s->view.screen = SCREEN_VERDICT;
  s->entered_ms = now.mono_ms;
  ui_play(ui, TONE_READY, now);
  tend_colours(ui);
  present(ui, 0);
  if (ui->options.shots != NULL) ui_shoot(ui, notice);
}

static void take_notices(struct ui *ui, struct moment now) {
  static struct notice notice; /* large */
  while (mailbox_front(ui->notices, &notice)) {
    take_health(ui, &notice.health, now);
    take_watch(ui, now); /* what watch told before it sent the code is on its verdict's screen */
    if (notice.kind == NOTICE_VERDICT) show_verdict(ui, &notice, now);
    if (notice.kind == NOTICE_HEADS) show_question(ui, &notice, now);
    if (notice.kind == NOTICE_CONSOLE) ui_open_console(ui, &notice.staff, now);
    mailbox_pop(ui->notices);
  }
}

static int64_t next_step(struct ui *ui, struct moment now) {
  const struct ui_state *s = ui->state;
  if (s->dirty) return now.mono_ms + FRAME_MS;
  int64_t due = now.mono_ms + STILL_MS;
  const int64_t input = s->still ? INT64_MAX : ui_input_due(ui, now);
  if (input < due) due = input;
  if (guest_due(ui) < due) due = guest_due(ui);
  const int32_t hold = s->view.screen == SCREEN_VERDICT ? screen_hold_ms(&s->view) : 0;
  if (hold > 0 && s->entered_ms + hold < due) due = s->entered_ms + hold;
  if (s->view.screen == SCREEN_CONSOLE && ui_console_due(ui) < due) due = ui_console_due(ui);
  if (s->view.screen == SCREEN_SELF && ui_self_due(ui) < due) due = ui_self_due(ui);
  return due;
}

int64_t ui_step(void *self, struct moment now) {
  struct ui *ui = self;
  struct ui_state *s = ui->state;
  s->view.now = now;
  ui_input(ui, now);
  take_sound(ui, now);
  take_notices(ui, now);
  take_watch(ui, now);
  take_mirror(ui, now);
  const int32_t hold = s->view.screen == SCREEN_VERDICT ? screen_hold_ms(&s->view) : 0;
  const bool ready = s->view.screen == SCREEN_STARTING && ui->catalog != NULL;
  if (ready || (hold > 0 && now.mono_ms - s->entered_ms >= hold)) ui_go_home(ui, now);
  ui_tend_console(ui, now);
  guest_step(ui, now);
  ui_tend_self(ui, now);
  if (now.wall_ms / MINUTE_MS != s->minute) s->dirty = true;
  if (s->dirty) tend_colours(ui);
  if (s->dirty) present(ui, now.mono_ms - s->entered_ms);
  if (s->mirror_dirty) present_mirror(ui, now.mono_ms - s->entered_ms);
  if (ui->options.shots != NULL && !s->idle_shot && s->view.screen == SCREEN_IDLE && s->view.desk_known) {
    s->idle_shot = true;
    ui_shoot(ui, NULL);
  }
  return next_step(ui, now);
}
