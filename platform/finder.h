/* SPDX-License-Identifier: Apache-2.0
 * Finding the hub in a network that has nobody else: it announces itself, with the hash of its key, and whoever has a setup card
 * looks for that key. What is found is only an address: that the hub has the key it says, the uplink proves.
 */
#ifndef YINGBIN_PLATFORM_FINDER_H
#define YINGBIN_PLATFORM_FINDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

enum { FINDER_URL = 128 };
#define FINDER_SERVICE "_yingbin-hub._tcp"

struct finder_ops {
  const char *scheme;
  bool (*open)(const char *address, void **self, struct problem *problem); /* the driver's address */
  /* spki: 64 hex digits. Where several announce it, everybody takes the same one, but `avoid` only where it is the only one.
   * Waits limit_ms at most. False: none. */
  bool (*find)(void *self, const char *spki, const char *avoid, int64_t limit_ms, char url[FINDER_URL]);
  void (*abort)(void *self); /* any thread: find ends soon, now and ever after */
  void (*close)(void *self); /* accepts NULL */
};

extern const struct finder_ops finder_avahi_ops; /* mDNS by the system's avahi-daemon; takes no address */
extern const struct finder_ops finder_file_ops;  /* sim: a file with a line `SPKI URL` for each that is there now */

/* The hub's side, by avahi-daemon, on a thread of the library; where that daemon isn't there yet, as soon as it is. */
struct announce;
bool announce_open(const char *name, uint16_t port, const char *spki, struct announce **out, struct problem *problem);
void announce_close(struct announce *a); /* says goodbye; NULL is fine */

#endif
