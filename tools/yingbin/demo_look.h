/* SPDX-License-Identifier: Apache-2.0
 * How a page looks on the phone of PEOPLE_PAGE, and what lies between it and the camera. Plain values;
 * lengths are sides of the code, from its centre, where nothing else is said.
 */
#ifndef YINGBIN_TOOLS_DEMO_LOOK_H
#define YINGBIN_TOOLS_DEMO_LOOK_H

struct people_look {  /* grey levels, 0 to 255 */
  double ink, paper;  /* the code's modules and what is around them; ink above paper: dark mode */
  double page, words; /* the rest of the page */
  double quiet;       /* modules of paper around the code */
  double moire;       /* how far the sensor's grid and the screen's beat, 0 to 1 */
  int level;          /* of error correction: QR_ECLEVEL_L to QR_ECLEVEL_H */
};

struct people_spot {         /* a lamp mirrored in the phone's glass */
  double x, y, rx, ry, peak; /* grey levels more at its centre */
};

struct people_bar { /* over the page: a finger, a crack */
  double x0, y0, x1, y1, width, shade;
};

enum { PEOPLE_SPOTS = 3, PEOPLE_BARS = 12 };

#endif
