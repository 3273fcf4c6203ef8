/* SPDX-License-Identifier: Apache-2.0
 * The vectors of RFC 9285, sections 4.3 and 4.4, and texts that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base45.h"

static const struct {
  const char *bytes, *text;
} vectors[] = {
    {"", ""}, {"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"}, {"ietf!", "QED8WEX0"},
};

static void encodes(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
    char text[32];
    assert_int_equal(base45_encode((const uint8_t *)vectors[i].bytes, strlen(vectors[i].bytes), text), strlen(vectors[i].text));
    assert_string_equal(text, vectors[i].text);
  }
}

static void decodes(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
    uint8_t bytes[32];
    size_t n;
    assert_true(base45_decode(vectors[i].text, strlen(vectors[i].text), bytes, sizeof(bytes), &n));
    assert_int_equal(n, strlen(vectors[i].bytes));
    assert_memory_equal(bytes, vectors[i].bytes, n);
  }
}

static void refuses(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "GGW",    /* 65536 */
      ":::",    /* 91124 */
      "V5",     /* 256 in two characters */
      "::",     /* 2024 in two */
      "B",      /* no byte has one character */
      "BB8B",   /* nor its fourth */
      "bb8",    /* small letters */
      "BB\xC3", /* not ASCII */
      "B#8",    "BB8\n",
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    uint8_t bytes[8];
    size_t n = 7;
    if (base45_decode(wrong[i], strlen(wrong[i]), bytes, sizeof(bytes), &n)) fail_msg("\"%s\" was decoded", wrong[i]);
    assert_int_equal(n, 0);
  }
  uint8_t bytes[4];
  size_t n;
  assert_false(base45_decode("BB\0", 3, bytes, sizeof(bytes), &n)); /* a NUL is not the alphabet's end */
}

static void edges(void **state) {
  (void)state;
  uint8_t bytes[2];
  size_t n;
  assert_true(base45_decode("FGW", 3, bytes, 2, &n)); /* 65535 */
  assert_int_equal(n, 2);
  assert_memory_equal(bytes, "\xFF\xFF", 2);
  assert_true(base45_decode("U5", 2, bytes, 1, &n)); /* 255 */
  assert_int_equal(bytes[0], 255);
  assert_false(base45_decode("FGW", 3, bytes, 1, &n));
  assert_false(base45_decode("U5", 2, bytes, 0, &n));
}

static void every_pair_of_bytes(void **state) {
  (void)state;
  for (unsigned value = 0; value <= 0xFFFF; value++) {
    uint8_t in[2] = {(uint8_t)(value >> 8), (uint8_t)value}, out[2];
    char text[4];
    size_t n;
    assert_int_equal(base45_encode(in, 2, text), 3);
    assert_true(base45_decode(text, 3, out, 2, &n));
    assert_memory_equal(in, out, 2);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(encodes), cmocka_unit_test(decodes), cmocka_unit_test(refuses),
                                     cmocka_unit_test(edges), cmocka_unit_test(every_pair_of_bytes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
