/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "wire/wire.h"

enum { YEAR_LEAST = 2000, YEAR_MOST = 2200, HELD_MOST_MS = 3600 * 1000 };

static bool digits(const char *text, int n, int *out) {
  *out = 0;
  for (int i = 0; i < n; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    *out = *out * 10 + (text[i] - '0');
  }
  return true;
}

/* Days since 1970 of the proleptic Gregorian calendar, by Howard Hinnant's days_from_civil. */
static int64_t days_of(int y, int m, int d) {
  y -= m <= 2;
  const int era = y / 400, yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * INT64_C(146097) + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

bool wire_time(const char *text, int64_t *wall_ms) {
  static const char form[] = "0000-00-00T00:00:00.000Z";
  int y, m, d, hour, minute, s, ms;
  if (strlen(text) != sizeof form - 1) return false;
  for (size_t i = 0; i < sizeof form - 1; i++)
    if (form[i] != '0' && form[i] != text[i]) return false;
  if (!digits(text, 4, &y) || !digits(text + 5, 2, &m) || !digits(text + 8, 2, &d) || !digits(text + 11, 2, &hour) ||
      !digits(text + 14, 2, &minute) || !digits(text + 17, 2, &s) || !digits(text + 20, 3, &ms))
    return false;
  if (y < YEAR_LEAST || y > YEAR_MOST || m < 1 || m > 12 || d < 1 || d > 31 || hour > 23 || minute > 59 || s > 59) return false;
  *wall_ms = ((days_of(y, m, d) * 24 + hour) * 60 + minute) * INT64_C(60000) + s * 1000 + ms;
  return true;
}

/* An object of that content type; NULL: it isn't one. */
static json_t *object_of(const struct wire_answer *a, const char *type) {
  if (strcmp(a->type, type) != 0) return NULL;
  json_t *o = json_loadb(a->body, a->len, JSON_REJECT_DUPLICATES, NULL);
  if (json_is_object(o)) return o;
  json_decref(o);
  return NULL;
}

static bool text_of(const json_t *o, const char *key, char *out, size_t size) {
  const json_t *value = json_object_get(o, key);
  out[0] = '\0';
  if (!json_is_string(value) || json_string_length(value) >= size ||
      strlen(json_string_value(value)) != json_string_length(value))
    return false;
  strcpy(out, json_string_value(value));
  return true;
}

static int nibble(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static bool hex_of(const json_t *o, const char *key, uint8_t *out, size_t n) {
  const char *text = json_string_value(json_object_get(o, key));
  if (!text || strlen(text) != 2 * n) return false;
  for (size_t i = 0; i < n; i++) {
    const int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

static bool seq_of(const json_t *o, const char *key, int64_t *seq) {
  const json_t *value = json_object_get(o, key);
  *seq = json_integer_value(value);
  return json_is_integer(value) && *seq >= 0 && *seq < INT64_MAX;
}

static bool at_of(const json_t *o, int64_t *at_ms) {
  const char *text = json_string_value(json_object_get(o, "at"));
  return text && wire_time(text, at_ms);
}

static bool is_token(const char *t) {
  static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
  return *t && t[strspn(t, good)] == '\0';
}

bool wire_read_enrolled(const struct wire_answer *a, const char *kiosk, char token[WIRE_TOKEN], int64_t *at_ms) {
  char name[ID_MAX];
  json_t *o = object_of(a, "application/json");
  const bool good = text_of(o, "kiosk", name, sizeof name) && !strcmp(name, kiosk) && text_of(o, "token", token, WIRE_TOKEN) &&
                    is_token(token) && at_of(o, at_ms);
  json_decref(o);
  return good;
}

bool wire_read_acked(const struct wire_answer *a, int64_t *seq, uint8_t chain[SYNC_CHAIN], int64_t *at_ms) {
  json_t *o = object_of(a, "application/json");
  const bool good = seq_of(o, "acked_seq", seq) && hex_of(o, "acked_chain", chain, SYNC_CHAIN) && at_of(o, at_ms);
  json_decref(o);
  return good;
}

bool wire_read_known(const struct wire_answer *a, struct wire_known known[WIRE_KNOWN], int *count) {
  json_t *o = object_of(a, "application/problem+json");
  const json_t *list = json_object_get(o, "known");
  bool good = json_is_array(list);
  *count = 0;
  for (size_t i = 0; good && i < json_array_size(list) && *count < WIRE_KNOWN; i++) {
    const json_t *one = json_array_get(list, i);
    struct wire_known *k = &known[*count];
    good = seq_of(one, "seq", &k->seq) && hex_of(one, "chain", k->chain, SYNC_CHAIN);
    ++*count;
  }
  json_decref(o);
  return good;
}

bool wire_read_page(const struct wire_answer *a, struct wire_page *page) {
  json_t *o = object_of(a, "application/json");
  const json_t *records = json_object_get(o, "records"), *more = json_object_get(o, "more");
  *page = (struct wire_page){.root = o, .more = json_is_true(more), .count = (int)json_array_size(records)};
  if (json_is_array(records) && text_of(o, "cursor", page->cursor, sizeof page->cursor) && page->cursor[0] &&
      page->cursor[strspn(page->cursor, "0123456789abcdef-")] == '\0' && at_of(o, &page->at_ms) &&
      (page->count || !page->more)) {
    const json_int_t held_ms = json_integer_value(json_object_get(o, "held_ms")); /* 0: it says nothing of it */
    page->held_ms = held_ms > 0 && held_ms < HELD_MOST_MS ? held_ms : 0;
    snprintf(page->hub, sizeof page->hub, "%.*s", (int)strcspn(page->cursor, "-"), page->cursor);
    return true;
  }
  wire_page_free(page);
  return false;
}

bool wire_page_record(const struct wire_page *page, int i, struct shared_record *r) {
  static const char *const kinds[] = {[SHARED_SCAN] = "scan", [SHARED_UNDO] = "undo", [SHARED_CORRECT] = "correct"};
  const json_t *o = json_array_get(json_object_get(page->root, "records"), (size_t)i);
  const json_t *count = json_object_get(o, "count"), *ok = json_object_get(o, "wall_ok");
  char kind[ID_MAX], at[32];
  size_t k = 0;
  *r = (struct shared_record){.count = 1};
  if (!text_of(o, "kind", kind, sizeof kind) || !hex_of(o, "id", r->id, SYNC_ID) || !text_of(o, "kiosk", r->kiosk, ID_MAX) ||
      !text_of(o, "at", at, sizeof at) || !wire_time(at, &r->at_ms))
    return false;
  while (k < sizeof kinds / sizeof *kinds && strcmp(kind, kinds[k]) != 0) k++;
  if (k == sizeof kinds / sizeof *kinds) return false;
  r->kind = (enum shared_kind)k;
  if (r->kind != SHARED_SCAN && !hex_of(o, "ref", r->ref, SYNC_ID)) return false;
  text_of(o, "station", r->station, sizeof r->station);
  text_of(o, "attendee", r->attendee, sizeof r->attendee);
  text_of(o, "code", r->code, sizeof r->code);
  if (json_is_integer(count) && json_integer_value(count) >= 0 && json_integer_value(count) <= INT32_MAX)
    r->count = (int32_t)json_integer_value(count);
  r->wall_ok = json_is_true(ok);
  return r->kind != SHARED_SCAN || r->station[0];
}

void wire_page_free(struct wire_page *page) {
  json_decref(page->root);
  page->root = NULL;
}

bool wire_read_problem(const struct wire_answer *a, char why[TEXT_MAX]) {
  json_t *o = object_of(a, "application/problem+json");
  const char *detail = json_string_value(json_object_get(o, "detail"));
  if (detail) snprintf(why, TEXT_MAX, "%s", detail);
  json_decref(o);
  return detail != NULL;
}
