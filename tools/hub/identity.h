/* SPDX-License-Identifier: Apache-2.0
 * What the hub proves itself by: the key and certificate of its settings, made where there are none, or the key that the setup
 * card of the kiosk beside it holds, so that whichever kiosk carries the hub, the others know it.
 */
#ifndef YINGBIN_TOOLS_HUB_IDENTITY_H
#define YINGBIN_TOOLS_HUB_IDENTITY_H

#include "tls/cert.h"

struct identity {
  char *cert, *key;      /* owned: PEM texts; both NULL: no TLS */
  char spki[CERT_SPKI];  /* as setup cards have it; empty: no TLS */
  uint8_t raw[CERT_RAW]; /* the key, where cards can hold it: they prove themselves by it */
  bool has_raw;
};

/* Files, "" for none: a certificate and its key, or both in `cert` alone, which is made where it isn't there; `card`: hub.ini
 * of the kiosk beside. */
bool identity_open(const char *cert, const char *key, const char *card, struct identity *id, struct problem *problem);
void identity_close(struct identity *id); /* wipes the key */

#endif
