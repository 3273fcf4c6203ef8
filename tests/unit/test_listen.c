/* SPDX-License-Identifier: Apache-2.0
 * Listening to the feed: a question that the hub holds, on a thread of its own, beside a sync service on simulated time.
 */
#include <pthread.h>

#include "fake_hub.h"

enum { PATIENCE_S = 60 };

/* The hub's side of the held question: it arrives, and stays until the test lets it go. */
static struct held {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int arrived, released;
  bool aborted;
  char url[UPLINK_URL];
  enum uplink_outcome outcome;
  int64_t began_ms, took_ms;
  char body[2048];
} held = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static bool held_open(const char *address, struct tick *clock, void **self, struct problem *problem) {
  (void)address, (void)clock, (void)problem;
  held.arrived = held.released = 0;
  held.aborted = false;
  *self = &held;
  return true;
}

static void held_exchange(void *self, const struct uplink_request *r, struct uplink_answer *a) {
  struct held *h = self;
  assert_true(r->held && r->fd == -1 && !r->body && !strcmp(r->method, "GET"));
  pthread_mutex_lock(&h->lock);
  snprintf(h->url, sizeof h->url, "%s", r->url);
  h->arrived++;
  pthread_cond_broadcast(&h->changed);
  while (h->released < h->arrived && !h->aborted) pthread_cond_wait(&h->changed, &h->lock);
  *a = (struct uplink_answer){.retry_after_s = -1};
  if (h->aborted)
    a->outcome = UPLINK_ABORTED;
  else if (h->outcome == UPLINK_ANSWERED)
    hub_say(r, a, 200, h->body);
  else
    a->outcome = h->outcome;
  a->began = (struct moment){.mono_ms = h->began_ms, .wall_ms = noon, .wall_ok = true};
  a->ended = (struct moment){.mono_ms = h->began_ms + h->took_ms, .wall_ms = noon + h->took_ms, .wall_ok = true};
  pthread_mutex_unlock(&h->lock);
}

static void held_abort(void *self) {
  struct held *h = self;
  pthread_mutex_lock(&h->lock);
  h->aborted = true;
  pthread_cond_broadcast(&h->changed);
  pthread_mutex_unlock(&h->lock);
}

static void held_close(void *self) { (void)self; }

static const struct uplink_ops held_ops = {
    .scheme = "held", .two = true, .open = held_open, .exchange = held_exchange, .abort = held_abort, .close = held_close};

/* The question number `n` is with the hub. */
static void arrives(int n) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE_S;
  pthread_mutex_lock(&held.lock);
  while (held.arrived < n && pthread_cond_timedwait(&held.changed, &held.lock, &until) == 0) {
  }
  const int arrived = held.arrived;
  pthread_mutex_unlock(&held.lock);
  assert_int_equal(arrived, n);
}

/* The hub answers it, and the bell of sync's thread says so. */
static void answers(struct room *r, enum uplink_outcome outcome, int64_t took_ms, const char *body) {
  pthread_mutex_lock(&held.lock);
  held.outcome = outcome;
  held.began_ms = room_now(r).mono_ms;
  held.took_ms = took_ms;
  snprintf(held.body, sizeof held.body, "%s", body);
  bell_clear(&r->bell);
  held.released++;
  pthread_cond_broadcast(&held.changed);
  pthread_mutex_unlock(&held.lock);
  tick_set(&r->hub.clock, held.began_ms + took_ms);
  assert_true(bell_wait(&r->bell, PATIENCE_S * 1000));
}

static const char *page(const struct room *r, int cursor, int64_t held_ms, const char *records) {
  static char body[1024];
  snprintf(body, sizeof body,
           "{\"cursor\":\"%s-%d\",\"more\":false,\"at\":\"2023-10-28T04:00:00.000Z\",\"held_ms\":%" PRId64 ",\"records\":[%s]}",
           r->hub.database, cursor, held_ms, records);
  return body;
}

static const char record_7[] =
    "{\"id\":\"00000000000000000000000000000007\",\"kind\":\"scan\",\"kiosk\":\"b\",\"station\":\"meet/door\","
    "\"attendee\":\"7\",\"at\":\"2023-10-28T04:00:00.000Z\",\"wall_ok\":true}";

static struct moment now_of(void *clock) { return tick_now(clock); }

/* Enrolled, with three records that the hub has, at the feed's end, and listening. */
static struct room *listening(void **state, struct ear **ear) {
  struct room *r = *state;
  static struct tick clock;
  tick_system(&clock, true);
  assert_true(ear_open(&held_ops, "", &clock, now_of, &r->bell, ear, &r->kiosk.problem));
  r->sync.ear = *ear;
  room_admit(r, 3);
  room_card(r, "door-1");
  room_run(r, 1000);
  assert_int_equal(r->hub.records, 3);
  arrives(1);
  assert_non_null(strstr(held.url, "/v1/events/meet/feed?after=00000000000000aa-0&wait="));
  r->gots = 0;
  return r;
}

static void leave(struct ear *ear) {
  ear_stop(ear);
  ear_close(ear);
}

