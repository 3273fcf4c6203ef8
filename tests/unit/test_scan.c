/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "scan/scan.h"
#include "tests/unit/qr_frame.h"

static struct scanner *scanner;
static struct scan_result result;

static int open_scanner(void **state) {
  (void)state;
  scanner = scanner_open();
  return scanner ? 0 : -1;
}

static int close_scanner(void **state) {
  (void)state;
  scanner_close(scanner);
  return 0;
}

static bool read_frame(struct frame frame) {
  bool any = scanner_read(scanner, &frame, SCAN_LIVE, &result);
  free((void *)frame.luma);
  return any;
}

static void assert_bytes(int i, const void *bytes, size_t len) {
  assert_int_equal(result.code[i].len, len);
  assert_memory_equal(result.code[i].bytes, bytes, len);
}

static void bytes_are_exact(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t len;
  } all[] = {
      {"7RS2AB3D4EF5GH6J", 16}, {"你好，迎宾", 15},      {"Zo\xc3\xab", 4}, {"\0\1\xff\x1d\0", 5},
      {"\x93\x5f\x88\x9f", 4},  {"\xc4\xe3\xba\xc3", 4}, {" a\n", 3},       {"0", 1},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct frame frame = qr_blank(400, 300, 400);
    qr_draw(&frame, all[i].bytes, all[i].len, 60, 50, 5, 0);
    assert_true(read_frame(frame));
    assert_int_equal(result.count, 1);
    assert_bytes(0, all[i].bytes, all[i].len);
    assert_int_equal(result.tried, 1);
    assert_string_equal(scan_step_name(result.code[0].step), "grid");
  }
  int steps = 0;
  while (scan_step_name(steps)) steps++;
  assert_in_range(steps, 2, 31); /* bits of `tried` */
  assert_null(scan_step_name(-1));
}

static void assert_near(struct point p, int x, int y) {
  assert_in_range(p.x + 100, x + 100 - 4, x + 100 + 4);
  assert_in_range(p.y + 100, y + 100 - 4, y + 100 + 4);
}

/* Whichever way the phone is held, corner 0 is where the code itself begins, and they go clockwise. */
static void corners_start_at_the_codes_own_top_left(void **state) {
  (void)state;
  const int x0 = 60, y0 = 50, x1 = 60 + 21 * 6, y1 = 50 + 21 * 6;
  const int clockwise[4][2] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
  for (int turns = 0; turns < 4; turns++) {
    struct frame frame = qr_blank(320, 240, 320);
    qr_draw(&frame, "ABC", 3, x0, y0, 6, turns);
    assert_true(read_frame(frame));
    for (int i = 0; i < 4; i++) {
      const int *corner = clockwise[(i + turns) % 4];
      assert_near(result.code[0].where[i], corner[0], corner[1]);
    }
  }
}

static void the_largest_and_most_central_is_first(void **state) {
  (void)state;
  struct frame frame = qr_blank(640, 360, 640);
  qr_draw(&frame, "far", 3, 20, 20, 3, 0);
  qr_draw(&frame, "near", 4, 250, 100, 7, 0);
  qr_draw(&frame, "also", 4, 540, 250, 3, 0);
  assert_true(read_frame(frame));
  assert_int_equal(result.count, 3);
  assert_bytes(0, "near", 4);

  frame = qr_blank(640, 240, 640); /* the same size: the one in the middle */
  qr_draw(&frame, "edge", 4, 20, 60, 5, 0);
  qr_draw(&frame, "middle", 6, 268, 60, 5, 0);
  assert_true(read_frame(frame));
  assert_int_equal(result.count, 2);
  assert_bytes(0, "middle", 6);
}

/* A wall of small codes behind it hides nobody's ticket: more codes than places, and the large one is there, and first. */
static void before_a_wall_of_codes(void **state) {
  (void)state;
  struct frame frame = qr_blank(1280, 720, 1280);
  for (int n = 0; n < 15 * 8; n++) {
    char text[16];
    int x = 10 + n % 15 * 84, y = 20 + n / 15 * 86;
    if (x > 440 && x < 780 && y > 180 && y < 500) continue;
    qr_draw(&frame, text, (size_t)snprintf(text, sizeof text, "small %d", n), x, y, 3, 0);
  }
  qr_draw(&frame, "ticket", 6, 545, 265, 9, 0);
  for (int effort = SCAN_LIVE; effort <= SCAN_FULL; effort++) {
    scanner_forget(scanner);
    assert_true(scanner_read(scanner, &frame, (enum scan_effort)effort, &result));
    assert_bytes(0, "ticket", 6);
  }
  free((void *)frame.luma);
}

