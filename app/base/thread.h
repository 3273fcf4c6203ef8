/* SPDX-License-Identifier: Apache-2.0
 * A service's thread: calls step(self, now) again and again until told to stop. A step does all
 * that is due and returns when it wants to be called next (mono_ms; INT64_MAX: when rung).
 * The thread beats: thread_beat tells the watchdog when it last came round.
 */
#ifndef YINGBIN_BASE_THREAD_H
#define YINGBIN_BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bell.h"
#include "base/moment.h"

struct thread {
  pthread_t id;
  const char *name; /* borrowed, at most 15 characters */
  int64_t (*step)(void *self, struct moment now);
  void *self;
  struct bell *bell; /* borrowed: rung to wake the thread */
  struct moment (*now)(void *clock); /* where `now` comes from */
  void *clock;       /* borrowed */
  atomic_bool stop, ended;
  atomic_llong beat_ms; /* CLOCK_BOOTTIME, ms */
  bool started;
};

bool thread_start(struct thread *t); /* fields above `stop` set by the caller; signals blocked inside */
void thread_stop(struct thread *t);  /* asks and rings; returns at once */
bool thread_ended(const struct thread *t); /* joining it waits for nothing; true of one that never started */
void thread_join(struct thread *t);  /* accepts one that never started */
int64_t thread_beat(const struct thread *t);

#endif
