/* SPDX-License-Identifier: Apache-2.0
 * Pages are built of filled rounded boxes, in units of the phone's width: enough for a reader to meet
 * what it meets on real screens (title bars, lines of text, pictures in the code, bar codes above it).
 */
#include "tools/yingbin/demo_phone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/ticket_face.h"

struct box { /* in shares of the width of the phone, from its top left corner */
  double x, y, w, h, round;
};

struct ink {
  struct phone *phone;
  const struct people_look *look;
  double unit;         /* texels a width */
  double black, white; /* grey levels of the page's own 0 and 1 */
};

enum { BLANK_MODULES = 29 }; /* a page without a code keeps as much room */

static double clamp(double v, double least, double most) { return v < least ? least : v > most ? most : v; }

static void blend(struct texel *t, double luma, double alpha) {
  t->luma = (uint8_t)lround(luma * alpha + t->luma * (1 - alpha));
  t->alpha = (uint8_t)lround(255 * alpha + t->alpha * (1 - alpha));
}

/* Fills a box with rounded corners; shade 0 is the page's black, 1 its white. */
static void fill(const struct ink *ink, struct box b, double shade) {
  double left = b.x * ink->unit, top = b.y * ink->unit, w = b.w * ink->unit, h = b.h * ink->unit, r = b.round * ink->unit;
  double luma = ink->black + (ink->white - ink->black) * shade;
  int32_t y0 = (int32_t)floor(top), y1 = (int32_t)ceil(top + h), x0 = (int32_t)floor(left), x1 = (int32_t)ceil(left + w);
  for (int32_t y = y0; y < y1; y++)
    for (int32_t x = x0; x < x1; x++) {
      int32_t tx = x + PHONE_MARGIN, ty = y + PHONE_MARGIN;
      if (tx < 0 || ty < 0 || tx >= ink->phone->w || ty >= ink->phone->h) continue;
      double dx = fabs(x + 0.5 - left - w / 2) - (w / 2 - r), dy = fabs(y + 0.5 - top - h / 2) - (h / 2 - r);
      double outside = hypot(fmax(dx, 0), fmax(dy, 0)) + fmin(fmax(dx, dy), 0) - r;
      double alpha = clamp(0.5 - outside, 0, 1);
      if (alpha > 0) blend(&ink->phone->texel[(size_t)ty * (size_t)ink->phone->w + (size_t)tx], luma, alpha);
    }
}

/* A line of text as a camera sees it from afar: words of a few strokes. */
static void words(const struct ink *ink, double x, double y, double w, double size, double shade, uint64_t *chance) {
  for (double at = x; at < x + w - size * 0.5;) {
    double gap = size * (0.92 + 0.16 * people_share(chance));
    for (int stroke = 0; stroke < 4; stroke++) {
      bool flat = people_chance(chance) & 1;
      double a = people_share(chance) * 0.6, b = people_share(chance) * 0.8;
      struct box s = flat ? (struct box){at + a * size * 0.4, y + b * size, size * 0.6, size * 0.1, 0}
                          : (struct box){at + b * size, y + a * size * 0.4, size * 0.1, size * 0.7, 0};
      fill(ink, s, shade);
    }
    at += gap;
  }
}

/* Notes where the code stands. */
static void stands(const struct ink *ink, double left, double top, double module, int modules) {
  struct phone *phone = ink->phone;
  phone->module = module * ink->unit, phone->modules = modules;
  phone->code[0] = left * ink->unit + PHONE_MARGIN, phone->code[1] = top * ink->unit + PHONE_MARGIN;
  phone->code[2] = phone->module * modules;
}

