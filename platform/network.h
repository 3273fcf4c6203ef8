/* SPDX-License-Identifier: Apache-2.0
 * When the machine's network came back: a cable, an address, a route. Whoever waits to try again needn't wait any longer.
 */
#ifndef YINGBIN_PLATFORM_NETWORK_H
#define YINGBIN_PLATFORM_NETWORK_H

#include <stdbool.h>

int network_open(void);         /* to be polled for POLLIN, closed by close(2); -1: this machine can't tell */
bool network_came_back(int fd); /* takes all that was told since; never blocks */

#endif
