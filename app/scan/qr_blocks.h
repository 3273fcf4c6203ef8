/* SPDX-License-Identifier: Apache-2.0
 * The blocks of a symbol: how its codewords are dealt to them, and how each is corrected. Pure.
 * Source: ISO/IEC 18004:2015, 7.5 and 7.6, table 9.
 */
#ifndef YINGBIN_SCAN_QR_BLOCKS_H
#define YINGBIN_SCAN_QR_BLOCKS_H

#include "scan/qr_layout.h"

/* As the format has it. */
enum qr_level { QR_LEVEL_M, QR_LEVEL_L, QR_LEVEL_H, QR_LEVEL_Q };

struct qr_shape {
  int32_t codewords, blocks, ecc; /* ecc: check codewords of each block */
};

struct qr_shape qr_shape(int version, enum qr_level level);

/* bit: qr_unmasked's. least: the evidence that each block must have. patient: where more is wrong, look for the nearest
 * words. data: the symbol's data codewords, in order. Returns their number and the least evidence; 0: too much is wrong. */
int qr_correct(const struct qr_shape *shape, const int8_t *bit, float least, bool patient, uint8_t data[QR_CODEWORDS_MAX],
               float *evidence);

#endif
