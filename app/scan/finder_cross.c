/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scan/finder_inner.h"

enum { RAYS = 2 * FINDER_LINES, RAYS_RIGHT = 10 };

/* How many pixels on, one every `step` bytes, are dark, or light; at most `most`. */
static int32_t run(const uint8_t *grey, int64_t step, int32_t most, int threshold, bool dark) {
  int32_t i = 0;
  while (i < most && (*grey < threshold) == dark) {
    grey += step;
    i++;
  }
  return i;
}

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* Along one way from a pixel of the core: where its three edges are, none longer than a module of this size lets it be. `room`
 * pixels are left to the border, which ends the last one. */
static bool walk(const uint8_t *grey, int64_t step, int32_t room, int threshold, bool dark, float module, float *edge) {
  int32_t at = 0, most = (int32_t)(2 * module) + 2;
  for (int i = 0; i < 3; i++, dark = !dark) {
    int32_t limit = least(most, room - at), length = run(grey + at * step, step, limit, threshold, dark);
    if (length == 0 || (length == limit && (i < 2 || limit == most))) return false;
    at += length;
    edge[i] = (float)at - 0.5f;
    most = (int32_t)(1.5f * module) + 2;
  }
  return true;
}

static int32_t room_along(int32_t at, int32_t n, int32_t d) { return d > 0 ? n - at : d < 0 ? at + 1 : FINDER_SIDE_MAX; }

/* Both ways across a pixel, in steps of dx, dy: how far off the middle is, and a module's length. No module is longer than
 * `module`. */
static bool across(const struct finder_level *level, int32_t x, int32_t y, int32_t dx, int32_t dy, bool inverted, float module,
                   float *middle, float *length) {
  float there[3], back[3];
  if (finder_is_dark(level, x, y) == inverted) return false;
  int threshold = level->threshold[(y >> FINDER_BLOCK) * level->blocks + (x >> FINDER_BLOCK)];
  const uint8_t *grey = level->grey + (int64_t)y * level->stride + x;
  int64_t step = (int64_t)dy * level->stride + dx;
  int32_t room = least(room_along(x, level->w, dx), room_along(y, level->h, dy));
  int32_t room_back = least(room_along(x, level->w, -dx), room_along(y, level->h, -dy));
  if (!walk(grey, step, room, threshold, !inverted, module, there) ||
      !walk(grey, -step, room_back, threshold, !inverted, module, back))
    return false;
  float e[6] = {-back[2], -back[1], -back[0], there[0], there[1], there[2]};
  if (!finder_ratio_fits(e)) return false;
  *middle = (e[0] + e[1] + e[2] + e[3] + e[4] + e[5]) / 6;
  *length = (e[3] - e[1] + e[4] - e[2]) / 8;
  return true;
}

static float clampf(float v, float low, float high) { return v < low ? low : v > high ? high : v; }

/* The grey between pixels; outside it is the border's. */
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

/* The three edges along a ray, where the grey between two samples passes the threshold. */
static bool ray(const struct finder_level *level, float x, float y, float cx, float cy, float module, float threshold,
                bool inverted, float *edge) {
  float step = module > 2 ? module / 4 : 0.5f, limit = 7 * module + 2, was = grey_at(level, x, y);
  int found = 0;
  for (float t = step; t < limit; t += step) {
    float now = grey_at(level, x + t * cx, y + t * cy);
    bool core = (now < threshold) != inverted;
    if (core == (found & 1)) {
      edge[found++] = t - step * (now - threshold) / (now - was);
      if (found == 3) return true;
    }
    was = now;
  }
  return false;
}

/* Unit of a ray in modules: halfway between its edges in pairs, where dark that is spread by blur or threshold cancels out. */
static bool ray_unit(const float *edge, float *unit) {
  float two = (edge[0] + edge[1]) / 2, three = (edge[1] + edge[2]) / 2;
  *unit = (two + three) / 5;
  return edge[0] > 0.5f * *unit && three < 1.9f * two && three > 1.2f * two && edge[2] - edge[0] > 1.1f * *unit;
}

struct star { /* a pattern, seen along rays from its middle */
  float edge[RAYS][3], unit[RAYS];
  bool right[RAYS];
  int count;
};

static float cosine(int i) {
  static const float of[RAYS] = {1,  0.92387953f,  0.70710678f,  0.38268343f,  0, -0.38268343f, -0.70710678f, -0.92387953f,
                                 -1, -0.92387953f, -0.70710678f, -0.38268343f, 0, 0.38268343f,  0.70710678f,  0.92387953f};
  return of[i % RAYS];
}

