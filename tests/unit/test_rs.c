/* SPDX-License-Identifier: Apache-2.0
 * Reed-Solomon: against the definition of the code, up to the last error and erasure that it can bear, and not beyond.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scan/rs.h"

static uint32_t state = 12345;

static int below(int n) {
  state = state * 1664525u + 1013904223u;
  return (int)((state >> 8) % (uint32_t)n);
}

static void make_word(int len, int ecc, uint8_t *word) {
  for (int i = 0; i < len - ecc; i++) word[i] = (uint8_t)below(256);
  rs_encode(word, len - ecc, ecc, word + len - ecc);
}

/* Changes `count` different places, each to another value. */
static void spoil(uint8_t *word, int len, int count, uint8_t *where) {
  for (int i = 0; i < count; i++) {
    int at, j;
    do {
      at = below(len);
      /* cppcheck-suppress uninitvar ; the first i are filled */
      for (j = 0; j < i && where[j] != at; j++)
        ;
    } while (j < i);
    where[i] = (uint8_t)at;
    word[at] ^= (uint8_t)(1 + below(255));
  }
}

static uint8_t slow_times(uint8_t a, uint8_t b) { /* as it is defined: polynomials modulo x^8 + x^4 + x^3 + x^2 + 1 */
  unsigned product = 0;
  for (int bit = 7; bit >= 0; bit--) {
    product <<= 1;
    if (product & 0x100) product ^= 0x11D;
    if (b >> bit & 1) product ^= a;
  }
  return (uint8_t)product;
}

static void test_field(void **unused) {
  (void)unused;
  for (int a = 0; a < 256; a++)
    for (int b = 0; b < 256; b++) assert_int_equal(rs_times((uint8_t)a, (uint8_t)b), slow_times((uint8_t)a, (uint8_t)b));
}

static void test_words_have_the_roots(void **unused) {
  (void)unused;
  for (int ecc = 1; ecc <= RS_ECC_MAX; ecc++) {
    uint8_t word[RS_LEN_MAX], syndrome[RS_ECC_MAX], root = 1;
    int len = ecc + 1 + below(RS_LEN_MAX - ecc);
    make_word(len, ecc, word);
    assert_true(rs_syndromes(word, len, ecc, syndrome));
    for (int i = 0; i < ecc; i++, root = slow_times(root, 2)) {
      uint8_t sum = 0;
      for (int at = 0; at < len; at++) sum = slow_times(sum, root) ^ word[at];
      assert_int_equal(sum, 0);
    }
    word[below(len)] ^= 1;
    assert_false(rs_syndromes(word, len, ecc, syndrome));
  }
}

/* All pairs of errors and erasures that the distance allows; erasures may be right by chance. */
static void test_all_that_it_can_bear(void **unused) {
  (void)unused;
  for (int ecc = 1; ecc <= RS_ECC_MAX; ecc++) {
    for (int erasures = 0; erasures <= ecc; erasures++) {
      int errors = (ecc - erasures) / 2;
      uint8_t good[RS_LEN_MAX], word[RS_LEN_MAX], syndrome[RS_ECC_MAX], where[RS_LEN_MAX];
      int len = ecc + errors + 1 + below(RS_LEN_MAX - ecc - errors);
      make_word(len, ecc, good);
      memcpy(word, good, sizeof(word));
      spoil(word, len, errors + erasures, where);
      if (erasures > 1) word[where[1]] = good[where[1]];
      rs_syndromes(word, len, ecc, syndrome);
      int found = rs_correct(word, len, ecc, syndrome, where, erasures);
      assert_memory_equal(word, good, len);
      assert_int_equal(found, errors);
    }
  }
}

/* Beyond the distance it mostly says no, and then leaves the word alone; what it does give is always a word of the code
 * within the distance, and sometimes that is another one: why callers must keep a margin. */
static void test_beyond(void **unused) {
  (void)unused;
  int invented = 0, refused = 0;
  for (int round = 0; round < 20000; round++) {
    enum { LEN = 26, ECC = 4 };
    uint8_t good[LEN], word[LEN], before[LEN], syndrome[ECC], where[LEN];
    make_word(LEN, ECC, good);
    memcpy(word, good, LEN);
    spoil(word, LEN, 3, where);
    memcpy(before, word, LEN);
    rs_syndromes(word, LEN, ECC, syndrome);
    int found = rs_correct(word, LEN, ECC, syndrome, where, 0);
    if (found < 0) {
      assert_memory_equal(word, before, LEN);
      refused++;
      continue;
    }
    int changed = 0;
    for (int i = 0; i < LEN; i++) changed += word[i] != before[i];
    assert_true(changed == found && found <= ECC / 2);
    assert_true(rs_syndromes(word, LEN, ECC, syndrome));
    assert_memory_not_equal(word, good, LEN);
    invented++;
  }
  assert_int_equal(refused + invented, 20000);
  /* C(26, 2) * 255^2 words lie within two errors of each, of 256^4: 0.49 %. */
  assert_in_range(invented, 40, 170);
}

static void test_more_erasures_than_checks(void **unused) {
  (void)unused;
  uint8_t word[20], syndrome[RS_ECC_MAX], where[RS_LEN_MAX];
  make_word(20, 7, word);
  spoil(word, 20, 8, where);
  rs_syndromes(word, 20, 7, syndrome);
  assert_int_equal(rs_correct(word, 20, 7, syndrome, where, 8), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_field),
      cmocka_unit_test(test_words_have_the_roots),
      cmocka_unit_test(test_all_that_it_can_bear),
      cmocka_unit_test(test_beyond),
      cmocka_unit_test(test_more_erasures_than_checks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
