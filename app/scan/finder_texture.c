/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/finder_inner.h"

enum { TEXTURE_LEVELS = 3, CONTRAST = 40, POLARITY = 30, DENSE = 13, AREA_MIN = 12, PATCHES_MAX = 3 };

enum { ROUGH = 1, OPEN = 2 }; /* marks; open: in a dense place, and in no patch yet */

/* How far greys are from the threshold, in halves of the range, in 64ths: a code is dark and light, with little between. */
static int polarity(const struct finder_level *level, int32_t bx, int32_t by, int range) {
  int threshold = level->threshold[by * level->blocks + bx], off = 0;
  int32_t x = bx * 8, y = by * 8;
  if (x + 8 > level->w || y + 8 > level->h) return 0;
  const uint8_t *grey = level->grey + (int64_t)y * level->stride + x;
  for (int i = 0; i < 4; i++, grey += 2 * level->stride)
    for (int j = 0; j < 8; j++) off += abs(grey[j] - threshold);
  return 4 * off / range;
}

static bool turns(const struct finder_level *level, int32_t block) {
  int across = level->across[block], down = level->down[block];
  return across + down >= 3 && across * 6 >= down && down * 3 >= across;
}

bool finder_turns(const struct finder *finder, float x, float y, float module) {
  const struct finder_level *level = finder->level, *last = level + finder->levels - 1;
  for (; module > 5 && level < last; level++) module /= 2;
  int32_t bx = (int32_t)floorf(x) >> (level->shift + FINDER_BLOCK), by = (int32_t)floorf(y) >> (level->shift + FINDER_BLOCK);
  if (bx < 0 || by < 0 || bx * 8 >= level->w || by * 8 >= level->h) return false;
  return turns(level, by * level->blocks + bx);
}

/* As rough as a code's: turning often both ways, neither much more than the other, and either dark or light. */
static bool is_rough(const struct finder_level *level, int32_t bx, int32_t by, int noise) {
  int32_t block = by * level->blocks + bx;
  int range = level->range[block] - noise;
  return turns(level, block) && range >= CONTRAST && polarity(level, bx, by, range) >= POLARITY;
}

static int noise_of(const struct finder *finder, const struct finder_level *level) {
  return (int)(finder->grain * 1.6f) >> level->shift;
}

static void mark_rough(const struct finder_level *level, int32_t w, int32_t h, int noise, uint8_t *marks) {
  for (int32_t y = 0; y < h; y++)
    for (int32_t x = 0; x < w; x++) marks[y * level->blocks + x] = is_rough(level, x, y, noise);
}

/* Opens the rough blocks with mostly rough ones round them. */
static void mark_dense(int32_t stride, int32_t w, int32_t h, uint8_t *marks) {
  for (int32_t y = 2; y < h - 2; y++) {
    for (int32_t x = 2; x < w - 2; x++) {
      uint8_t *mark = marks + y * stride + x;
      int rough = 0;
      if (!(*mark & ROUGH)) continue;
      for (int j = -2; j <= 2; j++)
        for (int i = -2; i <= 2; i++) rough += mark[j * stride + i] & ROUGH;
      if (rough >= DENSE) *mark |= OPEN;
    }
  }
}

struct patch { /* blocks */
  int32_t area, left, top, right, bottom, across, down;
};

/* All open blocks that hang together with this one. */
static struct patch patch_at(const struct finder *finder, const struct finder_level *level, int32_t start) {
  struct patch patch = {.left = level->blocks, .top = INT32_MAX};
  const int32_t ways[4] = {1, -1, level->blocks, -level->blocks}; /* never out of the grid: none is open at its border */
  int32_t n = 0;
  finder->todo[n++] = start;
  finder->marks[start] = 0;
  while (n > 0) {
    int32_t at = finder->todo[--n], x = at % level->blocks, y = at / level->blocks;
    patch.area++;
    patch.across += level->across[at];
    patch.down += level->down[at];
    if (x < patch.left) patch.left = x;
    if (x > patch.right) patch.right = x;
    if (y < patch.top) patch.top = y;
    if (y > patch.bottom) patch.bottom = y;
    for (int i = 0; i < 4; i++) {
      if (!(finder->marks[at + ways[i]] & OPEN)) continue;
      finder->marks[at + ways[i]] = 0;
      finder->todo[n++] = at + ways[i];
    }
  }
  return patch;
}

