/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "scan/finder_inner.h"

enum { TRIPLES_MAX = 5 }; /* where none is sure, and others must have room */
static const float SURE = 0.5f, UNLIKELY = 0.1f;

struct finder *finder_open(void) {
  return calloc(1, sizeof(struct finder));
}

void finder_close(struct finder *finder) {
  if (!finder) return;
  free(finder->block);
  free(finder);
}

static bool is_sure(const struct finder_view *view) { return view->places > 0 && view->place[0].likeness >= SURE; }

/* What is hardly a code goes, the likeliest of the rest comes first. */
static void order(struct finder_view *view) {
  int32_t kept = 0;
  for (int32_t i = 0; i < view->places; i++) {
    struct finder_place place = view->place[i];
    int32_t at = kept;
    if (place.likeness < UNLIKELY) continue;
    for (; at > 0 && view->place[at - 1].likeness < place.likeness; at--) view->place[at] = view->place[at - 1];
    view->place[at] = place;
    kept++;
  }
  view->places = kept;
}

bool finder_look(struct finder *finder, const struct frame *frame, struct finder_view *view) {
  view->patterns = view->places = 0;
  if (frame->w < 1 || frame->h < 1 || frame->w > FINDER_SIDE_MAX || frame->h > FINDER_SIDE_MAX) return false;
  if (!finder_levels(finder, frame)) return false;
  finder->crosses = finder->hints = 0;
  for (int32_t i = 0; i < finder->levels; i++) finder_lines(finder, &finder->level[i]);
  if (finder->crosses == FINDER_CROSSES) {
    /* A crowd of small ones, as a wall of codes: once more, the large ones first, though they are found less exactly so. */
    finder->crosses = finder->hints = 0;
    for (int32_t i = finder->levels; i-- > 0;) finder_lines(finder, &finder->level[i]);
  }
  finder_places(finder, view);
  if (is_sure(view)) return true;
  if (finder->hints > 0) {
    finder->stars = FINDER_STARS;
    for (int32_t i = 0; i < finder->hints; i++) finder_cross_at(finder, &finder->merged[i]);
    finder_places(finder, view);
  }
  if (is_sure(view)) return true;
  if (view->places > TRIPLES_MAX) view->places = TRIPLES_MAX;
  finder_pairs(finder, view);
  finder_texture(finder, view);
  order(view);
  return true;
}
