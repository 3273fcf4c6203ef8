/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/qr.h"

#include <stdlib.h>

#include "scan/qr_blocks.h"
#include "scan/qr_segments.h"

enum {
  GUESSES = 4, /* formats that are tried, likeliest first, of both ways to see the grid */
  GUESSES_PATIENT = 2,
};

/* Bits, for each block; and where there is one block, and all behind it is as the standard wants it: that is eleven bits. */
static const float evidence_least = 30.9f, evidence_single = 22;

struct guess {
  int32_t format;
  bool mirrored;
  int32_t agreement;
};

static struct qr_view view_of(const struct qr_grid *grid, bool mirrored) {
  return (struct qr_view){grid->module, grid->side, mirrored ? grid->side : 1, mirrored ? 1 : grid->side};
}

/* The sum of both copies of each bit; returns how much of it there could be in all. */
static int told_bits(const struct qr_view *view, int bits, void (*place)(int32_t, int, uint8_t[2][2]), int *told) {
  int most = 0;
  for (int bit = 0; bit < bits; bit++) {
    uint8_t at[2][2];
    place(view->side, bit, at);
    int first = view->at[at[0][0] * view->right + at[0][1] * view->down];
    int second = view->at[at[1][0] * view->right + at[1][1] * view->down];
    told[bit] = first + second;
    most += abs(first) + abs(second);
  }
  return most;
}

static int agreement(const int *told, int bits, uint32_t word) {
  int sum = 0;
  for (int bit = 0; bit < bits; bit++) sum += word >> bit & 1 ? told[bit] : -told[bit];
  return sum;
}

/* Formats that agree with the modules in seven tenths or more of their certainty, the likeliest first. Returns how many. */
static int guess_formats(const struct qr_grid *grid, struct guess guess[GUESSES]) {
  int count = 0;
  for (int mirrored = 0; mirrored < 2; mirrored++) {
    struct qr_view view = view_of(grid, mirrored);
    int told[QR_FORMAT_BITS], most = told_bits(&view, QR_FORMAT_BITS, qr_format_place, told);
    for (int format = 0; format < QR_FORMATS; format++) {
      int sum = agreement(told, QR_FORMAT_BITS, qr_format_word(format)), at = count;
      if (sum <= 0 || 5 * sum < 2 * most) continue;
      for (; at > 0 && guess[at - 1].agreement < sum; at--)
        if (at < GUESSES) guess[at] = guess[at - 1];
      if (at < GUESSES) guess[at] = (struct guess){format, mirrored, sum};
      if (count < GUESSES) count++;
    }
  }
  return count;
}

/* From version 7 on, a symbol tells its version: is another one told, and clearly? Then this grid doesn't fit it. */
static bool other_version(const struct qr_grid *grid) {
  struct qr_view view = view_of(grid, false); /* it looks the same in a mirror: one copy is the other, transposed */
  int version = qr_version(grid->side), told[QR_VERSION_BITS];
  if (version < 7) return false;
  int most = told_bits(&view, QR_VERSION_BITS, qr_version_place, told);
  int own = agreement(told, QR_VERSION_BITS, qr_version_word(version));
  for (int other = 7; other <= 40; other++) {
    int sum = agreement(told, QR_VERSION_BITS, qr_version_word(other));
    if (sum > own && 5 * sum > 3 * most) return true;
  }
  return false;
}

/* Timing and alignment patterns agree with the grid in three quarters or more of their certainty. */
static bool fits(const struct qr_grid *grid) {
  int8_t fixed[QR_SIDE_MAX * QR_SIDE_MAX];
  int sum = 0, most = 0, side = grid->side;
  qr_fixed_all(side, fixed);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      int value = grid->module[y * side + x], way = fixed[y * side + x];
      bool finder = (x < 8 || x >= side - 8) && (y < 8 || y >= side - 8) && (x < 8 || y < 8);
      if (finder || (way != QR_DARK && way != QR_LIGHT)) continue;
      sum += way * value;
      most += abs(value);
    }
  return 2 * sum >= most;
}

static enum qr_outcome read_guess(const struct qr_grid *grid, const struct guess *guess, bool patient, struct qr_text *text) {
  int8_t bit[QR_CODEWORDS_MAX * 8];
  uint8_t data[QR_CODEWORDS_MAX];
  struct qr_view view = view_of(grid, guess->mirrored);
  int version = qr_version(grid->side);
  struct qr_shape shape = qr_shape(version, guess->format >> 3);
  float evidence, least = shape.blocks == 1 ? evidence_single : evidence_least;
  qr_unmasked(&view, guess->format & 7, bit);
  int count = qr_correct(&shape, bit, least, patient, data, &evidence);
  if (count == 0) return QR_DAMAGED;
  enum qr_meaning meaning = qr_segments(data, count, version, text);
  if (meaning == QR_MEANS || (meaning == QR_MEANS_SLOPPY && evidence >= evidence_least)) return QR_READ;
  text->len = 0;
  return evidence >= evidence_least && meaning != QR_MEANS_SLOPPY ? QR_REFUSED
                                                                  : QR_DAMAGED; /* chance words have no meaning, either */
}

static enum qr_outcome read_guesses(const struct qr_grid *grid, const struct guess *guess, int count, bool patient,
                                    struct qr_text *text) {
  enum qr_outcome outcome = QR_ILLEGIBLE;
  for (int i = 0; i < count; i++) {
    outcome = read_guess(grid, &guess[i], patient, text);
    if (outcome != QR_DAMAGED) break;
  }
  return outcome;
}

enum qr_outcome qr_glance(const struct qr_grid *grid, struct qr_text *text) {
  struct guess guess[GUESSES];
  text->len = 0;
  if (qr_version(grid->side) == 0 || other_version(grid)) return QR_ILLEGIBLE;
  return read_guesses(grid, guess, guess_formats(grid, guess), false, text);
}

enum qr_outcome qr_read(const struct qr_grid *grid, struct qr_text *text) {
  struct guess guess[GUESSES];
  enum qr_outcome outcome = qr_glance(grid, text);
  if (outcome != QR_DAMAGED || !fits(grid)) return outcome;
  int count = guess_formats(grid, guess);
  return read_guesses(grid, guess, count < GUESSES_PATIENT ? count : GUESSES_PATIENT, true, text);
}
