/* SPDX-License-Identifier: Apache-2.0 */
#include "core/seen.h"

static uint64_t fnv1a(const uint8_t *bytes, size_t len) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < len; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
  return hash;
}

void seen_init(struct seen *s, int64_t quiet_ms) {
  s->quiet_ms = quiet_ms;
  for (int i = 0; i < SEEN_SLOTS; i++) {
    s->slot[i].digest = 0;
    s->slot[i].len = SIZE_MAX; /* no payload is that long */
    s->slot[i].last_ms = INT64_MIN / 2;
    s->slot[i].retry_ms = INT64_MAX;
  }
}

/* The slot of that payload, or the oldest one. */
static int find(const struct seen *s, uint64_t digest, size_t len) {
  int oldest = 0;
  for (int i = 0; i < SEEN_SLOTS; i++) {
    if (s->slot[i].digest == digest && s->slot[i].len == len) return i;
    if (s->slot[i].last_ms < s->slot[oldest].last_ms) oldest = i;
  }
  return oldest;
}

bool seen_again(struct seen *s, const uint8_t *bytes, size_t len, int64_t mono_ms) {
  uint64_t digest = fnv1a(bytes, len);
  int i = find(s, digest, len);
  bool known = s->slot[i].digest == digest && s->slot[i].len == len;
  bool again = known && mono_ms - s->slot[i].last_ms < s->quiet_ms && mono_ms < s->slot[i].retry_ms;
  s->slot[i].digest = digest;
  s->slot[i].len = len;
  s->slot[i].last_ms = mono_ms;
  if (!again) s->slot[i].retry_ms = INT64_MAX;
  return again;
}

void seen_retry(struct seen *s, const uint8_t *bytes, size_t len, int64_t mono_ms, int64_t after_ms) {
  uint64_t digest = fnv1a(bytes, len);
  int i = find(s, digest, len);
  s->slot[i].digest = digest;
  s->slot[i].len = len;
  s->slot[i].last_ms = mono_ms;
  s->slot[i].retry_ms = mono_ms + after_ms;
}
