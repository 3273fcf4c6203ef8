/* SPDX-License-Identifier: Apache-2.0
 * What the screens look like, measured in their pixels: contrast of each text with what is under it, the
 * smallest text, QR codes that zbar reads back. The worst of each case is kept as a reference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <SDL.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <zbar.h>

#include "base/file.h"
#include "core/accent.h"
#include "tests/screens/spy.h"

/* Behind the spy, whose arguments are called like what it opens. */
#include "tests/screens/screen_room.h"
#include "tools/shoot_main/matrix.h"
#include "ui/page.h"

#define LEAST_CONTRAST 7.0
#define LEAST_CONTRAST_LARGE 4.5 /* bold, and larger than LARGE */
#define LARGE 0.06               /* of the short side */
#define LEAST_CONTRAST_THIN 6.0  /* drawn: a stroke thinner than a pixel is never all of its colour */
#define SMALLEST 0.022           /* of the short side */
#define SMALLEST_FOOTER 0.017    /* the health line is for who stands before the kiosk */
enum { THIN = 20, LEAST_MODULE = 3, CODE_MOST = 1400, FACTS_MOST = 1 << 20 };

static struct catalog catalog;
static struct view view;
static zbar_image_scanner_t *scanner;

static SDL_Surface *surface;
static SDL_Renderer *renderer;
static struct canvas canvas;

static int setup(void **state) {
  if (screen_room_open(state) != 0) return -1;
  scanner = zbar_image_scanner_create();
  zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
  return 0;
}

static void easel_close(void) {
  canvas_sdl_close(&canvas);
  if (renderer != NULL) SDL_DestroyRenderer(renderer);
  SDL_FreeSurface(surface);
  pictures_close(pictures);
  pictures = NULL;
  renderer = NULL;
  surface = NULL;
}

static void easel_open(int w, int h, const struct palette *palette) {
  if (surface != NULL && surface->w == w && surface->h == h) {
    canvas_sdl_paint(&canvas, palette);
    return;
  }
  easel_close();
  struct problem problem;
  pictures = case_pictures(SOURCE_DIR "/assets/sample", &theme, w, h, &problem);
  if (pictures == NULL) fail_msg("%s", problem.en);
  surface = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_ARGB8888);
  renderer = SDL_CreateSoftwareRenderer(surface);
  assert_true(canvas_sdl_open(renderer, fonts, w, h, palette, &canvas));
}

static int teardown(void **state) {
  easel_close();
  zbar_image_scanner_destroy(scanner);
  return screen_room_close(state);
}

static void draw(const struct matrix_place *at, const struct palette *palette) {
  easel_open(matrix_sizes[at->size].w, matrix_sizes[at->size].h, palette);
  const struct stage stage = {strings, texts, &theme, pictures};
  matrix_view(at, &catalog, &view);
  spy_begin(&canvas, fonts);
  screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
  SDL_RenderFlush(renderer);
}

static uint32_t pixel(int x, int y) {
  return ((const uint32_t *)(const void *)((const uint8_t *)surface->pixels + y * surface->pitch))[x] & 0xFFFFFF;
}

/* The colour that stands most often on the box's edge, where no ink is but by chance: what the text is written on. */
static uint32_t under(struct box b) {
  static struct {
    uint32_t rgb;
    int count;
  } seen[64];
  int kinds = 0, best = 0;
  for (int i = 0; i < 2 * (b.w + b.h); i++) {
    const int x = i < 2 * b.w ? b.x + i / 2 : b.x + (i % 2) * (b.w - 1);
    const int y = i < 2 * b.w ? b.y + (i % 2) * (b.h - 1) : b.y + (i - 2 * b.w) / 2;
    if (x < 0 || y < 0 || x >= surface->w || y >= surface->h) continue;
    const uint32_t rgb = pixel(x, y);
    int k = 0;
    while (k < kinds && seen[k].rgb != rgb) k++;
    if (k == kinds && kinds < (int)(sizeof seen / sizeof *seen)) seen[kinds].rgb = rgb, seen[kinds++].count = 0;
    if (k < kinds && ++seen[k].count > seen[best].count) best = k;
  }
  return seen[best].rgb;
}

