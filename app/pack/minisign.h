/* SPDX-License-Identifier: Apache-2.0
 * Keys and signatures of minisign (its format as published at jedisct1.github.io/minisign: key files,
 * prehashed "ED" signatures, trusted comments), so that either tool reads what the other wrote.
 * Blocking file I/O, no threads; sodium_init() was called.
 */
#ifndef YINGBIN_PACK_MINISIGN_H
#define YINGBIN_PACK_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct minisign_pub {
  uint8_t id[8], key[32];
};

struct minisign_key { /* secret: sodium_memzero it when done */
  uint8_t id[8], key[64];
};

/* NAME.key (0600) and NAME.pub; neither may exist. password NULL: not encrypted (minisign -W). */
bool minisign_new(const char *name, const char *password, struct problem *problem);

/* password may be NULL; *needs_password is then set where the file has one, and false returned. */
bool minisign_read_key(const char *file, const char *password, bool *needs_password, struct minisign_key *key, struct problem *problem);
bool minisign_read_pub(const char *file, struct minisign_pub *pub, struct problem *problem);
bool minisign_parse_pub(const char *text, struct minisign_pub *pub); /* the base64 line alone */

/* Writes FILE.minisig. */
bool minisign_sign(const struct minisign_key *key, const char *file, const char *trusted_comment, struct problem *problem);

/* Checks FILE with FILE.minisig: wholly, streaming. `comment` (size bytes) gets the trusted comment. */
bool minisign_verify(const struct minisign_pub *pub, const char *file, char *comment, size_t size, struct problem *problem);

/* The same in pieces: the signature alone is read and its trusted comment checked, then the file's
 * BLAKE2b-512 is compared, so that a caller can hash a large file a little at a time. */
struct minisign_sig {
  uint8_t id[8], sig[64];
  char comment[256];
};
bool minisign_read_sig(const struct minisign_pub *pub, const char *file_minisig, struct minisign_sig *sig, struct problem *problem);
bool minisign_check(const struct minisign_pub *pub, const struct minisign_sig *sig, const uint8_t hash[64]);

#endif
