/* SPDX-License-Identifier: Apache-2.0
 * What every HTTP server of ours does around libmicrohttpd: where it listens, its bounds, how it says that something is wrong.
 * A library without threads of its own; its state is the daemon's and the lines (lines.h).
 */
#ifndef YINGBIN_HTTPD_HTTPD_H
#define YINGBIN_HTTPD_HTTPD_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/problem.h"
#include "httpd/lines.h"

/* ADDR:PORT, [V6]:PORT; no ADDR: every one. `setting`: its name, for the problem. */
bool httpd_address(const char *setting, const char *listen, struct sockaddr_storage *out, struct problem *problem);

struct httpd_options {                               /* borrowed until the start is over, but for `self` */
  const char *setting, *listen;                      /* its name, and what it says */
  const char *cert, *key;                            /* PEM texts; NULL: without TLS */
  unsigned threads;                                  /* of libmicrohttpd's own; 0: whoever started it runs it (MHD_run) */
  unsigned connections, connections_of_one, quiet_s; /* quiet_s: how long nothing may move on one */
  size_t headers;                                    /* bytes a connection may use */
  MHD_AccessHandlerCallback on_request;
  MHD_RequestCompletedCallback on_end;
  struct httpd_lines *lines; /* borrowed until the daemon's end */
  void *self;                /* what the callbacks are given */
};
/* Owned: MHD_stop_daemon. NULL: it can't, and why. */
struct MHD_Daemon *httpd_start(const struct httpd_options *options, struct problem *problem);

/* What an address takes, for the header Allow: one more method; with GET comes HEAD. */
enum { HTTPD_ALLOW = 40 };
void httpd_allow(char allow[HTTPD_ALLOW], const char *method);

/* Two readers could take it for two requests, or for two senders: a length, a sender or a host said twice, a length beside chunks. */
bool httpd_ambiguous(struct MHD_Connection *connection);

/* A problem document (RFC 9457) in English with a member detail_zh; owned. NULL: no memory. */
json_t *httpd_problem(int status, const struct problem *problem);

#endif
