/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bell.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

bool bell_init(struct bell *b) {
  b->also = -1;
  b->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return b->fd >= 0;
}

void bell_fini(struct bell *b) {
  if (!b || b->fd < 0) return;
  close(b->fd);
  b->fd = -1;
}

void bell_ring(struct bell *b) {
  int error = errno; /* it may be called by a signal handler */
  uint64_t one = 1;
  ssize_t n;
  do n = write(b->fd, &one, sizeof(one));
  while (n < 0 && errno == EINTR);
  assert(n == sizeof(one) || errno == EAGAIN); /* EAGAIN: rung 2^64 - 2 times, so it rings already */
  errno = error;
}

void bell_clear(struct bell *b) {
  uint64_t rings;
  ssize_t n;
  do n = read(b->fd, &rings, sizeof(rings));
  while (n < 0 && errno == EINTR);
  assert(n == sizeof(rings) || errno == EAGAIN);
}

static int64_t mono_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool bell_wait(struct bell *b, int64_t timeout_ms) {
  struct pollfd p[2] = {{.fd = b->fd, .events = POLLIN}, {.fd = b->also, .events = POLLIN}};
  int64_t start = timeout_ms > 0 ? mono_ms() : 0, left = timeout_ms;
  for (;;) {
    struct timespec wait = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
    int n = ppoll(p, 2, timeout_ms < 0 ? NULL : &wait, NULL);
    if (n > 0) break;
    if (n == 0) return false;
    assert(errno == EINTR);
    if (timeout_ms > 0) {
      left = timeout_ms - (mono_ms() - start);
      if (left < 0) left = 0;
    }
  }
  bell_clear(b);
  return true;
}
