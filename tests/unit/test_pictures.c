/* SPDX-License-Identifier: Apache-2.0
 * Organizers' pictures: made smaller without losing what is thin, clear or upright, within the budget; and
 * what is no picture, or too large, refused with words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "core/catalog.h"
#include "ui/pictures.h"
#include "ui/shrink.h"

struct file { /* one in the making */
  uint8_t *bytes;
  size_t len;
};

static struct image image;
static struct problem problem;

static void png_put(png_structp png, png_bytep bytes, size_t n) {
  struct file *f = png_get_io_ptr(png);
  f->bytes = realloc(f->bytes, f->len + n);
  assert_non_null(f->bytes);
  memcpy(f->bytes + f->len, bytes, n);
  f->len += n;
}

static void png_flushed(png_structp png) { (void)png; }

static struct file make_png(int w, int h, bool interlaced, uint32_t (*at)(int x, int y)) {
  struct file f = {NULL, 0};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  assert_non_null(info);
  png_set_write_fn(png, &f, png_put, png_flushed);
  png_set_compression_level(png, 1);
  png_set_IHDR(png, info, (png_uint_32)w, (png_uint_32)h, 8, PNG_COLOR_TYPE_RGBA,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  uint8_t *row = malloc((size_t)w * 4);
  assert_non_null(row);
  for (int passes = png_set_interlace_handling(png); passes > 0; passes--)
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        const uint32_t p = at(x, y);
        memcpy(row + (size_t)x * 4, (uint8_t[]){(uint8_t)(p >> 16), (uint8_t)(p >> 8), (uint8_t)p, (uint8_t)(p >> 24)}, 4);
      }
      png_write_row(png, row);
    }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  free(row);
  return f;
}

