/* SPDX-License-Identifier: Apache-2.0
 * Every kiosk a connection of its own (epoll, one thread), which behaves as networks and kiosks do: it stalls in the middle
 * of a body, breaks off there or behind it, sends what was acknowledged once more, or begins again at an older record,
 * as one whose memory was lost. What it knows of the hub is what the hub answered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tools/bench/hub.h"

enum { SOURCES = 16 /* addresses; the hub bounds the connections of one */, TICK_MS = 5, AGAIN_MS = 40, GIVE_UP_S = 300 };
enum state { RESTS, SENDS, STALLS, READS, DONE };
enum fault { NO_FAULT, STALL, CUT_WITHIN, CUT_BEHIND, REPEAT, RESTART, FAULTS };

struct client {
  struct fleet_kiosk *kiosk;
  enum state state;
  enum fault fault; /* of this push */
  int fd, at;       /* -1: no connection; the batch that is next */
  bool in;          /* at the gate */
  double due, began;
  char head[320], reply[4096];
  size_t head_len, sent, got;
};

struct loop {
  struct fleet *fleet;
  struct world *world;
  struct hub_figures *figures;
  struct client *client; /* owned, one a kiosk */
  int epoll, slice;
  int from, gate; /* the slice's batches: nobody goes on to `gate` yet */
  int behind;     /* kiosks that haven't got there */
  uint64_t chance;
  double now, live_at, next_kill, progress;
  struct hub_watch *watch;   /* owned: dashboards beside the live ones; or NULL */
  struct hub_listen *listen; /* owned: kiosks that listen beside the second half of them; or NULL */
  struct problem *problem;
  bool failed;
};

static bool fail(struct loop *l, const struct client *c, const char *what) {
  if (!l->failed) problem_set(l->problem, "%s：%s", "%s: %s", c->kiosk->name, what);
  l->failed = true;
  return false;
}

/* --- connections --- */

static void hang_up(struct client *c, bool reset) {
  const struct linger now = {.l_onoff = 1};
  if (c->fd < 0) return;
  if (reset) setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(c->fd);
  c->fd = -1;
}

static void rest(struct loop *l, struct client *c, double ms) {
  c->state = RESTS;
  c->due = l->now + ms;
}

static bool dial(struct loop *l, struct client *c) {
  const int number = (int)(c - l->client);
  struct sockaddr_in from = {.sin_family = AF_INET}, to = from;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number % SOURCES));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons((uint16_t)l->world->port[number % l->world->options->hubs]);
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (c->fd >= 0) setsockopt(c->fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &yes, sizeof yes);
  if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&from, sizeof from) != 0 ||
      connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
    return false;
  return true;
}

/* A hub closes what was quiet for long, as while the controls had their turn. */
static void see_whether_closed(struct client *c) {
  char byte;
  if (c->fd >= 0 && recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) hang_up(c, false);
}

/* --- one push --- */

static const struct fleet_batch *batch_of(const struct client *c) { return &c->kiosk->batch[c->at]; }

static void begin(struct loop *l, struct client *c) {
  const struct fleet_batch *b = batch_of(c);
  const uint64_t luck = hub_chance(&l->chance) % 1000, faults = (uint64_t)l->world->options->faults;
  c->fault = luck < faults * (FAULTS - 1) ? (enum fault)(1 + luck / faults) : NO_FAULT;
  see_whether_closed(c);
  if (c->fd < 0) {
    if (!dial(l, c)) {
      l->figures->lost++;
      hang_up(c, false);
      return rest(l, c, AGAIN_MS);
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event);
  }
  c->head_len = (size_t)snprintf(c->head, sizeof c->head,
                                 "POST /v1/kiosks/%s/journal HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\n"
                                 "Content-Length: %zu\r\n\r\n",
                                 c->kiosk->name, c->kiosk->token, b->len);
  c->sent = c->got = 0;
  c->state = SENDS;
  c->began = l->now;
  if (c->at >= l->fleet->backlog) atomic_store(&c->kiosk->pushed_ms, (long long)l->now);
}

static void broke(struct loop *l, struct client *c) {
  l->figures->lost++;
  hang_up(c, false);
  rest(l, c, AGAIN_MS);
}