static int apart(uint32_t a, uint32_t b) {
  int sum = 0;
  for (int shift = 0; shift < 24; shift += 8) sum += abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
  return sum;
}

/* The drawn pixel that comes nearest to the colour asked for: the middle of a stroke. */
static uint32_t ink(struct box b, uint32_t wanted) {
  uint32_t best = pixel(b.x, b.y);
  for (int y = SDL_max(b.y, 0); y < SDL_min(b.y + b.h, surface->h); y++)
    for (int x = SDL_max(b.x, 0); x < SDL_min(b.x + b.w, surface->w); x++)
      if (apart(pixel(x, y), wanted) < apart(best, wanted)) best = pixel(x, y);
  return best;
}

struct facts { /* the worst of one screen */
  double contrast, smallest;
  int module;
  const char *faint, *small;
};

static bool blank(const struct spy_text *t) { return t->box.w <= 0 || t->text[strspn(t->text, " ")] == '\0'; }

/* False: this line can't be read well. */
static bool look_at_text(const struct spy_text *t, const struct palette *palette, int side, struct facts *f) {
  const uint32_t wanted = theme_rgb(palette, t->colour), ground = under(t->box), drawn = ink(t->box, wanted);
  const bool large = t->bold && t->size >= side * LARGE;
  const double measured = accent_contrast(drawn, ground), size = (double)t->size / side;
  if (size < f->smallest) f->smallest = size, f->small = t->text;
  if (measured < f->contrast) f->contrast = measured, f->faint = t->text;
  const double least = large ? LEAST_CONTRAST_LARGE : t->size < THIN ? LEAST_CONTRAST_THIN : LEAST_CONTRAST;
  const bool footer = t->box.y >= grid_of(&theme, surface->w, surface->h).footer.y;
  if (measured >= least && (large || accent_contrast(wanted, ground) >= LEAST_CONTRAST) &&
      size >= (footer ? SMALLEST_FOOTER : SMALLEST))
    return true;
  print_error("\"%s\" (%d, %.2f %%): #%06X of #%06X on #%06X: %.2f\n", t->text, t->size, 100 * size, drawn, wanted, ground,
              measured);
  return false;
}

/* A shape is told from its ground as large letters are. */
static bool look_at_shape(struct box b, enum colour colour, const struct palette *palette) {
  const struct box round = {b.x - 3, b.y - 3, b.w + 6, b.h + 6}; /* a square one has its own colour on its edge */
  const uint32_t ground = under(round), drawn = ink(b, theme_rgb(palette, colour));
  const double measured = accent_contrast(drawn, ground);
  if (measured >= LEAST_CONTRAST_LARGE || colour == COLOUR_LINE) return true; /* lines and tracks only part things */
  print_error("shape at %d,%d %dx%d: #%06X on #%06X: %.2f\n", b.x, b.y, b.w, b.h, drawn, ground, measured);
  return false;
}

