/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as an unsealed row: refused, or an attendee of sound texts that comes back the same after
 * being encoded again. And any bytes as a pattern: compiled or refused, and then matched.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "pack/format.h"
#include "pack/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_pattern(const uint8_t *data, size_t size) {
  char pattern[64];
  regex_t regex;
  size_t n = size < sizeof pattern - 1 ? size : sizeof pattern - 1, start, end;
  memcpy(pattern, data, n);
  pattern[n] = 0;
  if (!pattern_compile(pattern, 1, &regex, NULL)) return;
  size_t len = size - n < 256 ? size - n : 256;
  if (pattern_capture(&regex, data + n, len, &start, &end)) assert(start < end && end <= len);
  pattern_whole(&regex, data + n, len);
  regfree(&regex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct attendee a, b;
  uint8_t row[PACK_ROW_MAX];
  if (pack_row_decode(data, size, &a)) {
    assert(a.number[0] && a.name[0] && utf8_valid(a.name, strlen(a.name)) && a.party >= 1 && a.type >= -1 &&
           a.type < TYPES_MAX);
    size_t len = pack_row_encode(&a, row);
    assert(len > 0 && len <= PACK_ROW_MAX && pack_row_decode(row, len, &b));
    assert(!strcmp(a.number, b.number) && !strcmp(a.name, b.name) && !strcmp(a.organization, b.organization) &&
           !strcmp(a.title, b.title) && !strcmp(a.seat, b.seat) && !strcmp(a.attention, b.attention));
    assert(a.type == b.type && a.hosts == b.hosts && a.party == b.party && a.confirmed == b.confirmed);
  }
  try_pattern(data, size);
  return 0;
}
