/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr_segments.h"

struct reader {
  const uint8_t *byte; /* borrowed */
  int at, end;         /* in bits */
  int version;
  bool gs; /* FNC1: % in alphanumeric segments means GS, and %% means % */
  bool full;
  struct qr_text *text;
};

enum mode {
  END = 0,
  DIGITS = 1,
  CAPITALS = 2,
  PART = 3,
  BYTES = 4,
  FNC1_FIRST = 5,
  ECI = 7,
  KANJI = 8,
  FNC1_SECOND = 9,
  HANZI = 13,
};

static int left(const struct reader *r) { return r->end - r->at; }

static unsigned take(struct reader *r, int bits) { /* never more than are left */
  unsigned value = 0;
  for (int i = 0; i < bits; i++, r->at++) value = value << 1 | (r->byte[r->at / 8] >> (7 - r->at % 8) & 1);
  return value;
}

static void put(struct reader *r, unsigned byte) {
  if (r->text->len == PAYLOAD_MAX)
    r->full = true;
  else
    r->text->bytes[r->text->len++] = (uint8_t)byte;
}

static bool read_digits(struct reader *r, unsigned count) {
  static const int bits[4] = {0, 4, 7, 10};
  static const unsigned limit[4] = {0, 10, 100, 1000};
  while (count > 0) {
    unsigned n = count < 3 ? count : 3;
    if (left(r) < bits[n]) return false;
    unsigned value = take(r, bits[n]);
    if (value >= limit[n]) return false;
    for (unsigned part = limit[n] / 10; part > 0; part /= 10) put(r, '0' + value / part % 10);
    count -= n;
  }
  return true;
}

static bool read_capitals(struct reader *r, unsigned count) {
  static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  bool percent = false; /* one that may be the first of two */
  for (; count > 0;) {
    unsigned n = count < 2 ? 1 : 2;
    int bits = n == 2 ? 11 : 6;
    if (left(r) < bits) return false;
    unsigned value = take(r, bits);
    if (value >= (n == 2 ? 45u * 45u : 45u)) return false;
    for (unsigned i = 0; i < n; i++) {
      char c = set[n == 2 && i == 0 ? value / 45 : value % 45];
      if (percent) put(r, c == '%' ? '%' : 0x1D);
      bool second = percent && c == '%';
      percent = r->gs && c == '%' && !second;
      if (!percent && !second) put(r, (uint8_t)c);
    }
    count -= n;
  }
  if (percent) put(r, 0x1D);
  return true;
}

static bool read_bytes(struct reader *r, unsigned count) {
  if ((unsigned)left(r) < 8 * count) return false;
  while (count-- > 0) put(r, take(r, 8));
  return true;
}

/* Two bytes in 13 bits: rows of `row` characters from `first` on, where rows after `rows` lie `gap` further on. */
static bool read_pairs(struct reader *r, unsigned count, bool kanji) {
  unsigned row = kanji ? 0xC0 : 0x60, rows = kanji ? 0x1F : 0x0A;
  if ((unsigned)left(r) < 13 * count) return false;
  for (; count > 0; count--) {
    unsigned value = take(r, 13), high = value / row, low = value % row;
    if (kanji) {
      high += high < rows ? 0x81 : 0xC1;
      low += 0x40;
      if (high > 0xEF || low == 0x7F || low > 0xFC) return false;
    } else {
      high += high < rows ? 0xA1 : 0xA6;
      low += 0xA1;
      if (high > 0xFE || low > 0xFE) return false;
    }
    put(r, high);
    put(r, low);
  }
  return true;
}

static bool read_counted(struct reader *r, enum mode mode) {
  static const int bits[3][4] = {{10, 9, 8, 8}, {12, 11, 16, 10}, {14, 13, 16, 12}};
  int column = mode == DIGITS ? 0 : mode == CAPITALS ? 1 : mode == BYTES ? 2 : 3;
  int width = bits[r->version < 10 ? 0 : r->version < 27 ? 1 : 2][column];
  if (mode == HANZI && (left(r) < 4 || take(r, 4) != 1)) return false; /* 1: GB 2312, the only set there is */
  if (left(r) < width) return false;
  unsigned count = take(r, width);
  switch (mode) {
  case DIGITS: return read_digits(r, count);
  case CAPITALS: return read_capitals(r, count);
  case BYTES: return read_bytes(r, count);
  default: return read_pairs(r, count, mode == KANJI);
  }
}

/* Which character set the bytes are in: they are given as they are, so it is only checked to be one. */
static bool skip_eci(struct reader *r) {
  if (left(r) < 8) return false;
  unsigned first = take(r, 8);
  int more = first < 0x80 ? 0 : first < 0xC0 ? 8 : 16;
  if (first >= 0xE0 || left(r) < more) return false;
  unsigned rest = take(r, more);
  return more < 16 || ((first & 0x1F) << 16 | rest) <= 999999;
}

/* The application's two digits or letter go before the text. */
static bool read_application(struct reader *r) {
  if (left(r) < 8) return false;
  unsigned value = take(r, 8);
  r->gs = true;
  if (value < 100) {
    put(r, '0' + value / 10);
    put(r, '0' + value % 10);
    return true;
  }
  unsigned letter = value - 100;
  put(r, letter);
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

/* Behind the last segment: at most four 0s, 0s to the end of the byte, then 0xEC and 0x11 in turn. */
static bool padded(struct reader *r) {
  int zeros = left(r) < 4 ? left(r) : 4;
  if (take(r, zeros) != 0) return false;
  if (take(r, (8 - r->at % 8) % 8) != 0) return false;
  for (unsigned pad = 0xEC; left(r) > 0; pad ^= 0xEC ^ 0x11)
    if (take(r, 8) != pad) return false;
  return true;
}

enum qr_meaning qr_segments(const uint8_t *codeword, int count, int version, struct qr_text *text) {
  struct reader r = {.byte = codeword, .end = 8 * count, .version = version, .text = text};
  text->len = 0;
  while (left(&r) >= 4) {
    enum mode mode = take(&r, 4);
    bool good = true;
    if (mode == END) {
      r.at -= 4;
      break;
    }
    if (mode == PART) return QR_MEANS_PART;
    if (mode == FNC1_FIRST)
      r.gs = true;
    else if (mode == FNC1_SECOND)
      good = read_application(&r);
    else if (mode == ECI)
      good = skip_eci(&r);
    else if (mode == DIGITS || mode == CAPITALS || mode == BYTES || mode == KANJI || mode == HANZI)
      good = read_counted(&r, mode);
    else
      good = false;
    if (!good) return QR_MEANS_NOTHING;
  }
  if (text->len == 0) return QR_MEANS_NOTHING;
  if (r.full) return QR_MEANS_LONG;
  return padded(&r) ? QR_MEANS : QR_MEANS_SLOPPY;
}
