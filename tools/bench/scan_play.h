/* SPDX-License-Identifier: Apache-2.0
 * Frames in simulated time through a reader, until it has read what they hold: a picture that stays, a
 * recording, people drawn as they are asked for.
 */
#ifndef YINGBIN_TOOLS_BENCH_SCAN_PLAY_H
#define YINGBIN_TOOLS_BENCH_SCAN_PLAY_H

#include "core/types.h"
#include "tools/bench/scan_scores.h"
#include "tools/bench/scan_truth.h"

struct condition;

struct film {
  void *self;
  /* The next frame, lent until the next call, without padding in its rows; false: the end. */
  bool (*next)(void *self, struct frame *frame);
};

/* Every frame at its own time, from a reader that has seen no code yet: the texts of all frames count together, a wrong one
 * once, and frames and ms from `truth->first` on. False: no memory. */
bool play(struct readers *readers, enum reader reader, const struct truth *truth, struct film film, struct outcome *outcome);

/* --- where frames come from; each prints nothing, and fills the scores --- */

bool scan_folder(const char *folder, struct scores *scores, struct readers *readers, struct problem *problem);
bool scan_people(uint64_t seed, int each, const struct condition *only, struct scores *scores, struct readers *readers,
                 struct problem *problem);

/* A picture's frames for each reader that these scores compare. */
bool scan_picture(const uint8_t *luma, int32_t w, int32_t h, const struct truth *truth, struct scores *scores,
                  struct readers *readers, struct problem *problem);

#endif
