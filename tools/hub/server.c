/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/server.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"
#include "httpd/httpd.h"
#include "tools/hub/bodies.h"
#include "tools/hub/clock.h"
#include "tools/hub/limit.h"
#include "tools/hub/waiters.h"

enum {
  HEADERS_MOST = 16 * 1024,  /* kept, and wiped with each request, for each connection */
  QUIET_S = 15,              /* a connection on which nothing moves */
  REQUEST_MS = 30 * 1000,    /* a request that comes byte by byte */
  CONNECTIONS_MOST = 8192,   /* two a kiosk: on one of them it waits for news */
  CONNECTIONS_OF_ONE = 4096, /* a proxy has one address, too */
  IGNORED_MOST = 64 * 1024,  /* of a body that nobody wants */
  STREAM_BLOCK = 32 * 1024
};

struct server {
  struct hub *hub;
  struct MHD_Daemon *daemon;
  struct httpd_lines *lines;
  struct limit kiosks, strangers;
  struct bodies bodies;
  int64_t ahead_ms;
  pthread_mutex_t lock; /* of the streams */
  struct stream *streams;
  bool stopping, tls;
};

struct stream { /* an answer without an end; owned by its response */
  struct server *server;
  struct MHD_Connection *connection;
  struct reply_stream from;
  bool asleep, missed; /* suspended; woken while it was being filled */
  struct stream *next, *before;
};

struct pending { /* one request while it comes in; owned by its connection */
  const struct route *route;
  struct request request;
  struct body body;
  size_t declared, ignored; /* of its body; where it says nothing, as much as it may have */
  bool too_large;
  struct waiter waiter;
};

/* --- answers --- */

/* A reader that gives 0 is asked again at once: the connection sleeps until somebody wakes it. */
static ssize_t read_stream(void *self, uint64_t at, char *out, size_t size) {
  struct stream *t = self;
  (void)at;
  for (;;) {
    pthread_mutex_lock(&t->server->lock);
    t->missed = false;
    const bool stopping = t->server->stopping;
    pthread_mutex_unlock(&t->server->lock);
    const long len = stopping ? -1 : t->from.fill(t->from.self, out, size);
    if (len) return len > 0 ? len : MHD_CONTENT_READER_END_OF_STREAM;
    pthread_mutex_lock(&t->server->lock);
    t->asleep = !t->missed && !t->server->stopping;
    if (t->asleep) MHD_suspend_connection(t->connection);
    const bool asleep = t->asleep;
    pthread_mutex_unlock(&t->server->lock);
    if (asleep) return 0;
  }
}

static void end_stream(void *self) {
  struct stream *t = self;
  pthread_mutex_lock(&t->server->lock);
  *(t->before ? &t->before->next : &t->server->streams) = t->next;
  if (t->next) t->next->before = t->before;
  pthread_mutex_unlock(&t->server->lock);
  t->from.close(t->from.self);
  free(t);
}

static struct MHD_Response *stream_response(struct server *s, struct MHD_Connection *connection, struct reply *reply) {
  struct stream *t = calloc(1, sizeof *t);
  if (!t) {
    reply->stream.close(reply->stream.self);
    return NULL;
  }
  *t = (struct stream){.server = s, .connection = connection, .from = reply->stream};
  pthread_mutex_lock(&s->lock);
  t->next = s->streams;
  if (t->next) t->next->before = t;
  s->streams = t;
  pthread_mutex_unlock(&s->lock);
  struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, t, end_stream);
  if (!response) end_stream(t);
  return response;
}