/* The modules that are drawn, read back from the pixels, are what was to be drawn. */
static bool look_at_code(struct box b, const struct qr *want, struct facts *f) {
  static uint8_t luma[CODE_MOST * CODE_MOST];
  static struct qr got;
  const int module = SDL_min(b.w, b.h) / (want->width + 2 * QR_QUIET), quiet = module * QR_QUIET;
  if (f->module == 0 || module < f->module) f->module = module;
  assert_true(b.w <= CODE_MOST && b.h <= CODE_MOST);
  bool light = true;
  for (int y = 0; y < b.h; y++)
    for (int x = 0; x < b.w; x++) {
      const uint8_t grey = luma[y * b.w + x] = (uint8_t)(pixel(b.x + x, b.y + y) >> 8);
      const bool edge = x < quiet || y < quiet || x >= b.w - quiet || y >= b.h - quiet,
                 corner = (x < b.w / 12 || x >= b.w - b.w / 12) && (y < b.h / 12 || y >= b.h - b.h / 12);
      light &= !edge || corner || grey >= 250; /* corners are rounded */
    }
  zbar_image_t *image = zbar_image_create();
  zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
  zbar_image_set_size(image, (unsigned)b.w, (unsigned)b.h);
  zbar_image_set_data(image, luma, (unsigned long)b.w * (unsigned long)b.h, NULL);
  const int found = zbar_scan_image(scanner, image);
  const zbar_symbol_t *symbol = found == 1 ? zbar_image_first_symbol(image) : NULL;
  char text[PAYLOAD_MAX] = "";
  if (symbol != NULL)
    snprintf(text, sizeof text, "%.*s", (int)zbar_symbol_get_data_length(symbol), zbar_symbol_get_data(symbol));
  zbar_image_destroy(image);
  bool same = qr_make(text, &got) && got.width == want->width;
  for (int y = 0; same && y < want->width; y++) same = memcmp(got.dark[y], want->dark[y], (size_t)want->width) == 0;
  if (same && light && module >= LEAST_MODULE) return true;
  print_error("code at %d,%d %dx%d: modules of %d px, quiet zone %s, zbar reads \"%s\"\n", b.x, b.y, b.w, b.h, module,
              light ? "white" : "not white", text);
  return false;
}

static bool look(const struct matrix_place *at, const struct palette *palette, struct facts *f) {
  const int side = SDL_min(surface->w, surface->h);
  bool good = true;
  *f = (struct facts){.contrast = 21, .smallest = 1, .faint = "", .small = ""};
  for (int i = 0; i < spy.texts; i++)
    if (!blank(&spy.text[i])) good &= look_at_text(&spy.text[i], palette, side, f);
  for (int i = 0; i < spy.shapes; i++) good &= look_at_shape(spy.shape[i].box, spy.shape[i].colour, palette);
  for (int i = 0; i < spy.codes; i++) good &= look_at_code(spy.code[i].box, &spy.code[i].qr, f);
  if (good) return true;
  char name[256];
  matrix_name(at, name, sizeof name);
  print_error("in %s\n", name);
  return false;
}

static const struct palette *palette_of(const struct matrix_place *at) { return at->theme ? &theme.dark : &theme.light; }

static void keep_worst(struct facts *worst, const struct facts *f) {
  if (worst->contrast == 0) *worst = (struct facts){.contrast = 21, .smallest = 1};
  worst->contrast = SDL_min(worst->contrast, f->contrast);
  worst->smallest = SDL_min(worst->smallest, f->smallest);
  if (f->module > 0 && (worst->module == 0 || f->module < worst->module)) worst->module = f->module;
}

/* A line a size and case: the worst of all its languages and themes. */
static void compare(struct facts worst[MATRIX_SIZES][SCREEN_CASES]) {
  static const char path[] = SOURCE_DIR "/tests/screens/ref/pixels.txt";
  char *got = NULL, *want = NULL, title[64];
  size_t len = 0, want_len = 0;
  struct problem problem;
  FILE *out = open_memstream(&got, &len);
  for (int size = 0; size < MATRIX_SIZES; size++)
    for (int i = 0; matrix_sizes[size].thorough && i < SCREEN_CASES; i++) {
      const struct facts *f = &worst[size][i];
      case_title(i, title, sizeof title);
      fprintf(out, "%dx%d %s %s contrast %.1f smallest %.1f%% module %d\n", matrix_sizes[size].w, matrix_sizes[size].h, title,
              screen_cases[i].name, f->contrast, 100 * f->smallest, f->module);
    }
  fclose(out);
  bool same = true, there = true;
  if (getenv("YINGBIN_ACCEPT") != NULL) {
    assert_true(file_write(path, got, len, 0644, &problem));
  } else {
    there = file_read(path, FACTS_MOST, &want, &want_len, &problem);
    same = there && strcmp(got, want) == 0;
    for (size_t a = 0, line = 0; there && !same && got[a] != '\0'; a++) {
      if (got[a] != want[a]) {
        print_error("now:      %.*s\nexpected: %.*s\n", (int)strcspn(got + line, "\n"), got + line,
                    (int)strcspn(want + line, "\n"), want + line);
        break;
      }
      if (got[a] == '\n') line = a + 1;
    }
  }
  free(got);
  free(want);
  if (!there) fail_msg("%s", problem.en);
  if (!same) fail_msg("%s: how well it can be read has changed; look at tools/shoot --out, then tools/shoot --accept", path);
}

