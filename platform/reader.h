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
#include "platform/tick.h"

struct wedge {
  int32_t least;
  int64_t gap_ms;
  int64_t last_ms;
  bool spoilt; /* wait for the end of this one: Enter, or a pause of many gaps */
  uint16_t len;
  uint8_t bytes[PAYLOAD_MAX];
};

void wedge_init(struct wedge *w, int32_t least, int64_t gap_ms);
void wedge_char(struct wedge *w, char c, int64_t mono_ms);
void wedge_spoil(struct wedge *w);                     /* a key was lost, repeated, or can't be told */
void wedge_spoil_at(struct wedge *w, int64_t mono_ms); /* the same, where it is known when */
void wedge_away(struct wedge *w, int64_t ms);          /* nobody looked for keys for so long: that was no pause of theirs */

/* Enter: true where it was a code. Fills bytes, len, by and at.mono_ms; the wall clock is the caller's to add. */
bool wedge_end(struct wedge *w, int64_t mono_ms, struct payload *out);

/* A reader with a device of its own. `start` gives it a thread, which puts payloads into `to` and waits
 * there for room: close the mailbox before `stop`. A device that isn't there yet is no problem; it is
 * found when it comes, and again when it comes back. */
struct reader_ops {
  const char *scheme; /* "evdev" */
  bool (*check)(const char *address, struct problem *problem);
  bool (*start)(const char *address, struct tick *clock, struct mailbox *to, void **self, struct problem *problem);
  bool (*present)(const void *self); /* any thread */
  void (*stop)(void *self);          /* accepts NULL */
};

/* Address VVVV:PPPP, the USB vendor and product in hex. The device is grabbed, so that no input method
 * and no other program sees its keys; US layout, as scanners send unless told otherwise. */
extern const struct reader_ops reader_evdev_ops;

#endif
