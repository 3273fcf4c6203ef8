/* SPDX-License-Identifier: Apache-2.0
 * Any payload is something; what is a signed ticket is written back to the letter; a malformed one
 * leaves nothing to use.
 */
#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "core/ticket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool nothing(const void *at, size_t n) {
  for (const char *c = at; n > 0; n--)
    if (*c++) return false;
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct ticket t;
  char text[TICKET_TEXT_MAX];
  ticket_parse(data, size, &t);
  switch (t.kind) {
  case TICKET_PRESENCE: assert(size == 0); break;
  case TICKET_CODE: assert(size == CODE_LEN && memcmp(t.code, data, size) == 0 && t.code[size] == '\0'); break;
  case TICKET_SIGNED:
    assert(t.s.body[0] == 1 && utf8_valid(t.s.name, strlen(t.s.name)));
    assert(ticket_encode(&t.s, t.s.body + t.s.signed_len, text));
    assert(strlen(text) == size && memcmp(text, data, size) == 0);
    break;
  case TICKET_OPERATOR: assert(size == 6 + 48 && memcmp(data, "YBOP1:", 6) == 0); break;
  case TICKET_SETUP: assert(memcmp(data, "YBSET1:", 7) == 0); break;
  case TICKET_MALFORMED: assert(nothing(&t.s, sizeof(t.s)) && nothing(t.secret, sizeof(t.secret)) && !t.code[0]); break;
  case TICKET_OTHER: assert((unsigned)t.foreign < FOREIGN_COUNT); break;
  }
  return 0;
}
