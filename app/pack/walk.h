/* SPDX-License-Identifier: Apache-2.0
 * All tickets of a pack, one after the other, as far as they show without their codes: for who compares
 * packs (`yingbin pack diff`). No kiosk walks so. One walk a pack at a time ends before pack_close.
 */
#ifndef YINGBIN_PACK_WALK_H
#define YINGBIN_PACK_WALK_H

#include "pack/format.h"
#include "pack/pack.h"

struct pack_walk; /* owned */

struct pack_row {
  const uint8_t *hash;   /* PACK_HASH bytes; borrowed until the next step, as `sealed` */
  const uint8_t *sealed; /* NULL: hash and event are all that the pack has */
  size_t len;
};

/* The tickets of an event in the order of their hashes. */
bool pack_walk_begin(struct pack *pack, int event, struct pack_walk **walk);
bool pack_walk_next(struct pack_walk *walk, struct pack_row *row); /* false: the end */
bool pack_walk_end(struct pack_walk *walk);                        /* false: the pack couldn't be read to its end */

/* What its code opens. */
bool pack_row_open(const struct pack *pack, int event, const struct pack_row *row, const char *code, struct attendee *out);

const uint8_t *pack_salt(const struct pack *pack, int event); /* PACK_SALT bytes, borrowed */

#endif
