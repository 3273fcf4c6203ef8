/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/finder_inner.h"

enum { TEXTURE_LEVELS = 3, CONTRAST = 40, DENSE = 13, AREA_MIN = 12, PATCHES_MAX = 3, LONE_MAX = 1 };

/* How far from grey, in 64ths of what dark and light are, texture is in focus, and at least. Much that is no code is between.
 */
enum { CLEAR = 30, BLURRED = 12, KINDS = 2 };
static const int polarity_of_kind[KINDS] = {CLEAR, BLURRED};
static const float likeness_of_kind[KINDS] = {0.35f, 0.25f}, least_of_kind[KINDS] = {0.14f, 0.175f}, LIKELY = 0.2f;

/* How far greys are from the threshold, in halves of the range, in 64ths: a code is dark and light, with little between. */
static int polarity(const struct finder_level *level, int32_t bx, int32_t by, int range) {
  uint8_t grey[32], threshold = level->threshold[by * level->blocks + bx];
  int32_t x = bx * 8, y = by * 8;
  if (x + 8 > level->w || y + 8 > level->h) return 0;
  for (int i = 0; i < 4; i++) memcpy(grey + 8 * i, level->grey + (int64_t)(y + 2 * i) * level->stride + x, 8);
  uint32_t off = 0;
  for (int i = 0; i < 32; i++) off += (uint32_t)abs(grey[i] - threshold);
  return (int)(4 * off) / range;
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

static int noise_of(const struct finder *finder, const struct finder_level *level) {
  return (int)(finder->grain * 1.6f) >> level->shift;
}

/* The polarity of blocks that are as rough as a code's: turning often both ways, neither much more than the other; 0: of
 * others. */
static void polarities(const struct finder_level *level, int32_t w, int32_t h, int noise, uint8_t *out) {
  memset(out, 0, (size_t)(h * level->blocks));
  for (int32_t y = 0; y < h; y++) {
    for (int32_t x = 0; x < w; x++) {
      int32_t block = y * level->blocks + x;
      int range = level->range[block] - noise;
      if (!turns(level, block) || range < CONTRAST) continue;
      int share = polarity(level, x, y, range);
      out[block] = (uint8_t)(share < 255 ? share : 255);
    }
  }
}

static void five_across(const uint8_t *restrict polarity, int least, int32_t w, uint8_t *restrict sum) {
  uint8_t limit = (uint8_t)(least - 1);
  for (int32_t x = 2; x < w - 2; x++)
    sum[x] = (uint8_t)((polarity[x - 2] > limit) + (polarity[x - 1] > limit) + (polarity[x] > limit) +
                       (polarity[x + 1] > limit) + (polarity[x + 2] > limit));
}

static void five_down(const uint8_t *restrict sum, const uint8_t *restrict polarity, int least, int32_t stride, int32_t w,
                      uint8_t *restrict marks) {
  uint8_t limit = (uint8_t)(least - 1);
  for (int32_t x = 2; x < w - 2; x++) {
    uint8_t rough = (uint8_t)(sum[x] + sum[x + stride] + sum[x + 2 * stride] + sum[x + 3 * stride] + sum[x + 4 * stride]);
    marks[x] = (uint8_t)((polarity[x] > limit) & (rough >= DENSE));
  }
}

/* Opens the rough blocks with mostly rough ones round them; none of the two rows and columns at the border. */
static void open_dense(const struct finder *finder, int32_t stride, int32_t w, int32_t h, int least) {
  memset(finder->marks, 0, (size_t)(h * stride));
  for (int32_t y = 0; y < h; y++) five_across(finder->polarity + y * stride, least, w, finder->sums + y * stride);
  for (int32_t y = 2; y < h - 2; y++)
    five_down(finder->sums + (y - 2) * stride, finder->polarity + y * stride, least, stride, w, finder->marks + y * stride);
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
      if (!finder->marks[at + ways[i]]) continue;
      finder->marks[at + ways[i]] = 0;
      finder->todo[n++] = at + ways[i];
    }
  }
  return patch;
}

/* How much a patch is like a code: about square, of one piece, as rough both ways, and at least as large as the smallest code,
 * whose rows turn at every second module. */
