/* SPDX-License-Identifier: Apache-2.0
 * The way to the hub, as a seam: one HTTP exchange at a time, on the thread of whoever owns it, which waits for the answer.
 * uplink_abort alone may come from any thread: what runs then ends at once, and what comes is refused. An exchange
 * follows no redirect, asks no proxy, and takes no more than it has room for. Whether an answer is the hub's is its
 * reader's to say: a captive portal answers, too.
 */
#ifndef YINGBIN_PLATFORM_UPLINK_H
#define YINGBIN_PLATFORM_UPLINK_H

#include <stddef.h>

#include "base/problem.h"
#include "platform/tick.h"

enum { UPLINK_URL = 768, UPLINK_TOKEN = 128, UPLINK_ETAG = 80, UPLINK_TYPE = 64, UPLINK_WHY = 160 };

struct uplink_request {     /* texts are borrowed; NULL or empty: not given */
  const char *method, *url; /* http:// or https:// */
  const char *token, *etag; /* Authorization: Bearer; If-None-Match, of a slice If-Range */
  const char *spki; /* 64 hex digits, SHA-256 of the server's public key: nobody else is talked to. Proves a server alone */
  const char *ca;   /* PEM file: who may vouch for the server, instead of the system's authorities */
  const char *body;
  size_t body_len;
  char *into; /* the answer's body, with a NUL behind it */
  size_t room;
  int fd; /* a file for the body of a 200 instead, at most `most` bytes; -1: none */
  int64_t most;
  bool slice; /* `most` bytes from `from` on, of the file that has this ETag: a 206 goes to fd, as far as it comes. A 200 to */
  int64_t from;     /* that is another file, or a server without slices: nothing of its body is taken */
  int64_t limit_ms; /* for all of it */
  bool held;        /* the server may be silent as long as that: it answers when there is something to say */
};

enum uplink_outcome {
  UPLINK_ANSWERED,
  UPLINK_FAILED,     /* no answer, or half of one: `why` */
  UPLINK_OTHER_PEER, /* TLS: the server isn't who it must be */
  UPLINK_TOO_LARGE,
  UPLINK_NOT_KEPT, /* the file can't be written */
  UPLINK_ABORTED
};

struct uplink_answer {
  enum uplink_outcome outcome;
  int status;
  size_t len;                                /* of the body */
  int64_t total;                             /* of the file that a slice is of; -1: not said */
  char type[UPLINK_TYPE], etag[UPLINK_ETAG]; /* without the type's parameters */
  int32_t retry_after_s;                     /* -1: not said */
  struct moment began, ended;
  bool tls;             /* the server proved who it is */
  char why[UPLINK_WHY]; /* English, of what failed */
};

struct uplink_ops {
  const char *scheme;
  bool two; /* another one may be opened beside, for an exchange that is held */
  /* `address` is the driver's; every moment is of `clock`, borrowed. */
  bool (*open)(const char *address, struct tick *clock, void **self, struct problem *problem);
  void (*exchange)(void *self, const struct uplink_request *request, struct uplink_answer *answer);
  void (*abort)(void *self); /* any thread */
  void (*close)(void *self); /* accepts NULL */
};

extern const struct uplink_ops uplink_http_ops;   /* libcurl; takes no address */
extern const struct uplink_ops uplink_script_ops; /* sim: answers out of a file, see uplink_script.c */

#endif
