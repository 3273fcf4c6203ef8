/* SPDX-License-Identifier: Apache-2.0
 * The window's events: quit, a tap, and a hand scanner that types. Keys are read as keys of a US layout,
 * not as text: an input method would eat a scanner's letters.
 */
#include <string.h>

#include <SDL_syswm.h>

#include "base/log.h"
#include "ui/action.h"
#include "ui/ui_state.h"

/* 0: no character. */
static char key_char(const SDL_Keysym *key) {
  static const char plain[] = "`1234567890-=[]\\;',./", shifted[] = "~!@#$%^&*()_+{}|:\"<>?";
  const bool shift = (key->mod & KMOD_SHIFT) != 0, caps = (key->mod & KMOD_CAPS) != 0;
  const SDL_Keycode k = key->sym;
  if (k >= 'a' && k <= 'z') return (char)(shift != caps ? k - 'a' + 'A' : k);
  if (k == ' ') return ' ';
  if (k >= SDLK_KP_1 && k <= SDLK_KP_9) return (char)('1' + (k - SDLK_KP_1));
  if (k == SDLK_KP_0) return '0';
  if (k <= 0 || k > 126) return 0;
  const char *at = strchr(plain, (char)k);
  return at != NULL ? (shift ? shifted[at - plain] : *at) : 0;
}

static bool is_modifier(SDL_Keycode k) {
  return (k >= SDLK_LCTRL && k <= SDLK_RGUI) || k == SDLK_CAPSLOCK || k == SDLK_NUMLOCKCLEAR;
}

/* Desk may itself be waiting for room among our notices: never wait for it here, try again at the next step. */
static void send(struct ui *ui, const struct payload *payload) {
  struct ui_state *s = ui->state;
  if (ui->catalog == NULL || mailbox_put(ui->people, payload)) return;
  if (s->has_waiting) log_warn("desk is busy: a tap or scan was dropped");
  s->waiting = *payload;
  s->has_waiting = true;
}

/* The screen asks whether somebody on no list comes in, or how many have come: desk knows which. */
static bool asks(const struct ui *ui) {
  const struct view *v = &ui->state->view;
  return v->screen == SCREEN_VERDICT && (v->notice.walkin || v->notice.kind == NOTICE_HEADS);
}

/* Wherever it is touched; a code that is no ticket may have been shown by mistake: there the button means it. */
static bool asks_anywhere(const struct ui *ui) {
  return asks(ui) && ui->state->view.notice.verdict.kind != VERDICT_NOT_A_TICKET;
}

static void send_tap(struct ui *ui, int heads, struct moment now) {
  static struct payload tap; /* large, and all zero but for these */
  tap.by = BY_TAP;
  tap.at = now;
  tap.heads = (int16_t)heads;
  send(ui, &tap);
}

static void presence(struct ui *ui, struct moment now) {
  if (ui->catalog == NULL || ui->station < 0 || ui->station >= ui->catalog->stations) return;
  const struct station *station = &ui->catalog->station[ui->station];
  if (!asks(ui) && ui->catalog->event[station->event].roster && !station->anonymous) return;
  send_tap(ui, 0, now);
}

/* A scanner that types, typed nothing into the console: it is taken out again, and was no hand. */
static void scanned(struct ui *ui, int characters, struct moment now) {
  struct ui_state *s = ui->state;
  static struct payload code;
  code = s->code;
  code.by = BY_READER;
  code.at = now;
  send(ui, &code);
  if (s->view.screen != SCREEN_CONSOLE) return;
  console_untype(&s->console, characters);
  s->touched_ms = s->touched_before_ms;
  s->dirty = true;
}

static int64_t pressed_ms(const SDL_KeyboardEvent *event, struct moment now) {
  return now.mono_ms - (int64_t)(SDL_GetTicks() - event->timestamp);
}

/* X takes a scanner's doubled letter for a key that is held; but a held one only repeats after a pause. */
static bool held_down(const struct wedge *w, const SDL_KeyboardEvent *event, int64_t at_ms) {
  const bool doubled = w->len > 0 && (char)w->bytes[w->len - 1] == key_char(&event->keysym) && at_ms - w->last_ms <= w->gap_ms;
  return event->repeat != 0 && !doubled;
}

