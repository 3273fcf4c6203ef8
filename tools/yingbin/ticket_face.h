/* SPDX-License-Identifier: Apache-2.0
 * One ticket, as PNG, PDF, SVG or HTML: the event's title and time, the QR code with four modules of
 * quiet zone, under it the name, the ticket type and how many it is for; a band on top marks what isn't
 * a real one. Measured in dots of 600 to the inch: 1000 wide is 42 mm on a phone. The same face gives
 * the same bytes. One thread.
 */
#ifndef YINGBIN_TOOLS_TICKET_FACE_H
#define YINGBIN_TOOLS_TICKET_FACE_H

#include <qrencode.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "core/types.h"

struct sheet_fonts;

struct ticket_face { /* borrowed texts; NULL and empty ones leave no gap */
  const char *mark, *title, *when, *where, *name, *type, *party;
  enum lang lang;   /* of these texts but the name */
  uint32_t colour;  /* of the type; 0: none */
  const char *code; /* what the QR carries, byte for byte */
  bool issued;      /* a roster code of ours: version 1-Q exactly */
  int64_t when_ms;  /* the date in a PDF */
};

/* The smallest code that holds the text at `level`, then at lower ones; in alphanumeric mode where that is possible.
 * The caller frees it. NULL: it doesn't fit at all. */
QRcode *ticket_qr(const void *bytes, size_t len, QRecLevel level);

/* As for ticket_qr, or the problem: an issued code that isn't version 1, a text that doesn't fit. */
bool ticket_face_qr(const struct ticket_face *face, QRcode **qr, struct problem *problem);

/* A ticket type's colour where white letters are to be read on it: the colour itself or darker; 0 gives ink. */
uint32_t ticket_colour(uint32_t colour);

/* The block is the caller's to free. */
bool ticket_html(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);
bool ticket_png(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);
bool ticket_svg(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem);
bool ticket_pdf(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len,
                struct problem *problem); /* A6 */

#endif
