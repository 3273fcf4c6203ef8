/* SPDX-License-Identifier: Apache-2.0
 * One view for each screen, each verdict and each name that has broken a kiosk: what `tools/shoot` photographs, what the
 * screens' tests compare and what `yingbin-bench ui` draws. People and rosters are invented. One thread: what a view
 * borrows is kept here, until the next one is made.
 */
#ifndef YINGBIN_TOOLS_CASES_H
#define YINGBIN_TOOLS_CASES_H

#include "ui/console.h"
#include "ui/screens.h"

enum { CASE_GUANGZHOU, CASE_COSCON, CASE_CHANGSHA, CASE_CHENGDU };
enum { CASE_DOOR, CASE_LUNCH, CASE_MARKET, CASE_HALL, CASE_FORUM, CASE_EXIT };
enum { CASE_ATTENDEE, CASE_SPEAKER, CASE_DAY_TWO, CASE_MASKED, CASE_SECRET };
enum { CASE_HOSTS = 4, SCREEN_CASES = 161 };

static const int64_t case_now = 1697869920000; /* 2023-10-21 14:32 at the events */

extern const struct screen_case {
  const char *name; /* of a file: SCREEN-VERDICT-...-CASE */
  enum screen screen;
  int16_t station;
  enum verdict_kind verdict;
  const char *who; /* the attendee's name, NULL: no attendee */
  int16_t type;
  const char *organization, *title, *seat;
  const char *special; /* what else is set: see case_special */
} screen_cases[SCREEN_CASES];

/* The view of case i; the catalog is filled to go with it and must live as long. */
void case_view(int i, enum lang first, enum lang second, struct catalog *catalog, struct view *view);
void case_title(int i, char *out, size_t size); /* "idle-none", "verdict-admit": the SCREEN-VERDICT of file names */

/* --- what views are made of --- */

void case_catalog(struct catalog *c);            /* the sample events */
void case_faces(struct catalog *c, bool slides); /* their logos and slides, under the names that the packs give them */

/* These pictures, from assets/sample, for a screen of w x h. NULL: problem says which one can't be had. Owned by the caller. */
struct pictures *case_pictures(const char *samples, const struct theme *look, int w, int h, struct problem *problem);

/* Somebody before the camera: head and shoulders, and a code, painted over, where `quad` says. */
void case_mirror(struct mirror *m, bool quad);

/* Of the staff console: somebody who was found, the last records, phones that are signed in. */
void case_person(struct staff_person *p, int16_t event, const char *name, const char *organization, int16_t type,
                 const char *phone);
void case_recent(struct console *c, int16_t event, int64_t now_ms);
void case_phones(struct console *c, struct view *v, int count);

#endif
