/* SPDX-License-Identifier: Apache-2.0
 * A mirror turns light by twice its own angle: a lamp's image wanders over the page as the hand sways.
 */
#include "tools/yingbin/demo_glass.h"

#include <math.h>

static const double WANDERS = 9; /* sides of the code a radian */

struct area { /* pixels [x0, x1) x [y0, y1) */
  int32_t x0, y0, x1, y1;
};

static struct area area_of(const struct people_scene *s, double x0, double y0, double x1, double y1) {
  return (struct area){(int32_t)fmax(0, floor(x0)), (int32_t)fmax(0, floor(y0)), (int32_t)fmin(s->w, ceil(x1)),
                       (int32_t)fmin(s->h, ceil(y1))};
}

bool glass_any(const struct people_guest *guest) { return guest->spots || guest->bars || guest->mirror > 0; }

static double side_of(const struct phone *phone) { return phone->module * phone->modules; }

/* Grey levels that the lamps add at (u, v), in sides of the code from its centre. */
static double lamps(const struct glass *glass, double u, double v) {
  const struct people_guest *guest = glass->guest;
  double light = 0, du = WANDERS * (glass->pose->tilt - guest->tilt * 0.017453),
         dv = WANDERS * (glass->pose->lean - guest->lean * 0.017453);
  for (int i = 0; i < guest->spots; i++) {
    const struct people_spot *s = &guest->spot[i];
    double x = (u - s->x - du) / s->rx, y = (v - s->y - dv) / s->ry, d = x * x + y * y;
    if (d < 9) light += s->peak * exp(-d);
  }
  return light;
}

static void shine(const struct glass *glass, const double to_texel[9], struct area area, uint8_t *luma) {
  const struct people_scene *s = glass->scene;
  const struct phone *phone = glass->phone;
  double side = side_of(phone), mirror = glass->guest->mirror;
  for (int32_t y = area.y0; y < area.y1; y++)
    for (int32_t x = area.x0; x < area.x1; x++) {
      double u, v;
      pose_point(to_texel, x + 0.5, y + 0.5, &u, &v);
      if (u < PHONE_MARGIN || v < PHONE_MARGIN || u > phone->w - PHONE_MARGIN || v > phone->h - PHONE_MARGIN) continue;
      uint8_t *at = &luma[(size_t)y * (size_t)s->w + (size_t)x];
      int32_t mx = s->w - 1 - x, my = (int32_t)fmax(0, fmin(s->h - 1, y + 400 * (glass->pose->lean)));
      double level = *at;
      if (mirror > 0) level += mirror * (glass->mirrored[(size_t)my * (size_t)s->w + (size_t)mx] - level);
      level += lamps(glass, (u - phone->x) / side, (v - phone->y) / side);
      *at = (uint8_t)fmax(0, fmin(255, level));
    }
}

/* A rounded bar, soft at its edge, rounder in the middle. */
static void lay(const struct glass *glass, const double to_pixel[9], const struct people_bar *bar, uint8_t *luma) {
  const struct people_scene *s = glass->scene;
  const struct phone *phone = glass->phone;
  double side = side_of(phone), x0, y0, x1, y1, r = fmax(0.6, 0.5 * bar->width * side * glass->pose->scale);
  pose_point(to_pixel, phone->x + bar->x0 * side, phone->y + bar->y0 * side, &x0, &y0);
  pose_point(to_pixel, phone->x + bar->x1 * side, phone->y + bar->y1 * side, &x1, &y1);
  struct area area = area_of(s, fmin(x0, x1) - r - 1, fmin(y0, y1) - r - 1, fmax(x0, x1) + r + 1, fmax(y0, y1) + r + 1);
  double dx = x1 - x0, dy = y1 - y0, along = dx * dx + dy * dy;
  for (int32_t y = area.y0; y < area.y1; y++)
    for (int32_t x = area.x0; x < area.x1; x++) {
      double px = x + 0.5 - x0, py = y + 0.5 - y0, u = along > 0 ? fmax(0, fmin(1, (px * dx + py * dy) / along)) : 0;
      double d = hypot(px - u * dx, py - u * dy), alpha = fmax(0, fmin(1, r - d + 0.5));
      uint8_t *at = &luma[(size_t)y * (size_t)s->w + (size_t)x];
      *at = (uint8_t)(*at + alpha * (bar->shade * (1 - 0.15 * d * d / (r * r)) - *at));
    }
}

void glass_draw(const struct glass *glass, uint8_t *luma) {
  const struct phone *phone = glass->phone;
  double to_pixel[9], to_texel[9], least[2] = {1e9, 1e9}, most[2] = {-1e9, -1e9};
  pose_project(glass->scene, phone, glass->pose, to_pixel);
  pose_invert(to_pixel, to_texel);
  for (int corner = 0; corner < 4; corner++) {
    double x, y;
    pose_point(to_pixel, corner & 1 ? phone->w : 0, corner & 2 ? phone->h : 0, &x, &y);
    least[0] = fmin(least[0], x), least[1] = fmin(least[1], y), most[0] = fmax(most[0], x), most[1] = fmax(most[1], y);
  }
  if (glass->guest->spots || glass->guest->mirror > 0)
    shine(glass, to_texel, area_of(glass->scene, least[0], least[1], most[0], most[1]), luma);
  for (int i = 0; i < glass->guest->bars; i++) lay(glass, to_pixel, &glass->guest->bar[i], luma);
}
