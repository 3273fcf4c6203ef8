/* SPDX-License-Identifier: Apache-2.0
 * What ui.c, its input and its reports share. Private to the service; the main thread's.
 */
#ifndef YINGBIN_UI_UI_STATE_H
#define YINGBIN_UI_UI_STATE_H

#include <SDL.h>

#include "platform/reader.h"
#include "ui/screens.h"
#include "ui/ui.h"

struct ui_state {
  SDL_Window *window;     /* owned */
  SDL_Renderer *renderer; /* owned */
  struct fonts *fonts;
  struct texts *texts;
  struct strings *strings;
  struct theme theme;
  struct palette palette; /* of now */
  struct sound *sound; /* owned */
  struct pictures *pictures; /* owned; NULL: none yet */
  struct canvas canvas;
  struct stage stage;
  struct view view;
  int64_t entered_ms;      /* when the view came up; mono */
  int64_t minute;          /* of the clock drawn last */
  bool dirty, quit, still; /* still: a driver without a display, nothing to poll for */
  bool idle_shot;
  uint64_t watch_seen, mirror_seen;
  struct mirror mirror;
  bool mirror_dirty; /* nothing else is */
  bool unread;       /* a code is seen and not read */
  int64_t unread_since_ms, unread_last_ms;
  bool software; /* the window's surface stays what it was: part of it can be drawn */
  struct wedge wedge;
  struct payload waiting; /* a tap or a scanned code that desk had no room for */
  bool has_waiting;
  int64_t touched_ms; /* the console's last key, tap or card; mono */
  int shots;
};

bool ui_open_canvas(struct ui *ui, int w, int h);          /* in the colours of now */
void ui_draw(struct ui *ui, int64_t age_ms);                /* without presenting it */
void ui_input(struct ui *ui, struct moment now);            /* takes all events of the window */
void ui_close_console(struct ui *ui, struct moment now);    /* forgets who opened it */
void ui_report(struct ui *ui, const struct notice *notice); /* the events line */
void ui_shoot(struct ui *ui, const struct notice *notice);  /* NULL: of idle */

#endif
