/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr_blocks.h"

#include <assert.h>
#include <string.h>

#include "scan/qr_block.h"

static const uint8_t checks[4][41] = {
    [QR_LEVEL_L] = {0,  7,  10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
                    28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    [QR_LEVEL_M] = {0,  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
                    26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
    [QR_LEVEL_Q] = {0,  13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
                    28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    [QR_LEVEL_H] = {0,  17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
                    30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
};

static const uint8_t blocks[4][41] = {
    [QR_LEVEL_L] = {0, 1, 1, 1,  1,  1,  2,  2,  2,  2,  4,  4,  4,  4,  4,  6,  6,  6,  6,  7, 8,
                    8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
    [QR_LEVEL_M] = {0,  1,  1,  1,  2,  2,  4,  4,  4,  5,  5,  5,  8,  9,  9,  10, 10, 11, 13, 14, 16,
                    17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
    [QR_LEVEL_Q] = {0,  1,  1,  2,  2,  4,  4,  6,  6,  8,  8,  8,  10, 12, 16, 12, 17, 16, 18, 21, 20,
                    23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
    [QR_LEVEL_H] = {0,  1,  1,  2,  4,  4,  4,  5,  6,  8,  8,  11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
                    25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
};

/* What fixed patterns, format and version leave, in whole codewords. */
static int codewords(int version) {
  uint8_t centre[QR_ALIGNMENT_MAX];
  int side = 17 + 4 * version, rows = qr_alignment(side, centre);
  int modules = side * side - 3 * 64 - 2 * 15 - 1 - 2 * (side - 16);
  if (rows > 0) modules -= 25 * (rows * rows - 3) - 5 * 2 * (rows - 2); /* those on the timing patterns share five with them */
  if (version >= 7) modules -= 2 * QR_VERSION_BITS;
  return modules / 8;
}

struct qr_shape qr_shape(int version, enum qr_level level) {
  return (struct qr_shape){codewords(version), blocks[level][version], checks[level][version]};
}

/* Where codeword i of a block stands among those of the symbol: first the data of all blocks in turn, then their checks.
 * The last blocks have one codeword more where they don't come out even. */
static int dealt(const struct qr_shape *shape, int block, int i) {
  int small = shape->codewords / shape->blocks - shape->ecc, longer = shape->codewords % shape->blocks;
  int size = small + (block >= shape->blocks - longer);
  if (i >= size) return shape->codewords - shape->ecc * shape->blocks + (i - size) * shape->blocks + block;
  return i < small ? i * shape->blocks + block : small * shape->blocks + block - (shape->blocks - longer);
}

int qr_correct(const struct qr_shape *shape, const int8_t *bit, float least, bool patient, uint8_t data[QR_CODEWORDS_MAX],
               float *evidence) {
  struct qr_block block = {.ecc = shape->ecc};
  int at = 0;
  *evidence = 8 * RS_ECC_MAX;
  for (int number = 0; number < shape->blocks; number++) {
    float sure;
    block.len = shape->codewords / shape->blocks + (number >= shape->blocks - shape->codewords % shape->blocks);
    assert(block.len <= RS_LEN_MAX);
    for (int i = 0; i < block.len; i++) {
      memcpy(block.bit + 8 * i, bit + 8 * dealt(shape, number, i), 8);
      block.word[i] = 0;
      for (int b = 0; b < 8; b++) block.word[i] = (uint8_t)(block.word[i] << 1 | (block.bit[8 * i + b] > 0));
    }
    if (!qr_block_correct(&block, least, patient, &sure)) return 0;
    if (sure < *evidence) *evidence = sure;
    memcpy(data + at, block.word, (size_t)(block.len - block.ecc));
    at += block.len - block.ecc;
  }
  return at;
}
