/* SPDX-License-Identifier: Apache-2.0
 * Keys and certificates of our own servers: the kiosk's page for volunteers' phones, a hub. One is made where there is none,
 * and kept, so that its fingerprint stays what people and setup cards were told. It is valid for long and from a fixed day on:
 * a kiosk without a battery clock doesn't know today. A library without threads or state.
 */
#ifndef YINGBIN_TLS_CERT_H
#define YINGBIN_TLS_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

enum { CERT_RAW = 96, CERT_SPKI = 65 };

struct cert {
  char *pem;               /* owned: the key, then its certificate, as libmicrohttpd takes them */
  uint8_t fingerprint[32]; /* SHA-256 of the certificate's DER */
  char spki[CERT_SPKI];    /* SHA-256 of the public key, as setup cards have it: 64 hex digits */
};

/* The file, 0600, with key and certificate; made where there is none, for `yingbin NAME`. */
bool cert_open(const char *path, const char *name, struct cert *cert, struct problem *problem);
void cert_close(struct cert *cert); /* wipes the key */

/* A P-256 key as a setup card carries it: x, y, k. False: the key is of another kind. */
bool cert_raw(const char *pem, uint8_t raw[CERT_RAW]);
/* A certificate, not kept, for such a key. False: it is none. */
bool cert_from(const uint8_t raw[CERT_RAW], const char *name, struct cert *cert, struct problem *problem);

bool cert_spki(const char *pem, char spki[CERT_SPKI]); /* of a certificate; false: it is none */

#endif
