/* SPDX-License-Identifier: Apache-2.0
 * What is behind the people: an even wall with lamps, or a room full of things, as textured as the places
 * that kiosks stand in (shelves, leaves, cloth, stones, posters, boards), so that a frame without a code
 * isn't trivially empty. A function of scene and seed. One thread.
 */
#ifndef YINGBIN_TOOLS_DEMO_ROOM_H
#define YINGBIN_TOOLS_DEMO_ROOM_H

#include "tools/yingbin/demo_people.h"

/* h rows of w grey pixels each; scratch is as large. */
void room_draw(const struct people_scene *scene, uint64_t seed, uint8_t *luma, uint8_t *scratch);

/* The same, full of things, whatever the scene says. */
void room_things(const struct people_scene *scene, uint64_t seed, uint8_t *luma, uint8_t *scratch);

/* A soft ellipse: head and shoulders out of focus, the hand behind the phone, a lamp. edge: how wide its rim is, most: how
 * opaque its middle. */
void room_blob(const struct people_scene *scene, double x, double y, double rx, double ry, double edge, double shade,
               double most, uint8_t *luma);

#endif
