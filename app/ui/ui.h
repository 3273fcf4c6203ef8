/* SPDX-License-Identifier: Apache-2.0
 * The ui service, on the main thread: shows the newest notice, goes back to idle by itself, feeds taps
 * and keyboard readers to desk. Owns SDL. What is drawn is a pure function of the view (screens.h).
 */
#ifndef YINGBIN_UI_UI_H
#define YINGBIN_UI_UI_H

#include <stdio.h>

#include "base/latest.h"
#include "base/mailbox.h"
#include "base/problem.h"
#include "core/notice.h"
#include "ui/pictures.h"
#include "ui/sound.h"

struct ui_options {
  int32_t width, height; /* of the window; 0: the whole screen */
  enum lang lang[2];     /* idle's two languages; verdicts in the first one, the second one small under it */
  int langs;
  int theme;                /* enum theme_choice of ui/theme.h */
  bool still;               /* nothing moves but what people do */
  enum camera_at camera_at; /* where an arrow beside the mirror points */
  const char *fonts;        /* assets/fonts.conf */
  const char *strings;      /* assets/strings */
  const char *themes;       /* assets/themes.ini */
  const char *shots;        /* folder for a picture of each verdict's screen, NULL: none */
  FILE *events;             /* a line a verdict, NULL: none */
  bool mask_names;          /* in these lines */
  bool keyboard;            /* the window's keys are a hand scanner's */
  bool pin;                 /* the staff console can be opened by a PIN, too */
  bool lockstep;            /* stream time: show each notice once, at once, and silently */
  struct sound_options sound;
};

struct ui {
  struct ui_options options;
  const char *kiosk;                              /* borrowed: its name, in a corner */
  struct mailbox *notices;                        /* borrowed: from desk */
  struct latest *watch_health;                    /* borrowed */
  struct latest *mirror;                          /* borrowed: from watch; NULL: idle has none */
  struct mailbox *people;                         /* borrowed: to desk */
  struct mailbox *staff_requests, *staff_answers; /* borrowed: to desk, and back (core/staff.h); NULL: none */
  struct mailbox *self_requests, *self_answers;   /* borrowed: to desk, and back (core/self.h); NULL: none */
  struct latest *monitor;                         /* borrowed: struct monitor_health; NULL: no page for phones */
  struct bell *bell;                              /* borrowed: of the notices */
  const struct catalog *catalog;                  /* borrowed; NULL until ui_serve */
  int16_t station;
  bool offers_meetup;     /* there is no pack: the fault screen may ask for STAFF_MEETUP */
  bool takes_card;        /* and a setup card: it shows what the camera sees */
  struct ui_state *state; /* owned */
};

bool ui_init(struct ui *ui, struct problem *problem); /* shows that the kiosk is starting */
void ui_fini(struct ui *ui);
int64_t ui_step(void *ui, struct moment now);
bool ui_quit(const struct ui *ui); /* the window was closed, or Ctrl-Q */

/* Why there is no desk yet: shown at once, until the kiosk serves. */
void ui_show_fault(struct ui *ui, const struct problem *problem);

/* A picture of the pack; before ui_serve. How many of each kind will come is told first. */
void ui_expect_pictures(struct ui *ui, int logos, int slides);
void ui_picture(struct ui *ui, const char *name, enum picture_kind kind, const uint8_t *bytes, size_t len);

/* From here on attendees are welcome, at this station; before, taps and keys go nowhere. */
void ui_serve(struct ui *ui, const struct catalog *catalog, int16_t station);

/* Nobody is being served: the pack can be changed under it. */
bool ui_at_rest(const struct ui *ui);
bool ui_has_staff(const struct ui *ui); /* the console is open */

/* The catalog goes: as before ui_serve. Accepts one that wasn't opened. */
void ui_rest(struct ui *ui);

/* A recorded prompt behind a tone, of the pack's: a WAV file, copied; NULL: none any more. */
void ui_prompt(struct ui *ui, enum tone tone, const uint8_t *wav, size_t len);

/* Whether the hand scanner is there; not called where there should be none. */
void ui_tell_reader(struct ui *ui, bool present);

#endif
