/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr_layout.h"

#include <stdlib.h>
#include <string.h>

enum { TIMING = 6, FINDER = 7, FORMAT_LINE = 8 };

int qr_version(int32_t side) {
  return side >= QR_SIDE_MIN && side <= QR_SIDE_MAX && (side - 17) % 4 == 0 ? (side - 17) / 4 : 0;
}

int qr_alignment(int32_t side, uint8_t centre[QR_ALIGNMENT_MAX]) {
  int version = qr_version(side);
  if (version < 2) return 0;
  int count = version / 7 + 2;
  int span = side - 1 - 2 * TIMING;
  /* Even distances, as equal as they can be, and what is left over stands first. Only version 32 has it otherwise. */
  int step = version == 32 ? 26 : (span + 2 * count - 3) / (2 * count - 2) * 2;
  centre[0] = TIMING;
  for (int i = 1; i < count; i++) centre[i] = (uint8_t)(side - 1 - TIMING - (count - 1 - i) * step);
  return count;
}

static void fill(int8_t *module, int32_t side, int x, int y, int w, int h, int8_t value) {
  for (int v = y; v < y + h; v++) memset(module + v * side + x, value, (size_t)w);
}

static void fill_finder(int8_t *module, int32_t side, int x, int y) { /* its own top left */
  fill(module, side, x, y, FINDER, FINDER, QR_DARK);
  fill(module, side, x + 1, y + 1, FINDER - 2, FINDER - 2, QR_LIGHT);
  fill(module, side, x + 2, y + 2, FINDER - 4, FINDER - 4, QR_DARK);
}

static void fill_alignments(int8_t *module, int32_t side) {
  uint8_t centre[QR_ALIGNMENT_MAX];
  int count = qr_alignment(side, centre);
  for (int i = 0; i < count; i++)
    for (int j = 0; j < count; j++) {
      int x = centre[i], y = centre[j];
      if ((i == 0 && (j == 0 || j == count - 1)) || (j == 0 && i == count - 1)) continue; /* a finder pattern stands there */
      fill(module, side, x - 2, y - 2, 5, 5, QR_DARK);
      fill(module, side, x - 1, y - 1, 3, 3, QR_LIGHT);
      module[y * side + x] = QR_DARK;
    }
}

void qr_fixed_all(int32_t side, int8_t *module) {
  if (qr_version(side) == 0) return;
  memset(module, QR_DATA, (size_t)(side * side));
  for (int i = 0; i < side; i++) module[TIMING * side + i] = module[i * side + TIMING] = i % 2 ? QR_LIGHT : QR_DARK;
  fill_alignments(module, side);
  int far = side - FINDER, near = FINDER + 1;
  fill(module, side, 0, 0, near + 1, near + 1, QR_TOLD);
  fill(module, side, far - 1, 0, near, near + 1, QR_TOLD);
  fill(module, side, 0, far - 1, near + 1, near, QR_TOLD);
  fill(module, side, 0, 0, near, near, QR_LIGHT);
  fill(module, side, far - 1, 0, near, near, QR_LIGHT);
  fill(module, side, 0, far - 1, near, near, QR_LIGHT);
  fill_finder(module, side, 0, 0);
  fill_finder(module, side, far, 0);
  fill_finder(module, side, 0, far);
  module[TIMING * side + FORMAT_LINE] = module[FORMAT_LINE * side + TIMING] = QR_DARK;
  if (qr_version(side) >= 7) {
    fill(module, side, far - 4, 0, 3, 6, QR_TOLD);
    fill(module, side, 0, far - 4, 6, 3, QR_TOLD);
  }
}

