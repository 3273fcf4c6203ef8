/* SPDX-License-Identifier: Apache-2.0
 * For tests: pictures that make readers work hard, or fail: each fills a frame of any size, from a seed.
 */
#ifndef YINGBIN_TESTS_UNIT_HOSTILE_PICTURES_H
#define YINGBIN_TESTS_UNIT_HOSTILE_PICTURES_H

#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "tests/unit/qr_forge.h"

struct hostile {
  const char *name;
  void (*paint)(const struct frame *frame, uint32_t seed);
};

static inline uint32_t hostile_next(uint32_t *state) {
  *state = *state * 1664525 + 1013904223;
  return *state >> 8;
}

static inline void hostile_fill(const struct frame *frame, int x, int y, int w, int h, uint8_t grey) {
  for (int v = y < 0 ? 0 : y; v < y + h && v < frame->h; v++) {
    for (int u = x < 0 ? 0 : x; u < x + w && u < frame->w; u++) ((uint8_t *)frame->luma)[v * frame->stride + u] = grey;
  }
}

static inline void hostile_clear(const struct frame *frame, uint8_t grey) {
  hostile_fill(frame, 0, 0, frame->w, frame->h, grey);
}

static inline void hostile_flat(const struct frame *frame, uint32_t seed) { hostile_clear(frame, (uint8_t)(seed * 85)); }

static inline void hostile_noise(const struct frame *frame, uint32_t seed) {
  for (int y = 0; y < frame->h; y++) {
    for (int x = 0; x < frame->w; x++) ((uint8_t *)frame->luma)[y * frame->stride + x] = (uint8_t)(hostile_next(&seed) >> 8);
  }
}

/* Four uniform ones make a normal one, near enough; strong on grey. */
static inline void hostile_grain(const struct frame *frame, uint32_t seed) {
  for (int y = 0; y < frame->h; y++) {
    for (int x = 0; x < frame->w; x++) {
      uint32_t r = hostile_next(&seed);
      ((uint8_t *)frame->luma)[y * frame->stride + x] =
          (uint8_t)(64 + (r & 31) + (r >> 5 & 31) + (r >> 10 & 31) + (r >> 15 & 31));
    }
  }
}

/* Noise in blocks of 2 to 5 pixels: as large as modules are. */
static inline void hostile_blocks(const struct frame *frame, uint32_t seed) {
  int side = 2 + (int)(seed % 4);
  for (int y = 0; y < frame->h; y += side) {
    for (int x = 0; x < frame->w; x += side) hostile_fill(frame, x, y, side, side, hostile_next(&seed) & 1024 ? 230 : 25);
  }
}

static inline void hostile_finder(const struct frame *frame, int x, int y, int module) {
  hostile_fill(frame, x, y, 7 * module, 7 * module, 20);
  hostile_fill(frame, x + module, y + module, 5 * module, 5 * module, 235);
  hostile_fill(frame, x + 2 * module, y + 2 * module, 3 * module, 3 * module, 20);
}

/* As many as fit, one module apart: over 2,000 in 1280x720 with modules of two pixels. */
static inline void hostile_wall(const struct frame *frame, int module) {
  hostile_clear(frame, 235);
  for (int y = 0; y < frame->h; y += 8 * module) {
    for (int x = 0; x < frame->w; x += 8 * module) hostile_finder(frame, x, y, module);
  }
}

static inline void hostile_wall_1(const struct frame *frame, uint32_t seed) { (void)seed, hostile_wall(frame, 1); }
static inline void hostile_wall_2(const struct frame *frame, uint32_t seed) { (void)seed, hostile_wall(frame, 2); }
static inline void hostile_wall_5(const struct frame *frame, uint32_t seed) { (void)seed, hostile_wall(frame, 5); }

/* 2,000 patterns anywhere, of any size, over one another. */
static inline void hostile_finders(const struct frame *frame, uint32_t seed) {
  hostile_clear(frame, 235);
  for (int i = 0; i < 2000; i++) {
    int module = 1 + (int)(hostile_next(&seed) % 4);
    int x = (int)(hostile_next(&seed) % (uint32_t)frame->w), y = (int)(hostile_next(&seed) % (uint32_t)frame->h);
    hostile_finder(frame, x, y, module);
  }
}

/* Triples of patterns that belong together, and noise where the code should be. */
static inline void hostile_triples(const struct frame *frame, uint32_t seed) {
  hostile_blocks(frame, 3);
  int module = 3, side = (17 + 4 * (1 + (int)(seed % 20))) * module, pitch = side + 8 * module;
  for (int y = 4 * module; y < frame->h; y += pitch) {
    for (int x = 4 * module; x < frame->w; x += pitch) {
      hostile_fill(frame, x - 4 * module, y - 4 * module, 12 * module, 12 * module, 235);
      hostile_finder(frame, x, y, module);
      hostile_finder(frame, x + side - 7 * module, y, module);
      hostile_finder(frame, x, y + side - 7 * module, module);
    }
  }
}

static inline void hostile_board(const struct frame *frame, uint32_t seed) {
  static const int scales[] = {1, 2, 3, 7, 40};
  int side = scales[seed % 5];
  for (int y = 0; y < frame->h; y++) {
    for (int x = 0; x < frame->w; x++) {
      ((uint8_t *)frame->luma)[y * frame->stride + x] = (x / side + y / side) % 2 ? 235 : 20;
    }
  }
}

