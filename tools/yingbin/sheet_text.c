/* SPDX-License-Identifier: Apache-2.0
 * Text in a box: on as few lines as let it stay large, made smaller until it is whole. A name breaks at
 * blanks and behind middle dots, between characters only where that keeps it much larger; words stay whole.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "tools/yingbin/sheet_inner.h"

static const double page_unit = 72 / 25.4; /* points to the mm */

/* Controls and what turns the direction of all that follows have no place on paper; what no font has is shown as 〓. */
static char *shown(const struct sheet_fonts *fonts, const char *text) {
  char *out = malloc(strlen(text) * 3 + 1), *to = out, lacks[64];
  if (!out) abort();
  for (const uint8_t *at = (const uint8_t *)text, *next; *at; at = next) {
    ucs4_t c;
    next = u8_next(&c, at);
    if (!next) break;
    char one[8] = "";
    memcpy(one, at, (size_t)(next - at));
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) continue;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) strcpy(one, " ");
    if (sheet_lacks(fonts, one, lacks, sizeof lacks)) strcpy(one, "〓");
    to = stpcpy(to, one);
  }
  *to = '\0';
  return out;
}

static PangoLayout *lay(struct sheet *s, const struct lettering *l, const char *text) {
  PangoLayout *layout = pango_layout_new(s->pango);
  PangoFontDescription *d = sheet_fonts_description(s->fonts, l->bold);
  pango_font_description_set_absolute_size(d, l->size * page_unit * PANGO_SCALE);
  pango_layout_set_font_description(layout, d);
  pango_font_description_free(d);
  pango_layout_set_text(layout, text, -1);
  pango_layout_set_auto_dir(layout, TRUE);
  pango_layout_set_line_spacing(layout, 0.88F);
  bool rtl = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL; /* Pango's left is where lines begin */
  pango_layout_set_alignment(layout, l->align == SHEET_CENTRE          ? PANGO_ALIGN_CENTER
                                     : (l->align == SHEET_LEFT) != rtl ? PANGO_ALIGN_LEFT
                                                                       : PANGO_ALIGN_RIGHT);
  return layout;
}

static void set_size(PangoLayout *layout, double mm) {
  PangoFontDescription *d = pango_font_description_copy(pango_layout_get_font_description(layout));
  pango_font_description_set_absolute_size(d, mm * page_unit * PANGO_SCALE);
  pango_layout_set_font_description(layout, d);
  pango_font_description_free(d);
}

/* Where a text may be broken into lines: between words (at blanks and behind middle dots); wherever its script allows,
 * as between two Chinese characters; inside a word. */
enum breaks { BREAK_BLANKS, BREAK_SCRIPT, BREAK_ANY };

/* Bytes of what this text begins with, if lines may end behind it; `wide`: if it is a letter of full width, which the
 * rules of line breaking take for an ideograph. */
static size_t dot_at(const char *at) {
  static const char *const dot[] = {"·", "・", "‧", "•"};
  for (size_t i = 0; i < sizeof dot / sizeof *dot; i++)
    if (!strncmp(at, dot[i], strlen(dot[i]))) return strlen(dot[i]);
  return 0;
}
static bool wide_letter(const char *at) { /* U+FF10 to U+FF5A */
  const unsigned char *b = (const unsigned char *)at;
  return b[0] == 0xEF && ((b[1] == 0xBC && b[2] >= 0x90) || (b[1] == 0xBD && b[2] <= 0x9A));
}

static void hold(PangoAttrList *list, const char *text, const char *from, const char *to) {
  PangoAttribute *a = pango_attr_allow_breaks_new(FALSE);
  a->start_index = (guint)(from - text);
  a->end_index = (guint)(to - text);
  if (to > from)
    pango_attr_list_insert(list, a);
  else
    pango_attribute_destroy(a);
}

/* What may not be broken holds together; where something is broken in spite of all, no hyphen is put in. */
static void hold_together(PangoLayout *layout, enum breaks breaks) {
  PangoAttrList *list = pango_attr_list_new();
  const char *text = pango_layout_get_text(layout), *from = text;
  for (const char *at = text, *next; breaks != BREAK_ANY; at = next) {
    size_t dot = breaks == BREAK_BLANKS ? dot_at(at) : 0;
    next = *at ? g_utf8_next_char(at) : at;
    if (breaks == BREAK_BLANKS ? *at && *at != ' ' && !dot : wide_letter(at)) continue;
    hold(list, text, from, at + (dot ? dot - 1 : 0));
    if (!*at) break;
    from = next;
  }
  pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
  pango_layout_set_attributes(layout, list);
  pango_attr_list_unref(list);
}

