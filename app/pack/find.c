/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pack/inner.h"

struct code {
  const uint8_t *at; /* borrowed from the payload */
  size_t len;
};

enum found { FOUND_NOT, FOUND_ROW, FOUND_BARE /* hash and event alone */, FOUND_REVOKED, FOUND_BROKEN };

static enum found look_up(struct pack *p, int event, const uint8_t hash[PACK_HASH], struct code code, struct attendee *out) {
  uint8_t plain[PACK_ROW_MAX];
  size_t len = 0;
  enum found found = FOUND_NOT;
  sqlite3_bind_int(p->find, 1, event);
  sqlite3_bind_blob(p->find, 2, hash, PACK_HASH, SQLITE_STATIC);
  int step = sqlite3_step(p->find);
  if (step == SQLITE_ROW) {
    const void *sealed = sqlite3_column_blob(p->find, 0);
    size_t n = (size_t)sqlite3_column_bytes(p->find, 0);
    if (!sealed)
      found = FOUND_BARE;
    else if (pack_unseal(p->salt[event], code.at, code.len, sealed, n, plain, &len) && pack_row_decode(plain, len, out))
      found = FOUND_ROW;
    else
      found = FOUND_BROKEN;
    sodium_memzero(plain, sizeof plain);
  } else if (step != SQLITE_DONE) {
    found = FOUND_BROKEN;
  }
  sqlite3_reset(p->find);
  if (found == FOUND_ROW) {
    if (out->type >= p->catalog.types) return FOUND_BROKEN;
    out->event = (int16_t)event;
  }
  return found;
}

bool pack_is_revoked(struct pack *p, int event, const uint8_t hash[PACK_HASH], bool *broken) {
  sqlite3_bind_int(p->revoked, 1, event);
  sqlite3_bind_blob(p->revoked, 2, hash, PACK_HASH, SQLITE_STATIC);
  int step = sqlite3_step(p->revoked);
  sqlite3_reset(p->revoked);
  *broken = step != SQLITE_ROW && step != SQLITE_DONE;
  return step != SQLITE_DONE;
}

enum lookup pack_valid(struct pack *p, int16_t event, const char code[33]) {
  uint8_t hash[PACK_HASH];
  size_t len;
  bool broken = false;
  if (sodium_hex2bin(hash, sizeof hash, code, strlen(code), NULL, &len, NULL) || len != sizeof hash) return LOOKUP_BROKEN;
  return !pack_is_revoked(p, event, hash, &broken) ? LOOKUP_FOUND : broken ? LOOKUP_BROKEN : LOOKUP_REVOKED;
}

static void hex(const uint8_t hash[PACK_HASH], char code[33]) { sodium_bin2hex(code, 33, hash, PACK_HASH); }

/* One code in one event. Fills lookup and attendee, and the hash where it was found; false: not there. */
static bool find_in(struct pack *p, int event, struct code code, struct question *q, char out[33]) {
  uint8_t hash[PACK_HASH];
  bool broken = false;
  if (!p->catalog.event[event].roster || !code.len) return false;
  pack_hash(p->salt[event], code.at, code.len, hash);
  enum found found = look_up(p, event, hash, code, &q->attendee);
  if (found == FOUND_NOT) return false;
  if (found != FOUND_BROKEN && pack_is_revoked(p, event, hash, &broken)) found = broken ? FOUND_BROKEN : FOUND_REVOKED;
  hex(hash, out);
  q->elsewhere_event = (int16_t)event;
  q->lookup = found == FOUND_ROW       ? LOOKUP_FOUND
              : found == FOUND_BARE    ? LOOKUP_FOREIGN_CITY
              : found == FOUND_REVOKED ? LOOKUP_REVOKED
                                       : LOOKUP_BROKEN;
  return true;
}

/* Whole, then by the patterns of that event's rosters. *captured: what a pattern took out of it. */
static bool find_by_shape(struct pack *p, int event, struct code whole, struct question *q, char out[33],
                          struct code *captured) {
  if (find_in(p, event, whole, q, out)) return true;
  for (int i = 0; i < p->patterns; i++) {
    size_t start, end;
    if (p->pattern[i].event != event || !pattern_capture(&p->pattern[i].regex, whole.at, whole.len, &start, &end)) continue;
    struct code part = {whole.at + start, end - start};
    if (!captured->len) *captured = part;
    if (find_in(p, event, part, q, out)) return true;
  }
  return false;
}

/* A roster's cells are trimmed, so what a code has at its ends doesn't tell it from others either. */
static struct code trimmed(struct code c) {
  static const char blanks[] = " \t\r\n";
  while (c.len && c.at[0] && strchr(blanks, c.at[0])) c.at++, c.len--;
  while (c.len && c.at[c.len - 1] && strchr(blanks, c.at[c.len - 1])) c.len--;
  return c;
}

