/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/turns.h"

#include <string.h>

enum {
  FRAME_NS = 3000000,       /* of work that each frame adds */
  SAVED_MOST_NS = 4000000,  /* a frame does no more, but for the rest of its last step: a debt that the next ones work off */
  SWEEP_MOST_NS = 12000000, /* larger frames are read by their places alone */
  QUICK_PLACES = 2,         /* our own quick reader looks at them in each frame, debt or not */
  ROUND_FRAMES = 30,        /* a second of camera */
  SWEEP_EVERY = 10,
  FORGET_FRAMES = 10
};

static int32_t distance(int32_t a, int32_t b) { return a < b ? b - a : a - b; }

static void centre_of(const struct finder_place *place, struct turns_track *track) {
  int32_t x = 0, y = 0, across = 0;
  for (int i = 0; i < 4; i++) {
    x += place->corner[i].x;
    y += place->corner[i].y;
  }
  track->x = x / 4;
  track->y = y / 4;
  for (int i = 0; i < 4; i++) {
    int32_t reach = distance(place->corner[i].x, track->x) + distance(place->corner[i].y, track->y);
    across = reach > across ? reach : across;
  }
  track->reach = across / 2;
}

/* A place goes on where the nearest track is within reach; else it is new, in place of the one unseen longest. */
static struct turns_track *track_for(struct turns *t, const struct turns_track *at) {
  struct turns_track *best = NULL, *oldest = NULL;
  int32_t best_way = 0;
  for (int i = 0; i < t->tracks; i++) {
    struct turns_track *track = &t->track[i];
    if (track->place >= 0) continue; /* another place of this frame has it */
    int32_t way = distance(track->x, at->x) + distance(track->y, at->y);
    if (way <= track->reach && way <= 2 * at->reach && (!best || way < best_way)) {
      best = track;
      best_way = way;
    }
    if (!oldest || track->unseen > oldest->unseen) oldest = track;
  }
  if (best) return best;
  if (t->tracks < TURNS_TRACKS) oldest = &t->track[t->tracks++];
  if (oldest) *oldest = (struct turns_track){.place = -1};
  return oldest;
}

void turns_frame(struct turns *t, const struct finder_view *view) {
  t->saved += FRAME_NS;
  if (t->saved > SAVED_MOST_NS) t->saved = SAVED_MOST_NS;
  if (++t->sweep_age >= ROUND_FRAMES) t->swept = 0, t->sweep_age = 0;
  int kept = 0;
  for (int i = 0; i < t->tracks; i++) {
    struct turns_track *track = &t->track[i];
    track->place = -1;
    track->settled = false;
    track->age++;
    if (track->age >= ROUND_FRAMES) {
      track->had = 0;
      track->age = 0;
    }
    if (++track->unseen <= FORGET_FRAMES) t->track[kept++] = *track;
  }
  t->tracks = kept;
  for (int i = 0; i < view->places; i++) {
    struct turns_track at;
    centre_of(&view->place[i], &at);
    struct turns_track *track = track_for(t, &at);
    if (!track) continue; /* more places than tracks: the least likely */
    track->x = at.x;
    track->y = at.y;
    track->reach = at.reach;
    bool sure = finder_patterns(&view->place[i]) == 3;
    if (sure && !track->sure) track->had = 0; /* a code came where a texture was */
    track->sure = sure;
    track->place = (int16_t)i;
    if (i < QUICK_PLACES && view->place[i].likeness >= TURNS_LIKELY) track->had &= ~UINT32_C(1);
    track->unseen = 0;
  }
}

/* Smaller goes first. Steps before places: the second place has its first step before the first one has its second. */
static int64_t rank(const struct turns *t, const struct turns_track *track, int step) {
  bool quick = step == 0 && track->place < QUICK_PLACES, last = step + 1 == t->last_step_plus_1;
  int kind = quick ? 0 : track->nearly && last ? 1 : track->nearly ? 2 : last ? 3 : 4;
  return (kind * LADDER_STEPS_MAX + step) * (int64_t)FINDER_PLACES_MAX + track->place;
}

/* A step that hasn't had the whole frame in this second; the steps spread over it. */
static bool sweep(struct turns *t, const struct frame *frame, struct turn *turn) {
  for (int i = 0; i < t->tracks; i++)
    if (t->track[i].settled) return false; /* nobody waits for what the finder misses */
  for (int step = 0, nth = 0; step < ladder_steps() && t->saved > 0; step++) {
    if (!ladder_sweeps(step)) continue;
    int64_t cost = ladder_cost(frame, NULL, step);
    bool due = t->sweep_age >= SWEEP_EVERY * nth++;
    if (!due || t->swept >> step & 1 || cost > SWEEP_MOST_NS) continue;
    t->saved -= cost;
    *turn = (struct turn){-1, -1, step};
    return true;
  }
  return false;
}

bool turns_next(struct turns *t, const struct frame *frame, const struct finder_view *view, struct turn *turn) {
  int64_t best = INT64_MAX, cost = 0;
  for (int i = 0; i < t->tracks; i++) {
    struct turns_track *track = &t->track[i];
    if (track->place < 0 || track->settled) continue;
    for (int step = 0; step < ladder_steps(); step++) {
      int64_t this = rank(t, track, step);
      bool owed = t->saved <= 0 && !(step == 0 && track->place < QUICK_PLACES);
      if (owed || track->had >> step & 1 || this >= best) continue;
      bool likely = track->nearly || view->place[track->place].likeness >= TURNS_LIKELY;
      if (!likely && ladder_for_likely(step)) continue;
      int64_t c = ladder_cost(frame, &view->place[track->place], step);
      if (!c) continue;
      best = this;
      cost = c;
      *turn = (struct turn){i, track->place, step};
    }
  }
  if (best == INT64_MAX) return sweep(t, frame, turn);
  t->saved -= cost;
  return true;
}

void turns_done(struct turns *t, const struct turn *turn, enum ladder_outcome outcome) {
  if (turn->place < 0) {
    t->swept |= UINT32_C(1) << turn->step;
    return;
  }
  struct turns_track *track = &t->track[turn->track];
  track->had |= UINT32_C(1) << turn->step;
  switch (outcome) {
  case LADDER_READ:
    track->settled = true;
    track->nearly = false;
    track->had = 0; /* read in the next frame, too, as long as it is there */
    t->last_step_plus_1 = turn->step + 1;
    break;
  case LADDER_REFUSED: track->settled = true; break;
  case LADDER_NEARLY: track->nearly = true; break;
  case LADDER_NOTHING:
    if (turn->step == 0) track->nearly = false;
    break;
  }
}
