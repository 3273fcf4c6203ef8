/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's own certificate for volunteers' phones: DATA/monitor.pem (key and certificate, 0600), made at the first start
 * and kept, so that its fingerprint stays what the phones were shown. It is valid for long and from a fixed day on: a
 * kiosk without a battery clock doesn't know today.
 */
#ifndef YINGBIN_MONITOR_CERT_H
#define YINGBIN_MONITOR_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct cert {
  char *pem;               /* owned: both, as libmicrohttpd takes them */
  uint8_t fingerprint[32]; /* SHA-256 of the certificate's DER */
};

bool cert_open(const char *data, const char *kiosk, struct cert *cert, struct problem *problem);
void cert_close(struct cert *cert); /* wipes the key */

#endif
