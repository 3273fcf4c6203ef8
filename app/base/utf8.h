/* SPDX-License-Identifier: Apache-2.0
 * UTF-8 (RFC 3629), only what texts of strangers need before anything else touches them: is it valid,
 * and where may it be cut. Inline and pure, so that base and core share it without a library.
 */
#ifndef YINGBIN_BASE_UTF8_H
#define YINGBIN_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes of the valid character at `at`, 0: there is none. No overlong forms, no surrogates. */
static inline size_t utf8_char(const unsigned char *at, size_t left) {
  if (left == 0) return 0;
  if (at[0] < 0x80) return 1;
  size_t need = at[0] >= 0xC2 && at[0] <= 0xDF ? 2 : (at[0] & 0xF0) == 0xE0 ? 3 : at[0] >= 0xF0 && at[0] <= 0xF4 ? 4 : 0;
  if (need == 0 || need > left) return 0;
  for (size_t i = 1; i < need; i++)
    if ((at[i] & 0xC0) != 0x80) return 0;
  if (at[0] == 0xE0 && at[1] < 0xA0) return 0;
  if (at[0] == 0xED && at[1] > 0x9F) return 0;
  if (at[0] == 0xF0 && at[1] < 0x90) return 0;
  if (at[0] == 0xF4 && at[1] > 0x8F) return 0;
  return need;
}

static inline bool utf8_valid(const void *text, size_t len) {
  const unsigned char *at = text;
  for (size_t i = 0, n; i < len; i += n)
    if ((n = utf8_char(at + i, len - i)) == 0) return false;
  return true;
}

/* The longest beginning of at most `most` bytes that doesn't end within a character. */
static inline size_t utf8_cut(const char *text, size_t len, size_t most) {
  if (len <= most) return len;
  /* cppcheck-suppress arrayIndexOutOfBoundsCond ; there is more than `most` of it */
  while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80) most--;
  return most;
}

/* As much of it as there is room for, in whole characters; how many bytes. */
static inline size_t utf8_copy(char *out, size_t size, const char *text) {
  const size_t len = utf8_cut(text, strlen(text), size - 1);
  memcpy(out, text, len);
  out[len] = '\0';
  return len;
}

#endif
