/* SPDX-License-Identifier: Apache-2.0
 * One block of a symbol: the word of the code that soft bits mean, and how sure that is. Pure.
 *
 * A correction counts by its evidence, in bits: were the block's bits drawn by lot, with the certainties that they have,
 * a word of the code as near as this one would be found with a chance below 2 to the power of minus that. It is a bound over
 * all words of the code, so it holds however the word was found, and however many were tried. The standard's own limit,
 * which keeps some check codewords of small symbols unused, leaves 30.9 bits in its weakest case (2-L, four errors).
 */
#ifndef YINGBIN_SCAN_QR_BLOCK_H
#define YINGBIN_SCAN_QR_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "scan/rs.h"

struct qr_block {
  int32_t len, ecc;           /* codewords: all, and those of them that check */
  int8_t bit[8 * RS_LEN_MAX]; /* > 0: 1, < 0: 0, the further from 0 the surer; never -128 */
  uint8_t word[RS_LEN_MAX];   /* what the bits say; qr_block_correct: what they mean */
};

/* How sure it is that word is what the bits mean. */
float qr_block_evidence(const struct qr_block *block, const uint8_t *word);

/* The word of the code that contradicts the bits in the least certainty, as far as a bounded search finds it. False: none that
 * contradicts them in `most` or less. Slow: up to half a millisecond. */
bool qr_block_nearest(const struct qr_block *block, int most, uint8_t *word);

/* False, and word is as it was: no word of the code has at least that evidence. patient: also where it takes qr_block_nearest.
 */
bool qr_block_correct(struct qr_block *block, float least, bool patient, float *evidence);

#endif
