/* SPDX-License-Identifier: Apache-2.0
 * The search index in a pack, shared by reader and builder: by host, blocks of one size that hold people
 * one behind the other, each block sealed with XChaCha20-Poly1305 (libsodium, IETF) under that host's key
 * of that build; associated data: what it is, host and block. The nonce is BLAKE2b-192 of the plain block
 * under that key. The keys are sealed to each valid operator card (X25519) as crypto_box_seal does, with
 * who the operator is; so a pack without a card tells how many people there are, and nothing else.
 *
 * A person: u16 length (big-endian; 0: the block's end), the 16 bytes of the code's hash, and a row of
 * format.h with ROW_PINYIN ("ou yang xiao qing", ü as v), ROW_PHONE, ROW_EMAIL, ROW_EVENT (a byte). Pure but for libsodium.
 */
#ifndef YINGBIN_PACK_INDEX_H
#define YINGBIN_PACK_INDEX_H

#include "pack/format.h"

enum {
  INDEX_KEY = 32,
  INDEX_BLOCK = 32768,
  INDEX_SEALED = PACK_NONCE + INDEX_BLOCK + PACK_MAC,
  INDEX_PERSON_MAX = PACK_HASH + PACK_ROW_MAX,
  INDEX_NO_HOST = HOSTS_MAX, /* in place of a host: the people of none */
  INDEX_HOSTS = HOSTS_MAX + 1,
  INDEX_CARD = 2048, /* the plain card, padded, so that it doesn't tell how much it opens */
  INDEX_CARD_SEALED = INDEX_CARD + 48
};

/* --- people in a block --- */

struct index_person {
  const uint8_t *hash, *row; /* borrowed from the block; hash: PACK_HASH bytes */
  size_t row_len;
};

/* False: it doesn't fit, and nothing was added. *used grows; the rest of the block is zeros. */
bool index_put(uint8_t block[INDEX_BLOCK], size_t *used, const struct index_person *person);

/* *at begins with 0. False: the end, or the block is damaged there (*damaged). */
bool index_next(const uint8_t block[INDEX_BLOCK], size_t *at, struct index_person *person, bool *damaged);

void index_seal(const uint8_t key[INDEX_KEY], int host, uint32_t block, const uint8_t plain[INDEX_BLOCK],
                uint8_t out[INDEX_SEALED]);
bool index_open(const uint8_t key[INDEX_KEY], int host, uint32_t block, const uint8_t *sealed, size_t len,
                uint8_t out[INDEX_BLOCK]);

/* --- what a card opens --- */

struct index_card {
  uint32_t id; /* in cards.csv */
  char name[TEXT_MAX];
  bool lead;
  bool opens[INDEX_HOSTS];
  uint8_t key[INDEX_HOSTS][INDEX_KEY];
};

/* Deterministic: the ephemeral key comes from `secret`, the organizer's own. */
void index_card_seal(const struct index_card *card, const uint8_t public_key[32], const uint8_t secret[32],
                     uint8_t out[INDEX_CARD_SEALED]);
/* public_key and secret_key: of the card's seed. */
bool index_card_open(const uint8_t *sealed, size_t len, const uint8_t public_key[32], const uint8_t secret_key[32],
                     struct index_card *out);

/* The key of a host in that build, from the organizer's secret. */
void index_key(const uint8_t secret[32], const char *pack, uint32_t build, int host, uint8_t key[INDEX_KEY]);

#endif
