/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/waiters.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/hub/clock.h"

enum {
  LOOK_MS = 1000,
  REST_LEAST_MS = 20,
  REST_MOST_MS = 1000,
  REST_OF = 2,         /* who are woken, for each ms of rest: what they ask takes a few tenths of that */
  FRESH_MS = 3000,     /* a tail that was read longer ago tells nothing */
  KEEP_MS = 60 * 1000, /* of an event that nobody waits for */
  LEAVE_MS = 3000
};

struct watched_event {
  char id[ID_MAX];
  struct tail tail;           /* up to its head they were told */
  int64_t read_ms, wanted_ms; /* it had all of the store's then; somebody waited then */
  bool told;                  /* they were woken once */
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
  struct watched_event *events; /* owned; the thread changes them, under the lock, and reads them without */
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

/* With the lock. NULL: nobody waited for it. */
static struct watched_event *find_event(const struct waiters *w, const char *id) {
  struct watched_event *e = w->events;
  while (e && strcmp(e->id, id) != 0) e = e->next;
  return e;
}

static struct watched_event *event_of(struct waiters *w, const char *id) {
  struct watched_event *e = find_event(w, id);
  if (e || !(e = calloc(1, sizeof *e))) return e;
  snprintf(e->id, sizeof e->id, "%s", id);
  e->next = w->events;
  return w->events = e;
}

static void free_event(struct watched_event *e) {
  tail_begin(&e->tail, 0);
  free(e);
}

/* The events that somebody waits for, and no others for long. A tail begins where the one who has most goes on. */
static void take_events(struct waiters *w) {
  const int64_t now = clock_ms(CLOCK_MONOTONIC);
  pthread_mutex_lock(&w->lock);
  for (struct waiter *one = w->first; one; one = one->next) {
    struct watched_event *e = event_of(w, one->event);
    if (e && !e->told && e->tail.head < one->after) tail_begin(&e->tail, one->after);
    if (e) e->wanted_ms = now;
  }
  for (struct watched_event **at = &w->events; *at;) {
    struct watched_event *e = *at;
    if (now - e->wanted_ms < KEEP_MS) {
      at = &e->next;
    } else {
      *at = e->next;
      free_event(e);
    }
  }
  pthread_mutex_unlock(&w->lock);
}

struct look {
  struct waiters *w;
  struct watched_event *event;
  int count;
};

static bool see(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  struct look *l = self;
  size_t text_len = 0;
  char *text = page_record(kiosk, line, len, &text_len);
  pthread_mutex_lock(&l->w->lock);
  tail_add(&l->event->tail, cursor, kiosk, text, text_len);
  pthread_mutex_unlock(&l->w->lock);
  free(text);
  l->count++;
  return true;
}

/* Everybody is woken at first: who of them has less than the others isn't known. */
static bool has_news(struct waiters *w, struct watched_event *e) {
  const int64_t began_ms = clock_ms(CLOCK_MONOTONIC);
  bool any = !e->told;
  struct look l = {.w = w, .event = e};
  do {
    l.count = 0;
    if (w->store->feed(w->db, e->id, "", e->tail.head, see, &l) != STORE_DONE) return false;
    any = any || l.count > 0;
  } while (l.count > STORE_FEED_MOST);
  pthread_mutex_lock(&w->lock);
  e->read_ms = began_ms;
  e->told = true;
  pthread_mutex_unlock(&w->lock);
  return any;
}

/* Whose time is over is woken last: the tail has just been read. */
static void wake_over(struct waiters *w) {
  const int64_t now = clock_ms(CLOCK_MONOTONIC);
  pthread_mutex_lock(&w->lock);
  for (struct waiter *one = w->first; one; one = one->next)
    if (one->asleep && now >= one->until_ms) wake(one);
  pthread_mutex_unlock(&w->lock);
}

static int look(struct waiters *w) {
  const int64_t now = clock_ms(CLOCK_MONOTONIC);
  int woken = 0;
  take_events(w);
  for (struct watched_event *e = w->events; e; e = e->next)
    if (now - e->wanted_ms < LOOK_MS && has_news(w, e)) woken += wake_event(w, e->id);
  wake_over(w);
  return woken;
}

static int64_t rest_ms(int woken) {
  const int64_t ms = woken / REST_OF;
  return ms < REST_LEAST_MS ? REST_LEAST_MS : ms < REST_MOST_MS ? ms : REST_MOST_MS;
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
    if (woken) rest(w, rest_ms(woken), false);
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
    free_event(e);
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

/* Of equal names equal: a fleet's names are all looked through for each one that joins. */
static uint32_t mark_of(const char *name) {
  uint32_t mark = 2166136261;
  for (; *name; name++) mark = (mark ^ (unsigned char)*name) * 16777619;
  return mark;
}

void waiters_join(struct waiters *w, struct waiter *one) {
  pthread_mutex_lock(&w->lock);
  one->mark = mark_of(one->kiosk);
  for (struct waiter *other = w->first; other; other = other->next)
    if (other->mark == one->mark && !strcmp(other->kiosk, one->kiosk)) other->over = true, wake(other);
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

int waiters_asleep(struct waiters *w) {
  int count = 0;
  pthread_mutex_lock(&w->lock);
  for (const struct waiter *one = w->first; one; one = one->next) count += one->asleep;
  pthread_mutex_unlock(&w->lock);
  return count;
}

bool waiters_give(struct waiters *w, const char *event, const char *kiosk, int64_t after, struct page *page) {
  const int64_t now = clock_ms(CLOCK_MONOTONIC);
  pthread_mutex_lock(&w->lock);
  const struct watched_event *e = find_event(w, event);
  const bool good = e && e->told && now - e->read_ms < FRESH_MS && tail_give(&e->tail, kiosk, after, page);
  pthread_mutex_unlock(&w->lock);
  return good;
}

int64_t waiters_head(struct waiters *w, const char *event) {
  pthread_mutex_lock(&w->lock);
  const struct watched_event *e = find_event(w, event);
  const int64_t head = e && e->told ? e->tail.head : 0;
  pthread_mutex_unlock(&w->lock);
  return head;
}
