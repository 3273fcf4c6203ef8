/* SPDX-License-Identifier: Apache-2.0
 * One code in every kind of picture file: make_picture FOLDER TEXT writes FOLDER/KIND.{png,jpg,pgm}.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "tests/unit/qr_frame.h"

enum { MODULE = 4, MARGIN = 24 };

static FILE *file_in(const char *folder, const char *name) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (!file) perror(path);
  if (!file) exit(1);
  return file;
}

/* Samples of a row; colours that are greys but for the channels' order, so that the code is as it was. */
static void png_row_of(const struct frame *frame, int y, int type, int depth, png_byte *row) {
  for (int x = 0; x < frame->w; x++) {
    uint8_t grey = frame->luma[y * frame->stride + x];
    if (type == PNG_COLOR_TYPE_PALETTE) grey = grey > 127;
    int colours = type & PNG_COLOR_MASK_COLOR && type != PNG_COLOR_TYPE_PALETTE ? 3 : 1;
    for (int i = 0; i < colours + !!(type & PNG_COLOR_MASK_ALPHA); i++) {
      uint8_t sample = i < colours ? grey : 255;
      *row++ = sample;
      if (depth == 16) *row++ = sample;
    }
  }
}

static void put_png(const char *folder, const char *name, const struct frame *frame, int type, int depth, int interlace,
                    bool see_through) {
  FILE *file = file_in(folder, name);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  png_byte *rows = malloc((size_t)frame->w * (size_t)frame->h * 8);
  png_byte **row = malloc((size_t)frame->h * sizeof *row);
  png_color palette[2] = {{20, 20, 20}, {235, 235, 235}};
  png_byte alpha[2] = {255, 0};
  png_init_io(png, file);
  png_set_IHDR(png, info, (png_uint_32)frame->w, (png_uint_32)frame->h, depth, type, interlace, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, palette, 2);
  if (see_through) png_set_tRNS(png, info, alpha, 2, NULL);
  for (int y = 0; y < frame->h; y++) {
    row[y] = rows + (size_t)y * (size_t)frame->w * 8;
    png_row_of(frame, y, type, depth, row[y]);
  }
  png_write_info(png, info);
  png_write_image(png, row);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  free(row);
  free(rows);
  fclose(file);
}

/* CMYK as Adobe's programs have it: inverted, all ink in K. */
static void put_jpeg(const char *folder, const char *name, const struct frame *frame, J_COLOR_SPACE space, bool progressive) {
  int channels = space == JCS_GRAYSCALE ? 1 : space == JCS_CMYK ? 4 : 3;
  FILE *file = file_in(folder, name);
  JSAMPLE *row = malloc((size_t)frame->w * (size_t)channels);
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr manager;
  jpeg.err = jpeg_std_error(&manager);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, file);
  jpeg.image_width = (JDIMENSION)frame->w;
  jpeg.image_height = (JDIMENSION)frame->h;
  jpeg.input_components = channels;
  jpeg.in_color_space = space;
  jpeg_set_defaults(&jpeg);
  if (progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    for (int i = 0; i < frame->w * channels; i++) {
      uint8_t grey = frame->luma[(int)jpeg.next_scanline * frame->stride + i / channels];
      row[i] = channels == 4 && i % 4 < 3 ? 255 : grey;
    }
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  free(row);
  fclose(file);
}

/* No more than its header. */
static void put_claim(const char *folder, const char *name, png_uint_32 side) {
  FILE *file = file_in(folder, name);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file);
  png_set_IHDR(png, info, side, side, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  png_destroy_write_struct(&png, &info);
  fclose(file);
}

static void put_pgm(const char *folder, const char *name, const struct frame *frame, int most) {
  FILE *file = file_in(folder, name);
  fprintf(file, "P5\n# a remark\n%d %d\n%d\n", frame->w, frame->h, most);
  for (int i = 0; i < frame->w * frame->h; i++) {
    if (most > 255) putc(frame->luma[i], file);
    putc(frame->luma[i], file);
  }
  fclose(file);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct frame frame = qr_blank(29 * MODULE + 2 * MARGIN, 29 * MODULE + 2 * MARGIN, 29 * MODULE + 2 * MARGIN);
  qr_draw(&frame, argv[2], strlen(argv[2]), MARGIN, MARGIN, MODULE, 0);
  put_png(argv[1], "grey.png", &frame, PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, false);
  put_png(argv[1], "interlaced.png", &frame, PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_ADAM7, false);
  put_png(argv[1], "rgb.png", &frame, PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, false);
  put_png(argv[1], "palette.png", &frame, PNG_COLOR_TYPE_PALETTE, 8, PNG_INTERLACE_NONE, false);
  put_png(argv[1], "bad-palette.png", &frame, PNG_COLOR_TYPE_PALETTE, 8, PNG_INTERLACE_NONE, true);
  put_png(argv[1], "bad-16.png", &frame, PNG_COLOR_TYPE_GRAY, 16, PNG_INTERLACE_NONE, false);
  put_png(argv[1], "bad-grey-alpha.png", &frame, PNG_COLOR_TYPE_GRAY_ALPHA, 8, PNG_INTERLACE_NONE, false);
  put_png(argv[1], "bad-rgba.png", &frame, PNG_COLOR_TYPE_RGB_ALPHA, 8, PNG_INTERLACE_NONE, false);
  put_png(argv[1], "bad-rgba-16.png", &frame, PNG_COLOR_TYPE_RGB_ALPHA, 16, PNG_INTERLACE_NONE, false);
  put_claim(argv[1], "bad-claim.png", 60000);
  put_jpeg(argv[1], "grey.jpg", &frame, JCS_GRAYSCALE, false);
  put_jpeg(argv[1], "colour.jpg", &frame, JCS_RGB, false);
  put_jpeg(argv[1], "progressive.jpg", &frame, JCS_RGB, true);
  put_jpeg(argv[1], "cmyk.jpg", &frame, JCS_CMYK, false);
  put_pgm(argv[1], "grey.pgm", &frame, 255);
  put_pgm(argv[1], "bad-16.pgm", &frame, 65535);
  free((void *)frame.luma);
  return 0;
}
