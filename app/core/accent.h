/* SPDX-License-Identifier: Apache-2.0
 * Colours that people choose, made readable: contrast as WCAG 2 defines it, and the nearest colour of the
 * same hue that has enough of it. Hue and lightness are those of the OKLab colour space (Björn Ottosson,
 * 2020), in which equal steps look equal. Pure; colours are 0xRRGGBB in sRGB.
 */
#ifndef YINGBIN_CORE_ACCENT_H
#define YINGBIN_CORE_ACCENT_H

#include <stdint.h>

enum { ACCENT_GROUNDS = 2 };

/* What an accent stands on, in the light theme and in the dark one: the ground and a card. */
extern const uint32_t accent_ground[2][ACCENT_GROUNDS];

/* What is asked in each theme of shapes and large type (a dark screen's must glow), and of words of any size. */
extern const double accent_shape[2];
#define ACCENT_TEXT 7.0

double accent_contrast(uint32_t a, uint32_t b); /* 1 to 21 */

/* The worst contrast of a colour in that theme (0 light, 1 dark). */
double accent_worst(uint32_t colour, int theme);

/* The colour itself where it has the contrast in that theme, else made darker (light theme) or lighter. */
uint32_t accent_fit(uint32_t colour, int theme, double contrast);

/* How different two colours look: under ACCENT_ALIKE people take one for the other. */
#define ACCENT_ALIKE 0.1
double accent_distance(uint32_t a, uint32_t b);

#endif
