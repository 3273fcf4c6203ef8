/* SPDX-License-Identifier: Apache-2.0
 * Whatever answers: it is no answer of a hub, or all that is read out of it is within its bounds. The first byte chooses the
 * content type, the second one whether a setup card is read instead.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_page(const struct wire_answer *a) {
  struct wire_page page;
  struct shared_record r;
  if (!wire_read_page(a, &page)) return;
  assert(page.cursor[0] && strlen(page.cursor) < sizeof page.cursor && page.count >= 0 && (page.count || !page.more));
  for (int i = 0; i < page.count; i++) {
    if (!wire_page_record(&page, i, &r)) continue;
    assert(r.kind <= SHARED_CORRECT && r.count >= 0 && r.kiosk[0] && memchr(r.station, 0, sizeof r.station) &&
           memchr(r.attendee, 0, sizeof r.attendee) && memchr(r.code, 0, sizeof r.code));
  }
  wire_page_free(&page);
}

static void read_card(const char *text) {
  struct wire_setup s;
  struct problem problem = {.zh = ""};
  char hub[WIRE_HUB];
  if (!wire_setup(text, &s, &problem)) {
    assert(problem.zh[0] && problem.en[0]);
    return;
  }
  assert(wire_hub(s.hub, hub) && !strcmp(hub, s.hub) && s.kiosk[0] && s.token[0] && (strlen(s.spki) == 64 || !s.spki[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const types[] = {"application/json", "application/problem+json"};
  struct wire_known known[WIRE_KNOWN];
  char token[WIRE_TOKEN], why[TEXT_MAX];
  uint8_t chain[SYNC_CHAIN];
  int64_t at, seq;
  int count;
  if (size < 2) return 0;
  char *body = malloc(size - 1);
  assert(body);
  memcpy(body, data + 2, size - 2);
  body[size - 2] = '\0';
  const struct wire_answer a = {.type = types[data[0] & 1], .body = body, .len = size - 2};
  if (data[1] & 1) read_card(body);
  read_page(&a);
  if (wire_read_enrolled(&a, "door-1", token, &at)) assert(token[0] && at > 0);
  if (wire_read_acked(&a, &seq, chain, &at)) assert(seq >= 0 && at > 0);
  if (wire_read_known(&a, known, &count)) assert(count >= 0 && count <= WIRE_KNOWN);
  if (wire_read_problem(&a, why)) assert(memchr(why, 0, sizeof why));
  free(body);
  return 0;
}
