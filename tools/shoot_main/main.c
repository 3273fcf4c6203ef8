/* SPDX-License-Identifier: Apache-2.0
 * yingbin-shoot: every screen as a picture, SCREEN-VERDICT-LANG-WxH-THEME-CASE.png, and an index.html.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <SDL.h>

#include "base/file.h"
#include "tools/shoot_main/cases.h"
#include "ui/shot.h"

static const struct { int w, h; } sizes[] = {{1920, 1080}, {1280, 720}, {1080, 1920}, {800, 480}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static const struct {
  enum lang first, second;
  const char *name;
} langs[] = {{LANG_ZH_HANS, LANG_EN, "zh-Hans"}, {LANG_EN, LANG_ZH_HANS, "en"}};
enum { LANGS = sizeof langs / sizeof *langs };

struct shoot {
  const char *out, *only;
  struct stage stage;
  struct theme theme;
  struct fonts *fonts;
  FILE *index;
  int done;
};

static void picture_name(int i, int size, int lang, bool dark, char *name, size_t room) {
  char title[64];
  case_title(i, title, sizeof title);
  snprintf(name, room, "%s-%s-%dx%d-%s-%s.png", title, langs[lang].name, sizes[size].w, sizes[size].h, dark ? "dark" : "light",
           screen_cases[i].name);
}

static bool shoot_one(struct shoot *s, SDL_Renderer *renderer, struct canvas *canvas, int i, int lang, const char *name,
                      struct problem *problem) {
  static struct catalog catalog;
  static struct view view;
  char path[PATH_MAX];
  case_view(i, langs[lang].first, langs[lang].second, &catalog, &view);
  screen_draw(&s->stage, canvas, &view, SCREEN_SETTLED_MS);
  snprintf(path, sizeof path, "%s/%s", s->out, name);
  if (!shot_write(renderer, canvas->w, canvas->h, path, problem)) return false;
  fprintf(s->index, "<figure><a href=\"%s\"><img loading=\"lazy\" src=\"%s\"></a><figcaption>%s</figcaption></figure>\n", name,
          name, name);
  s->done++;
  return true;
}

static bool shoot_size(struct shoot *s, int size, bool dark, struct problem *problem) {
  const int w = sizes[size].w, h = sizes[size].h;
  SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_ARGB8888);
  SDL_Renderer *renderer = surface != NULL ? SDL_CreateSoftwareRenderer(surface) : NULL;
  struct canvas canvas = {0};
  bool good = renderer != NULL && canvas_sdl_open(renderer, s->fonts, w, h, dark ? &s->theme.dark : &s->theme.light, &canvas);
  if (!good) problem_set(problem, "画不了：%s", "can't draw: %s", SDL_GetError());
  for (int lang = 0; good && lang < LANGS; lang++)
    for (int i = 0; good && i < SCREEN_CASES; i++) {
      char name[256];
      picture_name(i, size, lang, dark, name, sizeof name);
      if (s->only != NULL && strstr(name, s->only) == NULL) continue;
      good = shoot_one(s, renderer, &canvas, i, lang, name, problem);
    }
  canvas_sdl_close(&canvas);
  if (renderer != NULL) SDL_DestroyRenderer(renderer);
  SDL_FreeSurface(surface);
  return good;
}

static bool shoot_all(struct shoot *s, struct problem *problem) {
  char path[PATH_MAX], beside[PATH_MAX];
  if (!folder_make(s->out, 0755, problem)) return false;
  snprintf(path, sizeof path, "%s/index.html", s->out);
  if (!file_begin(path, beside, problem)) return false;
  s->index = fopen(beside, "w");
  if (s->index == NULL) return problem_set(problem, "写不了 %s", "can't write %s", path);
  fputs("<!doctype html><meta charset=\"utf-8\"><title>yingbin screens</title>\n<style>body{font:14px "
        "sans-serif;margin:2rem}figure{display:inline-block;"
        "margin:.5rem;vertical-align:top}img{height:14rem;border:1px solid "
        "#ccc}figcaption{max-width:24rem;overflow-wrap:anywhere}</style>\n",
        s->index);
  bool good = true;
  for (int size = 0; good && size < SIZES; size++)
    for (int dark = 0; good && dark < 2; dark++) {
      good = shoot_size(s, size, dark, problem);
      if (isatty(STDERR_FILENO))
        fprintf(stderr, "%dx%d %s: %d\n", sizes[size].w, sizes[size].h, dark ? "dark" : "light", s->done);
    }
  good = fclose(s->index) == 0 && good;
  if (good) return file_commit(beside, path, 0644, problem);
  file_abandon(beside);
  return false;
}

static int usage(FILE *out) {
  fputs("yingbin-shoot --out DIR [--only PART] [--fonts FILE] [--strings DIR] [--themes FILE]\n"
        "每个屏幕画一张图，另有 index.html；--only：只画文件名含这段字的\n"
        "draws every screen as a picture, and index.html; --only: those whose file name holds PART\n",
        out);
  return out == stderr ? 2 : 0;
}

int main(int argc, char **argv) {
  struct shoot s = {0};
  const char *fonts = "assets/fonts.conf", *strings = "assets/strings", *themes = "assets/themes.ini";
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) return usage(stdout);
    if (i + 1 == argc) return usage(stderr);
    if (strcmp(argv[i], "--out") == 0)
      s.out = argv[++i];
    else if (strcmp(argv[i], "--only") == 0)
      s.only = argv[++i];
    else if (strcmp(argv[i], "--fonts") == 0)
      fonts = argv[++i];
    else if (strcmp(argv[i], "--strings") == 0)
      strings = argv[++i];
    else if (strcmp(argv[i], "--themes") == 0)
      themes = argv[++i];
    else
      return usage(stderr);
  }
  if (s.out == NULL) return usage(stderr);
  struct problem problem = {0};
  struct strings *words = NULL;
  bool good = theme_open(themes, &s.theme, &problem) && strings_open(strings, &words, &problem) &&
              fonts_open(fonts, &s.fonts, &problem);
  if (good) {
    s.stage = (struct stage){words, texts_open(s.fonts), &s.theme};
    good = shoot_all(&s, &problem);
  }
  if (!good)
    problem_print(&problem, "yingbin-shoot");
  else
    printf("{\"pictures\":%d,\"out\":\"%s\"}\n", s.done, s.out);
  texts_close(s.stage.texts);
  fonts_close(s.fonts);
  strings_close(words);
  return good ? 0 : 1;
}
