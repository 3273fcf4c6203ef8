/* SPDX-License-Identifier: Apache-2.0
 * Masks of drawings, and the simple ones: arrows, the kiosk's own, the icons of ticket types.
 */
#include "ui/shapes.h"

#include <SDL.h>

#include "ui/distance.h"

static float exclamation(struct spot p, float scale) {
  return d_join(d_line(p, 0, -0.26f * scale, 0, 0.06f * scale, 0.06f * scale), d_disc(p, 0, 0.27f * scale, 0.072f * scale));
}

static float mark(struct spot p) { return d_in_square(p, exclamation(p, 1)); }
static float hexagon(struct spot p) { return d_in_hexagon(p, exclamation(p, 0.9f)); }

static float tool(struct spot p) {
  const struct spot q = d_turn(p, 0.7f);
  const float head = d_cut(d_disc(q, 0, -0.17f, 0.15f), d_box(q, 0, -0.29f, 0.058f, 0.14f, 0.03f));
  const float shaft = d_line(q, 0, -0.02f, 0, 0.26f, 0.062f);
  return d_in_hexagon(p, d_cut(d_join(head, shaft), d_disc(q, 0, 0.255f, 0.026f)));
}

static float arrow(struct spot p) { /* to the right */
  return d_join(d_line(p, -0.44f, 0, 0.44f, 0, 0.04f),
                d_join(d_line(p, 0.18f, -0.24f, 0.44f, 0, 0.04f), d_line(p, 0.18f, 0.24f, 0.44f, 0, 0.04f)));
}

static float arrow_up(struct spot p) { return arrow((struct spot){-p.y, p.x}); }
static float arrow_down(struct spot p) { return arrow((struct spot){p.y, p.x}); }
static float arrow_left(struct spot p) { return arrow((struct spot){-p.x, p.y}); }
static float dot(struct spot p) { return d_disc(p, 0, 0, 0.5f); }
static float square(struct spot p) { return d_box(p, 0, 0, 0.46f, 0.46f, 0.08f); }

static float finder(struct spot p, float x, float y, float half) { /* of a code */
  return d_join(d_edge(d_box(p, x, y, half * 0.8f, half * 0.8f, half * 0.1f), half * 0.2f),
                d_box(p, x, y, half * 0.36f, half * 0.36f, half * 0.05f));
}

static float phone(struct spot p) {
  const float body = d_cut(d_box(p, 0, 0, 0.28f, 0.49f, 0.07f), d_box(p, 0, -0.03f, 0.235f, 0.39f, 0.03f));
  const float code = d_join(d_join(finder(p, -0.1f, -0.14f, 0.085f), finder(p, 0.1f, -0.14f, 0.085f)),
                            d_join(finder(p, -0.1f, 0.06f, 0.085f), d_box(p, 0.065f, 0.025f, 0.035f, 0.035f, 0.006f)));
  return d_join(d_cut(body, d_line(p, -0.05f, 0.425f, 0.05f, 0.425f, 0.013f)),
                d_join(code, d_box(p, 0.14f, 0.1f, 0.035f, 0.035f, 0.006f)));
}

/* The icons of ticket types: read at a tenth of the others' size. */
static float icon_person(struct spot p) { return d_person(p, 0, 0, 1.8f); }

static float icon_mic(struct spot p) {
  const float bow = d_both(d_edge(d_disc(p, 0, -0.06f, 0.31f), 0.045f), 0.02f - p.y);
  return d_join(d_line(p, 0, -0.31f, 0, -0.04f, 0.17f), d_join(bow, d_line(p, 0, 0.28f, 0, 0.44f, 0.05f)));
}

static float icon_star(struct spot p) { /* a star: five halves of a wedge, mirrored */
  const float k1x = 0.809016994f, k1y = -0.587785252f, r = 0.47f, in = 0.42f;
  float x = fabsf(p.x), y = -(p.y - 0.03f);
  float over = 2 * d_most(k1x * x + k1y * y, 0);
  x -= over * k1x, y -= over * k1y;
  over = 2 * d_most(-k1x * x + k1y * y, 0);
  x += over * k1x, y -= over * k1y;
  x = fabsf(x), y -= r;
  const float bx = in * 0.587785252f, by = in * 0.809016994f - 1, len = bx * bx + by * by;
  const float h = d_least(r, d_most(0, (x * bx + y * by) / len));
  return d_length(x - bx * h, y - by * h) * (y * bx - x * by > 0 ? 1.0f : -1.0f);
}

static float heart(struct spot p, float scale) {
  const float x = fabsf(p.x) / scale, y = 0.52f - p.y / scale;
  float d;
  if (x + y > 1)
    d = d_length(x - 0.25f, y - 0.75f) - sqrtf(2) / 4;
  else
    d = d_least(d_length(x, y - 1), d_length(x - 0.5f * d_most(x + y, 0), y - 0.5f * d_most(x + y, 0))) *
        (x > y ? 1.0f : -1.0f);
  return d * scale;
}

static float icon_heart(struct spot p) { return heart(p, 0.78f); }
static float icon_diamond(struct spot p) { return d_box(d_turn(p, 0.785398f), 0, 0, 0.33f, 0.33f, 0.05f); }

static float icon_rings(struct spot p) {
  return d_join(d_edge(d_disc(p, -0.17f, 0, 0.25f), 0.06f), d_edge(d_disc(p, 0.17f, 0, 0.25f), 0.06f));
}

static float icon_camera(struct spot p) {
  const float body = d_join(d_box(p, 0, 0.06f, 0.48f, 0.3f, 0.09f), d_box(p, 0, -0.22f, 0.19f, 0.1f, 0.05f));
  return d_cut(body, d_edge(d_disc(p, 0, 0.06f, 0.16f), 0.045f));
}

