/* SPDX-License-Identifier: Apache-2.0
 * The ticket as PNG: whole dots a module, texts over the kiosk's own font chain, so that every name
 * that the kiosk can greet is on its ticket, too. Grey, unless an emoji brings colour.
 */
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include <SDL_surface.h>

#include "tools/yingbin/assets.h"
#include "tools/yingbin/ticket_face.h"
#include "ui/text.h"

enum { LINES = 3, GAP = 16 };

struct ticket_pen {
  struct fonts *fonts;
  struct texts *texts;
};

struct sheet {
  uint8_t *rgb; /* TICKET_WIDTH wide, owned */
  int h;
  bool coloured;
};

static const struct wording { /* from top to bottom; the code stands behind the first */
  enum weight weight;
  int size, least, lines;
  uint8_t shade;
} title = {WEIGHT_REGULAR, TICKET_TITLE_SIZE, 36, 2, 0x28}, name = {WEIGHT_BOLD, TICKET_NAME_SIZE, 48, LINES, 0x00},
  type = {WEIGHT_REGULAR, TICKET_TYPE_SIZE, 36, 1, 0x50};

bool ticket_pen_open(struct ticket_pen **out, struct problem *problem) {
  char conf[4096];
  struct ticket_pen *pen = calloc(1, sizeof *pen);
  *out = NULL;
  if (!pen) return problem_set(problem, "内存不足", "out of memory");
  if (!assets_find("fonts.conf", conf, problem) || !fonts_open(conf, &pen->fonts, problem)) {
    free(pen);
    return false;
  }
  pen->texts = texts_open(pen->fonts);
  *out = pen;
  return true;
}

void ticket_pen_close(struct ticket_pen *pen) {
  if (!pen) return;
  texts_close(pen->texts);
  fonts_close(pen->fonts);
  free(pen);
}

static const struct text_layout *lay(struct ticket_pen *pen, const char *text, const struct wording *wording) {
  struct text_ask ask = {.text = text,
                         .weight = wording->weight,
                         .most = wording->size,
                         .least = wording->least,
                         .width = TICKET_WIDTH - 2 * TICKET_MARGIN,
                         .lines = wording->lines};
  return text_layout(pen->texts, &ask);
}

static int height_of(struct ticket_pen *pen, const char *text, const struct wording *wording) {
  const struct text_layout *l = lay(pen, text, wording);
  return l->lines ? l->h + GAP : 0;
}

static void dot(uint8_t *rgb, uint32_t pixel, bool coloured, uint8_t shade) {
  unsigned alpha = pixel >> 24;
  for (int c = 0; c < 3; c++) {
    unsigned ink = coloured ? pixel >> (16 - 8 * c) & 255 : shade;
    rgb[c] = (uint8_t)((ink * alpha + rgb[c] * (255 - alpha) + 127) / 255);
  }
}

/* Surfaces of SDL_ttf are ARGB8888 and need no lock. */
static void put_surface(struct sheet *sheet, const SDL_Surface *surface, int left, int top, bool coloured, uint8_t shade) {
  for (int y = 0; y < surface->h; y++)
    for (int x = 0; x < surface->w; x++) {
      if (left + x < 0 || left + x >= TICKET_WIDTH || top + y < 0 || top + y >= sheet->h) continue;
      uint32_t pixel;
      memcpy(&pixel, (const uint8_t *)surface->pixels + (size_t)y * (size_t)surface->pitch + (size_t)x * 4, 4);
      dot(sheet->rgb + ((size_t)(top + y) * TICKET_WIDTH + (size_t)(left + x)) * 3, pixel, coloured, shade);
    }
}

