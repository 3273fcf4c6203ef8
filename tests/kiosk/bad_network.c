/* SPDX-License-Identifier: Apache-2.0
 * A bad network between a kiosk and its hub, for the stories: bad_network HUB_PORT SEED listens on a port of its own, which it
 * prints, and does to each HTTP exchange what the next card of a shuffled deck says. SIGUSR1 mends the network; SIGUSR2 prints
 * how often each card has come, as a JSON line; SIGTERM prints that and ends it.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "between.h"

enum card {
  PASS,
  DELAY,        /* the answer comes in pieces, each of them late */
  LATE,         /* the hub did it; the answer comes when nobody waits any more */
  HALF_OPEN,    /* the request goes nowhere, the hub has half of it for as long, and no connection ends */
  HALF_REQUEST, /* the hub gets half of it, and both connections end */
  HALF_ANSWER,
  RESET_BEFORE, /* nothing of it reaches the hub */
  RESET_AFTER,  /* all of it does, and no answer comes back */
  REPEAT,       /* the hub gets it twice */
  PORTAL,       /* somebody else answers: 200, and a page that asks for a sign-in */
  CARDS
};
static const char *const names[CARDS] = {"pass",        "delay",        "late",        "half_open", "half_request",
                                         "half_answer", "reset_before", "reset_after", "repeat",    "portal"};

enum { PASSES = 3, DECK = CARDS - 1 + PASSES, MOST = 8 << 20, HOLD_MS = 60 * 1000, PIECES = 4, PIECE_MS = 60 };

static struct {
  uint64_t state;
  uint16_t hub;
  enum card deck[DECK];
  int left, count[CARDS];
  bool calm;
  pthread_mutex_t lock;
} net = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct bytes {
  char *at; /* owned */
  size_t len;
};

static uint64_t draw(void) { /* splitmix64 */
  uint64_t z = net.state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static enum card next_card(void) {
  pthread_mutex_lock(&net.lock);
  if (net.left == 0) {
    for (int i = 0; i < DECK; i++) net.deck[i] = i < CARDS ? (enum card)i : PASS;
    for (int i = DECK - 1; i > 0; i--) {
      const int j = (int)(draw() % (uint64_t)(i + 1));
      const enum card card = net.deck[i];
      net.deck[i] = net.deck[j];
      net.deck[j] = card;
    }
    net.left = DECK;
  }
  const enum card card = net.calm ? PASS : net.deck[--net.left];
  net.count[card]++;
  pthread_mutex_unlock(&net.lock);
  return card;
}

static bool ends_with(const struct bytes *b, const char *tail) {
  const size_t n = strlen(tail);
  return b->len >= n && !memcmp(b->at + b->len - n, tail, n);
}

/* Its headers and as much behind them as they say. */
static bool is_whole(const struct bytes *b) {
  const char *end = memmem(b->at, b->len, "\r\n\r\n", 4);
  if (!end) return false;
  const size_t head = (size_t)(end + 4 - b->at);
  for (const char *line = b->at; line < end; line = strstr(line, "\r\n") + 2) {
    if (!strncasecmp(line, "content-length:", 15)) return b->len >= head + strtoull(line + 15, NULL, 10);
    if (!strncasecmp(line, "transfer-encoding: chunked", 26)) return ends_with(b, "\r\n0\r\n\r\n");
  }
  return true;
}

static bool read_message(int fd, struct bytes *b) {
  b->len = 0;
  while (b->len < MOST) {
    const ssize_t n = recv(fd, b->at + b->len, MOST - b->len, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    b->len += (size_t)n;
    b->at[b->len] = '\0';
    if (is_whole(b)) return true;
  }
  return false;
}

static int connect_hub(void) {
  const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(net.hub), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

static bool ask_hub(const struct bytes *request, struct bytes *answer) {
  const int hub = connect_hub();
  const bool good = hub >= 0 && send_all(hub, request->at, request->len) && read_message(hub, answer);
  if (hub >= 0) close(hub);
  return good;
}

/* Until whoever asked has given up. */
static void hold(int client) {
  struct pollfd p = {.fd = client, .events = POLLIN | POLLRDHUP};
  while (poll(&p, 1, HOLD_MS) < 0 && errno == EINTR) {
  }
}

static void set_reset(int fd) {
  const struct linger now = {.l_onoff = 1};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static bool in_pieces(int client, const struct bytes *answer) {
  for (size_t i = 0; i < PIECES; i++) {
    const size_t from = answer->len * i / PIECES, to = answer->len * (i + 1) / PIECES;
    struct pollfd p = {.fd = client, .events = POLLRDHUP};
    if (poll(&p, 1, PIECE_MS) > 0 || !send_all(client, answer->at + from, to - from)) return false;
  }
  return true;
}

static void half_to_hub(const struct bytes *request, int client_to_hold) {
  const int hub = connect_hub();
  if (hub < 0) return;
  send_all(hub, request->at, request->len / 2);
  if (client_to_hold >= 0) hold(client_to_hold);
  close(hub);
}

static bool say_portal(int client) {
  static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 44\r\n\r\n"
                             "<html><body>Please accept the terms.</body>\n";
  return send_all(client, page, sizeof page - 1);
}

/* False: the connection is at its end. */
static bool exchange(int client, struct bytes *request, struct bytes *answer) {
  if (!read_message(client, request)) return false;
  const enum card card = next_card();
  switch (card) {
  case HALF_OPEN: half_to_hub(request, client); return false;
  case HALF_REQUEST: half_to_hub(request, -1); return false;
  case RESET_BEFORE: set_reset(client); return false;
  case PORTAL: return say_portal(client);
  default: break;
  }
  if (card == REPEAT && !ask_hub(request, answer)) return false;
  if (!ask_hub(request, answer)) return false;
  switch (card) {
  case DELAY: return in_pieces(client, answer);
  case LATE: hold(client); return false;
  case HALF_ANSWER: send_all(client, answer->at, answer->len / 2); return false;
  case RESET_AFTER: set_reset(client); return false;
  default: return send_all(client, answer->at, answer->len);
  }
}

static void *serve(void *arg) {
  const int client = (int)(intptr_t)arg;
  struct bytes request = {.at = malloc(MOST + 1)}, answer = {.at = malloc(MOST + 1)};
  while (request.at && answer.at && exchange(client, &request, &answer)) {
  }
  close(client);
  free(request.at);
  free(answer.at);
  return NULL;
}

static void *tend_signals(void *arg) {
  for (int number; sigwait(arg, &number) == 0;) {
    pthread_mutex_lock(&net.lock);
    net.calm = net.calm || number == SIGUSR1;
    if (number != SIGUSR1) {
      for (int i = 0; i < CARDS; i++) printf("%s\"%s\":%d", i ? "," : "{", names[i], net.count[i]);
      puts("}");
      fflush(stdout);
    }
    pthread_mutex_unlock(&net.lock);
    if (number == SIGTERM) break;
  }
  _exit(0); /* threads come and go: a leak checker that stops them one by one may never be done */
}

int main(int argc, char **argv) {
  static sigset_t set;
  pthread_t id;
  if (argc != 3) return fputs("bad_network HUB_PORT SEED\n", stderr), 2;
  net.hub = (uint16_t)strtoul(argv[1], NULL, 10);
  net.state = strtoull(argv[2], NULL, 10);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGUSR2);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  const int fd = listen_here("bad_network");
  if (pthread_create(&id, NULL, tend_signals, &set)) return 1;
  for (;;) {
    const int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (pthread_create(&id, NULL, serve, (void *)(intptr_t)client) == 0)
      pthread_detach(id);
    else
      close(client);
  }
}
