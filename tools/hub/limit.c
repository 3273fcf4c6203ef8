/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/limit.h"

#include <sodium.h>
#include <string.h>

void limit_init(struct limit *limit, int rate) {
  memset(limit, 0, sizeof *limit);
  pthread_mutex_init(&limit->lock, NULL);
  crypto_shorthash_keygen(limit->key);
  limit->rate = rate;
}

void limit_fini(struct limit *limit) { pthread_mutex_destroy(&limit->lock); }

bool limit_take(struct limit *limit, const void *name, size_t len, int64_t now_ms) {
  uint8_t hash[8];
  uint32_t at;
  crypto_shorthash(hash, name, len, limit->key);
  memcpy(&at, hash, sizeof at);
  struct limit_bucket *b = &limit->bucket[at % LIMIT_BUCKETS];
  pthread_mutex_lock(&limit->lock);
  const int64_t from = b->full_ms > now_ms ? b->full_ms : now_ms, then = from + 1000 / limit->rate;
  const bool good = then - now_ms <= LIMIT_BURST_S * 1000;
  if (good) b->full_ms = then;
  pthread_mutex_unlock(&limit->lock);
  return good;
}
