/* SPDX-License-Identifier: Apache-2.0
 * Whatever decodes encodes to the same text; whatever bytes encode decode to the same bytes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base45.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  size_t n, text_len;
  uint8_t *bytes = malloc(size + 1);
  char *text = malloc(size * 2 + 2);
  assert(bytes && text);
  if (base45_decode((const char *)data, size, bytes, size, &n)) {
    text_len = base45_encode(bytes, n, text);
    assert(text_len == size && memcmp(text, data, size) == 0);
    assert(n == 0 || !base45_decode((const char *)data, size, bytes, n - 1, &n));
  }
  text_len = base45_encode(data, size, text);
  assert(text_len == (size * 3 + 1) / 2 && strlen(text) == text_len);
  assert(base45_decode(text, text_len, bytes, size, &n) && n == size && memcmp(bytes, data, size) == 0);
  free(text);
  free(bytes);
  return 0;
}
