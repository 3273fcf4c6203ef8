/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/web.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

enum { STEP_MS = 1000, BEAT_S = 10 /* how often a stream is asked though nothing has changed */ };
enum { LOOKS_EVERY_MS = 1000, LOOKS_AT_ONCE = 20 };
enum { TRIES_EVERY_MS = 5000, TRIES_AT_ONCE = 6, ALL_TRIES_EVERY_MS = 250, ALL_TRIES_AT_ONCE = 20 };

/* True: go on. */
static bool wait_a_step(struct web *w) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += STEP_MS / 1000;
  pthread_mutex_lock(&w->lock);
  int got = 0;
  while (!w->stop && got == 0) got = pthread_cond_timedwait(&w->ended, &w->lock, &until);
  const bool more = !w->stop;
  pthread_mutex_unlock(&w->lock);
  return more;
}

static void *run(void *self) {
  struct web *w = self;
  for (int quiet = 1; wait_a_step(w); quiet++) {
    const bool news = atomic_load(&w->wanted) && roll_step(w->roll, w->hub->store, w->hub->db);
    if (!news && quiet < BEAT_S) continue;
    w->wake(w->wake_self);
    quiet = 0;
  }
  return NULL;
}

static void tell_people(const struct web *w) {
  if (*w->roster) log_info("%d people on the rosters of %s", w->names->merged.people, w->roster);
}

bool web_open(struct hub *hub, const char *assets, const char *roster, struct web **web, struct problem *problem) {
  char folder[PATH_MAX];
  pthread_condattr_t attributes;
  struct web *w = calloc(1, sizeof *w);
  if (!w) return problem_set(problem, "内存不足", "out of memory");
  w->hub = hub;
  pthread_mutex_init(&w->lock, NULL);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&w->ended, &attributes);
  pthread_condattr_destroy(&attributes);
  limit_init_every(&w->by_name, TRIES_EVERY_MS, TRIES_AT_ONCE);
  limit_init_every(&w->by_address, TRIES_EVERY_MS, TRIES_AT_ONCE);
  limit_init_every(&w->looks, LOOKS_EVERY_MS, LOOKS_AT_ONCE);
  limit_init_every(&w->all, ALL_TRIES_EVERY_MS, ALL_TRIES_AT_ONCE);
  *web = w;
  snprintf(folder, sizeof folder, "%.*s/web", PATH_MAX - 8, assets);
  w->roster = roster;
  if (!web_files_read(w, folder, problem) || !names_open(roster, &w->names, problem)) return false;
  w->roll = roll_new(w->names);
  tell_people(w);
  return w->roll || problem_set(problem, "内存不足", "out of memory");
}

bool web_start(struct web *w, void (*wake)(void *self), void *self, struct problem *problem) {
  w->wake = wake;
  w->wake_self = self;
  w->started = pthread_create(&w->thread, NULL, run, w) == 0;
  return w->started || problem_set(problem, "线程启动不了", "a thread can't be started");
}

void web_look(struct web *w, bool anyway) {
  struct names *names, *old = w->names;
  struct problem problem;
  if (!*w->roster || (!names_changed(old, w->roster) && !anyway)) return;
  if (!names_open(w->roster, &names, &problem)) {
    log_warn("the rosters stay as they were read before: %s", problem.en);
    return;
  }
  roll_rename(w->roll, names);
  w->names = names;
  names_close(old);
  tell_people(w);
  w->wake(w->wake_self);
}

void web_stop(struct web *w) {
  if (!w || !w->started) return;
  pthread_mutex_lock(&w->lock);
  w->stop = true;
  pthread_cond_signal(&w->ended);
  pthread_mutex_unlock(&w->lock);
  pthread_join(w->thread, NULL);
  w->started = false;
}

void web_close(struct web *w) {
  if (!w) return;
  roll_free(w->roll);
  names_close(w->names);
  for (int i = 0; i < w->files; i++) free(w->file[i].bytes);
  limit_fini(&w->by_name);
  limit_fini(&w->by_address);
  limit_fini(&w->looks);
  limit_fini(&w->all);
  pthread_cond_destroy(&w->ended);
  pthread_mutex_destroy(&w->lock);
  free(w);
}
