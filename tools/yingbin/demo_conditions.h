/* SPDX-License-Identifier: Apache-2.0
 * The conditions under which people hold a code before a kiosk, one at a time or several at once: for
 * measuring what a reader reads. Each is a row of a table that sets up a scene; a seed and a number give
 * a short clip of one person who comes, holds up a phone and leaves, and its middle frame is the picture.
 */
#ifndef YINGBIN_TOOLS_DEMO_CONDITIONS_H
#define YINGBIN_TOOLS_DEMO_CONDITIONS_H

#include "tools/yingbin/demo_people.h"

enum { CONDITION_W = 1280, CONDITION_H = 720, CONDITION_FPS = 30, CONDITION_FRAMES = 90, CONDITION_STILL = 45 };

struct condition {
  const char *name;
  void (*set)(struct people_scene *scene, int nth, uint64_t *chance);
  enum { CODE_ANY, CODE_SHORT, CODE_NONE } shows;
};

enum { CONDITIONS = 19 };
extern const struct condition conditions[CONDITIONS];

struct condition_clip {
  struct people_scene scene;
  char text[256]; /* what the code carries; "": there is none. The scene borrows it: don't copy */
};

const struct condition *condition_named(const char *name); /* NULL: there is none */

/* The clip number `nth` of a condition. */
void condition_clip(const struct condition *condition, uint64_t seed, int nth, struct condition_clip *clip);

/* Whether frame `index` shows the whole code, and holds still enough: the exposure draws it out by less than a module.
 * *module: its size in pixels. */
bool condition_shows(const struct people *people, int64_t index, double *module);
int condition_first(const struct people *people); /* the first such frame; -1: none of the clip's */

#endif
