/* SPDX-License-Identifier: Apache-2.0
 * What is printed: pages measured in millimetres from their top left corner, as PDF, or as SVG or a picture
 * of one page. Texts are fitted into their boxes and never cut unasked, in the fonts of assets/fonts.conf alone, so
 * that the same input gives the same bytes on any machine. One thread.
 */
#ifndef YINGBIN_TOOLS_SHEET_H
#define YINGBIN_TOOLS_SHEET_H

#include <qrencode.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct sheet;       /* owned: a document being drawn */
struct sheet_fonts; /* owned: opened once for all documents; outlives them */

struct box {
  double x, y, w, h; /* mm */
};

enum sheet_align { SHEET_LEFT, SHEET_CENTRE, SHEET_RIGHT };

struct lettering {
  double size, least; /* mm of an em; smaller than `least` only where nothing else keeps the text whole */
  int lines;          /* at most; 0: running text, as many as it needs at full size */
  bool bold;
  enum sheet_align align;
  uint32_t colour; /* 0xRRGGBB */
};

enum { SHEET_INK = 0x1c2430, SHEET_SECOND = 0x5b6472, SHEET_FAINT = 0xc9ced6, SHEET_GOOD = 0x1f5c57, SHEET_WHITE = 0xffffff };

bool sheet_fonts_open(struct sheet_fonts **fonts, struct problem *problem);
void sheet_fonts_close(struct sheet_fonts *fonts);

/* The first characters of the text (UTF-8, with blanks between) that no font of the chain has; they are drawn as 〓. False:
 * none. */
bool sheet_lacks(const struct sheet_fonts *fonts, const char *text, char *out, size_t size);

/* `when_ms` is the date in the file: nothing of today is in it. */
bool sheet_pdf(struct sheet_fonts *fonts, const char *title, int64_t when_ms, double w, double h, struct sheet **sheet,
               struct problem *problem);
bool sheet_png(struct sheet_fonts *fonts, double w, double h, int dpi, struct sheet **sheet, struct problem *problem);
/* `title` is for who can't see it. */
bool sheet_svg(struct sheet_fonts *fonts, const char *title, double w, double h, struct sheet **sheet, struct problem *problem);
void sheet_page(struct sheet *sheet); /* ends this page and begins the next; PDF only */

/* The document's bytes, the caller's to free; closes the sheet in any case. sheet NULL: false, the problem stays. */
bool sheet_finish(struct sheet *sheet, char **bytes, size_t *len, struct problem *problem);

void sheet_fill(struct sheet *sheet, struct box box, double radius, uint32_t colour);
void sheet_frame(struct sheet *sheet, struct box box, double radius, double width, uint32_t colour);
void sheet_line(struct sheet *sheet, double x1, double y1, double x2, double y2, double width, uint32_t colour);

/* In the box's middle where `middle` is set, else from its top; returns the height that the text took (0 for an empty one). */
double sheet_text(struct sheet *sheet, struct box box, const struct lettering *lettering, bool middle, const char *text);
/* In the box's middle; what would be smaller than `least` ends in "…" instead: for what isn't needed whole. */
void sheet_text_cut(struct sheet *sheet, struct box box, const struct lettering *lettering, const char *text);
double sheet_text_height(struct sheet *sheet, struct box box, const struct lettering *lettering, const char *text);
double sheet_text_width(struct sheet *sheet, const struct lettering *lettering,
                        const char *text); /* of one line at full size */

enum { SHEET_QUIET = 4 }; /* modules */

/* As large as fits with its quiet zone on white, in whole dots of the picture or of a printer; returns a module's side in mm.
 */
double sheet_qr(struct sheet *sheet, struct box box, const QRcode *qr);

/* A logo, whole and in proportion, at the box's left, middle or right. */
struct sheet_picture;                                                                               /* owned */
bool sheet_picture_read(const char *file, struct sheet_picture **picture, struct problem *problem); /* PNG or JPEG */
void sheet_picture_free(struct sheet_picture *picture);
double sheet_picture_aspect(const struct sheet_picture *picture); /* its width to its height */
double sheet_picture(struct sheet *sheet, struct box box, enum sheet_align align,
                     const struct sheet_picture *picture); /* its width */

#endif
