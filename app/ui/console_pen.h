/* SPDX-License-Identifier: Apache-2.0
 * What the console's screens are drawn with: boxes cut from boxes, texts that fit them in a few styles,
 * buttons that record what they do. Measures in hundredths of the screen's short side. Pure. A touch target is at least
 * TOUCH high and wide: 9 mm on a panel of seven inches.
 */
#ifndef YINGBIN_UI_CONSOLE_PEN_H
#define YINGBIN_UI_CONSOLE_PEN_H

#include "ui/action.h"
#include "ui/console.h"
#include "ui/page.h"

#define TOUCH 10.0
#define GAP 1.0

struct pen {
  const struct stage *stage;
  struct canvas *canvas;
  const struct view *v;
  const struct console *c;
  const struct event *event; /* NULL: without a pack */
  enum lang lang;
  double u; /* pixels of a hundredth */
};

enum style { /* of a text */
             STYLE_TITLE,
             STYLE_NAME,
             STYLE_BODY,
             STYLE_SMALL,
             STYLE_NUMBER,
             STYLE_LABEL,
             STYLE_VALUE,
             STYLE_TINY,
             STYLE_FIELD,
             STYLE_BIG,
             STYLE_COUNT
};

enum button { BUTTON_PLAIN, BUTTON_MAIN, BUTTON_CARE, BUTTON_KEY, BUTTON_OFF /* drawn, but dead */ };

struct box cut_top(const struct pen *p, struct box *rest, double h); /* and a gap behind it */
struct box cut_bottom(const struct pen *p, struct box *rest, double h);
struct box cut_left(const struct pen *p, struct box *rest, double w);
struct box cut_right(const struct pen *p, struct box *rest, double w);
struct box part_of(const struct pen *p, struct box box, int i, int of, bool across); /* the i-th of equal parts with gaps */
struct box inset(const struct pen *p, struct box box, double by);
double units(const struct pen *p, int pixels);
int pixels(const struct pen *p, double units);

/* The style's colour, or another one. */
void pen_text(const struct pen *p, struct box in, const char *text, enum style style);
void pen_text_in(const struct pen *p, struct box in, const char *text, enum style style, enum colour colour);
void pen_card(const struct pen *p, struct box box);
void pen_button(const struct pen *p, struct box box, const char *label, enum button kind, int action, int arg);
/* At the end of a card, within its border; the whole of the box can be hit. */
void pen_button_in(const struct pen *p, struct box box, const char *label, enum button kind, int action, int arg);
enum light { LIGHT_CARE, LIGHT_GOOD, LIGHT_UNKNOWN };                 /* of a bool: it is good */
void pen_light(const struct pen *p, struct box in, enum light light); /* in the middle of the box */
void pen_field(const struct pen *p, struct box box, const char *text, const char *hint, bool secret);
void pen_keys(const struct pen *p, struct box box);
double pen_keys_height(const struct pen *p);        /* 0: it isn't shown */
void pen_said(const struct pen *p, struct box box); /* what the last request came to */

/* ‹ 2/3 › where there is more than a page. Returns the page shown. */
int pen_pager(const struct pen *p, struct box box, int count, int each);

void pen_time(const struct pen *p, int64_t wall_ms, char *out, size_t size); /* "14:32"; with the date where not today */
void pen_date(const struct pen *p, int64_t wall_ms, char *out, size_t size); /* 2023-10-28 08:41 */
const char *pen_type(const struct pen *p, int type);                         /* a ticket type's label */
const char *pen_care(const struct pen *p, const char *attention); /* what an attendee's attention says; a note is itself */

#define WORDS(p, out, ...) strings_put((p)->stage->strings, (p)->lang, out, sizeof(out), __VA_ARGS__, NULL)

#endif
