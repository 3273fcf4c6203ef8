/* SPDX-License-Identifier: Apache-2.0
 * Several senders and one receiver: nothing lost, nothing twice, each sender's values in order. And
 * the services' threads: woken, beating, stopped. For the thread sanitizer, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/latest.h"
#include "base/mailbox.h"
#include "base/thread.h"

enum { SENDERS = 6, EACH = 4000, SLOTS = 4, WORDS = 32 };

struct value { /* larger than what a machine copies at once: a torn copy would show */
  int sender, number, filling[WORDS];
};

static struct bell bell;
static struct mailbox box;
static struct value storage[SLOTS];

static int up(void **state) {
  (void)state;
  if (!bell_init(&bell)) return -1;
  mailbox_init(&box, storage, sizeof(storage[0]), SLOTS, &bell);
  return 0;
}

static int down(void **state) {
  (void)state;
  mailbox_fini(&box);
  bell_fini(&bell);
  return 0;
}

static struct value value_of(int sender, int number) {
  struct value v = {.sender = sender, .number = number};
  for (int i = 0; i < WORDS; i++) v.filling[i] = sender * 1000003 + number;
  return v;
}

static bool whole(const struct value *v) {
  struct value expected = value_of(v->sender, v->number);
  return memcmp(v, &expected, sizeof(expected)) == 0;
}

struct sender {
  pthread_t thread;
  int index, put, refused;
  bool wait;
};

static void *send_all(void *arg) {
  struct sender *s = arg;
  for (int i = 0; i < EACH; i++) {
    struct value v = value_of(s->index, i);
    bool sent = s->wait ? mailbox_put_wait(&box, &v) : mailbox_put(&box, &v);
    if (sent)
      s->put++;
    else
      s->refused++;
  }
  return NULL;
}

static void start(struct sender *senders, bool wait) {
  for (int i = 0; i < SENDERS; i++) {
    senders[i] = (struct sender){.index = i, .wait = wait};
    assert_int_equal(pthread_create(&senders[i].thread, NULL, send_all, &senders[i]), 0);
  }
}

static void join(struct sender *senders) {
  for (int i = 0; i < SENDERS; i++) pthread_join(senders[i].thread, NULL);
}

/* Takes what is there; each sender's numbers must go up. */
static int take(int last[SENDERS]) {
  struct value v;
  int n = 0;
  while (mailbox_front(&box, &v)) {
    assert_true(whole(&v));
    assert_true(v.number > last[v.sender]);
    last[v.sender] = v.number;
    mailbox_pop(&box);
    n++;
  }
  return n;
}

static void who_waits_loses_nothing(void **state) {
  (void)state;
  struct sender senders[SENDERS];
  int last[SENDERS], taken = 0;
  memset(last, 0xFF, sizeof(last)); /* -1 each */
  start(senders, true);
  while (taken < SENDERS * EACH) {
    bell_wait(&bell, -1); /* a bell that isn't rung for a value would hang here */
    taken += take(last);
  }
  join(senders);
  assert_true(mailbox_empty(&box));
  assert_int_equal(mailbox_dropped(&box), 0);
  for (int i = 0; i < SENDERS; i++) assert_int_equal(last[i], EACH - 1);
}

static void who_does_not_wait_is_told(void **state) {
  (void)state;
  struct sender senders[SENDERS];
  int last[SENDERS], taken = 0, put = 0, refused = 0;
  memset(last, 0xFF, sizeof(last));
  start(senders, false);
  for (int i = 0; i < 1000; i++) taken += take(last);
  join(senders);
  taken += take(last);
  for (int i = 0; i < SENDERS; i++) put += senders[i].put, refused += senders[i].refused;
  assert_int_equal(taken, put);
  assert_int_equal(mailbox_dropped(&box), refused);
  assert_int_equal(put + refused, SENDERS * EACH);
}

static void closing_wakes_who_waits(void **state) {
  (void)state;
  struct sender senders[SENDERS];
  int last[SENDERS], taken;
  memset(last, 0xFF, sizeof(last));
  start(senders, true);
  bell_wait(&bell, -1); /* nobody takes anything: all will wait for room */
  mailbox_close(&box);
  join(senders);
  taken = take(last);
  int put = 0;
  for (int i = 0; i < SENDERS; i++) put += senders[i].put;
  assert_int_equal(taken, put);
  assert_true(taken <= SLOTS);
}

