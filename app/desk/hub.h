/* SPDX-License-Identifier: Apache-2.0
 * Desk's side of the hub (core/sync.h): tells sync what was written and for which event, keeps its news while nobody waits
 * (what the others admitted, what the hub has of ours, what time it is), and hands on a setup card. Desk's thread.
 */
#ifndef YINGBIN_DESK_HUB_H
#define YINGBIN_DESK_HUB_H

#include "desk/desk.h"

#define hub_clock_source "hub-tls" /* a hub that proved who it is: its time is trusted where nothing better is there */

void hub_open(struct desk *d, struct moment now); /* without its file the kiosk serves on, and knows of no others */
void hub_close(struct desk *d);
void hub_tell_work(struct desk *d);                  /* does nothing where nothing is new */
int64_t hub_step(struct desk *d, struct moment now); /* nobody waits: one piece of news; when to call again */

/* A setup card before the camera. One that has no hub, or whose hub no longer knows it, enrols by it at once; else a lead's
 * console must be open, and the same card be shown twice within a minute. What it says is a secret, and goes to sync alone. */
enum notice_card hub_card(struct desk *d, const struct payload *payload);

#endif
