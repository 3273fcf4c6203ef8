/* SPDX-License-Identifier: Apache-2.0
 * A record's line read in one pass and read by jansson: the same fields, or neither is an object. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "journal/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_same(const struct record_value *a, const struct record_value *b) {
  assert(a->type == b->type && a->number == b->number && a->len == b->len);
  assert(a->type != RECORD_TEXT || (!memcmp(a->text, b->text, a->len) && !memchr(a->text, 0, a->len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct record flat, any;
  char *line = malloc(size ? size : 1); /* exactly as long: reading behind it is seen */
  assert(line);
  if (size) memcpy(line, data, size);
  const bool is_object = record_read_any(&any, line, size);
  assert(record_read(&flat, line, size) == is_object);
  for (int k = 0; is_object && k < RECORD_KEYS; k++) expect_same(&flat.value[k], &any.value[k]);
  if (is_object) record_free(&flat), record_free(&any);
  free(line);
  return 0;
}
