/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/sprites.h"

#include <stdlib.h>
#include <string.h>

#include <SDL.h>

#include "ui/shapes.h"

enum { SPRITES = 640, RUN_TEXT_MAX = 256 };

/* What making takes, in pixels of a run of text: FreeType's work on a character, each pixel of an emoji, of a drawing. */
enum { CHARACTER_WORK = 4000, COLOUR_WORK = 5, DRAWING_WORK = 2 };

struct key {
  char kind; /* 't' a run, 's' a shape, 'x' found by nothing */
  bool bold, rtl;
  int16_t font, size; /* of a shape: which, how large */
  uint32_t rgb;
  char text[RUN_TEXT_MAX];
};

struct kept {
  struct key key;
  struct sprite sprite;
  uint64_t used; /* 0: free */
};

struct sprites {
  SDL_Renderer *renderer;
  struct fonts *fonts;
  size_t bytes;
  uint64_t now;
  int64_t limit, made; /* 0: no limit */
  bool left_out;
  uint32_t hash[SPRITES]; /* of each key: most aren't looked at */
  struct kept kept[SPRITES];
};

struct sprites *sprites_open(SDL_Renderer *renderer, struct fonts *fonts) {
  struct sprites *s = calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  s->renderer = renderer;
  s->fonts = fonts;
  return s;
}

void sprites_limit(struct sprites *s, int64_t pixels) {
  s->limit = pixels;
  s->made = 0;
  s->left_out = false;
}

bool sprites_may(struct sprites *s, int64_t pixels) {
  const bool may = s->limit == 0 || s->made == 0 || s->made + pixels <= s->limit;
  if (may)
    s->made += pixels;
  else
    s->left_out = true;
  return may;
}

bool sprites_left_out(const struct sprites *s) { return s->left_out; }

size_t sprites_bytes(const struct sprites *s) { return s->bytes; }

static size_t bytes_of(const struct sprite *s) { return (size_t)s->w * (size_t)s->h * 4; }

static void drop(struct sprites *s, struct kept *k) {
  if (k->used == 0) return;
  if (k->sprite.texture != NULL) SDL_DestroyTexture(k->sprite.texture);
  s->bytes -= bytes_of(&k->sprite);
  explicit_bzero(k, sizeof *k);
}

void sprites_forget_texts(struct sprites *s) {
  for (int i = 0; i < SPRITES; i++)
    if (s->kept[i].key.kind != 's') drop(s, &s->kept[i]);
}

void sprites_close(struct sprites *s) {
  for (int i = 0; s != NULL && i < SPRITES; i++) drop(s, &s->kept[i]);
  free(s);
}

static uint32_t hash_of(const struct key *key) { /* FNV-1a */
  const uint32_t numbers[] = {(uint32_t)key->kind | (uint32_t)key->bold << 8 | (uint32_t)key->rtl << 9,
                              (uint32_t)(uint16_t)key->font << 16 | (uint16_t)key->size, key->rgb};
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) hash = (hash ^ numbers[i]) * 16777619u;
  for (const char *c = key->text; *c != '\0'; c++) hash = (hash ^ (uint8_t)*c) * 16777619u;
  return hash;
}

static bool same(const struct key *a, const struct key *b) {
  return a->kind == b->kind && a->bold == b->bold && a->rtl == b->rtl && a->font == b->font && a->size == b->size &&
         a->rgb == b->rgb && strcmp(a->text, b->text) == 0;
}

static const struct sprite *find(struct sprites *s, const struct key *key, uint32_t hash) {
  if (key->kind == 'x') return NULL;
  for (int i = 0; i < SPRITES; i++) {
    struct kept *k = &s->kept[i];
    if (s->hash[i] != hash || k->used == 0 || !same(&k->key, key)) continue;
    k->used = ++s->now;
    return &k->sprite;
  }
  return NULL;
}

/* A free place, or what wasn't drawn for longest; among: only what is there. */
static int oldest(const struct sprites *s, bool among) {
  int found = -1;
  for (int i = 0; i < SPRITES; i++) {
    if (among && s->kept[i].used == 0) continue;
    if (found < 0 || s->kept[i].used < s->kept[found].used) found = i;
  }
  return found;
}

static SDL_Rect ink_of(const SDL_Surface *surface) {
  int x0 = surface->w, x1 = 0, y0 = surface->h, y1 = 0;
  for (int y = 0; y < surface->h; y++) {
    const uint32_t *row = (const uint32_t *)(const void *)((const uint8_t *)surface->pixels + y * surface->pitch);
    int from = 0, to = surface->w;
    while (from < to && row[from] >> 24 == 0) from++;
    if (from == to) continue;
    while (row[to - 1] >> 24 == 0) to--;
    x0 = SDL_min(x0, from), x1 = SDL_max(x1, to);
    y0 = SDL_min(y0, y), y1 = y + 1;
  }
  return x1 > x0 ? (SDL_Rect){x0, y0, x1 - x0, y1 - y0} : (SDL_Rect){0, 0, 0, 0};
}

