/* SPDX-License-Identifier: Apache-2.0
 * How the computer itself is, as far as its sensors say. What has no sensor is not known, which is never shown as good.
 */
#ifndef YINGBIN_CORE_MACHINE_H
#define YINGBIN_CORE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum known { KNOWN_NOT, KNOWN_NO, KNOWN_YES };

struct machine {
  int16_t temperature_c10; /* tenths of a degree Celsius, of the hottest part; 0: not known */
  bool hot;                /* somebody should do something about it */
  enum known slowed;       /* the processor runs slower so that it gets no hotter */
  enum known low_power;    /* too little voltage: it slows down, and may end at any moment */
};

enum machine_trouble { MACHINE_WELL, MACHINE_LOW_POWER, MACHINE_HOT, MACHINE_SLOWED };

/* The worst; what isn't known is none. */
static inline enum machine_trouble machine_trouble(const struct machine *m) {
  return m->low_power == KNOWN_YES ? MACHINE_LOW_POWER
         : m->hot                  ? MACHINE_HOT
         : m->slowed == KNOWN_YES  ? MACHINE_SLOWED
                                   : MACHINE_WELL;
}

#endif
