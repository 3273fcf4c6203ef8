/* SPDX-License-Identifier: Apache-2.0
 * The organizer's patterns (code.pattern, accept): POSIX extended regular expressions, matched with
 * what strangers show to the camera. So what can make matching explode is refused: back references,
 * repetitions of repetitions, and those that would make more than PATTERN_COUNTS states or are nested
 * deeper than PATTERN_NESTED (the C library copies what is repeated).
 */
#ifndef YINGBIN_PACK_PATTERN_H
#define YINGBIN_PACK_PATTERN_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

enum {
  PATTERN_COUNTS = 1024,
  PATTERN_NESTED = 2,
  PATTERN_MAX = 255 /* bytes of the pattern */,
  PATTERN_TEXT_MAX = 1024 /* bytes matched */
};

/* groups: how many capture groups there must be. The caller frees it with regfree. */
bool pattern_compile(const char *pattern, size_t groups, regex_t *out, struct problem *problem);

/* The first capture of a match, within `bytes`. False: no match, or bytes are no text. */
bool pattern_capture(const regex_t *regex, const uint8_t *bytes, size_t len, size_t *start, size_t *end);

/* The whole text is of that shape. */
bool pattern_whole(const regex_t *regex, const uint8_t *bytes, size_t len);

#endif
