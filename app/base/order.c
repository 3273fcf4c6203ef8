/* SPDX-License-Identifier: Apache-2.0 */
#include "base/order.h"

#include <stdlib.h>
#include <string.h>

enum { BITS = 11, DIGITS = 1 << BITS };

struct ordering {
  int64_t (*key)(const void *self, uint32_t index);
  const void *self;
  int64_t least;
};

static uint64_t above(const struct ordering *o, uint32_t index) { /* the least one */
  return (uint64_t)o->key(o->self, index) - (uint64_t)o->least;
}

static void pass(const struct ordering *o, int shift, const uint32_t *from, uint32_t *to, uint32_t count) {
  uint32_t place[DIGITS] = {0}, next = 0;
  for (uint32_t i = 0; i < count; i++) place[above(o, from[i]) >> shift & (DIGITS - 1)]++;
  for (int d = 0; d < DIGITS; d++) {
    const uint32_t here = place[d];
    place[d] = next, next += here;
  }
  for (uint32_t i = 0; i < count; i++) to[place[above(o, from[i]) >> shift & (DIGITS - 1)]++] = from[i];
}

bool order_by(uint32_t *index, uint32_t count, int64_t (*key)(const void *self, uint32_t index), const void *self) {
  struct ordering o = {key, self, INT64_MAX};
  int64_t most = INT64_MIN;
  if (count < 2) return true;
  uint32_t *other = malloc(count * sizeof *other), *from = index, *to = other;
  if (!other) return false;
  for (uint32_t i = 0; i < count; i++) {
    const int64_t value = key(self, index[i]);
    if (value < o.least) o.least = value;
    if (value > most) most = value;
  }
  const uint64_t span = (uint64_t)most - (uint64_t)o.least;
  for (int shift = 0; shift < 64 && span >> shift; shift += BITS) {
    pass(&o, shift, from, to, count);
    uint32_t *sorted = to;
    to = from, from = sorted;
  }
  if (from != index) memcpy(index, from, count * sizeof *index);
  free(other);
  return true;
}
