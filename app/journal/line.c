/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

static void put(struct line *l, const char *bytes, size_t n) {
  if (n > sizeof l->bytes - l->len) l->bad = true;
  if (l->bad) return;
  memcpy(l->bytes + l->len, bytes, n);
  l->len += n;
}

static void put_text(struct line *l, const char *text) { put(l, text, strlen(text)); }

static void put_string(struct line *l, const char *text) {
  static const char escaped[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
  put(l, "\"", 1);
  const char *end = text + strlen(text);
  for (size_t n; text < end && !l->bad; text += n) {
    const char *found = strchr(escaped, *text);
    n = utf8_char((const unsigned char *)text, (size_t)(end - text));
    if (found) {
      char two[2] = {'\\', letter[found - escaped]};
      put(l, two, 2);
    } else if (n == 1 && (unsigned char)*text < 0x20) {
      char six[8];
      snprintf(six, sizeof six, "\\u%04x", (unsigned char)*text);
      put(l, six, 6);
    } else if (n) {
      put(l, text, n);
    } else {
      l->bad = true;
    }
  }
  put(l, "\"", 1);
}

static void put_key(struct line *l, const char *key) {
  if (l->len > 1) put(l, ",", 1);
  put_string(l, key);
  put(l, ":", 1);
}

void line_begin(struct line *l) {
  l->len = 0;
  l->bad = false;
  put(l, "{", 1);
}

bool line_end(struct line *l) {
  put(l, "}", 1);
  return !l->bad;
}

void line_text(struct line *l, const char *key, const char *value) {
  if (!*value) return;
  put_key(l, key);
  put_string(l, value);
}

void line_number(struct line *l, const char *key, int64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRId64, value);
  put_key(l, key);
  put_text(l, digits);
}

void line_bool(struct line *l, const char *key, bool value) {
  put_key(l, key);
  put_text(l, value ? "true" : "false");
}

void line_hex(struct line *l, const char *key, const uint8_t *bytes, size_t n) {
  uint8_t any = 0;
  for (size_t i = 0; i < n; i++) any |= bytes[i];
  if (!any) return;
  put_key(l, key);
  put(l, "\"", 1);
  for (size_t i = 0; i < n; i++) {
    char two[3];
    snprintf(two, sizeof two, "%02x", bytes[i]);
    put(l, two, 2);
  }
  put(l, "\"", 1);
}

void line_wall(struct line *l, const char *key, int64_t wall_ms) {
  time_t seconds = wall_ms / 1000;
  int ms = (int)(wall_ms % 1000);
  if (ms < 0) ms += 1000, seconds--;
  struct tm tm;
  char text[40];
  if (!gmtime_r(&seconds, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900) {
    l->bad = true;
    return;
  }
  snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
           tm.tm_min, tm.tm_sec, ms);
  line_text(l, key, text);
}
