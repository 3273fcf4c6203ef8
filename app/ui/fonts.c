/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/fonts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <SDL_ttf.h>
#include <unictype.h>
#include <unistr.h>

#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"

enum { CONF_MOST = 64 * 1024, PATH_ROOM = 512, OPEN_SIZE = 32 };

struct face {
  char path[PATH_ROOM];
  TTF_Font *ttf; /* owned */
  int size;      /* set now */
};

struct font {
  char name[64], package[64], script[8];
  struct face face[WEIGHT_COUNT];
  long index;         /* in a font collection */
  float above, below; /* of the ink, in ems */
  float scale;        /* of a colour font: how large its strike is drawn, in ems */
  bool coloured, joined;
  bool thin; /* has no bold face: its strokes are thickened */
};

struct fonts {
  struct font font[FONTS_MAX];
  int count;
};

static const char *const keys[] = {"regular", "bold", "index", "package", "script", "above", "below", "colour", "joined", NULL};

static bool set_key(struct font *f, const struct ini *ini, const struct ini_item *item, struct problem *problem) {
  char number[32];
  slice_copy(item->value, number, sizeof number);
  bool fits = true;
  if (slice_is(item->key, "regular"))
    fits = slice_copy(item->value, f->face[WEIGHT_REGULAR].path, PATH_ROOM);
  else if (slice_is(item->key, "bold"))
    fits = slice_copy(item->value, f->face[WEIGHT_BOLD].path, PATH_ROOM);
  else if (slice_is(item->key, "package"))
    fits = slice_copy(item->value, f->package, sizeof f->package);
  else if (slice_is(item->key, "script"))
    fits = slice_copy(item->value, f->script, sizeof f->script);
  else if (slice_is(item->key, "index"))
    f->index = strtol(number, NULL, 10);
  else if (slice_is(item->key, "above"))
    f->above = strtof(number, NULL);
  else if (slice_is(item->key, "below"))
    f->below = strtof(number, NULL);
  else if (slice_is(item->key, "colour"))
    f->coloured = (f->scale = strtof(number, NULL)) > 0;
  else if (slice_is(item->key, "joined"))
    f->joined = slice_is(item->value, "yes");
  else
    return ini_unknown(ini, item, keys, problem);
  return fits || problem_set(problem, "%s 第 %d 行：值太长", "%s, line %d: the value is too long", ini->file, item->line);
}

static bool read_conf(struct fonts *fonts, const char *conf, char *text, size_t len, struct problem *problem) {
  struct ini ini;
  ini_init(&ini, conf, text, len);
  for (;;) {
    struct ini_item item;
    enum ini_kind kind = ini_next(&ini, &item, problem);
    if (kind == INI_END) break;
    if (kind == INI_BAD) return false;
    if (kind == INI_SECTION) {
      if (!slice_is(item.section, "font") || fonts->count == FONTS_MAX)
        return problem_set(problem, "%s 第 %d 行：这里应是 [font 名称]，最多 %d 个",
                           "%s, line %d: expected [font NAME], %d at most", conf, item.line, FONTS_MAX);
      struct font *f = &fonts->font[fonts->count++];
      *f = (struct font){.above = 0.92f, .below = 0.16f};
      slice_copy(item.argument, f->name, sizeof f->name);
    } else if (fonts->count == 0) {
      return problem_set(problem, "%s 第 %d 行：前面应先有 [font 名称]", "%s, line %d: a [font NAME] line must come first",
                         conf, item.line);
    } else if (!set_key(&fonts->font[fonts->count - 1], &ini, &item, problem)) {
      return false;
    }
  }
  return fonts->count > 0 || problem_set(problem, "%s：没有 [font 名称]", "%s: there is no [font NAME]", conf);
}

static bool open_face(struct font *f, enum weight weight, const char *conf, struct problem *problem) {
  struct face *face = &f->face[weight];
  bool own = face->path[0] != '\0';
  const char *path = own ? face->path : f->face[WEIGHT_REGULAR].path;
  if (access(path, R_OK) != 0)
    return problem_set(problem, "字体文件读不到：%1$s（见 %3$s）。请安装软件包：sudo apt install %2$s",
                       "the font file can't be read: %1$s (named in %3$s). Install its package: sudo apt install %2$s", path,
                       f->package, conf);
  face->ttf = TTF_OpenFontIndex(path, OPEN_SIZE, f->index);
  if (face->ttf == NULL)
    return problem_set(problem, "字体文件已损坏：%1$s（%3$s）。请重新安装：sudo apt install --reinstall %2$s",
                       "the font file is damaged: %1$s (%3$s). Install it again: sudo apt install --reinstall %2$s", path,
                       f->package, TTF_GetError());
  face->size = OPEN_SIZE;
  TTF_SetFontHinting(face->ttf, TTF_HINTING_NONE); /* widths then grow with the size, evenly */
  f->thin = f->thin || (weight == WEIGHT_BOLD && !own && !f->coloured);
  if (f->script[0] != '\0') TTF_SetFontScriptName(face->ttf, f->script);
  return true;
}

