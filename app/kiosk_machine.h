/* SPDX-License-Identifier: Apache-2.0
 * Looks at the computer's sensors every two seconds, on a thread of its own, for whoever shows health: desk, which tells the
 * rest. A trouble stays for a minute after it was seen last, so that a dip of the voltage is seen by somebody.
 */
#ifndef YINGBIN_KIOSK_MACHINE_H
#define YINGBIN_KIOSK_MACHINE_H

#include "base/latest.h"
#include "base/thread.h"
#include "core/types.h"
#include "platform/sensors.h"
#include "platform/tick.h"

struct kiosk_machine {
  const struct sensors_ops *ops; /* NULL: no sensors */
  const char *address;           /* borrowed */
  void *sensors;
  struct latest latest; /* struct machine */
  struct machine slot, last;
  int64_t hot_ms, slowed_ms, low_power_ms; /* mono, last seen; 0: never */
  struct thread thread;
  struct bell bell;
  struct tick clock; /* the machine's own, whatever the kiosk lives by */
};

bool kiosk_machine_init(struct kiosk_machine *m, const struct sensors_ops *ops, const char *address);
void kiosk_machine_fini(struct kiosk_machine *m);
bool kiosk_machine_start(struct kiosk_machine *m, struct problem *problem);
void kiosk_machine_stop(struct kiosk_machine *m);

bool kiosk_machine_boot(char id[ID_MAX], struct problem *problem); /* which start of the computer this is */

int64_t kiosk_machine_step(void *machine, struct moment now); /* the thread's */

#endif
