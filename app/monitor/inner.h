/* SPDX-License-Identifier: Apache-2.0
 * What the files of monitor share: its state, a request from its first byte to its answer, and who answers it. All on
 * monitor's own thread.
 */
#ifndef YINGBIN_MONITOR_INNER_H
#define YINGBIN_MONITOR_INNER_H

#include <jansson.h>
#include <microhttpd.h>

#include "httpd/httpd.h"
#include "httpd/lines.h"
#include "monitor/monitor.h"
#include "tls/cert.h"

enum { BODY_MOST = 4096, CONNECTIONS_MOST = 64, FILES = 7, ETAG = 40 };

struct answer { /* to one request */
  int status;   /* 0: not yet */
  const char *type;
  char *body; /* owned, unless `kept` */
  size_t len;
  bool kept;
  char etag[ETAG];  /* quoted; empty: none */
  char cookie[160]; /* Set-Cookie; empty: none */
  char allow[HTTPD_ALLOW];
  int retry_after_s;
};

struct asked { /* one request; owned by its connection */
  const struct route *route;
  struct MHD_Connection *connection;
  struct phone_session who; /* number 0: nobody */
  char body[BODY_MOST + 1];
  size_t len;
  bool too_large, waits; /* waits: suspended, until desk has answered */
  int64_t since_ms;
  struct staff_request request; /* to desk, where it waits */
  struct asked *next;           /* who waits behind it */
  struct answer answer;
};

struct route {
  const char *method, *path;
  bool phone; /* needs somebody signed in, and TLS */
  /* Fills r->answer, or r->request and is then answered by `tell`. */
  void (*serve)(struct monitor *m, struct asked *r);
  void (*tell)(struct monitor *m, struct asked *r, const struct staff_answer *a); /* NULL: needs no desk */
};

struct page { /* a file of the web folder, some of which the hub's page has, too */
  const char *path, *name, *type;
};
extern const struct page pages[FILES]; /* monitor.c */

struct file {  /* of the page, read at the start */
  char *bytes; /* owned */
  size_t len;
  char etag[ETAG];
};

struct monitor_inner {
  struct MHD_Daemon *daemon;
  struct cert cert;
  struct file file[FILES];
  struct httpd_lines *lines;
  struct moment now;
  struct monitor_health health;
  int64_t open_due_ms, address_due_ms;

  struct board board;
  struct watch_health watch;
  struct sync_health sync;
  uint64_t board_seen, watch_seen, sync_seen;

  struct asked *first, *last; /* who waits for desk; the first one's request is with it where `serial` is set */
  int waiting;
  uint32_t serial, serials; /* of the request that desk has; 0: none */
  int64_t sent_ms;
  struct staff_answer told; /* large */
  long long answers[6];     /* by the status's first digit */
};

/* serve.c: the server */
bool serve_open(struct monitor *m, struct problem *problem);
void serve_close(struct monitor *m);
void serve_run(struct monitor *m);
int64_t serve_due(const struct monitor *m);

/* desk.c: what waits for desk */
bool desk_ask(struct monitor *m, struct asked *r); /* r->request; false: too many wait */
void desk_turn(struct monitor *m);
int64_t desk_due(const struct monitor *m);
void desk_drop_all(struct monitor *m);                      /* the end: whoever waits is answered so */
void desk_forget(struct monitor *m, const struct asked *r); /* it is gone */

/* answers */
void answer_json(struct asked *r, int status, json_t *object); /* the object is taken */
void answer_problem(struct asked *r, int status, const char *zh, const char *en);

extern const struct route routes[]; /* api.c; ends with a NULL method */
void answer_metrics(struct monitor *m, struct asked *r);
void answer_state(struct monitor *m, struct asked *r);
json_t *text_json(const struct text *t); /* {"zh", "zh-Hant", "en"}, of those that there are */
void address_url(const struct monitor *m, uint16_t port, char *out, size_t size); /* as phones reach it; empty: no network */

#endif
