/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/crowd.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"

enum {
  OF_ONE = 11, /* connections of one address: fewer than the page takes */
  TURN_MS = 250,
  HANDSHAKE_MS = 5000
};

enum way { SAYS_NOTHING, SLOW_HANDSHAKE, IDLE_TLS, SLOW_HEADERS, WAYS };

struct crowd {
  pthread_rwlock_t *gate; /* borrowed */
  char host[128];         /* of the URL, without its scheme */
  CURL *one[CROWD];       /* owned; NULL: not connected */
  struct bell ends, in;   /* to be over; all are connected */
  atomic_bool over;
  atomic_long came;
  pthread_t thread;
  bool runs;
};

static void hang_up(struct crowd *c, int i) {
  curl_easy_cleanup(c->one[i]);
  c->one[i] = NULL;
}

static bool send_bytes(CURL *curl, const char *bytes) {
  size_t sent;
  return curl_easy_send(curl, bytes, strlen(bytes), &sent) == CURLE_OK;
}

static void come(struct crowd *c, int i) {
  static const char begin[] = "GET /api/state HTTP/1.1\r\nHost: kiosk\r\nX-Long: ";
  const enum way way = i % WAYS;
  const bool tls = way == IDLE_TLS || way == SLOW_HEADERS;
  char url[160], from[32];
  CURL *curl = c->one[i] = curl_easy_init();
  if (!curl) return;
  snprintf(url, sizeof url, "%s://%s", tls ? "https" : "http", c->host);
  snprintf(from, sizeof from, "host!127.0.2.%d", 1 + i / OF_ONE);
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_INTERFACE, from);
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)HANDSHAKE_MS);
  bool good = curl_easy_perform(curl) == CURLE_OK;
  if (good && way == SLOW_HANDSHAKE) good = send_bytes(curl, "\x16\x03\x01\x02");
  if (good && way == SLOW_HEADERS) good = send_bytes(curl, begin);
  if (good)
    atomic_fetch_add(&c->came, 1);
  else
    hang_up(c, i);
}

/* Is it hung up on? Else it says another byte. */
static bool goes_on(CURL *curl, enum way way) {
  char bytes[512];
  size_t n;
  const CURLcode code = curl_easy_recv(curl, bytes, sizeof bytes, &n);
  if (code != CURLE_AGAIN && (code != CURLE_OK || n == 0)) return false;
  return (way != SLOW_HANDSHAKE && way != SLOW_HEADERS) || send_bytes(curl, "x");
}

static void *stand(void *self) {
  struct crowd *c = self;
  while (!atomic_load(&c->over)) {
    for (int i = 0; i < CROWD && !atomic_load(&c->over); i++) {
      pthread_rwlock_rdlock(c->gate);
      if (c->one[i] && !goes_on(c->one[i], i % WAYS)) hang_up(c, i);
      if (!c->one[i]) come(c, i);
      pthread_rwlock_unlock(c->gate);
    }
    if (atomic_load(&c->came) >= CROWD) bell_ring(&c->in);
    bell_wait(&c->ends, TURN_MS);
  }
  return NULL;
}

bool crowd_open(const char *url, pthread_rwlock_t *gate, struct crowd **crowd, struct problem *problem) {
  struct crowd *c = *crowd = calloc(1, sizeof *c);
  const char *host = strstr(url, "://");
  if (!c || !host || !bell_init(&c->ends) || !bell_init(&c->in) || curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
    return problem_set(problem, "内存不足", "out of memory");
  snprintf(c->host, sizeof c->host, "%s", host + 3);
  c->gate = gate;
  c->runs = pthread_create(&c->thread, NULL, stand, c) == 0;
  if (!c->runs) return problem_set(problem, "无法启动线程", "a thread can't be started");
  return bell_wait(&c->in, (int64_t)CROWD * HANDSHAKE_MS) ||
         problem_set(problem, "连接打不满", "the page doesn't take as many connections as it should");
}

long crowd_came(const struct crowd *c) { return atomic_load(&c->came); }

void crowd_close(struct crowd *c) {
  if (!c) return;
  atomic_store(&c->over, true);
  bell_ring(&c->ends);
  if (c->runs) pthread_join(c->thread, NULL);
  for (int i = 0; i < CROWD; i++)
    if (c->one[i]) hang_up(c, i);
  bell_fini(&c->in);
  bell_fini(&c->ends);
  curl_global_cleanup();
  free(c);
}
