/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/interned.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 1024 };

bool interned_open(struct interned *t, const char *folder) {
  *t = (struct interned){.text.fd = -1};
  crypto_shorthash_keygen(t->key);
  if (!spill_open(&t->text, folder)) return false;
  t->known = calloc(t->room = FIRST, sizeof *t->known);
  char *empty = t->known ? spill_add(&t->text, 1) : NULL;
  if (empty) *empty = 0;
  return empty;
}

void interned_close(struct interned *t) {
  spill_close(&t->text);
  free(t->known);
  t->known = NULL;
}

uint64_t interned_hash(const struct interned *t, const char *text, size_t len) {
  uint64_t hash;
  crypto_shorthash((uint8_t *)&hash, (const uint8_t *)text, len, t->key);
  return hash ? hash : 1;
}

static uint32_t *slot_of(const struct interned *t, const char *text, size_t len) {
  uint32_t at = (uint32_t)interned_hash(t, text, len) & (t->room - 1);
  while (t->known[at]) {
    const char *known = interned_at(t, t->known[at]);
    if (!strncmp(known, text, len) && !known[len]) break;
    at = (at + 1) & (t->room - 1);
  }
  return &t->known[at];
}

bool interned_known(const struct interned *t, const char *text, uint32_t *id) {
  const size_t len = strlen(text);
  *id = len ? *slot_of(t, text, len) : 0;
  return !len || *id;
}

static bool widen(struct interned *t) {
  uint32_t *old = t->known, room = t->room;
  if (!(t->known = calloc((size_t)2 * room, sizeof *t->known))) return t->known = old, false;
  t->room = 2 * room;
  for (uint32_t i = 0; i < room; i++)
    if (old[i]) *slot_of(t, interned_at(t, old[i]), strlen(interned_at(t, old[i]))) = old[i];
  free(old);
  return true;
}

bool interned_id(struct interned *t, const char *text, size_t len, uint32_t *id) {
  *id = 0;
  if (!len) return true;
  if (t->knows > t->room / 2 && !widen(t)) return false;
  uint32_t *slot = slot_of(t, text, len);
  if (!*slot) {
    const size_t at = t->text.used;
    if (at + len >= UINT32_MAX) return errno = EFBIG, false;
    char *kept = spill_add(&t->text, len + 1);
    if (!kept) return false;
    memcpy(kept, text, len);
    kept[len] = 0;
    *slot = (uint32_t)at;
    t->knows++;
  }
  *id = *slot;
  return true;
}
