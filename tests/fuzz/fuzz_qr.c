/* SPDX-License-Identifier: Apache-2.0
 * The symbol reader takes any grid. Input: a byte of version, a byte of level and mask, then either modules (a byte each,
 * all that is there) or, by the highest bit of the second byte, bits of data codewords that become a right symbol whose
 * segments are what is tried. Whatever is read has a text, whatever isn't has none; and a quick look and a patient one that
 * both read, read the same.
 */
#include <assert.h>
#include <string.h>

#include "scan/qr.h"
#include "scan/qr_layout.h"
#include "scan/qr_segments.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct qr_grid grid;
static struct qr_text text, again;

static void try_segments(const uint8_t *data, size_t size) {
  enum qr_meaning meaning = qr_segments(data + 2, (int)(size - 2), 1 + data[0] % 40, &text);
  assert(text.len <= PAYLOAD_MAX);
  assert((meaning != QR_MEANS && meaning != QR_MEANS_SLOPPY) || text.len > 0);
}

/* Fixed patterns and format as they must be, so that the modules are looked at. */
static void try_grid(const uint8_t *data, size_t size) {
  int side = data[0] == 255 ? data[1] : 17 + 4 * (1 + data[0] % 40);
  grid.side = side;
  qr_fixed_all(side, grid.module);
  for (int i = 0; i < QR_SIDE_MAX * QR_SIDE_MAX; i++) grid.module[i] = (int8_t)(grid.module[i] * 60);
  if (qr_version(side))
    for (int bit = 0; bit < QR_FORMAT_BITS; bit++) {
      uint8_t at[2][2];
      qr_format_place(side, bit, at);
      for (int copy = 0; copy < 2; copy++)
        grid.module[at[copy][1] * side + at[copy][0]] = qr_format_word(data[1] % QR_FORMATS) >> bit & 1 ? 60 : -60;
    }
  for (size_t i = 2; i < size && i < 2 + sizeof(grid.module); i++)
    if (qr_fixed(side, (int)(i - 2) % (side ? side : 1), (int)(i - 2) / (side ? side : 1)) == QR_DATA)
      grid.module[i - 2] = (int8_t)data[i];
  enum qr_outcome quick = qr_glance(&grid, &text), patient = qr_read(&grid, &again);
  assert((quick == QR_READ) == (text.len > 0));
  assert((patient == QR_READ) == (again.len > 0));
  if (quick != QR_DAMAGED) assert(patient == quick);
  if (quick == QR_READ) assert(text.len == again.len && memcmp(text.bytes, again.bytes, text.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  memset(&grid, 0, sizeof(grid));
  if (size < 2) return 0;
  if (data[1] & 0x80)
    try_segments(data, size);
  else
    try_grid(data, size);
  return 0;
}