static float likeness_of(const struct patch *patch, int kind, float *module) {
  float w = (float)(patch->right - patch->left + 1), h = (float)(patch->bottom - patch->top + 1);
  float across = (float)patch->across / (float)patch->area, down = (float)patch->down / (float)(2 * patch->area);
  float longer = w > h ? w : h, square = w > h ? h / w : w / h, even = across > down ? down / across : across / down;
  float fill = (float)patch->area / (w * h);
  *module = 32 / (across + down);
  if (patch->area < AREA_MIN || square < 0.5f || fill < 0.35f || even < (kind == 0 ? 0.6f : 0.4f)) return 0;
  if (longer * 8 < 15 * *module || longer * 8 > 190 * *module) return 0;
  float likeness = likeness_of_kind[kind] * square * (kind == 0 ? even : 1) * (fill > 0.7f ? 1 : fill + 0.3f);
  return likeness < least_of_kind[kind] ? 0 : likeness;
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

static void box(struct finder_place *place, const struct finder_level *frame, float left, float top, float right,
                float bottom) {
  int16_t x0 = (int16_t)(left > 0 ? left : 0), x1 = (int16_t)(right < (float)frame->w ? right : (float)frame->w);
  int16_t y0 = (int16_t)(top > 0 ? top : 0), y1 = (int16_t)(bottom < (float)frame->h ? bottom : (float)frame->h);
  place->corner[0] = (struct point){x0, y0};
  place->corner[1] = (struct point){x1, y0};
  place->corner[2] = (struct point){x1, y1};
  place->corner[3] = (struct point){x0, y1};
}

static void offer_patch(const struct finder *finder, struct finder_view *view, int32_t first, const struct finder_level *level,
                        const struct patch *patch, int kind) {
  struct finder_place place = {.pattern = {-1, -1, -1}};
  place.likeness = likeness_of(patch, kind, &place.module);
  if (place.likeness == 0) return;
  place.module *= (float)(1 << level->shift);
  float side = (float)(8 << level->shift);
  box(&place, finder->level, (float)(patch->left - 1) * side, (float)(patch->top - 1) * side, (float)(patch->right + 2) * side,
      (float)(patch->bottom + 2) * side);
  offer(view, first, &place);
}

/* A pattern that is sure and in no likely place: the code is about it, though nothing else of it is clear. It is in the patch
 * beside it, which is only a part of the code then, or anywhere near. */
static void offer_lone(const struct finder *finder, struct finder_view *view, int32_t first) {
  int32_t patches = view->places;
  for (int32_t i = 0; i < finder->crosses && view->places < FINDER_PLACES_MAX && view->places < patches + LONE_MAX; i++) {
    const struct finder_cross *cross = &finder->cross[i];
    bool used = cross->seen < cross->module * 0.9f || cross->seen < 4 || cross->sure < 0.85f;
    for (int32_t k = 0; k < patches && !used; k++)
      for (int j = 0; j < 3; j++) used = used || (view->place[k].pattern[j] == i && view->place[k].likeness > 0.2f);
    if (used) continue;
    float reach = 28 * cross->module, near = 5 * cross->module;
    struct finder_place place = {
        .pattern = {-1, -1, -1}, .module = cross->module, .likeness = 0.16f, .inverted = cross->inverted};
    box(&place, finder->level, cross->x - reach, cross->y - reach, cross->x + reach, cross->y + reach);
    for (int32_t k = first; k < patches; k++) {
      const struct point *p = view->place[k].corner;
      float w = (float)(p[2].x - p[0].x), h = (float)(p[2].y - p[0].y), longer = w > h ? w : h, more = 0.4f * longer;
      if (view->place[k].pattern[0] >= 0 || longer > 45 * cross->module || cross->x < (float)p[0].x - near ||
          cross->x > (float)p[2].x + near || cross->y < (float)p[0].y - near || cross->y > (float)p[2].y + near)
        continue;
      box(&place, finder->level, (float)p[0].x - more, (float)p[0].y - more, (float)p[2].x + more, (float)p[2].y + more);
      break;
    }
    view->place[view->places++] = place;
  }
}

static void find_patches(const struct finder *finder, struct finder_view *view, int32_t first, int kind) {
  for (int32_t i = 0; i < TEXTURE_LEVELS && i < finder->levels; i++) {
    const struct finder_level *level = &finder->level[i];
    int32_t w = (level->w + 7) >> FINDER_BLOCK, h = (level->h + 7) >> FINDER_BLOCK;
    polarities(level, w, h, noise_of(finder, level), finder->polarity);
    open_dense(finder, level->blocks, w, h, polarity_of_kind[kind]);
    for (int32_t y = 2; y < h - 2; y++) {
      for (int32_t x = 2; x < w - 2; x++) {
        if (!finder->marks[y * level->blocks + x]) continue;
        struct patch patch = patch_at(finder, level, y * level->blocks + x);
        offer_patch(finder, view, first, level, &patch, kind);
      }
    }
  }
}

void finder_texture(struct finder *finder, struct finder_view *view) {
  int32_t first = view->places;
  for (int kind = 0; kind < KINDS; kind++) { /* likely ones stand first */
    if (view->places > first && view->place[first].likeness >= LIKELY) break;
    find_patches(finder, view, first, kind);
  }
  offer_lone(finder, view, first);
}
