/* SPDX-License-Identifier: Apache-2.0 */
#include "httpd/lines.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

struct line {
  struct httpd_lines *of;
  int fd;           /* libmicrohttpd's; -1: free */
  int64_t since_ms; /* INT64_MAX: it waits for us */
  bool asked;       /* something */
};

struct httpd_lines {
  pthread_mutex_t lock;
  int64_t patience_ms, now_ms;
  int most;
  struct line line[];
};

struct httpd_lines *httpd_lines_new(int most, int64_t patience_ms) {
  struct httpd_lines *l = calloc(1, sizeof *l + (size_t)most * sizeof *l->line);
  if (!l) return NULL;
  pthread_mutex_init(&l->lock, NULL);
  l->patience_ms = patience_ms;
  l->most = most;
  for (int i = 0; i < most; i++) l->line[i] = (struct line){.of = l, .fd = -1};
  return l;
}

void httpd_lines_free(struct httpd_lines *l) {
  if (!l) return;
  pthread_mutex_destroy(&l->lock);
  free(l);
}

/* libmicrohttpd closes what we shut; until it says so the number is no other connection's. */
int64_t httpd_lines_step(struct httpd_lines *l, int64_t now_ms) {
  int64_t due = INT64_MAX;
  pthread_mutex_lock(&l->lock);
  l->now_ms = now_ms;
  for (int i = 0; i < l->most; i++) {
    struct line *line = &l->line[i];
    if (line->fd < 0 || line->since_ms == INT64_MAX) continue;
    if (now_ms - line->since_ms >= l->patience_ms) {
      shutdown(line->fd, SHUT_RDWR);
      line->since_ms = now_ms;
    }
    if (line->since_ms + l->patience_ms < due) due = line->since_ms + l->patience_ms;
  }
  pthread_mutex_unlock(&l->lock);
  return due;
}

bool httpd_lines_greeting(struct httpd_lines *l) {
  bool any = false;
  pthread_mutex_lock(&l->lock);
  for (int i = 0; i < l->most && !any; i++) any = l->line[i].fd >= 0 && !l->line[i].asked;
  pthread_mutex_unlock(&l->lock);
  return any;
}

static struct line *line_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

void *httpd_line_asks(void *lines, const char *uri, struct MHD_Connection *connection) {
  struct httpd_lines *l = lines;
  struct line *line = line_of(connection);
  (void)uri;
  pthread_mutex_lock(&l->lock);
  if (line) line->asked = true;
  pthread_mutex_unlock(&l->lock);
  return NULL;
}

static void begin_anew(struct MHD_Connection *connection, bool waits) {
  struct line *line = line_of(connection);
  if (!line) return;
  pthread_mutex_lock(&line->of->lock);
  line->since_ms = waits ? INT64_MAX : line->of->now_ms;
  pthread_mutex_unlock(&line->of->lock);
}

void httpd_line_anew(struct MHD_Connection *connection) { begin_anew(connection, false); }

void httpd_line_waits(struct MHD_Connection *connection) { begin_anew(connection, true); }

void httpd_line_notify(void *lines, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode what) {
  struct httpd_lines *l = lines;
  struct line *line = *context;
  pthread_mutex_lock(&l->lock);
  if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
    if (line) line->fd = -1;
  } else {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    for (int i = 0; info && i < l->most; i++) {
      if (l->line[i].fd >= 0) continue;
      *context = line = &l->line[i];
      line->fd = info->connect_fd;
      line->since_ms = l->now_ms;
      line->asked = false;
      break;
    }
  }
  pthread_mutex_unlock(&l->lock);
}
