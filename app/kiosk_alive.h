/* SPDX-License-Identifier: Apache-2.0
 * What the service manager's watchdog hears: that the kiosk is alive, only while its services come round. Main thread, each
 * turn.
 */
#ifndef YINGBIN_KIOSK_ALIVE_H
#define YINGBIN_KIOSK_ALIVE_H

#include "base/thread.h"

struct kiosk_alive { /* all zero to begin with */
  int64_t due_ms;
  bool told_stuck;
};

void kiosk_alive_tend(struct kiosk_alive *a, const struct thread *const *threads, size_t count, int64_t machine_ms);

#endif
