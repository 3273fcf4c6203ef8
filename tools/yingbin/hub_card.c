/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/hub_card.h"

#include <sodium.h>
#include <string.h>

enum { TIME = 8, PROOF = 16 };
static const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

void hub_key_text(const uint8_t raw[CERT_RAW], char text[HUB_KEY_TEXT]) {
  sodium_bin2base64(text, HUB_KEY_TEXT, raw, CERT_RAW, variant);
}

bool hub_key_read(const char *text, uint8_t raw[CERT_RAW]) {
  size_t len;
  return sodium_base642bin(raw, CERT_RAW, text, strlen(text), NULL, &len, NULL, variant) == 0 && len == CERT_RAW;
}

/* BLAKE2b of the name with its NUL and the time, keyed with the hub's private key. */
static void prove(const uint8_t raw[CERT_RAW], const char *kiosk, const uint8_t made[TIME], uint8_t proof[PROOF]) {
  static const char what[] = "yingbin setup v1";
  crypto_generichash_state state;
  crypto_generichash_init(&state, raw + CERT_RAW - 32, 32, PROOF);
  crypto_generichash_update(&state, (const uint8_t *)what, sizeof what);
  crypto_generichash_update(&state, (const uint8_t *)kiosk, strlen(kiosk) + 1);
  crypto_generichash_update(&state, made, TIME);
  crypto_generichash_final(&state, proof, PROOF);
}

void hub_token(const uint8_t raw[CERT_RAW], const char *kiosk, int64_t made_ms, char token[HUB_TOKEN]) {
  uint8_t said[TIME + PROOF];
  for (int i = 0; i < TIME; i++) said[i] = (uint8_t)((uint64_t)made_ms >> (8 * (TIME - 1 - i)));
  prove(raw, kiosk, said, said + TIME);
  sodium_bin2base64(token, HUB_TOKEN, said, sizeof said, variant);
}

bool hub_token_good(const uint8_t raw[CERT_RAW], const char *kiosk, const char *token, int64_t *made_ms) {
  uint8_t said[TIME + PROOF], proof[PROOF];
  uint64_t made = 0;
  size_t len;
  if (sodium_base642bin(said, sizeof said, token, strlen(token), NULL, &len, NULL, variant) != 0 || len != sizeof said)
    return false;
  prove(raw, kiosk, said, proof);
  for (int i = 0; i < TIME; i++) made = made << 8 | said[i];
  *made_ms = (int64_t)made;
  return *made_ms >= 0 && sodium_memcmp(proof, said + TIME, PROOF) == 0;
}
