/* SPDX-License-Identifier: Apache-2.0
 * The computer's own sensors, as a seam: temperature, whether it slows down, whether it gets enough power. A reading may take
 * as long as a sensor likes: on a thread that nobody waits for.
 */
#ifndef YINGBIN_PLATFORM_SENSORS_H
#define YINGBIN_PLATFORM_SENSORS_H

#include "base/problem.h"
#include "core/machine.h"

struct sensors_ops {
  const char *scheme;
  bool (*open)(const char *address, void **self, struct problem *problem); /* the driver's address */
  void (*read)(void *self, struct machine *out);                           /* fills all but `hot` */
  void (*close)(void *self);                                               /* accepts NULL */
};

/* The files of sysfs; address: where it is, empty: /sys. */
extern const struct sensors_ops sensors_linux_ops;

#endif
