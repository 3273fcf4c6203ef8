/* SPDX-License-Identifier: Apache-2.0
 * A frame: width, height, padding, pixels a module, modules a row, then modules, over and over. Its memory ends with its last
 * pixel.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "scan/finder.h"

enum { HEAD = 5 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct finder_view *view) {
  assert(view->patterns >= 0 && view->patterns <= FINDER_PATTERNS_MAX && view->places >= 0 &&
         view->places <= FINDER_PLACES_MAX);
  for (int i = 0; i < view->patterns; i++) {
    const struct finder_pattern *p = &view->pattern[i];
    assert(isfinite(p->x) && isfinite(p->y) && isfinite(p->module) && p->module > 0 && p->seen > 0);
  }
  for (int i = 0; i < view->places; i++) {
    assert(view->place[i].likeness >= 0 && view->place[i].likeness <= 1);
    for (int j = 0; j < 3; j++) assert(view->place[i].pattern[j] >= -1 && view->place[i].pattern[j] < view->patterns);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct finder *finder;
  static struct finder_view view;
  if (!finder) finder = finder_open();
  if (size <= HEAD || !finder) return 0;
  int w = 1 + 2 * data[0], h = 1 + 2 * data[1], stride = w + data[2], module = 1 + data[3] % 24, across = 1 + data[4];
  size_t pixels = (size_t)stride * (size_t)(h - 1) + (size_t)w;
  uint8_t *luma = malloc(pixels);
  if (!luma) return 0;
  for (size_t i = 0; i < pixels; i++) {
    size_t x = i % (size_t)stride / (size_t)module, y = i / (size_t)stride / (size_t)module;
    luma[i] = data[HEAD + (y * (size_t)across + x % (size_t)across) % (size - HEAD)];
  }
  assert(finder_look(finder, &(struct frame){.luma = luma, .w = w, .h = h, .stride = stride}, &view));
  check(&view);
  free(luma);
  return 0;
}
