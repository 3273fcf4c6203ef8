/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shrink.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool shrink_init(struct shrink *s, int w, int h, int to_w, int to_h, uint32_t *out) {
  assert(to_w >= 1 && to_w <= w && w <= SHRINK_SIDE_MAX && to_h >= 1 && to_h <= h && h <= SHRINK_SIDE_MAX);
  *s = (struct shrink){.w = w, .h = h, .to_w = to_w, .to_h = to_h, .out = out};
  s->across = malloc((size_t)to_w * 4 * sizeof *s->across);
  s->sum = calloc((size_t)to_w * 4, sizeof *s->sum);
  if (s->across != NULL && s->sum != NULL) return true;
  shrink_fini(s);
  return false;
}

void shrink_fini(struct shrink *s) {
  free(s->across);
  free(s->sum);
  *s = (struct shrink){.w = 0};
}

static void add(uint32_t *sum, const uint8_t *p, uint32_t weight) {
  const uint32_t a = p[3];
  for (int k = 0; k < 3; k++) sum[k] += (a == 255 ? p[k] : (p[k] * a + 127) / 255) * weight;
  sum[3] += a * weight;
}

/* A pixel of the row is to_w wide, one of the result w: all is whole numbers, and all weights together are w. */
static void squeeze(const struct shrink *s, const uint8_t *rgba) {
  uint32_t *out = s->across;
  int room = s->w; /* what is left to fill of the result's pixel */
  memset(out, 0, (size_t)s->to_w * 4 * sizeof *out);
  for (int x = 0; x < s->w; x++, rgba += 4) {
    const int here = s->to_w < room ? s->to_w : room;
    add(out, rgba, (uint32_t)here);
    room -= here;
    if (room > 0) continue;
    out += 4;
    room = s->w - (s->to_w - here);
    if (here < s->to_w) add(out, rgba, (uint32_t)(s->to_w - here));
  }
}

static void take(struct shrink *s, uint32_t weight) {
  for (int i = 0; i < s->to_w * 4; i++) s->sum[i] += s->across[i] * weight;
}

static void give(struct shrink *s) {
  const uint32_t area = (uint32_t)s->w * (uint32_t)s->h;
  uint32_t *out = s->out + (size_t)s->to_row * (size_t)s->to_w;
  for (int x = 0; x < s->to_w; x++) {
    const uint32_t *v = s->sum + (size_t)x * 4, a = (v[3] + area / 2) / area;
    uint32_t pixel = a << 24;
    for (int k = 0; a > 0 && k < 3; k++) {
      const uint32_t c = (uint32_t)(((uint64_t)v[k] * 255 + v[3] / 2) / v[3]); /* back from what alpha took */
      pixel |= (c < 255 ? c : 255) << (16 - 8 * k);
    }
    out[x] = pixel;
  }
  memset(s->sum, 0, (size_t)s->to_w * 4 * sizeof *s->sum);
  s->to_row++;
}

void shrink_row(struct shrink *s, const uint8_t *rgba) {
  assert(s->row < s->h);
  const int top = s->row * s->to_h,
            end = (s->to_row + 1) * s->h; /* in units of which a row is to_h high, one of the result h */
  const int here = top + s->to_h < end ? s->to_h : end - top;
  squeeze(s, rgba);
  take(s, (uint32_t)here);
  s->row++;
  if (top + s->to_h < end) return;
  give(s);
  if (here < s->to_h) take(s, (uint32_t)(s->to_h - here));
}
