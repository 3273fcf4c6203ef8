/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ticket.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "core/base45.h"

enum { SIGNATURE_LEN = 64, FIXED_LEN = 1 + 4 + 4 + 1 + 8 + 4 + 1 /* of the signed part, without the name */ };

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static uint8_t *put(uint8_t *at, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; i--) *at++ = (uint8_t)(value >> (8 * i));
  return at;
}

static uint64_t get(const uint8_t **at, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++) value = value << 8 | *(*at)++;
  return value;
}

/* Names are shown on screens and printed: control characters have no business in them. */
static bool name_good(const char *name, size_t len) {
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F) return false;
  return utf8_valid(name, len);
}

bool ticket_body(struct signed_ticket *s) {
  size_t n = strnlen(s->name, sizeof(s->name));
  if (n > TICKET_NAME_MAX || !name_good(s->name, n)) return false;
  uint8_t *at = put(s->body, 1, 1);
  at = put(at, s->key_id, 4);
  at = put(at, s->event_tag, 4);
  at = put(at, s->type, 1);
  at = put(at, s->number, 8);
  at = put(at, s->not_after_s, 4);
  at = put(at, n, 1);
  memcpy(at, s->name, n);
  s->signed_len = (uint16_t)(FIXED_LEN + n);
  return true;
}

bool ticket_encode(const struct signed_ticket *s, const uint8_t signature[64], char out[TICKET_TEXT_MAX]) {
  struct signed_ticket whole = *s;
  out[0] = '\0';
  if (!ticket_body(&whole)) return false;
  memcpy(whole.body + whole.signed_len, signature, SIGNATURE_LEN);
  memcpy(out, "YB1:", 4);
  base45_encode(whole.body, whole.signed_len + SIGNATURE_LEN, out + 4);
  return true;
}

static bool parse_signed(const char *text, size_t len, struct ticket *out) {
  struct signed_ticket *s = &out->s;
  size_t n;
  char again[TICKET_TEXT_MAX];
  if (!base45_decode(text + 4, len - 4, s->body, sizeof(s->body), &n) || n < FIXED_LEN + SIGNATURE_LEN) return false;
  const uint8_t *at = s->body;
  if (get(&at, 1) != 1) return false;
  s->key_id = (uint32_t)get(&at, 4);
  s->event_tag = (uint32_t)get(&at, 4);
  s->type = (uint8_t)get(&at, 1);
  s->number = get(&at, 8);
  s->not_after_s = (uint32_t)get(&at, 4);
  size_t name = (size_t)get(&at, 1);
  if (n != FIXED_LEN + name + SIGNATURE_LEN || memchr(at, 0, name)) return false;
  memcpy(s->name, at, name);
  s->name[name] = '\0';
  s->signed_len = (uint16_t)(FIXED_LEN + name);
  /* One ticket, one text: what we would write for these fields must be what was shown. */
  return ticket_encode(s, s->body + s->signed_len, again) && strlen(again) == len && memcmp(again, text, len) == 0;
}

static bool parse_operator(const char *text, size_t len, struct ticket *out) {
  size_t n;
  return base45_decode(text + 6, len - 6, out->secret, sizeof(out->secret), &n) && n == sizeof(out->secret);
}

/* Lines key=value; what they mean is for whoever enrols the kiosk. */
static bool parse_setup(const char *text, size_t len, struct ticket *out) {
  (void)out;
  uint8_t lines[PAYLOAD_MAX];
  size_t n;
  if (!base45_decode(text + 7, len - 7, lines, sizeof(lines), &n) || n == 0 || !utf8_valid(lines, n) || memchr(lines, 0, n))
    return false;
  for (const uint8_t *at = lines, *end = lines + n, *line; at < end; at = line + 1) {
    line = memchr(at, '\n', (size_t)(end - at));
    if (!line) line = end;
    const uint8_t *equals = memchr(at, '=', (size_t)(line - at));
    if (!equals || equals == at) return false;
  }
  return true;
}

static const struct {
  const char *prefix;
  enum ticket_kind kind;
  bool (*parse)(const char *text, size_t len, struct ticket *out);
} ours[] = {
    {"YB1:", TICKET_SIGNED, parse_signed},
    {"YBOP1:", TICKET_OPERATOR, parse_operator},
    {"YBSET1:", TICKET_SETUP, parse_setup},
};

static bool is_code(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!text[i] || !strchr(crockford, text[i])) return false;
  return len == CODE_LEN && foreign_of(text, len) != FOREIGN_PAYMENT;
}

void ticket_parse(const uint8_t *bytes, size_t len, struct ticket *out) {
  const char *text = (const char *)bytes;
  memset(out, 0, sizeof(*out));
  if (len == 0) {
    out->kind = TICKET_PRESENCE;
    return;
  }
  if (is_code(text, len)) {
    out->kind = TICKET_CODE;
    memcpy(out->code, text, len);
    return;
  }
  for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
    size_t n = strlen(ours[i].prefix);
    if (len < n || strncasecmp(text, ours[i].prefix, n) != 0) continue; /* in small letters it is malformed, not foreign */
    bool good = memcmp(text, ours[i].prefix, n) == 0 && ours[i].parse(text, len, out);
    if (!good) memset(out, 0, sizeof(*out)); /* nothing of it may be used */
    out->kind = good ? ours[i].kind : TICKET_MALFORMED;
    return;
  }
  out->kind = TICKET_OTHER;
  out->foreign = foreign_of(text, len);
}

void ticket_code(const uint8_t random[10], char out[CODE_LEN + 1]) {
  static_assert(CODE_LEN * 5 == 10 * 8, "a code carries its bits exactly");
  for (int i = 0; i < CODE_LEN; i++) {
    int bit = i * 5, at = bit / 8, shift = bit % 8;
    unsigned two = (unsigned)random[at] << 8 | (at + 1 < 10 ? random[at + 1] : 0u);
    out[i] = crockford[two >> (11 - shift) & 31];
  }
  out[CODE_LEN] = '\0';
  if (foreign_of(out, CODE_LEN) == FOREIGN_PAYMENT) out[0] = 'A'; /* once in billions: digits that a wallet might show */
}

bool ticket_setup_text(const uint8_t *bytes, size_t len, char text[PAYLOAD_MAX]) {
  static const char prefix[] = "YBSET1:";
  enum { PREFIX = sizeof prefix - 1 };
  size_t n = 0;
  if (len <= PREFIX || memcmp(bytes, prefix, PREFIX) != 0 ||
      !base45_decode((const char *)bytes + PREFIX, len - PREFIX, (uint8_t *)text, PAYLOAD_MAX - 1, &n))
    return false;
  text[n] = '\0';
  return true;
}
