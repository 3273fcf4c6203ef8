/* SPDX-License-Identifier: Apache-2.0
 * Live effort's turn-taking on views that are made up: who is served, in which order, for how much work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/turns.h"

enum { SECOND = 30, MOST_TURNS = 200 };

static const struct frame frame = {.w = 1280, .h = 720, .stride = 1280};

static void put(struct finder_view *view, int x, int y, int side, bool sure) {
  struct finder_place *place = &view->place[view->places++];
  *place = (struct finder_place){.module = sure ? (float)side / 21 : 0, .likeness = 1, .pattern = {-1, -1, -1}};
  for (int i = 0; i < 4; i++) {
    place->corner[i].x = (int16_t)(x + (i == 1 || i == 2 ? side : 0));
    place->corner[i].y = (int16_t)(y + (i >= 2 ? side : 0));
  }
  for (int16_t i = 0; sure && i < 3; i++) place->pattern[i] = i;
}

struct log {                    /* what one frame was given */
  struct turn turn[MOST_TURNS]; /* on places */
  int turns;
  uint32_t swept;
  int64_t ns;
};

static enum ladder_outcome nothing(const struct turn *turn) {
  (void)turn;
  return LADDER_NOTHING;
}

static void play(struct turns *turns, const struct finder_view *view, enum ladder_outcome (*reader)(const struct turn *),
                 struct log *log) {
  struct turn turn;
  log->turns = 0;
  log->swept = 0;
  log->ns = 0;
  turns_frame(turns, view);
  while (turns_next(turns, &frame, view, &turn)) {
    log->ns += ladder_cost(&frame, turn.place < 0 ? NULL : &view->place[turn.place], turn.step);
    if (turn.place < 0) {
      assert_false(log->swept >> turn.step & 1);
      log->swept |= 1u << turn.step;
      turns_done(turns, &turn, LADDER_NOTHING);
      continue;
    }
    assert_true(log->turns < MOST_TURNS);
    log->turn[log->turns++] = turn;
    turns_done(turns, &turn, reader(&turn));
  }
}

static int steps_of(const struct finder_place *place) {
  int steps = 0;
  for (int step = 0; step < ladder_steps(); step++) steps += ladder_cost(&frame, place, step) > 0;
  return steps;
}

/* Over a second every step was tried on every place, and the work is spread. */
static void everything_within_a_second(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct finder_view view = {.places = 0};
  struct log log;
  uint32_t had[2] = {0};
  put(&view, 500, 200, 120, true);
  put(&view, 100, 100, 90, false);
  int64_t ns = 0;
  for (int n = 0; n < SECOND; n++) {
    play(&turns, &view, nothing, &log);
    for (int i = 0; i < log.turns; i++) had[log.turn[i].place] |= 1u << log.turn[i].step;
    ns += log.ns;
    assert_true(log.ns < 25 * 1000000);
  }
  for (int i = 0; i < 2; i++) assert_int_equal(__builtin_popcount(had[i]), steps_of(&view.place[i]));
  assert_true(ns < SECOND * INT64_C(4000000));
}

/* Nothing new is tried on a place that has had everything, but for our own reader in each frame. */
static void a_place_rests(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct finder_view view = {.places = 0};
  struct log log;
  put(&view, 500, 200, 60, true);
  int turns_given = 0, own = 0;
  for (int n = 0; n < SECOND - 1; n++) {
    play(&turns, &view, nothing, &log);
    turns_given += log.turns;
    for (int i = 0; i < log.turns; i++) own += log.turn[i].step == 0;
  }
  assert_int_equal(own, SECOND - 1);
  assert_int_equal(turns_given - own, steps_of(&view.place[0]) - 1);
}

static int reading_step;

static enum ladder_outcome one_step_reads(const struct turn *turn) {
  return turn->step == reading_step && turn->place == 0 ? LADDER_READ : LADDER_NOTHING;
}

/* The step that read the last code is the first one after our own, at the next phone, too. */
static void the_last_step_leads(void **state) {
  (void)state;
  struct log log;
  for (reading_step = 1; reading_step < ladder_steps(); reading_step++) {
    struct turns turns = {.tracks = 0};
    struct finder_view view = {.places = 0};
    put(&view, 500, 200, 80, true);
    if (!ladder_cost(&frame, &view.place[0], reading_step)) continue;
    bool read = false;
    for (int n = 0; n < SECOND && !read; n++) {
      play(&turns, &view, one_step_reads, &log);
      read = log.turns && log.turn[log.turns - 1].step == reading_step;
    }
    assert_true(read);
    struct finder_view next = {.places = 0};
    put(&next, 900, 400, 80, true);
    for (int n = 0; n < 2; n++) play(&turns, &next, one_step_reads, &log); /* saved again */
    assert_int_equal(log.turn[0].step, 0);
    struct turns fresh = turns;
    fresh.saved = INT32_MAX;
    fresh.track[0].had = fresh.track[1].had = 0;
    play(&fresh, &next, one_step_reads, &log);
    assert_int_equal(log.turn[1].step, reading_step);
  }
}

