/* SPDX-License-Identifier: Apache-2.0
 * A picture of what a renderer shows, as a PNG file; never half-written. Ui thread.
 */
#ifndef YINGBIN_UI_SHOT_H
#define YINGBIN_UI_SHOT_H

#include "base/problem.h"

struct SDL_Renderer;

bool shot_write(struct SDL_Renderer *renderer, int w, int h, const char *path, struct problem *problem);

#endif
