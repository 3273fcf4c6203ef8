/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_room.h"

#include "tools/yingbin/demo_pose.h"

enum { LAMPS = 9 };

static int32_t within(double v, int32_t most) { return v < 0 ? 0 : v > most ? most : (int32_t)v; }

void room_blob(const struct people_scene *scene, double x, double y, double rx, double ry, double edge, double shade,
               double most, uint8_t *luma) {
  double reach = 1 + edge, inner = (1 - edge) * (1 - edge), outer = reach * reach;
  int32_t x0 = within(x - rx * reach, scene->w), x1 = within(x + rx * reach, scene->w);
  int32_t y0 = within(y - ry * reach, scene->h), y1 = within(y + ry * reach, scene->h);
  for (int32_t py = y0; py < y1; py++) {
    uint8_t *row = luma + (size_t)py * (size_t)scene->w;
    double dy = (py - y) / ry;
    for (int32_t px = x0; px < x1; px++) {
      double dx = (px - x) / rx, d = dx * dx + dy * dy;
      if (d >= outer) continue;
      double alpha = most * (d <= inner ? 1 : 1 - pose_ease((d - inner) / (outer - inner)));
      row[px] = (uint8_t)(row[px] + alpha * (shade - row[px]));
    }
  }
}

static void draw_lamps(const struct people_scene *s, uint64_t seed, uint8_t *luma) {
  uint64_t chance = seed ^ 0x726f6f6d;
  for (int32_t y = 0; y < s->h; y++)
    for (int32_t x = 0; x < s->w; x++)
      luma[(size_t)y * (size_t)s->w + (size_t)x] = (uint8_t)(12 + s->light * (105 - 40.0 * y / s->h + 25.0 * x / s->w));
  for (int i = 0; i < LAMPS; i++) {
    double x = people_share(&chance) * s->w, y = people_share(&chance) * s->h * 0.5,
           r = (0.02 + 0.05 * people_share(&chance)) * s->h;
    room_blob(s, x, y, r, r, 0.15, 120 + 110 * people_share(&chance), 0.35 + 0.3 * people_share(&chance), luma);
  }
}

void room_draw(const struct people_scene *scene, uint64_t seed, uint8_t *luma, uint8_t *scratch) {
  if (scene->room == PEOPLE_THINGS) {
    room_things(scene, seed, luma, scratch);
  } else {
    draw_lamps(scene, seed, luma);
  }
}
