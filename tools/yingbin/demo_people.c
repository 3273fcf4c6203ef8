/* SPDX-License-Identifier: Apache-2.0
 * Motion, perspective and camera. A phone is a plane before a pinhole camera; each pixel is the mean of
 * four samples, each at its own place in the pixel and at its own instant of the exposure, so that the
 * same four give smooth edges and the blur of motion. Phones are drawn at twice the size they are seen at.
 */
#include "tools/yingbin/demo_people.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/demo_phone.h"

enum { SAMPLES = 4, GRAIN = 1 << 16, LAMPS = 9 };

static const double EXPOSURE_S = 0.012, FOCAL = 1.05 /* in widths of the frame */, RADIAN = 0.017453292519943295;
static const double COMING = 0.28, LEAVING = 0.24; /* shares of a stay */

struct people {
  struct people_scene scene;
  struct phone phone[PEOPLE_GUESTS_MAX];
  uint8_t *room;       /* the frame without people */
  int8_t grain[GRAIN]; /* normally distributed noise */
};

struct pose {              /* at one instant */
  double x, y;             /* of the centre, in pixels */
  double turn, tilt, lean; /* radians */
  double scale;            /* pixels a texel */
};

struct plane { /* texel = (a x + b y + c) / (g x + h y + i), and so on: the inverse of the projection */
  double m[9];
};

struct window { /* pixels [x0, x1) x [y0, y1) */
  int32_t x0, y0, x1, y1;
};

static double ease(double u) { return u < 0 ? 0 : u > 1 ? 1 : u * u * (3 - 2 * u); }

/* Where guest g holds the phone at `t` seconds; false: not here. */
static bool pose_at(const struct people *p, int g, double t, struct pose *pose) {
  const struct people_guest *guest = &p->scene.guest[g];
  double u = (t - guest->comes_s) / guest->stays_s;
  if (u < 0 || u > 1) return false;
  double away = 1 - ease(u / COMING), off = ease((u - 1 + LEAVING) / LEAVING), side = g % 2 ? 1 : -1;
  double sway = sin(t * 5.1 + g), tremor = sin(t * 23 + 2 * g);
  pose->x = p->scene.w * (guest->x + side * (0.12 * away + 0.85 * off) + 0.004 * sway);
  pose->y = p->scene.h * (guest->y + 1.15 * away + 0.1 * off + 0.006 * sin(t * 4.3 + 3 * g) + 0.001 * tremor);
  pose->turn = RADIAN * (guest->turn + side * (40 * away + 25 * off) + 1.5 * sway);
  pose->tilt = RADIAN * (guest->tilt + side * 35 * off + 2 * tremor * (away + off) + sway);
  pose->lean = RADIAN * (guest->lean + 30 * away + sin(t * 3.7 + g));
  pose->scale = guest->size * p->scene.h / (p->phone[g].h - 2 * PHONE_MARGIN) * (1 - 0.15 * away + 0.12 * off);
  return true;
}

/* The projection of the phone's plane, columns: its x axis, its y axis, its origin. */
static void project(const struct people *p, const struct phone *phone, const struct pose *pose, double m[9]) {
  double f = FOCAL * p->scene.w, far = f / pose->scale; /* a texel is one unit long */
  double ct = cos(pose->turn), st = sin(pose->turn), cy = cos(pose->tilt), sy = sin(pose->tilt), cx = cos(pose->lean),
         sx = sin(pose->lean);
  double ax[3] = {cy * ct + sy * sx * st, cx * st, -sy * ct + cy * sx * st};
  double ay[3] = {-cy * st + sy * sx * ct, cx * ct, sy * st + cy * sx * ct};
  double px = pose->x - p->scene.w / 2.0, py = pose->y - p->scene.h / 2.0;
  double origin[3];
  for (int k = 0; k < 3; k++) origin[k] = -ax[k] * phone->w / 2.0 - ay[k] * phone->h / 2.0;
  origin[0] += px * far / f, origin[1] += py * far / f, origin[2] += far;
  const double *column[3] = {ax, ay, origin};
  for (int k = 0; k < 3; k++) {
    m[k] = f * column[k][0] + p->scene.w / 2.0 * column[k][2];
    m[3 + k] = f * column[k][1] + p->scene.h / 2.0 * column[k][2];
    m[6 + k] = column[k][2];
  }
}