static bool fits(PangoLayout *layout, struct box box, int lines, double size) {
  PangoRectangle extent, ink;
  set_size(layout, size);
  pango_layout_get_extents(layout, &ink, &extent);
  int height = lines == 1 ? ink.height : extent.height; /* some scripts' lines are far apart */
  return pango_layout_get_line_count(layout) <= lines && extent.width <= box.w * page_unit * PANGO_SCALE &&
         (box.h <= 0 || height <= box.h * page_unit * PANGO_SCALE);
}

/* The largest size, at most `most`, at which the text is on so many lines in the box. */
static double largest(PangoLayout *layout, struct box box, int lines, double most) {
  double low = 0, high = most;
  if (fits(layout, box, lines, most)) return most;
  for (int i = 0; i < 12; i++) {
    double size = (low + high) / 2;
    if (fits(layout, box, lines, size))
      low = size;
    else
      high = size;
  }
  return low;
}

struct fit {
  double size, worth;
  int lines;
  enum breaks breaks;
};

static void apply(PangoLayout *layout, struct box box, const struct fit *fit) {
  hold_together(layout, fit->breaks);
  pango_layout_set_width(layout, (int)(box.w * page_unit * PANGO_SCALE));
  pango_layout_set_wrap(layout, fit->breaks == BREAK_ANY ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD);
  set_size(layout, fit->size);
}

/* A larger size that needs more lines, or breaks between characters, must be worth it. A word is broken only where
 * its letters would be too small to read. */
static double worth_of(const struct fit *fit, const struct lettering *l) {
  static const double dearer = 0.78, readable = 0.6; /* of `least` */
  double worth = fit->size * (fit->breaks == BREAK_SCRIPT ? dearer : fit->breaks == BREAK_ANY ? 0.1 : 1);
  for (int i = 1; i < fit->lines; i++) worth *= dearer;
  if (fit->size < l->least) worth *= 0.5;
  return fit->size < l->least * readable ? worth * 0.05 : worth;
}

/* Lines of about one length: as narrow as they can be without becoming more. */
static void balance(PangoLayout *layout, struct box box) {
  int lines = pango_layout_get_line_count(layout), wide = (int)(box.w * page_unit * PANGO_SCALE), narrow = wide / lines;
  if (lines < 2) return;
  for (int i = 0; i < 10; i++) {
    int width = (narrow + wide) / 2;
    PangoRectangle extent;
    pango_layout_set_width(layout, width);
    pango_layout_get_extents(layout, NULL, &extent);
    if (pango_layout_get_line_count(layout) == lines && extent.width <= width)
      wide = width;
    else
      narrow = width;
  }
  pango_layout_set_width(layout, wide);
}

static PangoLayout *fitted(struct sheet *s, struct box box, const struct lettering *l, bool cut, const char *text) {
  char *clean = shown(s->fonts, text);
  PangoLayout *layout = lay(s, l, clean);
  struct fit best = {.size = l->size, .breaks = BREAK_ANY};
  free(clean);
  for (int lines = 1; lines <= l->lines; lines++)
    for (enum breaks breaks = BREAK_BLANKS; breaks <= (lines > 1 ? BREAK_ANY : BREAK_BLANKS); breaks++) {
      struct fit fit = {.lines = lines, .breaks = breaks};
      apply(layout, box, &(struct fit){l->size, 0, lines, breaks});
      fit.size = largest(layout, box, lines, l->size);
      fit.worth = worth_of(&fit, l);
      if (fit.worth > best.worth) best = fit;
    }
  if (cut && best.size < l->least) {
    best = (struct fit){.size = l->least, .breaks = BREAK_ANY};
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout, -l->lines);
  }
  apply(layout, box, &best);
  if (l->lines && !pango_layout_is_ellipsized(layout)) balance(layout, box);
  return layout;
}

/* How far the layout is from the box's left edge. */
static double aside(PangoLayout *layout, struct box box, enum sheet_align align) {
  double room = box.w - pango_layout_get_width(layout) / page_unit / PANGO_SCALE;
  return align == SHEET_LEFT ? 0 : align == SHEET_CENTRE ? room / 2 : room;
}

/* Colour glyphs are pictures, of which cairo makes one of 72 dots to the inch in a PDF: drawn finer here. */
static void show_colour(struct sheet *s, PangoLayoutRun *run, double x, double y) {
  static const double finer = 600.0 / 72;
  PangoRectangle all;
  pango_glyph_string_extents(run->glyphs, run->item->analysis.font, NULL, &all);
  double em = (double)all.height / PANGO_SCALE, w = (double)all.width / PANGO_SCALE;
  cairo_surface_t *image =
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil((w + em) * finer), (int)ceil(2 * em * finer));
  cairo_t *cr = cairo_create(image);
  cairo_scale(cr, finer, finer);
  cairo_move_to(cr, em / 2, 1.5 * em);
  pango_cairo_show_glyph_string(cr, run->item->analysis.font, run->glyphs);
  cairo_destroy(cr);
  cairo_save(s->cr);
  cairo_translate(s->cr, x - em / 2, y - 1.5 * em);
  cairo_scale(s->cr, 1 / finer, 1 / finer);
  cairo_set_source_surface(s->cr, image, 0, 0);
  cairo_paint(s->cr);
  cairo_restore(s->cr);
  cairo_surface_destroy(image);
}

