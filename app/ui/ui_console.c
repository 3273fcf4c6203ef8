/* SPDX-License-Identifier: Apache-2.0
 * The staff console's side of the window: events become its steps, its requests go to desk, and when it
 * closes, whatever it showed is forgotten.
 */
#include <string.h>

#include "ui/action.h"
#include "ui/ui_state.h"

enum { CONSOLE_MS = 2 * 60 * 1000 };

static void opened(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  s->view.screen = SCREEN_CONSOLE;
  s->view.scanned = false;
  s->view.mirror = ui->mirror != NULL ? &s->mirror : NULL;
  s->touched_ms = s->entered_ms = now.mono_ms;
  s->dirty = true;
  SDL_StartTextInput(); /* an input method may write a name */
  ui_play(ui, TONE_READY, now);
}

/* A card takes the place of whoever was here. */
void ui_open_console(struct ui *ui, const struct notice_operator *who, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->view.screen == SCREEN_CONSOLE)
    ui_close_console(ui, now);
  else
    guest_leave(ui, now);
  if (who != NULL) s->view.staff = *who;
  console_open(&s->console, &s->view, who);
  opened(ui, now);
}

void ui_open_meetup(struct ui *ui, struct moment now) {
  if (!ui->offers_meetup) return;
  console_open_meetup(&ui->state->console);
  opened(ui, now);
}

static void apply(struct ui *ui) {
  struct ui_state *s = ui->state;
  const struct console_kept *k = &s->console.kept;
  if (k->volume != s->view.volume) sound_set_volume(s->sound, k->volume);
  if (k->station < 0) return;
  ui->station = s->view.station = k->station;
  s->console.kept.station = -1;
}

void ui_close_console(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  struct view *v = &s->view;
  const struct staff_request lock = {.kind = STAFF_LOCK, .session = s->console.who.session};
  if (lock.session != 0) s->asked = lock;
  s->asks = lock.session != 0 && ui->staff_requests != NULL && !mailbox_put(ui->staff_requests, &lock);
  explicit_bzero(&v->staff, sizeof v->staff);
  explicit_bzero(&v->notice, sizeof v->notice);
  console_close(&s->console);
  texts_forget(s->texts);
  canvas_sdl_forget(&s->canvas);
  v->scanned = false;
  v->mirror = ui->mirror != NULL && !s->console.kept.mirror_off ? &s->mirror : NULL;
  SDL_StopTextInput();
  ui_go_home(ui, now);
}

static void touched(struct ui *ui, struct moment now) {
  ui->state->touched_ms = now.mono_ms;
  ui->state->dirty = true;
}

static void stepped(struct ui *ui, struct moment now) {
  ui->state->dirty = true;
  apply(ui);
  if (ui->state->console.closes) ui_close_console(ui, now);
}

void ui_tap_console(struct ui *ui, int x, int y, struct moment now) {
  struct ui_state *s = ui->state;
  const struct hit *found = canvas_hit_at(&s->canvas, x, y);
  touched(ui, now);
  if (found == NULL) return;
  const struct hit hit = *found;
  if (hit.action == ACTION_TONE) ui_play(ui, TONE_ADMIT, now);
  console_tap(&s->console, &s->view, hit.action, hit.arg);
  stepped(ui, now);
}

void ui_key_console(struct ui *ui, const SDL_Keysym *key, struct moment now) {
  static const struct {
    SDL_Keycode sym;
    enum console_key key;
  } keys[] = {{SDLK_RETURN, CONSOLE_ENTER},        {SDLK_KP_ENTER, CONSOLE_ENTER}, {SDLK_ESCAPE, CONSOLE_ESCAPE},
              {SDLK_BACKSPACE, CONSOLE_BACKSPACE}, {SDLK_DOWN, CONSOLE_NEXT},      {SDLK_RIGHT, CONSOLE_NEXT},
              {SDLK_UP, CONSOLE_PREVIOUS},         {SDLK_LEFT, CONSOLE_PREVIOUS},  {SDLK_TAB, CONSOLE_TAB_KEY}};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    if (key->sym != keys[i].sym) continue;
    console_key(&ui->state->console, &ui->state->view, keys[i].key);
    stepped(ui, now);
    return;
  }
}

void ui_type_console(struct ui *ui, const char *utf8, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->view.screen != SCREEN_CONSOLE) return;
  console_text(&s->console, &s->view, utf8);
  stepped(ui, now);
}

static void take_answers(struct ui *ui) {
  static struct staff_answer answer; /* large */
  struct ui_state *s = ui->state;
  if (ui->staff_answers == NULL) return;
  while (mailbox_front(ui->staff_answers, &answer)) {
    console_answer(&s->console, &s->view, &answer);
    mailbox_pop(ui->staff_answers);
    s->dirty = true;
  }
  explicit_bzero(&answer, sizeof answer);
}

/* Desk may itself wait for room among the notices: never wait for it here. */
static void send_requests(struct ui *ui) {
  struct ui_state *s = ui->state;
  if (ui->staff_requests == NULL) return;
  for (;;) {
    if (!s->asks && !console_request(&s->console, &s->asked)) break;
    s->asks = !mailbox_put(ui->staff_requests, &s->asked);
    if (s->asks) return;
  }
  explicit_bzero(&s->asked, sizeof s->asked);
}

void ui_tend_console(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  const bool open = s->view.screen == SCREEN_CONSOLE;
  take_answers(ui);
  if (ui->monitor != NULL) latest_get(ui->monitor, &s->view.monitor, &s->monitor_seen);
  if (open) console_tend(&s->console, &s->view);
  send_requests(ui);
  if (!open) return;
  apply(ui);
  if (s->console.closes || now.mono_ms >= ui_console_due(ui)) ui_close_console(ui, now);
}

int64_t ui_console_due(const struct ui *ui) { return ui->state->touched_ms + CONSOLE_MS; }
