/* SPDX-License-Identifier: Apache-2.0
 * Kiosks that hold questions open at the hub's server while all of them push, over one database and, with PostgreSQL, two hubs:
 * each hears of every other one's records, each once and in order, and of none of its own. For the thread sanitizer, too.
 */
#include "../unit/store_room.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/hub/hub.h"
#include "tools/hub/server.h"
#include "tools/hub/waiters.h"

enum { KIOSKS = 6, HUBS = 2, PUSHES = 40, MOST = 12 /* records of a push */ };

const struct route hub_routes[] = {{"GET", "/v1/events/{}/feed", true, false, 0, give_feed}, {.method = NULL}};

struct one_hub {
  struct hub hub;
  struct server *server;
};

struct kiosk {
  struct teller teller;
  struct one_hub *pushes_to, *listens_to;
  pthread_t pusher, listener;
  int64_t heard[KIOSKS]; /* the last seq of each */
  char cursor[128];
  bool failed;
};

static struct kiosk kiosks[KIOSKS];
static int64_t all; /* what each of them tells */

static void hub_start(struct one_hub *h, const struct store_ops *ops, const char *db) {
  struct problem problem;
  *h = (struct one_hub){.hub.store = ops};
  if (!ops->open(db, &h->hub.db, &problem)) fail_msg("%s", problem.en);
  ops->id(h->hub.db, h->hub.id);
  const struct server_options o = {.listen = "127.0.0.1:0", .threads = 3, .rate = 1000000};
  if (!waiters_open(ops, h->hub.db, &h->hub.waiters, &problem) || !server_start(&h->hub, &o, &h->server, &problem))
    fail_msg("%s", problem.en);
}

static void hub_stop(struct one_hub *h) {
  waiters_stop(h->hub.waiters);
  server_stop(h->server);
  waiters_close(h->hub.waiters);
  h->hub.store->close(h->hub.db);
}

/* --- pushing --- */

static void *push_all(void *self) {
  struct kiosk *k = self;
  struct hub *hub = &k->pushes_to->hub;
  struct telling *told = calloc(1, sizeof *told);
  int64_t added;
  k->failed = !told;
  for (int i = 0; !k->failed && i < PUSHES; i++) {
    teller_tell(&k->teller, told, 1 + i % MOST, "");
    for (int n = 0; n < told->batch.count; n++) {
      struct store_record *r = &told->batch.record[n];
      r->len =
          (size_t)snprintf(told->line[n], LINE_MOST, "{\"seq\":%lld,\"kind\":\"scan\",\"event\":\"meetup\",\"count\":%lld}",
                           (long long)r->seq, (long long)r->seq);
    }
    k->failed = hub->store->append(hub->db, &told->batch, &added) != STORE_DONE || added != told->batch.count;
    waiters_pushed(hub->waiters);
  }
  free(told);
  return NULL;
}

/* --- listening --- */

static FILE *dial(const struct one_hub *h) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(server_port(h->server))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return NULL;
  return fdopen(fd, "r+");
}

/* NULL: it was no answer. */
static json_t *ask(FILE *hub, const struct kiosk *k) {
  char line[512], request[512];
  size_t len = 0;
  int status = 0;
  const int n =
      snprintf(request, sizeof request,
               "GET /v1/events/meetup/feed?after=%s&wait=30 HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer token %s\r\n\r\n",
               k->cursor, k->teller.who.name);
  if (write(fileno(hub), request, (size_t)n) != n || !fgets(line, sizeof line, hub) ||
      sscanf(line, "HTTP/1.1 %d", &status) != 1)
    return NULL;
  while (fgets(line, sizeof line, hub) && strcmp(line, "\r\n") != 0) sscanf(line, "Content-Length: %zu", &len);
  char *body = calloc(1, len + 1);
  json_t *root = body && fread(body, 1, len, hub) == len && status == 200 ? json_loadb(body, len, 0, NULL) : NULL;
  free(body);
  return root;
}

