/* SPDX-License-Identifier: Apache-2.0
 * The screens: what is shown is a pure function of the view, on any canvas. A table entry a screen, and
 * one a verdict: its words, its shape, how long it stays. Words come from assets/strings, in the view's
 * first language large and in its second one small. No clock, no state but kept text layouts.
 */
#ifndef YINGBIN_UI_SCREENS_H
#define YINGBIN_UI_SCREENS_H

#include "base/problem.h"
#include "core/monitor.h"
#include "ui/canvas.h"
#include "ui/pictures.h"
#include "ui/sound.h"
#include "ui/strings.h"
#include "ui/theme.h"

enum screen { SCREEN_STARTING, SCREEN_IDLE, SCREEN_VERDICT, SCREEN_FAULT, SCREEN_CONSOLE, SCREEN_SELF /* who has no code types a number */ };

struct console;
struct self_screen;

struct view {
  enum screen screen;
  const struct catalog *catalog; /* borrowed; NULL: there is none yet */
  int16_t station;
  const struct console *console; /* CONSOLE: borrowed */
  const struct self_screen *self; /* SELF: borrowed */
  bool meetup;                   /* FAULT: there is no pack; staff can hold a meetup on the spot */
  bool card;                     /* and show a setup card to the camera */
  const char *kiosk; /* borrowed: its name */
  enum lang lang[2];
  int langs;
  struct moment now;
  struct notice notice;         /* VERDICT; CONSOLE: of the last scan, where there was one */
  struct notice_operator staff; /* CONSOLE: who opened it */
  bool scanned;                 /* CONSOLE: somebody was, since it is open */
  struct problem problem;       /* FAULT: why it didn't start; empty: the health tells */
  bool desk_known, watch_known; /* false: nothing heard yet */
  struct desk_health desk;
  struct watch_health watch;
  struct monitor_health monitor; /* of the phones' page */
  const struct mirror *mirror;   /* IDLE, FAULT with card: borrowed; NULL: there is none, w = 0: no picture now */
  bool hint;                   /* a code has been seen for long, and not read */
  bool keeps_group;            /* the code of host `group` stays beside what came after it */
  int16_t group;
  bool still; /* nothing moves */
  int slide;  /* IDLE: which of the event's pictures is shown */
  int slide_before, slide_fade; /* which one goes, and how much of it, of 255, is still there */
  enum camera_at camera_at;
  bool reader_known, reader_present; /* the hand scanner, where there should be one */
  enum sound_state sound;
  int volume; /* now, 0 to VOLUME_MOST */
};

struct stage { /* what screens are drawn with; all borrowed */
  const struct strings *strings;
  struct texts *texts;
  const struct theme *theme;
  const struct pictures *pictures; /* NULL: there are none */
};

enum { SCREEN_SETTLED_MS = 250 }; /* older than this a view doesn't move */

void screen_draw(const struct stage *stage, struct canvas *canvas, const struct view *view, int64_t age_ms);

/* The mirror alone, in its place on the screen drawn last (canvas->mirror); only where it has one. */
void screen_draw_mirror(struct canvas *canvas, const struct view *view);

int32_t screen_hold_ms(const struct view *view);                      /* then back to idle; 0: stays */
int screen_group(const struct stage *stage, const struct view *view); /* the host whose group's code it shows, -1: none */
const char *screen_name(const struct view *view);                     /* "welcome", "again_stop", ...: of its table entry */

/* "张*": the first character, and a star for each other one, three at most. */
void screen_mask_name(const char *name, char *out, size_t size);

/* The largest places for the organizer's pictures. */
void screen_picture_rooms(const struct theme *theme, int w, int h, struct picture_room out[PICTURE_KINDS]);

/* The screen's margins: nothing is drawn outside. */
struct box screen_safe_area(const struct theme *theme, int w, int h);

#endif
