/* SPDX-License-Identifier: Apache-2.0
 * yingbin-shoot: every screen as a picture, SCREEN-VERDICT-LANG-WxH-THEME-CASE.png, and an index.html.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <SDL.h>

#include "tools/shoot_main/gallery.h"

enum { ONLY_MAX = 8 };

struct shoot {
  const char *out, *page, *fonts_conf, *strings_folder, *themes_ini, *samples, *only[ONLY_MAX];
  int onlys;
  struct stage stage;
  struct theme theme;
  struct fonts *fonts;
  struct strings *strings;
  struct gallery gallery;
  SDL_Surface *surface; /* of the size and theme that are in turn */
  SDL_Renderer *renderer;
  struct canvas canvas;
  struct pictures *pictures;
  uint8_t *rgb;
  int size, dark;
};

static void easel_close(struct shoot *s) {
  canvas_sdl_close(&s->canvas);
  if (s->renderer != NULL) SDL_DestroyRenderer(s->renderer);
  SDL_FreeSurface(s->surface);
  pictures_close(s->pictures);
  free(s->rgb);
  s->renderer = NULL;
  s->stage.pictures = s->pictures = NULL;
  s->surface = NULL;
  s->rgb = NULL;
}

static bool easel_open(struct shoot *s, int size, int dark, struct problem *problem) {
  const int w = matrix_sizes[size].w, h = matrix_sizes[size].h;
  if (s->surface != NULL && s->size == size && s->dark == dark) return true;
  easel_close(s);
  s->size = size;
  s->dark = dark;
  s->stage.pictures = s->pictures = case_pictures(s->samples, &s->theme, w, h, problem);
  if (s->pictures == NULL) return false;
  s->rgb = malloc((size_t)w * (size_t)h * 3);
  s->surface = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_ARGB8888);
  s->renderer = s->surface != NULL ? SDL_CreateSoftwareRenderer(s->surface) : NULL;
  if (s->rgb != NULL && s->renderer != NULL &&
      canvas_sdl_open(s->renderer, s->fonts, w, h, dark ? &s->theme.dark : &s->theme.light, &s->canvas))
    return true;
  return problem_set(problem, "画不了：%s", "can't draw: %s", SDL_GetError());
}

static bool wanted(const struct shoot *s, const struct matrix_place *at) {
  char name[256];
  matrix_name(at, name, sizeof name);
  for (int i = 0; i < s->onlys; i++)
    if (strstr(name, s->only[i]) == NULL) return false;
  return true;
}

static bool shoot_one(struct shoot *s, const struct matrix_place *at, struct problem *problem) {
  static struct catalog catalog;
  static struct view view;
  if (!easel_open(s, at->size, at->theme, problem)) return false;
  matrix_view(at, &catalog, &view);
  screen_draw(&s->stage, &s->canvas, &view, SCREEN_SETTLED_MS);
  if (SDL_RenderReadPixels(s->renderer, NULL, SDL_PIXELFORMAT_RGB24, s->rgb, s->canvas.w * 3) != 0)
    return problem_set(problem, "取不到画面：%s", "can't read the picture: %s", SDL_GetError());
  return gallery_add(&s->gallery, at, s->rgb, s->canvas.w, s->canvas.h, problem);
}

static bool shoot_all(struct shoot *s, struct problem *problem) {
  struct matrix_place at = {.shot = -1};
  const bool telling = isatty(STDERR_FILENO);
  if (!gallery_open(&s->gallery, s->out, s->page, problem)) return false;
  while (matrix_next(&at)) {
    if (!wanted(s, &at)) continue;
    if (!shoot_one(s, &at, problem)) return false;
    if (telling && s->gallery.pictures % 50 == 0) fprintf(stderr, "\r%d", s->gallery.pictures);
  }
  if (telling) fputc('\n', stderr);
  return gallery_finish(&s->gallery, problem);
}

static int usage(FILE *out) {
  fputs(
      "yingbin-shoot --out DIR [--only PART]... [--fonts FILE] [--strings DIR] [--themes FILE] [--samples DIR] [--page FILE]\n"
      "每个屏幕画一张图，另有 index.html；--only：只画文件名含这段字的，可以多次（都要含）\n"
      "draws every screen as a picture, and index.html; --only: those whose file name holds PART; may be repeated (all of "
      "them)\n",
      out);
  return out == stderr ? 2 : 0;
}

static bool read_options(int argc, char **argv, struct shoot *s) {
  const struct {
    const char *name, **value;
  } options[] = {{"--out", &s->out},           {"--fonts", &s->fonts_conf}, {"--strings", &s->strings_folder},
                 {"--themes", &s->themes_ini}, {"--samples", &s->samples},  {"--page", &s->page}};
  for (int i = 1; i < argc; i += 2) {
    bool known = false;
    if (i + 1 == argc) return false;
    for (size_t k = 0; k < sizeof options / sizeof *options; k++)
      if (strcmp(argv[i], options[k].name) == 0) *options[k].value = argv[i + 1], known = true;
    if (strcmp(argv[i], "--only") == 0 && s->onlys < ONLY_MAX) s->only[s->onlys++] = argv[i + 1], known = true;
    if (!known) return false;
  }
  return s->out != NULL;
}

int main(int argc, char **argv) {
  static struct shoot s = {.page = "tools/shoot_main/gallery.html",
                           .fonts_conf = "assets/fonts.conf",
                           .strings_folder = "assets/strings",
                           .themes_ini = "assets/themes.ini",
                           .samples = "assets/sample"};
  struct problem problem = {.zh = ""};
  if (argc > 1 && strcmp(argv[1], "--help") == 0) return usage(stdout);
  if (!read_options(argc, argv, &s)) return usage(stderr);
  bool good = theme_open(s.themes_ini, &s.theme, &problem) && strings_open(s.strings_folder, &s.strings, &problem) &&
              fonts_open(s.fonts_conf, &s.fonts, &problem);
  if (good) {
    s.stage = (struct stage){s.strings, texts_open(s.fonts), &s.theme, NULL};
    good = shoot_all(&s, &problem);
  }
  if (!good)
    problem_print(&problem, "yingbin-shoot");
  else
    printf("{\"pictures\":%d,\"out\":\"%s\"}\n", s.gallery.pictures, s.out);
  easel_close(&s);
  gallery_close(&s.gallery);
  texts_close(s.stage.texts);
  fonts_close(s.fonts);
  strings_close(s.strings);
  return good ? 0 : 1;
}
