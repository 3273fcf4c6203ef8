/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/limit.h"

#include <sodium.h>
#include <string.h>

void limit_init(struct limit *limit, int rate) { limit_init_every(limit, 1000 / rate, LIMIT_BURST_S * rate); }

void limit_init_every(struct limit *limit, int every_ms, int at_once) {
  memset(limit, 0, sizeof *limit);
  pthread_mutex_init(&limit->lock, NULL);
  crypto_shorthash_keygen(limit->key);
  limit->every_ms = every_ms;
  limit->burst_ms = every_ms * at_once;
}

void limit_fini(struct limit *limit) { pthread_mutex_destroy(&limit->lock); }

bool limit_take(struct limit *limit, const void *name, size_t len, int64_t now_ms) {
  uint8_t hash[8];
  uint32_t at;
  crypto_shorthash(hash, name, len, limit->key);
  memcpy(&at, hash, sizeof at);
  struct limit_bucket *b = &limit->bucket[at % LIMIT_BUCKETS];
  pthread_mutex_lock(&limit->lock);
  const int64_t from = b->full_ms > now_ms ? b->full_ms : now_ms, then = from + limit->every_ms;
  const bool good = then - now_ms <= limit->burst_ms;
  if (good) b->full_ms = then;
  pthread_mutex_unlock(&limit->lock);
  return good;
}
