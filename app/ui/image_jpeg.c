/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "ui/image_inner.h"

struct reader {
  struct jpeg_error_mgr manager; /* first: a pointer to it is one to this */
  jmp_buf out;
  struct jpeg_decompress_struct jpeg;
  struct image_read *r;
  uint8_t *row, *rgba; /* owned */
};

static void fails(j_common_ptr common) {
  struct reader *reader = (struct reader *)common->err;
  char why[JMSG_LENGTH_MAX];
  common->err->format_message(common, why);
  snprintf(reader->r->reason, sizeof reader->r->reason, "%s", why);
  longjmp(reader->out, 1);
}

/* Stray bytes are every other program's habit; where pixels are missing or wrong, the picture is damaged. */
static void warns(j_common_ptr common, int level) {
  static const int damage[] = {JWRN_JPEG_EOF, JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE, JWRN_NOT_SEQUENTIAL};
  for (size_t i = 0; level < 0 && i < sizeof damage / sizeof *damage; i++)
    if (common->err->msg_code == damage[i]) fails(common);
}

static void quiet(j_common_ptr common) { (void)common; }

static unsigned read_u16(const uint8_t *at, bool little) {
  return little ? at[0] | (unsigned)at[1] << 8 : (unsigned)at[0] << 8 | at[1];
}

static size_t read_u32(const uint8_t *at, bool little) {
  const size_t low = read_u16(at + (little ? 0 : 2), little), high = read_u16(at + (little ? 2 : 0), little);
  return high << 16 | low;
}

/* Exif 2.32, 4.6: a TIFF directory in an APP1 marker, whose tag 0x0112 says which way up it was taken. */
static int orientation_of(const struct jpeg_decompress_struct *jpeg) {
  for (jpeg_saved_marker_ptr m = jpeg->marker_list; m != NULL; m = m->next) {
    const uint8_t *at = m->data + 6;
    if (m->marker != JPEG_APP0 + 1 || m->data_length < 14 || memcmp(m->data, "Exif\0\0", 6) != 0) continue;
    const size_t len = m->data_length - 6;
    const bool little = at[0] == 'I';
    const size_t directory = read_u32(at + 4, little);
    if (directory > len - 2) return 1;
    const unsigned entries = read_u16(at + directory, little);
    for (size_t i = 0, e = directory + 2; i < entries && e + 12 <= len; i++, e += 12)
      if (read_u16(at + e, little) == 0x0112) {
        const unsigned way = read_u16(at + e + 8, little);
        return way >= 1 && way <= 8 ? (int)way : 1;
      }
  }
  return 1;
}

/* The library halves large ones for nothing, as long as what comes is no smaller than what is wanted. */
static void halve(struct reader *reader) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  const struct image_read *r = reader->r;
  int to_w, to_h;
  const int most_w = r->turned ? r->most_h : r->most_w, most_h = r->turned ? r->most_w : r->most_h;
  image_fit(jpeg->image_width, jpeg->image_height, most_w, most_h, &to_w, &to_h);
  jpeg->scale_num = 1;
  for (jpeg->scale_denom = 8; jpeg->scale_denom > 1; jpeg->scale_denom /= 2)
    if (jpeg->image_width / jpeg->scale_denom >= (unsigned)to_w && jpeg->image_height / jpeg->scale_denom >= (unsigned)to_h)
      break;
}

static bool read_rows(struct reader *reader) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  struct image_read *r = reader->r;
  if (setjmp(reader->out)) return false;
  jpeg_create_decompress(jpeg);
  jpeg->mem->max_memory_to_use = 256L << 20;
  jpeg_mem_src(jpeg, r->bytes, (unsigned long)r->len);
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(jpeg, TRUE);
  r->w = (int)jpeg->image_width, r->h = (int)jpeg->image_height;
  if (r->w > IMAGE_SIDE_MAX || r->h > IMAGE_SIDE_MAX) return false;
  r->orientation = orientation_of(jpeg);
  r->turned = r->orientation >= 5;
  halve(reader);
  jpeg->out_color_space = JCS_RGB;
  jpeg_start_decompress(jpeg);
  const int w = (int)jpeg->output_width, h = (int)jpeg->output_height;
  if (!image_begin(r, w, h)) return false;
  reader->row = malloc((size_t)w * 3);
  reader->rgba = malloc((size_t)w * 4);
  if (reader->row == NULL || reader->rgba == NULL) return false;
  while (jpeg->output_scanline < jpeg->output_height) {
    jpeg_read_scanlines(jpeg, &reader->row, 1);
    for (int x = 0; x < w; x++) {
      memcpy(reader->rgba + (size_t)x * 4, reader->row + (size_t)x * 3, 3);
      reader->rgba[(size_t)x * 4 + 3] = 255;
    }
    shrink_row(&r->shrink, reader->rgba);
  }
  jpeg_finish_decompress(jpeg);
  return true;
}

bool image_jpeg(struct image_read *r) {
  struct reader *reader = calloc(1, sizeof *reader); /* outside of the frame that longjmp comes back to */
  if (reader == NULL) return false;
  reader->r = r;
  reader->jpeg.err = jpeg_std_error(&reader->manager);
  reader->manager.error_exit = fails;
  reader->manager.emit_message = warns;
  reader->manager.output_message = quiet;
  const bool good = read_rows(reader);
  jpeg_destroy_decompress(&reader->jpeg);
  free(reader->row);
  free(reader->rgba);
  free(reader);
  return good;
}
