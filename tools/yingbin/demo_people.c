/* SPDX-License-Identifier: Apache-2.0
 * Frames. Each pixel of a phone is the mean of four samples, each at its own place in the pixel and at its
 * own instant of the exposure, so that the same four give smooth edges and the blur of motion. Phones are
 * drawn at twice the size they are seen at.
 */
#include "tools/yingbin/demo_people.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/demo_glass.h"
#include "tools/yingbin/demo_lens.h"
#include "tools/yingbin/demo_pose.h"
#include "tools/yingbin/demo_room.h"

enum { SAMPLES = 4, SAMPLES_MOST = 16 /* of a hand that shakes */, GRAIN = 1 << 16 };

static const double EXPOSURE_S = 0.012;

struct people {
  struct people_scene scene;
  struct phone phone[PEOPLE_GUESTS_MAX];
  uint8_t *room;   /* the frame without people */
  uint8_t *behind; /* what phones mirror; NULL: none does */
  uint8_t *scratch;
  int8_t grain[GRAIN]; /* normally distributed noise */
};

struct window { /* pixels [x0, x1) x [y0, y1) */
  int32_t x0, y0, x1, y1;
};

static double exposure_s(const struct people *p) { return p->scene.exposure_s > 0 ? p->scene.exposure_s : EXPOSURE_S; }