/* The adjugate is the inverse up to a factor, which homogeneous coordinates don't see. */
static void invert(const double m[9], double out[9]) {
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++) {
      int a = (c + 1) % 3, b = (c + 2) % 3, d = (r + 1) % 3, e = (r + 2) % 3;
      out[3 * r + c] = m[3 * a + d] * m[3 * b + e] - m[3 * a + e] * m[3 * b + d];
    }
}

static void widen(struct window *window, const double m[9], const struct phone *phone) {
  for (int corner = 0; corner < 4; corner++) {
    double u = corner & 1 ? phone->w : 0, v = corner & 2 ? phone->h : 0;
    double w = m[6] * u + m[7] * v + m[8], x = (m[0] * u + m[1] * v + m[2]) / w, y = (m[3] * u + m[4] * v + m[5]) / w;
    window->x0 = (int32_t)fmin(window->x0, floor(x) - 1), window->x1 = (int32_t)fmax(window->x1, ceil(x) + 1);
    window->y0 = (int32_t)fmin(window->y0, floor(y) - 1), window->y1 = (int32_t)fmax(window->y1, ceil(y) + 1);
  }
}

static void clip(const struct people *p, struct window *window) {
  if (window->x0 < 0) window->x0 = 0;
  if (window->y0 < 0) window->y0 = 0;
  if (window->x1 > p->scene.w) window->x1 = p->scene.w;
  if (window->y1 > p->scene.h) window->y1 = p->scene.h;
}

/* Adds the texel at (u, v), bilinear in 1/256ths, to luma and alpha; outside there is nothing. */
static inline void sample(const struct phone *phone, double u, double v, uint32_t *luma, uint32_t *alpha) {
  u -= 0.5, v -= 0.5;
  if (!(u >= 0 && v >= 0 && u < phone->w - 1 && v < phone->h - 1)) return;
  uint32_t iu = (uint32_t)(u * 256), iv = (uint32_t)(v * 256), fu = iu & 255, fv = iv & 255;
  const struct texel *t = phone->texel + (size_t)(iv >> 8) * (size_t)phone->w + (iu >> 8), *below = t + phone->w;
  uint32_t a = (256 - fu) * (256 - fv), b = fu * (256 - fv), c = (256 - fu) * fv, d = fu * fv;
  *luma += (a * t[0].luma + b * t[1].luma + c * below[0].luma + d * below[1].luma) >> 16;
  *alpha += (a * t[0].alpha + b * t[1].alpha + c * below[0].alpha + d * below[1].alpha) >> 16;
}

static void draw_phone(const struct people *p, int g, double t, uint8_t *luma) {
  static const double jitter[SAMPLES][2] = {{0.125, 0.625}, {0.375, 0.125}, {0.625, 0.875}, {0.875, 0.375}};
  const struct phone *phone = &p->phone[g];
  struct plane plane[SAMPLES];
  struct window window = {p->scene.w, p->scene.h, 0, 0};
  int seen = 0;
  for (int s = 0; s < SAMPLES; s++) {
    struct pose pose;
    if (!pose_at(p, g, t + EXPOSURE_S * s / SAMPLES, &pose)) continue;
    double m[9];
    project(p, phone, &pose, m);
    widen(&window, m, phone);
    invert(m, plane[seen++].m);
  }
  clip(p, &window);
  for (int32_t y = window.y0; y < window.y1; y++) {
    uint8_t *row = luma + (size_t)y * (size_t)p->scene.w;
    for (int32_t x = window.x0; x < window.x1; x++) {
      uint32_t sum = 0, alpha = 0;
      for (int s = 0; s < seen; s++) {
        const double *m = plane[s].m;
        double px = x + jitter[s][0], py = y + jitter[s][1], w = 1 / (m[6] * px + m[7] * py + m[8]);
        sample(phone, (m[0] * px + m[1] * py + m[2]) * w, (m[3] * px + m[4] * py + m[5]) * w, &sum, &alpha);
      }
      if (alpha) row[x] = (uint8_t)((sum + row[x] * (255 * SAMPLES - alpha) / 255) / SAMPLES);
    }
  }
}

