/* SPDX-License-Identifier: Apache-2.0
 * One request and its answer, as values between the server and the handlers. Errors are problem documents
 * (RFC 9457) in English with a member detail_zh, and say what to do.
 */
#ifndef YINGBIN_TOOLS_HUB_REPLY_H
#define YINGBIN_TOOLS_HUB_REPLY_H

#include <jansson.h>

#include "base/problem.h"
#include "httpd/httpd.h"
#include "tools/hub/store.h"

enum { SEGMENT_MAX = 128, SEGMENTS_MAX = 2, SESSION_MAX = 64 };

struct request {                           /* borrowed by the handler until it returns */
  int64_t at_ms, at_mono_ms;               /* when it came, UTC and the machine's */
  char segment[SEGMENTS_MAX][SEGMENT_MAX]; /* what stands for the {} of its route */
  struct store_kiosk kiosk;                /* whose token it carries, where the route asks for one */
  const char *body;                        /* with a NUL behind it */
  size_t len;
  const char *after, *wait, *etag; /* queries `after` and `wait`, header If-None-Match; NULL: none */
  const char *range, *if_range;    /* headers */
  int64_t held_ms, held_after;     /* since it came: the answer was held so long; and what its reply's hold_after said */
  bool last;                       /* it is held no longer */
  const char *bearer;              /* the token of the header Authorization; NULL: none */

  /* Of the dashboard: */
  char session[SESSION_MAX]; /* the cookie's token; "": none */
  bool own_page;             /* sent by a page of ours: no other site can set that header */
  bool tls;                  /* ours, or a proxy's before us */
  uint8_t from[16];          /* the client's address, as the limits know it; an IPv6 network is one client */
  size_t from_len;
};

/* An answer without an end. `fill` is asked again after each server_wake, and gives 0 where there is nothing now, -1 at
 * the end; on the server's threads, one call at a time. */
struct reply_stream {
  void *self;
  long (*fill)(void *self, char *out, size_t size);
  void (*close)(void *self);
};

struct reply {
  int status;
  int64_t hold_ms,
      hold_after;   /* no answer: ask again when there is news behind this of the event in segment[0], or in so long */
  const char *type; /* a literal */
  char *body;       /* owned; freed by the server */
  size_t len;
  int fd; /* a file instead of a body, len bytes of it from `from` on; -1: none. Closed by the server */
  int64_t from;
  bool slices;    /* of that file a slice may be asked for */
  char range[64]; /* Content-Range; "": none */
  char etag[80];
  char allow[HTTPD_ALLOW]; /* the methods that the address takes; "": not asked for */
  char why[256];           /* what a problem says in English, for the log */
  int retry_after_s;
  char cookie[160];           /* of the dashboard's session; "": none is set */
  char save_as[96];           /* name of a file that the browser is to save; "": it is shown */
  bool page;                  /* of the dashboard: with the headers that keep other sites and scripts out */
  struct reply_stream stream; /* instead of a body, where it has a fill; closed by the server */
};

/* `object` is the reply's from here on; "at", the hub's time, is added. */
void reply_json(struct reply *reply, const struct request *request, int status, json_t *object);
/* `more` (may be NULL) is an object whose members are added; the reply's from here on. */
void reply_problem(struct reply *reply, int status, const struct problem *problem, json_t *more);
void reply_failed(struct reply *reply); /* 503: the database failed, come again */

void iso_time(int64_t wall_ms, char out[32]); /* "2023-10-28T00:31:07.123Z" */

#endif
