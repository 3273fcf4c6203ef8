/* SPDX-License-Identifier: Apache-2.0
 * The symbol reader against libqrencode: every version and level gives its bytes back, whatever they are; damage up to the
 * limits is put right, and beyond them nothing is invented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "qr_symbol.h"

static struct qr_grid grid;
static struct qr_text text;

/* Reads what `bytes` are, and nothing else. */
static bool reads(const void *bytes, size_t len) {
  enum qr_outcome outcome = qr_read(&grid, &text);
  assert_true(outcome == QR_READ || text.len == 0);
  return outcome == QR_READ && text.len == len && memcmp(text.bytes, bytes, len) == 0;
}

static void test_fixed_patterns(void **unused) {
  (void)unused;
  static int8_t fixed[QR_SIDE_MAX * QR_SIDE_MAX];
  for (int version = 1; version <= 40; version++) {
    QRcode *code = QRcode_encodeString8bit("1", version, QR_ECLEVEL_L);
    assert_non_null(code);
    int side = code->width, other = 0;
    qr_fixed_all(side, fixed);
    for (int i = 0; i < side * side; i++) {
      enum qr_module module = qr_fixed(side, i % side, i / side);
      bool dark = code->data[i] & 1, data = !(code->data[i] & 0x80);
      other +=
          module != fixed[i] || data != (module == QR_DATA) || (module == QR_DARK && !dark) || (module == QR_LIGHT && dark);
    }
    assert_int_equal(other, 0);
    uint8_t centre[QR_ALIGNMENT_MAX];
    int count = qr_alignment(side, centre);
    assert_int_equal(count, version == 1 ? 0 : version / 7 + 2);
    for (int i = 0; i < count; i++) /* libqrencode marks them */
      assert_int_equal(code->data[centre[count - 1] * side + centre[i ? i : count - 1]] & 0xA1, 0xA1);
    QRcode_free(code);
  }
  assert_int_equal(qr_fixed(21, -1, 0), QR_DATA);
  assert_int_equal(qr_fixed(21, 0, 21), QR_DATA);
  assert_int_equal(qr_fixed(22, 0, 0), QR_DATA);
}

static void test_sides_that_are_none(void **unused) {
  (void)unused;
  static const int32_t sides[] = {INT32_MIN, -21, 0, 1, 17, 20, 22, 23, 24, 178, 181, 21 + (1 << 30), INT32_MAX};
  uint8_t centre[QR_ALIGNMENT_MAX];
  for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
    grid.side = sides[i];
    text.len = 7;
    assert_int_equal(qr_read(&grid, &text), QR_ILLEGIBLE);
    assert_int_equal(text.len, 0);
    assert_int_equal(qr_alignment(sides[i], centre), 0);
  }
}

