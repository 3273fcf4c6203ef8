/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/grid_fit.h"
#include "scan/grid_inner.h"

enum { SHADES = 16, SURE = 127 };

/* Likenesses: worth reading, surely of a code, surely of this version; as good as the best.
 * A pattern's: as good as none. */
static const float WORTH = 0.2f, NEARLY = 0.7f, CERTAIN = 0.8f, NEAR = 0.12f, DOUBTFUL = 0.45f;

struct grid *grid_open(void) {
  return calloc(1, sizeof(struct grid));
}

void grid_close(struct grid *grid) { free(grid); }

static float clampf(float v, float low, float high) { return v > low ? v < high ? v : high : low; }

static void set_side(struct grid *grid, int32_t side) {
  grid->lattice.side = side;
  if (grid->side == side) return;
  grid->side = side;
  qr_fixed_all(side, grid->fixed);
  for (int32_t i = 0; i < side * side; i++)
    if (grid->fixed[i] == QR_TOLD) grid->fixed[i] = 0;
}

/* What a fit goes by at first: the finder patterns alone. */
static void know_finders(struct grid *grid) {
  int32_t side = grid->lattice.side;
  memset(grid->known, 0, (size_t)(side * side));
  for (int32_t y = 0; y < 8; y++) {
    for (int32_t x = 0; x < 8; x++) {
      int32_t at[GRID_CORNERS] = {y * side + x, y * side + side - 1 - x, (side - 1 - y) * side + x};
      for (int i = 0; i < GRID_CORNERS; i++) grid->known[at[i]] = grid->fixed[at[i]];
    }
  }
}

/* What is fixed, or all that is told apart, as far as this from the middle of a pattern that was seen, in modules. */
static void know_within(struct grid *grid, const bool seen[GRID_CORNERS], bool all, float reach) {
  int32_t side = grid->lattice.side;
  float far = (float)side - 3.5f;
  for (int32_t y = 0; y < side; y++) {
    for (int32_t x = 0; x < side; x++) {
      float u = (float)x + 0.5f, v = (float)y + 0.5f, least = 1e9f;
      for (int i = 0; i < GRID_CORNERS; i++) {
        float du = fabsf(u - (i == 1 ? far : 3.5f)), dv = fabsf(v - (i == 2 ? far : 3.5f)), away = du > dv ? du : dv;
        if (seen[i] && away < least) least = away;
      }
      int32_t at = y * side + x;
      int8_t told = grid->chance[at] > 1 ? 1 : grid->chance[at] < -1 ? -1 : 0;
      grid->known[at] = least > reach ? 0 : grid->fixed[at] || !all ? grid->fixed[at] : told;
    }
  }
}

/* From near the patterns outwards, as far as timing and alignment patterns carry. */
static void fit_outwards(struct grid *grid, const struct grid_start *start) {
  for (float reach = 12; reach < 1.6f * (float)grid->lattice.side; reach *= 1.3f) {
    know_within(grid, start->seen, false, reach);
    grid_fit(grid, &grid->lattice, grid->known, 0.01f, NULL, 0);
  }
}

