/* SPDX-License-Identifier: Apache-2.0 */
#include "base/thread.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

enum { BEAT_MS = 1000 }; /* an idle thread shows this often that it lives */

static void beat(struct thread *t) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  atomic_store(&t->beat_ms, (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* Sleeps until rung or until `deadline` by the thread's own clock, which need not run like ours. */
static void rest(struct thread *t, int64_t deadline) {
  while (!atomic_load(&t->stop)) {
    beat(t);
    int64_t now = t->now(t->clock).mono_ms;
    if (deadline <= now) {
      bell_clear(t->bell); /* the step to come deals with what was rung for */
      return;
    }
    if (bell_wait(t->bell, deadline - now < BEAT_MS ? deadline - now : BEAT_MS)) return;
  }
}

static void *run(void *arg) {
  struct thread *t = arg;
  pthread_setname_np(pthread_self(), t->name);
  while (!atomic_load(&t->stop)) {
    beat(t);
    rest(t, t->step(t->self, t->now(t->clock)));
  }
  atomic_store(&t->ended, true);
  return NULL;
}

bool thread_start(struct thread *t) {
  assert(t->step && t->now && t->bell && strlen(t->name) < 16 && !t->started);
  atomic_store(&t->stop, false);
  atomic_store(&t->ended, false);
  beat(t);
  sigset_t all, before; /* signals belong to the main thread */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&t->id, NULL, run, t);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  t->started = error == 0;
  if (error) log_error("thread %s: can't start: %s", t->name, strerror(error));
  return t->started;
}

void thread_stop(struct thread *t) {
  if (!t || !t->started) return;
  atomic_store(&t->stop, true);
  bell_ring(t->bell);
}

bool thread_ended(const struct thread *t) { return !t->started || atomic_load(&t->ended); }

void thread_join(struct thread *t) {
  if (!t || !t->started) return;
  pthread_join(t->id, NULL);
  t->started = false;
}

int64_t thread_beat(const struct thread *t) { return atomic_load(&t->beat_ms); }
