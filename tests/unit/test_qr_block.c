/* SPDX-License-Identifier: Apache-2.0
 * One block: what the standard corrects is corrected, and more where certainty tells more; and evidence means what it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "qr_symbol.h"
#include "scan/qr_block.h"

static const float least = 30.9f;

static struct qr_block block;
static uint8_t truth[RS_LEN_MAX];

static void see(void) { /* the word from the bits */
  for (int i = 0; i < block.len; i++) {
    block.word[i] = 0;
    for (int b = 0; b < 8; b++) block.word[i] = (uint8_t)(block.word[i] << 1 | (block.bit[8 * i + b] > 0));
  }
}

static void make(int len, int ecc) {
  block.len = len;
  block.ecc = ecc;
  for (int i = 0; i < len - ecc; i++) truth[i] = (uint8_t)symbol_below(256);
  rs_encode(truth, len - ecc, ecc, truth + len - ecc);
  for (int i = 0; i < 8 * len; i++) block.bit[i] = truth[i / 8] >> (7 - i % 8) & 1 ? SYMBOL_SURE : -SYMBOL_SURE;
}

/* Makes `count` codewords that are yet untouched unknown, or others. */
static void spoil(int count, bool unknown, bool touched[RS_LEN_MAX]) {
  while (count-- > 0) {
    int at;
    do at = symbol_below(block.len);
    while (touched[at]);
    touched[at] = true;
    uint8_t other = (uint8_t)(truth[at] ^ (1 + symbol_below(255)));
    for (int b = 0; b < 8; b++) block.bit[8 * at + b] = unknown ? 0 : other >> (7 - b) & 1 ? SYMBOL_SURE : -SYMBOL_SURE;
  }
}

static float ways(int all, int few) { return (float)((lgamma(all + 1) - lgamma(few + 1) - lgamma(all - few + 1)) / log(2)); }

static bool corrects(bool patient) {
  float evidence;
  see();
  if (!qr_block_correct(&block, least, patient, &evidence)) return false;
  assert_true(evidence >= least);
  assert_memory_equal(block.word, truth, block.len);
  return true;
}

/* Errors only: to the standard's limit in each version and level; in small symbols that is less than half the checks. */
static void test_all_that_the_standard_corrects(void **unused) {
  (void)unused;
  symbol_seed(1);
  for (int version = 1; version <= 40; version++)
    for (int level = 0; level < 4; level++) {
      struct qr_shape shape = qr_shape(version, level);
      int kept = version == 1 ? (level == QR_LEVEL_L   ? 3
                                 : level == QR_LEVEL_M ? 2
                                                       : 1)
                              : (level == QR_LEVEL_L && version < 4 ? 4 - version : 0);
      bool touched[RS_LEN_MAX] = {false};
      make(shape.codewords / shape.blocks, shape.ecc);
      spoil((shape.ecc - kept) / 2, false, touched);
      if (!corrects(false)) fail_msg("version %d level %d", version, level);
    }
}

/* All pairs of unknown and wrong codewords that leave evidence enough; and none where it is clearly missing. */
static void test_unknown_codewords(void **unused) {
  (void)unused;
  static const int shapes[][2] = {{26, 13}, {26, 10}, {44, 16}, {34, 18}, {70, 15}, {134, 26}, {153, 30}};
  int corrected = 0, refused = 0;
  for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
    for (int unknown = 0; unknown <= shapes[i][1]; unknown++)
      for (int wrong = 0; 2 * wrong + unknown <= shapes[i][1]; wrong++) {
        bool touched[RS_LEN_MAX] = {false};
        make(shapes[i][0], shapes[i][1]);
        spoil(unknown, true, touched);
        spoil(wrong, false, touched);
        float evidence = 8.0f * (float)(block.ecc - unknown - wrong) - ways(block.len - unknown, wrong);
        bool good = corrects(false);
        if (evidence >= least + 5 && !good) fail_msg("%d of %d: %d unknown, %d wrong", block.ecc, block.len, unknown, wrong);
        *(good ? &corrected : &refused) += 1;
      }
  assert_true(corrected > 100 && refused > 20);
  /* Nothing known at all is the word of zeros, which is one of the code: that proves nothing. */
  memset(block.bit, 0, sizeof(block.bit));
  memset(truth, 0, sizeof(truth));
  assert_false(corrects(true));
}

static void add_noise(double sigma) {
  for (int i = 0; i < 8 * block.len; i++) {
    double value = (block.bit[i] > 0 ? 1 : -1) + sigma * symbol_gauss(), odds = 32 * value / (sigma * sigma);
    block.bit[i] = (int8_t)(odds > 127 ? 127 : odds < -127 ? -127 : lrint(odds));
  }
}

/* The search finds words that half the checks never could: at this noise a bit of thirteen is wrong. */
static void test_search(void **unused) {
  (void)unused;
  int without = 0, with = 0;
  symbol_seed(2);
  for (int round = 0; round < 100; round++) {
    make(26, 13);
    add_noise(0.7);
    without += corrects(false);
    with += corrects(true);
  }
  if (without > 25 || with < 85) fail_msg("%d without the search, %d with it", without, with);
}

/* Bits by lot: a word is found with an evidence of so many bits not more often than it says; and with little evidence asked
 * for, wrong words are found: without a margin, this reader would read texts where there are none. */
static void test_evidence(void **unused) {
  (void)unused;
  enum { ROUNDS = 3000 };
  static const int shapes[][2] = {{26, 13}, {26, 7}};
  symbol_seed(3);
  for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
    int found[65] = {0};
    block.len = shapes[i][0];
    block.ecc = shapes[i][1];
    for (int round = 0; round < ROUNDS; round++) {
      float evidence;
      for (int b = 0; b < 8 * block.len; b++) block.bit[b] = (int8_t)(symbol_below(255) - 127);
      see();
      if (!qr_block_correct(&block, 2, true, &evidence)) continue;
      for (int bits = 0; bits <= 64 && (float)bits <= evidence; bits++) found[bits]++;
    }
    assert_true(found[2] > 20);
    for (int bits = 2; bits <= 64; bits++) {
      double expected = ROUNDS * exp2(-bits);
      if (found[bits] > expected + 4 * sqrt(expected) + 1) fail_msg("%d bits: %d", bits, found[bits]);
    }
  }
}

/* What is given has the evidence that is told, whichever way it was found. */
static void test_told_evidence(void **unused) {
  (void)unused;
  symbol_seed(4);
  for (int round = 0; round < 100; round++) {
    struct qr_block before;
    float evidence;
    make(34, 18);
    add_noise(0.5 + 0.004 * round);
    see();
    before = block;
    if (!qr_block_correct(&block, least, true, &evidence)) continue;
    assert_true(qr_block_evidence(&before, block.word) >= evidence - 0.01f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_that_the_standard_corrects),
      cmocka_unit_test(test_unknown_codewords),
      cmocka_unit_test(test_search),
      cmocka_unit_test(test_evidence),
      cmocka_unit_test(test_told_evidence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
