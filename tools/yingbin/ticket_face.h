/* SPDX-License-Identifier: Apache-2.0
 * One ticket, as PNG, PDF, SVG or HTML: the event's title and time, the QR code with four modules of
 * quiet zone, under it the name and the ticket type. Measured in dots of 600 to the inch; 1000 wide is
 * 42 mm on a phone. The same face gives the same bytes. One thread.
 */
#ifndef YINGBIN_TOOLS_TICKET_FACE_H
#define YINGBIN_TOOLS_TICKET_FACE_H

#include <qrencode.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct sheet_fonts;

struct ticket_face { /* borrowed texts; NULL and empty ones leave no gap */
  const char *title, *when, *where, *name, *type;
  uint32_t colour;  /* of the type; 0: none */
  const char *code; /* what the QR carries, byte for byte */
  bool issued;      /* a roster code of ours: version 1-Q exactly */
  int64_t when_ms;  /* the date in a PDF */
};

enum {
  TICKET_DPI = 600,
  TICKET_WIDTH = 1000,
  TICKET_CODE_SIDE = 928, /* the code with its quiet zone, at most: 32 dots a module in version 1 */
  TICKET_QUIET = 4,       /* modules */
  TICKET_MARGIN = 48,
  TICKET_TITLE_SIZE = 52,
  TICKET_WHEN_SIZE = 36,
  TICKET_NAME_SIZE = 104,
  TICKET_TYPE_SIZE = 52 /* of the letters */
};

/* The smallest code that holds the text at `level`, then at lower ones; in alphanumeric mode where that is possible.
 * The caller frees it. NULL: it doesn't fit at all. */
QRcode *ticket_qr(const void *bytes, size_t len, QRecLevel level);

/* As for ticket_qr, or the problem: an issued code that isn't version 1, a text that doesn't fit. */
bool ticket_face_qr(const struct ticket_face *face, QRcode **qr, struct problem *problem);

/* A ticket type's colour where white letters are to be read on it: the colour itself or darker; 0 gives ink. */
uint32_t ticket_colour(uint32_t colour);

/* The block is the caller's to free. */
bool ticket_svg(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);
bool ticket_html(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);
bool ticket_png(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);
bool ticket_pdf(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len,
                struct problem *problem); /* A6 */

#endif
