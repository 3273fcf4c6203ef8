/* SPDX-License-Identifier: Apache-2.0
 * Colours that people choose, made readable: contrast as WCAG 2 defines it, and the nearest colour of the
 * same hue that has enough of it. Hue and lightness are those of the OKLab colour space (Björn Ottosson,
 * 2020), in which equal steps look equal. Pure; colours are 0xRRGGBB in sRGB.
 */
#ifndef YINGBIN_CORE_ACCENT_H
#define YINGBIN_CORE_ACCENT_H

#include <stdbool.h>
#include <stdint.h>

struct accent_on { /* what an accent stands on in a theme */
  uint32_t ground, card;
  bool dark; /* there it is made lighter, else darker */
};

/* Those of the theme that ships, light and dark, for tools that warn before there is a kiosk. */
extern const struct accent_on accent_usual[2];

/* What is asked in each theme of shapes and large type (a dark screen's must glow), and of words of any size. */
extern const double accent_shape[2];
#define ACCENT_TEXT 7.0

double accent_contrast(uint32_t a, uint32_t b); /* 1 to 21 */

double accent_worst(uint32_t colour, const struct accent_on *on);

/* The colour itself where it has the contrast there, else made darker or lighter. */
uint32_t accent_fit(uint32_t colour, const struct accent_on *on, double contrast);

/* How different two colours look: under ACCENT_ALIKE people take one for the other. */
#define ACCENT_ALIKE 0.1
double accent_distance(uint32_t a, uint32_t b);

#endif
