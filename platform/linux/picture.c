/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/picture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "platform/linux/picture_formats.h"

enum { FILE_BYTES_MAX = 256 << 20 };

struct format {
  bool (*is)(const uint8_t *bytes, size_t len);
  bool (*parse)(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem);
};

static const struct format formats[] = {
    {picture_is_png, picture_parse_png},
    {picture_is_jpeg, picture_parse_jpeg},
    {picture_is_pgm, picture_parse_pgm},
};

bool picture_too_large(int64_t w, int64_t h, struct problem *problem) {
  return problem_set(problem, "图片为 %lld×%lld 像素，太大或没有像素（边长最多 %d，总数最多 %d）：请缩小后再试",
                     "%lldx%lld pixels: too large, or none (sides up to %d, %d in all); make it smaller", (long long)w,
                     (long long)h, PICTURE_SIDE_MAX, PICTURE_PIXELS_MAX);
}

bool picture_damaged(const char *format, const char *reason, struct problem *problem) {
  return problem_set(problem, "%s 图片已损坏（%s）：请重新保存，或换一张图片",
                     "damaged %s (%s): save it again, or use another picture", format, reason);
}

bool picture_room(struct picture *picture, int64_t w, int64_t h) {
  if (w < 1 || h < 1 || w > PICTURE_SIDE_MAX || h > PICTURE_SIDE_MAX || w * h > PICTURE_PIXELS_MAX) return false;
  size_t need = (size_t)(w * h);
  if (picture->room < need) {
    uint8_t *more = realloc(picture->luma, need);
    if (!more) return false;
    picture->luma = more;
    picture->room = need;
  }
  picture->w = (int32_t)w;
  picture->h = (int32_t)h;
  return true;
}

void picture_free(struct picture *picture) {
  free(picture->luma);
  *picture = (struct picture){0};
}

void picture_fit(struct picture *picture, int32_t side, int64_t pixels) {
  while (picture->w > side || picture->h > side || (int64_t)picture->w * picture->h > pixels) {
    /* A side of one pixel stays; in place, since what is written lies before what is still to be read. */
    size_t stride = (size_t)picture->w, w = stride > 1 ? stride / 2 : 1, h = picture->h > 1 ? (size_t)picture->h / 2 : 1;
    size_t dx = stride > 1, dy = picture->h > 1 ? stride : 0;
    for (size_t y = 0; y < h; y++) {
      for (size_t x = 0; x < w; x++) {
        const uint8_t *p = picture->luma + 2 * y * stride + 2 * x;
        picture->luma[y * w + x] = (uint8_t)((p[0] + p[dx] + p[dy] + p[dx + dy] + 2) / 4);
      }
    }
    picture->w = (int32_t)w;
    picture->h = (int32_t)h;
  }
}

bool picture_parse(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem) {
  picture->deep = picture->clear = false;
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (formats[i].is(bytes, len)) return formats[i].parse(bytes, len, picture, problem);
  }
  return problem_set(problem, "不是 PNG、JPEG 或 PGM（P5）图片", "not a PNG, JPEG or PGM (P5) picture");
}

bool picture_read(const char *file, struct picture *picture, struct problem *problem) {
  char *bytes;
  size_t len;
  if (!file_read(file, FILE_BYTES_MAX, &bytes, &len, problem)) return false;
  bool good = picture_parse((const uint8_t *)bytes, len, picture, problem);
  free(bytes);
  return good || problem_within(problem, file);
}

bool picture_is_pgm(const uint8_t *bytes, size_t len) { return len > 2 && !memcmp(bytes, "P5", 2) && isspace(bytes[2]); }

/* The next number of a PGM header, behind blanks and comments; -1: none. */
static long pgm_number(const uint8_t *bytes, size_t len, size_t *at) {
  while (*at < len && (isspace(bytes[*at]) || bytes[*at] == '#')) {
    if (bytes[*at] == '#') {
      while (*at < len && bytes[*at] != '\n') ++*at;
    } else {
      ++*at;
    }
  }
  long number = -1;
  for (; *at < len && isdigit(bytes[*at]) && number < 1000000; ++*at)
    number = (number < 0 ? 0 : number * 10) + bytes[*at] - '0';
  return number;
}

bool picture_parse_pgm(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem) {
  size_t at = 2;
  long w = pgm_number(bytes, len, &at), h = pgm_number(bytes, len, &at), most = pgm_number(bytes, len, &at);
  if (w < 0 || h < 0 || most < 1 || most > 65535 || at >= len || !isspace(bytes[at])) {
    return picture_damaged("PGM", "header", problem);
  }
  at++;
  picture->deep = most > 255;
  if (!picture_room(picture, w, h)) return picture_too_large(w, h, problem);
  size_t pixels = (size_t)w * (size_t)h, depth = most > 255 ? 2 : 1;
  if ((len - at) / depth < pixels) return picture_damaged("PGM", "too short", problem);
  for (size_t i = 0; i < pixels; i++) {
    const uint8_t *p = bytes + at + i * depth;
    long value = depth == 2 ? p[0] << 8 | p[1] : p[0];
    picture->luma[i] = (uint8_t)((value < most ? value : most) * 255 / most);
  }
  return true;
}
