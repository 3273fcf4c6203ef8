/* SPDX-License-Identifier: Apache-2.0
 * Setup cards of a hub that any kiosk may carry (`card setup --hub here`). Such a card holds the hub's key, so that whichever
 * kiosk was shown one can be the hub, and a token that proves itself by this key: a hub that has the key needs no list of
 * cards. Pure; sodium_init() was called.
 */
#ifndef YINGBIN_TOOLS_HUB_CARD_H
#define YINGBIN_TOOLS_HUB_CARD_H

#include "tls/cert.h"

enum { HUB_KEY_TEXT = 129, HUB_TOKEN = 33 };

/* The key as the card has it: base64url. */
void hub_key_text(const uint8_t raw[CERT_RAW], char text[HUB_KEY_TEXT]);
bool hub_key_read(const char *text, uint8_t raw[CERT_RAW]);

/* made_ms: when the card was made, which is part of the token: of two cards for one kiosk the newer one counts. */
void hub_token(const uint8_t raw[CERT_RAW], const char *kiosk, int64_t made_ms, char token[HUB_TOKEN]);
bool hub_token_good(const uint8_t raw[CERT_RAW], const char *kiosk, const char *token, int64_t *made_ms);

#endif