/* Screens show whole pixels a module, so this does, too. Returns the side in shares of the width. */
static void code(const struct ink *ink, const QRcode *qr, double centre_x, double centre_y, double side) {
  int modules = qr->width + 8;
  double pixels = fmax(1, floor(side * ink->unit / modules)), module = pixels / ink->unit;
  double left = round((centre_x * ink->unit) - pixels * modules / 2) / ink->unit;
  double top = round((centre_y * ink->unit) - pixels * modules / 2) / ink->unit;
  fill(ink, (struct box){left, top, module * modules, module * modules, 0}, 1);
  for (int y = 0; y < qr->width; y++)
    for (int x = 0; x < qr->width; x++)
      if (qr->data[y * qr->width + x] & 1)
        fill(ink, (struct box){left + module * (x + 4), top + module * (y + 4), module, module, 0}, 0);
  stands(ink, left + module * 4, top + module * 4, module, qr->width);
}

static const double TALL = 2.05; /* a phone's height in widths; a printed card's is 1.35 */

static void body(const struct ink *ink) {
  fill(ink, (struct box){0, 0, 1, TALL, 0.11}, 0.1);
  fill(ink, (struct box){0.035, 0.035, 0.93, TALL - 0.07, 0.08}, 1);
  fill(ink, (struct box){0.36, 0.06, 0.28, 0.05, 0.025}, 0.05);
}

static void page_ticket(const struct ink *ink, const QRcode *qr, uint64_t *chance) {
  body(ink);
  words(ink, 0.12, 0.2, 0.5, 0.075, 0.15, chance);
  words(ink, 0.12, 0.31, 0.7, 0.045, 0.5, chance);
  code(ink, qr, 0.5, 0.87, 0.86);
  words(ink, 0.33, 1.38, 0.36, 0.09, 0.1, chance);
  fill(ink, (struct box){0.38, 1.53, 0.24, 0.1, 0.05}, 0.3);
  words(ink, 0.15, 1.74, 0.7, 0.04, 0.6, chance);
}

static void page_card(const struct ink *ink, const QRcode *qr, uint64_t *chance) {
  body(ink);
  fill(ink, (struct box){0.1, 0.22, 0.17, 0.17, 0.025}, 0.45);
  words(ink, 0.31, 0.23, 0.4, 0.07, 0.15, chance);
  words(ink, 0.31, 0.33, 0.3, 0.045, 0.55, chance);
  code(ink, qr, 0.5, 0.93, 0.86);
  fill(ink, (struct box){0.42, 0.85, 0.16, 0.16, 0.02}, 1);
  fill(ink, (struct box){0.435, 0.865, 0.13, 0.13, 0.015}, 0.4);
  words(ink, 0.2, 1.5, 0.6, 0.045, 0.6, chance);
}

static void page_pay(const struct ink *ink, const QRcode *qr, uint64_t *chance) {
  body(ink);
  fill(ink, (struct box){0.035, 0.13, 0.93, TALL - 0.3, 0}, 0.42);
  fill(ink, (struct box){0.08, 0.2, 0.84, 1.45, 0.03}, 1);
  words(ink, 0.13, 0.25, 0.3, 0.055, 0.3, chance);
  for (double x = 0.14; x < 0.84;) {
    double bar = 0.006 * (double)(1 + people_chance(chance) % 3);
    fill(ink, (struct box){x, 0.38, bar, 0.24, 0}, 0);
    x += bar + 0.006 * (double)(1 + people_chance(chance) % 3);
  }
  code(ink, qr, 0.5, 1.08, 0.72);
  words(ink, 0.22, 1.5, 0.56, 0.05, 0.5, chance);
}

static void page_paper(const struct ink *ink, const QRcode *qr, uint64_t *chance) {
  fill(ink, (struct box){0, 0, 1, 1.35, 0.01}, 1);
  words(ink, 0.1, 0.07, 0.6, 0.06, 0.1, chance);
  code(ink, qr, 0.5, 0.64, 0.9);
  words(ink, 0.3, 1.17, 0.4, 0.085, 0.1, chance);
}

