/* SPDX-License-Identifier: Apache-2.0
 * What the face costs, each beside its budget: the frames of each screen at 1920x1080 in software, from the first
 * one on, when nothing of it was ever drawn; those in which forty characters appear that were never drawn; those in
 * which a slide comes out of the one before; an idle second with the mirror at 30 a second; the memory of drawn texts
 * after hundreds of names; and a search from the first character on. The control of drawing is copying one whole screen.
 */
#include <SDL.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pack/search.h"
#include "tools/bench/bench.h"
#include "tools/shoot_main/cases.h"
#include "tools/yingbin/assets.h"
#include "ui/ui.h"

enum { W = 1920, H = 1080, RUNS = 40, NEW = 40, HAN_FIRST = 0x4E00, HAN_COUNT = 20900, MIRRORS = 30, SEARCH_MOST = 100000 };
enum { FRAME_MS = 16, TURN_FRAMES = 20, MIRROR_MS = 33 };

static const double frame_ms = 16, idle_percent = 25, cache_mb = 16;

struct easel {
  SDL_Surface *surface, *other;
  SDL_Renderer *renderer;
  struct fonts *fonts;
  struct texts *texts;
  struct strings *strings;
  struct theme theme;
  struct pictures *pictures;
  struct canvas canvas;
  struct catalog catalog;
  struct view view;
  char fonts_conf[PATH_MAX], words[PATH_MAX], themes[PATH_MAX], samples[PATH_MAX];
};

static bool easel_open(struct easel *e, struct problem *problem) {
  if (!assets_find("fonts.conf", e->fonts_conf, problem) || !assets_find("strings", e->words, problem) ||
      !assets_find("themes.ini", e->themes, problem) || !assets_find("sample", e->samples, problem) ||
      !theme_open(e->themes, &e->theme, problem) || !(e->pictures = case_pictures(e->samples, &e->theme, W, H, problem)) ||
      !fonts_open(e->fonts_conf, &e->fonts, problem) || !strings_open(e->words, &e->strings, problem))
    return false;
  e->texts = texts_open(e->fonts);
  e->surface = SDL_CreateRGBSurfaceWithFormat(0, W, H, 32, SDL_PIXELFORMAT_ARGB8888);
  e->other = SDL_CreateRGBSurfaceWithFormat(0, W, H, 32, SDL_PIXELFORMAT_ARGB8888);
  e->renderer = e->surface ? SDL_CreateSoftwareRenderer(e->surface) : NULL;
  if (!e->other || !e->renderer || !canvas_sdl_open(e->renderer, e->fonts, W, H, &e->theme.light, &e->canvas))
    return problem_set(problem, "SDL：%s", "SDL: %s", SDL_GetError());
  SDL_SetSurfaceBlendMode(e->surface, SDL_BLENDMODE_NONE);
  return true;
}

/* As if nothing had been drawn yet. */
static bool easel_forget(struct easel *e) {
  texts_forget(e->texts);
  canvas_sdl_close(&e->canvas);
  return canvas_sdl_open(e->renderer, e->fonts, W, H, &e->theme.light, &e->canvas);
}

static void easel_close(struct easel *e) {
  canvas_sdl_close(&e->canvas);
  texts_close(e->texts);
  pictures_close(e->pictures);
  fonts_close(e->fonts);
  strings_close(e->strings);
  if (e->renderer) SDL_DestroyRenderer(e->renderer);
  SDL_FreeSurface(e->surface);
  SDL_FreeSurface(e->other);
}

static double draw(struct easel *e, int64_t age_ms) {
  const struct stage stage = {e->strings, e->texts, &e->theme, e->pictures};
  const double start = clock_cpu_ms();
  canvas_sdl_limit(&e->canvas, CANVAS_FRAME_WORK);
  screen_draw(&stage, &e->canvas, &e->view, age_ms);
  SDL_RenderFlush(e->renderer);
  return clock_cpu_ms() - start;
}

static double copy(struct easel *e) {
  const double start = clock_cpu_ms();
  SDL_BlitSurface(e->surface, NULL, e->other, NULL);
  return clock_cpu_ms() - start;
}

