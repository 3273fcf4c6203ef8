/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_pose.h"

#include <math.h>

static const double FOCAL = 1.05 /* in widths of the frame */, RADIAN = 0.017453292519943295;
static const double COMING = 0.28, LEAVING = 0.24;         /* shares of a stay */
static const double TREMBLES_HZ = 2.7, EXPOSURE_S = 0.012; /* of a hand that shakes */

/* To and fro; at its fastest it moves by `shake` pixels in an exposure. */
static void tremble(const struct people_scene *scene, const struct people_guest *guest, double t, struct pose *pose) {
  double speed = 6.283185307 * TREMBLES_HZ, exposure = scene->exposure_s > 0 ? scene->exposure_s : EXPOSURE_S;
  double far = guest->shake / (exposure * speed) * sin(speed * t + guest->shake_angle * 7);
  pose->x += far * cos(guest->shake_angle), pose->y += far * sin(guest->shake_angle);
}

bool pose_at(const struct people_scene *scene, const struct phone *phone, int g, double t, struct pose *pose) {
  const struct people_guest *guest = &scene->guest[g];
  double u = (t - guest->comes_s) / guest->stays_s;
  if (u < 0 || u > 1) return false;
  double away = 1 - pose_ease(u / COMING), off = pose_ease((u - 1 + LEAVING) / LEAVING), side = g % 2 ? 1 : -1;
  double sway = sin(t * 5.1 + g), tremor = sin(t * 23 + 2 * g);
  pose->x = scene->w * (guest->x + side * (0.12 * away + 0.85 * off) + 0.004 * sway);
  pose->y = scene->h * (guest->y + 1.15 * away + 0.1 * off + 0.006 * sin(t * 4.3 + 3 * g) + 0.001 * tremor);
  pose->turn = RADIAN * (guest->turn + side * (40 * away + 25 * off) + 1.5 * sway);
  pose->tilt = RADIAN * (guest->tilt + side * 35 * off + 2 * tremor * (away + off) + sway);
  pose->lean = RADIAN * (guest->lean + 30 * away + sin(t * 3.7 + g));
  pose->scale = guest->size * scene->h / (phone->h - 2 * PHONE_MARGIN) * (1 - 0.15 * away + 0.12 * off);
  if (guest->shake > 0) tremble(scene, guest, t, pose);
  return true;
}

void pose_project(const struct people_scene *scene, const struct phone *phone, const struct pose *pose, double m[9]) {
  double f = FOCAL * scene->w, far = f / pose->scale; /* a texel is one unit long */
  double ct = cos(pose->turn), st = sin(pose->turn), cy = cos(pose->tilt), sy = sin(pose->tilt), cx = cos(pose->lean),
         sx = sin(pose->lean);
  double ax[3] = {cy * ct + sy * sx * st, cx * st, -sy * ct + cy * sx * st};
  double ay[3] = {-cy * st + sy * sx * ct, cx * ct, sy * st + cy * sx * ct};
  double px = pose->x - scene->w / 2.0, py = pose->y - scene->h / 2.0;
  double origin[3];
  for (int k = 0; k < 3; k++) origin[k] = -ax[k] * phone->x - ay[k] * phone->y;
  origin[0] += px * far / f, origin[1] += py * far / f, origin[2] += far;
  const double *column[3] = {ax, ay, origin};
  for (int k = 0; k < 3; k++) {
    m[k] = f * column[k][0] + scene->w / 2.0 * column[k][2];
    m[3 + k] = f * column[k][1] + scene->h / 2.0 * column[k][2];
    m[6 + k] = column[k][2];
  }
}

/* The adjugate is the inverse up to a factor, which homogeneous coordinates don't see. */
void pose_invert(const double m[9], double out[9]) {
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++) {
      int a = (c + 1) % 3, b = (c + 2) % 3, d = (r + 1) % 3, e = (r + 2) % 3;
      out[3 * r + c] = m[3 * a + d] * m[3 * b + e] - m[3 * a + e] * m[3 * b + d];
    }
}
