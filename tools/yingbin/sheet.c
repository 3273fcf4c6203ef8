/* SPDX-License-Identifier: Apache-2.0
 * Pages, shapes and codes. A code is one path of whole modules: on a picture each module has whole dots,
 * in a PDF nothing of it is a picture.
 */
#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/yingbin/sheet_inner.h"

static const double page_unit = 72 / 25.4;

#ifdef __SANITIZE_ADDRESS__
/* cairo 1.16 loses 768 bytes for each font of a PDF that has PostScript outlines. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libcairo.so\n"; }
#endif

#ifdef __SANITIZE_THREAD__
/* pango loads fonts by a thread of its own; how it and fontconfig keep apart TSan can't see in libraries that it didn't build.
 */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) { return "race:libfontconfig.so\nrace:libpango\nrace:libglib-2.0.so\n"; }
#endif

static cairo_status_t take(void *self, const unsigned char *data, unsigned len) {
  struct sheet *s = self;
  if (s->len + len > s->room) {
    size_t room = (s->len + len) * 2;
    char *bytes = realloc(s->bytes, room);
    if (!bytes) return CAIRO_STATUS_NO_MEMORY;
    s->bytes = bytes;
    s->room = room;
  }
  memcpy(s->bytes + s->len, data, len);
  s->len += len;
  return CAIRO_STATUS_SUCCESS;
}

static bool begin(struct sheet_fonts *fonts, struct sheet *s, double scale, struct sheet **out, struct problem *problem) {
  s->fonts = fonts;
  s->cr = cairo_create(s->surface);
  cairo_scale(s->cr, scale, scale);
  s->pango = sheet_fonts_context(fonts, s->cr);
  *out = s;
  if (cairo_status(s->cr) == CAIRO_STATUS_SUCCESS) return true;
  sheet_finish(s, NULL, NULL, NULL);
  *out = NULL;
  problem_set(problem, "内存不足", "out of memory");
  return false;
}

bool sheet_pdf(struct sheet_fonts *fonts, const char *title, int64_t when_ms, double w, double h, struct sheet **out,
               struct problem *problem) {
  struct sheet *s = calloc(1, sizeof *s);
  char date[32];
  struct tm tm;
  time_t when = (time_t)(when_ms / 1000);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  s->surface = cairo_pdf_surface_create_for_stream(take, s, w * page_unit, h * page_unit);
  strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &tm));
  cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, title);
  return begin(fonts, s, page_unit, out, problem);
}

bool sheet_png(struct sheet_fonts *fonts, double w, double h, int dpi, struct sheet **out, struct problem *problem) {
  struct sheet *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  s->dots = dpi / 25.4;
  s->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(w * s->dots), (int)lround(h * s->dots));
  if (!begin(fonts, s, s->dots, out, problem)) return false;
  cairo_set_source_rgb(s->cr, 1, 1, 1);
  cairo_paint(s->cr);
  return true;
}

bool sheet_svg(struct sheet_fonts *fonts, const char *title, double w, double h, struct sheet **out, struct problem *problem) {
  struct sheet *s = calloc(1, sizeof *s);
  if (s) s->title = strdup(title);
  if (!s || !s->title) return free(s), problem_set(problem, "内存不足", "out of memory");
  s->surface = sheet_svg_surface(s, take, w, h);
  if (!begin(fonts, s, 1, out, problem)) return false;
  sheet_fill(s, (struct box){0, 0, w, h}, 0, SHEET_WHITE);
  return true;
}

void sheet_page(struct sheet *s) { cairo_show_page(s->cr); }

bool sheet_finish(struct sheet *s, char **bytes, size_t *len, struct problem *problem) {
  if (!s) return false;
  bool good = cairo_status(s->cr) == CAIRO_STATUS_SUCCESS && bytes != NULL;
  if (good && s->dots > 0) {
    good = sheet_encode(s->surface, (int)lround(s->dots * 25.4), bytes, len);
  } else if (good) {
    cairo_surface_finish(s->surface);
    good = cairo_surface_status(s->surface) == CAIRO_STATUS_SUCCESS && take(s, (const unsigned char *)"", 1) == 0;
    if (good && s->title) {
      good = sheet_svg_tidy(s->bytes, s->title, bytes, len);
    } else if (good) {
      *bytes = s->bytes;
      *len = s->len - 1; /* without the NUL */
      s->bytes = NULL;
    }
  }
  g_object_unref(s->pango);
  cairo_destroy(s->cr);
  cairo_surface_destroy(s->surface);
  free(s->bytes);
  free(s->title);
  free(s);
  return good || problem_set(problem, "内存不足，或图太大", "out of memory, or too large a drawing");
}

