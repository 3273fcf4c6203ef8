/* SPDX-License-Identifier: Apache-2.0
 * The latest value of something that changes often and where only the newest counts (a mirror
 * picture, a health record): the sender overwrites, the receiver takes what is there now.
 * Any number of senders and receivers; nothing is allocated.
 */
#ifndef YINGBIN_BASE_LATEST_H
#define YINGBIN_BASE_LATEST_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bell.h"

struct latest {
  pthread_mutex_t lock;
  struct bell *bell; /* borrowed; may be NULL: nobody is woken */
  void *storage;     /* borrowed, one value */
  size_t size;
  uint64_t version; /* 0: nothing was set yet */
};

void latest_init(struct latest *l, void *storage, size_t size, struct bell *bell);
void latest_fini(struct latest *l);
void latest_set(struct latest *l, const void *value);

/* Copies the value if its version differs from *seen, and sets *seen. False: nothing new. */
bool latest_get(struct latest *l, void *value, uint64_t *seen);

#endif
