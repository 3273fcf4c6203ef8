/* SPDX-License-Identifier: Apache-2.0
 * The flat picture of what a person holds up: a phone's page or a printed ticket with its QR code, seen
 * straight from the front, before hands and camera do anything to it. Grey, premultiplied alpha.
 */
#ifndef YINGBIN_TOOLS_DEMO_PHONE_H
#define YINGBIN_TOOLS_DEMO_PHONE_H

#include "tools/yingbin/demo_people.h"

enum { PHONE_MARGIN = 4 }; /* transparent texels on each side, so that edges blend */

struct texel {
  uint8_t luma, alpha; /* luma times alpha / 255 */
};

struct phone {
  struct texel *texel; /* owned; h rows of w */
  int32_t w, h;
  double x, y;    /* the point that a hand holds still, in texels */
  double code[3]; /* left, top and side of its code, in texels; side 0: none */
  double module;  /* texels; its side is that many times `modules` */
  int modules;
};

/* `height` texels high without its margins; PEOPLE_PAGE: as high as its modules need. light: of the room, for what doesn't
 * shine itself. */
bool phone_draw(const struct people_guest *guest, int32_t height, double light, uint64_t seed, struct phone *phone,
                struct problem *problem);
void phone_blur(struct phone *phone, double radius); /* in texels */
void phone_free(struct phone *phone);

/* splitmix64, public domain (Sebastiano Vigna): the generator's only source of chance. */
static inline uint64_t people_chance(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}
static inline double people_share(uint64_t *state) { return (double)(people_chance(state) >> 11) * 0x1p-53; } /* 0 to 1 */

#endif
