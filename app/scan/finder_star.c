/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/finder_inner.h"

enum { RAYS = 2 * FINDER_LINES, RAYS_RIGHT = 10, RAYS_MERGED = 13, RAYS_CLOSED = 4 };

static float clampf(float v, float low, float high) { return v < low ? low : v > high ? high : v; }

/* The grey between pixels. */
static float grey_at(const struct finder_level *level, float x, float y) {
  x = clampf(x - 0.5f, 0, (float)(level->w - 1));
  y = clampf(y - 0.5f, 0, (float)(level->h - 1));
  int32_t ix = (int32_t)x, iy = (int32_t)y;
  int32_t right = ix + 1 < level->w, down = iy + 1 < level->h ? level->stride : 0;
  const uint8_t *p = level->grey + (int64_t)iy * level->stride + ix;
  float fx = x - (float)ix, fy = y - (float)iy;
  float top = (float)p[0] + fx * (float)(p[right] - p[0]);
  float bottom = (float)p[down] + fx * (float)(p[down + right] - p[down]);
  return top + fy * (bottom - top);
}

/* The edges along a ray, where the grey between two samples passes the threshold; how many there are. The border of the frame
 * is as good as a quiet zone. */
static int ray(const struct finder_level *level, const struct finder_hint *hint, float cx, float cy, float threshold,
               float *edge) {
  float step = hint->module > 2 ? hint->module / 4 : 0.5f, limit = 7 * hint->module + 2, was = grey_at(level, hint->x, hint->y);
  float quiet = hint->inverted ? 0 : 255;
  int found = 0;
  if ((was < threshold) == hint->inverted) return 0; /* the middle is no core */
  for (float t = step; t < limit && found < 3; t += step) {
    float x = hint->x + t * cx, y = hint->y + t * cy;
    bool out = x < 0 || y < 0 || x > (float)level->w || y > (float)level->h;
    float now = out ? quiet : grey_at(level, x, y);
    bool core = (now < threshold) != hint->inverted;
    if (core == (found & 1)) edge[found++] = t - step * (now - threshold) / (now - was);
    was = now;
  }
  return found;
}

/* A module along a ray: halfway between its edges in pairs, where dark that is spread by blur or threshold cancels out. A frame
 * that merged with what is round it has no last edge, or one too far away. */
static bool unit_of(const float *edge, int edges, bool merged, float *unit, bool *open) {
  float two = (edge[0] + edge[1]) / 2, three = (edge[1] + edge[2]) / 2;
  *open = edges == 2 || (edges == 3 && three >= 1.9f * two);
  if (edges < 2 || (*open && !merged)) return false;
  *unit = *open ? two / 2 : (two + three) / 5;
  if (*open) return edge[0] > 0.5f * *unit && edge[0] < 2.4f * *unit;
  return edge[0] > 0.5f * *unit && three > 1.2f * two && edge[2] - edge[0] > 1.1f * *unit;
}

static float cosine(int i) {
  static const float of[RAYS] = {1,  0.92387953f,  0.70710678f,  0.38268343f,  0, -0.38268343f, -0.70710678f, -0.92387953f,
                                 -1, -0.92387953f, -0.70710678f, -0.38268343f, 0, 0.38268343f,  0.70710678f,  0.92387953f};
  return of[i % RAYS];
}

static void measure(const struct finder_level *level, const struct finder_hint *hint, struct finder_star *star) {
  int32_t bx = (int32_t)clampf(hint->x, 0, (float)(level->w - 1)) >> FINDER_BLOCK;
  int32_t by = (int32_t)clampf(hint->y, 0, (float)(level->h - 1)) >> FINDER_BLOCK;
  float threshold = level->threshold[by * level->blocks + bx];
  star->count = star->opens = 0;
  for (int i = 0; i < RAYS; i++) {
    float *edge = star->edge[i];
    int edges = ray(level, hint, cosine(i), cosine(i + RAYS - RAYS / 4), threshold, edge);
    star->right[i] = unit_of(edge, edges, hint->merged, &star->unit[i], &star->open[i]);
    star->count += star->right[i];
    star->opens += star->right[i] && star->open[i];
  }
}

/* Moves the hint to where opposite edges are equally far, by least squares over the lines with both. */
static void centre(const struct finder_star *star, struct finder_hint *hint) {
  float xx = 0, xy = 0, yy = 0, bx = 0, by = 0;
  for (int i = 0; i < FINDER_LINES; i++) {
    if (!star->right[i] || !star->right[i + FINDER_LINES]) continue;
    const float *there = star->edge[i], *back = star->edge[i + FINDER_LINES];
    float off = (there[0] - back[0] + there[1] - back[1]) / 4;
    if (!star->open[i] && !star->open[i + FINDER_LINES]) off = (4 * off + there[2] - back[2]) / 6;
    float cx = cosine(i), cy = cosine(i + RAYS - RAYS / 4);
    xx += cx * cx;
    xy += cx * cy;
    yy += cy * cy;
    bx += cx * off;
    by += cy * off;
  }
  float det = xx * yy - xy * xy;
  if (det < 0.5f) return;
  hint->x += (yy * bx - xy * by) / det;
  hint->y += (xx * by - xy * bx) / det;
}

static bool enough(const struct finder_star *star, bool merged) {
  return merged ? star->count >= RAYS_MERGED && star->count - star->opens >= RAYS_CLOSED : star->count >= RAYS_RIGHT;
}

bool finder_star(const struct finder_level *level, struct finder_hint *hint, struct finder_star *star) {
  for (int i = 0; i < 2; i++) {
    measure(level, hint, star);
    if (!enough(star, hint->merged)) return false;
    centre(star, hint);
  }
  measure(level, hint, star);
  return enough(star, hint->merged);
}
