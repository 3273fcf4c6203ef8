/* SPDX-License-Identifier: Apache-2.0
 * Key events of an evdev device as characters of the US layout, into a wedge. Pure but for
 * evdev_keys_read, which takes what a descriptor has. Events: the kernel's input/event-codes and
 * input/input documents. The reader's thread alone.
 */
#ifndef YINGBIN_PLATFORM_LINUX_EVDEV_KEYS_H
#define YINGBIN_PLATFORM_LINUX_EVDEV_KEYS_H

#include <linux/input.h>

#include "platform/reader.h"

struct evdev_keys {
  struct wedge wedge;
  bool caps;                       /* Caps Lock, which some scanners use for capitals */
  bool dropped;                    /* the kernel's buffer ran over: nothing counts until SYN_REPORT */
  unsigned char down[KEY_CNT / 8]; /* bit i: key i is held */
};

void evdev_keys_init(struct evdev_keys *k);

/* True where the event ended a code, which is then in *out. */
bool evdev_keys_feed(struct evdev_keys *k, const struct input_event *e, struct payload *out);

/* Reads what is there from a non-blocking descriptor and puts codes into `to`, waiting for room.
 * False: the device is gone. */
bool evdev_keys_read(struct evdev_keys *k, int fd, struct tick *clock, struct mailbox *to);

#endif
