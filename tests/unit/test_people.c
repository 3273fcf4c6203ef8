/* SPDX-License-Identifier: Apache-2.0
 * The generator of people before a camera: the same seed gives the same pixels, whatever was drawn
 * before; each kind of page reads at rest, whoever holds it how; nobody reads in an empty room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/day.h"
#include "scan/scan.h"
#include "tools/yingbin/demo_folder.h"
#include "tools/yingbin/demo_people.h"

enum { W = 1280, H = 720 };

static const char ticket[] = "0123456789ABCDEF";

static struct people_scene scene_of(uint64_t seed) {
  return (struct people_scene){.w = W, .h = H, .fps = 10, .seed = seed, .light = 0.4, .noise = 4};
}

static void add(struct people_scene *scene, const char *payload, enum people_shows shows, double comes_s) {
  scene->guest[scene->guests++] = (struct people_guest){.payload = payload,
                                                        .len = strlen(payload),
                                                        .shows = shows,
                                                        .comes_s = comes_s,
                                                        .stays_s = 2,
                                                        .x = 0.5,
                                                        .y = 0.5,
                                                        .size = 0.8,
                                                        .glow = 0.9};
}

static struct people *open_scene(const struct people_scene *scene) {
  struct people *people;
  struct problem problem;
  assert_true(people_open(scene, &people, &problem));
  return people;
}

/* Whether `text` is read in frame `index`, and nothing else. */
static bool reads(const struct people *people, int64_t index, const char *text) {
  static struct scan_result result;
  uint8_t *luma = malloc(W * H);
  struct scanner *scanner = scanner_open();
  people_frame(people, index, luma);
  scanner_read(scanner, &(struct frame){.luma = luma, .w = W, .h = H, .stride = W}, SCAN_LIVE, &result);
  scanner_close(scanner);
  free(luma);
  if (!text) return result.count > 0;
  return result.count == 1 && result.code[0].len == strlen(text) && !memcmp(result.code[0].bytes, text, strlen(text));
}

static void test_same_seed_same_pixels(void **state) {
  (void)state;
  struct people_scene scene = scene_of(7), other = scene_of(8);
  add(&scene, ticket, PEOPLE_TICKET, 0);
  add(&other, ticket, PEOPLE_TICKET, 0);
  struct people *a = open_scene(&scene), *b = open_scene(&scene), *c = open_scene(&other);
  uint8_t *one = malloc(W * H), *two = malloc(W * H);
  people_frame(a, 3, one);
  people_frame(a, 9, one);
  people_frame(b, 9, two);
  assert_memory_equal(one, two, W * H);
  people_frame(b, 10, two);
  assert_int_not_equal(memcmp(one, two, W * H), 0);
  people_frame(c, 9, two);
  assert_int_not_equal(memcmp(one, two, W * H), 0);
  free(one);
  free(two);
  people_close(a);
  people_close(b);
  people_close(c);
}

static void test_each_page_reads_at_rest(void **state) {
  (void)state;
  static const char *const text[] = {[PEOPLE_TICKET] = "HJKMNPQRSTVWXYZ0",
                                     [PEOPLE_CARD] = "https://u.wechat.com/kMhQ7Qx2tW0example",
                                     [PEOPLE_PAY] = "283456789012345678",
                                     [PEOPLE_PAPER] = "https://example.org/票?名=龘"};
  for (int shows = PEOPLE_TICKET; shows <= PEOPLE_PAPER; shows++) {
    struct people_scene scene = scene_of((uint64_t)shows);
    add(&scene, text[shows], (enum people_shows)shows, 0);
    struct people *people = open_scene(&scene);
    assert_true(reads(people, 10, text[shows]));
    people_close(people);
  }
}

static void test_held_as_hands_do(void **state) {
  (void)state;
  static const struct people_guest held[] = {
      {.turn = 20, .tilt = 15, .lean = -10, .glow = 0.5, .blur = 1, .x = 0.4, .y = 0.5, .size = 0.8},
      {.turn = -20, .tilt = -15, .lean = 10, .glow = 1, .blur = 0.5, .x = 0.6, .y = 0.55, .size = 0.6},
      {.turn = 90, .glow = 1, .x = 0.5, .y = 0.5, .size = 0.7},
  };
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
    struct people_scene scene = scene_of(i);
    add(&scene, ticket, PEOPLE_TICKET, 0);
    scene.guest[0] = held[i];
    scene.guest[0].payload = ticket, scene.guest[0].len = strlen(ticket), scene.guest[0].stays_s = 2;
    struct people *people = open_scene(&scene);
    assert_true(reads(people, 10, ticket));
    people_close(people);
  }
}

static void test_comes_and_leaves(void **state) {
  (void)state;
  struct people_scene scene = scene_of(1);
  add(&scene, ticket, PEOPLE_TICKET, 1);
  struct people *people = open_scene(&scene);
  assert_int_equal(people_frames(people), 31);
  assert_false(reads(people, 0, NULL));
  assert_true(reads(people, 20, ticket));
  assert_false(reads(people, 30, NULL));
  people_close(people);
}

static void test_too_long_a_payload(void **state) {
  (void)state;
  static char longest[4000];
  memset(longest, 'x', sizeof longest - 1);
  struct people_scene scene = scene_of(1);
  struct people *people;
  struct problem problem;
  add(&scene, longest, PEOPLE_TICKET, 0);
  assert_false(people_open(&scene, &people, &problem));
  assert_null(people);
  assert_non_null(strstr(problem.en, "3999 bytes"));
}

static void test_recording(void **state) {
  (void)state;
  struct people_scene scene = scene_of(5);
  scene.w = 320, scene.h = 180, scene.fps = 5;
  add(&scene, ticket, PEOPLE_TICKET, 0);
  struct people *people = open_scene(&scene);
  char *bytes = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&bytes, &len);
  assert_true(people_write(people, people_frames(people), out));
  fclose(out);
  static const char header[] = "YUV4MPEG2 W320 H180 F5:1 Ip A1:1 Cmono\n";
  assert_memory_equal(bytes, header, strlen(header));
  assert_memory_equal(bytes + strlen(header), "FRAME\n", 6);
  assert_int_equal(len, strlen(header) + (size_t)people_frames(people) * (6 + 320 * 180));
  free(bytes);
  people_close(people);
}

static void test_dates_move(void **state) {
  (void)state;
  static const char ini[] = "# since 2023-10-21\n[event a]\nstarts = 2023-10-21 13:30\nends = 2023-10-31\n  ; 2023-10-21\n"
                            "title = COSCon'23, call 010-1234-5678\nvalid = 2024-02-28, 2024-02-29";
  char *moved = demo_move_dates(ini, 1);
  assert_string_equal(moved, "# since 2023-10-21\n[event a]\nstarts = 2023-10-22 13:30\nends = 2023-11-01\n  ; 2023-10-21\n"
                             "title = COSCon'23, call 010-1234-5678\nvalid = 2024-02-29, 2024-03-01");
  free(moved);
  assert_int_equal(demo_day(INT64_C(1698422400000)), day_from_civil(2023, 10, 28)); /* 2023-10-27 16:00 UTC is midnight there */
  assert_int_equal(demo_day(INT64_C(1698422399999)), day_from_civil(2023, 10, 27));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_seed_same_pixels),
      cmocka_unit_test(test_each_page_reads_at_rest),
      cmocka_unit_test(test_held_as_hands_do),
      cmocka_unit_test(test_comes_and_leaves),
      cmocka_unit_test(test_too_long_a_payload),
      cmocka_unit_test(test_recording),
      cmocka_unit_test(test_dates_move),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
