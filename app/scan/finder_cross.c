/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scan/finder_inner.h"

/* How many pixels on, one every `step` bytes, are dark, or light; at most `most`. */
static int32_t run(const uint8_t *grey, int64_t step, int32_t most, int threshold, bool dark) {
  int32_t i = 0;
  while (i < most && (*grey < threshold) == dark) {
    grey += step;
    i++;
  }
  return i;
}

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* A line through a pixel of a pattern's core. */
struct line {
  const uint8_t *grey;
  int64_t step;
  int32_t room[2]; /* pixels to the border, this one counted: onwards and back */
  int threshold;
  bool dark, merged;
  float longest; /* module */
};

/* Along one way: where the three edges are, none farther than the longest module lets it be. The border is an edge. Returns how
 * many there are: 3, or 2 where a frame may have merged with what is round it. */
static int walk(const struct line *line, bool back, float *edge) {
  int32_t at = 0, most = (int32_t)(2 * line->longest) + 2, room = line->room[back];
  int64_t step = back ? -line->step : line->step;
  for (int i = 0; i < 3; i++) {
    int32_t limit = least(most, room - at),
            length = run(line->grey + at * step, step, limit, line->threshold, line->dark != (i & 1));
    if (length == 0 || (length == limit && i < 2)) return 0;
    if (length == limit && limit == most) return line->merged ? 2 : 0;
    at += length;
    edge[i] = (float)at - 0.5f;
    most = (int32_t)(1.5f * line->longest) + 2;
  }
  return 3;
}

static bool within(float value, float slack) { return value < slack && value > -slack; }

/* Whether edges are those of 1:1:3:1:1. Distances between edges of one kind count, as a threshold too high or low moves all
 * that go from dark to light one way and all others the other way. A merged frame is at least half a module wide. */
static bool ratio_fits(const float *there, int edges_there, const float *back, int edges_back, float module, bool sharp) {
  float slack = module * 0.7f + (sharp ? 0.1f : 0.75f);
  return within(there[0] - there[1] + back[1] - back[0], slack) && there[0] + back[0] > 1.3f * module &&
         there[0] + back[0] < 4.7f * module && (edges_there == 2 || within(there[2] - there[0] - 2 * module, slack)) &&
         (edges_back == 2 || within(back[2] - back[0] - 2 * module, slack));
}

static int32_t room_along(int32_t at, int32_t n, int32_t d) { return d > 0 ? n - at : d < 0 ? at + 1 : FINDER_SIDE_MAX; }

/* Both ways across a pixel, in steps of dx, dy: how far off the middle is, and a module's length; none is longer than
 * `longest`. */
static bool across(const struct finder_level *level, const struct finder_hint *hint, int32_t dx, int32_t dy, float longest,
                   float *middle, float *module) {
  int32_t x = (int32_t)hint->x, y = (int32_t)hint->y;
  if (x < 0 || y < 0 || x >= level->w || y >= level->h || finder_is_dark(level, x, y) == hint->inverted) return false;
  const struct line line = {
      .grey = level->grey + (int64_t)y * level->stride + x,
      .step = (int64_t)dy * level->stride + dx,
      .room = {least(room_along(x, level->w, dx), room_along(y, level->h, dy)),
               least(room_along(x, level->w, -dx), room_along(y, level->h, -dy))},
      .threshold = level->threshold[(y >> FINDER_BLOCK) * level->blocks + (x >> FINDER_BLOCK)],
      .dark = !hint->inverted,
      .merged = hint->merged,
      .longest = longest,
  };
  float there[3], back[3];
  int edges = walk(&line, false, there), edges_back = edges ? walk(&line, true, back) : 0;
  if (!edges_back) return false;
  *module = (there[0] + there[1] + back[0] + back[1]) / 8;
  if (!ratio_fits(there, edges, back, edges_back, *module, hint->sharp)) return false;
  int both = least(edges, edges_back);
  *middle = 0;
  for (int i = 0; i < both; i++) *middle += (there[i] - back[i]) / (float)(2 * both);
  return true;
}

