/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/qr.h"

enum { SLOPES = 10 };

struct lines {
  float slope[SLOPES], at_none[SLOPES]; /* evidence where nothing is wrong */
};

struct doubt {
  uint8_t place[RS_LEN_MAX]; /* of the codewords, the least certain one first */
  int unknown;               /* so many of them are hardly known at all */
  struct lines lines;
};

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

/* Sorts by the chance that one of the bits is wrong; first of all stand codewords of which half is unknown. */
static void sort_codewords(const struct qr_block *block, struct doubt *doubt) {
  float of[RS_LEN_MAX], chance[128];
  for (int i = 0; i < 128; i++) chance[i] = 1 / (1 + exp2f((float)i / QR_DOUBLE));
  doubt->unknown = 0;
  for (int i = 0; i < block->len; i++) {
    float all = 0;
    int unknown = 0, at = i;
    for (int b = 0; b < 8; b++) {
      int sure = abs(block->bit[8 * i + b]);
      all += chance[sure];
      unknown += sure == 0;
    }
    if (unknown >= 4) {
      doubt->unknown++;
      all += 8;
    }
    for (; at > 0 && of[at - 1] < all; at--) {
      of[at] = of[at - 1];
      doubt->place[at] = doubt->place[at - 1];
    }
    of[at] = all;
    doubt->place[at] = (uint8_t)i;
  }
}

/* The unknown codewords prove nothing. How many more are left out, as doubtful, is chosen as it fits best among up to 30: that
 * takes five bits back. */
static float evidence_by_codewords(const struct qr_block *block, const struct doubt *doubt, const uint8_t *word) {
  int errors = 0;
  float best = -8.0f * (float)block->len;
  for (int i = 0; i < block->len; i++) errors += word[i] != block->word[i];
  for (int erasures = 0; erasures <= block->ecc; erasures++) {
    if (erasures > 0) errors -= word[doubt->place[erasures - 1]] != block->word[doubt->place[erasures - 1]];
    if (erasures < doubt->unknown) continue;
    best = fmaxf(best, evidence_of_counts(block, erasures, errors) - (erasures > doubt->unknown ? 5 : 0));
  }
  return best;
}

/* By bits: the chance that, were each bit wrong by the throw of a coin, the wrong ones had no more certainty in sum than
 * `wrong` (saddle point: Daniels 1954; without the factor it would be Chernoff's bound, four bits further off); as there are
 * 2^(8 * data) words of the code, that many bits of it prove nothing. It is drawn as straight lines, a tangent for each
 * slope, of which the highest one counts. Turned round: the most that may be wrong for a certain evidence. */
static void draw_lines(const struct qr_block *block, struct lines *lines) {
  int count[128] = {0}, total = 1;
  for (int i = 0; i < 8 * block->len; i++) {
    count[abs(block->bit[i])]++;
    total += abs(block->bit[i]);
  }
  float slope = 80.0f * (float)block->len / (float)total; /* ten bits for a mean certainty */
  for (int i = 0; i < SLOPES; i++, slope *= 0.7f) {
    float sum = 8.0f * (float)block->ecc - (float)count[0], variance = 0, step = exp2f(-slope), odds = 1;
    for (int sure = 1; sure < 128; sure++) {
      odds *= step;
      if (count[sure] == 0) continue;
      sum -= (float)count[sure] * log2f(1 + odds);
      variance += (float)(count[sure] * sure * sure) * odds / ((1 + odds) * (1 + odds));
    }
    float factor = slope * 0.6931f * sqrtf(6.2832f * variance);
    lines->slope[i] = slope;
    lines->at_none[i] = sum + (factor > 1 ? log2f(factor) : 0);
  }
}

static float evidence_by_bits(const struct qr_block *block, const struct lines *lines, const uint8_t *word) {
  float wrong = 0, best = -8.0f * (float)block->len;
  for (int i = 0; i < 8 * block->len; i++)
    if ((word[i / 8] >> (7 - i % 8) & 1) != (block->bit[i] > 0)) wrong += (float)abs(block->bit[i]);
  for (int i = 0; i < SLOPES; i++) best = fmaxf(best, lines->at_none[i] - lines->slope[i] * wrong);
  return best;
}

static int most_wrong(const struct lines *lines, float evidence) { /* -1: not even where nothing is */
  float most = -1;
  for (int i = 0; i < SLOPES; i++) most = fmaxf(most, (lines->at_none[i] - evidence) / lines->slope[i]);
  return (int)floorf(most);
}

static void weigh_doubts(const struct qr_block *block, struct doubt *doubt) {
  sort_codewords(block, doubt);
  draw_lines(block, &doubt->lines);
}

static float evidence_of(const struct qr_block *block, const struct doubt *doubt, const uint8_t *word) {
  return fmaxf(evidence_by_codewords(block, doubt, word), evidence_by_bits(block, &doubt->lines, word));
}

float qr_block_evidence(const struct qr_block *block, const uint8_t *word) {
  struct doubt doubt;
  weigh_doubts(block, &doubt);
  return evidence_of(block, &doubt, word);
}

enum { CHECKS_LEFT = 4 }; /* with fewer, no word has evidence by its codewords */

/* Takes the least certain codewords for unknown, more and more of them (generalized minimum distance: Forney 1966). */
static bool correct_with_erasures(const struct qr_block *block, const struct doubt *doubt, const uint8_t *syndrome, float least,
                                  uint8_t *word, float *evidence) {
  for (int erasures = 2 - block->ecc % 2; erasures <= block->ecc - CHECKS_LEFT; erasures += 2) {
    memcpy(word, block->word, (size_t)block->len);
    if (rs_correct(word, block->len, block->ecc, syndrome, doubt->place, erasures) < 0) continue;
    *evidence = evidence_of(block, doubt, word);
    if (*evidence >= least) return true;
  }
  return false;
}

bool qr_block_correct(struct qr_block *block, float least, bool patient, float *evidence) {
  struct doubt doubt;
  uint8_t syndrome[RS_ECC_MAX], word[RS_LEN_MAX];
  bool whole = rs_syndromes(block->word, block->len, block->ecc, syndrome);
  bool known = memchr(block->bit, 0, 8 * (size_t)block->len) == NULL;
  memcpy(word, block->word, (size_t)block->len);
  int errors = whole ? 0 : rs_correct(word, block->len, block->ecc, syndrome, NULL, 0);
  *evidence = errors < 0 || !known ? -1 : evidence_of_counts(block, 0, errors);
  if (*evidence < least) {
    weigh_doubts(block, &doubt);
    if (errors >= 0) *evidence = evidence_of(block, &doubt, word);
  }
  bool good = *evidence >= least || correct_with_erasures(block, &doubt, syndrome, least, word, evidence);
  if (!good && patient && qr_block_nearest(block, most_wrong(&doubt.lines, least), word)) {
    *evidence = evidence_by_bits(block, &doubt.lines, word);
    good = true;
  }
  if (good) memcpy(block->word, word, (size_t)block->len);
  return good;
}
