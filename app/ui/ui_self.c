/* SPDX-License-Identifier: Apache-2.0
 * The look-up by phone before the guests: keys and taps in, requests to desk, answers back; closed by itself when
 * nobody has touched it for a while. A verdict takes its place, and gives it back.
 */
#include <string.h>

#include "ui/keyboard.h"
#include "ui/ui_state.h"

enum { SELF_IDLE_MS = 30 * 1000, SELF_SAID_MS = 12 * 1000 };

static bool offered(const struct ui *ui) {
  const struct catalog *c = ui->catalog;
  return c != NULL && ui->self_requests != NULL && ui->station >= 0 && ui->station < c->stations &&
         c->event[c->station[ui->station].event].self_lookup == SELF_LOOKUP_PHONE;
}

static void touched(struct ui *ui, struct moment now) {
  ui->state->self_touched_ms = now.mono_ms;
  ui->state->dirty = true;
}

void ui_open_self(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (!offered(ui)) return;
  self_screen_open(&s->self);
  s->view.self = &s->self;
  s->view.screen = SCREEN_SELF;
  s->entered_ms = now.mono_ms - SCREEN_SETTLED_MS;
  touched(ui, now);
}

static bool ask(struct ui *ui, enum self_kind kind, int index, struct moment now) {
  struct ui_state *s = ui->state;
  struct self_request r = {.kind = kind, .index = (int16_t)index, .at = now};
  if (kind == SELF_FIND) s->self_serial++;
  r.serial = s->self_serial;
  strcpy(r.digits, s->self.digits);
  const bool good = mailbox_put(ui->self_requests, &r);
  explicit_bzero(&r, sizeof r);
  return good;
}

void ui_close_self(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (!s->self.open) return;
  ask(ui, SELF_DROP, 0, now);
  self_screen_close(&s->self);
  if (s->view.screen == SCREEN_SELF) ui_go_home(ui, now);
}

static void find(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (self_screen_ready(&s->self) && ask(ui, SELF_FIND, 0, now)) s->self.state = SELF_STATE_ASKING;
}

/* What comes of it is a verdict, like that of a scan. */
static void choose(struct ui *ui, int index, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->self.state != SELF_STATE_CHOOSING || index >= s->self.answer.count || !ask(ui, SELF_ADMIT, index, now)) return;
  self_screen_close(&s->self);
  ui_go_home(ui, now);
}

void ui_tap_self(struct ui *ui, int x, int y, struct moment now) {
  struct ui_state *s = ui->state;
  const struct hit *hit = canvas_hit_at(&s->canvas, x, y);
  touched(ui, now);
  if (hit == NULL) return;
  const int action = hit->action, arg = hit->arg;
  switch (action) {
  case ACTION_SELF_KEY: self_screen_key(&s->self, (char)arg); break;
  case ACTION_SELF_FIND: find(ui, now); break;
  case ACTION_SELF_CHOOSE: choose(ui, arg, now); break;
  case ACTION_SELF_BACK: ui_close_self(ui, now); break;
  default: break;
  }
}

void ui_key_self(struct ui *ui, const SDL_Keysym *key, struct moment now) {
  struct ui_state *s = ui->state;
  const SDL_Keycode k = key->sym;
  touched(ui, now);
  if (k >= '0' && k <= '9') self_screen_key(&s->self, (char)k);
  if (k >= SDLK_KP_1 && k <= SDLK_KP_9) self_screen_key(&s->self, (char)('1' + (k - SDLK_KP_1)));
  if (k == SDLK_KP_0) self_screen_key(&s->self, '0');
  if (k == SDLK_BACKSPACE) self_screen_key(&s->self, KEY_BACKSPACE);
  if (k == SDLK_ESCAPE) ui_close_self(ui, now);
  if (k != SDLK_RETURN && k != SDLK_KP_ENTER) return;
  if (s->self.state == SELF_STATE_CHOOSING && s->self.answer.count == 1)
    choose(ui, 0, now);
  else
    find(ui, now);
}

int64_t ui_self_due(const struct ui *ui) {
  const struct ui_state *s = ui->state;
  return s->self_touched_ms + (s->self.state == SELF_STATE_SAID ? SELF_SAID_MS : SELF_IDLE_MS);
}

void ui_tend_self(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  struct self_answer a;
  if (ui->self_answers == NULL) return;
  for (; mailbox_front(ui->self_answers, &a); mailbox_pop(ui->self_answers)) {
    if (a.serial != s->self_serial) continue;      /* of somebody who has gone */
    if (!s->self.open && a.result != SELF_FOUND) { /* they were admitted too late: say so */
      self_screen_open(&s->self);
      s->view.self = &s->self;
      if (s->view.screen == SCREEN_IDLE) s->view.screen = SCREEN_SELF;
    }
    if (s->self.open) self_screen_answer(&s->self, &a);
    touched(ui, now);
  }
  explicit_bzero(&a, sizeof a);
  if (s->self.open && s->view.screen == SCREEN_SELF && now.mono_ms >= ui_self_due(ui)) ui_close_self(ui, now);
}