static void measure(const struct finder_level *level, float x, float y, float module, bool inverted, struct star *star) {
  int32_t bx = (int32_t)clampf(x, 0, (float)(level->w - 1)) >> FINDER_BLOCK;
  int32_t by = (int32_t)clampf(y, 0, (float)(level->h - 1)) >> FINDER_BLOCK;
  float threshold = level->threshold[by * level->blocks + bx];
  star->count = 0;
  for (int i = 0; i < RAYS; i++) {
    star->right[i] = ray(level, x, y, cosine(i), cosine(i + RAYS - RAYS / 4), module, threshold, inverted, star->edge[i]) &&
                     ray_unit(star->edge[i], &star->unit[i]);
    star->count += star->right[i];
  }
}

/* Moves the middle to where opposite edges are equally far, by least squares over the lines with both. */
static void centre(const struct star *star, float *x, float *y) {
  float xx = 0, xy = 0, yy = 0, bx = 0, by = 0;
  for (int i = 0; i < FINDER_LINES; i++) {
    if (!star->right[i] || !star->right[i + FINDER_LINES]) continue;
    const float *there = star->edge[i], *back = star->edge[i + FINDER_LINES];
    float off = (there[0] - back[0] + there[1] - back[1] + there[2] - back[2]) / 6;
    float cx = cosine(i), cy = cosine(i + RAYS - RAYS / 4);
    xx += cx * cx;
    xy += cx * cy;
    yy += cy * cy;
    bx += cx * off;
    by += cy * off;
  }
  float det = xx * yy - xy * xy;
  if (det < 0.5f) return;
  *x += (yy * bx - xy * by) / det;
  *y += (xx * by - xy * bx) / det;
}

/* A module's length in each direction; a direction that was not measured has the mean of its neighbours, or of all. The
 * square of side 2 round the middle has the area of pi times its mean squared reach: so the module. */
static float reaches(const struct star *star, float *reach) {
  float sum = 0, all = 0;
  int n = 0;
  for (int i = 0; i < RAYS; i++) {
    if (!star->right[i]) continue;
    all += star->unit[i] * star->unit[i];
    n++;
  }
  for (int i = 0; i < FINDER_LINES; i++) {
    bool one = star->right[i], other = star->right[i + FINDER_LINES];
    reach[i] = one && other ? (star->unit[i] + star->unit[i + FINDER_LINES]) / 2
               : one        ? star->unit[i]
               : other      ? star->unit[i + FINDER_LINES]
                            : sqrtf(all / (float)n);
    sum += reach[i] * reach[i];
  }
  return sqrtf(sum / FINDER_LINES * 0.78539816f);
}

static struct finder_cross *known(struct finder *finder, float x, float y, float module, bool inverted) {
  for (int32_t i = finder->crosses - 1; i >= 0; i--) {
    struct finder_cross *cross = &finder->cross[i];
    float near = 2 * cross->module, dx = x - cross->x, dy = y - cross->y;
    if (dx < near && dx > -near && dy < near && dy > -near && module < 2 * cross->module && cross->module < 2.5f * module &&
        inverted == cross->inverted)
      return cross;
  }
  return NULL;
}

bool finder_cross_at(struct finder *finder, const struct finder_level *level, float x, float y, float module, bool inverted) {
  float scale = (float)(1 << level->shift), off, down, right, diagonal;
  struct star star;
  struct finder_cross *cross = known(finder, x * scale, y * scale, module * scale, inverted);
  if (cross) {
    cross->seen++;
    return true;
  }
  if (!across(level, (int32_t)x, (int32_t)y, 0, 1, inverted, 2.2f * module, &off, &down)) return false;
  if (module > 2.2f * down) return false;
  y = floorf(y) + 0.5f + off;
  if (!across(level, (int32_t)x, (int32_t)y, 1, 0, inverted, 1.5f * module, &off, &right)) return false;
  x = floorf(x) + 0.5f + off;
  float longer = 1.5f * (down > right ? down : right);
  if (!across(level, (int32_t)x, (int32_t)y, 1, 1, inverted, longer, &off, &diagonal) &&
      !across(level, (int32_t)x, (int32_t)y, 1, -1, inverted, longer, &off, &diagonal))
    return false;
  if (finder->crosses == FINDER_CROSSES) return false;
  module = (down + right) / 2;
  for (int i = 0; i < 2; i++) {
    measure(level, x, y, module, inverted, &star);
    if (star.count < RAYS_RIGHT) return false;
    centre(&star, &x, &y);
  }
  measure(level, x, y, module, inverted, &star);
  if (star.count < RAYS_RIGHT) return false;
  cross = &finder->cross[finder->crosses];
  module = reaches(&star, cross->reach);
  if (known(finder, x * scale, y * scale, module * scale, inverted)) return true;
  for (int i = 0; i < FINDER_LINES; i++) cross->reach[i] *= scale;
  cross->x = x * scale;
  cross->y = y * scale;
  cross->module = module * scale;
  cross->sure = (float)star.count / RAYS;
  cross->seen = 1;
  cross->inverted = inverted;
  finder->crosses++;
  return true;
}
