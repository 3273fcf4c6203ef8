/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <SDL.h>

#include "ui/canvas.h"
#include "ui/sprites.h"
#include "ui/theme.h"

enum { PAINTED = 24, PAINTED_BUDGET = 20 * 1024 * 1024, SCALING_WORK = 4 };

struct painted { /* an organizer's picture in the size in which it was drawn lately */
  uint32_t id;
  int w, h;
  SDL_Texture *texture; /* owned; NULL: free */
  uint64_t used;
};

struct canvas_sdl {
  SDL_Renderer *renderer; /* borrowed */
  struct fonts *fonts;    /* borrowed */
  struct palette palette;
  struct sprites *sprites; /* owned */
  uint64_t now;
  struct SDL_Texture *mirror; /* owned; NULL until there is one */
  size_t painted_bytes;
  struct painted painted[PAINTED];
};

static SDL_Color lit(const struct canvas_sdl *c, uint32_t v) {
  const unsigned of = c->palette.dim ? 3 : 1;
  return (SDL_Color){(Uint8)((v >> 16 & 255) / of), (Uint8)((v >> 8 & 255) / of), (Uint8)((v & 255) / of), 255};
}

static SDL_Color rgb(const struct canvas_sdl *c, enum colour colour) { return lit(c, theme_rgb(&c->palette, colour)); }

static uint32_t bits(SDL_Color k) { return (uint32_t)k.r << 16 | (uint32_t)k.g << 8 | k.b; }

static void put(struct canvas_sdl *c, const struct sprite *s, int x, int y) {
  if (s == NULL || s->texture == NULL) return;
  SDL_RenderCopy(c->renderer, s->texture, NULL, &(SDL_Rect){x + s->x, y + s->y, s->w, s->h});
}

static void whiten(const struct canvas_sdl *c, SDL_Texture *texture) {
  const SDL_Color k = lit(c, 0xFFFFFF);
  SDL_SetTextureColorMod(texture, k.r, k.g, k.b);
}

static void set_colour(const struct canvas_sdl *c, SDL_Color k) { SDL_SetRenderDrawColor(c->renderer, k.r, k.g, k.b, k.a); }

static void clear(void *self, enum colour colour) {
  struct canvas_sdl *c = self;
  set_colour(c, rgb(c, colour));
  SDL_RenderClear(c->renderer);
}

static void fill(struct canvas_sdl *c, int x, int y, int w, int h) {
  if (w > 0 && h > 0) SDL_RenderFillRect(c->renderer, &(SDL_Rect){x, y, w, h});
}

static void paint_round(struct canvas_sdl *c, struct box b, int r, SDL_Color k) {
  r = SDL_min(r, SDL_min(b.w, b.h) / 2);
  set_colour(c, k);
  fill(c, b.x + r, b.y, b.w - 2 * r, b.h);
  fill(c, b.x, b.y + r, r, b.h - 2 * r);
  fill(c, b.x + b.w - r, b.y + r, r, b.h - 2 * r);
  const struct sprite *disc = r > 0 ? sprites_shape(c->sprites, SHAPE_DISC, 2 * r, bits(k)) : NULL;
  if (disc == NULL) return;
  for (int i = 0; i < 4; i++) { /* a quarter of the disc in each corner */
    const int right = i & 1, low = i >> 1;
    const SDL_Rect from = {right * r, low * r, r, r}, to = {right ? b.x + b.w - r : b.x, low ? b.y + b.h - r : b.y, r, r};
    SDL_RenderCopy(c->renderer, disc->texture, &from, &to);
  }
}

static void rounded(void *self, struct box b, int radius, enum colour colour) {
  struct canvas_sdl *c = self;
  paint_round(c, b, radius, rgb(c, colour));
}

static void shape(void *self, struct box b, enum shape kind, enum colour colour) {
  struct canvas_sdl *c = self;
  const int size = SDL_min(b.w, b.h);
  put(c, sprites_shape(c->sprites, kind, size, bits(rgb(c, colour))), b.x + (b.w - size) / 2, b.y + (b.h - size) / 2);
}