bool fonts_open(const char *conf, struct fonts **out, struct problem *problem) {
  *out = NULL;
  if (TTF_Init() != 0) return problem_set(problem, "字体引擎启动失败：%s", "the font engine doesn't start: %s", TTF_GetError());
  struct fonts *fonts = calloc(1, sizeof *fonts);
  assert(fonts != NULL);
  char *text = NULL;
  size_t len = 0;
  bool good = file_read(conf, CONF_MOST, &text, &len, problem) && read_conf(fonts, conf, text, len, problem);
  free(text);
  for (int i = 0; good && i < fonts->count; i++)
    for (int w = 0; good && w < WEIGHT_COUNT; w++) good = open_face(&fonts->font[i], (enum weight)w, conf, problem);
  if (!good) {
    fonts_close(fonts);
    return false;
  }
  *out = fonts;
  return true;
}

void fonts_close(struct fonts *fonts) {
  if (fonts == NULL) return;
  for (int i = 0; i < fonts->count; i++)
    for (int w = 0; w < WEIGHT_COUNT; w++)
      if (fonts->font[i].face[w].ttf != NULL) TTF_CloseFont(fonts->font[i].face[w].ttf);
  free(fonts);
  TTF_Quit();
}

static bool has(const struct font *f, const uint8_t *grapheme, size_t len) {
  for (size_t at = 0; at < len;) {
    ucs4_t c;
    at += (size_t)u8_mbtouc(&c, grapheme + at, len - at);
    if (uc_is_property_default_ignorable_code_point(c)) continue; /* joiners, selectors: the shaper's business */
    if (!TTF_GlyphIsProvided32(f->face[WEIGHT_REGULAR].ttf, c)) return false;
  }
  return true;
}

/* Asks for its colours: an emoji by itself, or one made so by a selector, a skin tone, a joiner or a flag's letters. */
static bool wants_colour(const uint8_t *grapheme, size_t len) {
  bool emoji = false;
  for (size_t at = 0; at < len;) {
    ucs4_t c;
    at += (size_t)u8_mbtouc(&c, grapheme + at, len - at);
    if (c == 0xFE0E) return false;
    emoji |= c == 0xFE0F || uc_is_property_emoji_presentation(c) || uc_is_property_emoji_modifier(c);
  }
  return emoji;
}

bool fonts_find(const struct fonts *fonts, const uint8_t *grapheme, size_t len, int *font) {
  bool colour = wants_colour(grapheme, len);
  for (int pass = 0; pass < 2; pass++) /* the kind asked for, else the other one */
    for (int i = 0; i < fonts->count; i++)
      if (fonts->font[i].coloured == (colour != (pass == 1)) && has(&fonts->font[i], grapheme, len)) {
        *font = i;
        return true;
      }
  *font = 0;
  return false;
}

bool fonts_joined(const struct fonts *fonts, int font) { return fonts->font[font].joined; }
bool fonts_coloured(const struct fonts *fonts, int font) { return fonts->font[font].coloured; }

void fonts_reach(const struct fonts *fonts, int font, int size, int *above, int *below) {
  *above = (int)(fonts->font[font].above * (float)size + 0.5f);
  *below = (int)(fonts->font[font].below * (float)size + 0.5f);
}

