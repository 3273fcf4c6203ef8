/* SPDX-License-Identifier: Apache-2.0 */
#include "httpd/httpd.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

bool httpd_address(const char *key, const char *listen, struct sockaddr_storage *out, struct problem *problem) {
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
                             "%1$s takes ADDR:PORT, like 0.0.0.0:8080 or [::]:8080, not %2$s", key, listen);
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
  case 429: return "Too many requests";
  case 504: return "Gateway timeout";
  default: return "Service unavailable";
  }
}

json_t *httpd_problem(int status, const struct problem *problem) {
  return json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", title_of(status), "status", status, "detail",
                   problem->en, "detail_zh", problem->zh);
}

size_t httpd_keep_escapes(void *self, struct MHD_Connection *connection, char *text) {
  (void)self, (void)connection;
  return strlen(text);
}

void httpd_log(void *self, const char *format, va_list args) {
  char text[512];
  (void)self;
  vsnprintf(text, sizeof text, format, args);
  text[strcspn(text, "\r\n")] = '\0';
  log_debug("libmicrohttpd: %s", text);
}
