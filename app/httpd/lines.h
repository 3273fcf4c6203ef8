/* SPDX-License-Identifier: Apache-2.0
 * The connections of a server, so that none stays for ever by sending a byte now and then: libmicrohttpd's own limit begins
 * anew with each byte, ours does not, neither in a handshake nor in headers nor in a body. Any thread; it reads no clock: time
 * is what the last step was told.
 */
#ifndef YINGBIN_HTTPD_LINES_H
#define YINGBIN_HTTPD_LINES_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

struct httpd_lines;

/* Owned; of at most so many connections, each of which has patience_ms for a request. NULL: no memory. */
struct httpd_lines *httpd_lines_new(int most, int64_t patience_ms);
void httpd_lines_free(struct httpd_lines *lines); /* behind the daemon's end */

/* Hangs up on who takes too long. When the next one would: INT64_MAX, never. */
int64_t httpd_lines_step(struct httpd_lines *lines, int64_t now_ms);

/* Of a request's connection: its limit begins anew, as the request before is answered, or its headers are whole. */
void httpd_line_anew(struct MHD_Connection *connection);
/* All is there that it had to send: it waits for us, until the limit begins anew. */
void httpd_line_waits(struct MHD_Connection *connection);

/* Has somebody connected who has asked nothing yet? They may be in the midst of a handshake, and while one is waited for
 * libmicrohttpd (0.9.75, epoll) says that it has work to do at once, whatever it has: a server that runs it by itself would
 * never rest. What really comes rings its descriptor. */
bool httpd_lines_greeting(struct httpd_lines *lines);

/* libmicrohttpd tells it here of each request that begins (MHD_OPTION_URI_LOG_CALLBACK, with the lines). */
void *httpd_line_asks(void *lines, const char *uri, struct MHD_Connection *connection);

/* libmicrohttpd tells it here of each connection: MHD_OPTION_NOTIFY_CONNECTION, with the lines. */
void httpd_line_notify(void *lines, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode what);

#endif
