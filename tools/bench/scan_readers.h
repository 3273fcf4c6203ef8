/* SPDX-License-Identifier: Apache-2.0
 * The readers that `yingbin-bench scan` compares on the same frames: our ladder at both efforts, zbar
 * alone and zxing-cpp alone. One thread. What a reader found is a list of byte
 * strings, each once.
 */
#ifndef YINGBIN_TOOLS_BENCH_SCAN_READERS_H
#define YINGBIN_TOOLS_BENCH_SCAN_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reader { READER_FULL, READER_LIVE, READER_ZBAR, READER_ZXING, READERS };

enum { FOUND_MAX = 32, STEPS_MAX = 32 };

struct found {
  int count;
  struct found_text {
    uint8_t *bytes; /* owned */
    size_t len;
    int step; /* of our ladder; -1: another reader */
  } text[FOUND_MAX];
  uint32_t tried; /* bit i: step i of our ladder ran */
  double cpu_ms;
};

struct readers; /* owned */
struct frame;

struct readers *readers_open(void); /* NULL: no memory */
void readers_close(struct readers *readers);
const char *reader_name(enum reader reader);

/* Reads one frame, whose rows must have no padding, and takes the CPU time. Live reads as the frame comes: what the
 * ladder keeps from frame to frame counts. */
void reader_read(struct readers *readers, enum reader reader, const struct frame *frame, struct found *found);

/* Our ladder as it is before any frame with a code: opened anew, then shown an even grey of this size. */
bool readers_forget(struct readers *readers, enum reader reader, int w, int h);

void found_free(struct found *found);
bool found_has(const struct found *found, const void *bytes, size_t len);

#endif
