/* SPDX-License-Identifier: Apache-2.0
 * The pack's format, shared by reader and builder: tables, sealing, and the row's own encoding.
 *
 * A ticket's row is found by BLAKE2b-128(code) keyed with the event's salt, and sealed with
 * XChaCha20-Poly1305 (libsodium, IETF) under BLAKE2b-256("yingbin row v1" NUL || code) keyed with the salt;
 * associated data: the row's hash. The nonce is BLAKE2b-192 of the plain row keyed with the row's key,
 * so that the same roster gives the same pack.
 */
#ifndef YINGBIN_PACK_FORMAT_H
#define YINGBIN_PACK_FORMAT_H

#include "core/types.h"

enum {
  PACK_APPLICATION_ID = 0x79627031, /* "ybp1" */
  PACK_VERSION = 1,                 /* user_version; a newer one is refused with its number */
  PACK_SALT = 32, PACK_HASH = 16, PACK_NONCE = 24, PACK_MAC = 16,
  PACK_ROW_MAX = 2048
};

/* CREATE TABLE statements of version 1, run by the builder. */
extern const char pack_schema[];

void pack_hash(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t len, uint8_t hash[PACK_HASH]);

/* The plain row: u8 version, then fields of u8 tag, u16 length (big-endian), bytes; unknown tags are skipped. */
size_t pack_row_encode(const struct attendee *attendee, uint8_t out[PACK_ROW_MAX]); /* 0: too long */
bool pack_row_decode(const uint8_t *row, size_t len, struct attendee *out);

size_t pack_seal(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t code_len, const uint8_t *plain, size_t len,
                 uint8_t out[PACK_ROW_MAX + PACK_NONCE + PACK_MAC]);
bool pack_unseal(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t code_len, const uint8_t *sealed, size_t len,
                 uint8_t out[PACK_ROW_MAX], size_t *plain_len);

uint32_t pack_event_tag(const char *event_id, const char *start_date); /* BLAKE2b-256 of id NUL YYYY-MM-DD, first 4 bytes */
uint32_t pack_key_id(const uint8_t public_key[32]);

#endif
