/* SPDX-License-Identifier: Apache-2.0
 * The one question that a hub may hold until there is something to say: on a thread and a connection of its own, so that
 * whatever the kiosk has to send never waits behind it. Sync's thread asks, is rung for, and takes the answer; what it means is
 * sync's to say. An open question can't be taken back: where it has become another one, its answer is thrown away.
 */
#ifndef YINGBIN_SYNC_EAR_H
#define YINGBIN_SYNC_EAR_H

#include <stddef.h>

#include "base/bell.h"
#include "platform/uplink.h"

struct ear;

/* `heard` is rung with each answer. It opens a way of its own: `address` is the driver's, and `now` tells
 * the time of its `clock`. Everything borrowed until ear_close.
 */
bool ear_open(const struct uplink_ops *uplink, const char *address, struct tick *clock, struct moment (*now)(void *clock),
              struct bell *heard, struct ear **ear, struct problem *problem);
void ear_stop(struct ear *ear);  /* at once, whatever the network does; it hears nothing after that. Accepts NULL */
void ear_close(struct ear *ear); /* stopped; accepts NULL */

/* Of sync's thread: */
bool ear_idle(const struct ear *ear); /* nothing is asked, and no answer waits */
/* Of an idle one. A GET of url by token, spki and ca, for limit_ms; all but `ca` is copied. */
void ear_ask(struct ear *ear, const struct uplink_request *request);
bool ear_is_on(const struct ear *ear, const char *url, const char *token); /* what it asks, or asked last, is this */
/* True, once an answer: into `answer` and, with a NUL behind it, into `body`, which has `room`. */
bool ear_take(struct ear *ear, struct uplink_answer *answer, char *body, size_t room);

#endif
