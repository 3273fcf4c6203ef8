/* SPDX-License-Identifier: Apache-2.0
 * The way to the hub over real sockets, to a server that answers, breaks off, stalls, sends too much or elsewhere. Nothing
 * waits longer than it was told, and a kiosk that ends waits for nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "platform/uplink.h"
#include "scratch.h"

enum { SAID = 8192 };

enum manner { ANSWERS, RESETS, STALLS /* until we hang up */ };

struct server { /* each connection gets the same bytes */
  int listener;
  uint16_t port;
  pthread_t thread;
  enum manner manner;
  const char *bytes;
  atomic_int connections, waiting;
  char heard[SAID]; /* the last request */
};

static void serve_one(struct server *s, int fd) {
  size_t len = 0;
  ssize_t n;
  while (len < SAID - 1 && !memmem(s->heard, len, "\r\n\r\n", 4) && (n = recv(fd, s->heard + len, SAID - 1 - len, 0)) > 0)
    len += (size_t)n;
  s->heard[len] = '\0';
  if (s->bytes) send(fd, s->bytes, strlen(s->bytes), MSG_NOSIGNAL);
  if (s->manner == RESETS) {
    const struct linger hard = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  char rest[512];
  atomic_fetch_add(&s->waiting, 1);
  if (s->manner == STALLS) {
    while (recv(fd, rest, sizeof rest, 0) > 0) {
    }
  }
  close(fd);
}

static void *serve(void *self) {
  struct server *s = self;
  for (int fd; (fd = accept(s->listener, NULL, NULL)) >= 0;) {
    atomic_fetch_add(&s->connections, 1);
    serve_one(s, fd);
  }
  return NULL;
}

static void server_start(struct server *s, enum manner manner, const char *bytes) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof at;
  *s = (struct server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .manner = manner, .bytes = bytes};
  assert_int_equal(bind(s->listener, (struct sockaddr *)&at, len), 0);
  assert_int_equal(listen(s->listener, 16), 0);
  assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &len), 0);
  s->port = ntohs(at.sin_port);
  assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_deaf(struct server *s) { /* nobody listens there any more, and nobody else can */
  shutdown(s->listener, SHUT_RDWR);
  pthread_join(s->thread, NULL);
}

static void server_stop(struct server *s) {
  server_deaf(s);
  close(s->listener);
}

struct wire { /* one client, and what it asked for */
  struct tick clock;
  void *link;
  struct uplink_request request;
  struct uplink_answer answer;
  char url[128], into[256];
};

static void wire_open(struct wire *w, const struct server *s) {
  struct problem problem;
  memset(w, 0, sizeof *w);
  tick_system(&w->clock, true);
  assert_true(uplink_http_ops.open("", &w->clock, &w->link, &problem));
  snprintf(w->url, sizeof w->url, "http://127.0.0.1:%u/v1/thing", s->port);
  w->request = (struct uplink_request){
      .method = "GET", .url = w->url, .into = w->into, .room = sizeof w->into, .fd = -1, .limit_ms = 20 * 1000};
}

static enum uplink_outcome wire_ask(struct wire *w) {
  uplink_http_ops.exchange(w->link, &w->request, &w->answer);
  assert_true(w->answer.ended.mono_ms >= w->answer.began.mono_ms);
  return w->answer.outcome;
}

static void test_an_answer(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  server_start(
      &s, ANSWERS,
      "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json; charset=utf-8\r\nETag: \"abc\"\r\nRetry-After: 7\r\n"
      "Content-Length: 5\r\nConnection: close\r\n\r\nhello");
  wire_open(&w, &s);
  w.request.method = "POST";
  w.request.token = "tok-1";
  w.request.etag = "\"old\"";
  w.request.body = "bo\0dy";
  w.request.body_len = 5;
  assert_int_equal(wire_ask(&w), UPLINK_ANSWERED);
  assert_int_equal(w.answer.status, 409);
  assert_string_equal(w.answer.type, "application/problem+json");
  assert_string_equal(w.answer.etag, "\"abc\"");
  assert_int_equal(w.answer.retry_after_s, 7);
  assert_string_equal(w.into, "hello");
  assert_int_equal(w.answer.len, 5);
  assert_false(w.answer.tls);
  uplink_http_ops.close(w.link);
  server_stop(&s);
  assert_non_null(strstr(s.heard, "POST /v1/thing HTTP/1.1\r\n"));
  assert_non_null(strstr(s.heard, "Authorization: Bearer tok-1\r\n"));
  assert_non_null(strstr(s.heard, "If-None-Match: \"old\"\r\n"));
  assert_non_null(strstr(s.heard, "Content-Length: 5\r\n"));
  assert_null(strstr(s.heard, "Expect"));
}

