/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/image.h"

#include <stdlib.h>
#include <string.h>

#include "ui/image_inner.h"

void image_fit(int64_t from_w, int64_t from_h, int64_t w, int64_t h, int *to_w, int *to_h) {
  int64_t fit_w = w, fit_h = from_h * w / from_w;
  if (fit_h > h) fit_w = from_w * h / from_h, fit_h = h;
  *to_w = fit_w < 1 ? 1 : (int)fit_w;
  *to_h = fit_h < 1 ? 1 : (int)fit_h;
}

bool image_begin(struct image_read *r, int w, int h) {
  struct image *out = r->out;
  if (r->w == 0) r->w = w, r->h = h;
  if (w < 1 || h < 1 || w > IMAGE_SIDE_MAX || h > IMAGE_SIDE_MAX) return false;
  const int most_w = r->turned ? r->most_h : r->most_w, most_h = r->turned ? r->most_w : r->most_h;
  image_fit(w, h, most_w < w ? most_w : w, most_h < h ? most_h : h, &out->w, &out->h);
  out->argb = malloc((size_t)out->w * (size_t)out->h * sizeof *out->argb);
  r->shrinking = out->argb != NULL && shrink_init(&r->shrink, w, h, out->w, out->h, out->argb);
  return r->shrinking;
}

/* Which way up: from the place in the upright picture to that in the file's, by Exif's eight. */
static bool turn(struct image *image, int orientation) {
  const bool turned = orientation >= 5;
  const int w = turned ? image->h : image->w, h = turned ? image->w : image->h;
  uint32_t *out = orientation == 1 ? NULL : malloc((size_t)w * (size_t)h * sizeof *out);
  if (orientation == 1) return true;
  if (out == NULL) return false;
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      const int across = turned ? y : x, down = turned ? x : y;
      const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
      const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
      const int from_x = flip_x ? image->w - 1 - across : across, from_y = flip_y ? image->h - 1 - down : down;
      out[(size_t)y * (size_t)w + (size_t)x] = image->argb[(size_t)from_y * (size_t)image->w + (size_t)from_x];
    }
  free(image->argb);
  image->argb = out;
  image->w = w;
  image->h = h;
  return true;
}

static void measure(struct image *image) {
  uint64_t light = 0, seen = 0;
  image->opaque = true;
  for (size_t i = 0; i < (size_t)image->w * (size_t)image->h; i++) {
    const uint32_t p = image->argb[i], a = p >> 24;
    image->opaque = image->opaque && a == 255;
    light += (uint64_t)((p >> 16 & 255) * 54 + (p >> 8 & 255) * 183 + (p & 255) * 19) / 256 * a;
    seen += a;
  }
  image->lightness = seen > 0 ? (uint8_t)(light / seen) : 255;
}

static bool refused(const struct image_read *r, size_t len, struct problem *problem) {
  if (len > IMAGE_BYTES_MAX)
    return problem_set(problem, "图片有 %d KB，最多 8 MB：请缩小后再存一次",
                       "the picture has %d KB, of at most 8 MB: save it again, smaller", (int)(len >> 10));
  if (r->w > IMAGE_SIDE_MAX || r->h > IMAGE_SIDE_MAX)
    return problem_set(problem, "图片太大，每边至多 %1$d 像素：请缩小后再存一次（屏幕用不上更大的）",
                       "the picture is too large, of at most %1$d pixels a side: save it again, smaller (no screen shows more)",
                       IMAGE_SIDE_MAX);
  return problem_set(problem, "不是可用的图片：请用图片程序另存为 PNG 或 RGB 的 JPEG%1$s%2$s%3$s",
                     "no picture that can be used: save it again as PNG, or as JPEG in RGB%1$s%2$s%3$s",
                     r->reason[0] ? " (" : "", r->reason, r->reason[0] ? ")" : "");
}

