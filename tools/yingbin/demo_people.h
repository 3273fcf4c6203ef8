/* SPDX-License-Identifier: Apache-2.0
 * People before a camera, drawn: each comes with a phone (or a printed ticket), holds it up, turns and
 * tilts it as hands do, and leaves. For `yingbin demo`, the benchmarks and tests; nothing of the kiosk
 * knows it. A frame is a function of scene and time alone: the same seed gives the same pixels, in
 * whatever order frames are asked for. One thread; memory is only taken by people_open.
 */
#ifndef YINGBIN_TOOLS_DEMO_PEOPLE_H
#define YINGBIN_TOOLS_DEMO_PEOPLE_H

#include <stdint.h>
#include <stdio.h>

#include "base/problem.h"
#include "tools/yingbin/demo_look.h"

enum people_shows {
  PEOPLE_TICKET, /* the ticket's page on a phone */
  PEOPLE_CARD,   /* a contact card: a picture in the middle of its code */
  PEOPLE_PAY,    /* a page to pay with: a bar code above the QR code */
  PEOPLE_PAPER,  /* printed; as bright as the room makes it */
  PEOPLE_PAGE    /* a page on a phone, of any look */
};

struct people_guest {
  const void *payload; /* borrowed until people_open returns */
  size_t len;          /* 0: a page without a code, of PEOPLE_PAGE only */
  enum people_shows shows;
  double comes_s, stays_s; /* from the first frame on; coming and leaving are part of the stay */
  double x, y, size;       /* at rest: its centre and its height, in shares of the frame's width, height, height */
  double turn;             /* degrees, in the plane of the picture */
  double tilt, lean;       /* degrees, round the vertical and the horizontal axis */
  double glow;             /* brightness of the screen, 0 to 1 */
  double blur;             /* radius of the defocus, in pixels */
  /* Of PEOPLE_PAGE; x and y are the centre of its code: */
  struct people_look look;
  double module;             /* its side in pixels, at rest; stands for size and glow */
  double shake, shake_angle; /* smear of a trembling hand at its fastest, in pixels; radians */
  double mirror;             /* share of the room that the glass mirrors, 0 to 1 */
  struct people_spot spot[PEOPLE_SPOTS];
  struct people_bar bar[PEOPLE_BARS];
  int spots, bars;
};

enum people_room {
  PEOPLE_LAMPS, /* an even wall and lamps */
  PEOPLE_THINGS /* full of things, different with each seed */
};

enum { PEOPLE_GUESTS_MAX = 32 };

struct people_scene {
  int32_t w, h, fps;
  uint64_t seed;
  double light; /* of the room, 0 to 1 */
  double noise; /* standard deviation, in grey levels */
  enum people_room room;
  double exposure_s; /* 0: 12 ms */
  double defocus;    /* of the camera: standard deviation, in pixels */
  double gain, lift; /* what the sensor makes of a level: gain * level + lift; gain 0: 1 */
  int guests;
  struct people_guest guest[PEOPLE_GUESTS_MAX]; /* who comes later stands in front */
};

struct people; /* owned by the opener */

/* False: a payload is longer than a QR code can be, or there is no memory. */
bool people_open(const struct people_scene *scene, struct people **people, struct problem *problem);
void people_close(struct people *people);

/* Draws frame number `index` (at index / fps seconds) into h rows of w grey pixels. */
void people_frame(const struct people *people, int64_t index, uint8_t *luma);

/* Where the code of guest g stands in frame `index`: x, y of its corners, from its own top left on, clockwise. False: it has
 * none, or isn't here. *module: the mean side of its modules, in pixels; *smear: how far the exposure draws it out. */
bool people_code(const struct people *people, int g, int64_t index, double corner[8], double *module, double *smear);

/* Frames until the last guest has left. */
int64_t people_frames(const struct people *people);

/* The first `frames` as a YUV4MPEG2 stream of grey frames (Cmono). False: writing failed, errno says why. */
bool people_write(const struct people *people, int64_t frames, FILE *out);

#endif
