/* SPDX-License-Identifier: Apache-2.0
 * What the sheet's sources share among themselves.
 */
#ifndef YINGBIN_TOOLS_SHEET_INNER_H
#define YINGBIN_TOOLS_SHEET_INNER_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#include "tools/yingbin/sheet.h"

struct sheet {
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *pango; /* of these fonts, for this surface */
  struct sheet_fonts *fonts;
  double dots; /* of a picture to the mm; 0: PDF */
  char *title; /* of an SVG, owned; NULL: PDF or PNG */
  char *bytes; /* the PDF or SVG so far, owned */
  size_t len, room;
  bool failed;
};

PangoContext *sheet_fonts_context(struct sheet_fonts *fonts, cairo_t *cr);
PangoFontDescription *sheet_fonts_description(const struct sheet_fonts *fonts, bool bold); /* the caller's to free */

bool sheet_fonts_coloured(PangoFont *font);

/* In millimetres; and what it wrote (with a NUL at its end), made the same for the same drawing. False: out of memory. */
cairo_surface_t *sheet_svg_surface(struct sheet *sheet, cairo_write_func_t take, double w, double h);
bool sheet_svg_tidy(const char *svg, const char *title, char **bytes, size_t *len);

/* A picture as PNG, grey where it has no colour; out of memory is false. */
bool sheet_encode(cairo_surface_t *image, int dpi, char **bytes, size_t *len);

#endif
