/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr.h"

#include <stdlib.h>

#include "scan/qr_blocks.h"
#include "scan/qr_segments.h"

/* How well a word agrees with the modules that it stands in, both copies; *most: if they all agreed. */
static int agreement(const struct qr_view *view, int bits, void (*place)(int32_t, int, uint8_t[2][2]), uint32_t word,
                     int *most) {
  int sum = 0;
  *most = 0;
  for (int bit = 0; bit < bits; bit++) {
    uint8_t at[2][2];
    place(view->side, bit, at);
    for (int copy = 0; copy < 2; copy++) {
      int value = view->at[at[copy][0] * view->right + at[copy][1] * view->down];
      sum += word >> bit & 1 ? value : -value;
      *most += abs(value);
    }
  }
  return sum;
}

/* The likeliest format, or -1 where none is near. */
static int find_format(const struct qr_view *view) {
  int best = -1, best_sum = 0, most;
  for (int format = 0; format < QR_FORMATS; format++) {
    int sum = agreement(view, QR_FORMAT_BITS, qr_format_place, qr_format_word(format), &most);
    if (sum > best_sum) {
      best = format;
      best_sum = sum;
    }
  }
  return best >= 0 && 5 * best_sum >= 2 * most ? best : -1;
}

static enum qr_outcome read_view(const struct qr_view *view, struct qr_text *text) {
  int8_t bit[QR_CODEWORDS_MAX * 8];
  uint8_t data[QR_CODEWORDS_MAX];
  int version = qr_version(view->side);
  int format = find_format(view);
  if (format < 0) return QR_ILLEGIBLE;
  struct qr_shape shape = qr_shape(version, format >> 3);
  qr_unmasked(view, format & 7, bit);
  int count = qr_correct(&shape, bit, data);
  if (count == 0) return QR_DAMAGED;
  enum qr_meaning meaning = qr_segments(data, count, version, text);
  return meaning == QR_MEANS ? QR_READ : QR_REFUSED;
}

enum qr_outcome qr_read(const struct qr_grid *grid, struct qr_text *text) {
  text->len = 0;
  if (qr_version(grid->side) == 0) return QR_ILLEGIBLE;
  struct qr_view view = {grid->module, grid->side, 1, grid->side};
  enum qr_outcome outcome = read_view(&view, text);
  if (outcome == QR_READ || outcome == QR_REFUSED) return outcome;
  struct qr_view mirrored = {grid->module, grid->side, grid->side, 1};
  enum qr_outcome second = read_view(&mirrored, text);
  if (second == QR_READ || second == QR_REFUSED) return second;
  text->len = 0;
  return outcome == QR_DAMAGED ? outcome : second;
}
