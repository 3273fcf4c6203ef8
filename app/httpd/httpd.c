/* SPDX-License-Identifier: Apache-2.0 */
#include "httpd/httpd.h"

#include <netdb.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

enum { HTTPD_ONCE = 4 }; /* headers of which there is one at most */

bool httpd_address(const char *setting, const char *listen, struct sockaddr_storage *out, struct problem *problem) {
  char host[256];
  const char *colon = strrchr(listen, ':');
  struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found = NULL;
  size_t len = colon ? (size_t)(colon - listen) : sizeof host;
  const char *from = listen;
  if (colon && *listen == '[' && len >= 2 && listen[len - 1] == ']') from++, len -= 2;
  bool good = colon && len < sizeof host;
  if (good) {
    memcpy(host, from, len);
    host[len] = '\0';
    good = getaddrinfo(len ? host : NULL, colon + 1, &hints, &found) == 0;
  }
  if (good) memcpy(out, found->ai_addr, found->ai_addrlen);
  if (found) freeaddrinfo(found);
  return good || problem_set(problem, "%1$s 应是 地址:端口（如 0.0.0.0:8080 或 [::]:8080），而不是 %2$s",
                             "%1$s takes ADDR:PORT, like 0.0.0.0:8080 or [::]:8080, not %2$s", setting, listen);
}

static const char *title_of(int status) {
  switch (status) {
  case 400: return "Bad request";
  case 401: return "Unauthorized";
  case 403: return "Forbidden";
  case 404: return "Not found";
  case 405: return "Method not allowed";
  case 408: return "Request timeout";
  case 409: return "Conflict";
  case 413: return "Content too large";
  case 416: return "Range not satisfiable";
  case 429: return "Too many requests";
  case 504: return "Gateway timeout";
  default: return "Service unavailable";
  }
}

json_t *httpd_problem(int status, const struct problem *problem) {
  return json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", title_of(status), "status", status, "detail",
                   problem->en, "detail_zh", problem->zh);
}

void httpd_allow(char allow[HTTPD_ALLOW], const char *method) {
  const size_t used = strlen(allow);
  if (strstr(allow, method)) return;
  snprintf(allow + used, HTTPD_ALLOW - used, "%s%s%s", used ? ", " : "", method, strcmp(method, "GET") ? "" : ", HEAD");
}

static enum MHD_Result count_header(void *self, enum MHD_ValueKind kind, const char *key, const char *value) {
  static const char *const once[HTTPD_ONCE] = {"Content-Length", "Authorization", "Host", "Transfer-Encoding"};
  int *count = self;
  (void)kind, (void)value;
  for (int i = 0; i < HTTPD_ONCE; i++) count[i] += !strcasecmp(key, once[i]);
  return MHD_YES;
}

bool httpd_ambiguous(struct MHD_Connection *connection) {
  int count[HTTPD_ONCE] = {0};
  MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, count);
  for (int i = 0; i < HTTPD_ONCE; i++)
    if (count[i] > 1) return true;
  return count[0] && count[HTTPD_ONCE - 1];
}

/* Nothing that we give out has a name with a % in it: what is escaped stays so, and is found nowhere. */
static size_t keep_escapes(void *self, struct MHD_Connection *connection, char *text) {
  (void)self, (void)connection;
  return strlen(text);
}

static void tell(void *self, const char *format, va_list args) {
  char text[512];
  (void)self;
  vsnprintf(text, sizeof text, format, args);
  text[strcspn(text, "\r\n")] = '\0';
  log_debug("libmicrohttpd: %s", text);
}

/* With epoll, a thread of libmicrohttpd's own turns without a rest while a TLS handshake is half done, as of somebody who sends
 * four bytes and waits; with poll it waits, too. */
static unsigned way_of(const struct httpd_options *o) {
  if (!o->threads) return MHD_USE_EPOLL;
  return o->cert ? MHD_USE_POLL_INTERNAL_THREAD : MHD_USE_EPOLL_INTERNAL_THREAD;
}

struct MHD_Daemon *httpd_start(const struct httpd_options *o, struct problem *problem) {
  static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
  struct sockaddr_storage address;
  if (!httpd_address(o->setting, o->listen, &address, problem)) return NULL;
  struct MHD_OptionItem some[6] = {{MHD_OPTION_END, 0, NULL}};
  int n = 0;
  if (o->cert) {
    some[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)o->cert};
    some[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)o->key};
    some[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, priorities};
  }
  if (o->threads) some[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)o->threads, NULL};
  some[n++] = (struct MHD_OptionItem){MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)httpd_line_notify, o->lines};
  some[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
  unsigned flags = MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME | way_of(o);
  if (o->cert) flags |= MHD_USE_TLS;
  if (address.ss_family == AF_INET6) flags |= MHD_USE_IPv6;
  struct MHD_Daemon *daemon = MHD_start_daemon(
      flags, 0, NULL, NULL, o->on_request, o->self, MHD_OPTION_EXTERNAL_LOGGER, tell, NULL, MHD_OPTION_SOCK_ADDR, &address,
      MHD_OPTION_CONNECTION_LIMIT, o->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->connections_of_one,
      MHD_OPTION_CONNECTION_TIMEOUT, o->quiet_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, o->headers, MHD_OPTION_STRICT_FOR_CLIENT,
      1, MHD_OPTION_NOTIFY_COMPLETED, o->on_end, o->self, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
      MHD_OPTION_URI_LOG_CALLBACK, httpd_line_asks, o->lines, MHD_OPTION_ARRAY, some, MHD_OPTION_END);
  if (!daemon)
    problem_set(problem, "不能在 %2$s 上提供服务（%1$s）：端口被占用、没有权限，或证书和私钥不对",
                "can't serve at %2$s (%1$s): the port is taken, may not be used, or the certificate and its key are wrong",
                o->setting, o->listen);
  return daemon;
}
