/* SPDX-License-Identifier: Apache-2.0
 * Base45 (RFC 9285), the encoding made for the alphanumeric mode of QR codes. Pure.
 */
#ifndef YINGBIN_CORE_BASE45_H
#define YINGBIN_CORE_BASE45_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters for n bytes: (n * 3 + 1) / 2. `out` gets these and a NUL; returns their number. */
size_t base45_encode(const uint8_t *bytes, size_t n, char *out);

/* False: a wrong character, length or value, or more than `room` bytes. */
bool base45_decode(const char *text, size_t len, uint8_t *out, size_t room, size_t *n);

#endif
