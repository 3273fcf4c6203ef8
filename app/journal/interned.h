/* SPDX-License-Identifier: Apache-2.0
 * Texts that many records share, once each, in a file without a name (base/spill.h): known by their place, 0 is "". The hash
 * is keyed by chance, so nobody can write records whose texts all fall together. One thread fills; when it is done, several
 * may read.
 */
#ifndef YINGBIN_JOURNAL_INTERNED_H
#define YINGBIN_JOURNAL_INTERNED_H

#include <stdint.h>

#include "base/spill.h"

struct interned {
  struct spill text;
  uint32_t *known, room, knows; /* owned: hash table of places */
  uint8_t key[16];
};

bool interned_open(struct interned *texts, const char *folder); /* false: errno; to be closed in any case */
void interned_close(struct interned *texts);                    /* accepts one with text.fd -1 and all else zero */

bool interned_id(struct interned *texts, const char *text, size_t len, uint32_t *id); /* false: errno */
bool interned_known(const struct interned *texts, const char *text, uint32_t *id);    /* false: nobody gave it */
uint64_t interned_hash(const struct interned *texts, const char *text, size_t len);   /* never 0 */

/* Holds until a text is added. */
static inline const char *interned_at(const struct interned *texts, uint32_t id) { return (const char *)texts->text.at + id; }

#endif