static void add_page_headers(struct MHD_Response *response) {
  static const char *const headers[][2] = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"}};
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

/* Who sends what is no good is named, as far as it is known who it is. What a kiosk does in its daily round (409, a pack that
 * isn't there) is no news. */
static void tell_refused(const struct pending *p, int status, const char *why) {
  const char *kiosk = p->request.kiosk.name;
  if (status != 400 && status != 401 && status != 403 && status != 413) return;
  if (*kiosk)
    log_warn("kiosk %s sent what is refused with %d: %s", kiosk, status, why);
  else if (p->route && p->route->own)
    log_warn("somebody without a token of this hub says to be kiosk %s: refused with %d", p->request.segment[0], status);
}

static enum MHD_Result send_reply(struct server *s, struct MHD_Connection *connection, const struct pending *p,
                                  struct reply *reply) {
  struct MHD_Response *response;
  char seconds[16], disposition[128];
  if (reply->stream.fill)
    response = stream_response(s, connection, reply);
  else if (reply->fd >= 0)
    response = MHD_create_response_from_fd_at_offset64(reply->len, reply->fd, (uint64_t)reply->from);
  else
    response = MHD_create_response_from_buffer(reply->len, reply->body, MHD_RESPMEM_MUST_FREE);
  if (!response) {
    if (reply->fd >= 0) close(reply->fd);
    free(reply->body);
    return MHD_NO;
  }
  if (reply->type) MHD_add_response_header(response, "Content-Type", reply->type);
  if (reply->etag[0]) MHD_add_response_header(response, "ETag", reply->etag);
  if (reply->allow[0]) MHD_add_response_header(response, "Allow", reply->allow);
  if (reply->slices) MHD_add_response_header(response, "Accept-Ranges", "bytes");
  if (reply->range[0]) MHD_add_response_header(response, "Content-Range", reply->range);
  MHD_add_response_header(response, "Cache-Control", reply->etag[0] ? "no-cache" : "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  if (reply->page) add_page_headers(response);
  if (reply->cookie[0]) MHD_add_response_header(response, "Set-Cookie", reply->cookie);
  if (reply->save_as[0]) {
    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", reply->save_as);
    MHD_add_response_header(response, "Content-Disposition", disposition);
  }
  if (reply->status == 401) MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"yingbin\"");
  if (reply->retry_after_s) {
    snprintf(seconds, sizeof seconds, "%d", reply->retry_after_s);
    MHD_add_response_header(response, "Retry-After", seconds);
  }
  const int class = reply->status / 100;
  if (class >= 0 && class < STATUS_CLASSES) atomic_fetch_add(&s->hub->counts.answers[class], 1);
  tell_refused(p, reply->status, reply->why);
  const enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result refuse(struct server *s, struct MHD_Connection *connection, const struct pending *p, int status,
                              int retry_s, const char *zh, const char *en) {
  struct reply reply = {.fd = -1, .retry_after_s = retry_s};
  struct problem problem;
  problem_set(&problem, "%1$s%2$.0s", "%1$.0s%2$s", zh, en);
  reply_problem(&reply, status, &problem, NULL);
  return send_reply(s, connection, p, &reply);
}

static enum MHD_Result refuse_method(struct server *s, struct MHD_Connection *connection, const struct pending *p,
                                     const char *allow) {
  struct reply reply = {.fd = -1};
  struct problem problem;
  snprintf(reply.allow, sizeof reply.allow, "%s", allow);
  problem_set(&problem, "这个地址支持的请求方法：%s", "this address takes %s", allow);
  reply_problem(&reply, 405, &problem, NULL);
  return send_reply(s, connection, p, &reply);
}

/* --- routes --- */

/* The path with each {} of the pattern put into a segment. */
static bool matches(const char *pattern, const char *path, char segment[SEGMENTS_MAX][SEGMENT_MAX]) {
  int count = 0;
  while (*pattern) {
    if (pattern[0] == '{') {
      const size_t len = strcspn(path, "/");
      if (!len || len >= SEGMENT_MAX || count == SEGMENTS_MAX) return false;
      memcpy(segment[count], path, len);
      segment[count++][len] = '\0';
      path += len;
      pattern += 2;
    } else if (*pattern++ != *path++) {
      return false;
    }
  }
  return *path == '\0';
}

/* NULL: none; `allow`: the methods that the path takes, "" for a path that isn't there. HEAD is GET without its body. */
static const struct route *find_route(const char *method, const char *path, struct request *request, char allow[HTTPD_ALLOW]) {
  const char *wanted = strcmp(method, "HEAD") ? method : "GET";
  allow[0] = '\0';
  if (!utf8_valid(path, strlen(path))) return NULL;
  for (const struct route *r = hub_routes; r->method; r++) {
    if (!matches(r->path, path, request->segment)) continue;
    if (!strcmp(r->method, wanted)) return r;
    httpd_allow(allow, r->method);
  }
  return NULL;
}

/* --- who asks --- */

static void take_address(struct MHD_Connection *connection, struct request *r) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *from = info ? info->client_addr : NULL;
  r->from_len = !from ? 0 : from->sa_family == AF_INET ? 4 : from->sa_family == AF_INET6 ? 8 : 0;
  if (r->from_len == 4) memcpy(r->from, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
  if (r->from_len == 8) memcpy(r->from, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 8);
}

static bool within_rate(struct server *s, const struct request *r) {
  return !r->from_len || limit_take(&s->strangers, r->from, r->from_len, r->at_mono_ms);
}

static const char *bearer_of(struct MHD_Connection *connection) {
  static const char bearer[] = "Bearer ";
  const char *header = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
  return header && !strncasecmp(header, bearer, sizeof bearer - 1) ? header + sizeof bearer - 1 : NULL;
}

/* What a browser says of itself. */
static void take_browser(struct server *s, struct MHD_Connection *connection, struct request *r) {
  const char *cookie = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, "yingbin"),
             *page = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Yingbin"),
             *proto = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Forwarded-Proto");
  if (cookie && strlen(cookie) < sizeof r->session) strcpy(r->session, cookie);
  r->own_page = page && !strcmp(page, "page");
  r->tls = s->tls || (proto && !strcmp(proto, "https"));
}

/* NULL: go on; else its answer is queued. */
static bool admitted(struct server *s, struct MHD_Connection *connection, struct pending *p, enum MHD_Result *result) {
  const struct request *request = &p->request;
  uint8_t hash[STORE_HASH];
  if (!p->route->kiosk) {
    if (within_rate(s, request)) return true;
    *result = refuse(s, connection, p, 429, 1, "请求太多，请稍后再试", "too many requests; try again later");
    return false;
  }
  enum store_result known = STORE_NONE;
  if (request->bearer) {
    hub_hash(request->bearer, strlen(request->bearer), hash);
    known = s->hub->store->kiosk(s->hub->db, hash, &p->request.kiosk);
  }
  if (known == STORE_FAILED) {
    *result = refuse(s, connection, p, 503, 10, "数据库暂时不能读", "the database can't be read now");
  } else if (known != STORE_DONE) {
    *result = within_rate(s, request)
                  ? refuse(s, connection, p, 401, 0, "令牌不对：请用设置卡重新登记这台签到机",
                           "the token is missing or isn't one of this hub's: enrol this kiosk with a setup card")
                  : refuse(s, connection, p, 429, 1, "请求太多，请稍后再试", "too many requests; try again later");
  } else if (p->route->own && strcmp(request->segment[0], request->kiosk.name) != 0) {
    *result = refuse(s, connection, p, 403, 0, "这是另一台签到机的令牌", "the token is another kiosk's than the address says");
  } else if (!limit_take(&s->kiosks, request->kiosk.name, strlen(request->kiosk.name), request->at_mono_ms)) {
    *result = refuse(s, connection, p, 429, 1, "请求太多，请稍后再试", "too many requests; try again later");
  } else {
    return true;
  }
  return false;
}

/* --- a request --- */

static enum MHD_Result refuse_size(struct server *s, struct MHD_Connection *connection, const struct pending *p) {
  return refuse(s, connection, p, 413, 0, "内容太大：这个地址最多收那么多，请分成几次发",
                "the body is too large for this address: send it in parts");
}

static enum MHD_Result begin(struct server *s, struct MHD_Connection *connection, const char *method, const char *path,
                             void **context) {
  char allow[HTTPD_ALLOW];
  enum MHD_Result result;
  struct pending *p = calloc(1, sizeof *p);
  if (!p) return MHD_NO;
  *context = p;
  struct request *r = &p->request;
  r->at_ms = clock_ms(CLOCK_REALTIME) + s->ahead_ms;
  r->at_mono_ms = clock_ms(CLOCK_MONOTONIC);
  take_address(connection, r);
  take_browser(s, connection, r);
  r->bearer = bearer_of(connection);
  if (httpd_ambiguous(connection))
    return refuse(s, connection, p, 400, 0, "同一个请求头出现了两次，或长度和分块同时给出：请只给一个",
                  "a header is there twice, or a length beside chunks: send one of them");
  p->route = find_route(method, path, r, allow);
  if (!p->route && allow[0]) return refuse_method(s, connection, p, allow);
  if (!p->route)
    return refuse(s, connection, p, 404, 0, "没有这个地址：看板在 /，签到机的地址在 /v1/ 之下",
                  "there is no such address: the dashboard is at /, what kiosks ask for is under /v1/");
  if (!admitted(s, connection, p, &result)) return result;
  const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
  if (length && strtoull(length, NULL, 10) > p->route->most) return refuse_size(s, connection, p);
  p->declared = length ? strtoull(length, NULL, 10) : p->route->most;
  httpd_line_anew(connection);
  r->after = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "after");
  r->wait = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "wait");
  r->etag = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
  r->range = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Range");
  r->if_range = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-Range");
  return MHD_YES;
}

