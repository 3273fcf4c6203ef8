/* SPDX-License-Identifier: Apache-2.0
 * The steps that ask something of desk: what each sheet is for, and what its answer changes. Private to
 * console.c and console_steps.c. Pure.
 */
#ifndef YINGBIN_UI_CONSOLE_STEPS_H
#define YINGBIN_UI_CONSOLE_STEPS_H

#include "ui/console.h"
#include "ui/screens.h"

struct sheet_kind {
  bool types;   /* there is a field */
  bool capital; /* of names */
  bool digits;  /* its keyboard begins with them */
  bool lead;
  void (*enter)(struct console *c, const struct view *v); /* NULL: Enter does nothing */
};

enum { DISK_LEAST_MB = 512 };

extern const struct sheet_kind sheet_kinds[SHEET_COUNT];
extern const int meetup_hours[CONSOLE_REASONS]; /* from now on */

void open_sheet(struct console *c, enum console_sheet sheet);
void leave_sheet(struct console *c);
void show_person(struct console *c, int i);   /* of those found */
void show_recorded(struct console *c, int i); /* of the last records */

/* One thing is done at a time; the last answer to it is said. */
struct staff_request *step_ask(struct console *c, enum staff_kind kind);
void step_ask_text(struct console *c, enum staff_kind kind, const char *text);
void step_say(struct console *c, bool good, const char *key, const char *with);

void step_admit(struct console *c, int count, bool override); /* the person shown; 0: all of the party that isn't in */
void step_admit_shown(struct console *c, const struct view *v);
void step_admit_row(struct console *c, int i);
void step_ask_undo(struct console *c, int i); /* of the last records; -1: the last one of the person shown */
void step_reason(struct console *c, const struct view *v, int i);
void step_begin_walkin(struct console *c);
void step_choose(struct console *c, const struct view *v, int i);

void step_undo(struct console *c, const struct view *v);
void step_name(struct console *c, const struct view *v);
void step_walkin(struct console *c, const struct view *v);
void step_opening(struct console *c, const struct view *v);
void step_pass(struct console *c, const struct view *v);
void step_handover(struct console *c, const struct view *v);
void step_clock(struct console *c, const struct view *v);
void step_withdraw(struct console *c, const struct view *v);
void step_export(struct console *c, const struct view *v);
void step_hub(struct console *c, const struct view *v);
void step_shutdown(struct console *c, const struct view *v);
void step_grant(struct console *c, const struct view *v); /* a phone */
void step_revoke(struct console *c, int i);               /* the i-th phone; -1: all */
void step_pin(struct console *c, const struct view *v);

void step_meetup(struct console *c, const struct view *v, int i);

void write_clock(struct console *c, const struct view *v); /* what it shows now, to be put right */
void take_phones(struct console *c, const struct staff_answer *a);
void tend_phones(struct console *c, const struct view *v);
void take_done(struct console *c, const struct staff_answer *a);

#endif
