/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/read_zbar.h"

#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "scan/result.h"

struct read_zbar {
  zbar_image_scanner_t *scanner;
  zbar_image_t *image;
};

static unsigned long fourcc(const char *name) {
  return (unsigned long)name[0] | (unsigned long)name[1] << 8 | (unsigned long)name[2] << 16 | (unsigned long)name[3] << 24;
}

struct read_zbar *read_zbar_open(void) {
  struct read_zbar *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->scanner = zbar_image_scanner_create();
  reader->image = zbar_image_create();
  if (!reader->scanner || !reader->image) {
    read_zbar_close(reader);
    return NULL;
  }
  /* Other symbologies find bar codes in brickwork. Without BINARY zbar guesses a text's encoding and
   * garbles UTF-8. Its cache stays off: one incomplete structured-append symbol aborts the process there. */
  zbar_image_scanner_set_config(reader->scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config(reader->scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_scanner_set_config(reader->scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
  zbar_image_set_format(reader->image, fourcc("Y800"));
  return reader;
}

void read_zbar_close(struct read_zbar *reader) {
  if (!reader) return;
  if (reader->image) zbar_image_destroy(reader->image);
  if (reader->scanner) zbar_image_scanner_destroy(reader->scanner);
  free(reader);
}

/* zbar gives a QR code's corners in the code's own frame: top left, bottom left, bottom right, top right. */
static void corners(const zbar_symbol_t *symbol, const struct frame *frame, struct point where[4]) {
  static const unsigned clockwise[4] = {0, 3, 2, 1};
  memset(where, 0, 4 * sizeof *where);
  if (zbar_symbol_get_loc_size(symbol) != 4) return;
  for (int i = 0; i < 4; i++) {
    where[i].x = scan_within(zbar_symbol_get_loc_x(symbol, clockwise[i]), frame->w);
    where[i].y = scan_within(zbar_symbol_get_loc_y(symbol, clockwise[i]), frame->h);
  }
}

/* False: no text that a payload can hold. */
static bool append(const zbar_symbol_t *symbol, const struct frame *frame, int step, struct scan_result *result) {
  const char *bytes = zbar_symbol_get_data(symbol);
  unsigned len = zbar_symbol_get_data_length(symbol);
  /* PARTIAL, or with components: one message over several symbols. A ticket never is. */
  if (zbar_symbol_get_type(symbol) != ZBAR_QRCODE || zbar_symbol_get_components(symbol)) return false;
  if (!bytes || !len || len > PAYLOAD_MAX) return false;
  struct scan_code *code = scan_result_add(result, step, bytes, len);
  if (code) corners(symbol, frame, code->where);
  return true;
}

bool read_zbar(struct read_zbar *reader, const struct frame *frame, int step, struct scan_result *result) {
  bool any = false;
  zbar_image_set_size(reader->image, (unsigned)frame->w, (unsigned)frame->h);
  zbar_image_set_data(reader->image, frame->luma, (unsigned long)frame->w * (unsigned long)frame->h, NULL);
  if (zbar_scan_image(reader->scanner, reader->image) > 0) {
    for (const zbar_symbol_t *symbol = zbar_image_first_symbol(reader->image); symbol; symbol = zbar_symbol_next(symbol)) {
      any = append(symbol, frame, step, result) || any;
    }
  }
  zbar_image_scanner_recycle_image(reader->scanner, reader->image);
  zbar_image_set_data(reader->image, NULL, 0, NULL); /* the frame was only lent */
  return any;
}