/* What comes while there is no room for it stays with libmicrohttpd, which asks again when it is resumed. */
static enum MHD_Result receive(struct server *s, struct MHD_Connection *connection, struct pending *p, const char *bytes,
                               size_t *len) {
  struct body *body = &p->body;
  const size_t n = *len;
  p->too_large = p->too_large || body->len + n > p->declared;
  if (!p->too_large && !body->bytes) {
    httpd_line_waits(connection);
    const enum bodies_room room = bodies_room(&s->bodies, body, connection, p->declared + 1);
    if (room != BODY_HAS_ROOM) return room == BODY_WAITS ? MHD_YES : MHD_NO;
    httpd_line_anew(connection);
  }
  *len = 0;
  if (p->too_large && (p->ignored += n) > IGNORED_MOST) { /* then the end, else the answer */
    tell_refused(p, 413, "a body that goes on and on");
    return MHD_NO;
  }
  if (p->too_large) return MHD_YES;
  memcpy(body->bytes + body->len, bytes, n);
  body->len += n;
  body->bytes[body->len] = '\0';
  return MHD_YES;
}

/* True: it is held, and asked again later. What came in between joining and the handler's look is seen by waiters_sleep. */
static bool hold(struct server *s, struct MHD_Connection *connection, struct pending *p, const struct reply *reply) {
  struct request *r = &p->request;
  struct waiter *w = &p->waiter;
  if (!w->joined) {
    *w = (struct waiter){.connection = connection,
                         .event = r->segment[0],
                         .kiosk = r->kiosk.name,
                         .after = reply->hold_after,
                         .until_ms = r->at_mono_ms + reply->hold_ms,
                         .woken = true};
    waiters_join(s->hub->waiters, w);
  }
  r->held_after = reply->hold_after;
  return waiters_sleep(s->hub->waiters, w, &r->last);
}

