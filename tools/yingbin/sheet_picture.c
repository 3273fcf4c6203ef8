/* SPDX-License-Identifier: Apache-2.0
 * Pictures in and out: logos that organizers bring (PNG, JPEG), and a page as PNG.
 */
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "base/file.h"
#include "tools/yingbin/sheet_inner.h"

enum { FILE_MOST = 8 << 20, SIDE_MOST = 8192 };

struct sheet_picture {
  cairo_surface_t *surface;
  int w, h;
};

/* --- a page as PNG --- */

static bool has_colour(const unsigned char *pixels, int w, int h, int stride) {
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      uint32_t p;
      memcpy(&p, pixels + (size_t)y * (size_t)stride + (size_t)x * 4, 4);
      if ((p >> 16 & 255) != (p >> 8 & 255) || (p >> 8 & 255) != (p & 255)) return true;
    }
  return false;
}

/* libpng leaves by longjmp where it fails; nothing here can make it but memory. */
static bool write_rows(png_structp png, png_infop info, cairo_surface_t *image, int dpi, png_bytep row, FILE *out) {
  int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
  int stride = cairo_image_surface_get_stride(image);
  const unsigned char *pixels = cairo_image_surface_get_data(image);
  bool coloured = has_colour(pixels, w, h, stride);
  if (setjmp(png_jmpbuf(png))) return false;
  png_init_io(png, out);
  png_set_filter(png, 0, PNG_FILTER_UP); /* rows of modules are alike */
  png_set_IHDR(png, info, (png_uint_32)w, (png_uint_32)h, 8, coloured ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_uint_32 a_metre = (png_uint_32)(dpi / 0.0254 + 0.5);
  png_set_pHYs(png, info, a_metre, a_metre, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  for (int y = 0; y < h; y++) {
    png_bytep to = row;
    for (int x = 0; x < w; x++) {
      uint32_t p;
      memcpy(&p, pixels + (size_t)y * (size_t)stride + (size_t)x * 4, 4);
      if (coloured) *to++ = (png_byte)(p >> 16), *to++ = (png_byte)(p >> 8);
      *to++ = (png_byte)p;
    }
    png_write_row(png, row);
  }
  png_write_end(png, info);
  return true;
}

bool sheet_encode(cairo_surface_t *image, int dpi, char **bytes, size_t *len) {
  cairo_surface_flush(image);
  png_bytep row = malloc((size_t)cairo_image_surface_get_width(image) * 3);
  FILE *out = row ? open_memstream(bytes, len) : NULL;
  png_structp png = out ? png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL) : NULL;
  png_infop info = png ? png_create_info_struct(png) : NULL;
  bool good = info && write_rows(png, info, image, dpi, row, out);
  if (png) png_destroy_write_struct(&png, &info);
  if (out && fclose(out)) good = false;
  free(row);
  if (!good && out) {
    free(*bytes);
    *bytes = NULL;
  }
  return good;
}

/* --- logos --- */

static cairo_surface_t *surface_of(int w, int h) {
  if (w < 1 || h < 1 || w > SIDE_MOST || h > SIDE_MOST) return NULL;
  cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
  if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS) return s;
  cairo_surface_destroy(s);
  return NULL;
}

static void put_pixel(unsigned char *to, unsigned r, unsigned g, unsigned b, unsigned a) {
  uint32_t p = a << 24 | (r * a + 127) / 255 << 16 | (g * a + 127) / 255 << 8 | (b * a + 127) / 255; /* premultiplied */
  memcpy(to, &p, 4);
}

static cairo_surface_t *read_png(const char *bytes, size_t len) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_memory(&image, bytes, len)) return NULL;
  image.format = PNG_FORMAT_RGBA;
  int w = (int)image.width, h = (int)image.height;
  cairo_surface_t *s = image.width <= SIDE_MOST && image.height <= SIDE_MOST ? surface_of(w, h) : NULL;
  unsigned char *rgba = s ? malloc(PNG_IMAGE_SIZE(image)) : NULL;
  bool good = rgba && png_image_finish_read(&image, NULL, rgba, 0, NULL);
  for (int y = 0; good && y < h; y++)
    for (int x = 0; x < w; x++) {
      const unsigned char *p = rgba + ((size_t)y * (size_t)w + (size_t)x) * 4;
      put_pixel(cairo_image_surface_get_data(s) + (size_t)y * (size_t)cairo_image_surface_get_stride(s) + (size_t)x * 4, p[0],
                p[1], p[2], p[3]);
    }
  free(rgba);
  png_image_free(&image);
  if (good) return cairo_surface_mark_dirty(s), s;
  if (s) cairo_surface_destroy(s);
  return NULL;
}

