/* SPDX-License-Identifier: Apache-2.0
 * A narrow link between a kiosk and its hub, for the stories: narrow_link HUB_PORT BYTES listens on a port of its own, which it
 * prints, and lets so many bytes a second come back from the hub. SIGUSR1: as many as come; SIGUSR2: it is cut, or mended. Each
 * of them prints how many bytes came back till then, as a JSON line, once it holds.
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
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "between.h"

enum { PIECE = 1024, LIVE = 64 };

static struct {
  uint16_t hub;
  long bytes_a_second;
  bool wide, cut;
  long long back;
  int64_t free_ms; /* when the link has carried what it was given */
  int live[LIVE];  /* -1: none */
  pthread_mutex_t lock;
} link_state = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct way {
  int from, to;
  bool back;
};

static int64_t now_ms(void) {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* How long a piece that comes back takes; -1: the link is cut. */
static int64_t carry(size_t n) {
  int64_t wait_ms = 0;
  pthread_mutex_lock(&link_state.lock);
  if (link_state.cut) {
    wait_ms = -1;
  } else if (!link_state.wide) {
    const int64_t now = now_ms();
    if (link_state.free_ms < now) link_state.free_ms = now;
    link_state.free_ms += (int64_t)n * 1000 / link_state.bytes_a_second;
    wait_ms = link_state.free_ms - now;
  }
  if (wait_ms >= 0) link_state.back += (long long)n;
  pthread_mutex_unlock(&link_state.lock);
  return wait_ms;
}

static void *move(void *arg) {
  const struct way *w = arg;
  char bytes[PIECE];
  for (ssize_t n; (n = recv(w->from, bytes, sizeof bytes, 0)) > 0;) {
    const int64_t wait_ms = w->back ? carry((size_t)n) : 0;
    if (wait_ms > 0) poll(NULL, 0, (int)wait_ms);
    if (wait_ms < 0 || !send_all(w->to, bytes, (size_t)n)) break;
  }
  shutdown(w->from, SHUT_RDWR);
  shutdown(w->to, SHUT_RDWR);
  return NULL;
}

/* False: the link is cut, or has too many already. */
static bool keep(int fd, int instead) {
  bool done = false;
  pthread_mutex_lock(&link_state.lock);
  for (int i = 0; i < LIVE && !done; i++) {
    if (link_state.live[i] != instead || (link_state.cut && fd >= 0)) continue;
    link_state.live[i] = fd;
    done = true;
  }
  pthread_mutex_unlock(&link_state.lock);
  return done;
}

static void *serve(void *arg) {
  const int client = (int)(intptr_t)arg, hub = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(link_state.hub), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct way up = {.from = client, .to = hub}, back = {.from = hub, .to = client, .back = true};
  pthread_t id;
  if (hub >= 0 && keep(client, -1)) {
    if (connect(hub, (const struct sockaddr *)&to, sizeof to) == 0 && pthread_create(&id, NULL, move, &up) == 0) {
      move(&back);
      pthread_join(id, NULL);
    }
    keep(-1, client);
  }
  close(client);
  if (hub >= 0) close(hub);
  return NULL;
}

static void take_signal(int number) {
  pthread_mutex_lock(&link_state.lock);
  if (number == SIGUSR1) link_state.wide = true;
  if (number == SIGUSR2) link_state.cut = !link_state.cut;
  for (int i = 0; i < LIVE && link_state.cut; i++)
    if (link_state.live[i] >= 0) shutdown(link_state.live[i], SHUT_RDWR);
  printf("{\"back\":%lld}\n", link_state.back);
  fflush(stdout);
  pthread_mutex_unlock(&link_state.lock);
}

static void *tend_signals(void *set) {
  for (int number; sigwait(set, &number) == 0;) {
    if (number == SIGTERM) break;
    take_signal(number);
  }
  _exit(0);
}

int main(int argc, char **argv) {
  static sigset_t set;
  pthread_t id;
  if (argc != 3 || strtol(argv[2], NULL, 10) <= 0) return fputs("narrow_link HUB_PORT BYTES\n", stderr), 2;
  link_state.hub = (uint16_t)strtoul(argv[1], NULL, 10);
  link_state.bytes_a_second = strtol(argv[2], NULL, 10);
  for (int i = 0; i < LIVE; i++) link_state.live[i] = -1;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGUSR2);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  const int fd = listen_here("narrow_link");
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