/* True: it was the last key of a code. */
static bool wedge_key(struct ui *ui, const SDL_KeyboardEvent *event, struct moment now) {
  struct ui_state *s = ui->state;
  const SDL_Keysym *k = &event->keysym;
  const int64_t at_ms = pressed_ms(event, now);
  const bool ends = k->sym == SDLK_RETURN || k->sym == SDLK_KP_ENTER || k->sym == SDLK_TAB;
  const int characters = (int)s->wedge.len;
  if (held_down(&s->wedge, event, at_ms))
    wedge_spoil(&s->wedge);
  else if (ends) {
    const bool any = s->wedge.len > 0 || s->wedge.spoilt, code = wedge_end(&s->wedge, at_ms, &s->code);
    if (any) log_debug(code ? "a code was typed" : "keys were typed, and no code");
    if (!code) return false;
    scanned(ui, characters, now);
    return true;
  } else if (key_char(k) != 0)
    wedge_char(&s->wedge, key_char(k), at_ms);
  else
    wedge_spoil(&s->wedge);
  return false;
}

/* Nobody presses a key so soon after another one. */
static bool scanner_types(const struct ui *ui, const SDL_KeyboardEvent *event, struct moment now) {
  const struct wedge *w = &ui->state->wedge;
  return ui->options.keyboard && w->len > 0 && pressed_ms(event, now) - w->last_ms <= w->gap_ms;
}

static bool chord(const SDL_Keysym *k, SDL_Keycode sym) {
  return k->sym == sym && (k->mod & KMOD_CTRL) != 0 && (k->mod & KMOD_ALT) != 0;
}

static void key(struct ui *ui, const SDL_KeyboardEvent *event, struct moment now) {
  struct ui_state *s = ui->state;
  const SDL_Keysym *k = &event->keysym;
  const bool console = s->view.screen == SCREEN_CONSOLE;
  if ((k->mod & KMOD_CTRL) != 0 && k->sym == SDLK_q) {
    s->quit = true;
    return;
  }
  if (!console && ui->options.pin && chord(k, SDLK_s)) {
    ui_open_console(ui, NULL, now);
    return;
  }
  const bool typing = scanner_types(ui, event, now);
  if (!typing) s->touched_before_ms = s->touched_ms;
  s->touched_ms = now.mono_ms;
  guest_seen(ui, now);
  if (is_modifier(k->sym)) return;
  if (s->view.screen == SCREEN_SELF && !typing && !ui->options.keyboard) {
    ui_key_self(ui, k, now);
    return;
  }
  const bool counts = s->view.screen == SCREEN_VERDICT && s->view.notice.kind == NOTICE_HEADS && !ui->options.keyboard;
  const char digit = key_char(k);
  if (counts && digit > '0' && digit - '0' <= s->view.notice.most && digit <= '9' && event->repeat == 0) {
    send_tap(ui, digit - '0', now);
    return;
  }
  if (k->sym == SDLK_SPACE && !typing && !console) {
    if (event->repeat == 0) presence(ui, now);
    return;
  }
  if (ui->options.keyboard && wedge_key(ui, event, now)) return;
  if (console) ui_key_console(ui, k, now);
}

/* Where some come without a code beside others who have one, only the button counts them: a tap on a verdict brings it back.
 * But on the greeting of one of them the next in the queue taps where they did. */
static bool counts_anywhere(const struct ui *ui) {
  const struct catalog *c = ui->catalog;
  const struct view *v = &ui->state->view;
  if (v->screen == SCREEN_VERDICT && v->notice.tapped) return true;
  return c != NULL && ui->station >= 0 && ui->station < c->stations && !c->event[c->station[ui->station].event].roster;
}

