/* SPDX-License-Identifier: Apache-2.0
 * The codes seen a moment ago: a code that stays before the camera is one scan, and counts again only
 * after it was gone for `quiet_ms`. A fixed table of digests, the oldest makes room. Pure.
 */
#ifndef YINGBIN_CORE_SEEN_H
#define YINGBIN_CORE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEEN_SLOTS = 32 };

struct seen {
  int64_t quiet_ms;
  struct {
    uint64_t digest; /* FNV-1a: nothing but "the same again" is decided by it */
    size_t len;
    int64_t last_ms;  /* mono */
    int64_t retry_ms; /* mono: from then on it counts again; INT64_MAX: no such promise */
  } slot[SEEN_SLOTS];
};

void seen_init(struct seen *s, int64_t quiet_ms);

/* True: it was here less than quiet_ms ago (and is so again now). */
bool seen_again(struct seen *s, const uint8_t *bytes, size_t len, int64_t mono_ms);

/* What failed may be tried again once `after_ms` have gone by, even if it stayed in view. */
void seen_retry(struct seen *s, const uint8_t *bytes, size_t len, int64_t mono_ms, int64_t after_ms);

#endif
