/* SPDX-License-Identifier: Apache-2.0
 * How often one client may ask for something: a bucket of tokens each, found by the hash of its name. Two whose
 * names fall together share one. Any thread.
 */
#ifndef YINGBIN_TOOLS_HUB_LIMIT_H
#define YINGBIN_TOOLS_HUB_LIMIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMIT_BUCKETS = 4096, LIMIT_BURST_S = 4 /* so many seconds' worth may come at once */ };

struct limit {
  pthread_mutex_t lock;
  uint8_t key[16]; /* of the hash: nobody can choose whom to share with */
  int every_ms, burst_ms;
  struct limit_bucket {
    int64_t full_ms; /* when it is full again; before, that much is missing */
  } bucket[LIMIT_BUCKETS];
};

void limit_init(struct limit *limit, int rate);
void limit_init_every(struct limit *limit, int every_ms, int at_once); /* for what is rarer than once a second */
void limit_fini(struct limit *limit);
bool limit_take(struct limit *limit, const void *name, size_t len, int64_t now_ms);

#endif
