/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "scan/crowd.h"
#include "scan/grid.h"
#include "scan/prepare.h"
#include "scan/read_zbar.h"
#include "scan/read_zxing.h"
#include "scan/result.h"

enum reader { OWN_QUICK, OWN_THOROUGH, ZBAR, ZXING };

struct step {
  const char *name;
  enum reader reader;
  float radius;     /* of the local threshold, in modules; 0: the pixels as they are */
  bool blurred;     /* before the threshold */
  bool inverted;    /* light on dark; where a place is known to be inverted, the other way round */
  bool doubled;     /* at twice the size: for small modules */
  int64_t pixel_ns; /* what it costs, for each pixel that the reader gets */
};

/* In the order tried. What each adds, and costs, was measured on frames of phones in bad light and on real photos:
 * ours reads nine of ten, zxing-cpp most of what ours misses for the least work, zbar what is left. */
static const struct step ladder_table[] = {
    {.name = "grid", .reader = OWN_QUICK},
    {.name = "fine", .reader = ZXING, .radius = 1.6F, .pixel_ns = 5},
    {.name = "thorough", .reader = OWN_THOROUGH},
    {.name = "threshold", .reader = ZXING, .radius = 4, .pixel_ns = 5},
    {.name = "inverted", .reader = ZXING, .radius = 1.6F, .inverted = true, .pixel_ns = 5},
    {.name = "blurred", .reader = ZBAR, .radius = 4, .blurred = true, .pixel_ns = 18},
    {.name = "double", .reader = ZBAR, .radius = 4, .doubled = true, .pixel_ns = 18},
    {.name = "plain", .reader = ZBAR, .pixel_ns = 25},
};

enum {
  STEPS = sizeof ladder_table / sizeof *ladder_table,
  QUICK_COST = 1000000,
  THOROUGH_COST = 8000000,
  FRAME_MODULE = 5,            /* pixels, where nobody knows */
  ZBAR_CROWD = 16,             /* finder patterns: five codes; 25 us for every three */
  ZXING_CROWD = 160,           /* 80 ns for every three */
  DOUBLED_PIXELS_MAX = 1 << 22 /* of the pixels before */
};

_Static_assert((int)STEPS <= (int)LADDER_STEPS_MAX, "the steps tried are bits");

/* Modules of these sizes are read best and soonest. */
static const float MODULE_LEAST = 2.5F, MODULE_MOST = 9;

struct ladder {
  struct grid *grid;
  struct read_zbar *zbar;
  uint8_t *cut, *soft, *ready; /* what steps make of a frame */
  size_t room;                 /* pixels in each of them */
  struct grid_code code;
  uint32_t sums[PREPARE_SUMS];
};

struct box {
  int32_t x, y, w, h;
};

/* A place as a reader gets it: its box in the frame, doubled or halved. */
struct cut {
  struct box box;
  int32_t w, h;
  int shift; /* > 0: doubled as often, < 0: halved */
  float module;
};

int ladder_steps(void) { return STEPS; }

const char *ladder_name(int step) { return step >= 0 && step < STEPS ? ladder_table[step].name : NULL; }

bool ladder_sweeps(int step) { return ladder_table[step].reader == ZXING; }

bool ladder_for_likely(int step) { return ladder_table[step].reader == OWN_THOROUGH; }

bool ladder_dear(int step) { return ladder_table[step].reader == ZBAR || ladder_table[step].reader == OWN_THOROUGH; }

struct ladder *ladder_open(void) {
  struct ladder *ladder = calloc(1, sizeof *ladder);
  if (!ladder) return NULL;
  ladder->grid = grid_open();
  ladder->zbar = read_zbar_open();
  if (ladder->grid && ladder->zbar) return ladder;
  ladder_close(ladder);
  return NULL;
}

void ladder_close(struct ladder *ladder) {
  if (!ladder) return;
  grid_close(ladder->grid);
  read_zbar_close(ladder->zbar);
  free(ladder->cut);
  free(ladder->soft);
  free(ladder->ready);
  free(ladder);
}

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }
static int32_t most(int32_t a, int32_t b) { return a > b ? a : b; }

