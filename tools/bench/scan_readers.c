/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/scan_readers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "scan/read_zxing.h"
#include "scan/scan.h"
#include "tools/bench/bench.h"

struct readers {
  struct scanner *ladder[2]; /* READER_FULL, READER_LIVE */
  zbar_image_scanner_t *zbar;
  zbar_image_t *image;
  struct scan_result result;
};

struct readers *readers_open(void) {
  struct readers *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  r->ladder[READER_FULL] = scanner_open();
  r->ladder[READER_LIVE] = scanner_open();
  r->zbar = zbar_image_scanner_create();
  r->image = zbar_image_create();
  if (!r->ladder[READER_FULL] || !r->ladder[READER_LIVE] || !r->zbar || !r->image) {
    readers_close(r);
    return NULL;
  }
  zbar_image_scanner_set_config(r->zbar, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config(r->zbar, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_scanner_set_config(r->zbar, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
  zbar_image_set_format(r->image, zbar_fourcc('Y', '8', '0', '0'));
  return r;
}

void readers_close(struct readers *r) {
  if (!r) return;
  scanner_close(r->ladder[READER_FULL]);
  scanner_close(r->ladder[READER_LIVE]);
  if (r->image) zbar_image_destroy(r->image);
  if (r->zbar) zbar_image_scanner_destroy(r->zbar);
  free(r);
}

const char *reader_name(enum reader reader) {
  static const char *const name[READERS] = {"full", "live", "zbar", "zxing"};
  return name[reader];
}

bool found_has(const struct found *found, const void *bytes, size_t len) {
  for (int i = 0; i < found->count; i++)
    if (found->text[i].len == len && !memcmp(found->text[i].bytes, bytes, len)) return true;
  return false;
}

void found_free(struct found *found) {
  for (int i = 0; i < found->count; i++) free(found->text[i].bytes);
  *found = (struct found){0};
}

static void add(struct found *found, const void *bytes, size_t len, int step) {
  if (found->count == FOUND_MAX || found_has(found, bytes, len)) return;
  uint8_t *copy = malloc(len + 1);
  if (!copy) abort();
  memcpy(copy, bytes, len);
  found->text[found->count++] = (struct found_text){copy, len, step};
  /* cppcheck-suppress memleak ; found_free has it */
}

static void read_ladder(struct readers *r, enum reader reader, const struct frame *frame, struct found *found) {
  scanner_read(r->ladder[reader], frame, reader == READER_FULL ? SCAN_FULL : SCAN_LIVE, &r->result);
  found->tried = r->result.tried;
  for (int i = 0; i < r->result.count; i++) add(found, r->result.code[i].bytes, r->result.code[i].len, r->result.code[i].step);
}

static void read_bare(struct readers *r, const struct frame *frame, struct found *found) {
  zbar_image_set_size(r->image, (unsigned)frame->w, (unsigned)frame->h);
  zbar_image_set_data(r->image, frame->luma, (unsigned long)frame->w * (unsigned long)frame->h, NULL);
  zbar_scan_image(r->zbar, r->image);
  for (const zbar_symbol_t *at = zbar_image_first_symbol(r->image); at; at = zbar_symbol_next(at)) {
    if (zbar_symbol_get_type(at) == ZBAR_QRCODE && zbar_symbol_get_data_length(at) > 0)
      add(found, zbar_symbol_get_data(at), zbar_symbol_get_data_length(at), -1);
  }
  zbar_image_scanner_recycle_image(r->zbar, r->image);
  zbar_image_set_data(r->image, NULL, 0, NULL);
}

static void add_zxing(void *self, const uint8_t *bytes, size_t len, const int corner[8]) {
  (void)corner;
  add(self, bytes, len, -1);
}

void reader_read(struct readers *r, enum reader reader, const struct frame *frame, struct found *found) {
  assert(frame->stride == frame->w);
  *found = (struct found){0};
  double since = clock_cpu_ms();
  if (reader == READER_FULL || reader == READER_LIVE) read_ladder(r, reader, frame, found);
  if (reader == READER_ZBAR) read_bare(r, frame, found);
  if (reader == READER_ZXING) read_zxing(frame->luma, frame->w, frame->h, false, add_zxing, found);
  found->cpu_ms = clock_cpu_ms() - since;
}

bool readers_forget(struct readers *r, enum reader reader, int w, int h) {
  if (reader != READER_FULL && reader != READER_LIVE) return true;
  struct scanner *fresh = scanner_open();
  uint8_t *grey = malloc((size_t)w * (size_t)h);
  bool good = fresh && grey;
  if (good) {
    scanner_close(r->ladder[reader]);
    r->ladder[reader] = fresh;
    memset(grey, 128, (size_t)w * (size_t)h);
    scanner_read(fresh, &(struct frame){.luma = grey, .w = w, .h = h, .stride = w}, SCAN_LIVE, &r->result);
  } else {
    scanner_close(fresh);
  }
  free(grey);
  return good;
}