static enum ladder_outcome second_is_near(const struct turn *turn) {
  return turn->place == 1 && turn->step == 0 ? LADDER_NEARLY : LADDER_NOTHING;
}

/* A code that was nearly read has its steps before a place that is only likelier. */
static void nearly_goes_first(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct finder_view view = {.places = 0};
  struct log log;
  put(&view, 500, 200, 300, true);
  put(&view, 100, 100, 250, true);
  play(&turns, &view, second_is_near, &log);
  int first[2] = {-1, -1}, count = 0;
  for (int n = 0; n < SECOND; n++) {
    for (int i = 0; i < log.turns; i++, count++) {
      if (log.turn[i].step && first[log.turn[i].place] < 0) first[log.turn[i].place] = count;
    }
    play(&turns, &view, second_is_near, &log);
  }
  assert_true(first[1] >= 0 && first[0] > first[1]);
}

static enum ladder_outcome refused(const struct turn *turn) {
  (void)turn;
  return LADDER_REFUSED;
}

static void what_is_no_ticket_takes_no_more(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct finder_view view = {.places = 0};
  struct log log;
  put(&view, 500, 200, 120, true);
  for (int n = 0; n < SECOND; n++) {
    play(&turns, &view, refused, &log);
    assert_in_range(log.turns, 0, 1);
  }
}

/* Where a texture was all that was seen, three squares begin a round anew. */
static void a_code_where_a_texture_was(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct finder_view texture = {.places = 0}, code = {.places = 0};
  struct log log;
  put(&texture, 500, 200, 120, false);
  put(&code, 500, 200, 120, true);
  for (int n = 0; n < SECOND / 2; n++) play(&turns, &texture, nothing, &log);
  play(&turns, &texture, nothing, &log);
  assert_int_equal(log.turns, 0);
  play(&turns, &code, nothing, &log);
  assert_true(log.turns > 1);
}

/* With nothing in view, each cheap step has the whole frame once a second, no two in one frame; none has a huge one. */
static void the_whole_frame_once_a_second(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct finder_view none = {.places = 0};
  struct log log;
  int count[LADDER_STEPS_MAX] = {0};
  for (int n = 0; n < 3 * SECOND; n++) {
    play(&turns, &none, nothing, &log);
    assert_in_range(__builtin_popcount(log.swept), 0, 1);
    for (int step = 0; step < ladder_steps(); step++) count[step] += log.swept >> step & 1;
  }
  int sweeps = 0;
  for (int step = 0; step < ladder_steps(); step++) {
    sweeps += ladder_sweeps(step);
    assert_in_range(count[step], ladder_sweeps(step) ? 3 : 0, ladder_sweeps(step) ? 4 : 0);
  }
  assert_true(sweeps > 0);
  const struct frame huge = {.w = 4096, .h = 3072, .stride = 4096};
  struct turn turn;
  for (int n = 0; n < SECOND; n++) {
    turns_frame(&turns, &none);
    assert_false(turns_next(&turns, &huge, &none, &turn));
  }
}

/* As many places as a view holds, new ones in each frame: no track is lost, no work over the budget. */
static void a_crowd(void **state) {
  (void)state;
  struct turns turns = {.tracks = 0};
  struct log log;
  int64_t ns = 0;
  for (int n = 0; n < 10 * SECOND; n++) {
    struct finder_view view = {.places = 0};
    for (int i = 0; i < FINDER_PLACES_MAX; i++) put(&view, 100 * i, n * 37 % 600, 90, i % 2);
    play(&turns, &view, nothing, &log);
    ns += log.ns;
    assert_in_range(turns.tracks, 1, TURNS_TRACKS);
  }
  assert_true(ns < 10 * SECOND * INT64_C(4000000));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_within_a_second),
      cmocka_unit_test(a_place_rests),
      cmocka_unit_test(the_last_step_leads),
      cmocka_unit_test(nearly_goes_first),
      cmocka_unit_test(what_is_no_ticket_takes_no_more),
      cmocka_unit_test(a_code_where_a_texture_was),
      cmocka_unit_test(the_whole_frame_once_a_second),
      cmocka_unit_test(a_crowd),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