struct jpeg_trouble {
  struct jpeg_error_mgr base;
  jmp_buf back;
};
static void jpeg_fails(j_common_ptr jpeg) { longjmp(((struct jpeg_trouble *)jpeg->err)->back, 1); }
static void jpeg_says(j_common_ptr jpeg) { (void)jpeg; }

struct jpeg_read { /* outside the frame that longjmp comes back to */
  struct jpeg_decompress_struct jpeg;
  struct jpeg_trouble trouble;
  cairo_surface_t *surface;
  unsigned char *row;
};

static bool read_jpeg_rows(struct jpeg_read *r, const char *bytes, size_t len) {
  if (setjmp(r->trouble.back)) return false;
  jpeg_mem_src(&r->jpeg, (const unsigned char *)bytes, (unsigned long)len);
  jpeg_read_header(&r->jpeg, TRUE);
  if (r->jpeg.image_width > SIDE_MOST || r->jpeg.image_height > SIDE_MOST) return false;
  r->jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&r->jpeg);
  r->surface = surface_of((int)r->jpeg.output_width, (int)r->jpeg.output_height);
  r->row = malloc((size_t)r->jpeg.output_width * 3);
  if (!r->surface || !r->row) return false;
  while (r->jpeg.output_scanline < r->jpeg.output_height) {
    size_t y = r->jpeg.output_scanline;
    jpeg_read_scanlines(&r->jpeg, &r->row, 1);
    unsigned char *to = cairo_image_surface_get_data(r->surface) + y * (size_t)cairo_image_surface_get_stride(r->surface);
    for (size_t x = 0; x < r->jpeg.output_width; x++, to += 4)
      put_pixel(to, r->row[x * 3], r->row[x * 3 + 1], r->row[x * 3 + 2], 255);
  }
  jpeg_finish_decompress(&r->jpeg);
  cairo_surface_mark_dirty(r->surface);
  return true;
}

static cairo_surface_t *read_jpeg(const char *bytes, size_t len) {
  struct jpeg_read *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  r->jpeg.err = jpeg_std_error(&r->trouble.base);
  r->trouble.base.error_exit = jpeg_fails;
  r->trouble.base.output_message = jpeg_says;
  jpeg_create_decompress(&r->jpeg);
  bool good = read_jpeg_rows(r, bytes, len);
  jpeg_destroy_decompress(&r->jpeg);
  cairo_surface_t *surface = r->surface;
  if (!good && surface) cairo_surface_destroy(surface);
  free(r->row);
  free(r);
  return good ? surface : NULL;
}

bool sheet_picture_read(const char *file, struct sheet_picture **out, struct problem *problem) {
  char *bytes;
  size_t len;
  *out = NULL;
  if (!file_read(file, FILE_MOST, &bytes, &len, problem)) return false;
  bool is_jpeg = len > 2 && !memcmp(bytes, "\xff\xd8", 2);
  cairo_surface_t *surface = is_jpeg ? read_jpeg(bytes, len) : read_png(bytes, len);
  free(bytes);
  if (!surface)
    return problem_set(problem, "%s 不是可用的图片：请用 PNG 或 JPEG，每边至多 %d 像素",
                       "%s is no picture that can be used: use PNG or JPEG, at most %d pixels a side", file, SIDE_MOST);
  struct sheet_picture *picture = malloc(sizeof *picture);
  if (!picture) abort();
  *picture = (struct sheet_picture){surface, cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface)};
  *out = picture;
  return true;
}

void sheet_picture_free(struct sheet_picture *picture) {
  if (!picture) return;
  cairo_surface_destroy(picture->surface);
  free(picture);
}

double sheet_picture_aspect(const struct sheet_picture *picture) { return (double)picture->w / picture->h; }

double sheet_picture(struct sheet *s, struct box box, enum sheet_align align, const struct sheet_picture *picture) {
  double scale = fmin(box.w / picture->w, box.h / picture->h), w = picture->w * scale, h = picture->h * scale;
  double x = box.x + (align == SHEET_LEFT ? 0 : align == SHEET_CENTRE ? (box.w - w) / 2 : box.w - w);
  cairo_save(s->cr);
  cairo_translate(s->cr, x, box.y + (box.h - h) / 2);
  cairo_scale(s->cr, scale, scale);
  cairo_set_source_surface(s->cr, picture->surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(s->cr), CAIRO_FILTER_BEST);
  cairo_paint(s->cr);
  cairo_restore(s->cr);
  return w;
}
