/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/scan_play.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/camera.h"
#include "platform/picture.h"
#include "tools/yingbin/demo_conditions.h"

enum { FRAME_MS = 33 };

/* What is new moves to `all`. Returns the step that read a text of the truth; -1: no new one. */
static int gather(struct found *all, struct found *now, const struct truth *truth) {
  int step = -1;
  for (int i = 0; i < now->count && all->count < FOUND_MAX; i++) {
    struct found_text *text = &now->text[i];
    if (found_has(all, text->bytes, text->len)) continue;
    if (step < 0 && found_has(&truth->holds, text->bytes, text->len)) step = text->step;
    all->text[all->count++] = *text;
    *text = (struct found_text){0};
  }
  found_free(now);
  return step;
}

bool play(struct readers *readers, enum reader reader, const struct truth *truth, struct film film, struct outcome *o) {
  struct found all = {0}, now;
  struct frame frame;
  *o = (struct outcome){.coded = truth->holds.count > 0, .step = -1};
  for (int index = 0; !o->read && film.next(film.self, &frame); index++) {
    if (index == 0 && !readers_forget(readers, reader, frame.w, frame.h)) return false;
    reader_read(readers, reader, &frame, &now);
    samples_add(&o->frame_ms, now.cpu_ms);
    if (index >= truth->first) o->frames++, o->ms += now.cpu_ms;
    o->tried |= now.tried;
    double last_ms = now.cpu_ms;
    int step = gather(&all, &now, truth);
    if (o->step < 0) o->step = step;
    o->read = truth_met(truth, &all);
    if (o->read && !o->frames) o->frames = 1, o->ms = last_ms; /* before it stood still */
  }
  o->wrong = truth_wrong(truth, &all);
  found_free(&all);
  return true;
}

static bool note(struct scores *scores, const struct truth *truth, enum reader reader, struct outcome *outcome,
                 struct problem *problem) {
  return scores_note(scores, truth->set, reader, outcome) ||
         problem_set(problem, "%s：set 的种类太多", "%s: too many kinds of set", truth->set);
}

static bool no_memory(struct problem *problem) { return problem_set(problem, "内存不足", "out of memory"); }

/* --- a picture --- */

struct held {
  struct frame frame;
  int left;
};

static bool next_held(void *self, struct frame *frame) {
  struct held *h = self;
  h->frame.at_ms += FRAME_MS;
  *frame = h->frame;
  return h->left-- > 0;
}

bool scan_picture(const uint8_t *luma, int32_t w, int32_t h, const struct truth *truth, struct scores *scores,
                  struct readers *readers, struct problem *problem) {
  for (enum reader reader = 0; reader < READERS; reader++) {
    struct held held = {{.luma = luma, .w = w, .h = h, .stride = w}, scores_kind(scores) == SCORES_HELD ? SCORES_HOLD : 1};
    struct outcome outcome;
    if (!scores_compares(scores, reader)) continue;
    if (!play(readers, reader, truth, (struct film){&held, next_held}, &outcome)) return no_memory(problem);
    if (!note(scores, truth, reader, &outcome, problem)) return false;
  }
  return true;
}

/* --- a folder --- */

static bool scan_file(const char *path, const struct truth *truth, struct picture *picture, struct scores *scores,
                      struct readers *readers, struct problem *problem) {
  if (!picture_read(path, picture, problem)) return false;
  picture_fit(picture, CAMERA_SIDE_MAX, CAMERA_PIXELS_MAX);
  return scan_picture(picture->luma, picture->w, picture->h, truth, scores, readers, problem);
}

struct recording {
  struct camera camera;
  enum camera_take last;
};

static bool next_recorded(void *self, struct frame *frame) {
  struct recording *r = self;
  int64_t due_ms;
  r->last = r->camera.ops->take(r->camera.self, (struct moment){0}, frame, &due_ms);
  return r->last == CAMERA_FRAME;
}