static void show(struct sheet *s, PangoLayout *layout, double x, double y) {
  PangoLayoutIter *at = pango_layout_get_iter(layout);
  do {
    PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
    PangoRectangle place;
    if (!run) continue;
    pango_layout_iter_get_run_extents(at, NULL, &place);
    double run_x = x + (double)place.x / PANGO_SCALE, run_y = y + (double)pango_layout_iter_get_baseline(at) / PANGO_SCALE;
    cairo_move_to(s->cr, run_x, run_y);
    if (s->dots > 0 || !sheet_fonts_coloured(run->item->analysis.font))
      pango_cairo_show_glyph_item(s->cr, pango_layout_get_text(layout), run);
    else
      show_colour(s, run, run_x, run_y);
  } while (pango_layout_iter_next_run(at));
  pango_layout_iter_free(at);
}

/* Fonts of some scripts keep lines far apart: what of such a line's height is empty beyond the usual, in mm. */
static double spare(PangoLayout *layout, double *above) {
  static const double tall = 1.6, usual = 0.3; /* ems */
  double em = pango_font_description_get_size(pango_layout_get_font_description(layout)), mm = 1 / page_unit / PANGO_SCALE;
  PangoRectangle ink, extent;
  pango_layout_get_extents(layout, &ink, &extent);
  *above = 0;
  if (pango_layout_get_line_count(layout) > 1 || extent.height < tall * em) return 0;
  *above = fmax(0, ink.y - usual * em) * mm;
  return *above + fmax(0, extent.height - ink.y - ink.height - usual * em) * mm;
}

static double height_of(PangoLayout *layout) {
  double above;
  PangoRectangle extent;
  pango_layout_get_extents(layout, NULL, &extent);
  return extent.height / page_unit / PANGO_SCALE - spare(layout, &above);
}

/* How far a line in the box's middle moves so that its ink is within: some scripts reach far above or below. */
static double into_box(PangoLayout *layout, double top, double height) {
  PangoRectangle ink;
  pango_layout_get_extents(layout, &ink, NULL);
  double first = top + ink.y / page_unit / PANGO_SCALE, last = first + ink.height / page_unit / PANGO_SCALE;
  return first >= 0 && last <= height ? 0 : (height - first - last) / 2;
}

static double put(struct sheet *s, struct box box, const struct lettering *l, bool middle, PangoLayout *layout) {
  double height = height_of(layout), top = middle ? box.y + (box.h - height) / 2 : box.y, above;
  spare(layout, &above);
  top -= above;
  if (middle) top += into_box(layout, top - box.y, box.h);
  cairo_save(s->cr);
  cairo_set_source_rgb(s->cr, (l->colour >> 16 & 255) / 255.0, (l->colour >> 8 & 255) / 255.0, (l->colour & 255) / 255.0);
  cairo_scale(s->cr, 1 / page_unit, 1 / page_unit);
  show(s, layout, (box.x + aside(layout, box, l->align)) * page_unit, top * page_unit);
  cairo_restore(s->cr);
  g_object_unref(layout);
  return height;
}

double sheet_text(struct sheet *s, struct box box, const struct lettering *l, bool middle, const char *text) {
  return *text ? put(s, box, l, middle, fitted(s, box, l, false, text)) : 0;
}

void sheet_text_cut(struct sheet *s, struct box box, const struct lettering *l, const char *text) {
  if (*text) put(s, box, l, true, fitted(s, box, l, true, text));
}

double sheet_text_height(struct sheet *s, struct box box, const struct lettering *l, const char *text) {
  if (!*text) return 0;
  PangoLayout *layout = fitted(s, box, l, false, text);
  double height = height_of(layout);
  g_object_unref(layout);
  return height;
}

double sheet_text_width(struct sheet *s, const struct lettering *l, const char *text) {
  PangoRectangle extent;
  if (!*text) return 0;
  char *clean = shown(s->fonts, text);
  PangoLayout *layout = lay(s, l, clean);
  free(clean);
  pango_layout_get_extents(layout, NULL, &extent);
  g_object_unref(layout);
  return extent.width / page_unit / PANGO_SCALE;
}
