/* SPDX-License-Identifier: Apache-2.0
 * Draws on SDL's canvas and remembers what was asked for: the texts with their boxes, sizes and colours,
 * and the QR codes; so that a test can look at the very pixels of each.
 */
#ifndef YINGBIN_TESTS_SPY_H
#define YINGBIN_TESTS_SPY_H

#include <assert.h>
#include <string.h>

#include "ui/canvas.h"

enum { SPY_TEXTS = 512, SPY_CODES = 8, SPY_SHAPES = 256 };

struct spy_text { /* one line */
  struct box box;
  int size;
  bool bold, coloured; /* coloured: emoji are in it */
  enum colour colour;
  char text[128]; /* its beginning, for people */
};

struct spy {
  struct canvas_ops ops; /* the real ones, but for those that are spied on */
  const struct canvas_ops *real;
  const struct fonts *fonts;
  int texts, codes, shapes;
  struct spy_text text[SPY_TEXTS];
  struct {
    struct box box;
    struct qr qr;
  } code[SPY_CODES];
  struct {
    struct box box;
    enum shape shape;
    enum colour colour;
  } shape[SPY_SHAPES];
};

static struct spy spy;

static void spy_on_text(void *self, int x, int y, const struct text_layout *l, int align, enum colour colour) {
  for (int i = 0; i < l->lines; i++) {
    const struct text_line *line = &l->line[i];
    assert(spy.texts < SPY_TEXTS);
    struct spy_text *t = &spy.text[spy.texts++];
    *t = (struct spy_text){
        .box = {x + (l->w - line->w) * (align + 1) / 2, y + line->baseline - line->above, line->w, line->above + line->below},
        .size = l->size,
        .bold = l->weight == WEIGHT_BOLD,
        .colour = colour};
    for (int r = line->run; r < line->run + line->runs; r++) {
      strncat(t->text, l->bytes + l->run[r].at, sizeof t->text - strlen(t->text) - 1);
      t->coloured |= fonts_coloured(spy.fonts, l->run[r].font);
    }
  }
  spy.real->text(self, x, y, l, align, colour);
}

static void spy_on_qr(void *self, struct box box, const struct qr *qr) {
  assert(spy.codes < SPY_CODES);
  spy.code[spy.codes].box = box;
  spy.code[spy.codes++].qr = *qr;
  spy.real->qr(self, box, qr);
}

static void spy_on_shape(void *self, struct box box, enum shape shape, enum colour colour) {
  assert(spy.shapes < SPY_SHAPES);
  spy.shape[spy.shapes].box = box;
  spy.shape[spy.shapes].shape = shape;
  spy.shape[spy.shapes++].colour = colour;
  spy.real->shape(self, box, shape, colour);
}

/* From now on; before each drawing anew. */
static void spy_begin(struct canvas *canvas, const struct fonts *fonts) {
  if (canvas->ops != &spy.ops) spy.real = canvas->ops;
  spy.ops = *spy.real;
  spy.ops.text = spy_on_text;
  spy.ops.qr = spy_on_qr;
  spy.ops.shape = spy_on_shape;
  spy.fonts = fonts;
  spy.texts = spy.codes = spy.shapes = 0;
  canvas->ops = &spy.ops;
}

#endif
