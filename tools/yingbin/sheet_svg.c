/* SPDX-License-Identifier: Apache-2.0
 * A drawing as SVG: letters are outlines, so that it looks the same on machines that lack these fonts.
 * cairo counts all surfaces that a process ever made and names parts of the drawing so; here they are
 * named by their order, and what no reader aloud could find among outlines stands in <title>.
 */
#include <cairo-svg.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/markup.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/sheet_inner.h"

cairo_surface_t *sheet_svg_surface(struct sheet *s, cairo_write_func_t take, double w, double h) {
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream(take, s, w, h);
  cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_MM);
  return surface;
}

/* Behind one of these stands a number of cairo's. */
static size_t name_at(const char *at) {
  static const char *const name[] = {"\"surface", "#surface", "\"image", "#image"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    size_t len = strlen(name[i]);
    if (!strncmp(at, name[i], len) && isdigit((unsigned char)at[len])) return len;
  }
  return 0;
}

struct names {
  long *at; /* owned, in the order of their first use */
  int count;
};

static int ordinal(struct names *names, long number) {
  int i = 0;
  while (i < names->count && names->at[i] != number) i++;
  if (i < names->count) return i + 1;
  names->at = grow(names->at, (size_t)names->count + 1, sizeof *names->at);
  names->at[names->count++] = number;
  return names->count;
}

bool sheet_svg_tidy(const char *svg, const char *title, char **bytes, size_t *len) {
  struct names names = {.count = 0};
  const char *head = strstr(svg, "<svg");
  head = head ? strchr(head, '>') : NULL;
  FILE *out = head ? open_memstream(bytes, len) : NULL;
  if (!out) return false;
  fwrite(svg, 1, (size_t)(head + 1 - svg), out);
  fputs("\n<title>", out);
  markup_put(out, title);
  fputs("</title>", out);
  for (const char *at = head + 1; *at;) {
    size_t name = name_at(at), plain = name ? name : 1;
    if (!name) plain += strcspn(at + 1, "\"#");
    fwrite(at, 1, plain, out);
    at += plain;
    if (!name) continue;
    char *end;
    fprintf(out, "%d", ordinal(&names, strtol(at, &end, 10)));
    at = end;
  }
  free(names.at);
  return !fclose(out);
}
