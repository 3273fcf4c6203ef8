/* SPDX-License-Identifier: Apache-2.0
 * Signed distances for drawings, in a square of side 1 with its middle at 0, 0 and y downwards: negative
 * inside. Each grows by no more than the way gone, so that a mask may skip what is far from any edge.
 * Private to shapes.c and drawings*.c. Distances after Inigo Quilez's articles on 2D distance functions.
 */
#ifndef YINGBIN_UI_DISTANCE_H
#define YINGBIN_UI_DISTANCE_H

#include <math.h>

#include "ui/canvas.h"

struct spot {
  float x, y;
};

/* Inline, which the C library's aren't: a large drawing asks for these some million times. */
static inline float d_least(float a, float b) { return a < b ? a : b; }
static inline float d_most(float a, float b) { return a > b ? a : b; }
static inline float d_length(float x, float y) { return sqrtf(x * x + y * y); }

static inline float d_join(float a, float b) { return d_least(a, b); }
static inline float d_cut(float a, float b) { return d_most(a, -b); } /* a without b */
static inline float d_both(float a, float b) { return d_most(a, b); }
static inline float d_edge(float d, float half) { return fabsf(d) - half; } /* a line along the edge */

static inline struct spot d_move(struct spot p, float x, float y) { return (struct spot){p.x - x, p.y - y}; }
static inline struct spot d_turn(struct spot p, float angle) {
  const float c = cosf(angle), s = sinf(angle);
  return (struct spot){p.x * c + p.y * s, p.y * c - p.x * s};
}

static inline float d_disc(struct spot p, float x, float y, float r) { return d_length(p.x - x, p.y - y) - r; }

static inline float d_line(struct spot p, float ax, float ay, float bx, float by, float half) { /* round ends */
  const float dx = bx - ax, dy = by - ay, px = p.x - ax, py = p.y - ay;
  const float h = d_least(1, d_most(0, (px * dx + py * dy) / (dx * dx + dy * dy)));
  return d_length(px - dx * h, py - dy * h) - half;
}

static inline float d_box(struct spot p, float x, float y, float w, float h, float r) { /* half sides; rounded by r */
  const float dx = fabsf(p.x - x) - w + r, dy = fabsf(p.y - y) - h + r;
  return d_length(d_most(dx, 0), d_most(dy, 0)) + d_least(d_most(dx, dy), 0) - r;
}

/* A disc at 0, y that runs out to a point at 0, tip. */
static inline float d_drop(struct spot p, float y, float r, float tip) {
  const float h = tip - y, b = r / h, a = sqrtf(1 - b * b), x = fabsf(p.x), down = p.y - y;
  const float along = a * down - b * x; /* the tangent, from where it touches the disc to the point */
  if (along < 0) return d_length(x, down) - r;
  if (along > a * h) return d_length(x, p.y - tip);
  return x * a + down * b - r;
}

static inline float d_tick(struct spot p, float scale, float half) {
  return d_join(d_line(p, -0.22f * scale, 0.02f * scale, -0.06f * scale, 0.17f * scale, half),
                d_line(p, -0.06f * scale, 0.17f * scale, 0.22f * scale, -0.13f * scale, half));
}

static inline float d_person(struct spot p, float x, float y, float scale) { /* head and shoulders */
  const float body = d_both(d_disc(p, x, y + 0.24f * scale, 0.22f * scale), p.y - (y + 0.24f * scale));
  return d_join(d_disc(p, x, y - 0.12f * scale, 0.115f * scale), body);
}

/* The families: whatever is drawn in one stands out from it as a hole. */
static inline float d_in_disc(struct spot p, float drawing) { return d_cut(d_disc(p, 0, 0, 0.5f), drawing); }
static inline float d_in_square(struct spot p, float drawing) { return d_cut(d_box(p, 0, 0, 0.5f, 0.5f, 0.13f), drawing); }

static inline float d_hexagon(struct spot p, float r, float round) { /* two of its corners above and below */
  const float kx = -0.8660254f, ky = 0.5f, in = (r - round) * 0.8660254f, side = (r - round) / 2;
  float x = fabsf(p.y), y = fabsf(p.x); /* of one that lies */
  const float over = 2 * d_least(kx * x + ky * y, 0);
  x -= over * kx, y -= over * ky;
  x -= d_least(side, d_most(-side, x)), y -= in;
  return d_length(x, y) * (y < 0 ? -1.0f : 1.0f) - round;
}

static inline float d_in_hexagon(struct spot p, float drawing) { return d_cut(d_hexagon(p, 0.5f, 0.07f), drawing); }

struct drawing {
  const char *name; /* in transcripts */
  float (*distance)(struct spot p);
};

/* NULL: it isn't drawn in that file. */
const struct drawing *drawing_of_verdict(enum shape shape);
const struct drawing *drawing_of_foreign(enum shape shape);

#endif
