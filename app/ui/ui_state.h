/* SPDX-License-Identifier: Apache-2.0
 * What ui.c, its input and its reports share. Private to the service; the main thread's.
 */
#ifndef YINGBIN_UI_UI_STATE_H
#define YINGBIN_UI_UI_STATE_H

#include <SDL.h>

#include "platform/reader.h"
#include "ui/console.h"
#include "ui/screens.h"
#include "ui/self_screen.h"
#include "ui/ui.h"

enum {
  PUMP_MS = 33,   /* so often the window's events are looked at, where nothing tells of them */
  LIVELY_MS = 500 /* and for so long after one, in any case */
};
enum { GUEST_SAMPLES = (MIRROR_W / 8 + 1) * (MIRROR_H / 8 + 1) };

struct guest { /* what changes by itself on the guests' screens; times are mono */
  int turn;    /* which language is the large one */
  int64_t turned_ms, slid_ms, chosen_until_ms;
  int64_t group_until_ms;
  int64_t seen_ms; /* somebody was there */
  bool dim;
  uint8_t sample[GUEST_SAMPLES]; /* of the mirror, as it has been lately */
};

struct ui_state {
  SDL_Window *window;     /* owned */
  SDL_Renderer *renderer; /* owned */
  struct fonts *fonts;
  struct texts *texts;
  struct strings *strings;
  struct theme theme;
  struct palette event_palette[2]; /* light and dark, for these accents: making them takes a while */
  struct accents accents;
  struct palette palette;    /* of now */
  struct sound *sound;       /* owned */
  struct pictures *pictures; /* owned; NULL: none yet */
  struct canvas canvas;
  struct stage stage;
  struct view view;
  struct guest guest;
  int64_t entered_ms;      /* when the view came up; mono */
  int64_t minute;          /* of the clock drawn last */
  int unfinished;          /* the last so many frames left out what wasn't ready */
  bool dirty, quit, still; /* still: a driver without a display, nothing to poll for */
  bool idle_shot;
  uint64_t monitor_seen, watch_seen, mirror_seen;
  struct mirror mirror;
  bool mirror_dirty; /* nothing else is */
  bool unread;       /* a code is seen and not read */
  int64_t unread_since_ms, unread_last_ms;
  bool software; /* the window's surface stays what it was: part of it can be drawn */
  struct wedge wedge;
  int fd;                 /* SDL's; can be read where the window has events; -1: there is none */
  bool sleeps;            /* until it has one */
  int64_t event_ms;       /* when it had one last; mono */
  int64_t looked_ms;      /* at the window's events; mono */
  struct payload code;    /* that it read */
  struct payload waiting; /* a tap or a scanned code that desk had no room for */
  bool has_waiting;
  struct console console;
  int64_t touched_ms;         /* the console's last key, tap or card; mono */
  int64_t touched_before_ms;  /* the one before a hand scanner typed */
  struct staff_request asked; /* that desk had no room for */
  bool asks;
  struct self_screen self;
  int64_t self_touched_ms;
  uint32_t self_serial; /* of the question asked last */
  int shots;
  uint64_t told; /* ui_tell_screen: what it told last */
};

bool ui_open_canvas(struct ui *ui, int w, int h);  /* in the colours of now */
void ui_draw(struct ui *ui, int64_t age_ms);       /* without presenting it */
void ui_input(struct ui *ui, struct moment now);   /* takes all events of the window */
int ui_input_fd(SDL_Window *window);
int64_t ui_input_due(struct ui *ui, struct moment now); /* before sleeping: when to look next, unless fd wakes; INT64_MAX */
void ui_go_home(struct ui *ui, struct moment now); /* idle, or what keeps the kiosk from its work */
void ui_play(struct ui *ui, enum tone tone, struct moment now);
void ui_report(struct ui *ui, const struct notice *notice); /* the events line */
void ui_shoot(struct ui *ui, const struct notice *notice);  /* NULL: of idle */

void ui_tell_screen(struct ui *ui); /* ui_tell.c: to the log, at debug */

/* --- the guests' screens, ui_guest.c --- */

void guest_step(struct ui *ui, struct moment now);
void guest_seen(struct ui *ui, struct moment now);     /* wakes the screen */
void guest_leave(struct ui *ui, struct moment now);    /* before another screen takes this one's place */
void guest_mirror(struct ui *ui, struct moment now);   /* a new picture: is somebody there? */
void guest_language(struct ui *ui, struct moment now); /* the next one, by a tap */
int64_t guest_due(const struct ui *ui);                /* mono: when the next change is; INT64_MAX: none */

/* --- the look-up by phone, ui_self.c --- */

void ui_open_self(struct ui *ui, struct moment now); /* where the event has it */
void ui_close_self(struct ui *ui, struct moment now);
void ui_tap_self(struct ui *ui, int x, int y, struct moment now);
void ui_key_self(struct ui *ui, const SDL_Keysym *key, struct moment now);
void ui_tend_self(struct ui *ui, struct moment now); /* answers; closes it when nobody is there */
int64_t ui_self_due(const struct ui *ui);            /* when it closes by itself */

/* --- the staff console, ui_console.c --- */

void ui_open_console(struct ui *ui, const struct notice_operator *who, struct moment now); /* NULL: the PIN is asked */
void ui_open_meetup(struct ui *ui, struct moment now);
void ui_close_console(struct ui *ui, struct moment now); /* forgets who opened it */
void ui_tap_console(struct ui *ui, int x, int y, struct moment now);
void ui_key_console(struct ui *ui, const SDL_Keysym *key, struct moment now);
void ui_type_console(struct ui *ui, const char *utf8, struct moment now);
void ui_tend_console(struct ui *ui, struct moment now); /* answers and requests; closes it when it is time */
int64_t ui_console_due(const struct ui *ui);            /* when it closes by itself */

#endif