static void draw_run(struct canvas_sdl *c, int x, int baseline, const struct text_layout *l, const struct text_run *run,
                     enum colour colour) {
  const SDL_Color k = fonts_coloured(c->fonts, run->font) ? lit(c, 0xFFFFFF) : rgb(c, colour);
  put(c, sprites_run(c->sprites, l, run, bits(k)), x + run->x, baseline);
}

static void text(void *self, int x, int y, const struct text_layout *l, int align, enum colour colour) {
  struct canvas_sdl *c = self;
  for (int i = 0; i < l->lines; i++) {
    const struct text_line *line = &l->line[i];
    const int left = x + (l->w - line->w) * (align + 1) / 2;
    for (int r = line->run; r < line->run + line->runs; r++) draw_run(c, left, y + line->baseline, l, &l->run[r], colour);
  }
}

static void veil(void *self, struct box b, enum colour colour, int part) {
  struct canvas_sdl *c = self;
  SDL_Color k = rgb(c, colour);
  k.a = (Uint8)part;
  SDL_SetRenderDrawBlendMode(c->renderer, part < 255 ? SDL_BLENDMODE_BLEND : SDL_BLENDMODE_NONE);
  set_colour(c, k);
  fill(c, b.x, b.y, b.w, b.h);
  SDL_SetRenderDrawBlendMode(c->renderer, SDL_BLENDMODE_NONE);
}

static void qr(void *self, struct box b, const struct qr *code) {
  struct canvas_sdl *c = self;
  const int module = SDL_min(b.w, b.h) / (code->width + 2 * QR_QUIET);
  paint_round(c, b, SDL_min(b.w, b.h) / 16, lit(c, 0xFFFFFF));
  set_colour(c, (SDL_Color){0, 0, 0, 255});
  const int x0 = b.x + (b.w - module * code->width) / 2, y0 = b.y + (b.h - module * code->width) / 2;
  for (int y = 0; y < code->width; y++)
    for (int x = 0, end; x < code->width; x = end + 1) {
      for (end = x; end < code->width && code->dark[y][end];) end++;
      fill(c, x0 + x * module, y0 + y * module, (end - x) * module, module);
    }
}

struct box mirror_picture_box(struct box b, const struct mirror *m) {
  struct box p = {.w = b.w, .h = b.w * m->h / m->w};
  if (p.h > b.h) p = (struct box){.w = b.h * m->w / m->h, .h = b.h};
  p.x = b.x + (b.w - p.w) / 2;
  p.y = b.y + (b.h - p.h) / 2;
  return p;
}

static void mirror_pixels(struct canvas_sdl *c, const struct mirror *m) {
  void *pixels;
  int pitch;
  const SDL_Rect all = {0, 0, m->w, m->h};
  if (c->mirror == NULL) {
    c->mirror = SDL_CreateTexture(c->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, MIRROR_W, MIRROR_H);
    if (c->mirror == NULL) return;
    SDL_SetTextureBlendMode(c->mirror, SDL_BLENDMODE_NONE);
    SDL_SetTextureScaleMode(c->mirror, SDL_ScaleModeLinear);
  }
  if (SDL_LockTexture(c->mirror, &all, &pixels, &pitch) != 0) return;
  for (int y = 0; y < m->h; y++) {
    uint32_t *row = (uint32_t *)(void *)((uint8_t *)pixels + y * pitch);
    for (int x = 0; x < m->w; x++) row[x] = 0xFF000000u | m->luma[y * m->w + x] * 0x010101u;
  }
  SDL_UnlockTexture(c->mirror);
}

