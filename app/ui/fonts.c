/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/fonts.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <SDL_ttf.h>
#include <unictype.h>
#include <unistr.h>

#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"

enum { CONF_MOST = 64 * 1024, PATH_ROOM = 512, OPEN_SIZE = 32, ADVANCES = 4096 };

struct face {
  char path[PATH_ROOM];
  void *file; /* owned: mapped, since FreeType goes to and fro in it for each glyph */
  size_t bytes;
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

struct advance {      /* of one character: texts are measured by them, and FreeType would draw each anew for that */
  uint32_t character; /* 0: none */
  int16_t size, width;
  uint8_t font, weight;
};

struct fonts {
  struct font font[FONTS_MAX];
  int count;
  struct advance advance[ADVANCES]; /* each in the one place that its hash names */
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

static bool map(struct face *face, const char *path) {
  struct stat st;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  void *at = fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < INT32_MAX
                 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                 : MAP_FAILED;
  close(fd);
  if (at == MAP_FAILED) return false;
  face->file = at;
  face->bytes = (size_t)st.st_size;
  return true;
}

static void close_face(struct face *face) {
  if (face->ttf != NULL) TTF_CloseFont(face->ttf);
  if (face->file != NULL) munmap(face->file, face->bytes);
}

static bool open_face(struct font *f, enum weight weight, const char *conf, struct problem *problem) {
  struct face *face = &f->face[weight];
  bool own = face->path[0] != '\0';
  const char *path = own ? face->path : f->face[WEIGHT_REGULAR].path;
  if (!map(face, path))
    return problem_set(problem, "字体文件读不到：%1$s（见 %3$s）。请安装软件包：sudo apt install %2$s",
                       "the font file can't be read: %1$s (named in %3$s). Install its package: sudo apt install %2$s", path,
                       f->package, conf);
  face->ttf = TTF_OpenFontIndexRW(SDL_RWFromConstMem(face->file, (int)face->bytes), 1, OPEN_SIZE, f->index);
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
    for (int w = 0; w < WEIGHT_COUNT; w++) close_face(&fonts->font[i].face[w]);
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

static int width(struct fonts *fonts, const struct font_run *run) {
  TTF_Font *ttf = ready(fonts, run);
  int w = 0, h = 0;
  if (TTF_SizeUTF8(ttf, run->text, &w, &h) != 0) return 0;
  const struct font *f = &fonts->font[run->font];
  return f->coloured ? (int)((float)w * strike_scale(f, ttf, run->size) + 0.5f) : w;
}

int fonts_width(struct fonts *fonts, const struct font_run *run) {
  ucs4_t c;
  const size_t len = strlen(run->text);
  const bool single = len > 0 && len <= 4 && (size_t)u8_mbtouc(&c, (const uint8_t *)run->text, len) == len;
  if (!single || run->size > INT16_MAX) return width(fonts, run);
  const struct advance want = {.character = c, .size = (int16_t)run->size, .font = (uint8_t)run->font, .weight = run->weight};
  struct advance *a = &fonts->advance[(c * 31 + (unsigned)run->size * 7 + (unsigned)run->font * 5 + run->weight) % ADVANCES];
  if (a->character != c || a->size != want.size || a->font != want.font || a->weight != want.weight) {
    const int w = width(fonts, run);
    if (w > INT16_MAX) return w;
    *a = want;
    a->width = (int16_t)w;
  }
  return a->width;
}

int fonts_bearing(struct fonts *fonts, const struct font_run *run) {
  if (fonts->font[run->font].coloured || run->rtl) return 0;
  ucs4_t c;
  u8_mbtouc(&c, (const uint8_t *)run->text, strlen(run->text));
  int minx = 0;
  return TTF_GlyphMetrics32(ready(fonts, run), c, &minx, NULL, NULL, NULL, NULL) == 0 && minx > 0 ? minx : 0;
}

struct span { /* of sources that a target covers */
  float from, to;
};

static struct span span_of(int n, int i, int m) {
  const float by = (float)n / (float)m, from = (float)i * by;
  return (struct span){from, SDL_min(from + by, (float)n)};
}

static float part_of(struct span s, int source) { return SDL_min(s.to, (float)source + 1) - SDL_max(s.from, (float)source); }

/* A row as large as `w`: four sums a pixel, of colours weighed by their alpha, and of alpha. */
static void widen(const uint32_t *row, int n, float *to, int w) {
  for (int x = 0; x < w; x++, to += 4) {
    const struct span span = span_of(n, x, w);
    memset(to, 0, 4 * sizeof *to);
    for (int s = (int)span.from; (float)s < span.to; s++) {
      if (row[s] >> 24 == 0) continue;
      const float a = (float)(row[s] >> 24) * part_of(span, s);
      for (int k = 0; k < 3; k++) to[k] += (float)(row[s] >> (8 * k) & 255) * a;
      to[3] += a;
    }
  }
}

static uint32_t mean(const float sum[4], float area) {
  if (sum[3] <= 0) return 0;
  uint32_t pixel = (uint32_t)SDL_min(sum[3] / area + 0.5f, 255) << 24;
  const float by = 1 / sum[3];
  for (int k = 0; k < 3; k++) pixel |= (uint32_t)SDL_min(sum[k] * by + 0.5f, 255) << (8 * k);
  return pixel;
}

/* Each target pixel is the mean of the source area that it covers (alpha-weighted); enlarging, that is the nearest area. */
static SDL_Surface *scaled(SDL_Surface *from, int w, int h) {
  SDL_Surface *to = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_ARGB8888);
  const size_t line = (size_t)w * 4;
  float *wide = malloc(line * ((size_t)from->h + 1) * sizeof *wide);
  if (to == NULL || wide == NULL) {
    free(wide);
    SDL_FreeSurface(to);
    return NULL;
  }
  for (int y = 0; y < from->h; y++)
    widen((const uint32_t *)(const void *)((const uint8_t *)from->pixels + y * from->pitch), from->w, wide + line * (size_t)y,
          w);
  float *sum = wide + line * (size_t)from->h;
  const float area = (float)from->w / (float)w * (float)from->h / (float)h;
  for (int y = 0; y < h; y++) {
    const struct span span = span_of(from->h, y, h);
    memset(sum, 0, line * sizeof *sum);
    for (int s = (int)span.from; (float)s < span.to; s++) {
      const float part = part_of(span, s), *source = wide + line * (size_t)s;
      for (size_t i = 0; i < line; i++) sum[i] += source[i] * part;
    }
    uint32_t *row = (uint32_t *)(void *)((uint8_t *)to->pixels + y * to->pitch);
    for (int x = 0; x < w; x++) row[x] = mean(sum + (size_t)x * 4, area);
  }
  free(wide);
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
