/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_alive.h"

#include "base/log.h"
#include "platform/watchdog.h"

enum { STALE_MS = 10 * 1000 /* a service that hasn't come round for so long is stuck: the watchdog may have it */ };

void kiosk_alive_tend(struct kiosk_alive *a, const struct thread *const *threads, size_t count, int64_t machine_ms) {
  const int64_t interval = watchdog_interval_ms();
  int64_t oldest = machine_ms;
  if (interval == 0 || machine_ms < a->due_ms) return;
  for (size_t i = 0; i < count; i++)
    if (threads[i]->started && thread_beat(threads[i]) < oldest) oldest = thread_beat(threads[i]);
  const bool stuck = machine_ms - oldest > STALE_MS;
  if (stuck && !a->told_stuck) log_error("a service hasn't come round for %lld ms", (long long)(machine_ms - oldest));
  a->told_stuck = stuck;
  if (!stuck) watchdog_alive();
  a->due_ms = machine_ms + (interval < 2000 ? interval / 2 : 1000);
}
