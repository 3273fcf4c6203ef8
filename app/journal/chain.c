/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/chain.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void chain_start(const uint8_t public_key[32], const uint8_t journal[JOURNAL_ID], uint8_t chain[JOURNAL_CHAIN]) {
  static const char title[] = "yingbin journal v1";
  uint8_t all[sizeof title - 1 + 32 + JOURNAL_ID];
  memcpy(all, title, sizeof title - 1);
  memcpy(all + sizeof title - 1, public_key, 32);
  memcpy(all + sizeof title - 1 + 32, journal, JOURNAL_ID);
  crypto_generichash(chain, JOURNAL_CHAIN, all, sizeof all, NULL, 0);
}

void chain_next(uint8_t chain[JOURNAL_CHAIN], const char *line, size_t len) {
  uint8_t both[JOURNAL_CHAIN + 32];
  memcpy(both, chain, JOURNAL_CHAIN);
  crypto_generichash(both + JOURNAL_CHAIN, 32, (const unsigned char *)line, len, NULL, 0);
  crypto_generichash(chain, JOURNAL_CHAIN, both, sizeof both, NULL, 0);
}

/* What is signed, hashed by Ed25519 itself: header lines are short, so the message is put together whole. */
enum { TITLE = 18, MESSAGE_MAX = TITLE + 4096 + 8 + JOURNAL_CHAIN };

static size_t message(const char *header, size_t len, int64_t to_seq, const uint8_t chain[JOURNAL_CHAIN],
                      uint8_t out[MESSAGE_MAX]) {
  static const char title[] = "yingbin export v1"; /* with its NUL */
  assert(sizeof title == TITLE && len <= 4096);
  uint8_t *p = out;
  memcpy(p, title, TITLE), p += TITLE;
  memcpy(p, header, len), p += len;
  for (int i = 7; i >= 0; i--) *p++ = (uint8_t)((uint64_t)to_seq >> (8 * i));
  memcpy(p, chain, JOURNAL_CHAIN), p += JOURNAL_CHAIN;
  return (size_t)(p - out);
}

void chain_sign(const uint8_t secret_key[64], const char *header, size_t len, int64_t to_seq,
                const uint8_t chain[JOURNAL_CHAIN], uint8_t sig[64]) {
  uint8_t m[MESSAGE_MAX];
  size_t n = message(header, len, to_seq, chain, m);
  crypto_sign_detached(sig, NULL, m, n, secret_key);
}

bool chain_signed(const uint8_t public_key[32], const char *header, size_t len, int64_t to_seq,
                  const uint8_t chain[JOURNAL_CHAIN], const uint8_t sig[64]) {
  uint8_t m[MESSAGE_MAX];
  size_t n = message(header, len, to_seq, chain, m);
  return crypto_sign_verify_detached(sig, m, n, public_key) == 0;
}

/* Of each byte, the hex digit's value, with 16 added where it is one. */
static const uint8_t digits[256] = {['0'] = 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, ['a'] = 26, 27, 28, 29, 30, 31};

bool chain_hex(const char *text, size_t len, uint8_t *bytes, size_t n) {
  uint8_t all = 16;
  if (len != 2 * n) return false;
  for (size_t i = 0; i < n; i++) {
    const uint8_t high = digits[(unsigned char)text[2 * i]], low = digits[(unsigned char)text[2 * i + 1]];
    all &= high & low;
    bytes[i] = (uint8_t)(high << 4 | (low & 15));
  }
  return all == 16;
}