static void find_code(struct pack *p, int here, struct code whole, struct question *q, char out[33]) {
  uint8_t hash[PACK_HASH];
  struct code captured = {NULL, 0}, ignored = {NULL, 0};
  bool payment = q->ticket.kind == TICKET_OTHER && q->ticket.foreign == FOREIGN_PAYMENT;
  if (find_by_shape(p, here, whole, q, out, &captured)) return;
  for (int event = 0; event < p->catalog.events; event++)
    if (event != here && find_by_shape(p, event, whole, q, out, &ignored)) return;
  q->elsewhere_event = -1;
  if (payment) {
    q->lookup = LOOKUP_NONE; /* and no hash of it anywhere */
    return;
  }
  q->shaped = captured.len > 0;
  if (!captured.len) captured = whole;
  pack_hash(p->salt[here], captured.at, captured.len, hash);
  hex(hash, out);
  q->lookup = p->accept[q->station].set && pattern_whole(&p->accept[q->station].regex, whole.at, whole.len) ? LOOKUP_ACCEPTED
                                                                                                            : LOOKUP_MISSING;
}

static const uint8_t *key_of(const struct pack *p, uint32_t id) {
  for (int i = 0; i < p->ticket_keys; i++)
    if (pack_key_id(p->ticket_key[i]) == id) return p->ticket_key[i];
  return NULL;
}

static bool signature_holds(const struct pack *p, const struct signed_ticket *s) {
  static const uint8_t what[] = "yingbin ticket v1"; /* with its NUL */
  uint8_t text[sizeof what + TICKET_BODY_MAX];
  const uint8_t *key = key_of(p, s->key_id);
  if (!key || s->signed_len > TICKET_BODY_MAX - 64) return false;
  memcpy(text, what, sizeof what);
  memcpy(text + sizeof what, s->body, s->signed_len);
  return crypto_sign_verify_detached(s->body + s->signed_len, text, sizeof what + s->signed_len, key) == 0;
}

static void attendee_of_ticket(const struct pack *p, int event, const struct signed_ticket *s, struct attendee *out) {
  *out = (struct attendee){
      .event = (int16_t)event, .type = -1, .party = 1, .confirmed = true, .hosts = p->catalog.event[event].hosts};
  snprintf(out->number, sizeof out->number, "%" PRIu64, s->number);
  snprintf(out->name, sizeof out->name, "%s", s->name);
  for (int i = 0; i < p->catalog.types; i++)
    if (p->catalog.type[i].id == s->type) out->type = (int16_t)i;
}

static void find_signed(struct pack *p, int here, struct code whole, struct question *q, char out[33]) {
  uint8_t hash[PACK_HASH], number[PACK_HASH];
  bool broken = false, revoked;
  int event = here;
  pack_hash(p->salt[here], whole.at, whole.len, hash);
  hex(hash, out);
  q->lookup = LOOKUP_FORGED;
  if (!signature_holds(p, &q->ticket.s)) return;
  if (p->catalog.event[here].tag != q->ticket.s.event_tag)
    for (event = 0; event < p->catalog.events && p->catalog.event[event].tag != q->ticket.s.event_tag;) event++;
  if (event == p->catalog.events) { /* ours, but of an event that this pack has never heard of */
    q->lookup = LOOKUP_FOREIGN_CITY;
    return;
  }
  pack_hash(p->salt[event], whole.at, whole.len, hash);
  hex(hash, out);
  pack_number_hash(p->salt[event], q->ticket.s.number, number);
  revoked = pack_is_revoked(p, event, hash, &broken) || pack_is_revoked(p, event, number, &broken);
  if (revoked) {
    q->lookup = broken ? LOOKUP_BROKEN : LOOKUP_REVOKED;
    return;
  }
  attendee_of_ticket(p, event, &q->ticket.s, &q->attendee);
  q->elsewhere_event = (int16_t)event;
  q->lookup = LOOKUP_FOUND;
}

void pack_find(struct pack *pack, const uint8_t *bytes, size_t len, struct question *q, char code[33]) {
  int here = pack->catalog.station[q->station].event;
  struct code whole = {bytes, len};
  code[0] = 0;
  q->lookup = LOOKUP_NONE;
  q->elsewhere_event = -1;
  q->shaped = false;
  q->attendee = (struct attendee){.type = -1, .event = -1, .party = 1};
  if (q->ticket.kind == TICKET_OPERATOR || q->ticket.kind == TICKET_SETUP) return;
  if (!pack->catalog.event[here].roster) { /* whoever comes; and nothing of what they show is kept */
    bool payment = q->ticket.kind == TICKET_OTHER && q->ticket.foreign == FOREIGN_PAYMENT;
    if (!payment) q->lookup = LOOKUP_PRESENCE;
    return;
  }
  if (q->ticket.kind == TICKET_PRESENCE && pack->catalog.station[q->station].anonymous) q->lookup = LOOKUP_PRESENCE;
  if (q->ticket.kind == TICKET_CODE || q->ticket.kind == TICKET_OTHER) find_code(pack, here, trimmed(whole), q, code);
  if (q->ticket.kind == TICKET_SIGNED) find_signed(pack, here, whole, q, code);
}