/* The place and round it the quiet zone, and what a slightly wrong corner may have missed. */
static struct box box_of(const struct frame *frame, const struct finder_place *place) {
  if (!place) return (struct box){0, 0, frame->w, frame->h};
  int32_t left = frame->w, right = 0, top = frame->h, bottom = 0;
  for (int i = 0; i < 4; i++) {
    left = least(left, place->corner[i].x);
    right = most(right, place->corner[i].x);
    top = least(top, place->corner[i].y);
    bottom = most(bottom, place->corner[i].y);
  }
  int32_t margin = place->module > 0 ? (int32_t)(6 * place->module) : most(right - left, bottom - top) / 6;
  margin = most(margin, 12);
  left = most(left - margin, 0);
  top = most(top - margin, 0);
  return (struct box){left, top, least(right + margin, frame->w) - left, least(bottom + margin, frame->h) - top};
}

static struct cut cut_of(const struct frame *frame, const struct finder_place *place, const struct step *step) {
  struct cut cut = {.box = box_of(frame, place), .module = place ? place->module : FRAME_MODULE};
  if (cut.module <= 0) cut.module = FRAME_MODULE;
  cut.w = cut.box.w;
  cut.h = cut.box.h;
  if (place && place->module > 0) {
    while (cut.module > MODULE_MOST && cut.w >= 2 && cut.h >= 2) {
      cut.shift--;
      cut.module /= 2;
      cut.w /= 2;
      cut.h /= 2;
    }
    if (cut.module < MODULE_LEAST) cut.shift = 1;
  }
  if (step->doubled) cut.shift++;
  if (cut.shift > 1) cut.shift = 1;
  if (cut.shift > 0) {
    cut.module *= 2;
    cut.w *= 2;
    cut.h *= 2;
  }
  return cut;
}

static bool nothing_to_do(const struct frame *frame, const struct finder_place *place, const struct step *step) {
  if (step->reader == OWN_QUICK) return !place || finder_patterns(place) < 2; /* the third is looked for */
  if (step->reader == OWN_THOROUGH) return !place;
  if (!step->doubled) return false;
  /* Large modules gain nothing; small ones are doubled by every step. */
  if (place && place->module > 0) return place->module > 5 || place->module < MODULE_LEAST;
  struct box box = box_of(frame, place);
  return (int64_t)box.w * box.h > DOUBLED_PIXELS_MAX;
}

int64_t ladder_cost(const struct frame *frame, const struct finder_place *place, int step) {
  const struct step *how = &ladder_table[step];
  if (nothing_to_do(frame, place, how)) return 0;
  if (how->reader == OWN_QUICK) return QUICK_COST;
  if (how->reader == OWN_THOROUGH) return THOROUGH_COST;
  struct cut cut = cut_of(frame, place, how);
  return (int64_t)cut.w * cut.h * how->pixel_ns;
}

static bool grow(uint8_t **block, size_t room) {
  free(*block); /* nothing in it is kept */
  *block = malloc(room);
  return *block != NULL;
}

static bool make_room(struct ladder *l, size_t pixels) {
  if (l->room >= pixels) return true;
  l->room = 0;
  if (!grow(&l->cut, pixels) || !grow(&l->soft, pixels) || !grow(&l->ready, pixels)) return false;
  l->room = pixels;
  return true;
}

/* The cut's pixels, at its scale, thresholded as the step wants; NULL: no memory. */
static const uint8_t *pixels_of(struct ladder *l, const struct frame *frame, const struct cut *cut, const struct step *step,
                                bool inverted) {
  const struct box *box = &cut->box;
  bool whole = box->w == frame->w && box->h == frame->h && !cut->shift;
  size_t before = (size_t)box->w * (size_t)box->h, after = (size_t)cut->w * (size_t)cut->h;
  if (!make_room(l, before > after ? before : after)) return NULL;
  const uint8_t *at = frame->luma;
  if (!whole) {
    prepare_crop(frame->luma, frame->stride, box->x, box->y, box->w, box->h, l->cut);
    at = l->cut;
  }
  if (cut->shift > 0) {
    prepare_double(at, box->w, box->h, l->ready);
    memcpy(l->cut, l->ready, after);
  }
  int32_t w = box->w, h = box->h;
  for (int i = cut->shift; i < 0; i++, w /= 2, h /= 2) prepare_halve(l->cut, w, h, l->cut);
  if (step->radius <= 0) return at;
  if (step->blurred) {
    prepare_blur(at, cut->w, cut->h, l->sums, l->soft);
    at = l->soft;
  }
  int32_t radius = most((int32_t)(step->radius * cut->module + 0.5F), 3);
  prepare_threshold(at, cut->w, cut->h, radius, inverted, l->sums, l->ready);
  return l->ready;
}

