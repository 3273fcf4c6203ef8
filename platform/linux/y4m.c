/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/linux/y4m.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/camera.h"

/* How the chroma planes are cut: each is ceil(w / x) by ceil(h / y). x = 0: there are none. */
struct chroma {
  const char *name;
  int x, y;
};

static const struct chroma chromas[] = {
    {"420", 2, 2}, {"420jpeg", 2, 2}, {"420mpeg2", 2, 2}, {"420paldv", 2, 2},
    {"422", 2, 1}, {"411", 4, 1},     {"444", 1, 1},      {"mono", 0, 0},
};

static bool sized(long w, long h, long fps_num, long fps_den, const struct chroma *chroma, struct y4m *y4m,
                  struct problem *problem) {
  if (w < 1 || h < 1 || w > CAMERA_SIDE_MAX || h > CAMERA_SIDE_MAX || w * h > CAMERA_PIXELS_MAX) {
    return problem_set(problem, "画面 %ld×%ld 太大或没有像素：最多 %d×%d",
                       "frames of %ldx%ld are too large or empty: at most %dx%d", w, h, CAMERA_SIDE_MAX,
                       CAMERA_PIXELS_MAX / CAMERA_SIDE_MAX);
  }
  if (fps_num < 1 || fps_den < 1 || fps_num / fps_den > 1000 || fps_den / fps_num > 60) {
    return problem_set(problem, "帧率 %ld:%ld 不对：应为每秒 1/60 到 1000 帧",
                       "a frame rate of %ld:%ld: expected 1/60 to 1000 a second", fps_num, fps_den);
  }
  *y4m = (struct y4m){.w = (int32_t)w, .h = (int32_t)h, .fps_num = (int32_t)fps_num, .fps_den = (int32_t)fps_den};
  y4m->luma = (size_t)w * (size_t)h;
  if (chroma->x) y4m->chroma = 2 * (size_t)((w + chroma->x - 1) / chroma->x) * (size_t)((h + chroma->y - 1) / chroma->y);
  return true;
}

/* A number of at most 9 digits; -1: none. Moves *at behind it. */
static long number(const char **at, const char *end) {
  long value = -1;
  for (int digits = 0; *at < end && **at >= '0' && **at <= '9' && digits < 9; digits++, ++*at) {
    value = (value < 0 ? 0 : value * 10) + (**at - '0');
  }
  return value;
}

static bool lone_number(const char *at, const char *end, long *value) {
  *value = number(&at, end);
  return *value >= 0 && at == end;
}

static bool rate(const char *at, const char *end, long *num, long *den) {
  *num = number(&at, end);
  if (*num < 0 || at == end || *at++ != ':' || !lone_number(at, end, den)) return false;
  if (!*num && !*den) { /* "unknown" */
    *num = 30;
    *den = 1;
  }
  return true;
}

static const struct chroma *chroma_named(const char *at, size_t len) {
  for (size_t i = 0; i < sizeof chromas / sizeof *chromas; i++) {
    if (strlen(chromas[i].name) == len && !memcmp(chromas[i].name, at, len)) return &chromas[i];
  }
  return NULL;
}

bool y4m_header(const char *line, size_t len, struct y4m *y4m, struct problem *problem) {
  static const char magic[] = "YUV4MPEG2";
  const char *at = line + sizeof magic - 1, *end = line + len;
  if (len < sizeof magic || memcmp(line, magic, sizeof magic - 1) || *at != ' ') {
    return problem_set(problem, "不是 Y4M 视频：开头应为“YUV4MPEG2 ”", "not a Y4M stream: it should begin with \"YUV4MPEG2 \"");
  }
  long w = -1, h = -1, num = 30, den = 1;
  const struct chroma *chroma = &chromas[0];
  while (at < end) {
    while (at < end && *at == ' ') at++;
    const char *tag = at;
    while (at < end && *at != ' ') at++;
    if (tag == at) break;
    const char *value = tag + 1;
    bool good = true;
    switch (*tag) {
    case 'W': good = lone_number(value, at, &w); break;
    case 'H': good = lone_number(value, at, &h); break;
    case 'F': good = rate(value, at, &num, &den); break;
    case 'C':
      chroma = chroma_named(value, (size_t)(at - value));
      if (!chroma) {
        return problem_set(
            problem, "不支持颜色格式“%.*s”：应为 C420、C422、C411、C444 或 Cmono，每样本 8 位",
            "the colour format \"%.*s\" can't be read: expected C420, C422, C411, C444 or Cmono, 8 bits a sample",
            at - tag > 32 ? 32 : (int)(at - tag), tag);
      }
      break;
    default: break; /* interlacing, aspect, comments */
    }
    if (!good) return problem_set(problem, "Y4M 头部的 %c 参数不对", "the Y4M header's parameter %c is wrong", *tag);
  }
  return sized(w, h, num, den, chroma, y4m, problem);
}

bool y4m_frame(const char *line, size_t len) { return len >= 5 && !memcmp(line, "FRAME", 5) && (len == 5 || line[5] == ' '); }

bool y4m_raw(long w, long h, long fps_num, long fps_den, struct y4m *y4m, struct problem *problem) {
  return sized(w, h, fps_num, fps_den, &chromas[0], y4m, problem);
}
