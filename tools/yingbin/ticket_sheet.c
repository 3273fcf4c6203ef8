/* SPDX-License-Identifier: Apache-2.0
 * The ticket drawn with our own fonts: as a picture for phones, as high as its texts need, and the same
 * on a page of A6.
 */
#include <math.h>
#include <stdlib.h>

#include "tools/yingbin/sheet.h"
#include "tools/yingbin/ticket_face.h"

enum { GAP = 16, A6_W = 105, A6_H = 148 };

static const struct wording { /* in dots */
  double size, least;
  int lines;
  bool bold;
  uint32_t colour;
} title_wording = {TICKET_TITLE_SIZE, 36, 2, true, SHEET_INK}, when_wording = {TICKET_WHEN_SIZE, 28, 1, false, SHEET_SECOND},
  name_wording = {TICKET_NAME_SIZE, 48, 3, true, 0}, type_wording = {TICKET_TYPE_SIZE, 36, 1, false, SHEET_SECOND};

struct place { /* where the ticket lies on its page */
  struct sheet *sheet;
  double left, top, dot; /* mm; mm a dot */
  double y;              /* dots from the top: how far it is drawn */
  bool measure;          /* draws nothing */
};

static void text(struct place *p, const struct wording *w, const char *text) {
  struct lettering l = {w->size * p->dot, w->least * p->dot, w->lines, w->bold, SHEET_CENTRE, w->colour};
  struct box box = {p->left + TICKET_MARGIN * p->dot, p->top + p->y * p->dot, (TICKET_WIDTH - 2 * TICKET_MARGIN) * p->dot, 0};
  if (!text || !*text) return;
  double h = p->measure ? sheet_text_height(p->sheet, box, &l, text) : sheet_text(p->sheet, box, &l, false, text);
  p->y += ceil(h / p->dot) + GAP;
}

static void code(struct place *p, const QRcode *qr) {
  struct box box = {p->left + (TICKET_WIDTH - TICKET_CODE_SIDE) / 2.0 * p->dot, p->top + p->y * p->dot,
                    TICKET_CODE_SIDE * p->dot, TICKET_CODE_SIDE * p->dot};
  if (!p->measure) sheet_qr(p->sheet, box, qr);
  p->y += TICKET_CODE_SIDE;
}

/* Returns its height in dots. */
static double draw(struct place *p, const struct ticket_face *face, const QRcode *qr) {
  struct wording type = type_wording;
  if (face->colour) type.colour = ticket_colour(face->colour);
  p->y = TICKET_MARGIN;
  text(p, &title_wording, face->title);
  text(p, &when_wording, face->when);
  text(p, &when_wording, face->where);
  code(p, qr);
  text(p, &name_wording, face->name);
  text(p, &type, face->type);
  return p->y + TICKET_MARGIN - GAP;
}

static bool measure(struct sheet_fonts *fonts, const struct ticket_face *face, const QRcode *qr, double *height,
                    struct problem *problem) {
  struct place p = {.dot = 25.4 / TICKET_DPI, .measure = true};
  if (!sheet_png(fonts, 1, 1, TICKET_DPI, &p.sheet, problem)) return false;
  *height = ceil(draw(&p, face, qr));
  sheet_finish(p.sheet, NULL, NULL, NULL);
  return true;
}

bool ticket_png(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  struct place p = {.dot = 25.4 / TICKET_DPI};
  QRcode *qr;
  double height;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  bool good = measure(fonts, face, qr, &height, problem) &&
              sheet_png(fonts, TICKET_WIDTH * p.dot, height * p.dot, TICKET_DPI, &p.sheet, problem);
  if (good) {
    draw(&p, face, qr);
    good = sheet_finish(p.sheet, bytes, len, problem);
  }
  QRcode_free(qr);
  return good;
}

bool ticket_pdf(struct sheet_fonts *fonts, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  struct place p = {.sheet = NULL};
  QRcode *qr;
  double height;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  bool good =
      measure(fonts, face, qr, &height, problem) && sheet_pdf(fonts, face->title, face->when_ms, A6_W, A6_H, &p.sheet, problem);
  if (good) {
    p.dot = fmin((double)A6_W / TICKET_WIDTH, A6_H / height);
    p.left = (A6_W - TICKET_WIDTH * p.dot) / 2;
    p.top = (A6_H - height * p.dot) / 2;
    draw(&p, face, qr);
    good = sheet_finish(p.sheet, bytes, len, problem);
  }
  QRcode_free(qr);
  return good;
}