static void the_same_code_twice_counts_once(void **state) {
  (void)state;
  struct frame frame = qr_blank(640, 240, 640);
  qr_draw(&frame, "same", 4, 40, 40, 5, 0);
  qr_draw(&frame, "same", 4, 400, 40, 5, 2);
  assert_true(read_frame(frame));
  assert_int_equal(result.count, 1);
}

static void padded_rows(void **state) {
  (void)state;
  struct frame frame = qr_blank(301, 200, 352);
  qr_draw(&frame, "padded", 6, 40, 40, 5, 0);
  assert_true(read_frame(frame));
  assert_bytes(0, "padded", 6);
}

/* Parts of one message are no ticket, alone or together; nor do they bring zbar down. */
static void structured_append_is_passed_over(void **state) {
  (void)state;
  QRcode_List *parts =
      QRcode_encodeStringStructured("one message that is cut over several symbols, each a part", 2, QR_ECLEVEL_L, QR_MODE_8, 1);
  assert_non_null(parts);
  struct frame all = qr_blank(1000, 220, 1000);
  int n = 0;
  for (const QRcode_List *part = parts; part; part = part->next, n++) {
    struct frame one = qr_blank(220, 220, 220);
    qr_draw_symbol(&one, part->code, 40, 40, 5, 0);
    assert_false(read_frame(one));
    qr_draw_symbol(&all, part->code, 40 + 220 * n, 40, 5, 0);
  }
  assert_in_range(n, 2, 4);
  assert_false(read_frame(all));
  QRcode_List_free(parts);
}

static void longer_than_a_payload(void **state) {
  (void)state;
  static char digits[7089];
  memset(digits, '7', sizeof digits);
  for (int fits = 0; fits < 2; fits++) {
    QRinput *input = QRinput_new2(40, QR_ECLEVEL_L);
    assert_int_equal(QRinput_append(input, QR_MODE_NUM, fits ? PAYLOAD_MAX : (int)sizeof digits, (unsigned char *)digits), 0);
    QRcode *code = QRcode_encodeInput(input);
    assert_non_null(code);
    struct frame frame = qr_blank(800, 800, 800);
    qr_draw_symbol(&frame, code, 40, 40, 4, 0);
    assert_int_equal(read_frame(frame), fits);
    if (fits) assert_bytes(0, digits, PAYLOAD_MAX);
    QRcode_free(code);
    QRinput_free(input);
  }
}

static void frames_that_are_none(void **state) {
  (void)state;
  static const uint8_t luma[64];
  const struct frame bad[] = {
      {NULL, 8, 8, 8, 0},
      {luma, 0, 8, 8, 0},
      {luma, 8, 0, 8, 0},
      {luma, -8, 8, 8, 0},
      {luma, 8, 8, 7, 0},
      {luma, SCAN_SIDE_MAX + 1, 1, SCAN_SIDE_MAX + 1, 0},
      {luma, 1, SCAN_SIDE_MAX + 1, 1, 0},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    result.count = 7;
    assert_false(scanner_read(scanner, &bad[i], SCAN_FULL, &result));
    assert_int_equal(result.count, 0);
    assert_int_equal(result.tried, 0);
  }
  for (int w = 1; w <= 8; w++) {
    for (int h = 1; h <= 8; h++) {
      struct frame small = {luma, w, h, 8, 0};
      assert_false(scanner_read(scanner, &small, SCAN_FULL, &result));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_are_exact),
      cmocka_unit_test(corners_start_at_the_codes_own_top_left),
      cmocka_unit_test(the_largest_and_most_central_is_first),
      cmocka_unit_test(before_a_wall_of_codes),
      cmocka_unit_test(the_same_code_twice_counts_once),
      cmocka_unit_test(padded_rows),
      cmocka_unit_test(structured_append_is_passed_over),
      cmocka_unit_test(longer_than_a_payload),
      cmocka_unit_test(frames_that_are_none),
  };
  return cmocka_run_group_tests(tests, open_scanner, close_scanner);
}
