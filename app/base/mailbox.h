/* SPDX-License-Identifier: Apache-2.0
 * A mailbox carries flat values between threads: a ring of `slots` values of `size` bytes in the
 * caller's storage. Any number of senders, one receiver, which is woken by the bell given.
 * Nothing is allocated after mailbox_init.
 *
 * The receiver looks at the oldest value with mailbox_front and takes it away with mailbox_pop only
 * when the work on it is done: until then it stands, so a value taken is a value dealt with.
 */
#ifndef YINGBIN_BASE_MAILBOX_H
#define YINGBIN_BASE_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bell.h"

struct mailbox {
  pthread_mutex_t lock;
  pthread_cond_t room; /* signalled by mailbox_pop and mailbox_close */
  struct bell *bell;   /* borrowed: the receiver's */
  unsigned char *storage; /* borrowed */
  size_t size, slots, first, count;
  uint64_t dropped; /* by mailbox_put on a full box */
  bool closed;
};

void mailbox_init(struct mailbox *m, void *storage, size_t size, size_t slots, struct bell *bell);
void mailbox_fini(struct mailbox *m);

bool mailbox_put(struct mailbox *m, const void *value);      /* full or closed: false, counted */
bool mailbox_put_wait(struct mailbox *m, const void *value); /* waits for room; false: closed */
bool mailbox_front(struct mailbox *m, void *value);          /* copies the oldest; false: empty */
void mailbox_pop(struct mailbox *m);                         /* and wipes its slot */
bool mailbox_empty(struct mailbox *m);
uint64_t mailbox_dropped(struct mailbox *m);
void mailbox_drain_wait(struct mailbox *m); /* waits until it is empty or closed */
void mailbox_close(struct mailbox *m); /* wakes waiting senders; what is inside can still be taken */

#endif
