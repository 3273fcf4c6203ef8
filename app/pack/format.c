/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/format.h"

#include <sodium.h>
#include <string.h>

#include "base/utf8.h"

/* ticket.sealed is NULL where the pack knows no more than "a ticket of that event". revoked holds the
 * hashes of codes, of signed tickets' whole texts, and of numbers (pack_number_hash). card and search: see index.h, phone: phone.h.
 * The reader accepts these tables and no others. */
const char pack_schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE catalog(part TEXT, position INTEGER, key TEXT, value TEXT, PRIMARY KEY(part, position, key)) WITHOUT ROWID;"
    "CREATE TABLE salt(event INTEGER PRIMARY KEY, salt BLOB);"
    "CREATE TABLE pattern(position INTEGER PRIMARY KEY, event INTEGER, pattern TEXT);"
    "CREATE TABLE ticket_key(key BLOB PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TABLE ticket(event INTEGER, hash BLOB, sealed BLOB, PRIMARY KEY(event, hash)) WITHOUT ROWID;"
    "CREATE TABLE revoked(event INTEGER, hash BLOB, PRIMARY KEY(event, hash)) WITHOUT ROWID;"
    "CREATE TABLE card(public_key BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID;"
    "CREATE TABLE search(host INTEGER, block INTEGER, sealed BLOB, PRIMARY KEY(host, block)) WITHOUT ROWID;"
    "CREATE TABLE picture(name TEXT PRIMARY KEY, bytes BLOB) WITHOUT ROWID;";
const char pack_schema_phone[] =
    "CREATE TABLE phone(event INTEGER, hash BLOB, nth INTEGER, sealed BLOB, PRIMARY KEY(event, hash, nth)) WITHOUT ROWID;";

enum { ROW_VERSION = 1, ROW_STEP = 64 /* sealed rows come in steps, so that a length tells little of a name */ };
static const struct row_text {
  uint8_t tag;
  uint16_t size;
  size_t offset;
} row_text[] = {
#define ROW_TEXT(tag, member)                                                                                                  \
  { tag, sizeof((struct attendee *)0)->member, offsetof(struct attendee, member) }
    ROW_TEXT(ROW_NUMBER, number), ROW_TEXT(ROW_NAME, name), ROW_TEXT(ROW_ORGANIZATION, organization),
    ROW_TEXT(ROW_TITLE, title),   ROW_TEXT(ROW_SEAT, seat), ROW_TEXT(ROW_ATTENTION, attention),
#undef ROW_TEXT
};
enum { ROW_TEXTS = sizeof row_text / sizeof *row_text };

void pack_hash(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t len, uint8_t hash[PACK_HASH]) {
  crypto_generichash(hash, PACK_HASH, code, len, salt, PACK_SALT);
}

void pack_number_hash(const uint8_t salt[PACK_SALT], uint64_t number, uint8_t hash[PACK_HASH]) {
  uint8_t text[26] = "yingbin number v1"; /* with its NUL, which no code of a roster has */
  for (int i = 0; i < 8; i++) text[18 + i] = (uint8_t)(number >> (56 - 8 * i));
  pack_hash(salt, text, sizeof text, hash);
}

static void row_key(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t len, uint8_t key[32]) {
  static const uint8_t what[] = "yingbin row v1"; /* with its NUL */
  crypto_generichash_state h;
  crypto_generichash_init(&h, salt, PACK_SALT, 32);
  crypto_generichash_update(&h, what, sizeof what);
  crypto_generichash_update(&h, code, len);
  crypto_generichash_final(&h, key, 32);
  sodium_memzero(&h, sizeof h);
}

size_t pack_row_put(uint8_t out[PACK_ROW_MAX], size_t at, enum pack_row_tag tag, const void *bytes, size_t len) {
  if (len > UINT16_MAX || at + 3 + len > PACK_ROW_MAX) return PACK_ROW_MAX + 1;
  out[at] = (uint8_t)tag;
  out[at + 1] = (uint8_t)(len >> 8);
  out[at + 2] = (uint8_t)len;
  if (bytes) memcpy(out + at + 3, bytes, len); /* else it is there already */
  return at + 3 + len;
}

static size_t put_number(uint8_t *out, size_t at, enum pack_row_tag tag, uint32_t v) {
  uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
  return pack_row_put(out, at, tag, b, sizeof b);
}

size_t pack_row_fields(const struct attendee *attendee, uint8_t out[PACK_ROW_MAX]) {
  size_t at = 1;
  out[0] = ROW_VERSION;
  for (int i = 0; i < ROW_TEXTS; i++) {
    const char *text = (const char *)attendee + row_text[i].offset;
    size_t len = strnlen(text, row_text[i].size);
    if (len) at = pack_row_put(out, at, (enum pack_row_tag)row_text[i].tag, text, len);
  }
  at = put_number(out, at, ROW_TYPE, (uint32_t)(int32_t)attendee->type);
  at = put_number(out, at, ROW_HOSTS, attendee->hosts);
  at = put_number(out, at, ROW_PARTY, (uint32_t)attendee->party);
  return put_number(out, at, ROW_CONFIRMED, attendee->confirmed);
}