static bool scan_recording(const char *path, const struct truth *truth, struct scores *scores, struct readers *readers,
                           struct problem *problem) {
  struct recording recording = {.last = CAMERA_FRAME};
  struct outcome outcome;
  if (!camera_y4m_open(&recording.camera, path, &(struct camera_options){.paced = false}, problem)) return false;
  bool good = play(readers, READER_LIVE, truth, (struct film){&recording, next_recorded}, &outcome) || no_memory(problem);
  good = good && note(scores, truth, READER_LIVE, &outcome, problem);
  if (good && recording.last != CAMERA_FRAME && recording.last != CAMERA_END)
    good = problem_set(problem, "%s：录像不完整或已损坏：%s", "%s: the recording is incomplete or damaged: %s", path,
                       recording.camera.ops->state(recording.camera.self));
  camera_close(&recording.camera);
  return good;
}

bool scan_folder(const char *folder, struct scores *scores, struct readers *readers, struct problem *problem) {
  struct picture picture = {0};
  struct truths truths = {0};
  bool clips = scores_kind(scores) == SCORES_CLIPS;
  bool good = truth_read(folder, clips ? TRUTH_CLIPS : TRUTH_PICTURES, &truths, problem);
  for (int i = 0; good && i < truths.count; i++) {
    char path[PATH_MAX];
    const struct truth *truth = &truths.at[i];
    snprintf(path, sizeof path, "%s/%s", folder, truth->file);
    good = clips ? scan_recording(path, truth, scores, readers, problem)
                 : scan_file(path, truth, &picture, scores, readers, problem);
  }
  truth_free(&truths);
  picture_free(&picture);
  return good;
}

/* --- people, drawn here --- */

struct drawn {
  const struct people *people;
  uint8_t *luma;
  int index;
};

static bool next_drawn(void *self, struct frame *frame) {
  struct drawn *d = self;
  if (d->index == CONDITION_FRAMES) return false;
  people_frame(d->people, d->index, d->luma);
  *frame = (struct frame){.luma = d->luma,
                          .w = CONDITION_W,
                          .h = CONDITION_H,
                          .stride = CONDITION_W,
                          .at_ms = d->index * INT64_C(1000) / CONDITION_FPS};
  d->index++;
  return true;
}

static bool scan_drawn(const struct people *people, struct truth *truth, uint8_t *luma, struct scores *scores,
                       struct readers *readers, struct problem *problem) {
  struct drawn drawn = {people, luma, 0};
  struct outcome outcome;
  if (scores_kind(scores) != SCORES_CLIPS) {
    people_frame(people, CONDITION_STILL, luma);
    return scan_picture(luma, CONDITION_W, CONDITION_H, truth, scores, readers, problem);
  }
  truth->first = condition_first(people);
  if (!play(readers, READER_LIVE, truth, (struct film){&drawn, next_drawn}, &outcome)) return no_memory(problem);
  return note(scores, truth, READER_LIVE, &outcome, problem);
}

bool scan_people(uint64_t seed, int each, const struct condition *only, struct scores *scores, struct readers *readers,
                 struct problem *problem) {
  static struct condition_clip clip;
  uint8_t *luma = malloc((size_t)CONDITION_W * CONDITION_H);
  bool good = luma || no_memory(problem);
  for (int i = 0; good && i < CONDITIONS * each; i++) {
    const struct condition *condition = &conditions[i / each];
    struct truth truth = {.first = 0};
    struct people *people;
    if (only && condition != only) continue;
    condition_clip(condition, seed, i % each, &clip);
    snprintf(truth.set, sizeof truth.set, "%s", condition->name);
    if (*clip.text) truth.holds = (struct found){.count = 1, .text = {{(uint8_t *)clip.text, strlen(clip.text), -1}}};
    good = people_open(&clip.scene, &people, problem) && scan_drawn(people, &truth, luma, scores, readers, problem);
    people_close(people);
  }
  free(luma);
  return good;
}
