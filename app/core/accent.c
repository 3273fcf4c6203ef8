/* SPDX-License-Identifier: Apache-2.0 */
#include "core/accent.h"

#include <math.h>

const struct accent_on accent_usual[2] = {{0xF6F3EC, 0xFFFFFF, false}, {0x12161C, 0x1C222B, true}};
const double accent_shape[2] = {4.5, 7.0};

struct lab {
  double l, a, b;
};

static double linear(uint32_t colour, int shift) {
  double v = (double)(colour >> shift & 255) / 255;
  return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double encoded(double v) { return v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055; }

static double luminance(uint32_t c) { return 0.2126 * linear(c, 16) + 0.7152 * linear(c, 8) + 0.0722 * linear(c, 0); }

static struct lab lab_of(uint32_t c) {
  const double r = linear(c, 16), g = linear(c, 8), b = linear(c, 0);
  const double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
               m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
               s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return (struct lab){0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
                      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

/* False: no screen has that colour. */
static bool rgb_of(struct lab k, uint32_t *out) {
  const double l = pow(k.l + 0.3963377774 * k.a + 0.2158037573 * k.b, 3),
               m = pow(k.l - 0.1055613458 * k.a - 0.0638541728 * k.b, 3),
               s = pow(k.l - 0.0894841775 * k.a - 1.2914855480 * k.b, 3);
  const double rgb[3] = {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                         -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                         -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
  uint32_t c = 0;
  for (int i = 0; i < 3; i++) {
    if (rgb[i] < -1e-4 || rgb[i] > 1 + 1e-4) return false;
    c = c << 8 | (uint32_t)lround(fmin(fmax(encoded(fmin(fmax(rgb[i], 0), 1)), 0), 1) * 255);
  }
  *out = c;
  return true;
}

double accent_contrast(uint32_t a, uint32_t b) {
  const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
  return x > y ? x / y : y / x;
}

double accent_worst(uint32_t colour, const struct accent_on *on) {
  return fmin(accent_contrast(colour, on->ground), accent_contrast(colour, on->card));
}

uint32_t accent_fit(uint32_t colour, const struct accent_on *on, double contrast) {
  enum { STEPS = 256 };
  const struct lab from = lab_of(colour);
  const double end = on->dark ? 1 : 0;
  if (accent_worst(colour, on) >= contrast) return colour;
  for (int i = 1; i < STEPS; i++) {
    struct lab k = {.l = from.l + (end - from.l) * i / STEPS};
    if (from.l > 0) k.a = from.a * k.l / from.l, k.b = from.b * k.l / from.l;
    uint32_t c = 0;
    while (!rgb_of(k, &c)) k.a *= 0.98, k.b *= 0.98; /* a paler one of the same hue and lightness */
    if (accent_worst(c, on) >= contrast) return c;
  }
  return on->dark ? 0xFFFFFF : 0x000000;
}

double accent_distance(uint32_t a, uint32_t b) {
  const struct lab x = lab_of(a), y = lab_of(b);
  return sqrt((x.l - y.l) * (x.l - y.l) + (x.a - y.a) * (x.a - y.a) + (x.b - y.b) * (x.b - y.b));
}
