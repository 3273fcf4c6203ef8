/* SPDX-License-Identifier: Apache-2.0
 * A hub that isn't well, on a port of its own and in a thread of its own: whoever connects is treated badly in one way.
 */
#ifndef YINGBIN_TOOLS_BENCH_BAD_HUB_H
#define YINGBIN_TOOLS_BENCH_BAD_HUB_H

#include "base/problem.h"

enum bad_way {
  BAD_STALLS, /* takes the connection and says nothing, for ever */
  BAD_RESETS, /* as soon as it has got something */
  BAD_HALF,   /* half an answer, and then nothing */
  BAD_PORTAL, /* 200 and somebody's page, after half a second */
  BAD_WAYS
};
const char *bad_way_name(enum bad_way way);

struct bad_hub; /* owned by the opener */
bool bad_hub_open(enum bad_way way, struct bad_hub **hub, struct problem *problem);
int bad_hub_port(const struct bad_hub *hub);
bool bad_hub_visited(struct bad_hub *hub); /* waits until somebody came, for half a minute at most; false: nobody did */
void bad_hub_close(struct bad_hub *hub);   /* NULL is fine */

#endif
