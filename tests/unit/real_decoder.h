/* SPDX-License-Identifier: Apache-2.0
 * For tests before the real yingbin-decoder: one of it, and what it read. Builds with sanitizers run it unfiltered.
 */
#ifndef YINGBIN_TESTS_UNIT_REAL_DECODER_H
#define YINGBIN_TESTS_UNIT_REAL_DECODER_H

#include "watch/decoder_proc.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static struct decoder_proc decoder;
static struct scan_result result;

static inline enum decoder_event next_event(void) {
  for (;;) {
    enum decoder_event event = decoder_proc_event(&decoder, &result);
    if (event != DECODER_NOTHING) return event;
    struct pollfd polls[DECODER_POLLS];
    decoder_proc_polls(&decoder, polls);
    assert_true(poll(polls, DECODER_POLLS, -1) > 0);
  }
}

static inline bool decoder_start(void) {
  return next_event() == DECODER_RESTED && decoder_proc_start(&decoder, BIN_DIR "/yingbin-decoder", SANITIZED) &&
         next_event() == DECODER_UP;
}

#endif
