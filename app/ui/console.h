/* SPDX-License-Identifier: Apache-2.0
 * The staff console as a value: which tab, what lies over it, what was typed, what desk answered last.
 * Taps, keys and answers are pure steps on it; what they ask of desk is taken with console_request. How
 * it looks is console_draw.h. Ui thread; no clock: the time is the view's.
 */
#ifndef YINGBIN_UI_CONSOLE_H
#define YINGBIN_UI_CONSOLE_H

#include "core/notice.h"
#include "core/staff.h"
#include "ui/keyboard.h"
#include "ui/strings.h"

struct view;

enum console_tab { TAB_SEARCH, TAB_RECENT, TAB_TODAY, TAB_HEALTH, TAB_SETTINGS, TAB_COUNT };

enum console_sheet { /* what lies over a tab */
                     SHEET_NONE,
                     SHEET_PERSON,
                     SHEET_UNDO,
                     SHEET_NAME,
                     SHEET_WALKIN,
                     SHEET_OPENING,
                     SHEET_PASS, /* why the day begins though something isn't green */
                     SHEET_HANDOVER,
                     SHEET_STATION,
                     SHEET_GROUP,
                     SHEET_CLOCK,
                     SHEET_WITHDRAW,
                     SHEET_EXPORT,
                     SHEET_PHONE,
                     SHEET_SHUTDOWN,
                     SHEET_PIN,
                     SHEET_MEETUP,
                     SHEET_HUB,
                     SHEET_COUNT
};

enum console_key { CONSOLE_ENTER, CONSOLE_ESCAPE, CONSOLE_BACKSPACE, CONSOLE_NEXT, CONSOLE_PREVIOUS, CONSOLE_TAB_KEY };
enum console_setting { SETTING_MIRROR, SETTING_VOLUME, SETTING_LANG };
enum { CONSOLE_REASONS = 4 };

struct console_kept { /* beyond the console's closing */
  bool mirror_off;
  int volume;
  enum lang lang;
  int16_t station; /* that desk serves now; -1: as before */
};

struct console {
  const struct strings *strings; /* borrowed: a reason's words go to the journal */
  struct notice_operator who;
  bool locked; /* nobody yet: the PIN, or a meetup on the spot */
  bool closes; /* wants to be closed */
  enum console_tab tab;
  enum console_sheet sheet, below; /* below: where back leads */
  char query[TEXT_MAX], field[TEXT_MAX];
  int page, selected; /* of the list shown; selected -1: by nobody */
  bool keys_hidden;   /* there is a real keyboard */
  enum keys_page keys;
  bool enter_waits;      /* for the search's answer */
  bool clock_yes, heard; /* opening check */

  struct staff_person person; /* PERSON, NAME; UNDO: */
  struct staff_record record;
  struct verdict refused;             /* PERSON: why not */
  bool may_override, lead_may;        /* what a rule refuses: with this card, with a lead's */
  char said[40], said_with[TEXT_MAX]; /* key of what the last request came to, and what is put in; empty: nothing */
  bool said_good;

  struct staff_answer found, recent, today, sticks, phones;
  struct staff_answer theirs;                 /* the records of the person shown */
  struct staff_answer cards;                  /* those that open nothing here */
  int64_t before;                             /* recent: those before that record; 0: the last ones */
  uint32_t sticks_known;                      /* as often had sticks come and gone, when they were last asked for */
  int phones_known;                           /* so many are signed in, when they were last asked for */
  uint32_t serial, search_serial, act_serial; /* of the last request, the newest search, and what is being done (0: nothing) */
  uint32_t theirs_serial;
  uint32_t want; /* bit i: enum staff_kind to be asked when there is room */
  bool acts, want_theirs;
  struct staff_request act;
  struct console_kept kept;
};

void console_init(struct console *c, const struct strings *strings, enum lang lang);
void console_open(struct console *c, const struct view *v,
                  const struct notice_operator *who); /* NULL: the PIN is asked first */
void console_open_meetup(struct console *c);
void console_close(struct console *c); /* wipes all but what is kept */

void console_tap(struct console *c, const struct view *v, int action, int arg);
void console_text(struct console *c, const struct view *v, const char *utf8);
void console_key(struct console *c, const struct view *v, enum console_key key);
void console_untype(struct console *c, int characters); /* a hand scanner typed them */
void console_answer(struct console *c, const struct view *v, const struct staff_answer *answer);
void console_tend(struct console *c, const struct view *v);         /* what is to be asked, as the view has changed */
void console_noticed(struct console *c);                            /* somebody was scanned */
bool console_request(struct console *c, struct staff_request *out); /* the next one to be sent; false: none */

bool console_lead(const struct console *c);
bool console_waits(const struct console *c, int action); /* for the last answer: this button does nothing till then */
bool console_types(const struct console *c);             /* there is a field to type into */
/* To undo: of the person shown; NULL: none. */
const struct staff_record *console_record_of(const struct console *c, const struct staff_person *p);
const struct event *console_event(const struct view *v); /* NULL: without a pack */
bool console_sees(const struct view *v);
bool console_unsent_is_old(const struct view *v); /* of another day */

/* What has to be green before a day begins. */
enum check { CHECK_STATION, CHECK_CLOCK, CHECK_CAMERA, CHECK_SOUND, CHECK_DISK, CHECK_PACK, CHECK_UNSENT, CHECK_COUNT };
bool console_green(const struct console *c, const struct view *v, enum check check);
bool console_all_green(const struct console *c, const struct view *v);

#endif
