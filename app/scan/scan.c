/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "scan/prepare.h"
#include "scan/read_zbar.h"

struct scanner {
  struct read_zbar *zbar;
  uint8_t *packed; /* a frame whose rows are padded, without the padding */
  size_t room;
  uint8_t *soft, *ready; /* what steps make of a frame */
  size_t made_room;      /* in each of the two */
  uint32_t sums[PREPARE_SUMS];
};

/* One rung: how the frame is made ready for the reader. */
struct step {
  const char *name;
  enum scan_effort effort; /* the least that it belongs to */
  uint8_t radius;          /* of the local threshold; 0: the frame as it is */
  bool blurred, inverted;
};

/* In the order tried. What each adds was measured on frames of phones in bad light and on real photos. */
static const struct step ladder[] = {
    {.name = "plain", .effort = SCAN_LIVE},
    {.name = "threshold", .effort = SCAN_FULL, .radius = 20},
    {.name = "inverted", .effort = SCAN_FULL, .radius = 20, .inverted = true},
    {.name = "blurred", .effort = SCAN_FULL, .radius = 20, .blurred = true},
    {.name = "fine", .effort = SCAN_FULL, .radius = 8},
};

enum { STEPS = sizeof ladder / sizeof *ladder };

const char *scan_step_name(int step) { return step >= 0 && step < STEPS ? ladder[step].name : NULL; }

struct scanner *scanner_open(void) {
  struct scanner *scanner = calloc(1, sizeof *scanner);
  if (!scanner) return NULL;
  scanner->zbar = read_zbar_open();
  if (scanner->zbar) return scanner;
  scanner_close(scanner);
  return NULL;
}

void scanner_close(struct scanner *scanner) {
  if (!scanner) return;
  read_zbar_close(scanner->zbar);
  free(scanner->packed);
  free(scanner->soft);
  free(scanner->ready);
  free(scanner);
}

/* Readers want rows without padding. A frame that has none is used where it lies. */
static bool packed_frame(struct scanner *scanner, const struct frame *frame, struct frame *packed) {
  *packed = *frame;
  if (frame->stride == frame->w) return true;
  size_t w = (size_t)frame->w, h = (size_t)frame->h;
  if (scanner->room < w * h) {
    uint8_t *more = realloc(scanner->packed, w * h);
    if (!more) return false;
    scanner->packed = more;
    scanner->room = w * h;
  }
  for (size_t y = 0; y < h; y++) memcpy(scanner->packed + y * w, frame->luma + y * (size_t)frame->stride, w);
  packed->luma = scanner->packed;
  packed->stride = frame->w;
  return true;
}

static bool grow(uint8_t **block, size_t room) {
  free(*block); /* nothing in it is kept */
  *block = malloc(room);
  return *block != NULL;
}

static bool room_to_make(struct scanner *scanner, size_t pixels) {
  if (scanner->made_room >= pixels) return true;
  scanner->made_room = 0;
  if (!grow(&scanner->soft, pixels) || !grow(&scanner->ready, pixels)) return false;
  scanner->made_room = pixels;
  return true;
}

static void climb(struct scanner *scanner, const struct frame *frame, int step, struct scan_result *result) {
  const struct step *how = &ladder[step];
  struct frame made = *frame;
  if (how->radius) {
    if (!room_to_make(scanner, (size_t)frame->w * (size_t)frame->h)) return;
    const uint8_t *from = frame->luma;
    if (how->blurred) {
      prepare_blur(from, frame->w, frame->h, scanner->sums, scanner->soft);
      from = scanner->soft;
    }
    prepare_threshold(from, frame->w, frame->h, how->radius, how->inverted, scanner->sums, scanner->ready);
    made.luma = scanner->ready;
  }
  read_zbar(scanner->zbar, &made, step, result);
  result->tried |= UINT32_C(1) << step;
}

static bool covers(const struct scan_code *code, const struct scan_code *other) {
  int32_t x = 0, y = 0, left = INT16_MAX, right = 0, top = INT16_MAX, bottom = 0;
  for (int i = 0; i < 4; i++) {
    struct point p = code->where[i];
    left = p.x < left ? p.x : left;
    right = p.x > right ? p.x : right;
    top = p.y < top ? p.y : top;
    bottom = p.y > bottom ? p.y : bottom;
    x += other->where[i].x;
    y += other->where[i].y;
  }
  return x / 4 >= left && x / 4 <= right && y / 4 >= top && y / 4 <= bottom;
}

/* Two steps that read different texts at one place: one is wrong, and nobody knows which. None counts. */
static void drop_disputed(struct scan_result *result) {
  bool disputed[SCAN_CODES_MAX] = {false};
  for (int i = 0; i < result->count; i++) {
    for (int j = 0; j < i; j++) {
      const struct scan_code *a = &result->code[i], *b = &result->code[j];
      if (a->step != b->step && (covers(a, b) || covers(b, a))) disputed[i] = disputed[j] = true;
    }
  }
  int kept = 0;
  for (int i = 0; i < result->count; i++) {
    if (disputed[i]) continue;
    if (kept != i) result->code[kept] = result->code[i];
    kept++;
  }
  result->count = kept;
}

/* The attendee's own phone is the largest and the most central; the next one in the queue is behind it. */
static int64_t prominence(const struct scan_code *code, const struct frame *frame) {
  int64_t twice_area = 0, x = 0, y = 0;
  for (int i = 0; i < 4; i++) {
    struct point a = code->where[i], b = code->where[(i + 1) % 4];
    twice_area += (int64_t)a.x * b.y - (int64_t)b.x * a.y;
    x += a.x;
    y += a.y;
  }
  if (twice_area < 0) twice_area = -twice_area;         /* a mirrored code */
  int64_t dx = x / 2 - frame->w, dy = y / 2 - frame->h; /* twice the way from the middle */
  int64_t far = (int64_t)frame->w * frame->w + (int64_t)frame->h * frame->h;
  return twice_area * 1024 / far * (2 * far - dx * dx - dy * dy) / (2 * far);
}

static void order(const struct frame *frame, struct scan_result *result) {
  for (int i = 1; i < result->count; i++) {
    struct scan_code moved = result->code[i];
    int at = i;
    for (; at > 0 && prominence(&result->code[at - 1], frame) < prominence(&moved, frame); at--) {
      result->code[at] = result->code[at - 1];
    }
    result->code[at] = moved;
  }
}

bool scanner_read(struct scanner *scanner, const struct frame *frame, enum scan_effort effort, struct scan_result *result) {
  result->count = 0;
  result->tried = 0;
  if (!frame->luma || frame->w < 1 || frame->h < 1 || frame->w > SCAN_SIDE_MAX || frame->h > SCAN_SIDE_MAX ||
      frame->stride < frame->w) {
    return false;
  }
  struct frame packed;
  if (!packed_frame(scanner, frame, &packed)) return false;
  for (int i = 0; i < STEPS; i++) {
    if (ladder[i].effort <= effort) climb(scanner, &packed, i, result);
  }
  drop_disputed(result);
  order(frame, result);
  return result->count > 0;
}