static void widen(struct window *window, const double m[9], const struct phone *phone) {
  for (int corner = 0; corner < 4; corner++) {
    double u = corner & 1 ? phone->w : 0, v = corner & 2 ? phone->h : 0;
    double x, y;
    pose_point(m, u, v, &x, &y);
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

/* Where in a pixel sample s of `samples` is taken; 16: rows of four, not in the order of time. */
static void place(int s, int samples, double *x, double *y) {
  static const double four[SAMPLES][2] = {{0.125, 0.625}, {0.375, 0.125}, {0.625, 0.875}, {0.875, 0.375}};
  int k = s * 7 % SAMPLES_MOST;
  *x = samples == SAMPLES ? four[s][0] : (k % 4 + 0.5) / 4;
  *y = samples == SAMPLES ? four[s][1] : ((k / 4 + s) % 4 + 0.5) / 4;
}

/* Of each instant of the exposure at which guest g is here, texels of pixels. Returns how many. */
static int planes(const struct people *p, int g, double t, int samples, double plane[][9], struct window *window) {
  int seen = 0;
  for (int s = 0; s < samples; s++) {
    struct pose pose;
    if (!pose_at(&p->scene, &p->phone[g], g, t + exposure_s(p) * s / samples, &pose)) continue;
    double m[9];
    pose_project(&p->scene, &p->phone[g], &pose, m);
    widen(window, m, &p->phone[g]);
    pose_invert(m, plane[seen++]);
  }
  clip(p, window);
  return seen;
}

static void draw_phone(const struct people *p, int g, double t, uint8_t *luma) {
  const struct phone *phone = &p->phone[g];
  double plane[SAMPLES_MOST][9], at[SAMPLES_MOST][2];
  struct window window = {p->scene.w, p->scene.h, 0, 0};
  uint32_t samples = p->scene.guest[g].shake > 0 ? SAMPLES_MOST : SAMPLES;
  int seen = planes(p, g, t, (int)samples, plane, &window);
  for (int s = 0; s < seen; s++) place(s, (int)samples, &at[s][0], &at[s][1]);
  for (int32_t y = window.y0; y < window.y1; y++) {
    uint8_t *row = luma + (size_t)y * (size_t)p->scene.w;
    for (int32_t x = window.x0; x < window.x1; x++) {
      uint32_t sum = 0, alpha = 0;
      for (int s = 0; s < seen; s++) {
        double u, v;
        pose_point(plane[s], x + at[s][0], y + at[s][1], &u, &v);
        sample(phone, u, v, &sum, &alpha);
      }
      if (alpha) row[x] = (uint8_t)((sum + row[x] * (255 * samples - alpha) / 255) / samples);
    }
  }
}

static void draw_body(const struct people *p, int g, double t, uint8_t *luma) {
  struct pose pose;
  if (!pose_at(&p->scene, &p->phone[g], g, t, &pose)) return;
  const struct people_guest *guest = &p->scene.guest[g];
  double h = p->scene.h, light = p->scene.light, lit = guest->shows == PEOPLE_PAPER ? 0 : 30 * guest->glow * (1 - light);
  double u = (t - guest->comes_s) / guest->stays_s, here = pose_ease(u / 0.2) * (1 - pose_ease((u - 0.85) / 0.15));
  double body = p->scene.w * (0.75 * guest->x + 0.125) + (pose.x - p->scene.w * guest->x) * 0.35;
  room_blob(&p->scene, body, h * 1.02, h * 0.52, h * 0.5, 0.06, 14 + 50 * light, here, luma);
  room_blob(&p->scene, body, h * 0.3, h * 0.17, h * 0.24, 0.1, 30 + 120 * light + lit, here, luma);
  room_blob(&p->scene, body, h * 0.16, h * 0.18, h * 0.13, 0.12, 12 + 20 * light, here, luma);
}

static void draw_hand(const struct people *p, int g, double t, uint8_t *luma) {
  struct pose pose;
  if (!pose_at(&p->scene, &p->phone[g], g, t, &pose)) return;
  double tall = p->scene.guest[g].size * p->scene.h, x = pose.x - sin(pose.turn) * tall * 0.3,
         y = pose.y + cos(pose.turn) * tall * 0.3;
  room_blob(&p->scene, x, y, tall * 0.3, tall * 0.25, 0.08, 35 + 130 * p->scene.light, 1, luma);
  draw_phone(p, g, t, luma);
  if (glass_any(&p->scene.guest[g]))
    glass_draw(&(struct glass){&p->scene, &p->scene.guest[g], &p->phone[g], &pose, p->behind}, luma);
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

static bool draw_guest(struct people *p, int g, struct problem *problem) {
  struct people_guest *guest = &p->scene.guest[g];
  struct phone *phone = &p->phone[g];
  int32_t height = (int32_t)lround(2 * guest->size * p->scene.h);
  if (!phone_draw(guest, height, p->scene.light, p->scene.seed + (uint64_t)g, phone, problem)) return false;
  phone_blur(phone, 2 * guest->blur);
  guest->payload = NULL; /* in the picture now */
  if (guest->shows == PEOPLE_PAGE) guest->size = guest->module / phone->module * (phone->h - 2 * PHONE_MARGIN) / p->scene.h;
  return true;
}

static bool draw_rooms(struct people *p, struct problem *problem) {
  size_t size = (size_t)p->scene.w * (size_t)p->scene.h;
  bool mirrors = false;
  for (int g = 0; g < p->scene.guests; g++) mirrors |= p->scene.guest[g].mirror > 0;
  p->room = malloc(size);
  p->scratch = malloc(size);
  p->behind = mirrors ? malloc(size) : NULL;
  if (!p->room || !p->scratch || (mirrors && !p->behind)) return problem_set(problem, "内存不足", "out of memory");
  room_draw(&p->scene, p->scene.seed, p->room, p->scratch);
  if (mirrors) room_draw(&p->scene, ~p->scene.seed, p->behind, p->scratch);
  return true;
}

static void draw_grain(struct people *p) {
  uint64_t chance = p->scene.seed ^ 0x677261696e;
  for (int i = 0; i < GRAIN; i++) { /* Irwin and Hall: the sum of twelve shares is nearly normal, its variance 1 */
    double sum = -6;
    for (int k = 0; k < 12; k++) sum += people_share(&chance);
    p->grain[i] = (int8_t)fmax(-127, fmin(127, lround(sum * p->scene.noise)));
  }
}

bool people_open(const struct people_scene *scene, struct people **out, struct problem *problem) {
  struct people *p = calloc(1, sizeof *p);
  *out = NULL;
  if (!p) return problem_set(problem, "内存不足", "out of memory");
  p->scene = *scene;
  bool good = draw_rooms(p, problem);
  for (int g = 0; good && g < scene->guests; g++) good = draw_guest(p, g, problem);
  if (!good) {
    people_close(p);
    return false;
  }
  draw_grain(p);
  *out = p;
  return true;
}

void people_close(struct people *p) {
  if (!p) return;
  for (int g = 0; g < p->scene.guests; g++) phone_free(&p->phone[g]);
  free(p->room);
  free(p->behind);
  free(p->scratch);
  free(p);
}

void people_frame(const struct people *p, int64_t index, uint8_t *luma) {
  memcpy(luma, p->room, (size_t)p->scene.w * (size_t)p->scene.h);
  double t = (double)index / p->scene.fps;
  for (int g = 0; g < p->scene.guests && p->scene.room == PEOPLE_LAMPS; g++) draw_body(p, g, t, luma);
  for (int g = 0; g < p->scene.guests; g++) draw_hand(p, g, t, luma);
  lens_defocus(luma, p->scene.w, p->scene.h, p->scene.defocus, p->scratch);
  if (p->scene.gain > 0) lens_expose(luma, p->scene.w, p->scene.h, p->scene.gain, p->scene.lift);
  draw_noise(p, index, luma);
}

static bool corners(const struct people *p, int g, double t, double corner[8]) {
  static const int right[4] = {0, 1, 1, 0}, down[4] = {0, 0, 1, 1};
  const struct phone *phone = &p->phone[g];
  struct pose pose;
  double m[9];
  if (phone->code[2] <= 0 || !pose_at(&p->scene, phone, g, t, &pose)) return false;
  pose_project(&p->scene, phone, &pose, m);
  for (int i = 0; i < 4; i++)
    pose_point(m, phone->code[0] + phone->code[2] * right[i], phone->code[1] + phone->code[2] * down[i], &corner[2 * i],
               &corner[2 * i + 1]);
  return true;
}

bool people_code(const struct people *p, int g, int64_t index, double corner[8], double *module, double *smear) {
  double t = (double)index / p->scene.fps, late[8], round = 0;
  if (!corners(p, g, t, corner) || !corners(p, g, t + exposure_s(p), late)) return false;
  *smear = 0;
  for (int i = 0; i < 4; i++) {
    int next = (i + 1) % 4;
    round += hypot(corner[2 * next] - corner[2 * i], corner[2 * next + 1] - corner[2 * i + 1]);
    *smear = fmax(*smear, hypot(late[2 * i] - corner[2 * i], late[2 * i + 1] - corner[2 * i + 1]));
  }
  *module = round / 4 / p->phone[g].modules;
  return true;
}

int64_t people_frames(const struct people *p) {
  double end = 0;
  for (int g = 0; g < p->scene.guests; g++) end = fmax(end, p->scene.guest[g].comes_s + p->scene.guest[g].stays_s);
  return (int64_t)ceil(end * p->scene.fps) + 1;
}

bool people_write(const struct people *p, int64_t frames, FILE *out) {
  size_t size = (size_t)p->scene.w * (size_t)p->scene.h;
  uint8_t *luma = malloc(size);
  bool good = luma && fprintf(out, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 Cmono\n", p->scene.w, p->scene.h, p->scene.fps) > 0;
  for (int64_t i = 0; good && i < frames; i++) {
    people_frame(p, i, luma);
    good = fputs("FRAME\n", out) >= 0 && fwrite(luma, 1, size, out) == size;
  }
  int why = luma ? errno : ENOMEM;
  free(luma);
  errno = why;
  return good;
}
