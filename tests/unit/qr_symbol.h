/* SPDX-License-Identifier: Apache-2.0
 * For tests of the symbol reader: grids from libqrencode's symbols, and symbols built by hand out of data codewords, for
 * what libqrencode doesn't write.
 */
#ifndef YINGBIN_TESTS_UNIT_QR_SYMBOL_H
#define YINGBIN_TESTS_UNIT_QR_SYMBOL_H

#include <assert.h>
#include <math.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "scan/qr.h"
#include "scan/qr_blocks.h"
#include "scan/qr_layout.h"
#include "scan/rs.h"

enum { SYMBOL_SURE = 100 };

static uint64_t symbol_state = UINT64_C(0x853c49e6748fea9b);

static inline void symbol_seed(uint64_t seed) { symbol_state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1; }

static inline uint32_t symbol_random(void) {
  symbol_state ^= symbol_state >> 12;
  symbol_state ^= symbol_state << 25;
  symbol_state ^= symbol_state >> 27;
  return (uint32_t)(symbol_state * UINT64_C(0x2545f4914f6cdd1d) >> 33);
}

static inline int symbol_below(int n) { return (int)(symbol_random() % (uint32_t)n); }

static inline double symbol_gauss(void) { /* Box and Muller */
  double u = (symbol_below(1 << 24) + 1) / 16777217.0, v = symbol_below(1 << 24) / 16777216.0;
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static inline void symbol_grid(const QRcode *code, struct qr_grid *grid) {
  grid->side = code->width;
  for (int i = 0; i < code->width * code->width; i++) grid->module[i] = code->data[i] & 1 ? SYMBOL_SURE : -SYMBOL_SURE;
}

/* False: it doesn't fit. */
static inline bool symbol_encode(int version, QRecLevel level, QRencodeMode mode, const void *bytes, int len,
                                 struct qr_grid *grid) {
  QRinput *input = QRinput_new2(version, level);
  assert(input);
  QRcode *code = QRinput_append(input, mode, len, bytes) == 0 ? QRcode_encodeInput(input) : NULL;
  bool fits = code && code->version == version;
  if (fits) symbol_grid(code, grid);
  QRcode_free(code);
  QRinput_free(input);
  return fits;
}

/* A symbol of one block from its data codewords. Where each bit stands is found out by turning one module after the other. */
static inline void symbol_build(int version, enum qr_level level, int mask, const uint8_t *data, struct qr_grid *grid) {
  static int8_t bit[QR_CODEWORDS_MAX * 8];
  struct qr_shape shape = qr_shape(version, level);
  assert(shape.blocks == 1);
  uint8_t word[RS_LEN_MAX];
  int count = shape.codewords - shape.ecc, modules;
  memcpy(word, data, (size_t)count);
  rs_encode(word, count, shape.ecc, word + count);
  grid->side = 17 + 4 * version;
  modules = grid->side * grid->side;
  qr_fixed_all(grid->side, grid->module);
  for (int b = 0; b < QR_FORMAT_BITS; b++) {
    uint8_t at[2][2];
    qr_format_place(grid->side, b, at);
    for (int copy = 0; copy < 2; copy++)
      grid->module[at[copy][1] * grid->side + at[copy][0]] = qr_format_word(level << 3 | mask) >> b & 1 ? QR_DARK : QR_LIGHT;
  }
  for (int i = 0; i < modules; i++) {
    struct qr_view view = {grid->module, grid->side, 1, grid->side};
    if (qr_fixed(grid->side, i % grid->side, i / grid->side) != QR_DATA) continue;
    grid->module[i] = 2; /* all others are 0 or 1 away from it */
    qr_unmasked(&view, mask, bit);
    grid->module[i] = QR_LIGHT;
    for (int b = 0; b < 8 * shape.codewords; b++)
      if (abs(bit[b]) == 2) grid->module[i] = (word[b / 8] >> (7 - b % 8) & 1) == (bit[b] > 0) ? QR_DARK : QR_LIGHT;
  }
  for (int i = 0; i < modules; i++) grid->module[i] = grid->module[i] > 0 ? SYMBOL_SURE : -SYMBOL_SURE;
}

static inline void symbol_transpose(struct qr_grid *grid) {
  for (int y = 0; y < grid->side; y++)
    for (int x = 0; x < y; x++) {
      int8_t *a = &grid->module[y * grid->side + x], *b = &grid->module[x * grid->side + y], was = *a;
      *a = *b;
      *b = was;
    }
}

#endif
