/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mailbox.h"

#include <assert.h>
#include <string.h>

void mailbox_init(struct mailbox *m, void *storage, size_t size, size_t slots, struct bell *bell) {
  assert(size > 0 && slots > 0);
  *m = (struct mailbox){.bell = bell, .storage = storage, .size = size, .slots = slots};
  pthread_mutex_init(&m->lock, NULL);
  pthread_cond_init(&m->room, NULL);
}

void mailbox_fini(struct mailbox *m) {
  pthread_cond_destroy(&m->room);
  pthread_mutex_destroy(&m->lock);
}

static void append(struct mailbox *m, const void *value) {
  memcpy(m->storage + (m->first + m->count) % m->slots * m->size, value, m->size);
  m->count++;
}

static bool put(struct mailbox *m, const void *value, bool wait) {
  pthread_mutex_lock(&m->lock);
  while (wait && !m->closed && m->count == m->slots) pthread_cond_wait(&m->room, &m->lock);
  bool fits = !m->closed && m->count < m->slots;
  if (fits)
    append(m, value);
  else
    m->dropped++;
  pthread_mutex_unlock(&m->lock);
  if (fits && m->bell) bell_ring(m->bell);
  return fits;
}

bool mailbox_put(struct mailbox *m, const void *value) { return put(m, value, false); }

bool mailbox_put_wait(struct mailbox *m, const void *value) { return put(m, value, true); }

bool mailbox_front(struct mailbox *m, void *value) {
  pthread_mutex_lock(&m->lock);
  bool any = m->count > 0;
  if (any) memcpy(value, m->storage + m->first * m->size, m->size);
  pthread_mutex_unlock(&m->lock);
  return any;
}

void mailbox_pop(struct mailbox *m) {
  pthread_mutex_lock(&m->lock);
  assert(m->count > 0);
  explicit_bzero(m->storage + m->first * m->size, m->size); /* codes and cards are secrets */
  m->first = (m->first + 1) % m->slots;
  m->count--;
  pthread_cond_broadcast(&m->room); /* who waits for room and who waits for the end wait on the same condition */
  pthread_mutex_unlock(&m->lock);
}

bool mailbox_empty(struct mailbox *m) {
  pthread_mutex_lock(&m->lock);
  bool empty = m->count == 0;
  pthread_mutex_unlock(&m->lock);
  return empty;
}

uint64_t mailbox_dropped(struct mailbox *m) {
  pthread_mutex_lock(&m->lock);
  uint64_t dropped = m->dropped;
  pthread_mutex_unlock(&m->lock);
  return dropped;
}

void mailbox_drain_wait(struct mailbox *m) {
  pthread_mutex_lock(&m->lock);
  while (m->count > 0 && !m->closed) pthread_cond_wait(&m->room, &m->lock);
  pthread_mutex_unlock(&m->lock);
}

void mailbox_close(struct mailbox *m) {
  pthread_mutex_lock(&m->lock);
  m->closed = true;
  pthread_cond_broadcast(&m->room);
  pthread_mutex_unlock(&m->lock);
  if (m->bell) bell_ring(m->bell);
}
