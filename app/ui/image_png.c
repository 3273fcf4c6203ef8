/* SPDX-License-Identifier: Apache-2.0 */
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/image_inner.h"

struct source {
  struct image_read *r;
  size_t at;
  uint8_t *rows; /* owned: one, or all of an interlaced picture */
};

static void supply(png_structp png, png_bytep to, size_t n) {
  struct source *s = png_get_io_ptr(png);
  if (n > s->r->len - s->at) png_error(png, "the file ends early");
  memcpy(to, s->r->bytes + s->at, n);
  s->at += n;
}

static void fails(png_structp png, png_const_charp why) {
  struct image_read *r = png_get_error_ptr(png);
  snprintf(r->reason, sizeof r->reason, "%s", why);
  png_longjmp(png, 1);
}

static void quiet(png_structp png, png_const_charp why) { (void)png, (void)why; }

/* Everything becomes eight bits of red, green, blue and alpha. */
static void ask_rgba(png_structp png, png_infop info) {
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
}

/* libpng leaves by longjmp; all that has to be freed lives in the caller. */
static bool read_rows(png_structp png, png_infop info, struct source *s) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_read_fn(png, s, supply);
  png_set_user_limits(png, 1 << 20, 1 << 20); /* image_begin says it in words */
  png_set_chunk_malloc_max(png, IMAGE_BYTES_MAX);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_read_info(png, info);
  const int w = (int)png_get_image_width(png, info), h = (int)png_get_image_height(png, info);
  const bool interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  if (!image_begin(s->r, w, h)) return false;
  ask_rgba(png, info);
  const size_t row = (size_t)w * 4;
  if (png_get_rowbytes(png, info) != row) png_error(png, "an unknown kind of pixels");
  s->rows = malloc(interlaced ? row * (size_t)h : row);
  if (s->rows == NULL) png_error(png, "out of memory");
  if (interlaced)
    for (int pass = 0; pass < 7; pass++)
      for (int y = 0; y < h; y++) png_read_row(png, s->rows + row * (size_t)y, NULL);
  for (int y = 0; y < h; y++) {
    if (!interlaced) png_read_row(png, s->rows, NULL);
    shrink_row(&s->r->shrink, s->rows + (interlaced ? row * (size_t)y : 0));
  }
  png_read_end(png, NULL); /* a file that was cut off after its pixels is damaged, too */
  return true;
}

bool image_png(struct image_read *r) {
  struct source s = {.r = r};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, fails, quiet);
  png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
  const bool good = info != NULL && read_rows(png, info, &s);
  if (png != NULL) png_destroy_read_struct(&png, &info, NULL);
  free(s.rows);
  return good;
}