static void test_a_push_doesnt_wait(void **state) {
  struct ear *ear;
  struct room *r = listening(state, &ear);
  const int pulls = r->hub.pulls;
  room_admit(r, 2);
  room_run(r, 60 * 1000);
  assert_int_equal(r->hub.records, 5);
  assert_int_equal(r->hub.pulls, pulls); /* the open question is the only one */
  arrives(1);
  leave(ear); /* with the question open */
}

static void test_what_it_hears(void **state) {
  struct ear *ear;
  struct room *r = listening(state, &ear);
  const int pulls = r->hub.pulls;
  for (int i = 1; i <= 3; i++) {
    answers(r, UPLINK_ANSWERED, 700, page(r, i, 600, record_7));
    const int64_t then = room_now(r).mono_ms;
    r->gots = 0;
    room_run(r, 0);
    const struct sync_news *n = room_last(r, NEWS_FEED);
    assert_true(n->whole && n->count == 1);
    assert_string_equal(n->record[0].attendee, "7");
    assert_int_equal(n->as_of.mono_ms, then - 100); /* not when it was asked: the hub read it after it had held it */
    arrives(i + 1);                                 /* and it listens on at once */
    assert_int_equal(atoi(strrchr(strstr(held.url, "after=00000000000000aa-"), '-') + 1), i);
  }
  assert_int_equal(r->hub.pulls, pulls);
  answers(r, UPLINK_ANSWERED, 10000, page(r, 3, 9990, "")); /* the time was over */
  room_run(r, 0);
  arrives(5);
  assert_int_equal(room_last(r, NEWS_FEED)->count, 0);
  leave(ear);
}

static void test_a_hub_that_doesnt_hold_it(void **state) {
  struct ear *ear;
  struct room *r = listening(state, &ear);
  for (int i = 1; i <= 3; i++) {
    answers(r, UPLINK_ANSWERED, 20, page(r, 0, 0, ""));
    room_run(r, r->sync.own->listen_due_ms - 1 - room_now(r).mono_ms);
    arrives(i);
    const int64_t then = room_now(r).mono_ms;
    room_run(r, 100);
    arrives(i + 1);
    assert_in_range(r->sync.own->listen_due_ms, then + 2000, then + 2100); /* as often as without an ear */
  }
  leave(ear);
}

static void test_a_question_that_breaks_off(void **state) {
  struct ear *ear;
  struct room *r = listening(state, &ear);
  int pulls = r->hub.pulls;
  answers(r, UPLINK_FAILED, 8000, "");
  room_run(r, 100);
  assert_int_equal(r->hub.pulls, pulls + 1); /* what it means, a plain question finds out at once */
  assert_int_equal(r->seen.state, SYNC_GOOD);
  arrives(2);
  for (int i = 2; i <= 4; i++) { /* always at once: no more often than every two seconds */
    pulls = r->hub.pulls;
    answers(r, UPLINK_FAILED, 0, "");
    room_run(r, 1000);
    assert_int_equal(r->hub.pulls, pulls);
    room_run(r, 1100);
    assert_int_equal(r->hub.pulls, pulls + 1);
    arrives(i + 1);
  }
  hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_FAILED});
  r->hub.always = true;
  answers(r, UPLINK_FAILED, 8000, "");
  room_run(r, 60 * 1000);
  assert_int_equal(r->seen.state, SYNC_WAITING);
  arrives(5); /* nobody is listened to who isn't there */
  leave(ear);
}

static void test_a_sign_in_page(void **state) {
  struct ear *ear;
  struct room *r = listening(state, &ear);
  answers(r, UPLINK_ANSWERED, 50, "<html>sign in</html>");
  room_run(r, 0);
  assert_int_equal(r->seen.state, SYNC_WAITING);
  assert_int_equal(room_count(r, NEWS_FEED), 0);
  room_run(r, 60 * 1000);
  assert_int_equal(r->seen.state, SYNC_GOOD); /* the hub is back, and gives its feed from the start */
  arrives(2);
  leave(ear);
}

static void test_another_event_meanwhile(void **state) {
  struct ear *ear;
  struct room *r = listening(state, &ear);
  struct sync_work work = {.seq = journal_records(r->kiosk.journal), .event = "other", .station = "other/door"};
  const int pulls = r->hub.pulls;
  latest_set(&r->work, &work);
  room_run(r, 6100);
  assert_int_equal(r->hub.pulls, pulls + 4); /* the question about the old one is still open: as without an ear */
  assert_string_equal(room_last(r, NEWS_FEED)->event, "other");
  r->gots = 0;
  answers(r, UPLINK_ANSWERED, 10, page(r, 1, 0, record_7));
  room_run(r, 0);
  assert_int_equal(room_count(r, NEWS_FEED), 0); /* what it says of the old one is nothing to anybody */
  arrives(2);
  assert_non_null(strstr(held.url, "/v1/events/other/feed?after="));
  leave(ear);
}

#define IN(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN(test_a_push_doesnt_wait),         IN(test_what_it_hears),  IN(test_a_hub_that_doesnt_hold_it),
      IN(test_a_question_that_breaks_off), IN(test_a_sign_in_page), IN(test_another_event_meanwhile),
  };
  return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
