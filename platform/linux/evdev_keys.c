/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/linux/evdev_keys.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Slow scanners send a key every 30 ms or so, and a grabbed device has no person typing on it. */
enum { EVDEV_LEAST = 4, EVDEV_GAP_MS = 100 };

static const struct {
  char plain, shifted;
} us_layout[] = {
    [KEY_1] = {'1', '!'},          [KEY_2] = {'2', '@'},         [KEY_3] = {'3', '#'},           [KEY_4] = {'4', '$'},
    [KEY_5] = {'5', '%'},          [KEY_6] = {'6', '^'},         [KEY_7] = {'7', '&'},           [KEY_8] = {'8', '*'},
    [KEY_9] = {'9', '('},          [KEY_0] = {'0', ')'},         [KEY_MINUS] = {'-', '_'},       [KEY_EQUAL] = {'=', '+'},
    [KEY_Q] = {'q', 'Q'},          [KEY_W] = {'w', 'W'},         [KEY_E] = {'e', 'E'},           [KEY_R] = {'r', 'R'},
    [KEY_T] = {'t', 'T'},          [KEY_Y] = {'y', 'Y'},         [KEY_U] = {'u', 'U'},           [KEY_I] = {'i', 'I'},
    [KEY_O] = {'o', 'O'},          [KEY_P] = {'p', 'P'},         [KEY_LEFTBRACE] = {'[', '{'},   [KEY_RIGHTBRACE] = {']', '}'},
    [KEY_A] = {'a', 'A'},          [KEY_S] = {'s', 'S'},         [KEY_D] = {'d', 'D'},           [KEY_F] = {'f', 'F'},
    [KEY_G] = {'g', 'G'},          [KEY_H] = {'h', 'H'},         [KEY_J] = {'j', 'J'},           [KEY_K] = {'k', 'K'},
    [KEY_L] = {'l', 'L'},          [KEY_SEMICOLON] = {';', ':'}, [KEY_APOSTROPHE] = {'\'', '"'}, [KEY_GRAVE] = {'`', '~'},
    [KEY_BACKSLASH] = {'\\', '|'}, [KEY_Z] = {'z', 'Z'},         [KEY_X] = {'x', 'X'},           [KEY_C] = {'c', 'C'},
    [KEY_V] = {'v', 'V'},          [KEY_B] = {'b', 'B'},         [KEY_N] = {'n', 'N'},           [KEY_M] = {'m', 'M'},
    [KEY_COMMA] = {',', '<'},      [KEY_DOT] = {'.', '>'},       [KEY_SLASH] = {'/', '?'},       [KEY_SPACE] = {' ', ' '},
    [KEY_KPASTERISK] = {'*', '*'}, [KEY_KPMINUS] = {'-', '-'},   [KEY_KPPLUS] = {'+', '+'},      [KEY_KP0] = {'0', '0'},
    [KEY_KP1] = {'1', '1'},        [KEY_KP2] = {'2', '2'},       [KEY_KP3] = {'3', '3'},         [KEY_KP4] = {'4', '4'},
    [KEY_KP5] = {'5', '5'},        [KEY_KP6] = {'6', '6'},       [KEY_KP7] = {'7', '7'},         [KEY_KP8] = {'8', '8'},
    [KEY_KP9] = {'9', '9'},        [KEY_KPDOT] = {'.', '.'},     [KEY_KPSLASH] = {'/', '/'},     [KEY_102ND] = {'\\', '|'},
};

static bool key_held(const struct evdev_keys *k, unsigned code) { return (k->down[code / 8] >> (code % 8)) & 1; }

static bool key_is_modifier(unsigned code) {
  switch (code) {
  case KEY_LEFTSHIFT:
  case KEY_RIGHTSHIFT:
  case KEY_CAPSLOCK:
  case KEY_NUMLOCK:
  case KEY_LEFTCTRL:
  case KEY_RIGHTCTRL:
  case KEY_LEFTALT:
  case KEY_RIGHTALT:
  case KEY_LEFTMETA:
  case KEY_RIGHTMETA: return true;
  default: return false;
  }
}

/* '\0': not a character that can be told */
static char key_char(const struct evdev_keys *k, unsigned code) {
  static const unsigned chord[] = {KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTALT, KEY_RIGHTALT, KEY_LEFTMETA, KEY_RIGHTMETA};
  for (size_t i = 0; i < sizeof chord / sizeof *chord; i++) {
    if (key_held(k, chord[i])) return '\0';
  }
  if (code >= sizeof us_layout / sizeof *us_layout) return '\0';
  bool shift = key_held(k, KEY_LEFTSHIFT) || key_held(k, KEY_RIGHTSHIFT);
  char plain = us_layout[code].plain;
  if (k->caps && plain >= 'a' && plain <= 'z') shift = !shift;
  return shift ? us_layout[code].shifted : plain;
}

void evdev_keys_init(struct evdev_keys *k) {
  memset(k, 0, sizeof *k);
  wedge_init(&k->wedge, EVDEV_LEAST, EVDEV_GAP_MS);
}

static bool key_pressed(struct evdev_keys *k, unsigned code, int64_t ms, struct payload *out) {
  bool held = key_held(k, code);
  k->down[code / 8] |= (unsigned char)(1u << (code % 8));
  if (key_is_modifier(code)) {
    if (code == KEY_CAPSLOCK && !held) k->caps = !k->caps;
    return false;
  }
  char c = key_char(k, code);
  if (!held && (code == KEY_ENTER || code == KEY_KPENTER || code == KEY_TAB)) return wedge_end(&k->wedge, ms, out);
  if (held || c == '\0') { /* pressed twice: the release between was lost, and who knows what else */
    wedge_spoil_at(&k->wedge, ms);
  } else {
    wedge_char(&k->wedge, c, ms);
  }
  return false;
}

bool evdev_keys_feed(struct evdev_keys *k, const struct input_event *e, struct payload *out) {
  int64_t ms = (int64_t)e->input_event_sec * 1000 + e->input_event_usec / 1000;
  if (e->type == EV_SYN && e->code == SYN_DROPPED) {
    k->dropped = true;
    wedge_spoil_at(&k->wedge, ms);
  } else if (e->type == EV_SYN && e->code == SYN_REPORT && k->dropped) {
    k->dropped = false;
    k->caps = false;
    memset(k->down, 0, sizeof k->down);
    wedge_spoil_at(&k->wedge, ms);
  }
  if (e->type != EV_KEY || e->code >= KEY_CNT || k->dropped) return false;
  if (e->value == 1) return key_pressed(k, e->code, ms, out);
  if (e->value == 0) {
    k->down[e->code / 8] &= (unsigned char)~(1u << (e->code % 8));
  } else if (!key_is_modifier(e->code)) { /* autorepeat: a scanner never holds a key; one got stuck */
    wedge_spoil_at(&k->wedge, ms);
  }
  return false;
}

bool evdev_keys_read(struct evdev_keys *k, int fd, struct tick *clock, struct mailbox *to) {
  struct input_event events[64];
  for (;;) {
    ssize_t n = read(fd, events, sizeof events);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    if (n == 0 || n % (ssize_t)sizeof *events != 0) return false;
    for (size_t i = 0; i < (size_t)n / sizeof *events; i++) {
      struct payload payload;
      if (!evdev_keys_feed(k, &events[i], &payload)) continue;
      payload.at = tick_now(clock);
      if (!mailbox_put_wait(to, &payload)) return true; /* closed: the kiosk is stopping */
    }
  }
}
