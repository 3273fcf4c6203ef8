/* SPDX-License-Identifier: Apache-2.0
 * One ticket's picture, as PNG or SVG: the event's title, the QR code with four modules of quiet zone,
 * under it the name and the ticket type. Measured in dots of 600 to the inch; 1000 wide is 42 mm. The
 * same face gives the same bytes. One thread.
 */
#ifndef YINGBIN_TOOLS_TICKET_FACE_H
#define YINGBIN_TOOLS_TICKET_FACE_H

#include <qrencode.h>
#include <stddef.h>

#include "base/problem.h"

struct ticket_face { /* borrowed texts; empty ones leave no gap */
  const char *title, *name, *type;
  const char *code; /* what the QR carries, byte for byte */
  bool issued;      /* a roster code of ours: version 1-Q exactly */
};

enum {
  TICKET_DPI = 600,
  TICKET_WIDTH = 1000,
  TICKET_CODE_SIDE = 928, /* the code with its quiet zone, at most: 32 dots a module in version 1 */
  TICKET_QUIET = 4,       /* modules */
  TICKET_MARGIN = 48,
  TICKET_TITLE_SIZE = 52,
  TICKET_NAME_SIZE = 104,
  TICKET_TYPE_SIZE = 52 /* of the letters */
};

/* The smallest code that holds the text at `level`, then at lower ones; in alphanumeric mode where that is possible.
 * The caller frees it. NULL: it doesn't fit at all. */
QRcode *ticket_qr(const void *bytes, size_t len, QRecLevel level);

/* As for ticket_qr, or the problem: an issued code that isn't version 1, a text that doesn't fit. */
bool ticket_face_qr(const struct ticket_face *face, QRcode **qr, struct problem *problem);

/* The block is the caller's to free. */
bool ticket_svg(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);

struct ticket_pen; /* owned: fonts, opened once for all tickets */
bool ticket_pen_open(struct ticket_pen **pen, struct problem *problem);
void ticket_pen_close(struct ticket_pen *pen);
bool ticket_png(struct ticket_pen *pen, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);

#endif
