/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/qr.h"

#include <stddef.h>

#include <qrencode.h>

bool qr_make(const char *text, struct qr *out) {
  out->width = 0;
  if (text[0] == '\0') return false;
  QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  if (code == NULL) return false;
  out->width = code->width;
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++) out->dark[y][x] = code->data[y * code->width + x] & 1;
  QRcode_free(code);
  return true;
}
