/* SPDX-License-Identifier: Apache-2.0
 * What all forms of a ticket share: its QR code and its colour.
 */
#include "tools/yingbin/ticket_face.h"

#include <string.h>

static bool all_of(const char *set, const unsigned char *bytes, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!bytes[i] || !strchr(set, bytes[i])) return false;
  return len > 0;
}

QRcode *ticket_qr(const void *bytes, size_t len, QRecLevel level) {
  QRencodeMode mode = all_of("0123456789", bytes, len)                                      ? QR_MODE_NUM
                      : all_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", bytes, len) ? QR_MODE_AN
                                                                                            : QR_MODE_8;
  QRcode *qr = NULL;
  for (int l = (int)level; !qr && l >= QR_ECLEVEL_L && len > 0; l--) {
    QRinput *input = QRinput_new2(0, (QRecLevel)l);
    if (!input) return NULL;
    if (!QRinput_append(input, mode, (int)len, bytes)) qr = QRcode_encodeInput(input);
    QRinput_free(input);
  }
  return qr;
}

bool ticket_face_qr(const struct ticket_face *face, QRcode **qr, struct problem *problem) {
  size_t len = strlen(face->code);
  *qr = ticket_qr(face->code, len, QR_ECLEVEL_Q);
  if (!*qr)
    return problem_set(problem, "%s：票码有 %zu 字节，放不进二维码", "%s: a code of %zu bytes does not fit into a QR code",
                       face->name, len);
  if (!face->issued || (*qr)->version == 1) return true;
  QRcode_free(*qr);
  *qr = NULL;
  return problem_set(problem, "%s：codes.csv 里的票码应为 16 个字符", "%s: the code in codes.csv should have 16 characters",
                     face->name);
}

/* Relative luminance as WCAG 2 has it, roughly: squares for its powers. */
static double luminance(uint32_t c) {
  double r = (c >> 16 & 255) / 255.0, g = (c >> 8 & 255) / 255.0, b = (c & 255) / 255.0;
  return 0.2126 * r * r + 0.7152 * g * g + 0.0722 * b * b;
}

uint32_t ticket_colour(uint32_t c) {
  if (!c) return 0x334155;
  while (luminance(c) > 0.2) c = ((c >> 16 & 255) * 9 / 10) << 16 | ((c >> 8 & 255) * 9 / 10) << 8 | (c & 255) * 9 / 10;
  return c;
}