/* Colours are in it: SDL's fast way of copying knows none besides. */
static void tint(SDL_Surface *surface, SDL_Rect ink, uint32_t rgb) {
  if (rgb == 0xFFFFFF) return;
  for (int y = ink.y; y < ink.y + ink.h; y++) {
    uint32_t *row = (uint32_t *)(void *)((uint8_t *)surface->pixels + y * surface->pitch);
    for (int x = ink.x; x < ink.x + ink.w; x++) {
      const uint32_t p = row[x];
      if ((p & 0xFFFFFF) == 0xFFFFFF) {
        row[x] = (p & 0xFF000000u) | rgb;
        continue;
      }
      uint32_t out = p & 0xFF000000u;
      for (int shift = 0; shift <= 16; shift += 8) out |= (p >> shift & 255) * (rgb >> shift & 255) / 255 << shift;
      row[x] = out;
    }
  }
}

/* The surface's ink becomes a texture in the place of what wasn't drawn for longest; the surface is freed. */
static const struct sprite *keep(struct sprites *s, const struct key *key, uint32_t hash, SDL_Surface *surface, int above) {
  if (surface == NULL) return NULL;
  const SDL_Rect ink = key->kind == 's' ? (SDL_Rect){0, 0, surface->w, surface->h} : ink_of(surface);
  struct sprite made = {.x = ink.x, .y = ink.y - above, .w = ink.w, .h = ink.h};
  while (s->bytes + bytes_of(&made) > SPRITES_BUDGET && s->bytes > 0) drop(s, &s->kept[oldest(s, true)]);
  const int at = oldest(s, false);
  drop(s, &s->kept[at]);
  bool good = true;
  if (ink.w > 0) {
    tint(surface, ink, key->rgb);
    made.texture = SDL_CreateTexture(s->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, ink.w, ink.h);
    const uint8_t *first = (const uint8_t *)surface->pixels + ink.y * surface->pitch + ink.x * 4;
    good = made.texture != NULL && SDL_UpdateTexture(made.texture, NULL, first, surface->pitch) == 0;
    if (made.texture != NULL) SDL_SetTextureBlendMode(made.texture, SDL_BLENDMODE_BLEND);
  }
  SDL_FreeSurface(surface);
  if (!good) {
    if (made.texture != NULL) SDL_DestroyTexture(made.texture);
    return NULL;
  }
  s->bytes += bytes_of(&made);
  s->hash[at] = hash;
  s->kept[at] = (struct kept){.key = *key, .sprite = made, .used = ++s->now};
  return &s->kept[at].sprite;
}

const struct sprite *sprites_shape(struct sprites *s, enum shape shape, int size, uint32_t rgb) {
  const struct key key = {.kind = 's', .font = (int16_t)shape, .size = (int16_t)size, .rgb = rgb};
  const uint32_t hash = hash_of(&key);
  const struct sprite *found = find(s, &key, hash);
  if (found != NULL || size <= 0 || !sprites_may(s, (int64_t)size * size * DRAWING_WORK)) return found;
  return keep(s, &key, hash, shape_mask(shape, size), 0);
}

static int characters(const char *text) {
  int count = 0;
  for (; *text != '\0'; text++) count += (*text & 0xC0) != 0x80;
  return count;
}

const struct sprite *sprites_run(struct sprites *s, const struct text_layout *l, const struct text_run *run, uint32_t rgb) {
  const char *text = l->bytes + run->at;
  struct key key = {
      .kind = 't', .bold = l->weight == WEIGHT_BOLD, .rtl = run->rtl, .font = run->font, .size = (int16_t)l->size, .rgb = rgb};
  if (strlen(text) < sizeof key.text)
    strcpy(key.text, text);
  else
    key.kind = 'x';
  const uint32_t hash = hash_of(&key);
  const struct sprite *found = find(s, &key, hash);
  const int a_pixel = fonts_coloured(s->fonts, run->font) ? COLOUR_WORK : 1;
  if (found != NULL || !sprites_may(s, (int64_t)run->w * l->size * a_pixel + (int64_t)characters(text) * CHARACTER_WORK))
    return found;
  const struct font_run shaped = {text, run->font, l->weight, l->size, run->rtl};
  int above = 0;
  SDL_Surface *surface = fonts_render(s->fonts, &shaped, &above);
  return keep(s, &key, hash, surface, above);
}
