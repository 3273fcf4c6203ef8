/* SPDX-License-Identifier: Apache-2.0
 * kiosks.csv: the kiosks of a folder, for whoever runs its hub: name, the BLAKE2b-256 of the one-time
 * token on the newest setup card (the token itself is nowhere), and the Ed25519 key that enrolled with
 * it, once it did, which the hub writes there. A new card for a kiosk takes the place of the one before;
 * a key that enrolled before stays, in a row of its own: what it signed is still that kiosk's. 0600.
 */
#ifndef YINGBIN_TOOLS_KIOSKS_H
#define YINGBIN_TOOLS_KIOSKS_H

#include "base/problem.h"
#include "tools/yingbin/pool.h"

enum { KIOSKS_MAX = 4096 };

struct kiosk_row {
  const char *name, *token, *key; /* token, key: hex, may be empty; owned by the pool */
};

struct kiosks {
  struct kiosk_row *at; /* owned */
  int count;
  struct pool *texts; /* borrowed */
};

bool kiosks_read(const char *file, struct pool *texts, struct kiosks *kiosks,
                 struct problem *problem); /* no such file: empty */
bool kiosks_expect(struct kiosks *kiosks, const char *name, const char *token, struct problem *problem);
enum kiosks_bound { KIOSKS_BOUND, KIOSKS_KNOWN /* it was there */, KIOSKS_FULL };
enum kiosks_bound kiosks_bind(struct kiosks *kiosks, const char *name, const char *key); /* hex */
bool kiosks_write(const char *file, const struct kiosks *kiosks, struct problem *problem);
void kiosks_free(struct kiosks *kiosks);

#endif
