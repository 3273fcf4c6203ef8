/* SPDX-License-Identifier: Apache-2.0
 * The conditions that people hold a code in: the same seed gives the same pixels, another seed others;
 * what the truth says is drawn, and where nothing is said there is no code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scan/scan.h"
#include "tools/yingbin/demo_conditions.h"

enum { W = CONDITION_W, H = CONDITION_H };

static struct condition_clip clip;
static uint8_t one[W * H], two[W * H];

static struct people *open_clip(int condition, uint64_t seed, bool empty) {
  struct people *people;
  struct problem problem;
  condition_clip(&conditions[condition], seed, 0, &clip);
  if (empty) clip.scene.room = PEOPLE_LAMPS; /* sooner drawn */
  assert_true(people_open(&clip.scene, &people, &problem));
  return people;
}

static void still(int condition, uint64_t seed, uint8_t *luma) {
  struct people *people = open_clip(condition, seed, false);
  people_frame(people, CONDITION_STILL, luma);
  people_close(people);
}

static void test_a_seed_is_a_picture(void **state) {
  (void)state;
  for (int i = 3; i < CONDITIONS; i += 13) { /* motion, combo */
    still(i, 3, one);
    still(i, 3, two);
    assert_memory_equal(one, two, sizeof one);
    still(i, 4, two);
    assert_int_not_equal(memcmp(one, two, sizeof one), 0);
  }
}

/* The row without what makes it hard: the code is where the truth says, and carries what it says. */
static void test_its_clean_twin_reads(void **state) {
  (void)state;
  static struct scan_result result;
  for (int i = 0; i < CONDITIONS; i++) {
    condition_clip(&conditions[i], 5, 0, &clip);
    if (!*clip.text) continue;
    struct people_guest *g = &clip.scene.guest[0];
    clip.scene.noise = clip.scene.defocus = clip.scene.gain = 0;
    clip.scene.room = PEOPLE_LAMPS;
    g->shake = g->mirror = g->look.moire = 0;
    g->spots = g->bars = 0;
    g->tilt = g->lean = 0;
    g->module = 5, g->x = g->y = 0.5;
    g->look = (struct people_look){5, 240, 240, 60, 4, 0, g->look.level};
    struct people *people;
    struct problem problem;
    assert_true(people_open(&clip.scene, &people, &problem));
    people_frame(people, CONDITION_STILL, one);
    people_close(people);
    struct scanner *scanner = scanner_open();
    scanner_read(scanner, &(struct frame){.luma = one, .w = W, .h = H, .stride = W}, SCAN_LIVE, &result);
    scanner_close(scanner);
    if (result.count != 1 || result.code[0].len != strlen(clip.text) ||
        memcmp(result.code[0].bytes, clip.text, result.code[0].len))
      fail_msg("%s: %d codes, not \"%s\"", conditions[i].name, result.count, clip.text);
  }
}

static void test_the_truth_is_complete(void **state) {
  (void)state;
  for (int i = 0; i < CONDITIONS; i++) {
    double module = 0, corner[8], smear;
    struct people *people = open_clip(i, 6, true);
    int first = condition_first(people);
    bool coded = conditions[i].shows != CODE_NONE;
    assert_int_equal(coded, *clip.text != 0);
    assert_int_equal(coded, first > 0);
    assert_int_equal(coded, condition_shows(people, CONDITION_STILL, &module) || (coded && clip.scene.guest[0].shake > 0));
    if (coded) {
      assert_true(people_code(people, 0, first, corner, &module, &smear));
      assert_true(module > 1 && module < 10 && smear < module);
      assert_false(condition_shows(people, first - 1, &module));
      for (int k = 0; k < 8; k++) assert_true(corner[k] >= 0 && corner[k] <= (k % 2 ? H : W));
    }
    people_close(people);
  }
}

static void test_none_has_none(void **state) {
  (void)state;
  static struct scan_result result;
  struct scanner *scanner = scanner_open();
  for (int i = 0; i < CONDITIONS; i++) {
    if (conditions[i].shows != CODE_NONE) continue;
    still(i, 7, one);
    assert_false(scanner_read(scanner, &(struct frame){.luma = one, .w = W, .h = H, .stride = W}, SCAN_LIVE, &result));
  }
  scanner_close(scanner);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_seed_is_a_picture),
      cmocka_unit_test(test_its_clean_twin_reads),
      cmocka_unit_test(test_the_truth_is_complete),
      cmocka_unit_test(test_none_has_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
