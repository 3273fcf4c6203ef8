/* SPDX-License-Identifier: Apache-2.0
 * The monitor service: the page for volunteers' phones, and /metrics. One thread serves all of it (libmicrohttpd without
 * threads of its own, woken by the service's bell), so that nothing is shared but mailboxes. Health and counts are read
 * from the newest values; whatever needs people goes to desk as a request of core/staff.h, one at a time: a guest's
 * scan is never later for it than by one of desk's short turns. It keeps nobody's session: the board says who is signed in.
 * Without TLS there are health and counts, and nothing else.
 */
#ifndef YINGBIN_MONITOR_MONITOR_H
#define YINGBIN_MONITOR_MONITOR_H

#include "base/latest.h"
#include "base/mailbox.h"
#include "base/problem.h"
#include "core/staff.h"
#include "core/sync.h"

struct monitor {
  const char *listen; /* borrowed: ADDR:PORT */
  bool tls;
  const char *data;                    /* borrowed: where monitor.pem lies */
  const char *web;                     /* borrowed: folder of kiosk.html and what it asks for */
  const char *kiosk, *version;         /* borrowed */
  const struct catalog *catalog;       /* borrowed */
  struct mailbox *requests, *answers;  /* borrowed: to desk, and back */
  struct latest *board, *watch_health; /* borrowed: struct board, struct watch_health */
  struct latest *sync_health;          /* borrowed; NULL: no hub */
  struct latest *health;               /* borrowed: struct monitor_health to ui */
  struct bell *bell;                   /* borrowed: this service's own; waits on its sockets, too */

  struct monitor_inner *state; /* owned */
};

bool monitor_check(const char *listen, struct problem *problem); /* of the settings, before anything is started */
bool monitor_init(struct monitor *m, struct moment now, struct problem *problem); /* a port that is taken is tried again */
void monitor_switch(struct monitor *m, const struct catalog *catalog); /* between turns: desk has begun anew, with this one */
void monitor_fini(struct monitor *m);
int64_t monitor_step(void *monitor, struct moment now);
uint16_t monitor_port(const struct monitor *m); /* 0: not listening */

#endif
