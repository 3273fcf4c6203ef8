/* SPDX-License-Identifier: Apache-2.0
 * Who a kiosk is: its key file, made once, and the lock that makes one process the owner of a data folder (flock on
 * DIR/lock, which holds its pid for the message to a second one). Blocking file I/O.
 */
#ifndef YINGBIN_JOURNAL_IDENTITY_H
#define YINGBIN_JOURNAL_IDENTITY_H

#include "base/problem.h"
#include "core/types.h"
#include "journal/chain.h"

/* The kiosk's identity: made at the first start in DIR/kiosk.key (0600) and kept. */
struct kiosk_identity {
  char name[ID_MAX];
  uint8_t public_key[32], secret_key[64]; /* Ed25519 */
  uint8_t stamp_key[32];                  /* derived from the seed: MACs the stamps of installed packs */
  uint8_t journal[JOURNAL_ID];            /* of the one journal that this key ever writes */
};

/* DIR/kiosk.key is a text of three lines: `yingbin kiosk key v1`, `seed ` and 64 hex digits, `journal `
 * and 32 hex digits. The folder must exist. A key that can't be read is never replaced. */
bool journal_identity(const char *data, const char *name, struct kiosk_identity *identity, struct problem *problem);

/* Reads DIR/kiosk.key; *missing where there is none (then false, and no problem set). */
bool identity_read(const char *data, struct kiosk_identity *identity, bool *missing, struct problem *problem);

/* The descriptor holds the lock until it is closed. */
bool lock_take(const char *data, int *fd, struct problem *problem);

#endif
