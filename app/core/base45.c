/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base45.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

size_t base45_encode(const uint8_t *bytes, size_t n, char *out) {
  size_t used = 0;
  for (size_t i = 0; i < n; i += 2) {
    unsigned value = i + 1 < n ? bytes[i] * 256u + bytes[i + 1] : bytes[i];
    out[used++] = alphabet[value % 45];
    out[used++] = alphabet[value / 45 % 45];
    if (i + 1 < n) out[used++] = alphabet[value / 2025];
  }
  out[used] = '\0';
  return used;
}

static int digit(char c) {
  const char *at = c ? strchr(alphabet, c) : NULL;
  return at ? (int)(at - alphabet) : -1;
}

bool base45_decode(const char *text, size_t len, uint8_t *out, size_t room, size_t *n) {
  size_t used = 0;
  *n = 0;
  if (len % 3 == 1) return false;
  for (size_t i = 0; i < len; i += 3) {
    bool two = len - i >= 3; /* three characters are two bytes, two are one */
    int a = digit(text[i]), b = digit(text[i + 1]), c = two ? digit(text[i + 2]) : 0;
    if (a < 0 || b < 0 || c < 0) return false;
    unsigned value = (unsigned)(a + 45 * b + 2025 * c);
    if (value > (two ? 0xFFFFu : 0xFFu) || room - used < (two ? 2u : 1u)) return false;
    if (two) out[used++] = (uint8_t)(value >> 8);
    out[used++] = (uint8_t)value;
  }
  *n = used;
  return true;
}
