/* SPDX-License-Identifier: Apache-2.0
 * The phones' page beside a desk that is busy, over TLS with real clients: many phones at once, a desk that never answers, a
 * phone that says nothing. The clock is the test's.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include <cmocka.h>

#include "../unit/scratch.h"
#include "base/thread.h"
#include "monitor/monitor.h"

enum { PHONES = 4, TURNS = 40, SLOTS = 2 };

static struct scratch data;
static struct bell bell, desk_bell;
static struct mailbox requests, answers;
static struct staff_request request_slot[SLOTS];
static struct staff_answer answer_slot[SLOTS];
static struct latest board, watch, health;
static struct board board_slot;
static struct watch_health watch_slot;
static struct monitor_health health_slot;
static struct catalog catalog;
static struct monitor monitor;
static struct thread thread, desk;
static _Atomic int64_t clock_ms;
static atomic_int most; /* requests that waited at desk together */

static struct moment now_of(void *clock) {
  (void)clock;
  const int64_t ms = atomic_load(&clock_ms);
  return (struct moment){.mono_ms = ms, .wall_ms = 1698465600000 + ms, .wall_ok = true};
}

static void tell_board(int64_t people) {
  static const char secret[] = "the-secret-of-one-phone";
  struct board b = {.at = now_of(NULL), .health = {.people = people, .clock_ok = true, .disk_free_mb = 9999}};
  b.phone[0] = (struct phone_session){.number = 7, .until_mono_ms = INT64_MAX};
  strcpy(b.phone[0].name, "小王");
  crypto_generichash(b.phone[0].hash, sizeof b.phone[0].hash, (const uint8_t *)secret, strlen(secret), NULL, 0);
  latest_set(&board, &b);
}

/* Answers as desk does: first that it still looks, then whom it found. */
static int64_t desk_step(void *self, struct moment now) {
  static struct staff_answer a;
  static int64_t people;
  struct staff_request r;
  (void)self;
  tell_board(++people);
  if (!mailbox_front(&requests, &r)) return INT64_MAX;
  pthread_mutex_lock(&requests.lock);
  if ((int)requests.count > atomic_load(&most)) atomic_store(&most, (int)requests.count);
  pthread_mutex_unlock(&requests.lock);
  a = (struct staff_answer){.kind = r.kind, .session = r.session, .serial = r.serial, .more = -1};
  assert_int_equal(r.session, 7);
  mailbox_put_wait(&answers, &a);
  a.more = 0;
  a.count = 1;
  snprintf(a.person[0].name, sizeof a.person[0].name, "%s", r.text);
  a.person[0].type = -1;
  mailbox_pop(&requests);
  mailbox_put_wait(&answers, &a);
  return now.mono_ms;
}

static int set_up(void **state) {
  struct problem problem;
  (void)state;
  scratch_make(&data);
  assert_true(sodium_init() >= 0 && bell_init(&bell) && bell_init(&desk_bell));
  mailbox_init(&requests, request_slot, sizeof *request_slot, SLOTS, &desk_bell);
  mailbox_init(&answers, answer_slot, sizeof *answer_slot, SLOTS, &bell);
  latest_init(&board, &board_slot, sizeof board_slot, NULL);
  latest_init(&watch, &watch_slot, sizeof watch_slot, NULL);
  latest_init(&health, &health_slot, sizeof health_slot, NULL);
  catalog = (struct catalog){.events = 1, .stations = 1};
  tell_board(0);
  monitor = (struct monitor){.listen = "127.0.0.1:0",
                             .tls = true,
                             .data = data.path,
                             .web = SOURCE_DIR "/assets/web",
                             .kiosk = "k1",
                             .version = "1",
                             .catalog = &catalog,
                             .requests = &requests,
                             .answers = &answers,
                             .board = &board,
                             .watch_health = &watch,
                             .health = &health,
                             .bell = &bell};
  atomic_store(&clock_ms, 1000);
  assert_true(monitor_init(&monitor, now_of(NULL), &problem));
  monitor_step(&monitor, now_of(NULL));
  assert_int_not_equal(monitor_port(&monitor), 0);
  thread = (struct thread){.name = "monitor", .step = monitor_step, .self = &monitor, .bell = &bell, .now = now_of};
  desk = (struct thread){.name = "desk", .step = desk_step, .bell = &desk_bell, .now = now_of};
  assert_true(thread_start(&thread));
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mailbox_close(&requests);
  mailbox_close(&answers);
  thread_stop(&thread);
  thread_join(&thread);
  thread_stop(&desk);
  thread_join(&desk);
  monitor_fini(&monitor);
  mailbox_fini(&requests);
  mailbox_fini(&answers);
  latest_fini(&board);
  latest_fini(&watch);
  latest_fini(&health);
  bell_fini(&bell);
  bell_fini(&desk_bell);
  scratch_remove(&data);
  return 0;
}

struct got {
  char text[4096];
  size_t len;
};

