/* SPDX-License-Identifier: Apache-2.0
 * The server: bounds everything that a phone, or whoever is on the same network, could let grow (headers, body, time,
 * connections, who waits), finds the route and who asks, and leaves the rest to the route.
 */
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "httpd/httpd.h"
#include "monitor/inner.h"

enum {
  HEADERS_MOST = 16 * 1024,
  CONNECTIONS_OF_ONE = 12,
  QUIET_S = 20,            /* a connection on which nothing moves */
  REQUEST_MS = 30 * 1000,  /* from the last answer, or the beginning, to the next request's end */
  GREETING_MS = 5,         /* while somebody's handshake isn't over, answers go on after this long */
  IGNORED_MOST = 64 * 1024 /* of a body that nobody wants */
};

/* --- answers --- */

void answer_json(struct asked *r, int status, json_t *object) {
  struct answer *a = &r->answer;
  a->body = object ? json_dumps(object, JSON_COMPACT) : NULL;
  a->status = a->body ? status : 503;
  a->len = a->body ? strlen(a->body) : 0;
  a->type = status >= 400 ? "application/problem+json" : "application/json";
  json_decref(object);
}

void answer_problem(struct asked *r, int status, const char *zh, const char *en) {
  struct problem problem;
  problem_set(&problem, "%1$s%2$.0s", "%1$.0s%2$s", zh, en);
  answer_json(r, status, httpd_problem(status, &problem));
  if (status == 503 || status == 429) r->answer.retry_after_s = 1;
}

static enum MHD_Result send_answer(struct monitor *m, struct asked *r) {
  static const char policy[] =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  struct answer *a = &r->answer;
  char seconds[16];
  const enum MHD_ResponseMemoryMode mode = a->kept ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_FREE;
  struct MHD_Response *response = MHD_create_response_from_buffer(a->len, a->body, mode);
  if (!response) return MHD_NO;
  a->body = NULL;
  if (a->type) MHD_add_response_header(response, "Content-Type", a->type);
  if (a->etag[0]) MHD_add_response_header(response, "ETag", a->etag);
  if (a->status == 405) MHD_add_response_header(response, "Allow", a->allow);
  if (a->cookie[0]) MHD_add_response_header(response, "Set-Cookie", a->cookie);
  MHD_add_response_header(response, "Cache-Control", a->etag[0] ? "no-cache" : "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
  MHD_add_response_header(response, "Content-Security-Policy", policy);
  if (a->retry_after_s) {
    snprintf(seconds, sizeof seconds, "%d", a->retry_after_s);
    MHD_add_response_header(response, "Retry-After", seconds);
  }
  m->state->answers[a->status / 100 % 6]++;
  const enum MHD_Result result = MHD_queue_response(r->connection, (unsigned)a->status, response);
  MHD_destroy_response(response);
  return result;
}

/* --- a request --- */

/* NULL: none; `allow`: the methods that the path takes, "" for a path that isn't there. */
static const struct route *find_route(const char *method, const char *path, char allow[HTTPD_ALLOW]) {
  const char *wanted = strcmp(method, "HEAD") ? method : "GET";
  allow[0] = '\0';
  for (const struct route *r = routes; r->method; r++) {
    if (strcmp(r->path, path) != 0) continue;
    if (!strcmp(r->method, wanted)) return r;
    httpd_allow(allow, r->method);
  }
  return NULL;
}

static void find_who(struct monitor *m, struct asked *r) {
  const char *cookie = MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, "yingbin");
  const struct monitor_inner *s = m->state;
  uint8_t hash[PHONE_HASH];
  if (!m->tls || !cookie || strlen(cookie) >= PHONE_TOKEN) return;
  crypto_generichash(hash, sizeof hash, (const uint8_t *)cookie, strlen(cookie), NULL, 0);
  for (int i = 0; i < PHONES_MAX; i++) {
    const struct phone_session *p = &s->board.phone[i];
    if (p->number && p->until_mono_ms > s->now.mono_ms && !sodium_memcmp(p->hash, hash, sizeof hash)) r->who = *p;
  }
}

/* A page of elsewhere can't send this type without asking us first, which nothing here allows. */
static bool is_json(struct asked *r) {
  const char *type = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Type");
  return type && !strncasecmp(type, "application/json", 16);
}

static void look_at(struct monitor *m, struct asked *r, const char *method, const char *path) {
  const char *length = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Length");
  r->route = find_route(method, path, r->answer.allow);
  if (httpd_ambiguous(r->connection))
    answer_problem(r, 400, "同一个请求头出现了两次，或长度和分块同时给出：请只给一个",
                   "a header is there twice, or a length beside chunks: send one of them");
  else if (!r->route && r->answer.allow[0])
    answer_problem(r, 405, "这个地址支持别的请求方法，见 Allow", "this address takes other methods: see Allow");
  else if (!r->route)
    answer_problem(r, 404, "没有这个地址", "there is no such address");
  else if (length && strtoull(length, NULL, 10) > BODY_MOST)
    answer_problem(r, 413, "内容太大", "the body is too large");
  else if (!strcmp(method, "POST") && !is_json(r))
    answer_problem(r, 400, "内容应是 application/json", "the body has to be application/json");
  if (r->answer.status) return;
  find_who(m, r);
  if (!r->route->phone) return;
  if (!m->tls)
    answer_problem(r, 403, "这台签到机的手机页面没有加密（monitor_tls = off），只能看人数",
                   "this kiosk's page is not encrypted (monitor_tls = off): counts only");
  else if (!r->who.number)
    answer_problem(r, 401, "请在签到机的值班台点“手机值班”，再扫一次那里的码",
                   "on the kiosk's staff console choose \"Phone\" and scan the code there again");
}

