/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/bad_hub.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bell.h"
#include "tools/bench/bench.h"

enum { TURN_MS = 20, LATE_MS = 500, VISITORS = 64, PATIENCE_MS = 30000 };

struct visitor {
  int fd;
  bool asked;
  double due; /* when it is answered; 0: it asked nothing yet */
};

struct bad_hub {
  enum bad_way way;
  int listener, port;
  pthread_t thread;
  bool runs;
  atomic_bool ends;
  struct bell visited;
  struct visitor visitor[VISITORS];
  int visitors;
};

const char *bad_way_name(enum bad_way way) {
  static const char *const names[BAD_WAYS] = {"stalls", "resets", "breaks off in an answer", "is a captive portal"};
  return names[way];
}

static void hang_up(struct visitor *v, bool reset) {
  const struct linger now = {.l_onoff = 1};
  if (reset) setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(v->fd);
  v->fd = -1;
}

static void say(struct visitor *v, const char *text) { (void)!send(v->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT); }

/* It has asked something. */
static void treat(const struct bad_hub *h, struct visitor *v, double now) {
  char bytes[4096];
  const ssize_t n = recv(v->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return hang_up(v, false);
  if (n < 0 || v->asked) return;
  v->asked = true;
  if (h->way == BAD_RESETS) hang_up(v, true);
  if (h->way == BAD_HALF)
    say(v, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"acked_seq\":");
  if (h->way == BAD_PORTAL) v->due = now + LATE_MS;
}

static void answer(struct visitor *v) {
  say(v, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>");
  v->asked = false, v->due = 0;
}

static void welcome(struct bad_hub *h) {
  const int fd = accept4(h->listener, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0) return;
  bell_ring(&h->visited);
  if (h->visitors == VISITORS) /* the one that came first has waited long enough */
    close(h->visitor[0].fd), memmove(h->visitor, h->visitor + 1, (size_t)--h->visitors * sizeof *h->visitor);
  h->visitor[h->visitors++] = (struct visitor){.fd = fd};
}

static void turn(struct bad_hub *h) {
  struct pollfd fd[VISITORS + 1] = {{.fd = h->listener, .events = POLLIN}};
  const int visitors = h->visitors;
  for (int i = 0; i < visitors; i++) fd[i + 1] = (struct pollfd){.fd = h->visitor[i].fd, .events = POLLIN};
  poll(fd, (nfds_t)visitors + 1, TURN_MS);
  const double now = clock_wall_ms();
  int kept = 0;
  for (int i = 0; i < visitors; i++) {
    struct visitor *v = &h->visitor[i];
    if (fd[i + 1].revents) treat(h, v, now);
    if (v->fd >= 0 && v->due > 0 && now >= v->due) answer(v);
    if (v->fd >= 0) h->visitor[kept++] = *v;
  }
  h->visitors = kept;
  if (fd[0].revents) welcome(h);
}

static void *serve(void *self) {
  struct bad_hub *h = self;
  while (!atomic_load(&h->ends)) turn(h);
  return NULL;
}

bool bad_hub_open(enum bad_way way, struct bad_hub **hub, struct problem *problem) {
  struct bad_hub *h = *hub = calloc(1, sizeof *h);
  struct sockaddr_in at = {.sin_family = AF_INET};
  socklen_t size = sizeof at;
  if (!h) return problem_set(problem, "内存不足", "out of memory");
  h->way = way, h->listener = -1;
  if (!bell_init(&h->visited)) return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  h->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (h->listener < 0 || bind(h->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(h->listener, VISITORS) != 0 ||
      getsockname(h->listener, (struct sockaddr *)&at, &size) != 0)
    return problem_system(problem, errno, "端口打不开", "can't open a port", "127.0.0.1");
  h->port = ntohs(at.sin_port);
  h->runs = pthread_create(&h->thread, NULL, serve, h) == 0;
  return h->runs || problem_set(problem, "内存不足", "out of memory");
}

int bad_hub_port(const struct bad_hub *h) { return h->port; }

bool bad_hub_visited(struct bad_hub *h) { return bell_wait(&h->visited, PATIENCE_MS); }

void bad_hub_close(struct bad_hub *h) {
  if (!h) return;
  atomic_store(&h->ends, true);
  if (h->runs) pthread_join(h->thread, NULL);
  for (int i = 0; i < h->visitors; i++) close(h->visitor[i].fd);
  if (h->listener >= 0) close(h->listener);
  bell_fini(&h->visited);
  free(h);
}