static void fit(struct grid *grid, const struct grid_start *start, int32_t side) {
  struct lattice *lattice = &grid->lattice;
  float xy[GRID_CORNERS][2], far = (float)side - 3.5f, uv[GRID_CORNERS][2] = {{3.5f, 3.5f}, {far, 3.5f}, {3.5f, far}};
  set_side(grid, side);
  grid->contrast = start->contrast;
  grid_start_middles(start, side, xy);
  float k = 1 - 7 / (float)side, r = start->ratio[0], q = start->ratio[1];
  float slant[2] = {(r - 1) / (r + q) / k, (q - 1) / (r + q) / k};
  lattice_through(lattice, (const float(*)[2])uv, (const float(*)[2])xy, slant);
  bool all = start->seen[0] && start->seen[1] && start->seen[2];
  know_finders(grid);
  if (!all) fit_outwards(grid, start);
  for (int i = 0; i < 2 && all; i++) grid_fit(grid, lattice, grid->known, 0.02f, NULL, 0);
  struct grid_anchor anchor;
  int anchors = 0;
  if (side > QR_SIDE_MIN) {
    float at = (float)side - 6.5f, reach = 2 + (float)side / 20;
    anchors = grid_find_alignment(grid, lattice, at, at, reach, &anchor) > 0.6f;
    anchor.weight = 40;
    for (int i = 0; i < 2 && anchors; i++) grid_fit(grid, lattice, all ? grid->known : grid->fixed, 0.001f, &anchor, 1);
    anchor.weight = 2;
  }
  for (int i = 0; i < 3; i++) grid_fit(grid, lattice, grid->fixed, 0.001f, &anchor, anchors);
}

static void give(const struct grid *grid, struct qr_grid *out) {
  int32_t side = grid->lattice.side;
  out->side = side;
  for (int32_t i = 0; i < side * side; i++) out->module[i] = (int8_t)lrintf(clampf(grid->chance[i] * SHADES, -SURE, SURE));
}

static bool settled(enum qr_outcome outcome) { return outcome == QR_READ || outcome == QR_REFUSED; }

/* All modules count as known now: every edge between two colours says where the lattice is. */
static void fit_all(struct grid *grid, int rounds) {
  int32_t all = grid->lattice.side * grid->lattice.side;
  for (int32_t i = 0; i < all; i++)
    grid->known[i] = grid->fixed[i] ? grid->fixed[i] : grid->chance[i] > 1 ? 1 : grid->chance[i] < -1 ? -1 : 0;
  for (int i = 0; i < rounds; i++) grid_fit(grid, &grid->lattice, grid->known, 0.001f, NULL, 0);
}

static void measure(struct grid *grid) {
  struct lattice_point middle = lattice_point(&grid->lattice, (float)grid->side / 2, (float)grid->side / 2);
  float module = sqrtf(fabsf(middle.right[0] * middle.down[1] - middle.right[1] * middle.down[0]));
  grid_sample(grid, module > 2.5f ? 0.2f : 0);
  grid_judge(grid);
}

/* Fits a version; how well its timing and alignment patterns are where they must be. */
static float try_fit(struct grid *grid, const struct grid_start *start, int32_t side) {
  fit(grid, start, side);
  measure(grid);
  float likeness = grid_likeness(grid);
  return likeness;
}

/* Paper that isn't flat, or a lens: from near the patterns outwards, first by what is fixed, which is never a module off,
 * then by every edge between modules as they are told apart. What is bent stays so only if what is fixed is no worse for it. */
static void bend(struct grid *grid) {
  static const bool everywhere[GRID_CORNERS] = {true, true, true};
  const struct lattice flat = grid->lattice;
  float was = grid_likeness(grid), end = 1.4f * (float)flat.side;
  grid->lattice.terms = LATTICE_BENT;
  for (float reach = 10; reach < end; reach *= 1.3f) {
    know_within(grid, everywhere, false, reach);
    for (int i = 0; i < 2; i++) grid_fit(grid, &grid->lattice, grid->known, 0.01f, NULL, 0);
  }
  for (float reach = 12; reach < end; reach *= 1.5f) {
    measure(grid);
    know_within(grid, everywhere, true, reach);
    grid_fit(grid, &grid->lattice, grid->known, 0.01f, NULL, 0);
  }
  measure(grid);
  if (grid_likeness(grid) >= was) return;
  grid->lattice = flat;
  measure(grid);
}

/* Ways to tell the modules' colours, each from what the one before it left. */
static const struct way {
  enum { REFIT, STEEP, BEND, BLUR } kind;
  float how;    /* where STEEP starts from; how wide BLUR is at first sight */
  bool patient; /* worth the search for the likeliest words */
} ways[GRID_WAYS] = {{REFIT, 0, false}, {STEEP, 0, true}, {STEEP, 3, false},
                     {STEEP, 2, false}, {BEND, 0, false}, {BLUR, 0.4f, true}};