enum qr_module qr_fixed(int32_t side, int32_t x, int32_t y) {
  uint8_t centre[QR_ALIGNMENT_MAX];
  int count = qr_alignment(side, centre), far = side - FINDER, u, v;
  if (qr_version(side) == 0 || x < 0 || y < 0 || x >= side || y >= side) return QR_DATA;
  if ((x <= FINDER || x >= far - 1) && (y <= FINDER || y >= far - 1) && (x <= FINDER || y <= FINDER)) {
    u = abs((x <= FINDER ? 0 : far) + 3 - x);
    v = abs((y <= FINDER ? 0 : far) + 3 - y);
    int ring = u > v ? u : v;
    return ring == 2 || ring == 4 ? QR_LIGHT : QR_DARK;
  }
  if (x == TIMING || y == TIMING) return (x + y) % 2 ? QR_LIGHT : QR_DARK;
  if ((x <= FORMAT_LINE && (y <= FORMAT_LINE || y >= far - 1)) || (x >= far - 1 && y <= FORMAT_LINE)) return QR_TOLD;
  if (side >= 45 && ((x >= far - 4 && y < TIMING) || (y >= far - 4 && x < TIMING))) return QR_TOLD;
  for (int i = 0; i < count; i++)
    for (int j = 0; j < count; j++) {
      u = abs(x - centre[i]);
      v = abs(y - centre[j]);
      bool finder = (i == 0 && (j == 0 || j == count - 1)) || (j == 0 && i == count - 1);
      if (u <= 2 && v <= 2 && !finder) return (u > v ? u : v) == 1 ? QR_LIGHT : QR_DARK;
    }
  return QR_DATA;
}

void qr_format_place(int32_t side, int bit, uint8_t at[2][2]) {
  int far = side - 1;
  int down = bit < 6 ? bit : bit < 8 ? bit + 1 : FORMAT_LINE;
  int right = bit < 8 ? FORMAT_LINE : bit == 8 ? 7 : 14 - bit;
  at[0][0] = (uint8_t)right;
  at[0][1] = (uint8_t)down;
  at[1][0] = (uint8_t)(bit < 8 ? far - bit : FORMAT_LINE);
  at[1][1] = (uint8_t)(bit < 8 ? FORMAT_LINE : far - 14 + bit);
}

void qr_version_place(int32_t side, int bit, uint8_t at[2][2]) {
  at[0][0] = at[1][1] = (uint8_t)(side - 11 + bit % 3);
  at[0][1] = at[1][0] = (uint8_t)(bit / 3);
}

/* Data bits with the rest of their division by a generator behind them: the words of a BCH code. */
static uint32_t with_check(uint32_t data, int check, uint32_t generator) {
  uint32_t rest = data << check;
  for (int bit = 31; bit >= check; bit--)
    if (rest >> bit & 1) rest ^= generator << (bit - check);
  return data << check | rest;
}

uint16_t qr_format_word(int format) { return (uint16_t)(with_check((uint32_t)format, 10, 0x537) ^ 0x5412); }

uint32_t qr_version_word(int version) { return with_check((uint32_t)version, 12, 0x1F25); }

static bool masked(int mask, int x, int y) {
  switch (mask) {
  case 0: return (x + y) % 2 == 0;
  case 1: return y % 2 == 0;
  case 2: return x % 3 == 0;
  case 3: return (x + y) % 3 == 0;
  case 4: return (y / 2 + x / 3) % 2 == 0;
  case 5: return x * y % 2 + x * y % 3 == 0;
  case 6: return (x * y % 2 + x * y % 3) % 2 == 0;
  default: return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

void qr_mask(int mask, uint16_t row[QR_MASK_PERIOD]) {
  for (int y = 0; y < QR_MASK_PERIOD; y++) {
    row[y] = 0;
    for (int x = 0; x < QR_MASK_PERIOD; x++) row[y] |= (uint16_t)(masked(mask, x, y) << x);
  }
}

int qr_unmasked(const struct qr_view *view, int mask, int8_t bit[QR_CODEWORDS_MAX * 8]) {
  int8_t fixed[QR_SIDE_MAX * QR_SIDE_MAX];
  uint16_t row[QR_MASK_PERIOD];
  int side = view->side, count = 0;
  bool up = true;
  qr_fixed_all(side, fixed);
  qr_mask(mask, row);
  for (int right = side - 1; right > 0; right -= 2, up = !up) {
    if (right == TIMING) right--;
    for (int step = 0; step < side; step++) {
      int y = up ? side - 1 - step : step;
      for (int x = right; x >= right - 1; x--) {
        if (fixed[y * side + x] != QR_DATA) continue;
        int value = view->at[x * view->right + y * view->down];
        if (value < -127) value = -127;
        bit[count++] = (int8_t)(row[y % QR_MASK_PERIOD] >> x % QR_MASK_PERIOD & 1 ? -value : value);
      }
    }
  }
  return count / 8;
}