static int fill_bytes(QRencodeMode mode, int len, uint8_t *bytes) {
  static const char capitals[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  for (int i = 0; i < len; i++) {
    if (mode == QR_MODE_NUM)
      bytes[i] = (uint8_t)('0' + symbol_below(10));
    else if (mode == QR_MODE_AN)
      bytes[i] = (uint8_t)capitals[symbol_below(45)];
    else if (mode == QR_MODE_8)
      bytes[i] = (uint8_t)symbol_below(256);
    else /* kanji: hiragana */
      bytes[i] = (uint8_t)(i % 2 ? 0x9F + symbol_below(0x50) : 0x82);
  }
  return len;
}

/* The fullest symbol of a kind, by halving; then a short one. */
static void round_trip(int version, QRecLevel level, QRencodeMode mode) {
  static uint8_t bytes[8000];
  int unit = mode == QR_MODE_KANJI ? 2 : 1, low = unit, high = PAYLOAD_MAX / unit * unit + unit;
  fill_bytes(mode, high, bytes);
  if (!symbol_encode(version, level, mode, bytes, low, &grid)) fail();
  while (high - low > unit) {
    int middle = (low + high) / 2 / unit * unit;
    if (symbol_encode(version, level, mode, bytes, middle, &grid))
      low = middle;
    else
      high = middle;
  }
  for (int len = low;; len = unit) {
    assert_true(symbol_encode(version, level, mode, bytes, len, &grid));
    if (!reads(bytes, (size_t)len)) fail_msg("version %d level %d mode %d: %d bytes", version, level, mode, len);
    if (len == unit) break;
  }
}

static void test_every_version_level_and_mode(void **unused) {
  (void)unused;
  symbol_seed(1);
  for (int version = 1; version <= 40; version++)
    for (int level = QR_ECLEVEL_L; level <= QR_ECLEVEL_H; level++)
      for (int mode = QR_MODE_NUM; mode <= QR_MODE_KANJI; mode++) round_trip(version, level, mode);
  /* The comparison notices one turned bit of the text. */
  static uint8_t bytes[10] = "yingbin!?";
  assert_true(symbol_encode(1, QR_ECLEVEL_L, QR_MODE_8, bytes, 10, &grid));
  bytes[3] ^= 4;
  assert_false(reads(bytes, 10));
}

static void test_every_mask(void **unused) {
  (void)unused;
  /* 0100, one byte, 0x4B, 0000 */
  static const uint8_t data[16] = {0x40, 0x14, 0xB0, 0xEC, 0x11, 0xEC, 0x11, 0xEC,
                                   0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC};
  for (int mask = 0; mask < 8; mask++) {
    symbol_build(1, QR_LEVEL_M, mask, data, &grid);
    assert_true(reads("K", 1));
  }
}

static void test_exact_bytes(void **unused) {
  (void)unused;
  static const struct {
    const char *bytes;
    int len;
  } rows[] = {
      {"\xE7\xAD\xBE\xE5\x88\xB0 Zo\xC3\xAB \xF0\x9F\x8E\xAB", 17}, /* UTF-8 */
      {"\xC7\xA9\xB5\xBD\x81\x30\x81\x30\xB6\xAB", 10},             /* GB18030 */
      {"\0\0a\0\xFF\0", 6},
      {"\xEF\xBB\xBF\r\n\t\x1B", 7},
      {"\\\\000026", 8},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
    QRcode *code = QRcode_encodeData(rows[i].len, (const unsigned char *)rows[i].bytes, 0, QR_ECLEVEL_M);
    assert_non_null(code);
    symbol_grid(code, &grid);
    QRcode_free(code);
    assert_true(reads(rows[i].bytes, (size_t)rows[i].len));
  }
}

/* A symbol of several segments, by libqrencode. */
static void encode_input(QRinput *input) {
  QRcode *code = QRcode_encodeInput(input);
  assert_non_null(code);
  symbol_grid(code, &grid);
  QRcode_free(code);
  QRinput_free(input);
}

static void append(QRinput *input, QRencodeMode mode, const char *bytes) {
  assert_int_equal(QRinput_append(input, mode, (int)strlen(bytes), (const unsigned char *)bytes), 0);
}

static void test_segments(void **unused) {
  (void)unused;
  QRinput *input = QRinput_new2(0, QR_ECLEVEL_Q);
  append(input, QR_MODE_NUM, "0042");
  append(input, QR_MODE_AN, "A%B/");
  append(input, QR_MODE_8, "z\xC3\xAB");
  append(input, QR_MODE_KANJI, "\x93\x5F\xE4\xAA");
  append(input, QR_MODE_NUM, "00");
  encode_input(input);
  assert_true(reads("0042A%B/z\xC3\xAB\x93\x5F\xE4\xAA"
                    "00",
                    17));

  input = QRinput_new2(0, QR_ECLEVEL_L); /* one byte and two; libqrencode writes three wrongly */
  assert_int_equal(QRinput_appendECIheader(input, 26), 0);
  append(input, QR_MODE_8, "\xE7\xAD\xBE");
  assert_int_equal(QRinput_appendECIheader(input, 899), 0);
  append(input, QR_MODE_8, "\xFF");
  append(input, QR_MODE_NUM, "7");
  encode_input(input);
  assert_true(reads("\xE7\xAD\xBE\xFF"
                    "7",
                    5));

  input = QRinput_new2(4, QR_ECLEVEL_L);
  assert_int_equal(QRinput_setFNC1Second(input, 37), 0);
  append(input, QR_MODE_AN, "AA%BB");
  encode_input(input);
  assert_true(reads("37AA\x1D"
                    "BB",
                    7));
}

static void test_structured_append_is_refused(void **unused) {
  (void)unused;
  QRinput *input = QRinput_new2(1, QR_ECLEVEL_L);
  append(input, QR_MODE_8, "a message over two symbols");
  QRinput_Struct *parts = QRinput_splitQRinputToStruct(input);
  assert_non_null(parts);
  QRcode_List *codes = QRcode_encodeInputStructured(parts);
  assert_non_null(codes);
  for (QRcode_List *one = codes; one; one = one->next) {
    symbol_grid(one->code, &grid);
    assert_int_equal(qr_read(&grid, &text), QR_REFUSED);
    assert_int_equal(text.len, 0);
  }
  QRcode_List_free(codes);
  QRinput_Struct_free(parts);
  QRinput_free(input);
}

static void test_longer_than_a_payload(void **unused) {
  (void)unused;
  static uint8_t bytes[PAYLOAD_MAX + 1];
  fill_bytes(QR_MODE_NUM, PAYLOAD_MAX + 1, bytes);
  assert_true(symbol_encode(40, QR_ECLEVEL_M, QR_MODE_NUM, bytes, PAYLOAD_MAX, &grid));
  assert_true(reads(bytes, PAYLOAD_MAX));
  assert_true(symbol_encode(40, QR_ECLEVEL_M, QR_MODE_NUM, bytes, PAYLOAD_MAX + 1, &grid));
  assert_int_equal(qr_read(&grid, &text), QR_REFUSED);
}

/* Data codewords of a version 1-L symbol, from their bits as text; behind them 0s to the byte, and padding. */
static void write_data(const char *bits, uint8_t data[19]) {
  int n = 0;
  memset(data, 0, 19);
  for (; *bits; bits++)
    if (*bits != ' ') {
      assert_in_range(n, 0, 8 * 19 - 1);
      data[n / 8] |= (uint8_t)((*bits == '1') << (7 - n % 8));
      n++;
    }
  for (int at = (n + 7) / 8, pad = 0xEC; at < 19; at++, pad ^= 0xEC ^ 0x11) data[at] = (uint8_t)pad;
}

#define K_BITS "0100 00000001 01001011 "
#define ZEROS "00000000 00000000 00000000 00000000 "

static void test_meaning(void **unused) {
  (void)unused;
  static const struct {
    const char *bits, *text; /* NULL: refused */
  } rows[] = {
      {"0001 0000000001 0111 0000", "7"},
      {"0001 0000000001 1010 0000", NULL},       /* ten in a digit */
      {"0001 0000000010 1100100 0000", NULL},    /* a hundred in two */
      {"0001 0000000011 1111101000 0000", NULL}, /* a thousand in three */
      {"0010 000000001 101100 0000", ":"},
      {"0010 000000001 101101 0000", NULL},
      {"0010 000000010 11111101000 0000", "::"},
      {"0010 000000010 11111101001 0000", NULL},
      {"0000", NULL}, /* empty */
      {"0100 00000000 0000", NULL},
      {"0001 0000000000 0000", NULL},
      {"0110 00000000", NULL}, /* modes that are none */
      {"1010 00000000", NULL},
      {"1111 11111111", NULL},
      {"0100 11111111 01001011", NULL}, /* more than the symbol has */
      {"0001 1111111111 0000", NULL},
      {"0010 111111111 0000", NULL},
      {"1000 11111111 0000", NULL},
      {"1101 0001 00000001 0001111000000 0000", "\xB0\xA1"},
      {"1101 0001 00000001 0000000000001 0000", "\xA1\xA2"},
      {"1101 0010 00000001 0001111000000 0000", NULL}, /* a character set that is none */
      {"1101 0001 00000001 0000001011110 0000", NULL}, /* 0xA1FF */
      {"1000 00000001 0000000000000 0000", "\x81\x40"},
      {"1000 00000001 0000000111111 0000", NULL}, /* 0x817F */
      {"1000 00000001 0000010111101 0000", NULL}, /* 0x81FD */
      {"1000 00000001 1111111111111 0000", "\xEB\xBF"},
      {"0111 11100000 " K_BITS "0000", NULL},                   /* a designator of four bytes */
      {"0111 11001111 01000010 00111111 " K_BITS "0000", "K"},  /* 999999 */
      {"0111 11001111 01000010 01000000 " K_BITS "0000", NULL}, /* a million */
      {"1001 11000101 " K_BITS "0000", "aK"},
      {"1001 10010110 " K_BITS "0000", NULL}, /* an application that is none */
      {K_BITS "0101 " K_BITS "0010 000000001 100110 0000", "KK\x1D"},
      {"0101 0010 000000110 00111101000 01000010101 11010111010 0000", "A\x1D"
                                                                       "B%C"}, /* A%B%%C */
      {"0010 000000110 00111101000 01000010101 11010111010 0000", "A%B%%C"},
      {K_BITS "0000 " ZEROS ZEROS ZEROS ZEROS, "K"}, /* other padding: borne where nothing was wrong */
      {K_BITS "0000 0001", "K"},
      {"0100 00010001 " ZEROS ZEROS ZEROS ZEROS "01001011", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0K"}, /* full: no terminator */
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
    uint8_t data[19];
    write_data(rows[i].bits, data);
    symbol_build(1, QR_LEVEL_L, (int)i % 8, data, &grid);
    size_t len = rows[i].text ? strlen(rows[i].text) : 0;
    if (len == 0 && rows[i].text) len = 17;
    if (rows[i].text ? !reads(rows[i].text, len) : qr_read(&grid, &text) != QR_REFUSED) fail_msg("%s", rows[i].bits);
  }
}

/* Other padding than the standard's is borne while the correction alone is sure enough. */
static void test_sloppy_padding(void **unused) {
  (void)unused;
  static const int column[] = {20, 17, 15, 13, 11, 9};
  uint8_t data[19];
  for (int sloppy = 0; sloppy < 2; sloppy++) {
    write_data(sloppy ? K_BITS "0000 " ZEROS : K_BITS "0000", data);
    symbol_build(1, QR_LEVEL_L, 3, data, &grid);
    for (int wrong = 0; wrong < 10; wrong++) {
      enum qr_outcome outcome = qr_read(&grid, &text);
      if (wrong <= 5) assert_int_equal(outcome, QR_READ);
      if (wrong >= 7) assert_int_equal(outcome, sloppy ? QR_DAMAGED : QR_READ);
      int8_t *module = &grid.module[(9 + wrong / 6 * 5 + wrong % 3) * 21 + column[wrong % 6]];
      *module = *module > 0 ? -60 : 60;
    }
  }
}

static void test_mirrored(void **unused) {
  (void)unused;
  static uint8_t bytes[40];
  symbol_seed(2);
  for (int version = 1; version <= 40; version++) {
    int len = fill_bytes(QR_MODE_8, version < 5 ? 7 : 40, bytes);
    assert_true(symbol_encode(version, QR_ECLEVEL_H, QR_MODE_8, bytes, len, &grid));
    symbol_transpose(&grid);
    assert_true(reads(bytes, (size_t)len));
  }
}

static void test_version_told(void **unused) {
  (void)unused;
  assert_true(symbol_encode(8, QR_ECLEVEL_H, QR_MODE_8, (const uint8_t *)"eight", 5, &grid));
  for (int told = 8; told <= 9; told++) {
    for (int bit = 0; bit < QR_VERSION_BITS; bit++) {
      uint8_t at[2][2];
      qr_version_place(grid.side, bit, at);
      for (int copy = 0; copy < 2; copy++)
        grid.module[at[copy][1] * grid.side + at[copy][0]] = qr_version_word(told) >> bit & 1 ? SYMBOL_SURE : -SYMBOL_SURE;
    }
    assert_int_equal(qr_read(&grid, &text), told == 8 ? QR_READ : QR_ILLEGIBLE);
  }
  for (int i = 0; i < 6 * 3; i++)
    grid.module[i / 3 * grid.side + grid.side - 11 + i % 3] = 0; /* and one that can't be read is no harm */
  for (int i = 0; i < 6 * 3; i++) grid.module[(grid.side - 11 + i % 3) * grid.side + i / 3] = 0;
  assert_true(reads("eight", 5));
}

/* One copy of the format lost, or two bits of each wrong. */
static void test_format(void **unused) {
  (void)unused;
  for (int lost = 0; lost < 3; lost++) {
    assert_true(symbol_encode(2, QR_ECLEVEL_Q, QR_MODE_AN, (const uint8_t *)"FORMAT", 6, &grid));
    for (int bit = 0; bit < QR_FORMAT_BITS; bit++) {
      uint8_t at[2][2];
      qr_format_place(grid.side, bit, at);
      for (int copy = 0; copy < 2; copy++) {
        int8_t *module = &grid.module[at[copy][1] * grid.side + at[copy][0]];
        if (lost == 2 ? bit % 7 == copy : copy == lost) *module = lost == 2 ? -*module : 0;
      }
    }
    assert_true(reads("FORMAT", 6));
  }
  memset(grid.module, 0, sizeof(grid.module));
  assert_int_equal(qr_read(&grid, &text), QR_ILLEGIBLE);
}

static void test_extreme_values(void **unused) {
  (void)unused;
  assert_true(symbol_encode(3, QR_ECLEVEL_M, QR_MODE_AN, (const uint8_t *)"EXTREME", 7, &grid));
  for (int i = 0; i < grid.side * grid.side; i++) grid.module[i] = grid.module[i] > 0 ? 127 : -128;
  assert_true(reads("EXTREME", 7));
  for (int i = 0; i < grid.side * grid.side; i++) grid.module[i] = grid.module[i] > 0 ? 1 : -1;
  assert_true(reads("EXTREME", 7));
  memset(grid.module, -128, sizeof(grid.module));
  assert_int_not_equal(qr_read(&grid, &text), QR_READ);
  memset(grid.module, 127, sizeof(grid.module));
  assert_int_not_equal(qr_read(&grid, &text), QR_READ);
}

/* Modules with noise, certainty as the header wants it; sigma 0.7: every thirteenth module is wrong. */
static void add_noise(double sigma) {
  for (int i = 0; i < grid.side * grid.side; i++) {
    double value = (grid.module[i] > 0 ? 1 : -1) + sigma * symbol_gauss(), odds = 16 * 2 * value / (sigma * sigma);
    grid.module[i] = (int8_t)(odds > 127 ? 127 : odds < -127 ? -127 : lrint(odds));
  }
}

static void test_noise(void **unused) {
  (void)unused;
  enum { ROUNDS = 60 };
  static const struct {
    int version;
    QRecLevel level;
    double sigma;
    int glance_most, read_least;
  } rows[] = {
      {1, QR_ECLEVEL_Q, 0.7, 15, 50}, /* the usual ticket */
      {5, QR_ECLEVEL_Q, 0.6, 25, 55}, {2, QR_ECLEVEL_M, 0.6, 30, 50},
      {1, QR_ECLEVEL_Q, 1.2, 2, 0}, /* hopeless: nothing is invented */
      {3, QR_ECLEVEL_L, 0.8, 2, 0},
  };
  symbol_seed(3);
  for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
    int glanced = 0, read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      uint8_t bytes[16];
      fill_bytes(QR_MODE_AN, 16, bytes);
      assert_true(symbol_encode(rows[i].version, rows[i].level, QR_MODE_AN, bytes, 16, &grid));
      add_noise(rows[i].sigma);
      for (int patient = 0; patient < 2; patient++) {
        enum qr_outcome outcome = patient ? qr_read(&grid, &text) : qr_glance(&grid, &text);
        if (outcome != QR_READ) continue;
        assert_int_equal(text.len, 16);
        assert_memory_equal(text.bytes, bytes, 16);
        *(patient ? &read : &glanced) += 1;
      }
    }
    if (glanced > rows[i].glance_most || read < rows[i].read_least) fail_msg("row %zu: %d and %d", i, glanced, read);
  }
}