static enum MHD_Result receive(struct monitor *m, struct asked *r, const char *bytes, size_t *len) {
  const size_t n = *len;
  (void)m;
  *len = 0;
  r->too_large = r->too_large || r->len + n > BODY_MOST;
  if (r->too_large) return (r->len += n) > IGNORED_MOST ? MHD_NO : MHD_YES; /* then the answer, or the end */
  memcpy(r->body + r->len, bytes, n);
  r->len += n;
  return MHD_YES;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *bytes, size_t *len, void **context) {
  struct monitor *m = self;
  struct asked *r = *context;
  (void)version;
  if (!r) {
    r = *context = calloc(1, sizeof *r);
    if (!r) return MHD_NO;
    r->connection = connection;
    r->since_ms = m->state->now.mono_ms;
    look_at(m, r, method, path);
    return r->answer.status ? send_answer(m, r) : MHD_YES;
  }
  if (*len) return receive(m, r, bytes, len);
  if (r->too_large) answer_problem(r, 413, "内容太大", "the body is too large");
  if (!r->answer.status) r->route->serve(m, r);
  if (r->answer.status) return send_answer(m, r);
  if (r->route->tell && desk_ask(m, r)) {
    MHD_suspend_connection(connection);
    return MHD_YES;
  }
  answer_problem(r, 503, "签到机正忙，请再试一次", "the kiosk is busy; try again");
  return send_answer(m, r);
}

static void on_end(void *self, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why) {
  struct monitor *m = self;
  struct asked *r = *context;
  (void)why;
  httpd_line_anew(connection);
  if (!r) return;
  desk_forget(m, r);
  if (!r->answer.kept && r->answer.body) free(r->answer.body);
  sodium_memzero(r, sizeof *r);
  free(r);
  *context = NULL;
}

/* --- start, turns, stop --- */

bool serve_open(struct monitor *m, struct problem *problem) {
  struct monitor_inner *s = m->state;
  if (m->tls && !s->cert.pem) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/monitor.pem", m->data);
    if (!cert_open(path, m->kiosk, &s->cert, problem)) return false;
  }
  if (!s->lines) s->lines = httpd_lines_new(CONNECTIONS_MOST, REQUEST_MS);
  if (!s->lines) return problem_set(problem, "内存不足", "out of memory");
  const struct httpd_options o = {.setting = "monitor",
                                  .listen = m->listen,
                                  .cert = m->tls ? s->cert.pem : NULL,
                                  .key = m->tls ? s->cert.pem : NULL,
                                  .connections = CONNECTIONS_MOST,
                                  .connections_of_one = CONNECTIONS_OF_ONE,
                                  .quiet_s = QUIET_S,
                                  .headers = HEADERS_MOST,
                                  .on_request = on_request,
                                  .on_end = on_end,
                                  .lines = s->lines,
                                  .self = m};
  s->daemon = httpd_start(&o, problem);
  if (!s->daemon) return false;
  m->bell->also = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  return true;
}

void serve_close(struct monitor *m) {
  struct monitor_inner *s = m->state;
  m->bell->also = -1;
  desk_drop_all(m);
  if (s->daemon) MHD_run(s->daemon);
  if (s->daemon) MHD_stop_daemon(s->daemon);
  s->daemon = NULL;
  httpd_lines_free(s->lines);
  s->lines = NULL;
}

void serve_run(struct monitor *m) {
  struct monitor_inner *s = m->state;
  httpd_lines_step(s->lines, s->now.mono_ms);
  MHD_run(s->daemon);
}

int64_t serve_due(const struct monitor *m) {
  const struct monitor_inner *s = m->state;
  MHD_UNSIGNED_LONG_LONG wait;
  const bool waits = MHD_get_timeout(s->daemon, &wait) == MHD_YES && wait < INT32_MAX;
  if (waits && wait == 0 && httpd_lines_greeting(s->lines)) wait = GREETING_MS;
  const int64_t due = waits ? s->now.mono_ms + (int64_t)wait : INT64_MAX;
  const int64_t patience = httpd_lines_step(s->lines, s->now.mono_ms);
  return due < patience ? due : patience;
}

uint16_t monitor_port(const struct monitor *m) {
  const union MHD_DaemonInfo *info =
      m->state && m->state->daemon ? MHD_get_daemon_info(m->state->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
  return info ? info->port : 0;
}