enum {
  QUICK_WAYS = 2,
  QUICK_STARTS = 2,
  LARGE_WAYS = 5,
  LARGE = 57 /* modules a side: work grows with their square */
};

static void go(struct grid *grid, const struct way *way) {
  switch (way->kind) {
  case REFIT:
    fit_all(grid, 2);
    measure(grid);
    break;
  case BEND: bend(grid); break;
  case STEEP: grid_judge_steep(grid, (int)way->how); break;
  case BLUR:
    grid_judge(grid);
    grid_deblur(grid, way->how);
    break;
  }
}

/* All ways with a glance at each, and then with patience. */
static enum qr_outcome read_deeply(struct grid *grid, const struct grid_fitted *fitted, enum grid_effort effort,
                                   struct grid_code *code) {
  int count = effort == GRID_QUICK ? QUICK_WAYS : GRID_WAYS;
  if (fitted->lattice.side > LARGE && count > LARGE_WAYS) count = LARGE_WAYS;
  enum qr_outcome outcome = QR_DAMAGED;
  set_side(grid, fitted->lattice.side);
  grid->lattice = fitted->lattice;
  grid->contrast = fitted->contrast;
  grid->inverted = fitted->inverted;
  measure(grid);
  for (int i = 0; i < count; i++) {
    go(grid, &ways[i]);
    give(grid, &grid->out[i]);
    outcome = qr_glance(&grid->out[i], &code->text);
    if (settled(outcome) || (effort == GRID_QUICK && outcome == QR_ILLEGIBLE)) return outcome;
  }
  for (int i = 0; i < count && effort == GRID_THOROUGH; i++) {
    if (!ways[i].patient) continue;
    outcome = qr_read(&grid->out[i], &code->text);
    if (settled(outcome)) return outcome;
  }
  return outcome;
}

static void show(const struct grid *grid, struct grid_code *code) {
  float side = (float)grid->lattice.side, uv[4][2] = {{0, 0}, {side, 0}, {side, side}, {0, side}};
  for (int i = 0; i < 4; i++) {
    float at[2];
    lattice_at(&grid->lattice, uv[i][0], uv[i][1], at);
    code->corner[i] = (struct point){(int16_t)clampf(at[0], -32000, 32000), (int16_t)clampf(at[1], -32000, 32000)};
  }
  code->inverted = grid->inverted;
}

struct best { /* fits, the likeliest first */
  int count;
  struct grid_fitted fitted[GRID_BEST];
};

static void remember(const struct grid_fitted *fitted, struct best *best) {
  if (best->count == GRID_BEST && best->fitted[GRID_BEST - 1].likeness >= fitted->likeness) return;
  int at = best->count < GRID_BEST ? best->count++ : GRID_BEST - 1;
  for (; at > 0 && best->fitted[at - 1].likeness < fitted->likeness; at--) best->fitted[at] = best->fitted[at - 1];
  best->fitted[at] = *fitted;
}

static bool certain(const struct best *best) { return best->count && best->fitted[0].likeness > CERTAIN; }