/* Each line in the middle of the sheet; returns where they end. */
static int put_text(struct ticket_pen *pen, struct sheet *sheet, const char *text, const struct wording *wording, int top) {
  const struct text_layout *l = lay(pen, text, wording);
  for (int i = 0; i < l->lines; i++) {
    const struct text_line *line = &l->line[i];
    for (int r = line->run; r < line->run + line->runs; r++) {
      const struct text_run *run = &l->run[r];
      struct font_run ask = {
          .text = l->bytes + run->at, .font = run->font, .weight = l->weight, .size = l->size, .rtl = run->rtl};
      int above = 0;
      SDL_Surface *surface = fonts_render(pen->fonts, &ask, &above);
      if (!surface) continue; /* nothing to see: a blank, or a mark without a glyph */
      bool coloured = fonts_coloured(pen->fonts, run->font);
      sheet->coloured = sheet->coloured || coloured;
      put_surface(sheet, surface, (TICKET_WIDTH - line->w) / 2 + run->x, top + line->baseline - above, coloured,
                  wording->shade);
      SDL_FreeSurface(surface);
    }
  }
  return l->lines ? top + l->h + GAP : top;
}

static int code_side(const QRcode *qr) {
  int all = qr->width + 2 * TICKET_QUIET;
  return TICKET_CODE_SIDE / all * all;
}

static int put_code(struct sheet *sheet, const QRcode *qr, int top) {
  int side = code_side(qr), dots = side / (qr->width + 2 * TICKET_QUIET), left = (TICKET_WIDTH - side) / 2;
  for (int y = 0; y < qr->width * dots; y++)
    for (int x = 0; x < qr->width * dots; x++)
      if (qr->data[y / dots * qr->width + x / dots] & 1)
        memset(sheet->rgb +
                   ((size_t)(top + dots * TICKET_QUIET + y) * TICKET_WIDTH + (size_t)(left + dots * TICKET_QUIET + x)) * 3,
               0, 3);
  return top + side;
}

/* libpng leaves by longjmp where it fails; nothing here can make it but memory. */
static bool write_rows(png_structp png, png_infop info, const struct sheet *sheet, FILE *out) {
  uint8_t row[TICKET_WIDTH];
  if (setjmp(png_jmpbuf(png))) return false;
  png_init_io(png, out);
  png_set_filter(png, 0, PNG_FILTER_UP); /* rows of modules are alike */
  png_set_IHDR(png, info, TICKET_WIDTH, (png_uint_32)sheet->h, 8, sheet->coloured ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_uint_32 a_metre = (png_uint_32)(TICKET_DPI / 0.0254 + 0.5);
  png_set_pHYs(png, info, a_metre, a_metre, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  for (int y = 0; y < sheet->h; y++) {
    const uint8_t *rgb = sheet->rgb + (size_t)y * TICKET_WIDTH * 3;
    for (int x = 0; x < TICKET_WIDTH; x++) row[x] = rgb[x * 3];
    png_write_row(png, sheet->coloured ? rgb : row);
  }
  png_write_end(png, info);
  return true;
}

static bool encode(const struct sheet *sheet, char **bytes, size_t *len) {
  FILE *out = open_memstream(bytes, len);
  png_structp png = out ? png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL) : NULL;
  png_infop info = png ? png_create_info_struct(png) : NULL;
  bool good = info && write_rows(png, info, sheet, out);
  png_destroy_write_struct(&png, &info);
  if (out && fclose(out)) good = false;
  if (!good && out) {
    free(*bytes);
    *bytes = NULL;
  }
  return good;
}

bool ticket_png(struct ticket_pen *pen, const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  QRcode *qr;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  struct sheet sheet = {.h = 2 * TICKET_MARGIN + code_side(qr) + height_of(pen, face->title, &title) +
                             height_of(pen, face->name, &name) + height_of(pen, face->type, &type)};
  sheet.rgb = malloc((size_t)sheet.h * TICKET_WIDTH * 3);
  bool good = sheet.rgb != NULL;
  if (good) {
    memset(sheet.rgb, 255, (size_t)sheet.h * TICKET_WIDTH * 3);
    int y = put_text(pen, &sheet, face->title, &title, TICKET_MARGIN);
    y = put_code(&sheet, qr, y);
    y = put_text(pen, &sheet, face->name, &name, y);
    put_text(pen, &sheet, face->type, &type, y);
    good = encode(&sheet, bytes, len);
  }
  free(sheet.rgb);
  QRcode_free(qr);
  return good || problem_set(problem, "内存不足", "out of memory");
}
