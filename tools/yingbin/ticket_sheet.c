/* SPDX-License-Identifier: Apache-2.0
 * The ticket drawn with our own fonts: as a picture for phones, as high as its texts need, in dots or in
 * outlines, and the same on a page of A6.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/yingbin/sheet.h"
#include "tools/yingbin/ticket_face.h"

enum {
  DPI = 600,
  WIDTH = 1000,
  MARGIN = 48,
  GAP = 16,
  CODE_SIDE = 928, /* with its quiet zone, at most: 32 dots a module in version 1 */
  MARK_HEIGHT = 104,
  TYPE_HEIGHT = 84,
  A6_W = 105,
  A6_H = 148
};

static const struct wording { /* in dots */
  double size, least;
  int lines;
  bool bold;
  uint32_t colour;
} mark_wording = {52, 36, 1, true, SHEET_WHITE}, title_wording = {52, 36, 2, true, SHEET_INK},
  when_wording = {36, 28, 2, false, SHEET_SECOND}, name_wording = {104, 48, 3, true, 0},
  type_wording = {48, 32, 1, true, SHEET_WHITE}, party_wording = {40, 32, 2, true, SHEET_INK};
static const uint32_t mark_colour = 0x92400e;

struct place { /* where the ticket lies on its page */
  struct sheet *sheet;
  double left, top, dot; /* mm; mm a dot */
  double y;              /* dots from the top: how far it is drawn */
  bool measure;          /* draws nothing */
};

static struct box box_at(const struct place *p, double x, double w, double h) {
  return (struct box){p->left + x * p->dot, p->top + p->y * p->dot, w * p->dot, h * p->dot};
}

static struct lettering letters(const struct place *p, const struct wording *w) {
  return (struct lettering){w->size * p->dot, w->least * p->dot, w->lines, w->bold, SHEET_CENTRE, w->colour};
}

static void text(struct place *p, const struct wording *w, const char *text) {
  struct lettering l = letters(p, w);
  struct box box = box_at(p, MARGIN, WIDTH - 2 * MARGIN, 0);
  if (!text || !*text) return;
  double h = p->measure ? sheet_text_height(p->sheet, box, &l, text) : sheet_text(p->sheet, box, &l, false, text);
  p->y += ceil(h / p->dot) + GAP;
}

/* White letters on a colour, as wide as they need. */
static void pill(struct place *p, const char *text, uint32_t colour) {
  struct lettering l = letters(p, &type_wording);
  if (!text || !*text) return;
  p->y += GAP / 2.0;
  double most = WIDTH - 2 * MARGIN, w = fmin(most, sheet_text_width(p->sheet, &l, text) / p->dot + TYPE_HEIGHT);
  if (!p->measure) {
    sheet_fill(p->sheet, box_at(p, (WIDTH - w) / 2, w, TYPE_HEIGHT), TYPE_HEIGHT / 4.0 * p->dot, colour);
    sheet_text(p->sheet, box_at(p, (WIDTH - w) / 2 + GAP, w - 2 * GAP, TYPE_HEIGHT), &l, true, text);
  }
  p->y += TYPE_HEIGHT + GAP;
}

/* Up to the page's edges. */
static void mark(struct place *p, const char *text) {
  struct lettering l = letters(p, &mark_wording);
  if (!text || !*text) return;
  if (!p->measure) {
    sheet_fill(p->sheet, (struct box){0, 0, WIDTH * p->dot + 2 * p->left, p->top + MARK_HEIGHT * p->dot}, 0, mark_colour);
    sheet_text(p->sheet, box_at(p, MARGIN, WIDTH - 2 * MARGIN, MARK_HEIGHT), &l, true, text);
  }
  p->y += MARK_HEIGHT;
}

/* Returns its height in dots. */
static double draw(struct place *p, const struct ticket_face *face, const QRcode *qr) {
  p->y = 0;
  mark(p, face->mark);
  p->y += MARGIN;
  text(p, &title_wording, face->title);
  text(p, &when_wording, face->when);
  text(p, &when_wording, face->where);
  if (!p->measure) sheet_qr(p->sheet, box_at(p, (WIDTH - CODE_SIDE) / 2.0, CODE_SIDE, CODE_SIDE), qr);
  p->y += CODE_SIDE;
  text(p, &name_wording, face->name);
  pill(p, face->type, ticket_colour(face->colour));
  text(p, &party_wording, face->party);
  return p->y + MARGIN - GAP;
}

static bool measure(struct sheet_fonts *fonts, const struct ticket_face *face, const QRcode *qr, double *height,
                    struct problem *problem) {
  struct place p = {.dot = 25.4 / DPI, .measure = true};
  if (!sheet_png(fonts, 1, 1, DPI, &p.sheet, problem)) return false;
  *height = ceil(draw(&p, face, qr));
  sheet_finish(p.sheet, NULL, NULL, NULL);
  return true;
}

enum form { PNG, SVG, PDF };

static bool begin(struct sheet_fonts *fonts, const struct ticket_face *face, enum form form, double height, struct place *p,
                  struct problem *problem) {
  char title[1024];
  p->dot = 25.4 / DPI;
  if (form == PNG) return sheet_png(fonts, WIDTH * p->dot, height * p->dot, DPI, &p->sheet, problem);
  snprintf(title, sizeof title, "%s%s%s – %s", face->mark ? face->mark : "", face->mark && *face->mark ? ": " : "", face->title,
           face->name);
  if (form == SVG) return sheet_svg(fonts, title, WIDTH * p->dot, height * p->dot, &p->sheet, problem);
  p->dot = fmin((double)A6_W / WIDTH, A6_H / height);
  p->left = (A6_W - WIDTH * p->dot) / 2;
  p->top = (A6_H - height * p->dot) / 2;
  return sheet_pdf(fonts, title, face->when_ms, A6_W, A6_H, &p->sheet, problem);
}

static bool ticket(struct sheet_fonts *fonts, const struct ticket_face *face, enum form form, char **bytes, size_t *len,
                   struct problem *problem) {
  struct place p = {.sheet = NULL};
  QRcode *qr;
  double height;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  bool good = measure(fonts, face, qr, &height, problem) && begin(fonts, face, form, height, &p, problem);
  if (good) {
    draw(&p, face, qr);
    good = sheet_finish(p.sheet, bytes, len, problem);
  }
  QRcode_free(qr);
  return good;
}

bool ticket_png(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  return ticket(fonts, face, PNG, bytes, len, problem);
}

bool ticket_svg(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  return ticket(fonts, face, SVG, bytes, len, problem);
}

bool ticket_pdf(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  return ticket(fonts, face, PDF, bytes, len, problem);
}