/* A thick line from a corner a part of the way to the next one; it begins a little before, so that two make a corner. */
static void stroke(struct canvas_sdl *c, SDL_FPoint from, SDL_FPoint to, float thick, SDL_Color k) {
  const float dx = to.x - from.x, dy = to.y - from.y, length = SDL_sqrtf(dx * dx + dy * dy);
  if (length < 1) return;
  const float ux = dx / length, uy = dy / length, half = thick / 2, reach = length * 0.28f;
  const SDL_FPoint a = {from.x - ux * half, from.y - uy * half}, b = {from.x + ux * reach, from.y + uy * reach};
  const float nx = -uy * half, ny = ux * half;
  const SDL_Vertex v[4] = {{{a.x + nx, a.y + ny}, k, {0, 0}},
                           {{b.x + nx, b.y + ny}, k, {0, 0}},
                           {{b.x - nx, b.y - ny}, k, {0, 0}},
                           {{a.x - nx, a.y - ny}, k, {0, 0}}};
  const int order[] = {0, 1, 2, 0, 2, 3};
  SDL_RenderGeometry(c->renderer, NULL, v, 4, order, 6);
}

static void mirror(void *self, struct box b, const struct mirror *m) {
  struct canvas_sdl *c = self;
  set_colour(c, rgb(c, COLOUR_LINE));
  fill(c, b.x, b.y, b.w, b.h);
  if (m->w == 0) return;
  const struct box p = mirror_picture_box(b, m);
  const SDL_Rect from = {0, 0, m->w, m->h}, to = {p.x, p.y, p.w, p.h};
  mirror_pixels(c, m);
  if (c->mirror == NULL) return;
  whiten(c, c->mirror);
  SDL_RenderCopy(c->renderer, c->mirror, &from, &to);
  if (!m->found) return;
  SDL_RenderSetClipRect(c->renderer, &to);
  SDL_FPoint corner[4];
  for (int i = 0; i < 4; i++)
    corner[i] = (SDL_FPoint){(float)p.x + (float)(m->quad[i].x * p.w) / (float)m->w,
                             (float)p.y + (float)(m->quad[i].y * p.h) / (float)m->h};
  for (int i = 0; i < 4; i++) {
    stroke(c, corner[i], corner[(i + 1) % 4], (float)p.h / 44, rgb(c, COLOUR_CARE));
    stroke(c, corner[i], corner[(i + 3) % 4], (float)p.h / 44, rgb(c, COLOUR_CARE));
  }
  SDL_RenderSetClipRect(c->renderer, NULL);
}

/* --- the organizer's pictures --- */

static void unpaint(struct canvas_sdl *c, struct painted *p) {
  if (p->texture == NULL) return;
  SDL_DestroyTexture(p->texture);
  c->painted_bytes -= (size_t)p->w * (size_t)p->h * 4;
  *p = (struct painted){.texture = NULL};
}

static struct painted *least_used(struct canvas_sdl *c, bool busy) {
  struct painted *found = NULL;
  for (int i = 0; i < PAINTED; i++) {
    struct painted *p = &c->painted[i];
    if (p->texture == NULL && !busy) return p;
    if (p->texture != NULL && (found == NULL || p->used < found->used)) found = p;
  }
  return found;
}

/* A slide's corners are as round as a card's. */
static void round_corners(uint32_t *argb, int w, int h) {
  const double r = SDL_min(w, h) / 16.0;
  for (int y = 0; y < (int)r; y++)
    for (int x = 0; x < (int)r; x++) {
      const double dx = r - x - 0.5, dy = r - y - 0.5, inside = r + 0.5 - SDL_sqrt(dx * dx + dy * dy);
      const uint32_t alpha = (uint32_t)(255 * SDL_clamp(inside, 0, 1)) << 24;
      uint32_t *const corner[] = {&argb[y * w + x], &argb[y * w + w - 1 - x], &argb[(h - 1 - y) * w + x],
                                  &argb[(h - 1 - y) * w + w - 1 - x]};
      for (int i = 0; i < 4; i++) *corner[i] = (*corner[i] & 0xFFFFFF) | alpha;
    }
}

