/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h>

#include "platform/picture.h"

static struct picture picture;
static struct problem problem;

static int forget(void **state) {
  (void)state;
  picture_free(&picture);
  return 0;
}

struct png_out {
  uint8_t bytes[65536];
  size_t len;
};

static void put(png_structp png, png_bytep bytes, png_size_t len) {
  struct png_out *out = png_get_io_ptr(png);
  assert_true(out->len + len <= sizeof out->bytes);
  memcpy(out->bytes + out->len, bytes, len);
  out->len += len;
}

static void flushed(png_structp png) { (void)png; }

/* A w x h picture of one pixel value, as libpng packs it. */
static void make_png(struct png_out *out, int w, int h, int depth, int type, int interlace, const uint8_t *pixel, size_t size) {
  static const png_color palette[2] = {{255, 255, 255}, {0, 0, 0}};
  static const png_byte see_through[2] = {255, 0};
  out->len = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  assert_non_null(info);
  png_set_write_fn(png, out, put, flushed);
  png_set_IHDR(png, info, (png_uint_32)w, (png_uint_32)h, depth, type, interlace, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (type == PNG_COLOR_TYPE_PALETTE) {
    png_set_PLTE(png, info, palette, 2);
    png_set_tRNS(png, info, see_through, 2, NULL);
  }
  png_write_info(png, info);
  uint8_t *row = malloc((size_t)w * size);
  for (int x = 0; x < w; x++) memcpy(row + (size_t)x * size, pixel, size);
  int passes = png_set_interlace_handling(png);
  for (int i = 0; i < passes * h; i++) png_write_row(png, row);
  png_write_end(png, info);
  free(row);
  png_destroy_write_struct(&png, &info);
}

static void assert_all(int w, int h, int least, int most) {
  assert_int_equal(picture.w, w);
  assert_int_equal(picture.h, h);
  for (int i = 0; i < w * h; i++) assert_in_range(picture.luma[i], least, most);
}

static void png_of_any_kind(void **state) {
  (void)state;
  static struct png_out out;
  static const struct {
    int depth, type;
    uint8_t pixel[8];
    size_t size;
    int least, most;
  } kinds[] = {
      {8, PNG_COLOR_TYPE_GRAY, {77}, 1, 77, 77},
      {16, PNG_COLOR_TYPE_GRAY, {77, 128}, 2, 77, 78},
      {1, PNG_COLOR_TYPE_GRAY, {0xff}, 1, 255, 255},
      {4, PNG_COLOR_TYPE_GRAY, {0}, 1, 0, 0},
      {8, PNG_COLOR_TYPE_RGB, {255, 255, 255}, 3, 255, 255},
      {16, PNG_COLOR_TYPE_RGB, {0, 0, 0, 0, 0, 0}, 6, 0, 0},
      {8, PNG_COLOR_TYPE_RGB, {0, 255, 0}, 3, 150, 225},
      {8, PNG_COLOR_TYPE_RGB_ALPHA, {0, 0, 0, 0}, 4, 255, 255}, /* nothing there: the paper is white */
      {8, PNG_COLOR_TYPE_RGB_ALPHA, {0, 0, 0, 255}, 4, 0, 0},
      {8, PNG_COLOR_TYPE_GRAY_ALPHA, {0, 128}, 2, 100, 200},
      {8, PNG_COLOR_TYPE_PALETTE, {1}, 1, 255, 255}, /* black, but see-through */
      {8, PNG_COLOR_TYPE_PALETTE, {0}, 1, 255, 255},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++) {
      make_png(&out, 13, 7, kinds[i].depth, kinds[i].type, interlace, kinds[i].pixel, kinds[i].size);
      assert_true(picture_parse(out.bytes, out.len, &picture, &problem));
      assert_all(13, 7, kinds[i].least, kinds[i].most);
    }
  }
}

static size_t make_jpeg(int w, int h, uint8_t grey, uint8_t **bytes) {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr manager;
  unsigned long len = 0;
  *bytes = NULL;
  jpeg.err = jpeg_std_error(&manager);
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, bytes, &len);
  jpeg.image_width = (JDIMENSION)w;
  jpeg.image_height = (JDIMENSION)h;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  uint8_t *row = malloc((size_t)w * 3);
  for (int y = 0; y < h; y++) {
    for (int x = 0; x < w * 3; x++) row[x] = (uint8_t)(grey + (x / 3 + y) % 5 * 4);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  free(row);
  return len;
}

/* Takes every segment of that marker out. */
static size_t without(uint8_t *bytes, size_t len, uint8_t marker) {
  for (size_t at = 2; at + 4 < len && bytes[at] == 0xff && bytes[at + 1] != 0xda;) {
    size_t segment = 2 + (size_t)(bytes[at + 2] << 8 | bytes[at + 3]);
    if (bytes[at + 1] != marker) {
      at += segment;
      continue;
    }
    memmove(bytes + at, bytes + at + segment, len - at - segment);
    len -= segment;
  }
  return len;
}

