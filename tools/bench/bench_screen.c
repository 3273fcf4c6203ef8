/* SPDX-License-Identifier: Apache-2.0
 * Drawing the welcome at 1920x1080 in software: for a person whose name was never drawn before, and
 * once more; and idle's mirror, made of a 1280x720 frame and redrawn in its rectangle. The control, in
 * turn, is copying one whole screen.
 */
#include <SDL.h>
#include <limits.h>
#include <stdio.h>

#include "tools/bench/bench.h"
#include "tools/yingbin/assets.h"
#include "ui/screens.h"
#include "watch/mirror.h"

enum { W = 1920, H = 1080, CAMERA_W = 1280, CAMERA_H = 720, RUNS = 120, TICK_MS = 5000 };

struct theatre {
  SDL_Surface *surface, *other;
  SDL_Renderer *renderer;
  struct fonts *fonts;
  struct texts *texts;
  struct strings *strings;
  struct theme theme;
  struct canvas canvas;
  struct catalog catalog;
  struct view view;
};

static bool theatre_open(struct theatre *t, struct problem *problem) {
  char fonts[PATH_MAX], strings[PATH_MAX], themes[PATH_MAX];
  if (!assets_find("fonts.conf", fonts, problem) || !assets_find("strings", strings, problem) ||
      !assets_find("themes.ini", themes, problem) || !theme_open(themes, &t->theme, problem) ||
      !fonts_open(fonts, &t->fonts, problem) || !strings_open(strings, &t->strings, problem))
    return false;
  t->texts = texts_open(t->fonts);
  t->surface = SDL_CreateRGBSurfaceWithFormat(0, W, H, 32, SDL_PIXELFORMAT_ARGB8888);
  t->other = SDL_CreateRGBSurfaceWithFormat(0, W, H, 32, SDL_PIXELFORMAT_ARGB8888);
  t->renderer = t->surface ? SDL_CreateSoftwareRenderer(t->surface) : NULL;
  if (!t->other || !t->renderer || !canvas_sdl_open(t->renderer, t->fonts, W, H, &t->theme.light, &t->canvas))
    return problem_set(problem, "SDL：%s", "SDL: %s", SDL_GetError());
  SDL_SetSurfaceBlendMode(t->surface, SDL_BLENDMODE_NONE);
  return true;
}

static void theatre_close(struct theatre *t) {
  canvas_sdl_close(&t->canvas);
  if (t->texts) texts_close(t->texts);
  fonts_close(t->fonts);
  strings_close(t->strings);
  if (t->renderer) SDL_DestroyRenderer(t->renderer);
  SDL_FreeSurface(t->surface);
  SDL_FreeSurface(t->other);
}

static void stage_person(struct theatre *t, int run) {
  static const char *const first[] = {"欧阳", "司马", "诸葛", "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴"};
  struct attendee *a = &t->view.notice.verdict.attendee;
  /* A character of its own for each run, so that its glyph is new. */
  unsigned c = 0x4E00 + (unsigned)(run * 37 % 20000);
  snprintf(a->name, sizeof a->name, "%s%c%c%c", first[run % 12], (char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)),
           (char)(0x80 | (c & 0x3F)));
  snprintf(a->organization, sizeof a->organization, "示例科技");
  t->view.now.mono_ms += TICK_MS;
}

static void prepare(struct theatre *t) {
  struct catalog *c = &t->catalog;
  c->events = c->stations = c->types = 1;
  snprintf(c->event[0].id, ID_MAX, "bench");
  snprintf(c->event[0].title.in[LANG_ZH_HANS], TEXT_MAX, "KCC@广州 × TiDB 社区");
  c->event[0].zone = (struct zone){.spans = 1, .offset_s = {8 * 3600}};
  snprintf(c->station[0].label.in[LANG_ZH_HANS], TEXT_MAX, "签到");
  snprintf(c->station[0].room.in[LANG_ZH_HANS], TEXT_MAX, "29 楼大会议室");
  snprintf(c->station[0].greeting.in[LANG_ZH_HANS], TEXT_MAX, "请往里走，在右手边");
  snprintf(c->type[0].label.in[LANG_ZH_HANS], TEXT_MAX, "讲师");
  t->view = (struct view){.screen = SCREEN_VERDICT,
                          .catalog = c,
                          .kiosk = "bench",
                          .lang = {LANG_ZH_HANS, LANG_EN},
                          .langs = 2,
                          .now = {.mono_ms = 1000, .wall_ms = INT64_C(1698454800000), .wall_ok = true}};
  t->view.notice = (struct notice){
      .kind = NOTICE_VERDICT, .verdict = {.kind = VERDICT_ADMIT, .has_attendee = true, .count = 1, .event = -1, .station = -1}};
}

