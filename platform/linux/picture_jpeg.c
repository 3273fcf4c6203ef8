/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "platform/linux/picture_formats.h"

/* libjpeg's way out of an error is a jump; its manager comes first so that a pointer to it is one to this. */
struct reader {
  struct jpeg_error_mgr manager;
  jmp_buf out;
  char reason[JMSG_LENGTH_MAX];
  int64_t w, h;
  bool large;
};

static void fail(j_common_ptr common) {
  struct reader *reader = (struct reader *)common->err;
  common->err->format_message(common, reader->reason);
  longjmp(reader->out, 1);
}

/* Stray bytes between markers are every other camera's habit; missing or wrong picture data is damage. */
static void warn(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
  case JWRN_JPEG_EOF:
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_NOT_SEQUENTIAL: fail(common); break;
  default: break;
  }
}

static void quiet(j_common_ptr common) { (void)common; }

bool picture_is_jpeg(const uint8_t *bytes, size_t len) {
  return len > 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

/* libjpeg makes no grey of four inks. Adobe's programs write them inverted: 0 is all ink. */
static void grey_of_inks(const JSAMPLE *inks, size_t pixels, bool inverted, uint8_t *luma) {
  for (size_t i = 0; i < pixels; i++, inks += 4) {
    unsigned colour = (inks[0] + inks[1] + inks[2] + 1u) / 3, black = inks[3];
    if (!inverted) {
      colour = 255 - colour;
      black = 255 - black;
    }
    luma[i] = (uint8_t)(colour * black / 255);
  }
}

static bool parse(const uint8_t *bytes, size_t len, struct picture *picture, struct reader *reader) {
  struct jpeg_decompress_struct jpeg;
  jpeg.err = jpeg_std_error(&reader->manager);
  reader->manager.error_exit = fail;
  reader->manager.emit_message = warn;
  reader->manager.output_message = quiet;
  jpeg_create_decompress(&jpeg);
  if (setjmp(reader->out)) {
    jpeg_destroy_decompress(&jpeg);
    return false;
  }
  jpeg_mem_src(&jpeg, bytes, len);
  jpeg_read_header(&jpeg, TRUE);
  reader->w = jpeg.image_width;
  reader->h = jpeg.image_height;
  reader->large = !picture_room(picture, reader->w, reader->h);
  if (!reader->large) {
    bool ink = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    jpeg.out_color_space = ink ? JCS_CMYK : JCS_GRAYSCALE;
    jpeg_start_decompress(&jpeg);
    JSAMPARRAY inks = ink ? jpeg.mem->alloc_sarray((j_common_ptr)&jpeg, JPOOL_IMAGE, jpeg.output_width * 4, 1) : NULL;
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = picture->luma + (size_t)jpeg.output_scanline * (size_t)picture->w;
      jpeg_read_scanlines(&jpeg, ink ? inks : &row, 1);
      if (ink) grey_of_inks(inks[0], jpeg.output_width, jpeg.saw_Adobe_marker, row);
    }
    jpeg_finish_decompress(&jpeg);
  }
  jpeg_destroy_decompress(&jpeg);
  return !reader->large;
}

bool picture_parse_jpeg(const uint8_t *bytes, size_t len, struct picture *picture, struct problem *problem) {
  struct reader reader = {.reason = "", .large = false};
  if (parse(bytes, len, picture, &reader)) return true;
  return reader.large ? picture_too_large(reader.w, reader.h, problem) : picture_damaged("JPEG", reader.reason, problem);
}

bool picture_jpeg(const uint8_t *bytes, size_t len, struct picture *picture) {
  struct reader reader = {.reason = "", .large = false};
  return picture_is_jpeg(bytes, len) && parse(bytes, len, picture, &reader);
}