/* The screen's raster under the sensor's: beats of a few pixels, and bands where its light is switched. */
static void beat(const struct ink *ink, double depth, uint64_t *chance) {
  struct phone *phone = ink->phone;
  double pixel = phone->module / 4; /* nearly a pixel of the frame */
  double angle = 3.14159 * people_share(chance), other = angle + 1.2 + 0.6 * people_share(chance);
  double fine = 6.283 / (pixel * (3 + 4 * people_share(chance))), bands = 6.283 / (pixel * (18 + 30 * people_share(chance)));
  for (int32_t y = 0; y < phone->h; y++)
    for (int32_t x = 0; x < phone->w; x++) {
      struct texel *t = &phone->texel[(size_t)y * (size_t)phone->w + (size_t)x];
      double wave = 0.45 * sin(fine * (x * cos(angle) + y * sin(angle))) +
                    0.3 * sin(1.3 * fine * (x * cos(other) + y * sin(other))) + 0.35 * sin(bands * (y + 0.1 * x));
      t->luma = (uint8_t)lround(clamp(t->luma * (1 + depth * wave), 0, 255));
    }
}

/* Any look, and any quiet zone; grey levels as they are (ink's black is 0, its white 255). */
static void page_any(const struct ink *ink, const QRcode *qr, uint64_t *chance) {
  const struct people_look *l = ink->look;
  int modules = qr ? qr->width : BLANK_MODULES;
  double module = ink->phone->module / ink->unit, side = module * modules, quiet = module * l->quiet;
  double tall = (ink->phone->h - 2 * PHONE_MARGIN) / ink->unit, left = round((1 - side) / 2 * ink->unit) / ink->unit;
  double top = round((0.36 + 0.12 * people_share(chance)) * tall * ink->unit) / ink->unit,
         size = 0.045 + 0.02 * people_share(chance);
  bool button = people_chance(chance) & 1;
  fill(ink, (struct box){0, 0, 1, tall, 0.02}, 0.06);
  fill(ink, (struct box){0.04, 0.04, 0.92, tall - 0.08, 0}, l->page / 255);
  for (int line = 0; line < 2; line++)
    words(ink, 0.1, 0.1 + 1.5 * size * line, 0.3 + 0.4 * people_share(chance), size, l->words / 255, chance);
  for (int line = 0; line < 3; line++)
    words(ink, 0.1, top + side + quiet + size * (1 + 1.5 * line), 0.3 + 0.4 * people_share(chance), size, l->words / 255,
          chance);
  if (button) fill(ink, (struct box){0.12, tall - 0.22, 0.76, 0.11, 0}, (0.35 * l->page + 0.65 * l->words) / 255);
  fill(ink, (struct box){left - quiet, top - quiet, side + 2 * quiet, side + 2 * quiet, 0}, l->paper / 255);
  for (int i = 0; qr && i < modules * modules; i++)
    if (qr->data[i] & 1)
      fill(ink, (struct box){left + module * (i % modules), top + module * (i / modules), module, module, 0}, l->ink / 255);
  stands(ink, left, top, module, modules);
  if (l->moire > 0) beat(ink, l->moire, chance);
}

static const struct page {
  void (*draw)(const struct ink *ink, const QRcode *qr, uint64_t *chance);
  double tall;
  bool shines;
  QRecLevel level;
} page[] = {
    [PEOPLE_TICKET] = {page_ticket, 2.05, true, QR_ECLEVEL_Q}, [PEOPLE_CARD] = {page_card, 2.05, true, QR_ECLEVEL_H},
    [PEOPLE_PAY] = {page_pay, 2.05, true, QR_ECLEVEL_M},       [PEOPLE_PAPER] = {page_paper, 1.35, false, QR_ECLEVEL_Q},
    [PEOPLE_PAGE] = {page_any, 1.9, true, QR_ECLEVEL_M},
};