static TTF_Font *ready(struct fonts *fonts, const struct font_run *run) {
  struct font *f = &fonts->font[run->font];
  struct face *face = &f->face[run->weight];
  if (!f->coloured && face->size != run->size) {
    TTF_SetFontSize(face->ttf, run->size);
    face->size = run->size;
  }
  TTF_SetFontDirection(face->ttf, run->rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
  return face->ttf;
}

/* A colour font's strike is `TTF_FontHeight` high; drawn, it is scale ems. */
static float strike_scale(const struct font *f, TTF_Font *ttf, int size) {
  return f->scale * (float)size / (float)TTF_FontHeight(ttf);
}

int fonts_width(struct fonts *fonts, const struct font_run *run) {
  TTF_Font *ttf = ready(fonts, run);
  int w = 0, h = 0;
  if (TTF_SizeUTF8(ttf, run->text, &w, &h) != 0) return 0;
  const struct font *f = &fonts->font[run->font];
  return f->coloured ? (int)((float)w * strike_scale(f, ttf, run->size) + 0.5f) : w;
}

int fonts_bearing(struct fonts *fonts, const struct font_run *run) {
  if (fonts->font[run->font].coloured || run->rtl) return 0;
  ucs4_t c;
  u8_mbtouc(&c, (const uint8_t *)run->text, strlen(run->text));
  int minx = 0;
  return TTF_GlyphMetrics32(ready(fonts, run), c, &minx, NULL, NULL, NULL, NULL) == 0 && minx > 0 ? minx : 0;
}

/* Each target pixel is the mean of the source area that it covers (alpha-weighted); enlarging, that is the nearest area. */
static SDL_Surface *scaled(SDL_Surface *from, int w, int h) {
  SDL_Surface *to = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_ARGB8888);
  if (to == NULL) return NULL;
  const float fx = (float)from->w / (float)w, fy = (float)from->h / (float)h;
  for (int y = 0; y < h; y++) {
    uint32_t *row = (uint32_t *)(void *)((uint8_t *)to->pixels + y * to->pitch);
    for (int x = 0; x < w; x++) {
      const float x0 = (float)x * fx, x1 = x0 + fx, y0 = (float)y * fy, y1 = y0 + fy;
      float sum[4] = {0}, area = 0;
      for (int sy = (int)y0; (float)sy < y1 && sy < from->h; sy++)
        for (int sx = (int)x0; (float)sx < x1 && sx < from->w; sx++) {
          const uint32_t p = *(const uint32_t *)(const void *)((const uint8_t *)from->pixels + sy * from->pitch + sx * 4);
          const float part =
              (SDL_min(x1, (float)sx + 1) - SDL_max(x0, (float)sx)) * (SDL_min(y1, (float)sy + 1) - SDL_max(y0, (float)sy));
          const float a = (float)(p >> 24) * part;
          area += part;
          sum[3] += a;
          for (int k = 0; k < 3; k++) sum[k] += (float)(p >> (8 * k) & 255) * a;
        }
      uint32_t pixel = (uint32_t)(sum[3] / area + 0.5f) << 24;
      for (int k = 0; k < 3 && sum[3] > 0; k++) pixel |= (uint32_t)(sum[k] / sum[3] + 0.5f) << (8 * k);
      row[x] = pixel;
    }
  }
  return to;
}

/* The greatest of `2 r + 1` values a `step` apart, for each of n. */
static void spread(uint8_t *at, int n, int step, int r, uint8_t *line) {
  for (int i = 0; i < n; i++) line[i] = at[(ptrdiff_t)i * step];
  for (int i = 0; i < n; i++) {
    uint8_t most = 0;
    for (int k = SDL_max(0, i - r); k <= i + r && k < n; k++) most = SDL_max(most, line[k]);
    at[(ptrdiff_t)i * step] = most;
  }
}

/* SDL_ttf's own bold fills the inside of a character of thirty strokes. */
static void thicken(SDL_Surface *s, int r) {
  const int alpha = SDL_BYTEORDER == SDL_LIL_ENDIAN ? 3 : 0;
  uint8_t *line = malloc((size_t)SDL_max(s->w, s->h)), *pixels = (uint8_t *)s->pixels + alpha;
  if (line == NULL) return;
  for (int y = 0; y < s->h; y++) spread(pixels + y * s->pitch, s->w, 4, r, line);
  for (int x = 0; x < s->w; x++) spread(pixels + x * 4, s->h, s->pitch, r, line);
  free(line);
}

SDL_Surface *fonts_render(struct fonts *fonts, const struct font_run *run, int *above) {
  TTF_Font *ttf = ready(fonts, run);
  SDL_Surface *surface = TTF_RenderUTF8_Blended(ttf, run->text, (SDL_Color){255, 255, 255, 255});
  if (surface == NULL) return NULL;
  *above = TTF_FontAscent(ttf);
  const struct font *f = &fonts->font[run->font];
  if (f->thin && run->weight == WEIGHT_BOLD) thicken(surface, run->size / 100);
  if (!f->coloured) return surface;
  const float k = strike_scale(f, ttf, run->size);
  *above = (int)((float)*above * k + 0.5f);
  SDL_Surface *fit =
      scaled(surface, SDL_max(1, (int)((float)surface->w * k + 0.5f)), SDL_max(1, (int)((float)surface->h * k + 0.5f)));
  SDL_FreeSurface(surface);
  return fit;
}
