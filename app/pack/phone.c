/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/phone.h"

#include <sodium.h>
#include <string.h>

#include "pack/inner.h"

bool phone_digits(const char *text, char out[SELF_DIGITS_MOST + 1]) {
  char all[SELF_DIGITS_MOST + 5];
  size_t n = 0, skip = 0;
  for (; *text; text++) {
    if (*text < '0' || *text > '9') continue;
    if (n == sizeof all) return false;
    all[n++] = *text;
  }
  if (n > 2 && all[0] == '0' && all[1] == '0') skip = 2; /* what "+" stands for */
  if (n - skip == 13 && !memcmp(all + skip, "86", 2)) skip += 2;
  n -= skip;
  if (n < SELF_DIGITS_LEAST || n > SELF_DIGITS_MOST) return false;
  memcpy(out, all + skip, n);
  out[n] = '\0';
  sodium_memzero(all, sizeof all);
  return true;
}

bool phone_key(const uint8_t salt[PACK_SALT], const char *digits, uint8_t key[PHONE_KEY]) {
  static const uint8_t what[] = "yingbin phone v1"; /* with its NUL */
  uint8_t own[crypto_pwhash_SALTBYTES];
  crypto_generichash(own, sizeof own, what, sizeof what, salt, PACK_SALT);
  return crypto_pwhash(key, PHONE_KEY, digits, strlen(digits), own, PHONE_PASSES, PHONE_MEMORY, crypto_pwhash_ALG_ARGON2ID13) ==
         0;
}

size_t phone_seal(const uint8_t salt[PACK_SALT], const uint8_t key[PHONE_KEY], const uint8_t code_hash[PACK_HASH],
                  const struct attendee *attendee, uint8_t out[PHONE_SEALED_MAX]) {
  uint8_t row[PACK_ROW_MAX], plain[PACK_ROW_MAX];
  size_t n = pack_row_encode(attendee, row), sealed = 0;
  if (n > 0 && PACK_HASH + n <= sizeof plain) {
    memcpy(plain, code_hash, PACK_HASH);
    memcpy(plain + PACK_HASH, row, n);
    sealed = pack_seal(salt, key, PHONE_KEY, plain, PACK_HASH + n, out);
  }
  sodium_memzero(row, sizeof row);
  sodium_memzero(plain, sizeof plain);
  return sealed;
}

bool pack_phone_salt(const struct pack *pack, int16_t event, uint8_t salt[PACK_SALT]) {
  if (!pack->phone || event < 0 || event >= pack->catalog.events) return false;
  if (pack->catalog.event[event].self_lookup != SELF_LOOKUP_PHONE) return false;
  memcpy(salt, pack->salt[event], PACK_SALT);
  return true;
}

static bool open_person(struct pack *p, int16_t event, const uint8_t key[PHONE_KEY], const void *sealed, size_t len,
                        struct pack_phone_person *out) {
  uint8_t plain[PACK_ROW_MAX];
  size_t n = 0;
  bool broken = false;
  bool good = sealed && pack_unseal(p->salt[event], key, PHONE_KEY, sealed, len, plain, &n) && n > PACK_HASH &&
              pack_row_decode(plain + PACK_HASH, n - PACK_HASH, &out->attendee) && out->attendee.type < p->catalog.types;
  if (good) {
    out->attendee.event = event;
    out->lookup = pack_is_revoked(p, event, plain, &broken) ? LOOKUP_REVOKED : LOOKUP_FOUND;
    sodium_bin2hex(out->code, sizeof out->code, plain, PACK_HASH);
  }
  sodium_memzero(plain, sizeof plain);
  return good && !broken;
}

int pack_phone_find(struct pack *pack, int16_t event, const uint8_t key[PHONE_KEY],
                    struct pack_phone_person out[SELF_PEOPLE_MAX]) {
  uint8_t hash[PACK_HASH];
  int count = 0, step;
  if (!pack->phone) return 0;
  pack_hash(pack->salt[event], key, PHONE_KEY, hash);
  sqlite3_bind_int(pack->phone, 1, event);
  sqlite3_bind_blob(pack->phone, 2, hash, PACK_HASH, SQLITE_STATIC);
  while ((step = sqlite3_step(pack->phone)) == SQLITE_ROW && count < SELF_PEOPLE_MAX) {
    const void *sealed = sqlite3_column_blob(pack->phone, 0);
    if (!open_person(pack, event, key, sealed, (size_t)sqlite3_column_bytes(pack->phone, 0), &out[count])) break;
    count++;
  }
  sqlite3_reset(pack->phone);
  sqlite3_clear_bindings(pack->phone);
  return step == SQLITE_DONE || count == SELF_PEOPLE_MAX ? count : -1;
}
