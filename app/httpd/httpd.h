/* SPDX-License-Identifier: Apache-2.0
 * What every HTTP server of ours does around libmicrohttpd: where it listens, how it says that something is wrong.
 * A library without threads or state.
 */
#ifndef YINGBIN_HTTPD_HTTPD_H
#define YINGBIN_HTTPD_HTTPD_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/problem.h"

/* ADDR:PORT, [V6]:PORT; no ADDR: every one. `key`: the setting's name, for the problem. */
bool httpd_address(const char *key, const char *listen, struct sockaddr_storage *out, struct problem *problem);

/* A problem document (RFC 9457) in English with a member detail_zh; owned. NULL: no memory. */
json_t *httpd_problem(int status, const struct problem *problem);

/* For MHD_OPTION_UNESCAPE_CALLBACK: nothing that we give out has a name with a % in it: what is escaped stays so, and is
 * found nowhere. */
size_t httpd_keep_escapes(void *self, struct MHD_Connection *connection, char *text);
void httpd_log(void *self, const char *format, va_list args); /* for MHD_OPTION_EXTERNAL_LOGGER: to our log, at debug */

#endif