/* From the cut's pixels to the frame's. */
static void put_back(const struct frame *frame, const struct cut *cut, struct scan_code *code) {
  for (int i = 0; i < 4; i++) {
    int32_t x = code->where[i].x, y = code->where[i].y;
    x = cut->shift > 0 ? x / 2 : x * (1 << -cut->shift);
    y = cut->shift > 0 ? y / 2 : y * (1 << -cut->shift);
    code->where[i] = (struct point){scan_within(cut->box.x + x, frame->w), scan_within(cut->box.y + y, frame->h)};
  }
}

static enum ladder_outcome climb_grid(struct ladder *l, const struct frame *frame, const struct finder_view *view,
                                      const struct finder_place *place, int step, struct scan_result *result) {
  bool nearly = false;
  enum grid_effort effort = ladder_table[step].reader == OWN_QUICK ? GRID_QUICK : GRID_THOROUGH;
  enum qr_outcome outcome = grid_read(l->grid, frame, view, place, effort, &l->code, &nearly);
  if (outcome == QR_REFUSED) return LADDER_REFUSED;
  if (outcome != QR_READ) return nearly ? LADDER_NEARLY : LADDER_NOTHING;
  struct scan_code *code = scan_result_add(result, step, l->code.text.bytes, l->code.text.len);
  for (int i = 0; code && i < 4; i++)
    code->where[i] = (struct point){scan_within(l->code.corner[i].x, frame->w), scan_within(l->code.corner[i].y, frame->h)};
  return LADDER_READ;
}

struct zxing_sink {
  struct scan_result *result;
  int step;
  int32_t w, h;
  bool any;
};

static void zxing_found(void *self, const uint8_t *bytes, size_t len, const int corner[8]) {
  struct zxing_sink *sink = self;
  struct scan_code *code = scan_result_add(sink->result, sink->step, bytes, len);
  sink->any = true;
  for (int i = 0; code && i < 4; i++)
    code->where[i] = (struct point){scan_within(corner[2 * i], sink->w), scan_within(corner[2 * i + 1], sink->h)};
}

/* Too many finder patterns for a reader that tries every three of them. */
static bool crowded(struct ladder *l, const uint8_t *pixels, const struct cut *cut, const struct step *step) {
  if (step->radius <= 0) {
    prepare_threshold(pixels, cut->w, cut->h, most((int32_t)(4 * cut->module + 0.5F), 3), false, l->sums, l->ready);
    pixels = l->ready;
  }
  int most_of_them = step->reader == ZBAR ? ZBAR_CROWD : ZXING_CROWD;
  return crowd_count(pixels, cut->w, cut->h, most_of_them) >= most_of_them;
}

enum ladder_outcome ladder_climb(struct ladder *l, const struct frame *frame, const struct finder_view *view,
                                 const struct finder_place *place, int step, struct scan_result *result) {
  const struct step *how = &ladder_table[step];
  struct cut cut = cut_of(frame, place, how);
  if (cut.w < 1 || cut.h < 1 || nothing_to_do(frame, place, how)) return LADDER_NOTHING;
  result->tried |= UINT32_C(1) << step;
  if (how->reader == OWN_QUICK || how->reader == OWN_THOROUGH) return climb_grid(l, frame, view, place, step, result);
  const uint8_t *pixels = pixels_of(l, frame, &cut, how, how->inverted != (place && place->inverted));
  if (!pixels || crowded(l, pixels, &cut, how)) return LADDER_NOTHING;
  int before = result->count;
  bool any = false;
  if (how->reader == ZXING) {
    struct zxing_sink sink = {result, step, cut.w, cut.h, false};
    read_zxing(pixels, cut.w, cut.h, how->radius > 0, zxing_found, &sink);
    any = sink.any;
  } else {
    struct frame made = {.luma = pixels, .w = cut.w, .h = cut.h, .stride = cut.w};
    any = read_zbar(l->zbar, &made, step, result);
  }
  for (int i = before; i < result->count; i++) put_back(frame, &cut, &result->code[i]);
  return any ? LADDER_READ : LADDER_NOTHING;
}
