/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shapes.h"

#include <math.h>

#include <SDL.h>

/* Signed distances in a square of side 1 with its middle at 0, 0: negative inside. */
struct spot {
  float x, y;
};

static float disc(struct spot p, float x, float y, float r) { return hypotf(p.x - x, p.y - y) - r; }

static float capsule(struct spot p, struct spot a, struct spot b, float r) {
  const float bx = b.x - a.x, by = b.y - a.y, px = p.x - a.x, py = p.y - a.y;
  const float h = fminf(1, fmaxf(0, (px * bx + py * by) / (bx * bx + by * by)));
  return hypotf(px - bx * h, py - by * h) - r;
}

static float square(struct spot p, float half, float r) {
  const float x = fabsf(p.x) - half + r, y = fabsf(p.y) - half + r;
  return hypotf(fmaxf(x, 0), fmaxf(y, 0)) + fminf(fmaxf(x, y), 0) - r;
}

static float hexagon(struct spot p, float r) { /* two of its corners above and below, rounded */
  const float k = 0.8660254f, round = 0.06f, in = (r - round) * k;
  float x = fabsf(p.x), y = fabsf(p.y);
  const float d = fmaxf(x, x * 0.5f + y * k) - in;
  return d - round;
}

static float exclamation(struct spot p, float scale) {
  return fminf(capsule(p, (struct spot){0, -0.26f * scale}, (struct spot){0, 0.06f * scale}, 0.06f * scale),
               disc(p, 0, 0.27f * scale, 0.072f * scale));
}

static float arrow(struct spot p) { /* to the right */
  const struct spot tip = {0.44f, 0};
  return fminf(capsule(p, (struct spot){-0.44f, 0}, tip, 0.04f), fminf(capsule(p, (struct spot){0.18f, -0.24f}, tip, 0.04f),
                                                                       capsule(p, (struct spot){0.18f, 0.24f}, tip, 0.04f)));
}

static float distance(enum shape shape, struct spot p) {
  switch (shape) {
  case SHAPE_TICK: {
    const struct spot left = {-0.22f, 0.02f}, low = {-0.06f, 0.17f}, right = {0.22f, -0.13f};
    return fmaxf(disc(p, 0, 0, 0.5f), -fminf(capsule(p, left, low, 0.052f), capsule(p, low, right, 0.052f)));
  }
  case SHAPE_DISCS: return fminf(fabsf(disc(p, -0.15f, 0, 0.305f)) - 0.045f, disc(p, 0.19f, 0, 0.31f));
  case SHAPE_MARK: return fmaxf(square(p, 0.5f, 0.13f), -exclamation(p, 1));
  case SHAPE_HEXAGON: return fmaxf(hexagon(p, 0.52f), -exclamation(p, 0.9f));
  case SHAPE_ARROW: return arrow(p);
  case SHAPE_ARROW_UP: return arrow((struct spot){-p.y, p.x});
  case SHAPE_ARROW_DOWN: return arrow((struct spot){p.y, p.x});
  case SHAPE_ARROW_LEFT: return arrow((struct spot){-p.x, p.y});
  case SHAPE_SQUARE: return square(p, 0.46f, 0.08f);
  default: return disc(p, 0, 0, 0.5f);
  }
}

SDL_Surface *shape_mask(enum shape shape, int size) {
  SDL_Surface *s = SDL_CreateRGBSurfaceWithFormat(0, size, size, 32, SDL_PIXELFORMAT_ARGB8888);
  if (s == NULL) return NULL;
  for (int y = 0; y < size; y++) {
    uint32_t *row = (uint32_t *)(void *)((uint8_t *)s->pixels + y * s->pitch);
    for (int x = 0; x < size; x++) {
      const struct spot p = {((float)x + 0.5f) / (float)size - 0.5f, ((float)y + 0.5f) / (float)size - 0.5f};
      const float cover = fminf(1, fmaxf(0, 0.5f - distance(shape, p) * (float)size));
      row[x] = (uint32_t)(cover * 255 + 0.5f) << 24 | 0xFFFFFF;
    }
  }
  return s;
}
