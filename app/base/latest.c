/* SPDX-License-Identifier: Apache-2.0 */
#include "base/latest.h"

#include <string.h>

void latest_init(struct latest *l, void *storage, size_t size, struct bell *bell) {
  *l = (struct latest){.bell = bell, .storage = storage, .size = size};
  pthread_mutex_init(&l->lock, NULL);
}

void latest_fini(struct latest *l) { pthread_mutex_destroy(&l->lock); }

void latest_set(struct latest *l, const void *value) {
  pthread_mutex_lock(&l->lock);
  memcpy(l->storage, value, l->size);
  l->version++;
  pthread_mutex_unlock(&l->lock);
  if (l->bell) bell_ring(l->bell);
}

bool latest_get(struct latest *l, void *value, uint64_t *seen) {
  pthread_mutex_lock(&l->lock);
  bool fresh = l->version != *seen;
  if (fresh) {
    memcpy(value, l->storage, l->size);
    *seen = l->version;
  }
  pthread_mutex_unlock(&l->lock);
  return fresh;
}