/* A module's length in each direction; a direction that was not measured has the mean of its neighbours, or of all. The
 * square of side 2 round the middle has the area of pi times its mean squared reach: so the module. */
static float reaches(const struct finder_star *star, float *reach) {
  float sum = 0, all = 0;
  int n = 0;
  for (int i = 0; i < 2 * FINDER_LINES; i++) {
    if (!star->right[i]) continue;
    all += star->unit[i] * star->unit[i];
    n++;
  }
  for (int i = 0; i < FINDER_LINES; i++) {
    bool one = star->right[i], other = star->right[i + FINDER_LINES];
    reach[i] = one && other ? (star->unit[i] + star->unit[i + FINDER_LINES]) / 2
               : one        ? star->unit[i]
               : other      ? star->unit[i + FINDER_LINES]
                            : sqrtf(all / (float)n);
    sum += reach[i] * reach[i];
  }
  return sqrtf(sum / FINDER_LINES * 0.78539816f);
}

static struct finder_cross *known(struct finder *finder, float x, float y, float module, bool inverted) {
  for (int32_t i = finder->crosses - 1; i >= 0; i--) {
    struct finder_cross *cross = &finder->cross[i];
    float near = 2 * cross->module, dx = x - cross->x, dy = y - cross->y;
    if (dx < near && dx > -near && dy < near && dy > -near && module < 2 * cross->module && cross->module < 2.5f * module &&
        inverted == cross->inverted)
      return cross;
  }
  return NULL;
}

/* Where a new one goes: to the end, or instead of the least sure one. */
static struct finder_cross *place_for(struct finder *finder) {
  if (finder->crosses < FINDER_CROSSES) return &finder->cross[finder->crosses++];
  struct finder_cross *worst = finder->cross;
  for (int32_t i = 1; i < FINDER_CROSSES; i++)
    if (finder->cross[i].seen * finder->cross[i].sure < worst->seen * worst->sure) worst = &finder->cross[i];
  return worst;
}

static void add(struct finder *finder, const struct finder_hint *hint, const struct finder_star *star, float scale) {
  struct finder_cross new, *cross = &new;
  float module = reaches(star, cross->reach);
  if (known(finder, hint->x * scale, hint->y * scale, module * scale, hint->inverted)) return;
  for (int i = 0; i < FINDER_LINES; i++) cross->reach[i] *= scale;
  cross->x = hint->x * scale;
  cross->y = hint->y * scale;
  cross->module = module * scale;
  cross->sure = (float)(4 * star->count - star->opens) / (8 * FINDER_LINES);
  cross->seen = 1;
  cross->inverted = hint->inverted;
  *place_for(finder) = new;
}

void finder_cross_at(struct finder *finder, const struct finder_hint *row) {
  const struct finder_level *level = &finder->level[row->level];
  float scale = (float)(1 << level->shift), off, down, right, diagonal;
  struct finder_hint hint = *row;
  hint.sharp = finder->sharp;
  struct finder_star star;
  struct finder_cross *cross = known(finder, hint.x * scale, hint.y * scale, hint.module * scale, hint.inverted);
  if (cross) {
    cross->seen += !hint.merged || cross->seen < 2;
    return;
  }
  if (finder->stars == 0) return;
  if (!across(level, &hint, 0, 1, 2.2f * hint.module, &off, &down) || hint.module > 2.2f * down) return;
  hint.y = floorf(hint.y) + 0.5f + off;
  if (!across(level, &hint, 1, 0, 1.5f * hint.module, &off, &right)) return;
  hint.x = floorf(hint.x) + 0.5f + off;
  float longest = 1.5f * (down > right ? down : right);
  int diagonals = across(level, &hint, 1, 1, longest, &off, &diagonal) + across(level, &hint, 1, -1, longest, &off, &diagonal);
  if (diagonals < 1 + hint.merged) return;
  finder->stars--;
  hint.module = (down + right) / 2;
  if (finder_star(level, &hint, &star)) add(finder, &hint, &star, scale);
  return;
}
