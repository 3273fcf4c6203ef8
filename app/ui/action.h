/* SPDX-License-Identifier: Apache-2.0
 * What a tap can do: each button is drawn with one of these and an argument (canvas_hit), and what it does
 * is found from what was drawn. The guests' first; the console's behind ACTION_CONSOLE go to console_tap.
 */
#ifndef YINGBIN_UI_ACTION_H
#define YINGBIN_UI_ACTION_H

enum action {
  ACTION_NONE,
  ACTION_PRESENCE, /* "here I am": counts one, where the event has no roster or some come without a code */
  ACTION_LANG,     /* the other language */
  ACTION_NO_CODE,  /* "no QR code?" */
  ACTION_MEETUP,   /* on the spot, where there is no pack */
  ACTION_HEADS,    /* arg: so many of the party have come */
  ACTION_GUEST,    /* further ones of the guests' screens count on from here */

  ACTION_CONSOLE = 100,
  ACTION_CLOSE = ACTION_CONSOLE,
  ACTION_TAB,       /* arg: enum console_tab */
  ACTION_KEY,       /* arg: a character, or enum key_code: of the keyboard on the screen */
  ACTION_FIELD,     /* the field that is typed into: shows the keyboard */
  ACTION_ROW,       /* arg: of the list, in what was answered */
  ACTION_ROW_ADMIT, /* arg: of the list: at once */
  ACTION_PAGE,      /* arg: by so many pages */
  ACTION_BACK,      /* out of what lies over the tab */
  ACTION_DO,        /* what the sheet is for */
  ACTION_DO_ONE,    /* one more of the party */
  ACTION_DO_ANYWAY, /* though a rule refuses */
  ACTION_UNDO,      /* of the person shown; arg: of the list, -1: the one shown */
  ACTION_NAME,      /* corrects it */
  ACTION_WALKIN,
  ACTION_REASON, /* arg: which of the four */
  ACTION_SET,    /* arg: enum console_setting */
  ACTION_SET_LESS,
  ACTION_STEP,   /* arg: enum check: yes, it is so */
  ACTION_CHOOSE, /* arg: of the choices shown */
  ACTION_TONE,   /* plays one */
  ACTION_SHEET,  /* arg: enum console_sheet: opens it */
  ACTION_OLDER,  /* the records before those shown; arg 0: the last ones again */
};

#endif