/* A soft ellipse: head and shoulders out of focus, the hand behind the phone, a lamp. */
static void draw_blob(const struct people *p, double x, double y, double rx, double ry, double edge, double shade, double most,
                      uint8_t *luma) {
  double reach = 1 + edge;
  struct window window = {(int32_t)(x - rx * reach), (int32_t)(y - ry * reach), (int32_t)(x + rx * reach),
                          (int32_t)(y + ry * reach)};
  clip(p, &window);
  for (int32_t py = window.y0; py < window.y1; py++) {
    uint8_t *row = luma + (size_t)py * (size_t)p->scene.w;
    double dy = (py - y) / ry, inner = (1 - edge) * (1 - edge), outer = reach * reach;
    for (int32_t px = window.x0; px < window.x1; px++) {
      double dx = (px - x) / rx, d = dx * dx + dy * dy;
      if (d >= outer) continue;
      double alpha = most * (d <= inner ? 1 : 1 - ease((d - inner) / (outer - inner)));
      row[px] = (uint8_t)(row[px] + alpha * (shade - row[px]));
    }
  }
}

static void draw_body(const struct people *p, int g, double t, uint8_t *luma) {
  struct pose pose;
  if (!pose_at(p, g, t, &pose)) return;
  const struct people_guest *guest = &p->scene.guest[g];
  double h = p->scene.h, light = p->scene.light, lit = guest->shows == PEOPLE_PAPER ? 0 : 30 * guest->glow * (1 - light);
  double u = (t - guest->comes_s) / guest->stays_s, here = ease(u / 0.2) * (1 - ease((u - 0.85) / 0.15));
  double body = p->scene.w * (0.75 * guest->x + 0.125) + (pose.x - p->scene.w * guest->x) * 0.35;
  draw_blob(p, body, h * 1.02, h * 0.52, h * 0.5, 0.06, 14 + 50 * light, here, luma);
  draw_blob(p, body, h * 0.3, h * 0.17, h * 0.24, 0.1, 30 + 120 * light + lit, here, luma);
  draw_blob(p, body, h * 0.16, h * 0.18, h * 0.13, 0.12, 12 + 20 * light, here, luma);
}

static void draw_hand(const struct people *p, int g, double t, uint8_t *luma) {
  struct pose pose;
  if (!pose_at(p, g, t, &pose)) return;
  double tall = p->scene.guest[g].size * p->scene.h, x = pose.x - sin(pose.turn) * tall * 0.3,
         y = pose.y + cos(pose.turn) * tall * 0.3;
  draw_blob(p, x, y, tall * 0.3, tall * 0.25, 0.08, 35 + 130 * p->scene.light, 1, luma);
  draw_phone(p, g, t, luma);
}

static void draw_room(struct people *p) {
  const struct people_scene *s = &p->scene;
  uint64_t chance = s->seed ^ 0x726f6f6d;
  for (int32_t y = 0; y < s->h; y++)
    for (int32_t x = 0; x < s->w; x++)
      p->room[(size_t)y * (size_t)s->w + (size_t)x] = (uint8_t)(12 + s->light * (105 - 40.0 * y / s->h + 25.0 * x / s->w));
  for (int i = 0; i < LAMPS; i++) {
    double x = people_share(&chance) * s->w, y = people_share(&chance) * s->h * 0.5,
           r = (0.02 + 0.05 * people_share(&chance)) * s->h;
    draw_blob(p, x, y, r, r, 0.15, 120 + 110 * people_share(&chance), 0.35 + 0.3 * people_share(&chance), p->room);
  }
}