static void tell(const char *of, const char *unit, struct samples *figure, const char *control_name, struct samples *control,
                 double budget) {
  bench_tell_budget("ui", of, unit, figure, control_name, control, budget);
  samples_free(figure);
  samples_free(control);
}

static bool same_title(int a, int b) {
  char x[64], y[64];
  case_title(a, x, sizeof x);
  case_title(b, y, sizeof y);
  return strcmp(x, y) == 0;
}

/* One frame after the other, until all of it is there. Returns how long they took together. */
static double draw_whole(struct easel *e, struct samples *figure, struct samples *control) {
  double sum = 0;
  do {
    const double ms = draw(e, 0);
    samples_add(figure, ms);
    samples_add(control, copy(e));
    sum += ms;
  } while (canvas_sdl_left_out(&e->canvas));
  return sum;
}

/* Each case of a screen in turn, from nothing on; then with what is kept, while it comes in and moves. */
static bool tell_screen(struct easel *e, int first, int runs, struct samples *whole, struct samples *copies) {
  char title[64], of[96];
  struct samples figure = {0}, control = {0};
  for (int shot = first; shot < SCREEN_CASES; shot++) {
    if (!same_title(shot, first)) continue;
    case_view(shot, LANG_ZH_HANS, LANG_EN, &e->catalog, &e->view);
    if (!easel_forget(e)) return false;
    samples_add(whole, draw_whole(e, &figure, &control));
    samples_add(copies, copy(e));
    for (int i = 0; i < runs; i++) {
      samples_add(&figure, draw(e, (int64_t)i * FRAME_MS % (SCREEN_SETTLED_MS + FRAME_MS)));
      samples_add(&control, copy(e));
    }
  }
  case_title(first, title, sizeof title);
  snprintf(of, sizeof of, "frame of %s", title);
  tell(of, "ms_cpu", &figure, "copying a screen", &control, frame_ms);
  return true;
}

static bool tell_screens(struct easel *e, int runs) {
  struct samples whole = {0}, copies = {0};
  for (int shot = 0; shot < SCREEN_CASES; shot++) {
    int before = 0;
    while (before < shot && !same_title(before, shot)) before++;
    if (before == shot && !tell_screen(e, shot, runs, &whole, &copies)) return false;
  }
  bench_tell("ui", "a screen from nothing, all its frames", "ms_cpu", &whole, "copying a screen", &copies);
  samples_free(&whole);
  samples_free(&copies);
  return true;
}

static int put_han(char *out, unsigned c) {
  c = HAN_FIRST + c % HAN_COUNT;
  return snprintf(out, 4, "%c%c%c", (char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F)));
}

/* The n-th name of characters that no name before had. */
static void stage_new_name(struct easel *e, int n) {
  int shot = 0;
  while (screen_cases[shot].screen != SCREEN_VERDICT || screen_cases[shot].who == NULL) shot++;
  case_view(shot, LANG_ZH_HANS, LANG_EN, &e->catalog, &e->view);
  char *at = e->view.notice.verdict.attendee.name;
  for (int i = 0; i < NEW; i++) at += put_han(at, (unsigned)(n * NEW + i));
}

static void tell_new_characters(struct easel *e, int runs) {
  struct samples figure = {0}, control = {0}, kept = {0}, screen = {0};
  for (int i = 0; i < runs * 4; i++) {
    stage_new_name(e, i);
    draw_whole(e, &figure, &control);
    samples_add(&kept, (double)canvas_sdl_bytes(&e->canvas) / (1 << 20));
    samples_add(&screen, (double)W * H * 4 / (1 << 20));
  }
  tell("40 new characters appear", "ms_cpu", &figure, "copying a screen", &control, frame_ms);
  tell("texts kept as pictures", "MB", &kept, "a screen's pixels", &screen, cache_mb);
}