static size_t keep(char *bytes, size_t one, size_t n, void *to) {
  struct got *g = to;
  if (g->len + n * one >= sizeof g->text) return 0;
  memcpy(g->text + g->len, bytes, n * one);
  g->len += n * one;
  g->text[g->len] = '\0';
  return n * one;
}

/* The status; 0: no answer. */
static long ask(CURL *c, const char *path, const char *cookie, const char *body, struct got *got) {
  char url[100];
  long status = 0;
  struct curl_slist *json = curl_slist_append(NULL, "Content-Type: application/json");
  snprintf(url, sizeof url, "https://127.0.0.1:%d%s", monitor_port(&monitor), path);
  memset(got, 0, sizeof *got);
  curl_easy_reset(c);
  curl_easy_setopt(c, CURLOPT_URL, url);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, got);
  if (cookie) curl_easy_setopt(c, CURLOPT_COOKIE, cookie);
  if (body) {
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, json);
  }
  if (curl_easy_perform(c) == CURLE_OK) curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(json);
  return status;
}

static const char good[] = "yingbin=the-secret-of-one-phone";

/* Searches of its own word, and counts: the answers are its own. Where too many wait (503) it asks again. */
static void *phone(void *arg) {
  struct got got;
  char body[40], name[40];
  long *answered = arg;
  CURL *c = curl_easy_init();
  for (int i = 0; *answered >= 0 && *answered < TURNS; i++) {
    snprintf(name, sizeof name, "\"name\":\"p%p-%d\"", arg, i);
    snprintf(body, sizeof body, "{\"q\":\"p%p-%d\"}", arg, i);
    const long status = ask(c, "/api/search", good, body, &got);
    if (status == 200 && strstr(got.text, name)) ++*answered;
    if (status != 200 && status != 503) *answered = -100000;
    if (status == 200 && !strstr(got.text, name)) *answered = -200000;
    if (ask(c, "/api/state", NULL, NULL, &got) != 200) *answered = -300000;
    if (ask(c, "/api/search", "yingbin=another", body, &got) != 401) *answered = -400000;
  }
  curl_easy_cleanup(c);
  return NULL;
}

static void test_many_phones(void **state) {
  pthread_t id[PHONES];
  long answered[PHONES] = {0};
  (void)state;
  assert_true(thread_start(&desk));
  for (int i = 0; i < PHONES; i++) assert_int_equal(pthread_create(&id[i], NULL, phone, &answered[i]), 0);
  for (int i = 0; i < PHONES; i++) pthread_join(id[i], NULL);
  for (int i = 0; i < PHONES; i++) assert_int_equal(answered[i], TURNS);
  assert_int_equal(atomic_load(&most), 1);
}

static void *late(void *arg) {
  struct got got;
  CURL *c = curl_easy_init();
  *(long *)arg = ask(c, "/api/search", good, "{\"q\":\"x\"}", &got);
  curl_easy_cleanup(c);
  return NULL;
}

static void test_a_desk_that_does_not_answer(void **state) {
  pthread_t id;
  long status = -1;
  struct staff_request r;
  (void)state;
  assert_int_equal(pthread_create(&id, NULL, late, &status), 0);
  while (!bell_wait(&desk_bell, 1000)) {
  }
  assert_true(mailbox_front(&requests, &r));
  atomic_fetch_add(&clock_ms, 8000);
  bell_ring(&bell);
  pthread_join(id, NULL);
  assert_int_equal(status, 504);
}

static int dial(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(monitor_port(&monitor))};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at), 0);
  return fd;
}

static void test_a_phone_that_says_nothing(void **state) {
  struct got got;
  char byte;
  (void)state;
  const int fd = dial();
  CURL *c = curl_easy_init();
  assert_int_equal(ask(c, "/", NULL, NULL, &got), 200); /* so that the silent one was taken up, too */
  curl_easy_cleanup(c);
  atomic_fetch_add(&clock_ms, 30000);
  bell_ring(&bell);
  assert_int_equal(recv(fd, &byte, 1, 0), 0);
  close(fd);
}

/* While the rest of it is waited for, the service rests, too. */
static void test_half_a_handshake(void **state) {
  char byte;
  int64_t due = 0;
  (void)state;
  thread_stop(&thread);
  thread_join(&thread);
  const int fd = dial();
  assert_int_equal(send(fd, "\x16\x03\x01\x02", 4, 0), 4);
  for (int i = 0; i < 20; i++) due = monitor_step(&monitor, now_of(NULL));
  assert_true(due > now_of(NULL).mono_ms);
  assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1); /* it was taken up, */
  atomic_fetch_add(&clock_ms, 30000);
  for (int i = 0; i < 20; i++) monitor_step(&monitor, now_of(NULL));
  assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0); /* and hung up on */
  close(fd);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {EACH(test_many_phones), EACH(test_a_desk_that_does_not_answer),
                                     EACH(test_a_phone_that_says_nothing), EACH(test_half_a_handshake)};
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
