/* SPDX-License-Identifier: Apache-2.0
 * A bell wakes one thread: an eventfd that any thread (or signal handler) rings and its owner waits
 * on, alone or in a poll(2) beside other descriptors. Rings before the wait are kept, not counted.
 */
#ifndef YINGBIN_BASE_BELL_H
#define YINGBIN_BASE_BELL_H

#include <stdbool.h>
#include <stdint.h>

struct bell {
  int fd;   /* eventfd, non-blocking; poll it for POLLIN */
  int also; /* borrowed: bell_wait ends when this one can be read, too; the owner's to set, -1: none */
};

bool bell_init(struct bell *b); /* false: no descriptor left */
void bell_fini(struct bell *b);
void bell_ring(struct bell *b); /* async-signal-safe */
void bell_clear(struct bell *b);

/* Waits for a ring, at most timeout_ms (negative: for ever), and clears it. True if it rang, or `also` can be read. */
bool bell_wait(struct bell *b, int64_t timeout_ms);

#endif
