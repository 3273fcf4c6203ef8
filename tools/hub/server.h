/* SPDX-License-Identifier: Apache-2.0
 * The HTTP server: libmicrohttpd's threads, one request at a time each. It bounds everything that a client
 * could let grow (headers, body, time, connections, requests a second), finds the route, asks for the token,
 * and leaves the rest to the handler.
 */
#ifndef YINGBIN_TOOLS_HUB_SERVER_H
#define YINGBIN_TOOLS_HUB_SERVER_H

#include "tools/hub/hub.h"

struct server_options {
  const char *listen;     /* ADDR:PORT, [V6]:PORT; port 0: any that is free */
  const char *cert, *key; /* PEM texts, borrowed; NULL: without TLS */
  int threads;
  int64_t ahead_ms; /* of the machine's clock: what the hub says it is; 0 but in rehearsals */
  int rate;         /* requests a second of one kiosk, or of one address without a token */
};

struct server; /* owned */

bool server_start(struct hub *hub, const struct server_options *options, struct server **server, struct problem *problem);
void server_stop(struct server *server); /* what is being answered is answered; NULL is fine */
void server_look(struct server *server); /* now and then: hangs up on who sends a byte now and then */
void server_wake(struct server *server); /* asks all streams that wait; any thread */
uint16_t server_port(const struct server *server);

#endif
