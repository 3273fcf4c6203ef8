/* SPDX-License-Identifier: Apache-2.0
 * Desk's side of the hub (core/sync.h): tells sync what was written and for which event, takes its news, and hands on a setup
 * card that somebody showed. Desk's thread.
 */
#ifndef YINGBIN_DESK_HUB_H
#define YINGBIN_DESK_HUB_H

#include "core/ticket.h"
#include "desk/desk.h"

void hub_tell_work(struct desk *d); /* does nothing where nothing is new */
void hub_take_news(struct desk *d);

/* A setup card is for a kiosk that isn't enrolled, or whose hub no longer knows it. True: it was handed on. */
bool hub_card(struct desk *d, const struct payload *payload);

#endif
