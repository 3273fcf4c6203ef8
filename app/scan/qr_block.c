/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/qr.h"

/* In how many ways `few` of `all` can be chosen, as a logarithm to base 2. */
static float ways(int all, int few) {
  float sum = 0;
  for (int i = 0; i < few; i++) sum += log2f((float)(all - i) / (float)(i + 1));
  return sum;
}

/* By codewords: `errors` of those outside the `erasures` least certain ones differ. */
static float evidence_of_counts(const struct qr_block *block, int erasures, int errors) {
  return 8.0f * (float)(block->ecc - erasures - errors) - ways(block->len - erasures, errors);
}

/* The places of the codewords, the least certain one first: by the chance that one of its bits is wrong. */
static void sort_codewords(const struct qr_block *block, uint8_t *place) {
  float doubt[RS_LEN_MAX], chance[128];
  for (int i = 0; i < 128; i++) chance[i] = 1 / (1 + exp2f((float)i / QR_DOUBLE));
  for (int i = 0; i < block->len; i++) {
    float all = 0;
    for (int b = 0; b < 8; b++) all += chance[abs(block->bit[8 * i + b])];
    int at = i;
    for (; at > 0 && doubt[at - 1] < all; at--) {
      doubt[at] = doubt[at - 1];
      place[at] = place[at - 1];
    }
    doubt[at] = all;
    place[at] = (uint8_t)i;
  }
}

static float evidence_by_codewords(const struct qr_block *block, const uint8_t *word) {
  uint8_t place[RS_LEN_MAX];
  int errors = 0;
  sort_codewords(block, place);
  for (int i = 0; i < block->len; i++) errors += word[i] != block->word[i];
  float best = evidence_of_counts(block, 0, errors);
  for (int i = 0; i < block->ecc && errors > 0; i++) {
    errors -= word[place[i]] != block->word[place[i]];
    /* Which i fits best was chosen among up to 30: five bits. */
    float evidence = evidence_of_counts(block, i + 1, errors) - 5;
    if (evidence > best) best = evidence;
  }
  return best;
}

/* By bits: Chernoff's bound of the chance that, if each bit were wrong by the throw of a coin, the wrong ones had no more
 * certainty in sum than these have; as there are 2^(8 * data) words of the code, that many bits of it prove nothing.
 * The bound holds for every slope, the best one is searched. */
static float evidence_by_bits(const struct qr_block *block, const uint8_t *word) {
  int count[128] = {0};
  float wrong = 0, best = -1e9f;
  for (int i = 0; i < 8 * block->len; i++) {
    int sure = abs(block->bit[i]);
    count[sure]++;
    if ((word[i / 8] >> (7 - i % 8) & 1) != (block->bit[i] > 0)) wrong += (float)sure;
  }
  for (float slope = 1.0f; slope > 0.004f; slope *= 0.7f) {
    float bound = -slope * wrong;
    for (int sure = 1; sure < 128; sure++)
      if (count[sure]) bound += (float)count[sure] * (1 - log2f(1 + exp2f(-slope * (float)sure)));
    if (bound < best) break; /* it has one maximum */
    best = bound;
  }
  return best - 8.0f * (float)(block->len - block->ecc);
}

float qr_block_evidence(const struct qr_block *block, const uint8_t *word) {
  float codewords = evidence_by_codewords(block, word), bits = evidence_by_bits(block, word);
  return codewords > bits ? codewords : bits;
}

/* Takes the least certain codewords for unknown, more and more of them (generalized minimum distance: Forney 1966). */
static bool correct_with_erasures(const struct qr_block *block, const uint8_t *syndrome, float least, uint8_t *word,
                                  float *evidence) {
  uint8_t place[RS_LEN_MAX];
  sort_codewords(block, place);
  for (int erasures = 2 - block->ecc % 2; erasures <= block->ecc; erasures += 2) {
    memcpy(word, block->word, (size_t)block->len);
    if (rs_correct(word, block->len, block->ecc, syndrome, place, erasures) < 0) continue;
    *evidence = qr_block_evidence(block, word);
    if (*evidence >= least) return true;
  }
  return false;
}

bool qr_block_correct(struct qr_block *block, float least, bool patient, float *evidence) {
  uint8_t syndrome[RS_ECC_MAX], word[RS_LEN_MAX];
  if (rs_syndromes(block->word, block->len, block->ecc, syndrome)) {
    *evidence = 8.0f * (float)block->ecc;
    return true;
  }
  memcpy(word, block->word, (size_t)block->len);
  int errors = rs_correct(word, block->len, block->ecc, syndrome, NULL, 0);
  *evidence = errors < 0 ? -1 : evidence_of_counts(block, 0, errors);
  bool good = *evidence >= least || correct_with_erasures(block, syndrome, least, word, evidence);
  if (!good && patient) {
    qr_block_nearest(block, word);
    *evidence = qr_block_evidence(block, word);
    good = *evidence >= least;
  }
  if (good) memcpy(block->word, word, (size_t)block->len);
  return good;
}
