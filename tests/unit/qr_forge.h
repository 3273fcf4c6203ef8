/* SPDX-License-Identifier: Apache-2.0
 * For tests: QR symbols of any version, level and mask round any data codewords, sense or nonsense, with the check
 * bytes that belong to them. libqrencode makes symbols of texts only. A symbol is drawn into a frame as far as it lies
 * in it.
 */
#ifndef YINGBIN_TESTS_UNIT_QR_FORGE_H
#define YINGBIN_TESTS_UNIT_QR_FORGE_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scan/qr_blocks.h"
#include "scan/rs.h"

/* Codewords with their check bytes, in the order of the symbol. Returns how many. */
static inline int qr_forge_codewords(const struct qr_shape *shape, const uint8_t *data, int len,
                                     uint8_t word[QR_CODEWORDS_MAX]) {
  uint8_t block[RS_LEN_MAX], check[RS_ECC_MAX];
  int blocks = shape->blocks, shorter = shape->codewords / blocks - shape->ecc, longer = shape->codewords % blocks, from = 0;
  for (int b = 0; b < blocks; b++) {
    int own = shorter + (b >= blocks - longer);
    for (int i = 0; i < own; i++, from++) {
      block[i] = from < len ? data[from] : from % 2 ? 0x11 : 0xEC;
      word[i < shorter ? i * blocks + b : shorter * blocks + b - (blocks - longer)] = block[i];
    }
    rs_encode(block, own, shape->ecc, check);
    for (int i = 0; i < shape->ecc; i++) word[shape->codewords - (shape->ecc - i) * blocks + b] = check[i];
  }
  return shape->codewords;
}

/* Which module each bit of the codewords stands in is asked of the reader's own layout, a binary digit a time. */
static inline void qr_forge_place(struct qr_grid *grid, int mask, const uint8_t *word, int words) {
  enum { DIGITS = 15 };
  static int8_t asked[QR_CODEWORDS_MAX * 8], flipped[QR_CODEWORDS_MAX * 8];
  static uint16_t module[QR_CODEWORDS_MAX * 8];
  static int8_t plane[QR_SIDE_MAX * QR_SIDE_MAX];
  const struct qr_view view = {plane, grid->side, 1, grid->side};
  int modules = grid->side * grid->side;
  memset(plane, -1, sizeof plane);
  assert(qr_unmasked(&view, mask, flipped) == words);
  memset(module, 0, sizeof module);
  for (int digit = 0; digit < DIGITS; digit++) {
    for (int i = 0; i < modules; i++) plane[i] = i >> digit & 1 ? 1 : -1;
    qr_unmasked(&view, mask, asked);
    for (int i = 0; i < words * 8; i++) module[i] |= (uint16_t)(((asked[i] > 0) != (flipped[i] > 0)) << digit);
  }
  for (int i = 0; i < words * 8; i++) {
    bool bit = word[i / 8] >> (7 - i % 8) & 1;
    grid->module[module[i]] = bit != (flipped[i] > 0) ? 1 : -1;
  }
}

/* data: what comes first of the data codewords; pads follow. */
static inline void qr_forge(int version, enum qr_level level, int mask, const uint8_t *data, int len, struct qr_grid *grid) {
  uint8_t word[QR_CODEWORDS_MAX] = {0}, at[2][2];
  struct qr_shape shape = qr_shape(version, level);
  int words = qr_forge_codewords(&shape, data, len, word);
  grid->side = 17 + 4 * version;
  qr_fixed_all(grid->side, grid->module);
  qr_forge_place(grid, mask, word, words);
  for (int bit = 0; bit < QR_FORMAT_BITS; bit++) {
    qr_format_place(grid->side, bit, at);
    int8_t dark = qr_format_word((int)level << 3 | mask) >> bit & 1 ? 1 : -1;
    for (int i = 0; i < 2; i++) grid->module[at[i][1] * grid->side + at[i][0]] = dark;
  }
  for (int bit = 0; version >= 7 && bit < QR_VERSION_BITS; bit++) {
    qr_version_place(grid->side, bit, at);
    int8_t dark = qr_version_word(version) >> bit & 1 ? 1 : -1;
    for (int i = 0; i < 2; i++) grid->module[at[i][1] * grid->side + at[i][0]] = dark;
  }
  grid->module[(grid->side - 8) * grid->side + 8] = 1; /* the one that is always dark */
}

static inline void qr_forge_draw(const struct frame *frame, const struct qr_grid *grid, int x, int y, int module) {
  for (int v = 0; v < grid->side * module; v++) {
    for (int u = 0; u < grid->side * module; u++) {
      if (x + u < 0 || y + v < 0 || x + u >= frame->w || y + v >= frame->h) continue;
      bool dark = grid->module[v / module * grid->side + u / module] > 0;
      ((uint8_t *)frame->luma)[(y + v) * frame->stride + x + u] = dark ? 20 : 235;
    }
  }
}

/* Bits from the highest of the first byte on. */
struct qr_bits {
  uint8_t byte[QR_CODEWORDS_MAX];
  int count;
};

static inline void qr_put(struct qr_bits *bits, int count, uint32_t value) {
  for (int i = count - 1; i >= 0; i--, bits->count++) {
    if (value >> i & 1) bits->byte[bits->count / 8] |= (uint8_t)(0x80 >> bits->count % 8);
  }
}

#endif
