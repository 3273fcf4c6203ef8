/* SPDX-License-Identifier: Apache-2.0
 * uplink by libcurl. A multi handle with one transfer, since that alone can be woken from another thread; its connection is
 * kept for the next exchange.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "platform/uplink.h"

enum {
  CONNECT_MS = 5000,
  SLOW_S = 15, /* fewer than SLOW_BYTES a second for so long: given up */
  SLOW_BYTES = 64,
  POLL_MS = 1000,
  KEEP_S = 60
};

struct http {
  struct tick *clock;
  CURLM *multi;
  CURL *easy;
  atomic_bool aborted;
};

struct transfer { /* one exchange while it runs */
  const struct uplink_request *request;
  struct uplink_answer *answer;
  CURL *easy;
  char error[CURL_ERROR_SIZE];
  bool to_file; /* its body is no text */
  bool too_large, file_failed, other_slice, unwanted;
};

static bool http_open(const char *address, struct tick *clock, void **self, struct problem *problem) {
  (void)address;
  struct http *h = calloc(1, sizeof *h);
  if (h && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
    h->clock = clock;
    atomic_init(&h->aborted, false);
    h->multi = curl_multi_init();
    h->easy = curl_easy_init();
  }
  *self = h;
  if (h && h->multi && h->easy) return true;
  uplink_http_ops.close(h);
  *self = NULL;
  return problem_set(problem, "内存不足，无法联网", "out of memory: no network");
}

static void http_close(void *self) {
  struct http *h = self;
  if (!h) return;
  curl_easy_cleanup(h->easy);
  curl_multi_cleanup(h->multi);
  free(h);
}

static void http_abort(void *self) {
  struct http *h = self;
  atomic_store(&h->aborted, true);
  curl_multi_wakeup(h->multi);
}

static bool write_whole(int fd, const char *bytes, size_t n) {
  for (size_t done = 0; done < n;) {
    const ssize_t w = write(fd, bytes + done, n - done);
    if (w < 0 && errno != EINTR) return false;
    if (w > 0) done += (size_t)w;
  }
  return true;
}

/* "bytes FIRST-LAST/TOTAL", or "bytes *" "/TOTAL": -1 for what isn't said. */
static void read_range(CURL *easy, int64_t *first, int64_t *total) {
  struct curl_header *header;
  long long from, to, all;
  *first = *total = -1;
  if (curl_easy_header(easy, "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return;
  if (sscanf(header->value, "bytes %18lld-%18lld/%18lld", &from, &to, &all) == 3 && from >= 0 && from <= to && to < all)
    *first = from, *total = all;
  else if (sscanf(header->value, "bytes */%18lld", &all) == 1 && all >= 0)
    *total = all;
}

static bool is_our_slice(const struct transfer *t) {
  int64_t first, total;
  read_range(t->easy, &first, &total);
  return first == t->request->from;
}

static void take_piece(struct transfer *t, long status, const char *bytes, size_t n) {
  const struct uplink_request *r = t->request;
  t->unwanted = r->slice && status == 200;
  t->to_file = r->fd >= 0 && status == (r->slice ? 206 : 200);
  t->other_slice = t->to_file && r->slice && !is_our_slice(t);
  if (t->unwanted || t->other_slice) return;
  const size_t have = t->answer->len;
  t->too_large = t->to_file ? (int64_t)(have + n) > r->most : have + n + 1 > r->room;
  if (t->too_large) return;
  if (t->to_file)
    t->file_failed = !write_whole(r->fd, bytes, n);
  else
    memcpy(r->into + have, bytes, n);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *self) {
  struct transfer *t = self;
  const size_t n = size * count;
  long status = 0;
  curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
  take_piece(t, status, bytes, n);
  if (t->unwanted || t->other_slice || t->too_large || t->file_failed) return CURL_WRITEFUNC_ERROR;
  t->answer->len += n;
  return n;
}

static void take_etag(CURL *easy, char etag[UPLINK_ETAG]) {
  struct curl_header *header;
  if (curl_easy_header(easy, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK && strlen(header->value) < UPLINK_ETAG)
    strcpy(etag, header->value);
}

static void take_head(CURL *easy, struct uplink_answer *a) {
  const char *type = NULL;
  long status = 0;
  curl_off_t seconds = 0;
  int64_t first;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
  a->status = (int)status;
  if (type) snprintf(a->type, sizeof a->type, "%.*s", (int)strcspn(type, "; \t"), type);
  a->retry_after_s = seconds > 0 ? (int32_t)(seconds < 3600 ? seconds : 3600) : -1;
  take_etag(easy, a->etag);
  read_range(easy, &first, &a->total);
}

static bool is_tls(const struct uplink_request *r) { return !strncasecmp(r->url, "https:", 6); }

static const char *why_failed(const struct transfer *t, CURLcode code) {
  return t->file_failed   ? "the data folder can't be written"
         : t->too_large   ? "the answer is too large"
         : t->other_slice ? "the answer is another slice than was asked for"
         : *t->error      ? t->error
                          : curl_easy_strerror(code);
}

static void settle(struct transfer *t, CURLcode code) {
  struct uplink_answer *a = t->answer;
  if (code == CURLE_OK || t->unwanted) {
    a->outcome = UPLINK_ANSWERED;
    a->tls = is_tls(t->request); /* else it would have failed */
    take_head(t->easy, a);
    return;
  }
  if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH || code == CURLE_PEER_FAILED_VERIFICATION)
    a->outcome = UPLINK_OTHER_PEER;
  else
    a->outcome = t->file_failed ? UPLINK_NOT_KEPT : t->too_large ? UPLINK_TOO_LARGE : UPLINK_FAILED;
  snprintf(a->why, sizeof a->why, "%.*s", UPLINK_WHY - 1, why_failed(t, code));
}

/* "sha256//" and base64, from 64 hex digits. */
static bool pin_of(const char *hex, char pin[64]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned char raw[33] = {0};
  char *out = pin + sprintf(pin, "sha256//");
  for (int i = 0; i < 32; i++) {
    char byte[3] = {hex[2 * i], hex[2 * i] ? hex[2 * i + 1] : '\0', '\0'}, *end;
    raw[i] = (unsigned char)strtoul(byte, &end, 16);
    if (end != byte + 2) return false;
  }
  for (int i = 0; i < 33; i += 3) {
    const unsigned three = (unsigned)raw[i] << 16 | (unsigned)raw[i + 1] << 8 | raw[i + 2];
    for (int k = 3; k >= 0; k--) *out++ = digits[three >> (6 * k) & 63];
  }
  out[-1] = '='; /* 32 bytes: one sign of padding */
  *out = '\0';
  return hex[64] == '\0';
}

static bool given(const char *text) { return text && *text; }

/* A pinned key is the whole proof: a laptop has a certificate of its own making. */
static bool set_trust(CURL *easy, const struct uplink_request *r) {
  char pin[64];
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (given(r->ca)) curl_easy_setopt(easy, CURLOPT_CAINFO, r->ca);
  if (!given(r->spki)) return true;
  if (!is_tls(r) || !pin_of(r->spki, pin)) return false; /* plain HTTP shows no key */
  curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, pin);
  if (given(r->ca)) return true;
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  return true;
}

static void set_limits(CURL *easy, const struct uplink_request *r) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a name that isn't resolved holds nobody up */
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)r->limit_ms);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, r->held ? 0L : (long)SLOW_S);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)KEEP_S);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "yingbin-kiosk/" YINGBIN_VERSION);
}

