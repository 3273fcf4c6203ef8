/* SPDX-License-Identifier: Apache-2.0
 * A picture of what a renderer shows, as a PNG file; never half-written. Ui thread.
 */
#ifndef YINGBIN_UI_SHOT_H
#define YINGBIN_UI_SHOT_H

#include <stdint.h>

#include "base/problem.h"

struct SDL_Renderer;

bool shot_write(struct SDL_Renderer *renderer, int w, int h, const char *path, struct problem *problem);
bool shot_write_rgb(const uint8_t *rgb, int w, int h, const char *path, struct problem *problem); /* rows of 3 w bytes */

#endif
