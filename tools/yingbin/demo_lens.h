/* SPDX-License-Identifier: Apache-2.0
 * What lens and sensor do to a whole frame of grey pixels. Pure; scratch is the caller's.
 */
#ifndef YINGBIN_TOOLS_DEMO_LENS_H
#define YINGBIN_TOOLS_DEMO_LENS_H

#include <stdint.h>

/* Gaussian; `scratch` is as large as the frame. Below a fifth of a pixel nothing happens. */
void lens_defocus(uint8_t *luma, int32_t w, int32_t h, double sigma, uint8_t *scratch);

/* gain * level + lift, cut off at 0 and 255. */
void lens_expose(uint8_t *luma, int32_t w, int32_t h, double gain, double lift);

#endif
