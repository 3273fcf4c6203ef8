/* SPDX-License-Identifier: Apache-2.0
 * Recordings of what nobody should hold up before a kiosk, with tickets among it, to standard output:
 *   make_hostile two SMALL LARGE     two phones in one picture
 *   make_hostile many TICKET         a screen full of codes round a ticket
 *   make_hostile all FIRST LAST      a ticket, every hostile picture, another ticket
 */
#include <stdio.h>

#include "tests/unit/hostile_pictures.h"
#include "tests/unit/qr_frame.h"

enum { W = 1280, H = 720, SEEN_FRAMES = 60 /* more than a camera leaves out at a time */, HOSTILE_FRAMES = 6 };

static void put(const struct frame *frame, int times) {
  for (int i = 0; i < times; i++) {
    fputs("FRAME\n", stdout);
    fwrite(frame->luma, 1, (size_t)W * (size_t)H, stdout);
  }
}

static void ticket(struct frame *frame, const char *text, int x, int y, int module) {
  hostile_fill(frame, x - 4 * module, y - 4 * module, 33 * module, 33 * module, 235);
  qr_draw(frame, text, strlen(text), x, y, module, 0);
}

static void alone(struct frame *frame, const char *text, int times) {
  hostile_clear(frame, 90);
  ticket(frame, text, 500, 220, 8);
  put(frame, times);
}

int main(int argc, char **argv) {
  struct frame frame = qr_blank(W, H, W);
  bool two = argc == 4 && !strcmp(argv[1], "two"), all = argc == 4 && !strcmp(argv[1], "all");
  bool many = argc == 3 && !strcmp(argv[1], "many");
  if (!two && !all && !many) return 2;
  printf("YUV4MPEG2 W%d H%d F30:1 Cmono\n", W, H);
  if (two) {
    hostile_clear(&frame, 90);
    ticket(&frame, argv[2], 150, 250, 5);
    ticket(&frame, argv[3], 620, 200, 9);
    put(&frame, SEEN_FRAMES);
  } else if (many) {
    hostile_codes(&frame, 1);
    ticket(&frame, argv[2], 500, 220, 9);
    put(&frame, SEEN_FRAMES);
  } else {
    alone(&frame, argv[2], SEEN_FRAMES);
    for (size_t i = 0; i < HOSTILE_PICTURES; i++) {
      /* Sound codes of other texts would be other verdicts. */
      if (hostile_pictures[i].paint == hostile_codes || hostile_pictures[i].paint == hostile_nonsense) continue;
      hostile_pictures[i].paint(&frame, 1);
      put(&frame, HOSTILE_FRAMES);
    }
    alone(&frame, argv[3], SEEN_FRAMES);
  }
  free((void *)frame.luma);
  return fflush(stdout) ? 1 : 0;
}
