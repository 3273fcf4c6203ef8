/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/bodies.h"

#include <stdlib.h>

void bodies_init(struct bodies *b) {
  *b = (struct bodies){.left = BODIES_BYTES};
  pthread_mutex_init(&b->lock, NULL);
}

void bodies_fini(struct bodies *b) { pthread_mutex_destroy(&b->lock); }

/* With the lock, as what follows: those who fit now, in their order. */
static void let_in(struct bodies *b) {
  while (b->first && (b->stopping || b->first->claim <= b->left)) {
    struct body *one = b->first;
    b->first = one->next;
    b->left -= one->claim;
    one->waits = false;
    MHD_resume_connection(one->connection);
  }
}

static void join(struct bodies *b, struct body *one) {
  one->waits = true;
  one->next = NULL;
  *(b->first ? &b->last->next : &b->first) = one;
  b->last = one;
  MHD_suspend_connection(one->connection);
}

static void leave(struct bodies *b, struct body *one) {
  struct body **at = &b->first, *before = NULL;
  while (*at != one) before = *at, at = &before->next;
  *at = one->next;
  if (b->last == one) b->last = before;
}

static void claim(struct bodies *b, struct body *one, struct MHD_Connection *connection, size_t size) {
  pthread_mutex_lock(&b->lock);
  if (!one->claim) {
    one->claim = (int64_t)size;
    one->connection = connection;
    if (!b->stopping && (b->first || one->claim > b->left))
      join(b, one);
    else
      b->left -= one->claim;
  }
  pthread_mutex_unlock(&b->lock);
}

static bool waits(struct bodies *b, const struct body *one) {
  pthread_mutex_lock(&b->lock);
  const bool yes = one->waits;
  pthread_mutex_unlock(&b->lock);
  return yes;
}

enum bodies_room bodies_room(struct bodies *b, struct body *one, struct MHD_Connection *connection, size_t size) {
  if (one->bytes) return BODY_HAS_ROOM;
  if (size > BODY_SMALL) claim(b, one, connection, size);
  if (waits(b, one)) return BODY_WAITS;
  one->bytes = malloc(size);
  one->room = size;
  return one->bytes ? BODY_HAS_ROOM : BODY_NO_MEMORY;
}

void bodies_free(struct bodies *b, struct body *one) {
  pthread_mutex_lock(&b->lock);
  if (one->waits)
    leave(b, one);
  else
    b->left += one->claim;
  let_in(b);
  pthread_mutex_unlock(&b->lock);
  free(one->bytes);
  *one = (struct body){.bytes = NULL};
}

void bodies_stop(struct bodies *b) {
  pthread_mutex_lock(&b->lock);
  b->stopping = true;
  let_in(b);
  pthread_mutex_unlock(&b->lock);
}