static void ink(struct sheet *s, uint32_t colour) {
  cairo_set_source_rgb(s->cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

static void outline(struct sheet *s, struct box b, double r) {
  cairo_new_path(s->cr);
  if (r <= 0) {
    cairo_rectangle(s->cr, b.x, b.y, b.w, b.h);
    return;
  }
  cairo_arc(s->cr, b.x + b.w - r, b.y + r, r, -M_PI / 2, 0);
  cairo_arc(s->cr, b.x + b.w - r, b.y + b.h - r, r, 0, M_PI / 2);
  cairo_arc(s->cr, b.x + r, b.y + b.h - r, r, M_PI / 2, M_PI);
  cairo_arc(s->cr, b.x + r, b.y + r, r, M_PI, 3 * M_PI / 2);
  cairo_close_path(s->cr);
}

void sheet_fill(struct sheet *s, struct box box, double radius, uint32_t colour) {
  ink(s, colour);
  outline(s, box, radius);
  cairo_fill(s->cr);
}

void sheet_frame(struct sheet *s, struct box box, double radius, double width, uint32_t colour) {
  ink(s, colour);
  outline(s, box, radius);
  cairo_set_line_width(s->cr, width);
  cairo_stroke(s->cr);
}

void sheet_line(struct sheet *s, double x1, double y1, double x2, double y2, double width, uint32_t colour) {
  ink(s, colour);
  cairo_set_line_width(s->cr, width);
  cairo_move_to(s->cr, x1, y1);
  cairo_line_to(s->cr, x2, y2);
  cairo_stroke(s->cr);
}

static bool dark(const QRcode *qr, int x, int y) {
  return x >= 0 && y >= 0 && x < qr->width && y < qr->width && qr->data[y * qr->width + x] & 1;
}

/* Round one dark area with the dark on the right hand, from a top left corner; `seen` marks the tops walked along.
 * Ink spreads and renderers paint what an edge touches: the outline keeps inside by `inset` modules. */
static void outline_of(cairo_t *cr, const QRcode *qr, int x, int y, double inset, bool *seen) {
  static const struct {
    int dx, dy, right_x, right_y, left_x, left_y; /* a step, and the modules ahead on both hands */
  } way[] = {{1, 0, 0, 0, 0, -1}, {0, 1, -1, 0, 0, 0}, {-1, 0, -1, -1, -1, 0}, {0, -1, 0, -1, -1, -1}};
  int from_x = x, from_y = y, d = 0;
  cairo_new_sub_path(cr);
  do {
    if (d == 0) seen[y * qr->width + x] = true;
    x += way[d].dx;
    y += way[d].dy;
    int before = d;
    if (!dark(qr, x + way[d].right_x, y + way[d].right_y))
      d = (d + 1) % 4;
    else if (dark(qr, x + way[d].left_x, y + way[d].left_y))
      d = (d + 3) % 4;
    if (d != before) /* the right hand of a step is the step turned: (-dy, dx) */
      cairo_line_to(cr, x - inset * (way[before].dy + way[d].dy), y + inset * (way[before].dx + way[d].dx));
  } while (x != from_x || y != from_y || d != 0);
  cairo_close_path(cr);
}

/* Areas are outlined as wholes: modules that only lie side by side show seams in some viewers. */
static void outlines(cairo_t *cr, const QRcode *qr, double inset) {
  bool *seen = calloc((size_t)qr->width * (size_t)qr->width, sizeof *seen);
  if (!seen) abort();
  cairo_new_path(cr);
  for (int y = 0; y < qr->width; y++)
    for (int x = 0; x < qr->width; x++)
      if (dark(qr, x, y) && !dark(qr, x, y - 1) && !seen[y * qr->width + x]) outline_of(cr, qr, x, y, inset, seen);
  free(seen);
}

/* Whole dots of 150 to the inch are whole dots of every printer (300, 600, 1200), so that no module comes out wider
 * than its neighbour, and all codes of a page look the same to a reader; small modules take 600. */
static double printer_dots(double module) { return (module * 150 / 25.4 >= 3 ? 150 : 600) / 25.4; }

double sheet_qr(struct sheet *s, struct box box, const QRcode *qr) {
  int all = qr->width + 2 * SHEET_QUIET;
  double side = box.w < box.h ? box.w : box.h, module = side / all;
  double dots = s->dots > 0 ? s->dots : printer_dots(module);
  module = floor(module * dots + 1e-6) / dots;
  double x = box.x + (box.w - module * qr->width) / 2, y = box.y + (box.h - module * qr->width) / 2,
         quiet = module * SHEET_QUIET;
  x = round(x * dots) / dots;
  y = round(y * dots) / dots;
  sheet_fill(s, (struct box){x - quiet, y - quiet, module * all, module * all}, 0, SHEET_WHITE);
  cairo_save(s->cr);
  cairo_set_antialias(s->cr, CAIRO_ANTIALIAS_NONE);
  cairo_translate(s->cr, x, y);
  cairo_scale(s->cr, module, module);
  outlines(s->cr, qr, s->dots > 0 ? 0 : 0.005 / module);
  cairo_set_source_rgb(s->cr, 0, 0, 0);
  cairo_fill(s->cr);
  cairo_restore(s->cr);
  return module;
}