/* A part of the modules turned round, wiped out or without a certainty: what is read is what was written. */
static void test_damage_never_gives_another_text(void **unused) {
  (void)unused;
  int read = 0, not_read = 0;
  symbol_seed(4);
  for (int round = 0; round < 1000; round++) {
    uint8_t bytes[12];
    int version = 1 + symbol_below(7), share = symbol_below(400);
    fill_bytes(QR_MODE_AN, 8, bytes);
    assert_true(symbol_encode(version, symbol_below(4), QR_MODE_AN, bytes, 8, &grid));
    bool sure = symbol_below(2), burst = symbol_below(2);
    int from = symbol_below(grid.side * grid.side);
    for (int i = 0; i < grid.side * grid.side; i++) {
      int in = burst ? abs(i - from) * 1000 < share * grid.side * grid.side : symbol_below(1000) < share;
      if (in && symbol_below(2)) grid.module[i] = (int8_t)-grid.module[i];
      if (!sure) grid.module[i] = (int8_t)(grid.module[i] / (in ? 1 + symbol_below(20) : 1 + symbol_below(3)));
    }
    if (qr_read(&grid, &text) == QR_READ) {
      assert_int_equal(text.len, 8);
      assert_memory_equal(text.bytes, bytes, 8);
      read++;
    } else
      not_read++;
  }
  assert_true(read > 150 && not_read > 150);
}