static double draw(struct theatre *t) {
  struct stage stage = {t->strings, t->texts, &t->theme, NULL};
  double start = clock_cpu_ms();
  screen_draw(&stage, &t->canvas, &t->view, SCREEN_SETTLED_MS);
  SDL_RenderFlush(t->renderer);
  return clock_cpu_ms() - start;
}

/* The finished mirror of a frame that shows a code. */
static double make_mirror(struct mirror_maker *maker, int run) {
  static uint8_t luma[CAMERA_W * CAMERA_H];
  static struct scan_result result = {.places = 1,
                                      .place = {{.corner = {{500, 200}, {800, 200}, {800, 500}, {500, 500}}, .sure = true}}};
  const struct frame frame = {.luma = luma, .w = CAMERA_W, .h = CAMERA_H, .stride = CAMERA_W};
  luma[run] = 255;
  double start = clock_cpu_ms();
  mirror_keep(maker, &frame, (struct moment){.mono_ms = (int64_t)(run + 1) * 1000});
  mirror_finish(maker, &result);
  return clock_cpu_ms() - start;
}

static double draw_mirror(struct theatre *t) {
  double start = clock_cpu_ms();
  screen_draw_mirror(&t->canvas, &t->view);
  SDL_RenderFlush(t->renderer);
  return clock_cpu_ms() - start;
}

static double copy(struct theatre *t) {
  double start = clock_cpu_ms();
  SDL_BlitSurface(t->surface, NULL, t->other, NULL);
  return clock_cpu_ms() - start;
}

static void idle(struct theatre *t, int runs) {
  static struct mirror_maker maker;
  struct samples made = {0}, drawn = {0}, control = {0};
  make_mirror(&maker, 0);
  t->catalog.event[0].roster = true;
  t->view.screen = SCREEN_IDLE;
  t->view.mirror = &maker.mirror;
  t->view.watch_known = true;
  t->view.watch.camera = WATCH_CAMERA_GOOD;
  draw(t);
  for (int i = 1; i <= runs; i++) {
    samples_add(&made, make_mirror(&maker, i));
    samples_add(&drawn, draw_mirror(t));
    samples_add(&control, copy(t));
  }
  bench_tell("screen", "mirror of a frame", "ms_cpu", &made, "copying a screen", &control);
  bench_tell("screen", "mirror redrawn", "ms_cpu", &drawn, "copying a screen", &control);
  samples_free(&made);
  samples_free(&drawn);
  samples_free(&control);
}

static bool run(const struct bench_options *options, struct problem *problem) {
  static struct theatre t;
  struct samples fresh = {0}, again = {0}, control = {0};
  bool good = theatre_open(&t, problem);
  if (good) prepare(&t);
  for (int i = 0, runs = options->runs ? options->runs : RUNS; good && i < runs; i++) {
    stage_person(&t, i);
    samples_add(&fresh, draw(&t));
    samples_add(&again, draw(&t));
    samples_add(&control, copy(&t));
  }
  if (good) {
    bench_tell("screen", "welcome of a new name", "ms_cpu", &fresh, "copying a screen", &control);
    bench_tell("screen", "welcome once more", "ms_cpu", &again, "copying a screen", &control);
    idle(&t, options->runs ? options->runs : RUNS);
  }
  samples_free(&fresh);
  samples_free(&again);
  samples_free(&control);
  theatre_close(&t);
  return good;
}

const struct bench bench_screen = {"screen", "1920x1080 软件渲染欢迎画面", "drawing the welcome at 1920x1080 in software", run};