struct room { /* the service itself, before nobody */
  struct ui ui;
  struct bell bell;
  struct mailbox notices, people;
  struct notice notice_slot[2];
  struct payload payload_slot[2];
  struct latest health, mirror;
  struct watch_health health_slot;
  struct mirror mirror_slot, picture;
  struct moment now;
};

static bool room_slide(struct room *r, const struct easel *e, const char *name, struct problem *problem) {
  char path[PATH_MAX + 64], *bytes;
  size_t len;
  snprintf(path, sizeof path, "%s/coscon-2023/%s", e->samples, name);
  if (!file_read(path, IMAGE_BYTES_MAX, &bytes, &len, problem)) return false;
  ui_picture(&r->ui, name, PICTURE_SLIDE, (const uint8_t *)bytes, len);
  free(bytes);
  return true;
}

static bool room_open(struct room *r, struct easel *e, struct problem *problem) {
  setenv("SDL_VIDEODRIVER", "dummy", 1);
  bell_init(&r->bell);
  mailbox_init(&r->notices, r->notice_slot, sizeof r->notice_slot[0], 2, &r->bell);
  mailbox_init(&r->people, r->payload_slot, sizeof r->payload_slot[0], 2, &r->bell);
  latest_init(&r->health, &r->health_slot, sizeof r->health_slot, &r->bell);
  latest_init(&r->mirror, &r->mirror_slot, sizeof r->mirror_slot, &r->bell);
  r->now = (struct moment){.mono_ms = 1000, .wall_ms = case_now, .wall_ok = true};
  r->ui = (struct ui){.options = {.width = W,
                                  .height = H,
                                  .lang = {LANG_ZH_HANS, LANG_EN},
                                  .langs = 2,
                                  .fonts = e->fonts_conf,
                                  .strings = e->words,
                                  .themes = e->themes},
                      .kiosk = "bench",
                      .notices = &r->notices,
                      .watch_health = &r->health,
                      .mirror = &r->mirror,
                      .people = &r->people,
                      .bell = &r->bell};
  if (!ui_init(&r->ui, problem)) return false;
  case_mirror(&r->picture, true);
  latest_set(&r->health, &(struct watch_health){.camera = WATCH_CAMERA_GOOD, .scanning = true, .fps_x10 = 300});
  case_catalog(&e->catalog);
  case_faces(&e->catalog, true);
  ui_expect_pictures(&r->ui, 2, 2);
  for (int i = 0; i < e->catalog.event[CASE_COSCON].slides; i++)
    if (!room_slide(r, e, e->catalog.event[CASE_COSCON].slide[i], problem)) return false;
  ui_serve(&r->ui, &e->catalog, CASE_HALL);
  return true;
}

static void room_close(struct room *r) {
  ui_fini(&r->ui);
  latest_fini(&r->health);
  latest_fini(&r->mirror);
  mailbox_fini(&r->notices);
  mailbox_fini(&r->people);
  bell_fini(&r->bell);
}

static double room_step(struct room *r, int ms, bool mirror) {
  r->now.mono_ms += ms;
  r->now.wall_ms += ms;
  r->picture.at = r->now;
  if (mirror) latest_set(&r->mirror, &r->picture);
  const double start = clock_cpu_ms();
  ui_step(&r->ui, r->now);
  return clock_cpu_ms() - start;
}

/* Of one core, over a second of the kiosk's own time. */
static double idle_second(struct room *r) {
  double ms = 0;
  for (int i = 0; i < MIRRORS; i++) ms += room_step(r, MIRROR_MS, true);
  return ms / 10;
}

static void tell_idle(struct easel *e, struct room *room, int runs) {
  struct samples figure = {0}, control = {0};
  idle_second(room);
  for (int i = 0; i < runs; i++) {
    samples_add(&figure, idle_second(room));
    double copies = 0;
    for (int k = 0; k < MIRRORS; k++) copies += copy(e);
    samples_add(&control, copies / 10);
  }
  tell("idle, the mirror 30 times a second", "percent_cpu", &figure, "copying 30 screens", &control, idle_percent);
}