/* False: no answer yet. */
static bool ask_handler(struct server *s, struct MHD_Connection *connection, struct pending *p, struct reply *reply) {
  struct request *r = &p->request;
  for (;;) {
    *reply = (struct reply){.fd = -1};
    if (p->waiter.joined) {
      r->at_ms = clock_ms(CLOCK_REALTIME) + s->ahead_ms;
      r->held_ms = clock_ms(CLOCK_MONOTONIC) - r->at_mono_ms;
    }
    p->route->handler(s->hub, r, reply);
    if (!reply->hold_ms) return true;
    if (hold(s, connection, p, reply)) return false;
  }
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *bytes, size_t *len, void **context) {
  struct server *s = self;
  struct pending *p = *context;
  struct reply reply;
  (void)version;
  if (!p) return begin(s, connection, method, path, context);
  if (*len) return receive(s, connection, p, bytes, len);
  if (p->too_large) return refuse_size(s, connection, p);
  httpd_line_waits(connection);
  p->request.body = p->body.bytes ? p->body.bytes : "";
  p->request.len = p->body.len;
  atomic_fetch_add(&s->hub->counts.bytes, (long long)p->request.len);
  if (!ask_handler(s, connection, p, &reply)) return MHD_YES;
  bodies_free(&s->bodies, &p->body);
  return send_reply(s, connection, p, &reply);
}