static void draw_noise(const struct people *p, int64_t index, uint8_t *luma) {
  uint64_t chance = p->scene.seed ^ (uint64_t)index * 0x9e3779b97f4a7c15u;
  for (int32_t y = 0; y < p->scene.h; y++) {
    uint8_t *row = luma + (size_t)y * (size_t)p->scene.w;
    uint32_t from = (uint32_t)people_chance(&chance);
    for (int32_t x = 0; x < p->scene.w; x++) {
      int value = row[x] + p->grain[(from + (uint32_t)x) % GRAIN];
      row[x] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
  }
}

bool people_open(const struct people_scene *scene, struct people **out, struct problem *problem) {
  struct people *p = calloc(1, sizeof *p);
  *out = NULL;
  if (!p) return problem_set(problem, "内存不足", "out of memory");
  p->scene = *scene;
  p->room = malloc((size_t)scene->w * (size_t)scene->h);
  bool good = p->room || problem_set(problem, "内存不足", "out of memory");
  for (int g = 0; good && g < scene->guests; g++) {
    const struct people_guest *guest = &scene->guest[g];
    int32_t height = (int32_t)lround(2 * guest->size * scene->h);
    good = phone_draw(guest, height, scene->light, scene->seed + (uint64_t)g, &p->phone[g], problem);
    if (good) phone_blur(&p->phone[g], 2 * guest->blur);
    p->scene.guest[g].payload = NULL; /* in the picture now */
  }
  if (!good) {
    people_close(p);
    return false;
  }
  draw_room(p);
  uint64_t chance = scene->seed ^ 0x677261696e;
  for (int i = 0; i < GRAIN; i++) { /* Irwin and Hall: the sum of twelve shares is nearly normal, its variance 1 */
    double sum = -6;
    for (int k = 0; k < 12; k++) sum += people_share(&chance);
    p->grain[i] = (int8_t)fmax(-127, fmin(127, lround(sum * scene->noise)));
  }
  *out = p;
  return true;
}

void people_close(struct people *p) {
  if (!p) return;
  for (int g = 0; g < p->scene.guests; g++) phone_free(&p->phone[g]);
  free(p->room);
  free(p);
}

void people_frame(const struct people *p, int64_t index, uint8_t *luma) {
  memcpy(luma, p->room, (size_t)p->scene.w * (size_t)p->scene.h);
  double t = (double)index / p->scene.fps;
  for (int g = 0; g < p->scene.guests; g++) draw_body(p, g, t, luma);
  for (int g = 0; g < p->scene.guests; g++) draw_hand(p, g, t, luma);
  draw_noise(p, index, luma);
}

int64_t people_frames(const struct people *p) {
  double end = 0;
  for (int g = 0; g < p->scene.guests; g++) end = fmax(end, p->scene.guest[g].comes_s + p->scene.guest[g].stays_s);
  return (int64_t)ceil(end * p->scene.fps) + 1;
}

bool people_write(const struct people *p, FILE *out) {
  size_t size = (size_t)p->scene.w * (size_t)p->scene.h;
  uint8_t *luma = malloc(size);
  bool good = luma && fprintf(out, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 Cmono\n", p->scene.w, p->scene.h, p->scene.fps) > 0;
  for (int64_t i = 0, n = people_frames(p); good && i < n; i++) {
    people_frame(p, i, luma);
    good = fputs("FRAME\n", out) >= 0 && fwrite(luma, 1, size, out) == size;
  }
  int why = luma ? errno : ENOMEM;
  free(luma);
  errno = why;
  return good;
}