static void send_more(struct loop *l, struct client *c) {
  const struct fleet_batch *b = batch_of(c);
  const size_t all = c->head_len + b->len, stop = c->fault == STALL || c->fault == CUT_WITHIN ? all / 2 : all;
  while (c->sent < stop) {
    const size_t from = c->sent < c->head_len ? c->sent : c->head_len, body = c->sent - from;
    struct iovec part[2] = {{c->head + from, c->head_len - from}, {b->body + body, stop - c->head_len - body}};
    const struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
    const ssize_t n = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) return broke(l, c);
    c->sent += (size_t)n;
  }
  if (c->fault == STALL) {
    l->figures->stalls++;
    c->state = STALLS;
    c->due = l->now + (double)(hub_chance(&l->chance) % 500);
  } else if (c->fault == CUT_WITHIN || c->fault == CUT_BEHIND) {
    l->figures->cuts++;
    hang_up(c, true);
    rest(l, c, AGAIN_MS);
  } else {
    c->state = READS;
  }
}

/* --- its answer --- */

/* The whole answer's status, 0: not all of it is there. */
static int whole(struct client *c) {
  c->reply[c->got] = '\0';
  const char *end = strstr(c->reply, "\r\n\r\n"), *length = strcasestr(c->reply, "Content-Length:");
  if (!end || !length || length > end) return 0;
  const size_t all = (size_t)(end - c->reply) + 4 + strtoul(length + 15, NULL, 10);
  return c->got >= all ? atoi(c->reply + 9) : 0;
}

