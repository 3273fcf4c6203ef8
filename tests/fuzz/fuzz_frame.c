/* SPDX-License-Identifier: Apache-2.0
 * Several frames in a row before one scanner, live and full: whatever is read lies in the frame and has a length, the
 * places too. The input says what the frames are: a byte for effort and kind, two for the size, then pixels, runs of
 * pixels, or the codewords of a sound symbol, as many as are left.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scan/scan.h"
#include "tests/unit/qr_forge.h"

enum { SIDE_MAX = 256, FRAMES_MAX = 4, VERSIONS = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
  const uint8_t *at;
  size_t left;
};

static uint8_t next(struct input *in) {
  if (!in->left) return 0;
  in->left--;
  return *in->at++;
}

/* Runs make edges, as codes have them; single pixels seldom do. */
static void draw_pixels(struct frame *frame, struct input *in, bool runs) {
  uint8_t *luma = (uint8_t *)frame->luma;
  size_t pixels = (size_t)frame->w * (size_t)frame->h;
  for (size_t i = 0; i < pixels && in->left;) {
    uint8_t value = next(in);
    size_t n = runs ? 1 + value / 8u : 1;
    if (n > pixels - i) n = pixels - i;
    memset(luma + i, runs ? value % 8 * 36 : value, n);
    i += n;
  }
}

static void draw_symbol(struct frame *frame, struct input *in) {
  static struct qr_grid grid;
  uint8_t how = next(in), place = next(in), flips = next(in), data[200];
  int version = 1 + how % VERSIONS, len = 0;
  while (len < (int)sizeof data && in->left) data[len++] = next(in);
  qr_forge(version, (enum qr_level)(how / VERSIONS % 4), place % 8, data, len, &grid);
  for (int i = 0; i < flips % 16 && len; i++) {
    int at = data[i % len] * 7 * (i + 1) % (grid.side * grid.side);
    grid.module[at] = (int8_t)-grid.module[at];
  }
  qr_forge_draw(frame, &grid, place / 8 - 8, place / 16, 2 + flips / 16 % 4);
}

static void check(const struct frame *frame, const struct scan_result *result, bool any) {
  assert(any == (result->count > 0) && result->count <= SCAN_CODES_MAX && result->places <= SCAN_PLACES_MAX);
  for (int i = 0; i < result->count; i++) {
    const struct scan_code *code = &result->code[i];
    assert(code->len > 0 && code->len <= PAYLOAD_MAX && scan_step_name(code->step));
    for (int k = 0; k < 4; k++) {
      assert(code->where[k].x >= 0 && code->where[k].x < frame->w && code->where[k].y >= 0 && code->where[k].y < frame->h);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct scan_result result;
  struct input in = {data, size};
  struct scanner *scanner = scanner_open();
  assert(scanner);
  for (int i = 0; i < FRAMES_MAX && in.left; i++) {
    uint8_t how = next(&in);
    int32_t w = 1 + next(&in) % SIDE_MAX, h = 1 + next(&in) % SIDE_MAX, stride = w + how / 16;
    /* Of the very size, so that a sanitizer sees a step outside. */
    struct frame frame = {.luma = malloc((size_t)stride * (size_t)h), .w = w, .h = h, .stride = stride};
    assert(frame.luma);
    memset((uint8_t *)frame.luma, 235, (size_t)stride * (size_t)h);
    if (how & 2)
      draw_symbol(&frame, &in);
    else
      draw_pixels(&frame, &in, how & 4);
    check(&frame, &result, scanner_read(scanner, &frame, how & 1 ? SCAN_FULL : SCAN_LIVE, &result));
    free((uint8_t *)frame.luma);
  }
  scanner_close(scanner);
  return 0;
}