static float icon_badge(struct spot p) {
  const float card = d_box(p, 0, 0.13f, 0.34f, 0.34f, 0.08f);
  const float strap = d_join(d_line(p, -0.16f, -0.43f, 0, -0.22f, 0.05f), d_line(p, 0.16f, -0.43f, 0, -0.22f, 0.05f));
  return d_join(d_cut(card, d_person(p, 0, 0.11f, 0.9f)), strap);
}

static float icon_cup(struct spot p) {
  const float cup = d_join(d_box(p, -0.08f, 0.0f, 0.28f, 0.24f, 0.1f), d_box(p, -0.08f, -0.12f, 0.28f, 0.12f, 0.02f));
  return d_join(d_join(cup, d_edge(d_disc(p, 0.22f, -0.03f, 0.12f), 0.045f)), d_line(p, -0.34f, 0.37f, 0.18f, 0.37f, 0.045f));
}

static float heart_in_disc(struct spot p) { return d_in_disc(p, heart(p, 0.52f)); }

static const struct drawing simple[SHAPE_COUNT] = {[SHAPE_MARK] = {"mark", mark},
                                                   [SHAPE_HEART] = {"heart", heart_in_disc},
                                                   [SHAPE_HEXAGON] = {"hexagon", hexagon},
                                                   [SHAPE_TOOL] = {"tool", tool},
                                                   [SHAPE_ARROW] = {"arrow", arrow},
                                                   [SHAPE_ARROW_UP] = {"arrow-up", arrow_up},
                                                   [SHAPE_ARROW_DOWN] = {"arrow-down", arrow_down},
                                                   [SHAPE_ARROW_LEFT] = {"arrow-left", arrow_left},
                                                   [SHAPE_DISC] = {"disc", dot},
                                                   [SHAPE_SQUARE] = {"square", square},
                                                   [SHAPE_PHONE] = {"phone", phone},
                                                   [SHAPE_ICON + ICON_PERSON] = {"icon-person", icon_person},
                                                   [SHAPE_ICON + ICON_MIC] = {"icon-mic", icon_mic},
                                                   [SHAPE_ICON + ICON_STAR] = {"icon-star", icon_star},
                                                   [SHAPE_ICON + ICON_HEART] = {"icon-heart", icon_heart},
                                                   [SHAPE_ICON + ICON_DIAMOND] = {"icon-diamond", icon_diamond},
                                                   [SHAPE_ICON + ICON_RINGS] = {"icon-rings", icon_rings},
                                                   [SHAPE_ICON + ICON_CAMERA] = {"icon-camera", icon_camera},
                                                   [SHAPE_ICON + ICON_BADGE] = {"icon-badge", icon_badge},
                                                   [SHAPE_ICON + ICON_CUP] = {"icon-cup", icon_cup}};

static const struct drawing *drawing_of(enum shape shape) {
  static const struct drawing none = {"none", dot};
  if (shape <= SHAPE_NONE || shape >= SHAPE_COUNT) return &none;
  const struct drawing *found = drawing_of_verdict(shape);
  if (found == NULL) found = drawing_of_foreign(shape);
  if (found == NULL && simple[shape].distance != NULL) found = &simple[shape];
  return found != NULL ? found : &none;
}

const char *shape_name(enum shape shape) { return drawing_of(shape)->name; }

enum { BLOCK = 64, BLOCK_LEAST = 4 };

static uint32_t cover(const struct drawing *drawing, int size, float x, float y) {
  const struct spot p = {x / (float)size - 0.5f, y / (float)size - 0.5f};
  const float part = d_least(1, d_most(0, 0.5f - drawing->distance(p) * (float)size));
  return (uint32_t)(part * 255 + 0.5f) << 24 | 0xFFFFFF;
}

/* A block without an edge in it is all inside or all outside: its middle tells. Another one is cut into four. */
static void fill_block(const struct drawing *drawing, SDL_Surface *s, int x0, int y0, int side) {
  if (x0 >= s->w || y0 >= s->h) return;
  const int x1 = SDL_min(x0 + side, s->w), y1 = SDL_min(y0 + side, s->h);
  const float half = (float)side / 2;
  const struct spot middle = {((float)x0 + half) / (float)s->w - 0.5f, ((float)y0 + half) / (float)s->h - 0.5f};
  const float far = drawing->distance(middle) * (float)s->w;
  const bool plain = fabsf(far) > (float)side * 0.7072f + 1;
  if (!plain && side > BLOCK_LEAST) {
    for (int i = 0; i < 4; i++) fill_block(drawing, s, x0 + (i & 1) * side / 2, y0 + (i >> 1) * side / 2, side / 2);
    return;
  }
  for (int y = y0; y < y1; y++) {
    uint32_t *row = (uint32_t *)(void *)((uint8_t *)s->pixels + y * s->pitch);
    for (int x = x0; x < x1; x++)
      row[x] = plain ? (far < 0 ? 0xFFFFFFFFu : 0x00FFFFFFu) : cover(drawing, s->w, (float)x + 0.5f, (float)y + 0.5f);
  }
}

SDL_Surface *shape_mask(enum shape shape, int size) {
  const struct drawing *drawing = drawing_of(shape);
  SDL_Surface *s = SDL_CreateRGBSurfaceWithFormat(0, size, size, 32, SDL_PIXELFORMAT_ARGB8888);
  for (int y = 0; s != NULL && y < size; y += BLOCK)
    for (int x = 0; x < size; x += BLOCK) fill_block(drawing, s, x, y, BLOCK);
  return s;
}
