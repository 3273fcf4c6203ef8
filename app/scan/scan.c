/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "scan/read_zbar.h"

struct scanner {
  struct read_zbar *zbar;
  uint8_t *packed; /* a frame whose rows are padded, without the padding */
  size_t room;
};

/* One rung: prepares the frame, if it does, and asks a reader, which appends to the result. */
struct step {
  const char *name;
  enum scan_effort effort; /* the least that it belongs to */
  void (*run)(struct scanner *scanner, const struct frame *frame, int step, struct scan_result *result);
};

static void step_plain(struct scanner *scanner, const struct frame *frame, int step, struct scan_result *result) {
  read_zbar(scanner->zbar, frame, step, result);
}

/* In the order tried; the first that reads a code ends it. */
static const struct step ladder[] = {
    {"plain", SCAN_LIVE, step_plain},
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
  for (int i = 0; i < STEPS && !result->count; i++) {
    if (ladder[i].effort > effort) continue;
    ladder[i].run(scanner, &packed, i, result);
    result->tried |= UINT32_C(1) << i;
  }
  order(frame, result);
  return result->count > 0;
}
