/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ui/canvas.h"
#include "ui/shapes.h"

static const char *const colours[COLOUR_COUNT] = {"ground", "ink",       "soft",      "card",  "line", "good",
                                                  "care",   "wash-good", "wash-care", "white", "night"};
static void add(struct transcript *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct transcript *t, const char *format, ...) {
  va_list list;
  va_start(list, format);
  t->len += (size_t)vsnprintf(t->text + t->len, sizeof t->text - t->len, format, list);
  va_end(list);
  assert(t->len < sizeof t->text);
}

static void add_box(struct transcript *t, char kind, struct box b) {
  assert(t->boxes < TRANSCRIPT_BOXES);
  t->box[t->boxes++] = (struct transcript_box){kind, b};
}

static void keep_large(struct transcript *t, const struct text_layout *l) {
  if (l->weight != WEIGHT_BOLD || l->size < t->largest) return;
  if (l->size > t->largest) t->large[0] = '\0';
  t->largest = l->size;
  for (int r = 0; r < l->runs; r++) strncat(t->large, l->bytes + l->run[r].at, sizeof t->large - strlen(t->large) - 1);
}

/* A type's own colour as #RRGGBB. */
static const char *name_of(enum colour colour) {
  static char own[16];
  if (colour < COLOUR_COUNT) return colours[colour];
  snprintf(own, sizeof own, "#%06X", (unsigned)colour & 0xFFFFFF);
  return own;
}

static void clear(void *self, enum colour colour) {
  struct transcript *t = self;
  t->boxes = t->largest = 0;
  t->tofu = t->cut = false;
  t->len = 0;
  add(t, "clear %s\n", name_of(colour));
}

static void rounded(void *self, struct box b, int radius, enum colour colour) {
  add(self, "round %d,%d %dx%d r%d %s\n", b.x, b.y, b.w, b.h, radius, name_of(colour));
  add_box(self, 'r', b);
}

static void shape(void *self, struct box b, enum shape kind, enum colour colour) {
  add(self, "shape %d,%d %dx%d %s %s\n", b.x, b.y, b.w, b.h, shape_name(kind), name_of(colour));
  add_box(self, 's', b);
}

static void text(void *self, int x, int y, const struct text_layout *l, int align, enum colour colour) {
  struct transcript *t = self;
  for (int i = 0; i < l->lines; i++) {
    const struct text_line *line = &l->line[i];
    struct box b = {x + (l->w - line->w) * (align + 1) / 2, y + line->baseline - line->above, line->w,
                    line->above + line->below};
    add(t, "text %d,%d %dx%d %s %d %s%s ", b.x, b.y, b.w, b.h, l->weight == WEIGHT_BOLD ? "bold" : "regular", l->size,
        name_of(colour), l->cut ? " cut" : "");
    for (int r = line->run; r < line->run + line->runs; r++)
      add(t, "%s%d%s\"%s\"", r > line->run ? " " : "", l->run[r].font, l->run[r].rtl ? "<" : "", l->bytes + l->run[r].at);
    add(t, "\n");
    add_box(t, 't', b);
  }
  t->tofu |= l->tofu;
  t->cut |= l->cut;
  keep_large(t, l);
}

/* What moves: a reference is of a screen that has settled. */
static void veil(void *self, struct box b, enum colour colour, int part) {
  add(self, "veil %d,%d %dx%d %s %d\n", b.x, b.y, b.w, b.h, name_of(colour), part);
}

static void qr(void *self, struct box b, const struct qr *code) {
  unsigned sum = 2166136261u; /* FNV-1a of its modules */
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++) sum = (sum ^ code->dark[y][x]) * 16777619u;
  add(self, "qr %d,%d %dx%d %d %08x\n", b.x, b.y, b.w, b.h, code->width, sum);
  add_box(self, 'q', b);
}

/* The quad in the screen's pixels. */
static void mirror(void *self, struct box b, const struct mirror *m) {
  add(self, "mirror %d,%d %dx%d", b.x, b.y, b.w, b.h);
  if (m->w == 0) add(self, " empty");
  if (m->w > 0) {
    const struct box p = mirror_picture_box(b, m);
    add(self, " picture %d,%d %dx%d", p.x, p.y, p.w, p.h);
    for (int i = 0; m->found && i < 4; i++)
      add(self, "%s %d,%d", i == 0 ? " quad" : "", p.x + m->quad[i].x * p.w / m->w, p.y + m->quad[i].y * p.h / m->h);
  }
  add(self, "\n");
  add_box(self, 'm', b);
}

static void picture(void *self, struct box b, const struct image *image, int part) {
  const struct box p = canvas_picture_box(b, image);
  add(self, "picture %d,%d %dx%d %s", p.x, p.y, p.w, p.h, image->name);
  add(self, part < 255 ? " part %d\n" : "\n", part);
  if (part == 255) add_box(self, 'p', p); /* else it lies on the one that it comes out of */
}

static void hit(void *self, struct box b, int action, int arg) {
  add(self, "hit %d,%d %dx%d %d %d\n", b.x, b.y, b.w, b.h, action, arg);
}

void canvas_transcript(struct transcript *t, int w, int h, struct canvas *out) {
  static const struct canvas_ops ops = {clear, rounded, shape, text, veil, qr, mirror, picture, hit};
  *out = (struct canvas){.ops = &ops, .self = t, .w = w, .h = h};
  memset(t, 0, sizeof *t);
}
