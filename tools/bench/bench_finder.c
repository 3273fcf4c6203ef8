/* SPDX-License-Identifier: Apache-2.0
 * The finder on frames whose truth is known: how often it says where the code is, and what it takes. Found: a
 * place with all three patterns has the code's corners. Held: the code lies within a place, or it is found. The
 * control is a copy of the frame: what any look at all pixels takes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan/finder.h"
#include "tools/bench/bench.h"
#include "tools/yingbin/demo_conditions.h"

enum { W = CONDITION_W, H = CONDITION_H, FRAMES = 6, ROUNDS = 5 };

/* Corners may be off by as much of the code's side: less than a pattern. */
static const double SLACK = 0.12;

struct eye {
  struct finder *finder;
  uint8_t *luma, *copy;
  struct finder_view view;
  struct samples code, code_copy, empty, empty_copy;
};

struct tally {
  int frames, first, found, held, places;
};

static void measure(struct eye *eye, bool code) {
  const struct frame frame = {.luma = eye->luma, .w = W, .h = H, .stride = W};
  for (int round = 0; round < ROUNDS; round++) {
    double start = clock_cpu_ms();
    finder_look(eye->finder, &frame, &eye->view);
    double middle = clock_cpu_ms();
    memcpy(eye->copy, eye->luma, (size_t)W * H);
    samples_add(code ? &eye->code_copy : &eye->empty_copy, clock_cpu_ms() - middle);
    samples_add(code ? &eye->code : &eye->empty, middle - start);
  }
}

static bool whole(const struct finder_place *place) {
  return place->pattern[0] >= 0 && place->pattern[1] >= 0 && place->pattern[2] >= 0;
}

/* The corner without a pattern is only as good as the guess that all is flat. */
static bool fits(const struct finder_place *place, const double corner[8]) {
  double slack = SLACK * hypot(corner[2] - corner[0], corner[3] - corner[1]);
  for (int i = 0; i < 4; i++)
    if (i != 2 && hypot(place->corner[i].x - corner[2 * i], place->corner[i].y - corner[2 * i + 1]) > slack) return false;
  return true;
}

/* Whether the inner four fifths of the code are within the place. */
static bool holds(const struct finder_place *place, const double corner[8]) {
  double cx = (corner[0] + corner[2] + corner[4] + corner[6]) / 4, cy = (corner[1] + corner[3] + corner[5] + corner[7]) / 4;
  for (int i = 0; i < 4; i++) {
    double x = cx + 0.8 * (corner[2 * i] - cx), y = cy + 0.8 * (corner[2 * i + 1] - cy);
    for (int j = 0; j < 4; j++) {
      const struct point *a = &place->corner[j], *b = &place->corner[(j + 1) % 4];
      if ((b->x - a->x) * (y - a->y) < (b->y - a->y) * (x - a->x)) return false;
    }
  }
  return true;
}

static void judge(const struct finder_view *view, const double *corner, struct tally *tally) {
  int found = -1;
  bool held = false;
  for (int i = 0; i < view->places && corner; i++) {
    if (found < 0 && whole(&view->place[i]) && fits(&view->place[i], corner)) found = i;
    held = held || holds(&view->place[i], corner);
  }
  tally->frames++;
  tally->first += found == 0;
  tally->found += found >= 0;
  tally->held += held || found >= 0;
  tally->places += view->places;
}

static bool look(struct eye *eye, const struct condition *condition, int nth, struct tally *tally, struct problem *problem) {
  struct condition_clip clip;
  struct people *people;
  double corner[8], module, smear;
  condition_clip(condition, 1, nth, &clip);
  if (!people_open(&clip.scene, &people, problem)) return false;
  people_frame(people, CONDITION_STILL, eye->luma);
  bool code = clip.text[0] && people_code(people, 0, CONDITION_STILL, corner, &module, &smear);
  people_close(people);
  measure(eye, code);
  judge(&eye->view, code ? corner : NULL, tally);
  return true;
}

static bool look_at_all(struct eye *eye, int frames, struct problem *problem) {
  for (int i = 0; i < CONDITIONS; i++) {
    struct tally tally = {0};
    for (int nth = 0; nth < frames; nth++)
      if (!look(eye, &conditions[i], nth, &tally, problem)) return false;
    printf("{\"bench\":\"finder\",\"case\":\"%s\",\"code\":%s,\"frames\":%d,\"first\":%d,\"found\":%d,\"held\":%d,\"places\":%"
           "d}\n",
           conditions[i].name, conditions[i].shows == CODE_NONE ? "false" : "true", tally.frames, tally.first, tally.found,
           tally.held, tally.places);
    fflush(stdout);
  }
  if (eye->code.count) bench_tell("finder", "code", "ms_cpu", &eye->code, "copy", &eye->code_copy);
  if (eye->empty.count) bench_tell("finder", "empty", "ms_cpu", &eye->empty, "copy", &eye->empty_copy);
  return true;
}

static bool run(const struct bench_options *options, struct problem *problem) {
  struct eye eye = {.finder = finder_open(), .luma = malloc((size_t)W * H), .copy = malloc((size_t)W * H)};
  bool good = eye.finder && eye.luma && eye.copy ? look_at_all(&eye, options->runs ? options->runs : FRAMES, problem)
                                                 : problem_set(problem, "内存不足", "out of memory");
  finder_close(eye.finder);
  free(eye.luma);
  free(eye.copy);
  samples_free(&eye.code);
  samples_free(&eye.code_copy);
  samples_free(&eye.empty);
  samples_free(&eye.empty_copy);
  return good;
}

const struct bench bench_finder = {"finder", "在一帧画面里找码的位置", "where a code is in a frame", run};
