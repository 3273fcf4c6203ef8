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

#include "core/catalog.h"

enum {
  PACK_APPLICATION_ID = 0x79627031, /* "ybp1" */
  PACK_VERSION = 2, /* user_version; an older one is to be built again */
  PACK_VERSION_PHONE = 3, /* the same with the index by phone number; a newer one is refused with its number */
  PACK_SALT = 32,
  PACK_HASH = 16,
  PACK_NONCE = 24,
  PACK_MAC = 16,
  PACK_ROW_MAX = 2048
};

/* CREATE TABLE statements, run by the builder. */
extern const char pack_schema[];
extern const char pack_schema_phone[]; /* and that one behind it, in PACK_VERSION_PHONE */

void pack_hash(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t len, uint8_t hash[PACK_HASH]);

/* In the list of revoked ones: every signed ticket of that attendee. */
void pack_number_hash(const uint8_t salt[PACK_SALT], uint64_t number, uint8_t hash[PACK_HASH]);

/* The plain row: u8 version, then fields of u8 tag, u16 length (big-endian), bytes; unknown tags are skipped.
 * Tags are never reused; those behind ROW_CONFIRMED stand in the search index alone. */
enum pack_row_tag {
  ROW_PADDING,
  ROW_NUMBER,
  ROW_NAME,
  ROW_ORGANIZATION,
  ROW_TITLE,
  ROW_SEAT,
  ROW_ATTENTION,
  ROW_TYPE,
  ROW_HOSTS,
  ROW_PARTY,
  ROW_CONFIRMED,
  ROW_PINYIN,
  ROW_PHONE,
  ROW_EMAIL,
  ROW_EVENT
};
size_t pack_row_encode(const struct attendee *attendee, uint8_t out[PACK_ROW_MAX]); /* 0: too long */
bool pack_row_decode(const uint8_t *row, size_t len, struct attendee *out);

/* The parts of that, for rows with more in them: a row without padding, one field more behind `at` (over PACK_ROW_MAX:
 * it didn't fit), and the next field; false: the end, or what is there is no field (*at is then short of len). */
size_t pack_row_fields(const struct attendee *attendee, uint8_t out[PACK_ROW_MAX]);
size_t pack_row_put(uint8_t out[PACK_ROW_MAX], size_t at, enum pack_row_tag tag, const void *bytes, size_t len);
struct pack_field {
  uint8_t tag;
  const uint8_t *at; /* borrowed from the row */
  size_t len;
};
bool pack_row_next(const uint8_t *row, size_t len, size_t *at, struct pack_field *field);

size_t pack_seal(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t code_len, const uint8_t *plain, size_t len,
                 uint8_t out[PACK_ROW_MAX + PACK_NONCE + PACK_MAC]);
bool pack_unseal(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t code_len, const uint8_t *sealed, size_t len,
                 uint8_t out[PACK_ROW_MAX], size_t *plain_len);

uint32_t pack_event_tag(const char *event_id, const char *start_date); /* BLAKE2b-256 of id NUL YYYY-MM-DD, first 4 bytes */
uint32_t pack_key_id(const uint8_t public_key[32]);

#endif