/* --- one value in lockstep: put, and wait until it was dealt with */

struct dealer {
  struct thread thread;
  atomic_int dealt;
};

static int64_t deal(void *self, struct moment now) {
  (void)now;
  struct dealer *d = self;
  struct value v;
  while (mailbox_front(&box, &v)) {
    atomic_fetch_add(&d->dealt, whole(&v));
    mailbox_pop(&box);
  }
  return INT64_MAX;
}

static struct moment now_of(void *clock) { return (struct moment){.mono_ms = atomic_load((atomic_llong *)clock)}; }

static void lockstep(void **state) {
  (void)state;
  atomic_llong clock = 0;
  struct dealer d = {.thread = {.name = "dealer", .step = deal, .self = &d, .bell = &bell, .now = now_of, .clock = &clock}};
  assert_true(thread_start(&d.thread));
  for (int i = 0; i < EACH; i++) {
    struct value v = value_of(0, i);
    assert_true(mailbox_put_wait(&box, &v));
    mailbox_drain_wait(&box);
    assert_int_equal(atomic_load(&d.dealt), i + 1); /* dealt with before drain_wait came back */
  }
  thread_stop(&d.thread);
  thread_join(&d.thread);
  thread_join(&d.thread); /* twice is nothing */
}

/* --- a thread follows its own clock, and stops while it sleeps for ever */

struct sleeper {
  struct thread thread;
  struct bell done;
  int64_t wanted;
  atomic_int steps;
};

static int64_t sleep_until(void *self, struct moment now) {
  struct sleeper *s = self;
  atomic_fetch_add(&s->steps, 1);
  if (now.mono_ms >= s->wanted) bell_ring(&s->done);
  return now.mono_ms >= s->wanted ? INT64_MAX : s->wanted;
}

static void steps_when_due(void **state) {
  (void)state;
  atomic_llong clock = 100;
  struct sleeper s = {
      .wanted = 3600000,
      .thread = {.name = "sleeper", .step = sleep_until, .self = &s, .bell = &bell, .now = now_of, .clock = &clock}};
  assert_true(bell_init(&s.done));
  assert_true(thread_start(&s.thread));
  atomic_store(&clock, 3600000); /* an hour passes on its clock */
  bell_ring(&bell);
  assert_true(bell_wait(&s.done, -1));
  assert_true(thread_beat(&s.thread) > 0);
  thread_stop(&s.thread);
  thread_join(&s.thread);
  assert_false(s.thread.started);
  bell_fini(&s.done);
}

static void never_started(void **state) {
  (void)state;
  struct thread t = {.name = "none"};
  thread_stop(&t);
  thread_join(&t);
  thread_stop(NULL);
  thread_join(NULL);
  assert_false(t.started);
}

/* --- the newest value, never a mixture of two */

static struct latest latest;
static struct value slot;
static atomic_bool finished;

static void *set_all(void *arg) {
  int sender = *(int *)arg;
  for (int i = 0; i < EACH; i++) {
    struct value v = value_of(sender, i);
    latest_set(&latest, &v);
  }
  return NULL;
}

static void *finish(void *arg) {
  set_all(arg);
  atomic_store(&finished, true);
  return NULL;
}

static void latest_is_never_torn(void **state) {
  (void)state;
  pthread_t first, second;
  int one = 1, two = 2;
  struct value v;
  uint64_t seen = 0, before = 0;
  latest_init(&latest, &slot, sizeof(slot), NULL);
  pthread_create(&first, NULL, set_all, &one);
  pthread_create(&second, NULL, finish, &two);
  while (!atomic_load(&finished))
    if (latest_get(&latest, &v, &seen)) {
      assert_true(whole(&v));
      assert_true(seen > before);
      before = seen;
    }
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  latest_get(&latest, &v, &seen);
  assert_int_equal(seen, 2 * EACH);
  assert_int_equal(v.number, EACH - 1);
  latest_fini(&latest);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(who_waits_loses_nothing, up, down),
      cmocka_unit_test_setup_teardown(who_does_not_wait_is_told, up, down),
      cmocka_unit_test_setup_teardown(closing_wakes_who_waits, up, down),
      cmocka_unit_test_setup_teardown(lockstep, up, down),
      cmocka_unit_test_setup_teardown(steps_when_due, up, down),
      cmocka_unit_test(never_started),
      cmocka_unit_test(latest_is_never_torn),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