static void test_nothing_is_followed_or_proxied(void **state) {
  (void)state;
  struct server s, proxy;
  struct wire w;
  char proxied[64];
  server_start(&s, ANSWERS,
               "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/portal\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  server_start(&proxy, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  snprintf(proxied, sizeof proxied, "http://127.0.0.1:%u", proxy.port);
  setenv("http_proxy", proxied, 1);
  setenv("ALL_PROXY", proxied, 1);
  wire_open(&w, &s);
  assert_int_equal(wire_ask(&w), UPLINK_ANSWERED);
  assert_int_equal(w.answer.status, 302);
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
  uplink_http_ops.close(w.link);
  server_stop(&s);
  server_stop(&proxy);
  assert_int_equal(atomic_load(&proxy.connections), 0);
}

static void test_other_schemes(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  server_start(&s, ANSWERS, NULL);
  wire_open(&w, &s);
  static const char *const urls[] = {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "nonsense"};
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
    w.request.url = urls[i];
    assert_int_equal(wire_ask(&w), UPLINK_FAILED);
    assert_true(w.answer.why[0]);
    assert_int_equal(w.answer.len, 0);
  }
  uplink_http_ops.close(w.link);
  server_stop(&s);
}

static void test_broken_answers(void **state) {
  (void)state;
  static const struct {
    enum manner manner;
    const char *bytes;
  } cases[] = {
      {ANSWERS, NULL},
      {RESETS, NULL},
      {ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf of it"},
      {RESETS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"},
      {ANSWERS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
      {ANSWERS, "SSH-2.0-OpenSSH_9.2\r\n"},
      {ANSWERS, "HTTP/1.1 200"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct server s;
    struct wire w;
    server_start(&s, cases[i].manner, cases[i].bytes);
    wire_open(&w, &s);
    assert_int_equal(wire_ask(&w), UPLINK_FAILED);
    assert_true(w.answer.why[0]);
    uplink_http_ops.close(w.link);
    server_stop(&s);
  }
}

static void test_nobody_there(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  server_start(&s, ANSWERS, NULL);
  wire_open(&w, &s);
  server_deaf(&s);
  assert_int_equal(wire_ask(&w), UPLINK_FAILED);
  close(s.listener);
  w.request.url = "http://nowhere.invalid/";
  assert_int_equal(wire_ask(&w), UPLINK_FAILED);
  uplink_http_ops.close(w.link);
}

static void test_bounds(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  struct scratch folder;
  static char large[600];
  const int head = snprintf(large, sizeof large, "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n");
  memset(large + head, 'x', 400);
  scratch_make(&folder);
  server_start(&s, ANSWERS, large);
  wire_open(&w, &s);
  assert_int_equal(wire_ask(&w), UPLINK_TOO_LARGE);
  for (int most = 399; most <= 400; most++) {
    w.request.fd = open(scratch_file(&folder, "body"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    w.request.most = most;
    assert_int_equal(wire_ask(&w), most == 400 ? UPLINK_ANSWERED : UPLINK_TOO_LARGE);
    assert_int_equal(lseek(w.request.fd, 0, SEEK_END), most == 400 ? 400 : 0);
    assert_string_equal(w.into, "");
    close(w.request.fd);
  }
  w.request.fd = open("/dev/full", O_WRONLY);
  assert_int_equal(wire_ask(&w), UPLINK_NOT_KEPT);
  assert_non_null(strstr(w.answer.why, "data folder"));
  close(w.request.fd);
  uplink_http_ops.close(w.link);
  server_stop(&s);
  scratch_remove(&folder);
}

/* What came of a file stays in it, and is no text: there is no room for it. */
static void test_half_a_file(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  struct scratch folder;
  static char half[2048];
  const int head = snprintf(half, sizeof half, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
  memset(half + head, 'x', sizeof half - (size_t)head - 1);
  scratch_make(&folder);
  server_start(&s, ANSWERS, half);
  wire_open(&w, &s);
  w.request.fd = open(scratch_file(&folder, "body"), O_RDWR | O_CREAT, 0600);
  w.request.most = 5000;
  w.request.room = 16;
  memset(w.into, '!', sizeof w.into);
  assert_int_equal(wire_ask(&w), UPLINK_FAILED);
  assert_true(lseek(w.request.fd, 0, SEEK_END) > (off_t)w.request.room);
  assert_int_equal(w.into[0], '\0');
  for (size_t i = 1; i < sizeof w.into; i++) assert_int_equal(w.into[i], '!');
  close(w.request.fd);
  uplink_http_ops.close(w.link);
  server_stop(&s);
  scratch_remove(&folder);
}

static void test_slices(void **state) {
  (void)state;
  static const struct {
    const char *answer;
    enum uplink_outcome outcome;
    int status;
    int64_t total;
    const char *kept;
  } cases[] = {
      {"206 Partial Content\r\nContent-Range: bytes 7-11/40\r\nETag: \"e\"\r\nContent-Length: 5\r\n\r\nhello", UPLINK_ANSWERED,
       206, 40, "hello"},
      {"206 Partial Content\r\nContent-Range: bytes 7-11/40\r\nContent-Length: 5\r\n\r\nhel", UPLINK_FAILED, 0, -1, "hel"},
      {"206 Partial Content\r\nContent-Range: bytes 8-12/40\r\nContent-Length: 5\r\n\r\nhello", UPLINK_FAILED, 0, -1, ""},
      {"206 Partial Content\r\nContent-Length: 5\r\n\r\nhello", UPLINK_FAILED, 0, -1, ""},
      {"206 Partial Content\r\nContent-Range: bytes 7-12/40\r\nContent-Length: 6\r\n\r\nhellos", UPLINK_TOO_LARGE, 0, -1, ""},
      {"200 OK\r\nETag: \"f\"\r\nContent-Length: 50000000\r\n\r\nhello", UPLINK_ANSWERED, 200, -1, ""},
      {"416 Range Not Satisfiable\r\nContent-Range: bytes */7\r\nContent-Length: 2\r\n\r\n{}", UPLINK_ANSWERED, 416, 7, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct server s;
    struct wire w;
    struct scratch folder;
    char bytes[512], kept[16] = "";
    snprintf(bytes, sizeof bytes, "HTTP/1.1 %s", cases[i].answer);
    scratch_make(&folder);
    server_start(&s, ANSWERS, bytes);
    wire_open(&w, &s);
    w.request.fd = open(scratch_file(&folder, "body"), O_RDWR | O_CREAT, 0600);
    w.request.slice = true;
    w.request.from = 7;
    w.request.most = 5;
    w.request.etag = "\"e\"";
    assert_int_equal(wire_ask(&w), cases[i].outcome);
    assert_int_equal(w.answer.status, cases[i].status);
    assert_int_equal(w.answer.total, cases[i].total);
    assert_int_equal(pread(w.request.fd, kept, sizeof kept - 1, 0), strlen(cases[i].kept));
    assert_string_equal(kept, cases[i].kept);
    close(w.request.fd);
    uplink_http_ops.close(w.link);
    server_stop(&s);
    scratch_remove(&folder);
    assert_non_null(strstr(s.heard, "Range: bytes=7-11\r\n"));
    assert_non_null(strstr(s.heard, "If-Range: \"e\"\r\n"));
    assert_null(strstr(s.heard, "If-None-Match"));
  }
}

static void test_a_stall_ends_in_time(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  server_start(&s, STALLS, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
  wire_open(&w, &s);
  w.request.limit_ms = 300;
  assert_int_equal(wire_ask(&w), UPLINK_FAILED);
  assert_non_null(strstr(w.answer.why, "timed out"));
  uplink_http_ops.close(w.link);
  server_stop(&s);
}

struct aborter {
  struct wire *wire;
  struct server *server;
};

static void *abort_it(void *self) {
  const struct aborter *a = self;
  while (atomic_load(&a->server->waiting) == 0) usleep(1000);
  uplink_http_ops.abort(a->wire->link);
  return NULL;
}

/* Its limit is far longer than this test may take. */
static void test_a_kiosk_that_ends_waits_for_nothing(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  pthread_t thread;
  server_start(&s, STALLS, NULL);
  wire_open(&w, &s);
  w.request.limit_ms = 3600 * 1000;
  struct aborter aborter = {&w, &s};
  assert_int_equal(pthread_create(&thread, NULL, abort_it, &aborter), 0);
  assert_int_equal(wire_ask(&w), UPLINK_ABORTED);
  pthread_join(thread, NULL);
  assert_int_equal(wire_ask(&w), UPLINK_ABORTED); /* and begins nothing any more */
  uplink_http_ops.close(w.link);
  server_stop(&s);
  assert_int_equal(atomic_load(&s.connections), 1);
}

static void test_a_token_adds_no_header(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  server_start(&s, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  wire_open(&w, &s);
  w.request.token = "a\r\nX-More: b";
  assert_int_equal(wire_ask(&w), UPLINK_FAILED);
  uplink_http_ops.close(w.link);
  server_stop(&s);
  assert_int_equal(atomic_load(&s.connections), 0);
}

/* Where a key is asked for, an address without TLS is nobody's. */
static void test_a_key_needs_tls(void **state) {
  (void)state;
  struct server s;
  struct wire w;
  server_start(&s, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  wire_open(&w, &s);
  w.request.token = "secret";
  w.request.spki = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  assert_int_equal(wire_ask(&w), UPLINK_OTHER_PEER);
  assert_non_null(strstr(w.answer.why, "https"));
  uplink_http_ops.close(w.link);
  server_stop(&s);
  assert_int_equal(atomic_load(&s.connections), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_answer),
      cmocka_unit_test(test_nothing_is_followed_or_proxied),
      cmocka_unit_test(test_other_schemes),
      cmocka_unit_test(test_broken_answers),
      cmocka_unit_test(test_nobody_there),
      cmocka_unit_test(test_bounds),
      cmocka_unit_test(test_half_a_file),
      cmocka_unit_test(test_slices),
      cmocka_unit_test(test_a_stall_ends_in_time),
      cmocka_unit_test(test_a_kiosk_that_ends_waits_for_nothing),
      cmocka_unit_test(test_a_token_adds_no_header),
      cmocka_unit_test(test_a_key_needs_tls),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
