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

struct ui_options {
  int32_t width, height; /* of the window; 0: the whole screen */
  enum lang lang[2];     /* idle's two languages; verdicts in the first one, the second one small under it */
  int langs;
  bool dark;
  const char *fonts;   /* assets/fonts.conf */
  const char *strings; /* assets/strings */
  const char *shots;   /* folder for a picture of each verdict's screen, NULL: none */
  FILE *events;        /* a line a verdict, NULL: none */
  bool mask_names;     /* in these lines */
  bool keyboard;       /* the window's keys are a hand scanner's */
  bool lockstep;       /* stream time: show each notice once, at once */
};

struct ui {
  struct ui_options options;
  const struct catalog *catalog; /* borrowed */
  int16_t station;
  const char *kiosk;           /* borrowed: its name, in a corner */
  struct mailbox *notices;     /* borrowed: from desk */
  struct latest *watch_health; /* borrowed */
  struct mailbox *people;      /* borrowed: to desk */
  struct bell *bell;           /* borrowed: of the notices */
  struct ui_state *state;      /* owned */
};

bool ui_init(struct ui *ui, struct problem *problem);
void ui_fini(struct ui *ui);
int64_t ui_step(void *ui, struct moment now);
bool ui_quit(const struct ui *ui); /* the window was closed, or Ctrl-Q */

/* The screen "starting" or a fault before there is a desk: shown at once. */
void ui_show_fault(struct ui *ui, const struct problem *problem);

#endif
