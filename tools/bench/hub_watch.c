/* SPDX-License-Identifier: Apache-2.0
 * Dashboards that are open while kiosks push: signed in as people are, each a connection of its own that reads the server-sent
 * events until the end. One thread for all of them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/bench/hub.h"
#include "tools/hub/users.h"

enum { TURN_MS = 100, SOCKET_S = 20 };

struct hub_watch {
  struct pollfd *page; /* owned, one a dashboard */
  char *last;          /* owned: the byte that each one got last */
  int pages;
  pthread_t thread;
  bool runs;
  atomic_bool ends;
  double began_ms;
  struct hub_watched sum;
};

static int dial(const struct world *world, int number) {
  const struct timeval most = {.tv_sec = SOCKET_S};
  struct sockaddr_in to = {.sin_family = AF_INET};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons((uint16_t)world->port[number % world->options->hubs]);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

/* Sends a request, and gives the beginning of what comes back. */
static bool ask(int fd, const char *request, char *answer, size_t size) {
  const size_t len = strlen(request);
  if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len) return false;
  const ssize_t got = recv(fd, answer, size - 1, 0);
  answer[got > 0 ? got : 0] = '\0';
  return got > 0 && !strncmp(answer, "HTTP/1.1 200", 12);
}

static bool add_user(const char *db, const char *password, struct problem *problem) {
  const struct store_ops *ops = store_for(db);
  const struct user user = {.name = "bench", .role = ROLE_ORGANIZER};
  void *store;
  if (!ops->open(db, &store, problem)) return false;
  const bool good = user_add(ops, store, &user, password, problem);
  ops->close(store);
  return good;
}

static bool sign_in(const struct world *world, char *cookie, size_t size, struct problem *problem) {
  static const char password[] = "correct-horse-battery", name[] = "Set-Cookie: ";
  char request[512], answer[4096];
  if (!add_user(world->db, password, problem)) return false;
  snprintf(request, sizeof request,
           "POST /v1/session HTTP/1.1\r\nHost: hub\r\nX-Yingbin: page\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n"
           "{\"user\":\"bench\",\"password\":\"%s\"}",
           strlen(password) + strlen("{\"user\":\"bench\",\"password\":\"\"}"), password);
  const int fd = dial(world, 0);
  const bool good = fd >= 0 && ask(fd, request, answer, sizeof answer);
  if (fd >= 0) close(fd);
  const char *at = good ? strstr(answer, name) : NULL;
  if (!at) return problem_set(problem, "看板登录不了", "a dashboard can't sign in");
  at += strlen(name);
  snprintf(cookie, size, "%.*s", (int)strcspn(at, ";\r"), at);
  return true;
}

static void read_page(struct hub_watch *w, int page) {
  char bytes[64 * 1024];
  const ssize_t got = recv(w->page[page].fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
    w->sum.broken++, w->page[page].events = 0, w->page[page].fd = -1;
  for (ssize_t i = 0; i < got; i++) { /* an empty line ends a message */
    w->sum.messages += bytes[i] == '\n' && w->last[page] == '\n';
    w->last[page] = bytes[i];
  }
  w->sum.bytes += got > 0 ? got : 0;
}

static void *read_all(void *self) {
  struct hub_watch *w = self;
  while (!atomic_load(&w->ends)) {
    if (poll(w->page, (nfds_t)w->pages, TURN_MS) <= 0) continue;
    for (int i = 0; i < w->pages; i++)
      if (w->page[i].revents) read_page(w, i);
  }
  return NULL;
}

static bool open_pages(struct hub_watch *w, const struct world *world, struct problem *problem) {
  char cookie[256], request[512], answer[1024];
  if (!sign_in(world, cookie, sizeof cookie, problem)) return false;
  snprintf(request, sizeof request, "GET /v1/live HTTP/1.1\r\nHost: hub\r\nCookie: %s\r\n\r\n", cookie);
  for (int i = 0; i < w->pages; i++) {
    w->page[i].fd = dial(world, i);
    w->page[i].events = POLLIN;
    if (w->page[i].fd < 0 || !ask(w->page[i].fd, request, answer, sizeof answer))
      return problem_set(problem, "看板打不开", "a dashboard can't be opened");
  }
  w->began_ms = clock_wall_ms();
  w->runs = pthread_create(&w->thread, NULL, read_all, w) == 0;
  return w->runs || problem_set(problem, "内存不足", "out of memory");
}

bool hub_watch_start(const struct world *world, struct hub_watch **watch, struct problem *problem) {
  struct hub_watch *w = *watch = calloc(1, sizeof *w);
  const size_t pages = (size_t)world->options->dashboards;
  if (!w || !(w->page = calloc(pages, sizeof *w->page)) || !(w->last = calloc(pages, 1))) abort();
  for (size_t i = 0; i < pages; i++) w->page[i].fd = -1;
  w->pages = world->options->dashboards;
  return open_pages(w, world, problem);
}

struct hub_watched hub_watch_end(struct hub_watch *w) {
  if (!w) return (struct hub_watched){.bytes = 0};
  atomic_store(&w->ends, true);
  if (w->runs) pthread_join(w->thread, NULL);
  struct hub_watched sum = w->sum;
  sum.seconds = (clock_wall_ms() - w->began_ms) / 1e3;
  for (int i = 0; i < w->pages; i++)
    if (w->page[i].fd >= 0) close(w->page[i].fd);
  free(w->page), free(w->last), free(w);
  return sum;
}