static void on_end(void *self, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why) {
  struct pending *p = *context;
  struct server *s = self;
  (void)why;
  httpd_line_anew(connection);
  if (!p) return;
  waiters_leave(s->hub->waiters, &p->waiter);
  bodies_free(&s->bodies, &p->body);
  free(p);
  *context = NULL;
}

/* --- start and stop --- */

void server_look(struct server *s) { httpd_lines_step(s->lines, clock_ms(CLOCK_MONOTONIC)); }

static bool start_daemon(struct server *s, const struct server_options *o, struct problem *problem) {
  s->lines = httpd_lines_new(CONNECTIONS_MOST, REQUEST_MS);
  if (!s->lines) return problem_set(problem, "内存不足", "out of memory");
  server_look(s);
  const struct httpd_options options = {.setting = "listen",
                                        .listen = o->listen,
                                        .cert = o->cert,
                                        .key = o->key,
                                        .threads = (unsigned)o->threads,
                                        .connections = CONNECTIONS_MOST,
                                        .connections_of_one = CONNECTIONS_OF_ONE,
                                        .quiet_s = QUIET_S,
                                        .headers = HEADERS_MOST,
                                        .on_request = on_request,
                                        .on_end = on_end,
                                        .lines = s->lines,
                                        .self = s};
  s->daemon = httpd_start(&options, problem);
  return s->daemon != NULL;
}

bool server_start(struct hub *hub, const struct server_options *options, struct server **server, struct problem *problem) {
  struct server *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  s->hub = hub;
  s->ahead_ms = options->ahead_ms;
  s->tls = options->cert != NULL;
  pthread_mutex_init(&s->lock, NULL);
  bodies_init(&s->bodies);
  limit_init(&s->kiosks, options->rate);
  limit_init(&s->strangers, options->rate);
  *server = s;
  if (start_daemon(s, options, problem)) return true;
  server_stop(s);
  *server = NULL;
  return false;
}

void server_wake(struct server *s) {
  pthread_mutex_lock(&s->lock);
  for (struct stream *t = s->streams; t; t = t->next) {
    t->missed = true;
    if (t->asleep) MHD_resume_connection(t->connection);
    t->asleep = false;
  }
  pthread_mutex_unlock(&s->lock);
}

void server_stop(struct server *s) {
  if (!s) return;
  pthread_mutex_lock(&s->lock);
  s->stopping = true;
  pthread_mutex_unlock(&s->lock);
  server_wake(s);
  bodies_stop(&s->bodies);
  if (s->daemon) MHD_stop_daemon(s->daemon);
  httpd_lines_free(s->lines);
  pthread_mutex_destroy(&s->lock);
  bodies_fini(&s->bodies);
  limit_fini(&s->kiosks);
  limit_fini(&s->strangers);
  free(s);
}

uint16_t server_port(const struct server *s) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}
