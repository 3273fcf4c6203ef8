/* SPDX-License-Identifier: Apache-2.0
 * For tests of reading: a QR symbol seen by a camera. Any projection of it, blurred, in noise, under a lamp;
 * and where its patterns are, as a finder would have it. Frames are owned by the caller (free luma).
 */
#ifndef YINGBIN_TESTS_UNIT_QR_SCENE_H
#define YINGBIN_TESTS_UNIT_QR_SCENE_H

#include <math.h>

#include "scan/finder.h"
#include "tests/unit/qr_frame.h"

struct qr_scene {
  int32_t w, h;
  float corner[4][2]; /* pixels: where the symbol's corners are, clockwise from its own top left */
  bool inverted, mirrored;
  int light, dark; /* grey levels */
  float slope;     /* grey levels that are added from the left edge of the frame to the right */
  float bend;      /* modules that rows are bent by: paper that isn't flat */
  int blur;        /* a box of 2 * blur + 1 pixels, twice over */
  float noise;     /* largest */
  float lamp[3];   /* x, y, radius of a white disc on it */
  float jitter;    /* pixels that the finder's centres are off at most */
  uint32_t seed;
};

static inline uint32_t qr_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static inline float qr_random_about(uint32_t *state) { return (float)(qr_random(state) >> 8) / (1 << 23) - 1; }

/* Unit square to the four corners: m[0..7]; the ninth is 1. */
static inline void qr_projection(const float (*c)[2], float m[8]) {
  float dx1 = c[1][0] - c[2][0], dx2 = c[3][0] - c[2][0], sx = c[0][0] - c[1][0] + c[2][0] - c[3][0];
  float dy1 = c[1][1] - c[2][1], dy2 = c[3][1] - c[2][1], sy = c[0][1] - c[1][1] + c[2][1] - c[3][1];
  float det = dx1 * dy2 - dx2 * dy1;
  m[6] = (sx * dy2 - dx2 * sy) / det;
  m[7] = (dx1 * sy - sx * dy1) / det;
  m[0] = c[1][0] - c[0][0] + m[6] * c[1][0];
  m[1] = c[3][0] - c[0][0] + m[7] * c[3][0];
  m[2] = c[0][0];
  m[3] = c[1][1] - c[0][1] + m[6] * c[1][1];
  m[4] = c[3][1] - c[0][1] + m[7] * c[3][1];
  m[5] = c[0][1];
}

static inline void qr_project(const float m[8], float u, float v, float xy[2]) {
  float d = m[6] * u + m[7] * v + 1;
  xy[0] = (m[0] * u + m[1] * v + m[2]) / d;
  xy[1] = (m[3] * u + m[4] * v + m[5]) / d;
}

static inline void qr_unproject(const float m[8], float x, float y, float uv[2]) {
  float a = m[0] - m[6] * x, b = m[1] - m[7] * x, c = x - m[2], d = m[3] - m[6] * y, e = m[4] - m[7] * y, f = y - m[5];
  float det = a * e - b * d;
  uv[0] = (c * e - b * f) / det;
  uv[1] = (a * f - c * d) / det;
}

static inline bool qr_dark_at(const QRcode *code, const struct qr_scene *scene, const float m[8], float x, float y) {
  float uv[2], side = (float)code->width;
  qr_unproject(m, x, y, uv);
  float u = uv[0] * side, v = uv[1] * side;
  v += scene->bend * sinf(uv[0] * 3.14159265f);
  if (!(u >= 0 && v >= 0 && u < side && v < side)) return scene->inverted;
  int i = (int)u, j = (int)v;
  return ((code->data[(scene->mirrored ? i : j) * code->width + (scene->mirrored ? j : i)] & 1) != 0) != scene->inverted;
}

static inline void qr_blur(uint8_t *luma, int32_t w, int32_t h, int blur) {
  uint8_t *was = malloc((size_t)w * (size_t)h);
  assert(was);
  for (int pass = 0; pass < 4; pass++) {
    memcpy(was, luma, (size_t)w * (size_t)h);
    for (int32_t y = 0; y < h; y++) {
      for (int32_t x = 0; x < w; x++) {
        int sum = 0, n = 0;
        for (int i = -blur; i <= blur; i++) {
          int32_t px = pass & 1 ? x : x + i, py = pass & 1 ? y + i : y;
          if (px < 0 || py < 0 || px >= w || py >= h) continue;
          sum += was[py * w + px];
          n++;
        }
        luma[y * w + x] = (uint8_t)((sum + n / 2) / n);
      }
    }
  }
  free(was);
}

static inline struct frame qr_draw_scene(const QRcode *code, const struct qr_scene *scene) {
  enum { SUB = 3 };
  struct frame frame = qr_blank(scene->w, scene->h, scene->w);
  uint8_t *luma = (uint8_t *)frame.luma;
  uint32_t seed = scene->seed * 2654435761u + 1;
  float m[8];
  qr_projection(scene->corner, m);
  for (int32_t y = 0; y < scene->h; y++) {
    for (int32_t x = 0; x < scene->w; x++) {
      int dark = 0;
      for (int i = 0; i < SUB * SUB; i++)
        dark +=
            qr_dark_at(code, scene, m, (float)x + ((float)(i % SUB) + 0.5f) / SUB, (float)y + ((float)(i / SUB) + 0.5f) / SUB);
      float grey = (float)scene->light + (float)(scene->dark - scene->light) * (float)dark / (SUB * SUB);
      grey += scene->slope * (float)x / (float)scene->w;
      if (hypotf((float)x - scene->lamp[0], (float)y - scene->lamp[1]) < scene->lamp[2]) grey = 255;
      luma[y * scene->w + x] = (uint8_t)(grey < 0 ? 0 : grey > 255 ? 255 : grey);
    }
  }
  if (scene->blur) qr_blur(luma, scene->w, scene->h, scene->blur);
  for (int32_t i = 0; i < scene->w * scene->h; i++) {
    float grey = (float)luma[i] + scene->noise * qr_random_about(&seed);
    luma[i] = (uint8_t)(grey < 0 ? 0 : grey > 255 ? 255 : grey);
  }
  return frame;
}

/* What a finder says about the scene, in one place. */
static inline void qr_scene_found(const struct qr_scene *scene, int side, struct finder_view *view) {
  uint32_t seed = scene->seed * 40503u + 7;
  float m[8], near = 3.5f / (float)side, far = 1 - near, uv[3][2] = {{near, near}, {far, near}, {near, far}};
  qr_projection(scene->corner, m);
  *view = (struct finder_view){.patterns = 3, .places = 1};
  view->place[0] = (struct finder_place){.pattern = {0, 1, 2}, .likeness = 1, .inverted = scene->inverted};
  for (int i = 0; i < 3; i++) {
    float at[2], right[2], down[2], one = 1 / (float)side;
    float bent = scene->bend * sinf(uv[i][0] * 3.14159265f) / (float)side;
    qr_project(m, uv[i][0], uv[i][1] - bent, at);
    qr_project(m, uv[i][0] + one, uv[i][1] - bent, right);
    qr_project(m, uv[i][0], uv[i][1] - bent + one, down);
    float area = (right[0] - at[0]) * (down[1] - at[1]) - (right[1] - at[1]) * (down[0] - at[0]);
    view->pattern[i] = (struct finder_pattern){.x = at[0] + scene->jitter * qr_random_about(&seed),
                                               .y = at[1] + scene->jitter * qr_random_about(&seed),
                                               .module = sqrtf(fabsf(area)),
                                               .seen = 5,
                                               .inverted = scene->inverted};
    view->place[0].module += view->pattern[i].module / 3;
  }
}

#endif