static void jpeg_as_grey(void **state) {
  (void)state;
  uint8_t *bytes;
  size_t len = make_jpeg(64, 48, 100, &bytes);
  assert_true(picture_parse(bytes, len, &picture, &problem));
  assert_all(64, 48, 90, 130);
  assert_true(picture_jpeg(bytes, len, &picture));

  /* many webcams leave the standard Huffman tables out */
  size_t lean = without(bytes, len, 0xc4);
  assert_true(lean < len);
  assert_true(picture_jpeg(bytes, lean, &picture));
  assert_all(64, 48, 90, 130);
  free(bytes);
}

static void jpeg_damage_is_seen(void **state) {
  (void)state;
  uint8_t *bytes;
  size_t len = make_jpeg(320, 240, 100, &bytes);
  for (size_t cut = 0; cut < len - 2; cut += 97) assert_false(picture_jpeg(bytes, cut, &picture));
  assert_false(picture_parse(bytes, len / 2, &picture, &problem));
  assert_non_null(strstr(problem.en, "JPEG"));
  assert_true(picture_jpeg(bytes, len, &picture)); /* and all is well again afterwards */

  uint8_t *padded = malloc(len + 64); /* what follows the end is nobody's concern */
  memcpy(padded, bytes, len);
  memset(padded + len, 0, 64);
  assert_true(picture_jpeg(padded, len + 64, &picture));
  free(padded);
  free(bytes);
}

static bool parse_text(const char *text, size_t len) { return picture_parse((const uint8_t *)text, len, &picture, &problem); }

static void pgm(void **state) {
  (void)state;
  static const char plain[] = "P5\n# made by hand\n3 2\n#\n255\n\1\2\3\4\5\6", deep[] = "P5 2 1 1023\n\3\377\1\377",
                    low[] = "P5 2 1 15 \17\7";
  assert_true(parse_text(plain, sizeof plain - 1));
  assert_int_equal(picture.w, 3);
  assert_int_equal(picture.h, 2);
  assert_memory_equal(picture.luma, "\1\2\3\4\5\6", 6);
  assert_true(parse_text(deep, sizeof deep - 1));
  assert_memory_equal(picture.luma, "\377\177", 2);
  assert_true(parse_text(low, sizeof low - 1));
  assert_memory_equal(picture.luma, "\377\167", 2);

  static const char *const bad[] = {"P5",
                                    "P5\n",
                                    "P5\n3",
                                    "P5\n3 2 ",
                                    "P5 3 2 0\n      ",
                                    "P5 3 2 65536\n            ",
                                    "P5 -3 2 255\n      ",
                                    "P5 3 2 255\n     ",
                                    "P5 3 2 255",
                                    "P5 0 2 255\n",
                                    "P5 16385 1 255\n",
                                    "P5 16384 16384 255\n",
                                    "P5 99999999999999999999 2 255\n",
                                    "P2 1 1 255\n1",
                                    "",
                                    "GIF89a",
                                    "P5x1 1 255\n1"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    problem = (struct problem){.en = ""};
    assert_false(parse_text(bad[i], strlen(bad[i])));
    assert_true(*problem.zh && *problem.en);
  }
}

static void png_damage_is_told_with_its_file(void **state) {
  (void)state;
  static struct png_out out;
  const uint8_t pixel[1] = {9};
  make_png(&out, 40, 40, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, pixel, 1);
  char path[] = "yingbin-test-picture-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, out.bytes, out.len - 20), (ssize_t)(out.len - 20));
  close(fd);
  assert_false(picture_read(path, &picture, &problem));
  assert_non_null(strstr(problem.en, path));
  assert_non_null(strstr(problem.en, "damaged PNG"));
  assert_non_null(strstr(problem.zh, path));
  assert_non_null(strstr(problem.zh, "损坏"));
  unlink(path);
  assert_false(picture_read(path, &picture, &problem));
  assert_non_null(strstr(problem.en, path));

  make_png(&out, 16385, 1, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, pixel, 1);
  assert_false(picture_parse(out.bytes, out.len, &picture, &problem));
  assert_non_null(strstr(problem.en, "16385x1"));
}

static void fit_halves(void **state) {
  (void)state;
  assert_true(picture_room(&picture, 5, 4));
  for (int i = 0; i < 20; i++) picture.luma[i] = (uint8_t)(i * 4);
  picture_fit(&picture, 4, 100);
  assert_int_equal(picture.w, 2);
  assert_int_equal(picture.h, 2);
  assert_memory_equal(picture.luma, ((uint8_t[]){12, 20, 52, 60}), 4);
  picture_fit(&picture, 4, 100); /* it fits */
  assert_int_equal(picture.w, 2);

  assert_true(picture_room(&picture, 9, 1)); /* a line stays one */
  for (int i = 0; i < 9; i++) picture.luma[i] = (uint8_t)(i * 10);
  picture_fit(&picture, 8, 4);
  assert_int_equal(picture.w, 4);
  assert_int_equal(picture.h, 1);
  assert_memory_equal(picture.luma, ((uint8_t[]){5, 25, 45, 65}), 4);
  assert_false(picture_room(&picture, 0, 4));
  assert_false(picture_room(&picture, 16384, 16384));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(png_of_any_kind),
      cmocka_unit_test(jpeg_as_grey),
      cmocka_unit_test(jpeg_damage_is_seen),
      cmocka_unit_test(pgm),
      cmocka_unit_test(png_damage_is_told_with_its_file),
      cmocka_unit_test(fit_halves),
  };
  return cmocka_run_group_tests(tests, NULL, forget);
}