/* How much a patch is like a code: about square, of one piece, as rough both ways, and at least as large as the smallest code,
 * whose rows turn at every second module. */
static float likeness_of(const struct patch *patch, float *module) {
  float w = (float)(patch->right - patch->left + 1), h = (float)(patch->bottom - patch->top + 1);
  float across = (float)patch->across / (float)patch->area, down = (float)patch->down / (float)(2 * patch->area);
  float longer = w > h ? w : h, square = w > h ? h / w : w / h, even = across > down ? down / across : across / down;
  float fill = (float)patch->area / (w * h);
  *module = 32 / (across + down);
  if (patch->area < AREA_MIN || square < 0.5f || fill < 0.35f || even < 0.6f) return 0;
  if (longer * 8 < 15 * *module || longer * 8 > 190 * *module) return 0;
  float likeness = 0.35f * square * even * (fill > 0.7f ? 1 : fill + 0.3f);
  return likeness < 0.14f ? 0 : likeness;
}

static bool holds(const struct finder_place *place, int x, int y) {
  int left = INT16_MAX, top = INT16_MAX, right = INT16_MIN, bottom = INT16_MIN;
  for (int i = 0; i < 4; i++) {
    if (place->corner[i].x < left) left = place->corner[i].x;
    if (place->corner[i].x > right) right = place->corner[i].x;
    if (place->corner[i].y < top) top = place->corner[i].y;
    if (place->corner[i].y > bottom) bottom = place->corner[i].y;
  }
  return x >= left && x <= right && y >= top && y <= bottom;
}

/* Its place stays among the patches in order of likeness, unless a better one is there already. */
static void offer(struct finder_view *view, int32_t first, const struct finder_place *place) {
  int x = (place->corner[0].x + place->corner[2].x) / 2, y = (place->corner[0].y + place->corner[2].y) / 2;
  int32_t at = view->places, most = first + PATCHES_MAX < FINDER_PLACES_MAX ? first + PATCHES_MAX : FINDER_PLACES_MAX;
  for (int32_t i = 0; i < view->places; i++)
    if (view->place[i].likeness >= place->likeness && holds(&view->place[i], x, y)) return;
  while (at > first && view->place[at - 1].likeness < place->likeness) at--;
  if (at >= most) return;
  if (view->places < most) view->places++;
  for (int32_t i = view->places - 1; i > at; i--) view->place[i] = view->place[i - 1];
  view->place[at] = *place;
}

static void offer_patch(struct finder_view *view, int32_t first, const struct finder_level *level, const struct patch *patch) {
  struct finder_place place = {.pattern = {-1, -1, -1}};
  place.likeness = likeness_of(patch, &place.module);
  if (place.likeness == 0) return;
  int32_t right = ((level->w + 7) >> FINDER_BLOCK) - 1, bottom = ((level->h + 7) >> FINDER_BLOCK) - 1;
  int32_t side = 8 << level->shift, x0 = patch->left - 1, y0 = patch->top - 1, x1 = patch->right + 1, y1 = patch->bottom + 1;
  int16_t left = (int16_t)(x0 * side), top = (int16_t)(y0 * side);
  int16_t rightmost = (int16_t)((x1 < right ? x1 + 1 : right + 1) * side),
          lowest = (int16_t)((y1 < bottom ? y1 + 1 : bottom + 1) * side);
  place.corner[0] = (struct point){left, top};
  place.corner[1] = (struct point){rightmost, top};
  place.corner[2] = (struct point){rightmost, lowest};
  place.corner[3] = (struct point){left, lowest};
  place.module *= (float)(1 << level->shift);
  offer(view, first, &place);
}

void finder_texture(struct finder *finder, struct finder_view *view) {
  int32_t first = view->places;
  for (int32_t i = 0; i < TEXTURE_LEVELS && i < finder->levels; i++) {
    const struct finder_level *level = &finder->level[i];
    int32_t w = (level->w + 7) >> FINDER_BLOCK, h = (level->h + 7) >> FINDER_BLOCK;
    mark_rough(level, w, h, noise_of(finder, level), finder->marks);
    mark_dense(level->blocks, w, h, finder->marks);
    for (int32_t at = 0; at < h * level->blocks; at++) {
      if (!(finder->marks[at] & OPEN)) continue;
      struct patch patch = patch_at(finder, level, at);
      offer_patch(view, first, level, &patch);
    }
  }
}
