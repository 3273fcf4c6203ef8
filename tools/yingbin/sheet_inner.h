/* SPDX-License-Identifier: Apache-2.0
 * What the sheet's sources share among themselves.
 */
#ifndef YINGBIN_TOOLS_SHEET_INNER_H
#define YINGBIN_TOOLS_SHEET_INNER_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "tools/yingbin/sheet.h"

struct sheet {
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *pango; /* of these fonts, for this surface */
  struct sheet_fonts *fonts;
  double dots; /* of a picture to the mm; 0: PDF */
  char *bytes; /* the PDF so far, owned */
  size_t len, room;
  bool failed;
};

PangoContext *sheet_fonts_context(struct sheet_fonts *fonts, cairo_t *cr);
PangoFontDescription *sheet_fonts_description(const struct sheet_fonts *fonts, bool bold); /* the caller's to free */

bool sheet_fonts_coloured(PangoFont *font);

/* A picture as PNG, grey where it has no colour; out of memory is false. */
bool sheet_encode(cairo_surface_t *image, int dpi, char **bytes, size_t *len);

#endif
