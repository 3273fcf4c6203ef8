/* SPDX-License-Identifier: Apache-2.0
 * Kiosks that listen while others push: each holds one question for the feed open, on a connection of its own, takes what it is
 * told and asks again from there. One thread for all of them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/bench/hub.h"

enum { TURN_MS = 100, SOCKET_S = 60, WAIT_S = 25, SOURCES = 16, ROOM = 4096, PATIENCE_MS = 30000 };

struct listener {
  const struct fleet_kiosk *kiosk;
  char cursor[128];
  char *reply; /* owned, terminated */
  size_t got, room;
};

struct hub_listen {
  const struct world *world;
  struct fleet *fleet;
  struct pollfd *fd; /* owned, one a listener */
  struct listener *listener;
  int count;
  pthread_t thread;
  bool runs;
  atomic_bool ends;
  double began_ms;
  struct hub_heard sum;
};

static int dial(const struct hub_listen *h, int number) {
  const struct timeval most = {.tv_sec = SOCKET_S};
  struct sockaddr_in from = {.sin_family = AF_INET}, to = from;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number % SOURCES));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons((uint16_t)h->world->port[number % h->world->options->hubs]);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  if (bind(fd, (struct sockaddr *)&from, sizeof from) == 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return fd;
  close(fd);
  return -1;
}

static bool ask(struct hub_listen *h, int i, int wait_s) {
  struct listener *l = &h->listener[i];
  char request[512];
  const int len =
      snprintf(request, sizeof request,
               "GET /v1/events/bench/feed?after=%s&wait=%d HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\n\r\n",
               l->cursor, wait_s, l->kiosk->token);
  l->got = 0;
  return send(h->fd[i].fd, request, (size_t)len, MSG_NOSIGNAL) == len;
}

/* The answer's body, once all of it is there. */
static const char *body_of(const struct listener *l) {
  const char *end = strstr(l->reply, "\r\n\r\n"), *length = strcasestr(l->reply, "Content-Length:");
  if (!end || !length || length > end) return NULL;
  return l->got >= (size_t)(end + 4 - l->reply) + strtoul(length + 15, NULL, 10) ? end + 4 : NULL;
}

/* False: the connection broke. */
static bool read_some(struct hub_listen *h, int i) {
  struct listener *l = &h->listener[i];
  if (l->got + ROOM > l->room && !(l->reply = realloc(l->reply, l->room = 2 * l->room + ROOM + 1))) abort();
  const ssize_t n = recv(h->fd[i].fd, l->reply + l->got, l->room - l->got - 1, 0);
  if (n <= 0) return n < 0 && errno == EINTR;
  l->got += (size_t)n;
  l->reply[l->got] = '\0';
  return true;
}

/* How many records it was told; the first one's kiosk says how long that took since its push began, as the others waited less.
 * -1: no answer of a hub's. */
static int64_t take(struct hub_listen *h, struct listener *l, const char *body) {
  static const char kiosk[] = "\"kiosk\":\"door-", cursor[] = "\"cursor\":\"";
  const char *at = strstr(body, cursor), *first = NULL;
  int64_t records = 0;
  if (strncmp(l->reply, "HTTP/1.1 200", 12) != 0 || !at) return -1;
  at += strlen(cursor);
  snprintf(l->cursor, sizeof l->cursor, "%.*s", (int)strcspn(at, "\""), at);
  for (const char *r = body; (r = strstr(r, kiosk)); records++) {
    r += strlen(kiosk);
    if (!first) first = r;
  }
  const int64_t number = first ? strtoll(first, NULL, 10) : 0;
  if (number < 1 || number > h->fleet->count) return records;
  const double pushed = (double)atomic_load(&h->fleet->kiosk[number - 1].pushed_ms);
  if (pushed > 0) samples_add(&h->sum.heard, clock_wall_ms() - pushed);
  return records;
}

/* From the feed's end on, which one of them finds for all. */
static bool find_end(struct hub_listen *h) {
  struct listener *l = &h->listener[0];
  for (int64_t records = 1; records > 0;) {
    const char *body = NULL;
    if (!ask(h, 0, 0)) return false;
    while (!body) {
      if (!read_some(h, 0)) return false;
      body = body_of(l);
    }
    if ((records = take(h, l, body)) < 0) return false;
  }
  for (int i = 1; i < h->count; i++) memcpy(h->listener[i].cursor, l->cursor, sizeof l->cursor);
  samples_free(&h->sum.heard);
  return true;
}

static void hear(struct hub_listen *h, int i) {
  struct listener *l = &h->listener[i];
  const bool good = read_some(h, i);
  const char *body = good ? body_of(l) : NULL;
  if (good && !body) return;
  const int64_t records = good ? take(h, l, body) : -1;
  h->sum.answers += records >= 0, h->sum.records += records > 0 ? records : 0;
  if (records >= 0 && ask(h, i, WAIT_S)) return;
  h->sum.broken++;
  close(h->fd[i].fd);
  h->fd[i].fd = -1;
}

/* Until it is over; records were pushed since they asked, so they hear of some. */
static void *listen_all(void *self) {
  struct hub_listen *h = self;
  double over = 0;
  while (over <= 0 || (h->sum.records == 0 && clock_wall_ms() - over < PATIENCE_MS)) {
    const int ready = poll(h->fd, (nfds_t)h->count, TURN_MS);
    for (int i = 0; ready > 0 && i < h->count; i++)
      if (h->fd[i].fd >= 0 && h->fd[i].revents) hear(h, i);
    if (over <= 0 && atomic_load(&h->ends)) over = clock_wall_ms();
  }
  h->sum.seconds = (over - h->began_ms) / 1e3;
  return NULL;
}

static bool ask_all(struct hub_listen *h) {
  for (int i = 0; i < h->count; i++)
    if ((h->fd[i].fd = dial(h, i)) < 0) return false;
  if (!find_end(h)) return false;
  for (int i = 0; i < h->count; i++)
    if (!ask(h, i, WAIT_S)) return false;
  return true;
}

bool hub_listen_start(const struct world *world, struct fleet *fleet, struct hub_listen **listen, struct problem *problem) {
  struct hub_listen *h = *listen = calloc(1, sizeof *h);
  const int count = world->options->listeners < fleet->count ? world->options->listeners : fleet->count;
  if (!h || !(h->fd = calloc((size_t)count, sizeof *h->fd)) || !(h->listener = calloc((size_t)count, sizeof *h->listener)))
    abort();
  h->world = world, h->fleet = fleet, h->count = count;
  for (int i = 0; i < count; i++) {
    h->fd[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    h->listener[i].kiosk = &fleet->kiosk[i];
  }
  if (!ask_all(h)) return problem_set(problem, "汇总站没有回答等消息的请求", "the hub doesn't take a question for its feed");
  h->began_ms = clock_wall_ms();
  h->runs = pthread_create(&h->thread, NULL, listen_all, h) == 0;
  return h->runs || problem_set(problem, "内存不足", "out of memory");
}

struct hub_heard hub_listen_end(struct hub_listen *h) {
  if (!h) return (struct hub_heard){.records = 0};
  atomic_store(&h->ends, true);
  if (h->runs) pthread_join(h->thread, NULL);
  const struct hub_heard sum = h->sum;
  for (int i = 0; i < h->count; i++) {
    if (h->fd[i].fd >= 0) close(h->fd[i].fd);
    free(h->listener[i].reply);
  }
  free(h->fd), free(h->listener), free(h);
  return sum;
}
