/* SPDX-License-Identifier: Apache-2.0
 * The journal's hash chain and its export's signature (BLAKE2b, RFC 7693; Ed25519, RFC 8032; both by
 * libsodium). Pure, but for sodium_init(), which was called.
 * chain = BLAKE2b-256(chain before || BLAKE2b-256(line)); before the first record it is
 * BLAKE2b-256("yingbin journal v1" || kiosk public key || journal id).
 */
#ifndef YINGBIN_JOURNAL_CHAIN_H
#define YINGBIN_JOURNAL_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JOURNAL_ID = 16, JOURNAL_CHAIN = 32 }; /* bytes of a journal's or a record's id, and of a chain */

/* Before the first record. */
void chain_start(const uint8_t public_key[32], const uint8_t journal[JOURNAL_ID], uint8_t chain[JOURNAL_CHAIN]);

/* Moves the chain over one line (without its LF). */
void chain_next(uint8_t chain[JOURNAL_CHAIN], const char *line, size_t len);

void chain_sign(const uint8_t secret_key[64], const char *header, size_t len, int64_t to_seq,
                const uint8_t chain[JOURNAL_CHAIN], uint8_t sig[64]);
bool chain_signed(const uint8_t public_key[32], const char *header, size_t len, int64_t to_seq,
                  const uint8_t chain[JOURNAL_CHAIN], const uint8_t sig[64]);

/* Exactly n bytes of lower-case hex and nothing behind them. */
bool chain_hex(const char *text, size_t len, uint8_t *bytes, size_t n);

#endif
