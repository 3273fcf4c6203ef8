/* SPDX-License-Identifier: Apache-2.0 */
#include "core/backoff.h"

/* splitmix64, by Sebastiano Vigna. */
static uint64_t draw(uint64_t *seed) {
  uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

int64_t backoff_next(struct backoff *b) {
  int64_t whole = BACKOFF_FIRST_MS;
  for (int i = 0; i < b->failures && whole < BACKOFF_MOST_MS; i++) whole *= 2;
  if (whole > BACKOFF_MOST_MS) whole = BACKOFF_MOST_MS;
  if (b->failures < INT32_MAX) b->failures++;
  return whole / 2 + (int64_t)(draw(&b->seed) % (uint64_t)(whole / 2 + 1));
}

void backoff_reset(struct backoff *b) { b->failures = 0; }