/* It is time for the next slide; the languages take turns, too. */
static void tell_slides(struct easel *e, struct room *room, int runs) {
  struct samples figure = {0}, control = {0};
  for (int i = 0; i < runs; i++)
    for (int k = 0; k < TURN_FRAMES; k++) {
      samples_add(&figure, room_step(room, k == 0 ? (int)e->theme.slide_every_ms : FRAME_MS, true));
      samples_add(&control, copy(e));
    }
  tell("frame while a slide fades", "ms_cpu", &figure, "copying a screen", &control, frame_ms);
}

static bool tell_service(struct easel *e, int runs, struct problem *problem) {
  static struct room room;
  if (!room_open(&room, e, problem)) return false;
  tell_slides(e, &room, runs); /* the first ones, too, which were never drawn */
  tell_idle(e, &room, runs);
  room_close(&room);
  return true;
}

static void count_row(void *rows, const struct pack_found *found) {
  (void)found;
  ++*(int *)rows;
}

/* From the first character of a name on, as it is typed, the index made ready before as desk does it while nobody types; the
 * first character where it isn't yet; and what a search has to look at without our index: all rows. */
static bool tell_search(const char *scratch, int people, int runs, struct problem *problem) {
  static const char *const queries[] = {"o", "oy", "ouy", "oyx", "欧", "示例", "0001"};
  struct samples figure = {0}, cold = {0}, control[2] = {{0}};
  struct pack *pack = NULL;
  struct pack_search *search = malloc(sizeof *search);
  char file[PATH_MAX], of[64];
  uint8_t secret[32];
  bool good = search != NULL && bench_search_pack(scratch, people, file, secret, problem) && pack_open(file, &pack, problem);
  for (int i = 0; good && i < runs; i++) {
    struct pack_session *session = NULL;
    if (pack_unlock(pack, secret, &session) != PACK_UNLOCKED) {
      good = problem_set(problem, "值班卡打不开活动包", "the operator card doesn't open the pack");
      break;
    }
    const double first = clock_cpu_ms();
    pack_search(session, queries[0], search);
    samples_add(&cold, clock_cpu_ms() - first);
    for (size_t k = 0; k < sizeof queries / sizeof *queries; k++) {
      const double start = clock_cpu_ms();
      pack_search(session, queries[k], search);
      samples_add(&figure, clock_cpu_ms() - start);
      if (search->shown == 0 || search->broken) good = problem_set(problem, "搜索结果不对", "a search gave a wrong result");
    }
    struct pack_walk walk = {.host = 0};
    int rows = 0;
    const double start = clock_cpu_ms();
    while (pack_walk_step(session, &walk, 64, count_row, &rows)) continue;
    const double ms = clock_cpu_ms() - start;
    samples_add(&control[0], ms), samples_add(&control[1], ms);
    if (rows != people) good = problem_set(problem, "读到的人数不对", "not everybody was read");
    pack_lock(session);
  }
  snprintf(of, sizeof of, "search in %d", people);
  if (good) tell(of, "ms_cpu", &figure, "reading all rows", &control[0], frame_ms);
  snprintf(of, sizeof of, "search in %d, nothing made ready", people);
  if (good) tell(of, "ms_cpu", &cold, "reading all rows", &control[1], frame_ms);
  pack_close(pack);
  free(search);
  return good;
}

static bool run(const struct bench_options *options, struct problem *problem) {
  static struct easel e;
  const int runs = options->runs ? options->runs : RUNS;
  bool good = easel_open(&e, problem);
  if (good && !tell_screens(&e, runs)) good = problem_set(problem, "内存不够", "not enough memory");
  if (good) tell_new_characters(&e, runs);
  good = good && tell_service(&e, runs, problem) && tell_search(options->scratch, 1000, runs, problem) &&
         tell_search(options->scratch, options->people ? options->people : SEARCH_MOST, runs, problem);
  easel_close(&e);
  return good;
}

const struct bench bench_ui = {
    "ui", "每个画面、生字、幻灯片、镜像、字形缓存、搜索，各与预算比较",
    "frames of each screen, new characters, slides, mirror, kept texts, search; each beside its budget", run};
