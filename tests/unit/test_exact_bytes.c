/* SPDX-License-Identifier: Apache-2.0
 * What a code carries comes out of the real yingbin-decoder byte by byte, or not at all: texts in any encoding, bytes of no
 * meaning, declared charsets, and parts of larger messages. Each is shown over several frames, so that in live effort each
 * step has its turn, and in full effort: no step may give other bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/unit/qr_forge.h"
#include "tests/unit/qr_frame.h"
#include "tests/unit/real_decoder.h"

enum { PATIENT_MS = 60000, FRAMES = 4 };

static int start(void **state) {
  (void)state;
  return decoder_proc_init(&decoder) && decoder_start() ? 0 : -1;
}

static int stop(void **state) {
  (void)state;
  decoder_proc_fini(&decoder);
  return 0;
}

/* expected NULL: whatever is read is wrong. Otherwise it is read at least once, and never anything else. */
static void show(const struct frame *frame, const void *expected, size_t len, const char *what) {
  int reads = 0;
  for (int i = 0; i < 2 * FRAMES; i++) {
    assert_true(decoder_proc_give(&decoder, frame, i < FRAMES ? SCAN_LIVE : SCAN_FULL, PATIENT_MS));
    assert_int_equal(next_event(), DECODER_DONE);
    for (int k = 0; k < result.count; k++, reads++) {
      const struct scan_code *code = &result.code[k];
      if (expected && code->len == len && !memcmp(code->bytes, expected, len)) continue;
      fail_msg("%s: other bytes (%d, step %s): %.*s", what, code->len, scan_step_name(code->step), code->len, code->bytes);
    }
  }
  if (expected && !reads) fail_msg("%s is not read", what);
}

static void show_bits(int version, const struct qr_bits *bits, const void *expected, size_t len, const char *what) {
  static struct qr_grid grid;
  qr_forge(version, QR_LEVEL_M, 3, bits->byte, (bits->count + 7) / 8, &grid);
  struct frame frame = qr_blank(grid.side * 4 + 48, grid.side * 4 + 48, grid.side * 4 + 48);
  qr_forge_draw(&frame, &grid, 24, 24, 4);
  show(&frame, expected, len, what);
  free((void *)frame.luma);
}

static void put_bytes(struct qr_bits *bits, int version, const void *bytes, size_t len) {
  qr_put(bits, 4, 4);
  qr_put(bits, version < 10 ? 8 : 16, (uint32_t)len);
  for (size_t i = 0; i < len; i++) qr_put(bits, 8, ((const uint8_t *)bytes)[i]);
}

static void put_charset(struct qr_bits *bits, uint32_t number) {
  qr_put(bits, 4, 7);
  if (number < 128)
    qr_put(bits, 8, number);
  else if (number < 16384)
    qr_put(bits, 16, 0x8000 | number);
  else
    qr_put(bits, 24, 0xC00000 | number);
}

static const struct sample {
  const char *name, *bytes;
  size_t len;
} texts[] = {
    {"UTF-8", "Zo\xc3\xab \xe9\xa9\xac\xe4\xb8\xbd \xf0\xa0\xae\xb7\xf0\x9f\xa6\x84", 20},
    {"GB18030", "\xc2\xed\xc0\xf6 \x95\x32\xb7\x37", 9},
    {"Shift JIS", "\x83\x65\x83\x58\x83\x67", 6},
    {"Latin 1", "caf\xe9 \xfc\xdf", 7},
    {"zeros", "a\0b\0\0\xff\0", 7},
    {"one zero", "\0", 1},
    {"UTF-16 with its mark", "\xfe\xff\x9a\x6c", 4},
    {"a UTF-8 mark",
     "\xef\xbb\xbf"
     "abc",
     6},
};

static void bytes_are_as_they_went_in(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    static struct qr_bits bits;
    memset(&bits, 0, sizeof bits);
    put_bytes(&bits, 3, texts[i].bytes, texts[i].len);
    qr_put(&bits, 4, 0);
    show_bits(3, &bits, texts[i].bytes, texts[i].len, texts[i].name);
  }
}

static void every_byte_and_the_largest_code(void **state) {
  (void)state;
  static uint8_t all[2000];
  static struct qr_bits bits;
  for (int i = 0; i < (int)sizeof all; i++) all[i] = (uint8_t)(i * 7 + i / 256);
  put_bytes(&bits, 40, all, sizeof all);
  qr_put(&bits, 4, 0);
  show_bits(40, &bits, all, sizeof all, "version 40");
}

/* The designator is not part of the text, and changes nothing of it, known or not. */
static void declared_charsets_change_nothing(void **state) {
  (void)state;
  static const uint32_t numbers[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,  13,  15,  16,  17,    18,    20,
                                     21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33, 127, 128, 170, 899, 16383, 16384, 999999};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    static struct qr_bits bits;
    char what[32];
    snprintf(what, sizeof what, "ECI %u", numbers[i]);
    memset(&bits, 0, sizeof bits);
    put_charset(&bits, numbers[i]);
    put_bytes(&bits, 3, texts[i % 4].bytes, texts[i % 4].len);
    qr_put(&bits, 4, 0);
    show_bits(3, &bits, texts[i % 4].bytes, texts[i % 4].len, what);
  }
}

static void put_part(struct qr_bits *bits, unsigned nth, unsigned last, const char *text) {
  memset(bits, 0, sizeof *bits);
  qr_put(bits, 4, 3);
  qr_put(bits, 4, nth);
  qr_put(bits, 4, last);
  qr_put(bits, 8, 0x5a);
  put_bytes(bits, 3, text, strlen(text));
  qr_put(bits, 4, 0);
}

/* One of two or sixteen parts, the second of two, a part that says it is the fifth of two; and the two of one message side
 * by side. */
static void parts_of_larger_messages_are_refused(void **state) {
  (void)state;
  static const uint8_t parts[][2] = {{0, 1}, {1, 1}, {0, 15}, {4, 1}};
  static struct qr_bits bits;
  static struct qr_grid grid;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char what[32];
    snprintf(what, sizeof what, "part %d of %d", parts[i][0] + 1, parts[i][1] + 1);
    put_part(&bits, parts[i][0], parts[i][1], "half a ticket");
    show_bits(3, &bits, NULL, 0, what);
  }
  struct frame frame = qr_blank(400, 200, 400);
  for (unsigned nth = 0; nth < 2; nth++) {
    put_part(&bits, nth, 1, nth ? " a ticket" : "half of");
    qr_forge(3, QR_LEVEL_M, 3, bits.byte, (bits.count + 7) / 8, &grid);
    qr_forge_draw(&frame, &grid, 24 + (int)nth * 180, 24, 4);
  }
  show(&frame, NULL, 0, "both parts of a message");
  free((void *)frame.luma);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(bytes_are_as_they_went_in, start, stop),
      cmocka_unit_test_setup_teardown(every_byte_and_the_largest_code, start, stop),
      cmocka_unit_test_setup_teardown(declared_charsets_change_nothing, start, stop),
      cmocka_unit_test_setup_teardown(parts_of_larger_messages_are_refused, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
