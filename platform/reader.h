/* SPDX-License-Identifier: Apache-2.0
 * Hand scanners that act as keyboards. `struct wedge` makes codes of key presses, by their timing: a
 * code is at least `least` characters, no two further apart than `gap_ms`, ended by Enter (or Tab).
 * Anything else, a repeated key (autorepeat), a lost event, a person typing, is not a code. Pure; the
 * keyboard reader of a desk feeds it from the window's events, evdev from the device.
 */
#ifndef YINGBIN_PLATFORM_READER_H
#define YINGBIN_PLATFORM_READER_H

#include "base/bell.h"
#include "base/mailbox.h"
#include "base/problem.h"
#include "core/types.h"

struct wedge {
  int32_t least;
  int64_t gap_ms;
  int64_t last_ms;
  bool spoilt; /* wait for the end of this one */
  uint16_t len;
  uint8_t bytes[PAYLOAD_MAX];
};

void wedge_init(struct wedge *w, int32_t least, int64_t gap_ms);
void wedge_char(struct wedge *w, char c, int64_t mono_ms);
void wedge_spoil(struct wedge *w); /* a key was lost, repeated, or can't be told */
bool wedge_end(struct wedge *w, int64_t mono_ms, struct payload *out); /* Enter: true where it was a code */

/* A grabbed evdev device by USB vendor and product, found again when it is unplugged and comes back;
 * a thread of its own, which puts payloads into `to` and waits there for room. US layout. */
struct reader_evdev; /* owned */
bool reader_evdev_start(uint16_t vendor, uint16_t product, struct mailbox *to, struct reader_evdev **reader, struct problem *problem);
bool reader_evdev_present(const struct reader_evdev *reader);
void reader_evdev_stop(struct reader_evdev *reader);

#endif
