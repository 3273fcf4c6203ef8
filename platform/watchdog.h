/* SPDX-License-Identifier: Apache-2.0
 * systemd's notify socket: ready, alive, status, stopping. Does nothing where there is none.
 */
#ifndef YINGBIN_PLATFORM_WATCHDOG_H
#define YINGBIN_PLATFORM_WATCHDOG_H

#include <stdint.h>

void watchdog_ready(const char *status);
void watchdog_alive(void);
void watchdog_stopping(void);
int64_t watchdog_interval_ms(void); /* half of WATCHDOG_USEC; 0: not asked for */

#endif
