/* SPDX-License-Identifier: Apache-2.0
 * The index by phone number, for events with self_lookup = phone, shared by reader and builder. A number has
 * few bits, so that its key is made slow and large: argon2id (libsodium), keyed with the event. That key then stands
 * for a code: the row is found by its hash and sealed under it as tickets are (format.h); plain, it is
 * the hash of the person's code, then their row. Who has the pack can still try numbers, some ten a second a core.
 */
#ifndef YINGBIN_PACK_PHONE_H
#define YINGBIN_PACK_PHONE_H

#include "core/self.h"
#include "core/verdict.h"
#include "pack/format.h"

struct pack;

enum {
  PHONE_KEY = 32,
  PHONE_PASSES = 24,       /* of argon2id over */
  PHONE_MEMORY = 16 << 20, /* so many bytes: 0.12 to 0.15 s of a 3 GHz core */
  PHONE_SEALED_MAX = PACK_ROW_MAX + PACK_NONCE + PACK_MAC
};

/* "+86 138-0000-0001" -> "13800000001": digits alone, without the country code of 86; false: no whole number. */
bool phone_digits(const char *text, char out[SELF_DIGITS_MOST + 1]);

/* The slow part: needs no pack, may run in any thread. False: no memory. */
bool phone_key(const uint8_t salt[PACK_SALT], const char *digits, uint8_t key[PHONE_KEY]);

/* 0: the row doesn't fit. */
size_t phone_seal(const uint8_t salt[PACK_SALT], const uint8_t key[PHONE_KEY], const uint8_t code_hash[PACK_HASH],
                  const struct attendee *attendee, uint8_t out[PHONE_SEALED_MAX]);

/* The pack's owner's thread. The event's salt, for phone_key; false: it has no such index. */
bool pack_phone_salt(const struct pack *pack, int16_t event, uint8_t salt[PACK_SALT]);

struct pack_phone_person {
  struct attendee attendee;
  char code[33];      /* the journal's hash of their code */
  enum lookup lookup; /* LOOKUP_FOUND, or LOOKUP_REVOKED: their ticket was withdrawn */
};

/* How many have that number; -1: the pack can't be read. */
int pack_phone_find(struct pack *pack, int16_t event, const uint8_t key[PHONE_KEY],
                    struct pack_phone_person out[SELF_PEOPLE_MAX]);

#endif
