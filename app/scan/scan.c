/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "scan/finder.h"
#include "scan/ladder.h"
#include "scan/prepare.h"
#include "scan/turns.h"

struct scanner {
  struct finder *finder;
  struct ladder *ladder;
  struct turns turns;
  struct finder_view view;
  uint8_t *packed; /* a frame whose rows are padded, without the padding */
  size_t room;
};

const char *scan_step_name(int step) { return ladder_name(step); }

struct scanner *scanner_open(void) {
  struct scanner *scanner = calloc(1, sizeof *scanner);
  if (!scanner) return NULL;
  scanner->finder = finder_open();
  scanner->ladder = ladder_open();
  if (scanner->finder && scanner->ladder) return scanner;
  scanner_close(scanner);
  return NULL;
}

void scanner_close(struct scanner *scanner) {
  if (!scanner) return;
  finder_close(scanner->finder);
  ladder_close(scanner->ladder);
  free(scanner->packed);
  free(scanner);
}

void scanner_forget(struct scanner *scanner) { scanner->turns = (struct turns){.tracks = 0}; }

/* Readers want rows without padding. A frame that has none is used where it lies. */
static bool packed_frame(struct scanner *scanner, const struct frame *frame, struct frame *packed) {
  *packed = *frame;
  if (frame->stride == frame->w) return true;
  size_t pixels = (size_t)frame->w * (size_t)frame->h;
  if (scanner->room < pixels) {
    uint8_t *more = realloc(scanner->packed, pixels);
    if (!more) return false;
    scanner->packed = more;
    scanner->room = pixels;
  }
  prepare_crop(frame->luma, frame->stride, 0, 0, frame->w, frame->h, scanner->packed);
  packed->luma = scanner->packed;
  packed->stride = frame->w;
  return true;
}

/* The middle of `other` lies in the box round `corner`. */
static bool covers(const struct point corner[4], const struct point other[4]) {
  int32_t x = 0, y = 0, left = INT16_MAX, right = 0, top = INT16_MAX, bottom = 0;
  for (int i = 0; i < 4; i++) {
    struct point p = corner[i];
    left = p.x < left ? p.x : left;
    right = p.x > right ? p.x : right;
    top = p.y < top ? p.y : top;
    bottom = p.y > bottom ? p.y : bottom;
    x += other[i].x;
    y += other[i].y;
  }
  return x / 4 >= left && x / 4 <= right && y / 4 >= top && y / 4 <= bottom;
}

/* A code that was read, and one that the finder sees, are the same place where one's middle lies in the other. */
static bool overlap(const struct point a[4], const struct point b[4]) { return covers(a, b) || covers(b, a); }

/* Two steps that read different texts at one place: one is wrong, and nobody knows which. None counts. */
static void drop_disputed(struct scan_result *result) {
  bool disputed[SCAN_CODES_MAX] = {false};
  for (int i = 0; i < result->count; i++) {
    for (int j = 0; j < i; j++) {
      const struct scan_code *a = &result->code[i], *b = &result->code[j];
      if (a->step != b->step && overlap(a->where, b->where)) disputed[i] = disputed[j] = true;
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

static void put_place(struct scan_result *result, const struct point corner[4], bool sure) {
  for (int i = 0; i < result->places; i++)
    if (overlap(result->place[i].corner, corner)) return;
  if (result->places == SCAN_PLACES_MAX) return;
  struct scan_place *place = &result->place[result->places++];
  memcpy(place->corner, corner, sizeof place->corner);
  place->sure = sure;
}

static void put_places(const struct finder_view *view, struct scan_result *result) {
  for (int i = 0; i < result->count; i++) put_place(result, result->code[i].where, true);
  for (int i = 0; i < view->places; i++) put_place(result, view->place[i].corner, finder_patterns(&view->place[i]) == 3);
}

/* Whether the finder sees a code that nobody has read. */
static bool unread_place(const struct finder_view *view, const struct scan_result *result) {
  for (int i = 0; i < view->places; i++) {
    bool read = false;
    for (int k = 0; k < result->count; k++) read = read || overlap(result->code[k].where, view->place[i].corner);
    if (!read && finder_patterns(&view->place[i]) == 3 && view->place[i].likeness >= TURNS_LIKELY) return true;
  }
  return false;
}

/* Every step on every place and on the frame whole, which finds codes that the finder missed and tells of a step
 * that disagrees. The dear ones are spared where cheap ones left nothing unread. */
static void read_all(struct scanner *s, const struct frame *frame, struct scan_result *result) {
  for (int step = 0; step < ladder_steps(); step++) {
    if (ladder_dear(step) && result->count && !unread_place(&s->view, result)) return;
    for (int i = 0; i < s->view.places; i++) ladder_climb(s->ladder, frame, &s->view, &s->view.place[i], step, result);
    ladder_climb(s->ladder, frame, &s->view, NULL, step, result);
  }
}

static void read_in_turn(struct scanner *s, const struct frame *frame, struct scan_result *result) {
  struct turn turn;
  turns_frame(&s->turns, &s->view);
  while (turns_next(&s->turns, frame, &s->view, &turn)) {
    const struct finder_place *place = turn.place < 0 ? NULL : &s->view.place[turn.place];
    turns_done(&s->turns, &turn, ladder_climb(s->ladder, frame, &s->view, place, turn.step, result));
  }
}

bool scanner_read(struct scanner *scanner, const struct frame *frame, enum scan_effort effort, struct scan_result *result) {
  result->count = 0;
  result->places = 0;
  result->tried = 0;
  if (!frame->luma || frame->w < 1 || frame->h < 1 || frame->w > SCAN_SIDE_MAX || frame->h > SCAN_SIDE_MAX ||
      frame->stride < frame->w) {
    return false;
  }
  struct frame packed;
  if (!packed_frame(scanner, frame, &packed)) return false;
  if (!finder_look(scanner->finder, &packed, &scanner->view)) scanner->view.patterns = scanner->view.places = 0;
  if (effort == SCAN_FULL)
    read_all(scanner, &packed, result);
  else
    read_in_turn(scanner, &packed, result);
  drop_disputed(result);
  order(frame, result);
  put_places(&scanner->view, result);
  return result->count > 0;
}
