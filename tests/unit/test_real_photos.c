/* SPDX-License-Identifier: Apache-2.0
 * Photos as people took them: each reads to exactly the bytes that its code carries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "platform/picture.h"
#include "scan/scan.h"

enum { PHOTOS = 20 };

static void every_photo_reads(void **state) {
  (void)state;
  FILE *truth = fopen(TEST_DATA "/photos/truth.tsv", "r");
  assert_non_null(truth);
  struct scanner *scanner = scanner_open();
  assert_non_null(scanner);
  static struct scan_result result;
  struct picture picture = {.luma = NULL};
  struct problem problem;
  char line[1024], name[64], hex[900], path[1024];
  int photos = 0;
  assert_non_null(fgets(line, sizeof line, truth));
  assert_string_equal(line, "file\ttext_hex\n");
  for (; fgets(line, sizeof line, truth); photos++) {
    assert_int_equal(sscanf(line, "%63[^\t]\t%899[0-9a-f]", name, hex), 2);
    snprintf(path, sizeof path, TEST_DATA "/photos/%s", name);
    assert_true(picture_read(path, &picture, &problem));
    struct frame frame = {.luma = picture.luma, .w = picture.w, .h = picture.h, .stride = picture.w};
    assert_true(scanner_read(scanner, &frame, SCAN_LIVE, &result));
    assert_int_equal(result.count, 1);
    char got[2 * PAYLOAD_MAX + 1];
    for (int i = 0; i < result.code[0].len; i++) snprintf(got + 2 * i, 3, "%02x", result.code[0].bytes[i]);
    assert_string_equal(got, hex);
  }
  assert_int_equal(photos, PHOTOS);
  fclose(truth);
  picture_free(&picture);
  scanner_close(scanner);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_photo_reads)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
