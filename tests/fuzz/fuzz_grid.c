/* SPDX-License-Identifier: Apache-2.0
 * A place and a frame: width, height, padding, flags, three patterns of x, y, pixels a module (a module of 255: not seen),
 * then modules of the frame, over and over. Its memory ends with its last pixel.
 */
#include <assert.h>
#include <stdlib.h>

#include "scan/grid.h"

enum { PATTERNS = 3, HEAD = 5 + 3 * PATTERNS, UNSEEN = 255 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void place_of(const uint8_t *data, int w, int h, bool inverted, struct finder_view *view) {
  *view = (struct finder_view){.patterns = PATTERNS, .places = 1};
  struct finder_place *place = &view->place[0];
  place->inverted = inverted;
  for (int i = 0; i < PATTERNS; i++, data += 3) {
    view->pattern[i] = (struct finder_pattern){.x = (float)(w * data[0]) / 200,
                                               .y = (float)(h * data[1]) / 200,
                                               .module = (float)data[2] / 4,
                                               .seen = (uint16_t)(data[2] % 8),
                                               .inverted = inverted};
    place->pattern[i] = (int16_t)(data[2] == UNSEEN ? -1 : i);
    place->corner[i] = place->corner[3] = (struct point){(int16_t)view->pattern[i].x, (int16_t)view->pattern[i].y};
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct grid *grid;
  static struct grid_code code;
  static struct finder_view view;
  if (!grid) grid = grid_open();
  if (size <= HEAD || !grid) return 0;
  int w = 1 + data[0], h = 1 + data[1], stride = w + data[2], module = 1 + (data[3] >> 2) % 12, across = 1 + data[4];
  size_t pixels = (size_t)stride * (size_t)(h - 1) + (size_t)w;
  uint8_t *luma = malloc(pixels);
  if (!luma) return 0;
  for (size_t i = 0; i < pixels; i++) {
    size_t x = i % (size_t)stride / (size_t)module, y = i / (size_t)stride / (size_t)module;
    luma[i] = data[HEAD + (y * (size_t)across + x % (size_t)across) % (size - HEAD)];
  }
  place_of(data + 5, w, h, data[3] & 1, &view);
  struct frame frame = {.luma = luma, .w = w, .h = h, .stride = stride};
  bool nearly;
  enum qr_outcome outcome =
      grid_read(grid, &frame, &view, &view.place[0], data[3] & 2 ? GRID_THOROUGH : GRID_QUICK, &code, &nearly);
  assert(code.text.len <= PAYLOAD_MAX && (outcome == QR_READ) == (code.text.len > 0));
  free(luma);
  return 0;
}
