/* SPDX-License-Identifier: Apache-2.0
 * The tickets of a folder that was read: pictures, tickets.csv and tickets.xlsx, as `yingbin tickets` writes them.
 */
#ifndef YINGBIN_TOOLS_TICKETS_H
#define YINGBIN_TOOLS_TICKETS_H

#include "tools/yingbin/folder.h"
#include "tools/yingbin/ticket_face.h"

enum { TICKETS_NUMBERS_MAX = 64 };

enum ticket_form { TICKET_PNG, TICKET_SVG, TICKET_PDF, TICKET_HTML, TICKET_FORMS };
extern const char *const ticket_suffix[TICKET_FORMS]; /* "png", ... */

struct tickets_options {
  const char *out; /* made if need be, 0700: who has a ticket's picture has the ticket */
  enum ticket_form form;
  enum lang lang;                          /* of the words that aren't the people's; LANG_COUNT: of the event's title */
  const char *number[TICKETS_NUMBERS_MAX]; /* only these; none: all */
  int numbers;
  bool only_new;  /* whose tickets weren't made before, see sent.h */
  bool all;       /* whose sign-up isn't confirmed, too; by number or batch they get theirs in any case */
  bool practice;  /* of practice.h's people, and of nobody else */
  int batch;      /* those of that batch again; 0: all */
  bool is_signed; /* signed tickets, by `key`, valid until `not_after` (NULL: see sign.h) */
  const char *key, *not_after;
};

struct tickets_made {
  int written;     /* pictures made or found the same */
  int hold_signed; /* left out: they hold a signed ticket, and none was asked for by number */
  int unconfirmed; /* left out: see options' all */
};

/* False: some may be there, tickets.csv is as it was. */
bool tickets_write(struct folder *folder, const struct tickets_options *options, struct tickets_made *made,
                   struct problem *problem);

#endif
