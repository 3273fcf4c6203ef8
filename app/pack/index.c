/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/index.h"

#include <sodium.h>
#include <string.h>

#include "base/utf8.h"

enum { CARD_VERSION = 1, FIXED = 1 + 1 + 4 + 1 /* of a plain card, before the name */ };
_Static_assert(FIXED + TEXT_MAX + 1 + INDEX_HOSTS * (1 + INDEX_KEY) <= INDEX_CARD, "every card fits");
_Static_assert(INDEX_CARD_SEALED == INDEX_CARD + crypto_box_SEALBYTES, "libsodium's sealed box");

/* --- people --- */

bool index_put(uint8_t block[INDEX_BLOCK], size_t *used, const struct index_person *p) {
  size_t n = PACK_HASH + p->row_len;
  if (n > INDEX_PERSON_MAX || *used + 2 + n > INDEX_BLOCK) return false;
  uint8_t *at = block + *used;
  at[0] = (uint8_t)(n >> 8);
  at[1] = (uint8_t)n;
  memcpy(at + 2, p->hash, PACK_HASH);
  memcpy(at + 2 + PACK_HASH, p->row, p->row_len);
  *used += 2 + n;
  return true;
}

bool index_next(const uint8_t block[INDEX_BLOCK], size_t *at, struct index_person *p, bool *damaged) {
  *damaged = false;
  if (INDEX_BLOCK - *at < 2) return false;
  size_t n = (size_t)block[*at] << 8 | block[*at + 1];
  if (n == 0) return false;
  *damaged = n <= PACK_HASH || n > INDEX_PERSON_MAX || n > INDEX_BLOCK - *at - 2;
  if (*damaged) return false;
  *p = (struct index_person){block + *at + 2, block + *at + 2 + PACK_HASH, n - PACK_HASH};
  *at += 2 + n;
  return true;
}

/* --- blocks --- */

static const uint8_t what[] = "yingbin index v1"; /* with its NUL */
enum { LABEL = sizeof what + 1 + 4 };

static void label_of(int host, uint32_t block, uint8_t label[LABEL]) {
  memcpy(label, what, sizeof what);
  label[sizeof what] = (uint8_t)host;
  for (int i = 0; i < 4; i++) label[sizeof what + 1 + i] = (uint8_t)(block >> (24 - 8 * i));
}

void index_seal(const uint8_t key[INDEX_KEY], int host, uint32_t block, const uint8_t plain[INDEX_BLOCK],
                uint8_t out[INDEX_SEALED]) {
  uint8_t label[LABEL];
  label_of(host, block, label);
  crypto_generichash(out, PACK_NONCE, plain, INDEX_BLOCK, key, INDEX_KEY);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + PACK_NONCE, NULL, plain, INDEX_BLOCK, label, sizeof label, NULL, out, key);
}

bool index_open(const uint8_t key[INDEX_KEY], int host, uint32_t block, const uint8_t *sealed, size_t len,
                uint8_t out[INDEX_BLOCK]) {
  uint8_t label[LABEL];
  label_of(host, block, label);
  return len == INDEX_SEALED &&
         crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + PACK_NONCE, len - PACK_NONCE, label, sizeof label,
                                                    sealed, key) == 0;
}

void index_key(const uint8_t secret[32], const char *pack, uint32_t build, int host, uint8_t key[INDEX_KEY]) {
  uint8_t label[LABEL];
  crypto_generichash_state h;
  label_of(host, build, label);
  crypto_generichash_init(&h, secret, 32, INDEX_KEY);
  crypto_generichash_update(&h, label, sizeof label);
  crypto_generichash_update(&h, (const uint8_t *)pack, strlen(pack));
  crypto_generichash_final(&h, key, INDEX_KEY);
  sodium_memzero(&h, sizeof h);
}

/* --- cards --- */

/* u8 version, u8 lead, u32 id, u8 n, name, u8 count, then count times u8 host and the key; zeros to the end. */
static void card_encode(const struct index_card *c, uint8_t out[INDEX_CARD]) {
  size_t n = strnlen(c->name, TEXT_MAX - 1), at = FIXED + n;
  memset(out, 0, INDEX_CARD);
  out[0] = CARD_VERSION;
  out[1] = c->lead;
  for (int i = 0; i < 4; i++) out[2 + i] = (uint8_t)(c->id >> (24 - 8 * i));
  out[6] = (uint8_t)n;
  memcpy(out + FIXED, c->name, n);
  uint8_t *count = out + at++;
  for (int host = 0; host < INDEX_HOSTS; host++) {
    if (!c->opens[host]) continue;
    ++*count;
    out[at] = (uint8_t)host;
    memcpy(out + at + 1, c->key[host], INDEX_KEY);
    at += 1 + INDEX_KEY;
  }
}

static bool card_decode(const uint8_t plain[INDEX_CARD], struct index_card *out) {
  size_t n = plain[6], at = FIXED + n + 1, count = plain[FIXED + n];
  *out = (struct index_card){.lead = plain[1] != 0};
  if (plain[0] != CARD_VERSION || n == 0 || memchr(plain + FIXED, 0, n) || !utf8_valid(plain + FIXED, n) || count > INDEX_HOSTS)
    return false;
  for (int i = 0; i < 4; i++) out->id = out->id << 8 | plain[2 + i];
  memcpy(out->name, plain + FIXED, n);
  for (; count; count--, at += 1 + INDEX_KEY) {
    if (plain[at] >= INDEX_HOSTS) return false;
    out->opens[plain[at]] = true;
    memcpy(out->key[plain[at]], plain + at + 1, INDEX_KEY);
  }
  return true;
}

/* The sealed box of libsodium's documentation: ephemeral key, then crypto_box with the nonce BLAKE2b-192(ephemeral || card). */
void index_card_seal(const struct index_card *card, const uint8_t public_key[32], const uint8_t secret[32],
                     uint8_t out[INDEX_CARD_SEALED]) {
  uint8_t plain[INDEX_CARD], seed[32], ephemeral[32], nonce[PACK_NONCE];
  crypto_generichash_state h;
  card_encode(card, plain);
  crypto_generichash_init(&h, secret, 32, sizeof seed);
  crypto_generichash_update(&h, (const uint8_t *)"yingbin card v1", 16);
  crypto_generichash_update(&h, public_key, 32);
  crypto_generichash_update(&h, plain, sizeof plain);
  crypto_generichash_final(&h, seed, sizeof seed);
  crypto_box_seed_keypair(out, ephemeral, seed);
  crypto_generichash_init(&h, NULL, 0, sizeof nonce);
  crypto_generichash_update(&h, out, 32);
  crypto_generichash_update(&h, public_key, 32);
  crypto_generichash_final(&h, nonce, sizeof nonce);
  if (crypto_box_easy(out + 32, plain, sizeof plain, nonce, public_key, ephemeral) != 0)
    memset(out + 32, 0, INDEX_CARD_SEALED - 32); /* no point of the curve: a card that nothing opens */
  sodium_memzero(plain, sizeof plain);
  sodium_memzero(seed, sizeof seed);
  sodium_memzero(ephemeral, sizeof ephemeral);
}

bool index_card_open(const uint8_t *sealed, size_t len, const uint8_t public_key[32], const uint8_t secret_key[32],
                     struct index_card *out) {
  uint8_t plain[INDEX_CARD];
  if (len != INDEX_CARD_SEALED || crypto_box_seal_open(plain, sealed, len, public_key, secret_key) != 0) return false;
  bool good = card_decode(plain, out);
  sodium_memzero(plain, sizeof plain);
  if (!good) sodium_memzero(out, sizeof *out);
  return good;
}