/* Beside a button it counts one, where the event has no roster. */
static void tap(struct ui *ui, int x, int y, struct moment now) {
  struct ui_state *s = ui->state;
  guest_seen(ui, now);
  if (s->view.screen == SCREEN_CONSOLE) {
    ui_tap_console(ui, x, y, now);
    return;
  }
  if (s->view.screen == SCREEN_SELF) {
    ui_tap_self(ui, x, y, now);
    return;
  }
  const struct hit *hit = canvas_hit_at(&s->canvas, x, y);
  if (hit != NULL && hit->action == ACTION_MEETUP)
    ui_open_meetup(ui, now);
  else if (hit != NULL && hit->action == ACTION_LANG)
    guest_language(ui, now);
  else if (hit != NULL && hit->action == ACTION_NO_CODE)
    ui_open_self(ui, now);
  else if (hit != NULL && hit->action == ACTION_HEADS)
    send_tap(ui, hit->arg, now);
  else if (s->view.screen == SCREEN_VERDICT && s->view.notice.kind == NOTICE_HEADS)
    return; /* beside the buttons: no answer */
  else if (counts_anywhere(ui) || asks_anywhere(ui) || (hit != NULL && hit->action == ACTION_PRESENCE))
    presence(ui, now);
  else if (s->view.screen == SCREEN_VERDICT && ui->station >= 0 && ui->catalog->station[ui->station].anonymous)
    ui_go_home(ui, now);
}

static void window(struct ui *ui, const SDL_WindowEvent *event) {
  struct ui_state *s = ui->state;
  if (event->event == SDL_WINDOWEVENT_SIZE_CHANGED) SDL_GetRendererOutputSize(s->renderer, &s->canvas.w, &s->canvas.h);
  if (event->event == SDL_WINDOWEVENT_SIZE_CHANGED || event->event == SDL_WINDOWEVENT_EXPOSED) s->dirty = true;
  if (event->event == SDL_WINDOWEVENT_CLOSE) s->quit = true;
}

void ui_input(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  SDL_Event event;
  if (!s->sleeps) wedge_away(&s->wedge, now.mono_ms - s->looked_ms - PUMP_MS); /* a frame took long */
  s->sleeps = false;
  s->looked_ms = now.mono_ms;
  if (s->has_waiting && mailbox_put(ui->people, &s->waiting)) s->has_waiting = false;
  while (SDL_PollEvent(&event)) {
    s->event_ms = now.mono_ms;
    switch (event.type) {
    case SDL_QUIT: s->quit = true; break;
    case SDL_WINDOWEVENT: window(ui, &event.window); break;
    case SDL_KEYDOWN: key(ui, &event.key, now); break;
    case SDL_TEXTINPUT: ui_type_console(ui, event.text.text, now); break;
    case SDL_MOUSEBUTTONDOWN: tap(ui, event.button.x, event.button.y, now); break; /* SDL makes one of each touch, too */
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET: { /* textures are gone */
      const int w = s->canvas.w, h = s->canvas.h;
      canvas_sdl_close(&s->canvas);
      if (!ui_open_canvas(ui, w, h)) s->quit = true;
      s->dirty = true;
      break;
    }
    default: sound_event(s->sound, &event); break;
    }
  }
}

/* X tells of its events by a descriptor; the others would each have to be asked. */
int ui_input_fd(SDL_Window *window) {
#ifdef SDL_VIDEO_DRIVER_X11
  SDL_SysWMinfo info;
  SDL_VERSION(&info.version);
  if (SDL_GetWindowWMInfo(window, &info) && info.subsystem == SDL_SYSWM_X11) return ConnectionNumber(info.info.x11.display);
#else
  (void)window;
#endif
  return -1;
}

/* Drawing may have taken events off the descriptor into a queue of Xlib's. Soon after an event they are asked for all the same:
 * SDL does some of its work later (the focus); and what an input method writes comes by a way of its own. */
int64_t ui_input_due(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->fd < 0) return now.mono_ms + PUMP_MS;
  SDL_PumpEvents();
  if (SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT)) return now.mono_ms;
  s->sleeps = now.mono_ms - s->event_ms >= LIVELY_MS && !SDL_IsTextInputActive();
  return s->sleeps ? INT64_MAX : now.mono_ms + PUMP_MS;
}