/* Versions near the likeliest one, with a glance at each. */
static enum qr_outcome try_versions(struct grid *grid, const struct grid_start *start, int tries, struct grid_code *code,
                                    struct best *best) {
  static const int versions_off[] = {0, 1, -1, 2, -2};
  float version = ((start->sides[0] + start->sides[1]) / 2 + 7 - 17) / 4;
  enum qr_outcome outcome = QR_ILLEGIBLE;
  if (!(version > -1 && version < 42)) return outcome;
  int likeliest = (int)lrintf(version), towards = version < (float)likeliest ? -1 : 1;
  for (int i = 0; i < tries; i++) {
    int32_t side = 17 + 4 * (likeliest + towards * versions_off[i]);
    if (side < QR_SIDE_MIN || side > QR_SIDE_MAX) continue;
    float likeness = try_fit(grid, start, side);
    if (likeness < WORTH + WORTH * clampf(((float)side - 21) / 56, 0, 1)) continue;
    struct grid_fitted fitted = {grid->lattice, grid->contrast, likeness, grid->inverted};
    remember(&fitted, best);
    give(grid, &grid->out[0]);
    outcome = qr_glance(&grid->out[0], &code->text);
    if (settled(outcome) || likeness > CERTAIN) return outcome;
  }
  return outcome;
}

/* All that a place's patterns can mean, with a glance at each; what fits is remembered. */
static enum qr_outcome fit_place(struct grid *grid, const struct finder_view *view, const struct finder_place *place,
                                 enum grid_effort effort, struct grid_code *code, struct best *best) {
  struct grid_start start[GRID_STARTS];
  enum qr_outcome outcome = QR_ILLEGIBLE;
  grid->inverted = place->inverted;
  int starts = grid_starts(grid, view, place, start), tries = starts > 1 ? 3 : 5;
  if (effort == GRID_QUICK) tries = starts > 1 ? 1 : 2;
  if (effort == GRID_QUICK && starts > QUICK_STARTS) starts = QUICK_STARTS;
  for (int i = 0; i < starts && !settled(outcome) && !certain(best); i++) {
    bool doubtful = start[i].likeness < DOUBTFUL;
    struct best own = {.count = 0};
    outcome = try_versions(grid, &start[i], doubtful && tries > 2 ? 2 : tries, code, &own);
    for (int k = 0; k < own.count; k++)
      if (!doubtful || own.fitted[k].likeness > NEARLY) remember(&own.fitted[k], best);
  }
  return outcome;
}

/* A patch's patterns have to be found first; two of them only count where no three fit. */
static enum qr_outcome fit_patch(struct grid *grid, const struct finder_view *view, const struct finder_place *place,
                                 enum grid_effort effort, struct grid_code *code, struct best *best) {
  enum qr_outcome outcome = QR_ILLEGIBLE;
  if (effort == GRID_QUICK || !grid_patch(grid, view, place, &grid->patch)) return outcome;
  for (int32_t i = 0; i < grid->patch.places && !settled(outcome) && !certain(best); i++) {
    const struct finder_place *one = &grid->patch.place[i];
    if (one->pattern[2] < 0 && best->count && best->fitted[0].likeness > NEARLY) break;
    outcome = fit_place(grid, &grid->patch, one, effort, code, best);
  }
  return outcome;
}

enum qr_outcome grid_read(struct grid *grid, const struct frame *frame, const struct finder_view *view,
                          const struct finder_place *place, enum grid_effort effort, struct grid_code *code, bool *nearly) {
  struct best best = {.count = 0};
  *nearly = false;
  code->text.len = 0;
  grid->frame = frame;
  if (frame->w < 2 || frame->h < 2) return QR_ILLEGIBLE;
  bool patch = place->pattern[0] < 0 && place->pattern[1] < 0 && place->pattern[2] < 0;
  enum qr_outcome outcome =
      patch ? fit_patch(grid, view, place, effort, code, &best) : fit_place(grid, view, place, effort, code, &best);
  *nearly = best.count && best.fitted[0].likeness > NEARLY;
  int deep = effort == GRID_QUICK || (best.count && best.fitted[0].lattice.side > LARGE) ? 1 : best.count;
  for (int i = 0; i < best.count && i < deep && !settled(outcome); i++) {
    if (best.fitted[i].likeness < best.fitted[0].likeness - NEAR) break;
    outcome = read_deeply(grid, &best.fitted[i], effort, code);
  }
  if (settled(outcome)) show(grid, code);
  return outcome;
}