size_t pack_row_encode(const struct attendee *attendee, uint8_t out[PACK_ROW_MAX]) {
  size_t at = pack_row_fields(attendee, out);
  if (at > PACK_ROW_MAX) return 0;
  size_t padded = (at + 3 + ROW_STEP - 1) / ROW_STEP * ROW_STEP;
  if (padded > PACK_ROW_MAX) return at;
  memset(out + at + 3, 0, padded - at - 3);
  return pack_row_put(out, at, ROW_PADDING, NULL, padded - at - 3);
}

static bool take_text(uint8_t tag, const uint8_t *bytes, size_t len, struct attendee *out) {
  for (int i = 0; i < ROW_TEXTS; i++) {
    if (row_text[i].tag != tag) continue;
    if (len >= row_text[i].size || memchr(bytes, 0, len) || !utf8_valid(bytes, len)) return false;
    char *text = (char *)out + row_text[i].offset;
    memcpy(text, bytes, len);
    text[len] = 0;
  }
  return true;
}

static bool take_number(uint8_t tag, const uint8_t *b, size_t len, struct attendee *out) {
  if (tag < ROW_TYPE || tag > ROW_CONFIRMED) return true;
  if (len != 4) return false;
  uint32_t v = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
  switch (tag) {
  case ROW_TYPE:
    if (v != UINT32_MAX && v >= TYPES_MAX) return false;
    out->type = v == UINT32_MAX ? -1 : (int16_t)v;
    return true;
  case ROW_HOSTS: out->hosts = v; return true;
  case ROW_PARTY:
    if (v < 1 || v > INT32_MAX) return false;
    out->party = (int32_t)v;
    return true;
  default: out->confirmed = v == 1; return v <= 1;
  }
}

bool pack_row_next(const uint8_t *row, size_t len, size_t *at, struct pack_field *field) {
  size_t start = *at ? *at : 1;
  if (len < 1 || row[0] != ROW_VERSION || start > len || len - start < 3) return false;
  *field = (struct pack_field){row[start], row + start + 3, (size_t)row[start + 1] << 8 | row[start + 2]};
  if (field->len > len - start - 3) return false;
  *at = start + 3 + field->len;
  return true;
}

bool pack_row_decode(const uint8_t *row, size_t len, struct attendee *out) {
  size_t at = 0;
  struct pack_field field;
  *out = (struct attendee){.type = -1, .event = -1, .party = 1};
  while (pack_row_next(row, len, &at, &field))
    if (!take_text(field.tag, field.at, field.len, out) || !take_number(field.tag, field.at, field.len, out)) return false;
  return at == len && out->number[0] && out->name[0];
}

size_t pack_seal(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t code_len, const uint8_t *plain, size_t len,
                 uint8_t out[PACK_ROW_MAX + PACK_NONCE + PACK_MAC]) {
  uint8_t key[32], hash[PACK_HASH];
  unsigned long long sealed = 0;
  row_key(salt, code, code_len, key);
  pack_hash(salt, code, code_len, hash);
  crypto_generichash(out, PACK_NONCE, plain, len, key, sizeof key);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + PACK_NONCE, &sealed, plain, len, hash, sizeof hash, NULL, out, key);
  sodium_memzero(key, sizeof key);
  return PACK_NONCE + (size_t)sealed;
}

bool pack_unseal(const uint8_t salt[PACK_SALT], const uint8_t *code, size_t code_len, const uint8_t *sealed, size_t len,
                 uint8_t out[PACK_ROW_MAX], size_t *plain_len) {
  uint8_t key[32], hash[PACK_HASH];
  unsigned long long n = 0;
  if (len < PACK_NONCE + PACK_MAC || len > PACK_ROW_MAX + PACK_NONCE + PACK_MAC) return false;
  row_key(salt, code, code_len, key);
  pack_hash(salt, code, code_len, hash);
  int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, sealed + PACK_NONCE, len - PACK_NONCE, hash, sizeof hash,
                                                       sealed, key);
  sodium_memzero(key, sizeof key);
  *plain_len = (size_t)n;
  return bad == 0;
}

static uint32_t first4(const uint8_t hash[32]) {
  return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

uint32_t pack_event_tag(const char *event_id, const char *start_date) {
  uint8_t hash[32];
  crypto_generichash_state h;
  crypto_generichash_init(&h, NULL, 0, sizeof hash);
  crypto_generichash_update(&h, (const uint8_t *)event_id, strlen(event_id) + 1);
  crypto_generichash_update(&h, (const uint8_t *)start_date, strlen(start_date));
  crypto_generichash_final(&h, hash, sizeof hash);
  return first4(hash);
}

uint32_t pack_key_id(const uint8_t public_key[32]) {
  uint8_t hash[32];
  crypto_generichash(hash, sizeof hash, public_key, 32, NULL, 0);
  return first4(hash);
}