static bool take(struct kiosk *k, const json_t *page) {
  json_t *record;
  size_t n;
  json_array_foreach(json_object_get(page, "records"), n, record) {
    const char *name = json_string_value(json_object_get(record, "kiosk"));
    const int from = name ? atoi(name + strlen("door-")) : -1;
    const int64_t seq = json_integer_value(json_object_get(record, "count"));
    if (from < 0 || from >= KIOSKS || &kiosks[from] == k || seq != k->heard[from] + 1) return false;
    k->heard[from] = seq;
  }
  return true;
}

static bool has_all(const struct kiosk *k) {
  for (int i = 0; i < KIOSKS; i++)
    if (&kiosks[i] != k && k->heard[i] < all) return false;
  return true;
}

static void *listen_all(void *self) {
  struct kiosk *k = self;
  FILE *hub = dial(k->listens_to);
  bool good = hub != NULL;
  while (good && !has_all(k)) {
    json_t *page = ask(hub, k);
    good = page && take(k, page);
    if (good) snprintf(k->cursor, sizeof k->cursor, "%s", json_string_value(json_object_get(page, "cursor")));
    json_decref(page);
  }
  if (hub) fclose(hub);
  return (void *)(uintptr_t)good;
}

/* A question that is held when the hub ends, or comes just then: an answer without a record, or a closed door. */
static void *ask_late(void *hub) {
  json_t *page = ask(hub, &kiosks[0]);
  const bool good = !page || json_array_size(json_object_get(page, "records")) == 0;
  json_decref(page);
  fclose(hub);
  return (void *)(uintptr_t)good;
}

static void all_of_them(struct room *r, struct one_hub *hub, int hubs) {
  pthread_t late;
  void *good;
  all = 0;
  for (int i = 0; i < PUSHES; i++) all += 1 + i % MOST;
  memset(kiosks, 0, sizeof kiosks);
  for (int i = 0; i < KIOSKS; i++) {
    char name[ID_MAX];
    snprintf(name, sizeof name, "door-%d", i);
    teller_enrol(r, &kiosks[i].teller, name);
    kiosks[i].pushes_to = &hub[i % hubs];
    kiosks[i].listens_to = &hub[(i + 1) % hubs];
  }
  for (int i = 0; i < KIOSKS; i++) {
    assert_int_equal(pthread_create(&kiosks[i].listener, NULL, listen_all, &kiosks[i]), 0);
    assert_int_equal(pthread_create(&kiosks[i].pusher, NULL, push_all, &kiosks[i]), 0);
  }
  for (int i = 0; i < KIOSKS; i++) {
    pthread_join(kiosks[i].pusher, NULL);
    assert_false(kiosks[i].failed);
    pthread_join(kiosks[i].listener, &good);
    assert_true((bool)(uintptr_t)good);
  }
  FILE *open = dial(kiosks[0].listens_to);
  assert_non_null(open);
  assert_int_equal(pthread_create(&late, NULL, ask_late, open), 0);
  for (int i = 0; i < hubs; i++) hub_stop(&hub[i]);
  pthread_join(late, &good);
  assert_true((bool)(uintptr_t)good);
}

static void test_one_hub(void **state) {
  struct room *r = *state;
  struct one_hub hub;
  hub_start(&hub, r->ops, r->db);
  all_of_them(r, &hub, 1);
}

static void test_two_hubs(void **state) {
  struct room *r = *state;
  struct one_hub hub[HUBS];
  for (int i = 0; i < HUBS; i++) hub_start(&hub[i], r->ops, r->db);
  all_of_them(r, hub, HUBS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_one_hub, room_sqlite, room_close),
      cmocka_unit_test_setup_teardown(test_one_hub, room_postgres, room_close),
      cmocka_unit_test_setup_teardown(test_two_hubs, room_postgres, room_close),
  };
  signal(SIGPIPE, SIG_IGN);
  return cmocka_run_group_tests(tests, room_server_start, room_server_stop);
}
