/* SPDX-License-Identifier: Apache-2.0
 * For tests of reading: QR codes drawn into grey frames. Frames are owned by the caller (free luma).
 */
#ifndef YINGBIN_TESTS_UNIT_QR_FRAME_H
#define YINGBIN_TESTS_UNIT_QR_FRAME_H

#include <assert.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "core/types.h"

static inline struct frame qr_blank(int32_t w, int32_t h, int32_t stride) {
  uint8_t *luma = malloc((size_t)stride * (size_t)h);
  assert(luma);
  memset(luma, 255, (size_t)stride * (size_t)h);
  return (struct frame){.luma = luma, .w = w, .h = h, .stride = stride};
}

/* Draws the symbol with its own top left module at (x, y), turned clockwise by quarter turns. */
static inline void qr_draw_symbol(struct frame *frame, const QRcode *code, int x, int y, int module, int turns) {
  uint8_t *luma = (uint8_t *)frame->luma;
  int side = code->width * module;
  for (int v = 0; v < side; v++) {
    for (int u = 0; u < side; u++) {
      int px = u, py = v;
      for (int i = 0; i < turns; i++) {
        int was = px;
        px = side - 1 - py;
        py = was;
      }
      bool dark = code->data[v / module * code->width + u / module] & 1;
      luma[(y + py) * frame->stride + x + px] = dark ? 20 : 235;
    }
  }
}

static inline void qr_draw(struct frame *frame, const void *bytes, size_t len, int x, int y, int module, int turns) {
  QRcode *code = QRcode_encodeData((int)len, bytes, 0, QR_ECLEVEL_L);
  assert(code);
  qr_draw_symbol(frame, code, x, y, module, turns);
  QRcode_free(code);
}

#endif