bool image_read(const uint8_t *bytes, size_t len, int w, int h, struct image *out, struct problem *problem) {
  struct image_read r = {.bytes = bytes, .len = len, .most_w = w, .most_h = h, .orientation = 1, .out = out};
  out->argb = NULL;
  bool good = len <= IMAGE_BYTES_MAX && len > 8;
  if (good) good = bytes[0] == 0xFF && bytes[1] == 0xD8 ? image_jpeg(&r) : !memcmp(bytes, "\x89PNG", 4) && image_png(&r);
  if (r.shrinking) shrink_fini(&r.shrink);
  good = good && turn(out, r.orientation);
  if (good) {
    measure(out);
    return true;
  }
  image_free(out);
  return refused(&r, len, problem);
}

void image_free(struct image *image) {
  free(image->argb);
  image->argb = NULL;
  image->w = image->h = 0;
}

/* --- drawing it --- */

static bool shrunk(const struct image *image, int w, int h, uint32_t *out) {
  struct shrink s;
  uint8_t *row = malloc((size_t)image->w * 4);
  const bool good = row != NULL && shrink_init(&s, image->w, image->h, w, h, out);
  for (int y = 0; good && y < image->h; y++) {
    const uint32_t *from = image->argb + (size_t)y * (size_t)image->w;
    for (int x = 0; x < image->w; x++) {
      const uint32_t p = from[x];
      const uint8_t rgba[4] = {(uint8_t)(p >> 16), (uint8_t)(p >> 8), (uint8_t)p, (uint8_t)(p >> 24)};
      memcpy(row + (size_t)x * 4, rgba, 4);
    }
    shrink_row(&s, row);
  }
  if (good) shrink_fini(&s);
  free(row);
  return good;
}

/* Between the four nearest pixels, in 1/256. */
static uint32_t between(const struct image *image, int64_t x, int64_t y) {
  const int64_t most_x = (int64_t)(image->w - 1) << 8, most_y = (int64_t)(image->h - 1) << 8;
  x = x < 0 ? 0 : x > most_x ? most_x : x;
  y = y < 0 ? 0 : y > most_y ? most_y : y;
  const int x0 = (int)(x >> 8), y0 = (int)(y >> 8), x1 = x0 + (x0 < image->w - 1), y1 = y0 + (y0 < image->h - 1);
  const uint32_t fx = x & 255, fy = y & 255;
  const uint32_t *top = image->argb + (size_t)y0 * (size_t)image->w, *low = image->argb + (size_t)y1 * (size_t)image->w;
  const uint32_t p[4] = {top[x0], top[x1], low[x0], low[x1]};
  const uint32_t share[4] = {(256 - fx) * (256 - fy), fx * (256 - fy), (256 - fx) * fy, fx * fy};
  uint64_t sum[3] = {0}, alpha = 0;
  for (int i = 0; i < 4; i++) {
    const uint64_t weight = (uint64_t)share[i] * (p[i] >> 24);
    alpha += weight;
    for (int k = 0; k < 3; k++) sum[k] += (p[i] >> (8 * k) & 255) * weight;
  }
  uint32_t out = (uint32_t)((alpha + 32768) >> 16) << 24;
  for (int k = 0; alpha > 0 && k < 3; k++) out |= (uint32_t)((sum[k] + alpha / 2) / alpha) << (8 * k);
  return out;
}

uint32_t *image_scaled(const struct image *image, int w, int h) {
  uint32_t *out = malloc((size_t)w * (size_t)h * sizeof *out);
  bool good = out != NULL;
  if (good && w == image->w && h == image->h)
    memcpy(out, image->argb, (size_t)w * (size_t)h * sizeof *out);
  else if (good && w <= image->w && h <= image->h)
    good = shrunk(image, w, h, out);
  else
    for (int y = 0; good && y < h; y++)
      for (int x = 0; x < w; x++)
        out[(size_t)y * (size_t)w + (size_t)x] = between(image, ((2 * (int64_t)x + 1) * image->w * 128) / w - 128,
                                                         ((2 * (int64_t)y + 1) * image->h * 128) / h - 128);
  if (good) return out;
  free(out);
  return NULL;
}