/* Modules by lot under perfect fixed patterns and a perfect format: nothing is read. */
static void test_garbage(void **unused) {
  (void)unused;
  static int8_t fixed[QR_SIDE_MAX * QR_SIDE_MAX];
  int damaged = 0;
  symbol_seed(5);
  for (int round = 0; round < 500; round++) {
    int version = round % 100 ? 1 + symbol_below(4) : 1 + symbol_below(40);
    assert_true(symbol_encode(version, symbol_below(4), QR_MODE_NUM, (const uint8_t *)"1", 1, &grid));
    qr_fixed_all(grid.side, fixed);
    for (int i = 0; i < grid.side * grid.side; i++)
      if (fixed[i] == QR_DATA) grid.module[i] = (int8_t)(symbol_below(255) - 127);
    enum qr_outcome outcome = qr_read(&grid, &text);
    assert_true(outcome != QR_READ && text.len == 0);
    damaged += outcome == QR_DAMAGED;
  }
  assert_true(damaged > 470);
}

/* All data of one colour, or unknown: nothing is read, whatever the format says. */
static void test_blank_symbols(void **unused) {
  (void)unused;
  for (int version = 1; version <= 40; version += version < 8 ? 1 : 8)
    for (int format = 0; format < QR_FORMATS; format++)
      for (int colour = -1; colour <= 1; colour++) {
        grid.side = 17 + 4 * version;
        qr_fixed_all(grid.side, grid.module);
        for (int i = 0; i < grid.side * grid.side; i++)
          grid.module[i] = (int8_t)((grid.module[i] == QR_DATA   ? colour
                                     : grid.module[i] == QR_TOLD ? 0
                                                                 : grid.module[i]) *
                                    SYMBOL_SURE);
        for (int bit = 0; bit < QR_FORMAT_BITS; bit++) {
          uint8_t at[2][2];
          qr_format_place(grid.side, bit, at);
          for (int copy = 0; copy < 2; copy++)
            grid.module[at[copy][1] * grid.side + at[copy][0]] = qr_format_word(format) >> bit & 1 ? SYMBOL_SURE : -SYMBOL_SURE;
        }
        assert_int_equal(qr_read(&grid, &text), QR_DAMAGED);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fixed_patterns),
      cmocka_unit_test(test_sides_that_are_none),
      cmocka_unit_test(test_every_version_level_and_mode),
      cmocka_unit_test(test_every_mask),
      cmocka_unit_test(test_exact_bytes),
      cmocka_unit_test(test_segments),
      cmocka_unit_test(test_structured_append_is_refused),
      cmocka_unit_test(test_longer_than_a_payload),
      cmocka_unit_test(test_meaning),
      cmocka_unit_test(test_sloppy_padding),
      cmocka_unit_test(test_mirrored),
      cmocka_unit_test(test_version_told),
      cmocka_unit_test(test_format),
      cmocka_unit_test(test_extreme_values),
      cmocka_unit_test(test_noise),
      cmocka_unit_test(test_damage_never_gives_another_text),
      cmocka_unit_test(test_garbage),
      cmocka_unit_test(test_blank_symbols),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
