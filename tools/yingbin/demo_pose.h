/* SPDX-License-Identifier: Apache-2.0
 * How a person holds a phone at one instant, and where the phone's plane then stands in the frame: a
 * plane before a pinhole camera. Pure.
 */
#ifndef YINGBIN_TOOLS_DEMO_POSE_H
#define YINGBIN_TOOLS_DEMO_POSE_H

#include "tools/yingbin/demo_phone.h"

struct pose {              /* at one instant */
  double x, y;             /* of the point held still, in pixels */
  double turn, tilt, lean; /* radians */
  double scale;            /* pixels a texel */
};

static inline double pose_ease(double u) { return u < 0 ? 0 : u > 1 ? 1 : u * u * (3 - 2 * u); }

/* Where guest g holds the phone at `t` seconds; false: not here. */
bool pose_at(const struct people_scene *scene, const struct phone *phone, int g, double t, struct pose *pose);

/* The projection, homogeneous, row by row: texel (u, v) is pixel (m0 u + m1 v + m2, m3 u + m4 v + m5) / (m6 u + m7 v + m8). */
void pose_project(const struct people_scene *scene, const struct phone *phone, const struct pose *pose, double m[9]);
void pose_invert(const double m[9], double out[9]); /* texels of pixels, in the same form */

static inline void pose_point(const double m[9], double u, double v, double *x, double *y) {
  double w = 1 / (m[6] * u + m[7] * v + m[8]);
  *x = (m[0] * u + m[1] * v + m[2]) * w, *y = (m[3] * u + m[4] * v + m[5]) * w;
}

#endif