static struct file make_jpeg(int w, int h, int orientation, J_COLOR_SPACE space, uint32_t (*at)(int x, int y)) {
  uint8_t exif[] = {'E', 'x',  'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                    1,   0x12, 0,   3,   0, 0, 0,   1,   0, 0,  0, 0, 0, 0, 0, 0};
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  unsigned char *out = NULL;
  unsigned long len = 0;
  const int channels = space == JCS_CMYK ? 4 : 3;
  exif[25] = (uint8_t)orientation;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &out, &len);
  jpeg.image_width = (unsigned)w, jpeg.image_height = (unsigned)h;
  jpeg.input_components = channels, jpeg.in_color_space = space;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
  uint8_t *row = calloc((size_t)w, 4);
  assert_non_null(row);
  for (int y = 0; y < h; y++) {
    for (int x = 0; x < w; x++)
      for (int k = 0; k < 3; k++) row[x * channels + k] = (uint8_t)(at(x, y) >> (16 - 8 * k));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  free(row);
  return (struct file){out, len};
}

static bool reads(struct file f, int w, int h) {
  image_free(&image);
  problem = (struct problem){"", ""};
  const bool good = image_read(f.bytes, f.len, w, h, &image, &problem);
  assert_true(good ? image.argb != NULL : image.argb == NULL && problem.zh[0] && problem.en[0]);
  free(f.bytes);
  return good;
}

static uint32_t pixel(int x, int y) { return image.argb[y * image.w + x]; }

static bool near(uint32_t a, uint32_t b, int most) {
  for (int k = 0; k < 32; k += 8)
    if (abs((int)(a >> k & 255) - (int)(b >> k & 255)) > most) return false;
  return true;
}

static uint32_t stripes(int x, int y) { return (x + y) % 2 ? 0xFFFFFFFF : 0xFF000000; }
static uint32_t red_in_clear(int x, int y) { return (void)y, x < 8 ? 0xFFFF0000 : 0x0000FF00; }
static uint32_t quarters(int x, int y) { /* of a picture of 64 x 32 */
  return y < 16 ? (x < 32 ? 0xFFFF0000 : 0xFF00FF00) : (x < 32 ? 0xFF0000FF : 0xFFFFFFFF);
}
static uint32_t blue(int x, int y) { return (void)x, (void)y, 0xFF2040C0; }

static void test_kept_as_it_is(void **state) {
  (void)state;
  for (int interlaced = 0; interlaced < 2; interlaced++) {
    assert_true(reads(make_png(64, 32, interlaced, quarters), 1000, 1000));
    assert_true(image.w == 64 && image.h == 32 && image.opaque);
    for (int y = 0; y < 32; y++)
      for (int x = 0; x < 64; x++) assert_int_equal(pixel(x, y), quarters(x, y));
  }
}

static void test_means(void **state) {
  (void)state;
  assert_true(reads(make_png(64, 64, false, stripes), 32, 32));
  assert_true(image.w == 32 && image.h == 32);
  for (int i = 0; i < 32 * 32; i++) assert_int_equal(image.argb[i], 0xFF808080); /* 127.5 is rounded */
  assert_true(reads(make_png(63, 31, false, blue), 10, 10));                     /* no whole number of pixels */
  assert_true(image.w == 10 && image.h == 4);
  for (int i = 0; i < 40; i++) assert_int_equal(image.argb[i], 0xFF2040C0);
  assert_in_range(image.lightness, 60, 70);
}

/* What is clear has no colour: the green of clear pixels never shows, only alpha falls. */
static void test_clear_has_no_colour(void **state) {
  (void)state;
  assert_true(reads(make_png(16, 4, false, red_in_clear), 3, 4));
  assert_true(image.w == 3 && image.h == 1 && !image.opaque);
  assert_int_equal(pixel(0, 0), 0xFFFF0000);
  assert_int_equal(pixel(1, 0) & 0xFFFFFF, 0xFF0000);
  assert_in_range(pixel(1, 0) >> 24, 126, 129);
  assert_int_equal(pixel(2, 0), 0);
}

static void test_upright(void **state) {
  (void)state;
  static const uint32_t corner[9][4] = {/* top left, top right, low left, low right of what is seen */
                                        {0},
                                        {0xFFFF0000, 0xFF00FF00, 0xFF0000FF, 0xFFFFFFFF},
                                        {0xFF00FF00, 0xFFFF0000, 0xFFFFFFFF, 0xFF0000FF},
                                        {0xFFFFFFFF, 0xFF0000FF, 0xFF00FF00, 0xFFFF0000},
                                        {0xFF0000FF, 0xFFFFFFFF, 0xFFFF0000, 0xFF00FF00},
                                        {0xFFFF0000, 0xFF0000FF, 0xFF00FF00, 0xFFFFFFFF},
                                        {0xFF0000FF, 0xFFFF0000, 0xFFFFFFFF, 0xFF00FF00},
                                        {0xFFFFFFFF, 0xFF00FF00, 0xFF0000FF, 0xFFFF0000},
                                        {0xFF00FF00, 0xFFFFFFFF, 0xFFFF0000, 0xFF0000FF}};
  for (int way = 1; way <= 8; way++) {
    assert_true(reads(make_jpeg(64, 32, way, JCS_RGB, quarters), 40, 40));
    assert_true(way < 5 ? image.w == 40 && image.h == 20 : image.w == 20 && image.h == 40);
    const int r = image.w - 2, b = image.h - 2;
    const uint32_t seen[4] = {pixel(1, 1), pixel(r, 1), pixel(1, b), pixel(r, b)};
    for (int i = 0; i < 4; i++)
      if (!near(seen[i], corner[way][i], 24)) fail_msg("way %d, corner %d: %08x", way, i, seen[i]);
  }
  assert_true(reads(make_jpeg(64, 32, 77, JCS_RGB, quarters), 64, 64) && image.w == 64); /* nonsense: as it is */
}

static void test_scaled(void **state) {
  (void)state;
  assert_true(reads(make_png(64, 32, false, quarters), 64, 32));
  uint32_t *half = image_scaled(&image, 32, 16), *twice = image_scaled(&image, 128, 64);
  for (int y = 0; y < 16; y++)
    for (int x = 0; x < 32; x++) assert_int_equal(half[y * 32 + x], quarters(x * 2, y * 2));
  assert_int_equal(twice[0], 0xFFFF0000);
  assert_int_equal(twice[64 * 128 - 1], 0xFFFFFFFF);
  assert_true(near(twice[10 * 128 + 63], 0xFFBF4000, 2) && near(twice[10 * 128 + 64], 0xFF40BF00, 2)); /* between them */
  free(half);
  free(twice);
}

static void test_refused(void **state) {
  (void)state;
  assert_false(reads(make_png(4097, 1, false, blue), 64, 64));
  assert_non_null(strstr(problem.en, "4096"));
  assert_false(reads(make_jpeg(4097, 8, 1, JCS_RGB, blue), 64, 64));
  assert_non_null(strstr(problem.en, "4096"));
  assert_false(reads(make_jpeg(64, 32, 1, JCS_CMYK, quarters), 64, 64));
  assert_non_null(strstr(problem.en, "RGB"));
  struct file f = make_png(64, 32, false, quarters);
  f.len -= 30;
  assert_false(reads(f, 64, 64));
  f = make_jpeg(64, 32, 1, JCS_RGB, quarters);
  f.len /= 2;
  assert_false(reads(f, 64, 64));
  assert_false(reads((struct file){calloc(1, IMAGE_BYTES_MAX + 1), IMAGE_BYTES_MAX + 1}, 64, 64));
  assert_non_null(strstr(problem.en, "8 MB"));
  assert_false(reads((struct file){NULL, 0}, 64, 64));
  image_free(&image);
}

static void test_budget(void **state) {
  (void)state;
  struct file slide = make_png(2600, 1500, false, blue), logo = make_png(900, 300, false, blue);
  const struct picture_room room[PICTURE_KINDS] = {[PICTURE_LOGO] = {1920, 540}, [PICTURE_SLIDE] = {3840, 2160}};
  struct pictures *p = pictures_open(room, 3, SLIDES_MAX);
  char name[FILE_NAME_MAX];
  assert_non_null(p);
  assert_null(pictures_find(NULL, "x"));
  assert_false(pictures_add(p, "broken", PICTURE_LOGO, (const uint8_t *)"GIF89a trailer", 14));
  assert_null(pictures_find(p, "broken"));
  for (int i = 0; i < 3 + SLIDES_MAX; i++) {
    snprintf(name, sizeof name, "%d.png", i);
    assert_true(pictures_add(p, name, i < 3 ? PICTURE_LOGO : PICTURE_SLIDE, i < 3 ? logo.bytes : slide.bytes,
                             i < 3 ? logo.len : slide.len));
  }
  assert_true(pictures_bytes(p) <= PICTURES_BUDGET && pictures_bytes(p) > PICTURES_BUDGET / 2);
  const size_t before = pictures_bytes(p);
  assert_true(pictures_add(p, "3.png", PICTURE_SLIDE, slide.bytes, slide.len)); /* there already */
  assert_int_equal(pictures_bytes(p), before);
  const struct image *a = pictures_find(p, "0.png"), *b = pictures_find(p, "10.png");
  assert_true(a && b && a->id != b->id && b->w > 700 && b->w <= 3840);
  pictures_close(p);
  free(slide.bytes);
  free(logo.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_kept_as_it_is), cmocka_unit_test(test_means),  cmocka_unit_test(test_clear_has_no_colour),
      cmocka_unit_test(test_upright),       cmocka_unit_test(test_scaled), cmocka_unit_test(test_refused),
      cmocka_unit_test(test_budget)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
