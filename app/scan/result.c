/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/result.h"

#include <string.h>

struct scan_code *scan_result_add(struct scan_result *result, int step, const void *bytes, size_t len) {
  for (int i = 0; i < result->count; i++)
    if (result->code[i].len == len && !memcmp(result->code[i].bytes, bytes, len)) return NULL;
  if (!len || len > PAYLOAD_MAX || result->count == SCAN_CODES_MAX) return NULL;
  struct scan_code *code = &result->code[result->count++];
  memcpy(code->bytes, bytes, len);
  code->len = (uint16_t)len;
  code->step = (uint8_t)step;
  return code;
}

int16_t scan_within(int32_t value, int32_t side) { return (int16_t)(value < 0 ? 0 : value < side ? value : side - 1); }