/* Upright, level and slanting; 1, 3 or 11 pixels wide. */
static inline void hostile_stripes(const struct frame *frame, uint32_t seed) {
  static const int widths[] = {1, 3, 11};
  int side = widths[seed / 3 % 3], across = seed % 3 != 1, down = seed % 3 != 0;
  for (int y = 0; y < frame->h; y++) {
    for (int x = 0; x < frame->w; x++) {
      ((uint8_t *)frame->luma)[y * frame->stride + x] = (x * across + y * down) / side % 2 ? 235 : 20;
    }
  }
}

/* Stripes in the proportions of a finder pattern, 1:1:3:1:1, along one side: each line crosses hundreds. */
static inline void hostile_bars(const struct frame *frame, uint32_t seed) {
  static const char run[] = "#.###.#.";
  int module = 1 + (int)(seed % 3);
  for (int y = 0; y < frame->h; y++) {
    for (int x = 0; x < frame->w; x++) {
      bool dark = run[x / module % 8] == '#' && (seed < 3 || run[y / module % 8] == '#');
      ((uint8_t *)frame->luma)[y * frame->stride + x] = dark ? 20 : 235;
    }
  }
}

/* Lines of strokes like small print. */
static inline void hostile_text(const struct frame *frame, uint32_t seed) {
  hostile_clear(frame, 240);
  for (int y = 4; y < frame->h; y += 14) {
    for (int x = 4; x < frame->w; x += 9) {
      for (int stroke = 0; stroke < 4; stroke++) {
        uint32_t r = hostile_next(&seed);
        bool upright = r & 1;
        hostile_fill(frame, x + (int)(r >> 1 & 7), y + (int)(r >> 4 & 7), upright ? 2 : 6, upright ? 8 : 2,
                     (uint8_t)(20 + (r >> 8 & 63)));
      }
    }
  }
}

static inline void hostile_symbol(const struct frame *frame, int version, const struct qr_bits *bits, int x, int y,
                                  int module) {
  static struct qr_grid grid;
  qr_forge(version, QR_LEVEL_L, 0, bits->byte, (bits->count + 7) / 8, &grid);
  qr_forge_draw(frame, &grid, x, y, module);
}

static inline void hostile_numbered(struct qr_bits *bits, int number) {
  memset(bits, 0, sizeof *bits);
  qr_put(bits, 4, 4); /* bytes */
  qr_put(bits, 8, 3);
  qr_put(bits, 24,
         (uint32_t)('0' + number / 100) << 16 | (uint32_t)('0' + number / 10 % 10) << 8 | (uint32_t)('0' + number % 10));
  qr_put(bits, 4, 0);
}

/* A screen full of small codes, each with a text of its own. */
static inline void hostile_codes(const struct frame *frame, uint32_t seed) {
  static struct qr_bits bits;
  int module = 2 + (int)(seed % 3), pitch = 29 * module, number = 0;
  hostile_clear(frame, 235);
  for (int y = 4 * module; y < frame->h; y += pitch) {
    for (int x = 4 * module; x < frame->w; x += pitch, number = (number + 1) % 1000) {
      hostile_numbered(&bits, number);
      hostile_symbol(frame, 1, &bits, x, y, module);
    }
  }
}

/* Codes as large as the frame takes, then modules turned round: one in two to one in fifty. */
static inline void hostile_broken(const struct frame *frame, uint32_t seed) {
  static struct qr_grid grid;
  static struct qr_bits bits;
  int version = 1 + (int)(seed % 40), module = 3, one_in = 2 + (int)(seed % 49);
  memset(&bits, 0, sizeof bits);
  for (int i = 0; i < 100; i++) bits.byte[i] = (uint8_t)(hostile_next(&seed) >> 8);
  qr_forge(version, QR_LEVEL_L, (int)(seed % 8), bits.byte, version < 5 ? 15 : 100, &grid);
  for (int i = 0; i < grid.side * grid.side; i++) {
    if (hostile_next(&seed) % (uint32_t)one_in == 0) grid.module[i] = (int8_t)-grid.module[i];
  }
  hostile_clear(frame, 235);
  for (int y = 12; y < frame->h; y += (grid.side + 6) * module) {
    for (int x = 12; x < frame->w; x += (grid.side + 6) * module) qr_forge_draw(frame, &grid, x, y, module);
  }
}

/* Sound symbols, whose bits are any: unknown modes, lengths past the end, half a character. */
static inline void hostile_nonsense(const struct frame *frame, uint32_t seed) {
  static struct qr_bits bits;
  hostile_clear(frame, 235);
  for (int y = 12; y < frame->h; y += 3 * 44) {
    for (int x = 12; x < frame->w; x += 3 * 44) {
      memset(&bits, 0, sizeof bits);
      for (int i = 0; i < 80; i++) bits.byte[i] = (uint8_t)(hostile_next(&seed) >> 8);
      bits.count = 80 * 8;
      hostile_symbol(frame, 4, &bits, x, y, 3);
    }
  }
}

static const struct hostile hostile_pictures[] = {
    {"flat", hostile_flat},       {"noise", hostile_noise},   {"grain", hostile_grain},     {"blocks", hostile_blocks},
    {"wall 1", hostile_wall_1},   {"wall 2", hostile_wall_2}, {"wall 5", hostile_wall_5},   {"finders", hostile_finders},
    {"triples", hostile_triples}, {"board", hostile_board},   {"stripes", hostile_stripes}, {"bars", hostile_bars},
    {"text", hostile_text},       {"codes", hostile_codes},   {"broken", hostile_broken},   {"nonsense", hostile_nonsense},
};

enum { HOSTILE_PICTURES = sizeof hostile_pictures / sizeof *hostile_pictures };

#endif
