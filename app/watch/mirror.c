/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/mirror.h"

#include <string.h>

enum { COLUMNS_MAX = SCAN_SIDE_MAX, EDGE = 2 /* pixels of the mirror, for blur */ };

/* The mean of scale x scale pixels each, left and right exchanged. Sums of a column fit: 23 rows at most. */
static void shrink(const struct frame *frame, int32_t scale, struct mirror *out) {
  static _Thread_local uint16_t column[COLUMNS_MAX];
  const int32_t used = out->w * scale;
  const uint32_t share = 65536 / (uint32_t)(scale * scale);
  for (int32_t y = 0; y < out->h; y++) {
    memset(column, 0, (size_t)used * sizeof *column);
    for (int32_t i = 0; i < scale; i++) {
      const uint8_t *row = frame->luma + (size_t)(y * scale + i) * (size_t)frame->stride;
      for (int32_t x = 0; x < used; x++) column[x] = (uint16_t)(column[x] + row[x]);
    }
    uint8_t *to = out->luma + (size_t)y * (size_t)out->w + out->w;
    for (int32_t x = 0; x < out->w; x++) {
      uint32_t sum = 0;
      for (int32_t i = 0; i < scale; i++) sum += column[x * scale + i];
      *--to = (uint8_t)(sum * share >> 16);
    }
  }
}

void mirror_keep(struct mirror_maker *m, const struct frame *frame, struct moment at) {
  m->kept = false;
  if (at.mono_ms < m->due_ms && m->due_ms - at.mono_ms <= MIRROR_EVERY_MS) return;
  if (frame->w < 1 || frame->h < 1 || frame->w > SCAN_SIDE_MAX || frame->h > SCAN_SIDE_MAX) return;
  const int32_t across = (frame->w + MIRROR_W - 1) / MIRROR_W, down = (frame->h + MIRROR_H - 1) / MIRROR_H;
  m->scale = across > down ? across : down;
  struct mirror *out = &m->mirror;
  out->w = (int16_t)(frame->w / m->scale);
  out->h = (int16_t)(frame->h / m->scale);
  if (out->w < 1 || out->h < 1) return; /* a frame like a thread */
  out->at = at;
  shrink(frame, m->scale, out);
  m->due_ms = at.mono_ms - m->due_ms < MIRROR_EVERY_MS ? m->due_ms + MIRROR_EVERY_MS : at.mono_ms + MIRROR_EVERY_MS;
  m->kept = true;
}

void mirror_drop(struct mirror_maker *m) { m->kept = false; }

static int32_t within(int32_t v, int32_t most) { return v < 0 ? 0 : v > most ? most : v; }

struct extent {
  int32_t left, top, right, bottom;
};

static struct extent extent_of(const struct point corner[4]) {
  struct extent e = {corner[0].x, corner[0].y, corner[0].x, corner[0].y};
  for (int i = 1; i < 4; i++) {
    if (corner[i].x < e.left) e.left = corner[i].x;
    if (corner[i].x > e.right) e.right = corner[i].x;
    if (corner[i].y < e.top) e.top = corner[i].y;
    if (corner[i].y > e.bottom) e.bottom = corner[i].y;
  }
  return e;
}

/* The upright box round the corners, and half as much again: the quiet zone is a fifth on each side at most.
 * Corners are what a decoder says: they may lie anywhere, in any order. */
static void paint(struct mirror_maker *m, const struct point corner[4]) {
  struct mirror *out = &m->mirror;
  const struct extent e = extent_of(corner);
  const int32_t more_x = (e.right - e.left) / 4, more_y = (e.bottom - e.top) / 4;
  const int32_t left = within((e.left - more_x) / m->scale - EDGE, out->w),
                right = within((e.right + more_x) / m->scale + EDGE + 1, out->w),
                top = within((e.top - more_y) / m->scale - EDGE, out->h),
                bottom = within((e.bottom + more_y) / m->scale + EDGE + 1, out->h);
  for (int32_t y = top; y < bottom && left < right; y++)
    memset(out->luma + (size_t)y * (size_t)out->w + (size_t)(out->w - right), MIRROR_PAINT, (size_t)(right - left));
}

/* Clockwise still, though left is right now. */
static void set_quad(struct mirror_maker *m, const struct point corner[4]) {
  for (int i = 0; i < 4; i++) {
    const struct point from = corner[i ^ 1];
    const int32_t x = m->mirror.w - from.x / m->scale, y = from.y / m->scale;
    m->mirror.quad[i] = (struct point){(int16_t)(x > INT16_MAX ? INT16_MAX : x), (int16_t)y};
  }
}

static bool was_read(const struct scan_result *result, const struct point corner[4]) {
  const struct extent place = extent_of(corner);
  for (int i = 0; i < result->count; i++) {
    const struct extent code = extent_of(result->code[i].where);
    if (code.left < place.right && place.left < code.right && code.top < place.bottom && place.top < code.bottom) return true;
  }
  return false;
}

bool mirror_finish(struct mirror_maker *m, const struct scan_result *result) {
  if (!m->kept) return false;
  m->kept = false;
  struct mirror *out = &m->mirror;
  out->found = out->unread = false;
  for (int i = 0; i < result->count; i++) paint(m, result->code[i].where);
  for (int i = 0; i < result->places; i++) {
    const struct scan_place *place = &result->place[i];
    paint(m, place->corner);
    if (!place->sure || out->found) continue;
    out->found = true;
    out->unread = !was_read(result, place->corner);
    set_quad(m, place->corner);
  }
  /* No room for more places, so that nobody knows of the others. */
  if (result->places == SCAN_PLACES_MAX) memset(out->luma, MIRROR_PAINT, (size_t)out->w * (size_t)out->h);
  return true;
}