static int64_t number_of(const struct client *c, const char *key) {
  const char *at = strstr(c->reply, key);
  return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

/* When the next push is due: at once, where its gate is open; live ones one by one, each kiosk at another moment. */
static double due(const struct loop *l, const struct client *c) {
  const double place = (double)(c - l->client) / l->fleet->count;
  if (c->at < l->gate) return l->now;
  return l->live_at > 0 ? l->live_at + 1e3 * l->world->options->every * (c->at - l->fleet->backlog + place) : l->now + 1e9;
}

static void open_gate(struct loop *l) {
  const int backlog = l->fleet->backlog, slices = l->figures->control[0] && backlog > SLICES ? SLICES : backlog;
  l->from = l->gate;
  l->gate = l->figures->control[0] ? (++l->slice * backlog + slices - 1) / slices : backlog;
  l->behind = l->fleet->count;
  hub_phase_begin(&l->figures->backlog, l->world);
}

/* All are there: the controls have their turn with the same records; behind the last gate the live ones begin together. */
static void at_gate(struct loop *l) {
  const struct fleet_batch *b = l->fleet->kiosk[0].batch; /* all have as many in each */
  const int64_t before = l->from ? b[l->from - 1].to_seq : 0;
  hub_phase_end(&l->figures->backlog, l->world, l->fleet->count * (b[l->gate - 1].to_seq - before));
  for (int i = 0; i < CONTROLS_MOST && l->figures->control[i] && !l->failed; i++)
    l->failed = !hub_control_step(l->figures->control[i], l->from, l->gate, l->problem);
  if (l->gate == l->fleet->backlog && l->world->options->dashboards > 0)
    l->failed = l->failed || !hub_watch_start(l->world, &l->watch, l->problem);
  l->now = l->progress = clock_wall_ms();
  if (l->gate < l->fleet->backlog) {
    open_gate(l);
  } else {
    l->live_at = l->now;
    hub_phase_begin(&l->figures->live_cost, l->world);
  }
  for (int i = 0; i < l->fleet->count; i++) {
    l->client[i].in = l->live_at > 0;
    l->client[i].due = due(l, &l->client[i]);
  }
}

static void next(struct loop *l, struct client *c) {
  c->state = c->at == c->kiosk->batches ? DONE : RESTS;
  c->due = due(l, c);
  if (c->at != l->gate || c->in) return;
  c->in = true;
  if (--l->behind == 0) at_gate(l);
}

/* Half of the live ones come while nobody listens: the control of those that come when others do. */
static int half(const struct loop *l) { return l->fleet->backlog + l->world->options->live / 2; }

static struct samples *samples_of(const struct loop *l, const struct client *c) {
  if (c->at < l->fleet->backlog) return &l->figures->push;
  return l->listen && c->at >= half(l) ? &l->figures->listened : &l->figures->live;
}

/* All of them have asked when it returns; the time that took is nobody's. */
static void maybe_listen(struct loop *l, const struct client *c) {
  if (l->listen || l->world->options->listeners == 0 || l->live_at <= 0 || c->at < half(l)) return;
  const double before = clock_wall_ms();
  l->failed = l->failed || !hub_listen_start(l->world, l->fleet, &l->listen, l->problem);
  const double lasted = clock_wall_ms() - before;
  l->live_at += lasted, l->now += lasted, l->progress += lasted;
  for (int i = 0; i < l->fleet->count; i++)
    if (l->client[i].state == RESTS) l->client[i].due += lasted;
}

static void accepted(struct loop *l, struct client *c) {
  const struct fleet_batch *b = batch_of(c);
  char hex[2 * JOURNAL_CHAIN + 1];
  sodium_bin2hex(hex, sizeof hex, b->chain, JOURNAL_CHAIN);
  if (number_of(c, "\"acked_seq\":") != b->to_seq || !strstr(c->reply, hex)) {
    fail(l, c, "what was acknowledged isn't what was sent");
    return;
  }
  l->progress = l->now;
  if (c->fault == NO_FAULT) samples_add(samples_of(l, c), l->now - c->began);
  if (c->fault == REPEAT) {
    l->figures->repeats++;
    return rest(l, c, 0);
  }
  if (c->fault == RESTART && !c->in) {
    l->figures->restarts++;
    c->at = (int)(hub_chance(&l->chance) % (uint64_t)(c->at + 1));
    return rest(l, c, 0);
  }
  c->at++;
  maybe_listen(l, c);
  next(l, c);
}

/* 409: from behind the last record that the hub says it has. */
static void go_back(struct loop *l, struct client *c) {
  const int64_t expected = number_of(c, "\"expected_seq\":");
  int at = 0;
  while (at < c->kiosk->batches && c->kiosk->batch[at].to_seq < expected) at++;
  if (expected < 1 || at > c->at) fail(l, c, "the hub asks for what it never had a reason to");
  c->at = at;
  rest(l, c, 0);
}

static void answered(struct loop *l, struct client *c, int status) {
  l->figures->answers++;
  if (strcasestr(c->reply, "Connection: close")) hang_up(c, false);
  if (status == 200) return accepted(l, c);
  l->figures->refused++;
  if (status == 409) return go_back(l, c);
  if (status >= 500 || status == 429 || status == 408) return rest(l, c, AGAIN_MS);
  fail(l, c, c->reply);
}

static void read_more(struct loop *l, struct client *c) {
  ssize_t n;
  while ((n = recv(c->fd, c->reply + c->got, sizeof c->reply - 1 - c->got, MSG_DONTWAIT)) > 0) {
    c->got += (size_t)n;
    const int status = whole(c);
    if (status) return answered(l, c, status);
    if (c->got == sizeof c->reply - 1) {
      fail(l, c, "an answer without end");
      return;
    }
  }
  if (n == 0 || (errno != EAGAIN && errno != EINTR)) broke(l, c);
}

/* --- all of them --- */

static void wake(struct loop *l, struct client *c) {
  if (c->state == STALLS) {
    c->fault = NO_FAULT + FAULTS; /* goes on; isn't measured */
    c->state = SENDS;
    send_more(l, c);
  } else if (c->state == RESTS) {
    begin(l, c);
    if (c->state == SENDS) send_more(l, c);
  }
}

static void maybe_kill(struct loop *l) {
  const int killed = l->world->killed_hubs + l->world->killed_servers;
  if (killed == l->world->options->kills || l->now < l->next_kill) return;
  struct problem problem = {.en = ""};
  if (!world_ready(l->world, &problem)) {
    if (problem.en[0]) *l->problem = problem, l->failed = true;
    return;
  }
  if (!world_kill(l->world, hub_chance(&l->chance), l->problem)) l->failed = true;
  l->now = clock_wall_ms();
  l->next_kill = l->now + 20 + (double)(hub_chance(&l->chance) % 200);
}

/* Whether anybody still has something to do; with kills left, whoever is done begins anew. */
static bool step_all(struct loop *l) {
  bool busy = l->world->killed_hubs + l->world->killed_servers < l->world->options->kills || l->world->starting > 0;
  const bool more = busy;
  struct problem problem = {.en = ""};
  if (l->world->starting > 0 && !world_ready(l->world, &problem) && problem.en[0]) *l->problem = problem, l->failed = true;
  for (int i = 0; i < l->fleet->count && !l->failed; i++) {
    struct client *c = &l->client[i];
    if (c->state == DONE && more) {
      c->at = (int)(hub_chance(&l->chance) % (uint64_t)c->kiosk->batches);
      rest(l, c, 0);
    }
    if ((c->state == RESTS || c->state == STALLS) && c->due <= l->now) wake(l, c);
    busy = busy || c->state != DONE;
  }
  return busy;
}

static bool turn(struct loop *l) {
  struct epoll_event event[256];
  const int n = epoll_wait(l->epoll, event, 256, TICK_MS);
  l->now = clock_wall_ms();
  for (int i = 0; i < n && !l->failed; i++) {
    struct client *c = event[i].data.ptr;
    if (c->state == SENDS) send_more(l, c);
    if (c->state == READS) read_more(l, c);
    if (c->fd >= 0 && c->state == SENDS && event[i].events & (EPOLLERR | EPOLLHUP)) broke(l, c);
    if (c->fd >= 0 && c->state == RESTS && event[i].events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) hang_up(c, false);
    if (c->state == RESTS && c->due <= l->now) wake(l, c); /* the answer was the whole wait */
  }
  maybe_kill(l);
  if (l->now - l->progress > GIVE_UP_S * 1e3) return fail(l, l->client, "nothing was acknowledged for five minutes");
  return step_all(l) && !l->failed;
}

/* --- enrolment --- */

static void enrol_body(const struct fleet_kiosk *k, char *body, size_t size) {
  uint8_t said[256], sig[64];
  char key[65], signature[129];
  const int n = snprintf((char *)said, sizeof said, "yingbin enrol v1%c%s%c%s", 0, k->name, 0, k->setup);
  crypto_sign_detached(sig, NULL, said, (size_t)n, k->secret_key);
  snprintf(body, size, "{\"v\":1,\"kiosk\":\"%s\",\"token\":\"%s\",\"key\":\"%s\",\"sig\":\"%s\"}", k->name, k->setup,
           sodium_bin2hex(key, sizeof key, k->public_key, 32), sodium_bin2hex(signature, sizeof signature, sig, 64));
}

/* One request after another: that isn't what is measured. */
static bool enrol(struct loop *l, struct client *c) {
  char body[1024], head[1280];
  int status = 0;
  ssize_t n = 1;
  enrol_body(c->kiosk, body, sizeof body);
  const int len =
      snprintf(head, sizeof head, "POST /v1/enrol HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
               strlen(body), body);
  if (!dial(l, c) || send(c->fd, head, (size_t)len, MSG_NOSIGNAL) != len) return fail(l, c, "the hub doesn't take enrolments");
  for (c->got = 0; !status && n > 0; status = whole(c)) {
    n = recv(c->fd, c->reply + c->got, sizeof c->reply - 1 - c->got, 0);
    c->got += n > 0 ? (size_t)n : 0;
  }
  hang_up(c, false);
  const char *token = strstr(c->reply, "\"token\":\"");
  if (status != 200 || !token) return fail(l, c, c->reply);
  snprintf(c->kiosk->token, sizeof c->kiosk->token, "%.*s", (int)strcspn(token + 9, "\""), token + 9);
  return true;
}

bool hub_push_all(struct fleet *fleet, struct world *world, struct hub_figures *figures, struct problem *problem) {
  struct loop l = {.fleet = fleet, .world = world, .figures = figures, .problem = problem, .chance = world->options->seed};
  l.client = calloc((size_t)fleet->count, sizeof *l.client);
  l.epoll = epoll_create1(EPOLL_CLOEXEC);
  if (!l.client || l.epoll < 0) abort();
  for (int i = 0; i < fleet->count && !l.failed; i++) {
    l.client[i] = (struct client){.kiosk = &fleet->kiosk[i], .fd = -1};
    enrol(&l, &l.client[i]);
  }
  open_gate(&l);
  l.progress = l.now = clock_wall_ms();
  l.next_kill = l.now + 100;
  while (!l.failed && turn(&l)) {
  }
  world_memory(world);
  figures->watched = hub_watch_end(l.watch);
  figures->heard = hub_listen_end(l.listen);
  hub_phase_end(&figures->live_cost, world, (int64_t)fleet->count * world->options->live);
  for (int i = 0; i < fleet->count; i++) hang_up(&l.client[i], false);
  close(l.epoll);
  free(l.client);
  return !l.failed;
}
