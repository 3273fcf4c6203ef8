/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/waiters.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/hub/clock.h"

enum { LOOK_MS = 1000, REST_LEAST_MS = 100, REST_MOST_MS = 1000, LEAVE_MS = 3000 };

struct watched_event {
  char id[ID_MAX];
  int64_t head;    /* up to here its waiters were told */
  bool kept, told; /* somebody still waits for it; they were woken once */
  struct watched_event *next;
};

struct waiters {
  const struct store_ops *store;
  void *db;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t rung;
  bool pushed, stopping, started;
  struct waiter *first;
  struct watched_event *events; /* of the thread alone */
};

/* With the lock. */
static void wake(struct waiter *one) {
  one->woken = true;
  if (one->asleep) MHD_resume_connection(one->connection);
  one->asleep = false;
}

static int wake_event(struct waiters *w, const char *event) {
  int count = 0;
  pthread_mutex_lock(&w->lock);
  for (struct waiter *one = w->first; one; one = one->next)
    if (!strcmp(one->event, event)) wake(one), count++;
  pthread_mutex_unlock(&w->lock);
  return count;
}

/* --- what the thread does --- */

static struct watched_event *event_of(struct waiters *w, const char *id) {
  struct watched_event *e = w->events;
  while (e && strcmp(e->id, id) != 0) e = e->next;
  if (e || !(e = calloc(1, sizeof *e))) return e;
  snprintf(e->id, sizeof e->id, "%s", id);
  e->next = w->events;
  return w->events = e;
}

/* The events that somebody waits for, and no others; whose time is over is woken. */
static void take_events(struct waiters *w) {
  const int64_t now = clock_ms(CLOCK_MONOTONIC);
  for (struct watched_event *e = w->events; e; e = e->next) e->kept = false;
  pthread_mutex_lock(&w->lock);
  for (struct waiter *one = w->first; one; one = one->next) {
    struct watched_event *e = event_of(w, one->event);
    if (e && !e->told && e->head < one->after) e->head = one->after;
    if (e) e->kept = true;
    if (one->asleep && now >= one->until_ms) wake(one);
  }
  pthread_mutex_unlock(&w->lock);
  for (struct watched_event **at = &w->events; *at;) {
    struct watched_event *e = *at;
    if (e->kept) {
      at = &e->next;
    } else {
      *at = e->next;
      free(e);
    }
  }
}

struct look {
  int64_t head;
  int count;
};

static bool see(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  struct look *l = self;
  (void)kiosk, (void)line, (void)len;
  l->head = cursor;
  l->count++;
  return true;
}

/* Everybody is woken at first: who of them has less than the others isn't known. */
static bool has_news(struct waiters *w, struct watched_event *e) {
  bool any = !e->told;
  struct look l = {.head = e->head};
  do {
    l.count = 0;
    if (w->store->feed(w->db, e->id, "", l.head, see, &l) != STORE_DONE) return false;
    any = any || l.count > 0;
  } while (l.count > STORE_FEED_MOST);
  e->head = l.head;
  e->told = true;
  return any;
}

static int look(struct waiters *w) {
  int woken = 0;
  take_events(w);
  for (struct watched_event *e = w->events; e; e = e->next)
    if (has_news(w, e)) woken += wake_event(w, e->id);
  return woken;
}

/* With the lock. */
static void rest(struct waiters *w, int64_t ms, bool wakeful) {
  const int64_t until = clock_ms(CLOCK_MONOTONIC) + ms;
  const struct timespec t = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
  while (!w->stopping && !(wakeful && w->pushed) && pthread_cond_timedwait(&w->rung, &w->lock, &t) != ETIMEDOUT) {
  }
}

static void *run(void *self) {
  struct waiters *w = self;
  pthread_mutex_lock(&w->lock);
  while (!w->stopping) {
    w->pushed = false;
    pthread_mutex_unlock(&w->lock);
    const int woken = look(w);
    pthread_mutex_lock(&w->lock);
    if (woken) rest(w, woken < REST_LEAST_MS ? REST_LEAST_MS : woken < REST_MOST_MS ? woken : REST_MOST_MS, false);
    rest(w, LOOK_MS, true);
  }
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

/* --- */

bool waiters_open(const struct store_ops *store, void *db, struct waiters **waiters, struct problem *problem) {
  pthread_condattr_t monotonic;
  struct waiters *w = *waiters = calloc(1, sizeof *w);
  if (!w) return problem_set(problem, "内存不足", "out of memory");
  w->store = store;
  w->db = db;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&w->rung, &monotonic);
  pthread_condattr_destroy(&monotonic);
  pthread_mutex_init(&w->lock, NULL);
  w->started = pthread_create(&w->thread, NULL, run, w) == 0;
  return w->started || problem_set(problem, "无法启动线程", "a thread can't be started");
}

void waiters_stop(struct waiters *w) {
  if (!w) return;
  pthread_mutex_lock(&w->lock);
  w->stopping = true;
  for (struct waiter *one = w->first; one; one = one->next) wake(one);
  pthread_cond_signal(&w->rung);
  pthread_mutex_unlock(&w->lock);
  if (w->started) pthread_join(w->thread, NULL);
  w->started = false;
  const int64_t until = clock_ms(CLOCK_MONOTONIC) + LEAVE_MS; /* they are answered, where that goes at all */
  const struct timespec t = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
  pthread_mutex_lock(&w->lock);
  while (w->first && pthread_cond_timedwait(&w->rung, &w->lock, &t) != ETIMEDOUT) {
  }
  pthread_mutex_unlock(&w->lock);
}

void waiters_close(struct waiters *w) {
  if (!w) return;
  for (struct watched_event *e = w->events, *next; e; e = next) {
    next = e->next;
    free(e);
  }
  pthread_cond_destroy(&w->rung);
  pthread_mutex_destroy(&w->lock);
  free(w);
}

void waiters_pushed(struct waiters *w) {
  pthread_mutex_lock(&w->lock);
  w->pushed = true;
  if (w->first) pthread_cond_signal(&w->rung);
  pthread_mutex_unlock(&w->lock);
}

void waiters_join(struct waiters *w, struct waiter *one) {
  pthread_mutex_lock(&w->lock);
  for (struct waiter *other = w->first; other; other = other->next)
    if (!strcmp(other->kiosk, one->kiosk)) other->over = true, wake(other);
  one->joined = true;
  one->next = w->first;
  if (one->next) one->next->before = one;
  w->first = one;
  pthread_mutex_unlock(&w->lock);
}

bool waiters_sleep(struct waiters *w, struct waiter *one, bool *over) {
  pthread_mutex_lock(&w->lock);
  one->over = one->over || w->stopping || clock_ms(CLOCK_MONOTONIC) >= one->until_ms;
  one->asleep = !one->over && !one->woken;
  one->woken = false;
  if (one->asleep) MHD_suspend_connection(one->connection);
  const bool asleep = one->asleep;
  *over = one->over;
  pthread_mutex_unlock(&w->lock);
  return asleep;
}

void waiters_leave(struct waiters *w, struct waiter *one) {
  if (!one->joined) return;
  pthread_mutex_lock(&w->lock);
  *(one->before ? &one->before->next : &w->first) = one->next;
  if (one->next) one->next->before = one->before;
  pthread_cond_signal(&w->rung);
  pthread_mutex_unlock(&w->lock);
  one->joined = false;
}