/* Made as large as it is drawn, once: then a frame only copies it. */
static struct painted *paint(struct canvas_sdl *c, const struct image *image, int w, int h) {
  uint32_t *pixels = image_scaled(image, w, h);
  if (pixels == NULL) return NULL;
  if (image->opaque) round_corners(pixels, w, h);
  while (c->painted_bytes + (size_t)w * (size_t)h * 4 > PAINTED_BUDGET && c->painted_bytes > 0) unpaint(c, least_used(c, true));
  struct painted *p = least_used(c, false);
  unpaint(c, p);
  SDL_Texture *texture = SDL_CreateTexture(c->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, w, h);
  if (texture != NULL && SDL_UpdateTexture(texture, NULL, pixels, w * 4) == 0) {
    *p = (struct painted){.id = image->id, .w = w, .h = h, .texture = texture};
    c->painted_bytes += (size_t)w * (size_t)h * 4;
    SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
  } else if (texture != NULL) {
    SDL_DestroyTexture(texture);
  }
  free(pixels);
  return p->texture != NULL ? p : NULL;
}

struct box canvas_picture_box(struct box b, const struct image *image) {
  struct box p;
  image_fit(image->w, image->h, b.w, b.h, &p.w, &p.h);
  p.x = b.x + (b.w - p.w) / 2;
  p.y = b.y + (b.h - p.h) / 2;
  return p;
}

static void picture(void *self, struct box b, const struct image *image, int part) {
  struct canvas_sdl *c = self;
  const struct box at = canvas_picture_box(b, image);
  struct painted *p = NULL;
  for (int i = 0; i < PAINTED && p == NULL; i++)
    if (c->painted[i].texture != NULL && c->painted[i].id == image->id && c->painted[i].w == at.w && c->painted[i].h == at.h)
      p = &c->painted[i];
  const int work = at.w == image->w && at.h == image->h ? 1 : SCALING_WORK;
  if (p == NULL && sprites_may(c->sprites, (int64_t)image->w * image->h * work)) p = paint(c, image, at.w, at.h);
  if (p == NULL) return;
  p->used = ++c->now;
  whiten(c, p->texture);
  SDL_SetTextureAlphaMod(p->texture, (Uint8)part);
  SDL_RenderCopy(c->renderer, p->texture, NULL, &(SDL_Rect){at.x, at.y, at.w, at.h});
}

bool canvas_sdl_open(SDL_Renderer *renderer, struct fonts *fonts, int w, int h, const struct palette *palette,
                     struct canvas *out) {
  static const struct canvas_ops ops = {clear, rounded, shape, text, veil, qr, mirror, picture, NULL};
  struct canvas_sdl *c = calloc(1, sizeof *c);
  if (c == NULL) return false;
  c->sprites = sprites_open(renderer, fonts);
  if (c->sprites == NULL) {
    free(c);
    return false;
  }
  c->renderer = renderer;
  c->fonts = fonts;
  c->palette = *palette;
  *out = (struct canvas){.ops = &ops, .self = c, .w = w, .h = h};
  return true;
}

size_t canvas_sdl_bytes(const struct canvas *canvas) {
  return sprites_bytes(((const struct canvas_sdl *)canvas->self)->sprites);
}

void canvas_sdl_limit(struct canvas *canvas, int64_t pixels) {
  sprites_limit(((struct canvas_sdl *)canvas->self)->sprites, pixels);
}

bool canvas_sdl_left_out(const struct canvas *canvas) {
  return sprites_left_out(((const struct canvas_sdl *)canvas->self)->sprites);
}

void canvas_sdl_paint(struct canvas *canvas, const struct palette *palette) {
  struct canvas_sdl *c = canvas->self;
  c->palette = *palette;
}

void canvas_sdl_forget(struct canvas *canvas) { sprites_forget_texts(((struct canvas_sdl *)canvas->self)->sprites); }

void canvas_sdl_close(struct canvas *canvas) {
  struct canvas_sdl *c = canvas->self;
  if (c == NULL) return;
  sprites_close(c->sprites);
  for (int i = 0; i < PAINTED; i++) unpaint(c, &c->painted[i]);
  if (c->mirror != NULL) SDL_DestroyTexture(c->mirror);
  free(c);
  canvas->self = NULL;
}