static void each_text_and_code_can_be_read(void **state) {
  (void)state;
  static struct facts worst[MATRIX_SIZES][SCREEN_CASES];
  struct matrix_place at = {.shot = -1};
  int bad = 0;
  while (matrix_next(&at)) {
    struct facts f;
    if (!matrix_sizes[at.size].thorough || (at.lang > 1 && at.size > 0)) continue;
    draw(&at, palette_of(&at));
    bad += !look(&at, palette_of(&at), &f);
    keep_worst(&worst[at.size][at.shot], &f);
  }
  assert_int_equal(bad, 0);
  compare(worst);
}

/* Frame by frame, each with a part of the work: the colour and the drawing first, and in the end all of it. */
static void what_is_not_ready_comes_with_the_next_frames(void **state) {
  (void)state;
  static const char *const names[] = {"sixty-han", "emoji", "speaker", "slides-dense", "many"};
  struct matrix_place at = {.shot = -1};
  while (matrix_next(&at) && at.size == 0 && at.lang == 0 && at.theme == 0) {
    bool wanted = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) wanted |= strcmp(screen_cases[at.shot].name, names[i]) == 0;
    if (!wanted) continue;
    draw(&at, palette_of(&at));
    const size_t bytes = (size_t)surface->pitch * (size_t)surface->h;
    void *whole = malloc(bytes);
    memcpy(whole, surface->pixels, bytes);
    easel_close();
    easel_open(matrix_sizes[at.size].w, matrix_sizes[at.size].h, palette_of(&at));
    const struct stage stage = {strings, texts, &theme, pictures};
    int frames = 0;
    do {
      canvas_sdl_limit(&canvas, CANVAS_FRAME_WORK / 6);
      screen_draw(&stage, &canvas, &view, SCREEN_SETTLED_MS);
      SDL_RenderFlush(renderer);
      assert_int_equal(memcmp(surface->pixels, whole, 4), 0); /* the ground is there at once */
      if (frames == 0) assert_memory_not_equal(surface->pixels, whole, bytes);
      frames++;
    } while (canvas_sdl_left_out(&canvas));
    assert_in_range(frames, 2, 40);
    assert_memory_equal(surface->pixels, whole, bytes);
    free(whole);
    easel_close();
  }
}

/* Accents that an event may choose: pale, glaring, nearly the ground, nearly the ink. */
static void whatever_the_accents(void **state) {
  (void)state;
  static const uint32_t accents[][2] = {{0xFFE600, 0xFFF3B0}, {0x000000, 0x101010}, {0xFFFFFF, 0xF6F3EC}, {0x00FF00, 0xFF00FF},
                                        {0x7F7F7F, 0x808080}, {0x0A66C2, 0xE4002B}, {0x12161C, 0xB4BCC8}};
  int bad = 0;
  for (size_t i = 0; i < sizeof accents / sizeof *accents; i++)
    for (int dark = 0; dark < MATRIX_THEMES; dark++) {
      struct palette palette;
      theme_palette(&theme, dark, &(struct accents){accents[i][0], accents[i][1]}, &palette);
      for (int shot = 0; shot < SCREEN_CASES; shot++) {
        const struct screen_case *k = &screen_cases[shot];
        const bool first = shot == 0 || k[-1].screen != k->screen || k[-1].verdict != k->verdict;
        const struct matrix_place at = {.theme = dark, .shot = shot};
        struct facts f;
        if (!first) continue; /* one of each kind */
        draw(&at, &palette);
        if (look(&at, &palette, &f)) continue;
        print_error("with the accents #%06X #%06X\n", accents[i][0], accents[i][1]);
        bad++;
      }
    }
  assert_int_equal(bad, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_ready_comes_with_the_next_frames),
                                     cmocka_unit_test(each_text_and_code_can_be_read), cmocka_unit_test(whatever_the_accents)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