static bool add_header(struct curl_slist **list, const char *name, const char *value) {
  char line[UPLINK_TOKEN + 64];
  const int n = snprintf(line, sizeof line, "%s%s", name, value);
  if (n < 0 || (size_t)n >= sizeof line || strpbrk(value, "\r\n")) return false;
  struct curl_slist *more = curl_slist_append(*list, line);
  if (more) *list = more;
  return more != NULL;
}

static bool set_request(CURL *easy, const struct uplink_request *r, struct curl_slist **headers) {
  char range[64]; /* copied */
  bool good = add_header(headers, "Expect:", "") && set_trust(easy, r);
  snprintf(range, sizeof range, "%lld-%lld", (long long)r->from, (long long)(r->from + r->most - 1));
  set_limits(easy, r);
  curl_easy_setopt(easy, CURLOPT_URL, r->url);
  if (r->body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
    good = good && add_header(headers, "Content-Type: ", "application/octet-stream");
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, r->method);
  if (given(r->token)) good = good && add_header(headers, "Authorization: Bearer ", r->token);
  if (given(r->etag)) good = good && add_header(headers, r->slice ? "If-Range: " : "If-None-Match: ", r->etag);
  if (r->slice) curl_easy_setopt(easy, CURLOPT_RANGE, range);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, *headers);
  return good;
}

/* The transfer's result; CURLE_ABORTED_BY_CALLBACK where we are asked to end. */
static CURLcode run(struct http *h) {
  int running = 1, left;
  while (!atomic_load(&h->aborted)) {
    if (curl_multi_perform(h->multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    const CURLMsg *message = curl_multi_info_read(h->multi, &left);
    if (message && message->msg == CURLMSG_DONE) return message->data.result;
    if (curl_multi_poll(h->multi, NULL, 0, POLL_MS, NULL) != CURLM_OK) return CURLE_FAILED_INIT;
  }
  return CURLE_ABORTED_BY_CALLBACK;
}

static void http_exchange(void *self, const struct uplink_request *request, struct uplink_answer *answer) {
  struct http *h = self;
  struct curl_slist *headers = NULL;
  struct transfer t = {.request = request, .answer = answer, .easy = h->easy};
  *answer = (struct uplink_answer){.retry_after_s = -1, .total = -1, .began = tick_now(h->clock)};
  curl_easy_reset(h->easy); /* keeps connections */
  curl_easy_setopt(h->easy, CURLOPT_ERRORBUFFER, t.error);
  curl_easy_setopt(h->easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, &t);
  CURLcode code = CURLE_FAILED_INIT;
  if (set_request(h->easy, request, &headers) && curl_multi_add_handle(h->multi, h->easy) == CURLM_OK) {
    code = run(h);
    settle(&t, code);
    curl_multi_remove_handle(h->multi, h->easy);
  } else {
    settle(&t, code);
    if (given(request->spki) && !is_tls(request)) {
      answer->outcome = UPLINK_OTHER_PEER;
      snprintf(answer->why, sizeof answer->why, "the hub must show its key, and its address isn't https://");
    }
  }
  if (atomic_load(&h->aborted)) answer->outcome = UPLINK_ABORTED;
  if (request->into && request->room) request->into[t.to_file ? 0 : answer->len] = '\0';
  answer->ended = tick_now(h->clock);
  curl_slist_free_all(headers); /* also of the token */
}

const struct uplink_ops uplink_http_ops = {
    .scheme = "http", .two = true, .open = http_open, .exchange = http_exchange, .abort = http_abort, .close = http_close};
