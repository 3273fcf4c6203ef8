/* SPDX-License-Identifier: Apache-2.0
 * What lies between a page and the camera: the room mirrored in the phone's glass, lamps in it, fingers
 * and cracks over it. Drawn over a phone that stands in the frame already. Pure.
 */
#ifndef YINGBIN_TOOLS_DEMO_GLASS_H
#define YINGBIN_TOOLS_DEMO_GLASS_H

#include "tools/yingbin/demo_pose.h"

struct glass {
  const struct people_scene *scene;
  const struct people_guest *guest;
  const struct phone *phone;
  const struct pose *pose;
  const uint8_t *mirrored; /* a frame of another room */
};

/* True: there is something to draw. */
bool glass_any(const struct people_guest *guest);

void glass_draw(const struct glass *glass, uint8_t *luma);

#endif
