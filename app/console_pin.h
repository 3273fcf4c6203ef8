/* SPDX-License-Identifier: Apache-2.0
 * yingbin-kiosk --hash-pin: a PIN from standard input becomes the line for kiosk.conf (argon2id, RFC 9106, by libsodium:
 * 16 MiB, some 30 ms on a PC, so that desk can check one between two guests).
 */
#ifndef YINGBIN_CONSOLE_PIN_H
#define YINGBIN_CONSOLE_PIN_H

#include <stdio.h>

#include "base/problem.h"

bool console_pin_hash(FILE *in, FILE *out, struct problem *problem);

#endif