/* How large the page becomes: of PEOPLE_PAGE the code is a good half of its width, and whole texels a module. */
static void measure(const struct people_guest *guest, const QRcode *qr, int32_t height, struct phone *phone) {
  double unit = height / page[guest->shows].tall;
  if (guest->shows == PEOPLE_PAGE) {
    phone->module = clamp(round(2 * guest->module), 3, 24);
    unit = phone->module * (qr ? qr->width : BLANK_MODULES) / 0.62;
    height = (int32_t)lround(unit * page[guest->shows].tall);
  }
  phone->w = (int32_t)ceil(unit) + 2 * PHONE_MARGIN, phone->h = height + 2 * PHONE_MARGIN;
}

bool phone_draw(const struct people_guest *guest, int32_t height, double light, uint64_t seed, struct phone *phone,
                struct problem *problem) {
  const struct page *p = &page[guest->shows];
  bool any = guest->shows == PEOPLE_PAGE;
  QRcode *qr = any && !guest->len ? NULL : ticket_qr(guest->payload, guest->len, any ? (QRecLevel)guest->look.level : p->level);
  *phone = (struct phone){.w = 0};
  if (!qr && !(any && !guest->len))
    return problem_set(problem, "放不进一个二维码（%zu 字节）", "does not fit a QR code (%zu bytes)", guest->len);
  measure(guest, qr, height, phone);
  phone->texel = calloc((size_t)phone->w * (size_t)phone->h, sizeof *phone->texel);
  if (!phone->texel) {
    QRcode_free(qr);
    return problem_set(problem, "内存不足", "out of memory");
  }
  double white = p->shines ? 40 + 205 * guest->glow : 20 + 215 * light;
  struct ink ink = {.phone = phone,
                    .look = &guest->look,
                    .unit = (phone->h - 2 * PHONE_MARGIN) / p->tall,
                    .black = any         ? 0
                             : p->shines ? 8 + 20 * light
                                         : 8 + 25 * light,
                    .white = any ? 255 : white};
  p->draw(&ink, qr, &seed);
  phone->x = any ? phone->code[0] + phone->code[2] / 2 : phone->w / 2.0;
  phone->y = any ? phone->code[1] + phone->code[2] / 2 : phone->h / 2.0;
  if (!qr) phone->code[2] = 0;
  QRcode_free(qr);
  return true;
}

/* One box blur along a line of n texels, step apart; two passes each way make it nearly round. */
static void blur_line(struct texel *line, size_t n, size_t step, int32_t radius, struct texel *copy) {
  for (size_t i = 0; i < n; i++) copy[i] = line[i * step];
  int32_t luma = 0, alpha = 0, window = 2 * radius + 1;
  for (int32_t i = -radius; i < (int32_t)n + radius; i++) {
    if (i + radius < (int32_t)n && i + radius >= 0) luma += copy[i + radius].luma, alpha += copy[i + radius].alpha;
    if (i - radius - 1 >= 0) luma -= copy[i - radius - 1].luma, alpha -= copy[i - radius - 1].alpha;
    if (i >= 0 && i < (int32_t)n) line[(size_t)i * step] = (struct texel){(uint8_t)(luma / window), (uint8_t)(alpha / window)};
  }
}

void phone_blur(struct phone *phone, double radius) {
  int32_t r = (int32_t)lround(radius / 1.5);
  struct texel *copy = r > 0 ? malloc(sizeof *copy * (size_t)(phone->w > phone->h ? phone->w : phone->h)) : NULL;
  if (!copy) return; /* sharp, then */
  for (int pass = 0; pass < 2; pass++) {
    for (int32_t y = 0; y < phone->h; y++) blur_line(phone->texel + (size_t)y * (size_t)phone->w, (size_t)phone->w, 1, r, copy);
    for (int32_t x = 0; x < phone->w; x++) blur_line(phone->texel + x, (size_t)phone->h, (size_t)phone->w, r, copy);
  }
  free(copy);
}

void phone_free(struct phone *phone) {
  free(phone->texel);
  *phone = (struct phone){0};
}
