/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shot.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <SDL.h>
#include <png.h>

#include "base/file.h"

static bool write_png(FILE *file, const uint8_t *rgb, int w, int h) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_init_io(png, file);
  png_set_IHDR(png, info, (png_uint_32)w, (png_uint_32)h, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 3);
  png_set_filter(png, 0, PNG_FILTER_NONE);
  png_write_info(png, info);
  for (int y = 0; y < h; y++) png_write_row(png, rgb + (size_t)y * (size_t)w * 3);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return true;
}

bool shot_write_rgb(const uint8_t *rgb, int w, int h, const char *path, struct problem *problem) {
  char beside[PATH_MAX];
  if (!file_begin(path, beside, problem)) return false;
  FILE *file = fopen(beside, "wb");
  bool good = file != NULL && write_png(file, rgb, w, h);
  if (file != NULL && fclose(file) != 0) good = false;
  const int why = errno;
  if (good) return file_commit(beside, path, 0644, problem);
  file_abandon(beside);
  return problem_set(problem, "写不了图片 %s：%s", "can't write the picture %s: %s", path, strerror(why));
}

bool shot_write(SDL_Renderer *renderer, int w, int h, const char *path, struct problem *problem) {
  uint8_t *rgb = malloc((size_t)w * (size_t)h * 3);
  bool good = rgb != NULL && SDL_RenderReadPixels(renderer, NULL, SDL_PIXELFORMAT_RGB24, rgb, w * 3) == 0;
  if (good)
    good = shot_write_rgb(rgb, w, h, path, problem);
  else
    problem_set(problem, "取不到屏幕画面：%s", "can't read the screen's picture: %s", SDL_GetError());
  free(rgb);
  return good;
}
