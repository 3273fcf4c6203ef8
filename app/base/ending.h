/* SPDX-License-Identifier: Apache-2.0
 * The signals by which a program is told to end: SIGTERM, SIGINT, SIGHUP. One that is told so while it starts is to end as
 * cleanly as one that runs: main holds them from its first line, until somebody listens. Main thread, before others start, which
 * have what it holds.
 */
#ifndef YINGBIN_BASE_ENDING_H
#define YINGBIN_BASE_ENDING_H

#include <signal.h>

void ending_set(sigset_t *signals);
void ending_hold(void);
void ending_release(void); /* what came meanwhile comes now */

#endif
