/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/record.h"

#include <string.h>

#include "base/utf8.h"
#include "journal/export_read.h"

#define KEY(name)                                                                                                              \
  { name, sizeof name - 1 }
static const struct key {
  const char *name;
  size_t len;
} keys[RECORD_KEYS] = {KEY("seq"),      KEY("id"),         KEY("kind"),        KEY("kiosk"), KEY("event"),    KEY("station"),
                       KEY("attendee"), KEY("code"),       KEY("verdict"),     KEY("by"),    KEY("operator"), KEY("count"),
                       KEY("ref"),      KEY("override"),   KEY("sealed"),      KEY("boot"),  KEY("mono_ms"),  KEY("wall"),
                       KEY("wall_ok"),  KEY("view_age_s"), KEY("unconfirmed"), KEY("note")};

struct flat { /* what is left of a line */
  const char *at, *end;
};

static bool literal(struct flat *f, const char *text, size_t len) {
  if ((size_t)(f->end - f->at) < len || memcmp(f->at, text, len) != 0) return false;
  f->at += len;
  return true;
}

/* The next key that we know, behind those that were there: so none comes twice. */
static bool flat_key(struct flat *f, int *key) {
  if (!literal(f, "\"", 1)) return false;
  for (int k = *key; k < RECORD_KEYS; k++) {
    const size_t len = keys[k].len;
    if ((size_t)(f->end - f->at) < len + 2 || f->at[len] != '"' || f->at[len + 1] != ':' ||
        memcmp(f->at, keys[k].name, len) != 0)
      continue;
    f->at += len + 2;
    *key = k;
    return true;
  }
  return false;
}

/* Eight bytes of plain ASCII: no control character, no quote, no backslash. In a byte's top bit stands whether it is another
 * one; a borrow may set that of the byte above, too, which only means that they are looked at one by one. */
static bool is_plain(const char *at) {
  const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
  uint64_t x;
  memcpy(&x, at, sizeof x);
  const uint64_t quote = x ^ ones * '"', backslash = x ^ ones * '\\';
  return ((x | (x - ones * ' ') | (quote - ones) | (backslash - ones)) & tops) == 0;
}

static bool flat_text(struct flat *f, struct record_value *v) {
  const char *at = f->at;
  while (at < f->end && *at != '"') {
    if (f->end - at >= 8 && is_plain(at)) {
      at += 8;
      continue;
    }
    const unsigned char c = (unsigned char)*at;
    const size_t n = c < 0x80 ? 1 : utf8_char((const unsigned char *)at, (size_t)(f->end - at));
    if (c < 0x20 || c == '\\' || n == 0) return false;
    at += n;
  }
  if (at == f->end) return false;
  *v = (struct record_value){.type = RECORD_TEXT, .text = f->at, .len = (size_t)(at - f->at)};
  f->at = at + 1;
  return true;
}

static bool flat_number(struct flat *f, struct record_value *v) {
  enum { DIGITS_MOST = 18 }; /* never too large */
  const char *at = f->at;
  int64_t number = 0;
  while (at < f->end && *at >= '0' && *at <= '9' && at - f->at < DIGITS_MOST) number = 10 * number + (*at++ - '0');
  if (at == f->at || (*f->at == '0' && at - f->at > 1)) return false;
  *v = (struct record_value){.type = RECORD_NUMBER, .number = number};
  f->at = at;
  return true;
}

static bool flat_value(struct flat *f, struct record_value *v) {
  if (literal(f, "\"", 1)) return flat_text(f, v);
  if (literal(f, "true", 4)) return v->type = RECORD_TRUE, true;
  if (literal(f, "false", 5)) return v->type = RECORD_FALSE, true;
  return flat_number(f, v); /* what stands behind it is a comma, or the end */
}

static bool read_flat(struct record *r, const char *line, size_t len) {
  struct flat f = {line, line + len};
  int key = 0;
  if (!literal(&f, "{", 1)) return false;
  do {
    if (!flat_key(&f, &key) || !flat_value(&f, &r->value[key])) return false;
    key++;
  } while (literal(&f, ",", 1));
  return literal(&f, "}", 1) && f.at == f.end;
}

static void take(struct record_value *v, const json_t *value) {
  switch (json_typeof(value)) {
  case JSON_STRING:
    *v = (struct record_value){.type = RECORD_TEXT, .text = json_string_value(value), .len = json_string_length(value)};
    break;
  case JSON_INTEGER: *v = (struct record_value){.type = RECORD_NUMBER, .number = json_integer_value(value)}; break;
  case JSON_TRUE: v->type = RECORD_TRUE; break;
  case JSON_FALSE: v->type = RECORD_FALSE; break;
  default: v->type = RECORD_OTHER;
  }
}

bool record_read_any(struct record *r, const char *line, size_t len) {
  *r = (struct record){.parsed = export_object(line, len)};
  for (int k = 0; r->parsed && k < RECORD_KEYS; k++) {
    const json_t *value = json_object_get(r->parsed, keys[k].name);
    if (value) take(&r->value[k], value);
  }
  return r->parsed != NULL;
}

bool record_read(struct record *r, const char *line, size_t len) {
  *r = (struct record){.parsed = NULL};
  return read_flat(r, line, len) || record_read_any(r, line, len);
}

void record_free(struct record *r) {
  json_decref(r->parsed);
  r->parsed = NULL;
}

bool record_is(const struct record *r, enum record_key key, const char *text) {
  const struct record_value *v = &r->value[key];
  return v->type == RECORD_TEXT && v->len == strlen(text) && !memcmp(v->text, text, v->len);
}

bool record_copy(const struct record *r, enum record_key key, char *out, size_t size) {
  const struct record_value *v = &r->value[key];
  const bool fits = v->type == RECORD_TEXT && v->len < size;
  if (fits) memcpy(out, v->text, v->len);
  out[fits ? v->len : 0] = '\0';
  return fits;
}

int64_t record_number(const struct record *r, enum record_key key, int64_t otherwise) {
  return r->value[key].type == RECORD_NUMBER ? r->value[key].number : otherwise;
}
