/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/export.h"
#include "journal_kiosk.h"

#include <jansson.h>
#include <sodium.h>

/* The chain, computed here by the words of the format alone. */
static void test_chain(void **state) {
  struct kiosk *k = *state;
  for (int i = 0; i < 5; i++) admit(k, "7", 1, at(noon + i, i, true));
  size_t len;
  char *text = export_from(k, 1, &len), *save = NULL;
  uint8_t chain[32], stated[32];
  crypto_generichash_state s;
  crypto_generichash_init(&s, NULL, 0, 32);
  crypto_generichash_update(&s, (const uint8_t *)"yingbin journal v1", 18);
  crypto_generichash_update(&s, k->identity.public_key, 32);
  crypto_generichash_update(&s, k->identity.journal, 16);
  crypto_generichash_final(&s, chain, 32);
  json_t *header = json_loads(strtok_r(text, "\n", &save), 0, NULL);
  sodium_hex2bin(stated, 32, json_string_value(json_object_get(header, "chain_before")), 64, NULL, NULL, NULL);
  assert_memory_equal(stated, chain, 32);
  json_decref(header);
  for (int i = 0; i < 5; i++) {
    uint8_t both[64];
    char *line = strtok_r(NULL, "\n", &save), *tab = strchr(line, '\t');
    memcpy(both, chain, 32);
    crypto_generichash(both + 32, 32, (const uint8_t *)line, (size_t)(tab - line), NULL, 0);
    crypto_generichash(chain, 32, both, 64, NULL, 0);
    sodium_hex2bin(stated, 32, tab + 1, 64, NULL, NULL, NULL);
    assert_memory_equal(stated, chain, 32);
  }
  free(text);
}

/* --- the export --- */

static void test_export(void **state) {
  struct kiosk *k = *state;
  struct journal_report r;
  size_t len;
  char *text = export_from(k, 1, &len); /* of an empty journal */
  assert_true(verify(text, len, &r, &k->problem));
  assert_int_equal(r.to_seq, 0);
  free(text);
  for (int i = 0; i < 20; i++) admit(k, "1", 1, at(noon, i, true));
  text = export_from(k, 8, &len);
  assert_true(verify(text, len, &r, &k->problem));
  assert_string_equal(r.kiosk, "door-1");
  assert_int_equal(r.from_seq, 8);
  assert_int_equal(r.to_seq, 20);
  assert_true(r.key_known);
  char hex[65];
  sodium_bin2hex(hex, sizeof hex, k->identity.public_key, 32);
  assert_string_equal(r.key, hex);
  free(text);
  int64_t records;
  FILE *null = fopen("/dev/null", "w");
  assert_false(journal_export(k->data.path, 22, null, &records, &k->problem));
  assert_non_null(strstr(k->problem.en, "no record 22"));
  fclose(null);
}

/* A copy of the text with `from` put in place of `what`, behind the beginning of line `number`. */
static char *changed(const char *text, int number, const char *what, const char *from, size_t *len) {
  const char *at_line = text;
  for (int i = 1; i < number; i++) at_line = strchr(at_line, '\n') + 1;
  const char *found = strstr(at_line, what);
  char *out = NULL;
  assert_non_null(found);
  FILE *f = open_memstream(&out, len);
  fwrite(text, 1, (size_t)(found - text), f);
  fputs(from, f);
  fputs(found + strlen(what), f);
  fclose(f);
  return out;
}

static void assert_named(char *text, size_t len, int64_t line, int64_t seq, const char *en) {
  struct journal_report r;
  struct problem p;
  char place[40];
  assert_false(verify(text, len, &r, &p));
  if (r.bad_line != line || r.bad_seq != seq || !strstr(p.en, en))
    print_error("line %d seq %d: %s\n", (int)r.bad_line, (int)r.bad_seq, p.en);
  assert_int_equal(r.bad_line, line);
  assert_int_equal(r.bad_seq, seq);
  snprintf(place, sizeof place, seq ? "x.jsonl:%d (seq %d)" : "x.jsonl:%d", (int)line, (int)seq);
  assert_non_null(strstr(p.en, place));
  assert_non_null(strstr(p.zh, place));
  assert_non_null(strstr(p.en, en));
  free(text);
}

static void test_tampered(void **state) {
  struct kiosk *k = *state;
  size_t len, n;
  for (int i = 1; i <= 9; i++) admit(k, (char[]){(char)('0' + i), 0}, 1, at(noon + i * 1000, i, true));
  char *text = export_from(k, 1, &len), *other;

  other = changed(text, 5, "\"attendee\":\"4\"", "\"attendee\":\"8\"", &n);
  assert_named(other, n, 5, 4, "was changed");
  other = changed(text, 6, "\t", "\t0", &n);
  assert_named(other, n, 6, 5, "was changed");
  other = changed(text, 6, "\"wall_ok\":true}\t", "\"wall_ok\":true }\t", &n); /* the same JSON in other bytes */
  assert_named(other, n, 6, 5, "was changed");
  other = changed(text, 6, "{\"seq\":5,", "{\"seq\":5,\"seq\":5,", &n);
  assert_named(other, n, 6, 5, "no whole record");
  other = changed(text, 6, "{\"seq\":5,", "{\"seq\":7,", &n);
  assert_named(other, n, 6, 7, "wrong order");
  other = changed(text, 1, "door-1", "door-2", &n);
  assert_named(other, n, 11, 0, "signature is wrong");
  other = changed(text, 1, "\"from_seq\":1", "\"from_seq\":2", &n);
  assert_named(other, n, 2, 1, "wrong order");
  other = changed(text, 1, "\"v\":1", "\"v\":2", &n);
  assert_named(other, n, 1, 0, "version 2");
  other = changed(text, 1, "\"key\":\"", "\"key\":\"A", &n);
  assert_named(other, n, 1, 0, "header line");
  other = changed(text, 11, "\"to_seq\":9", "\"to_seq\":8", &n);
  assert_named(other, n, 11, 0, "the last record is 8");
  other = changed(text, 11, "\"sig\":\"", "\"sog\":\"", &n);
  assert_named(other, n, 11, 0, "neither a record nor the end line");

  const char *lines[13] = {text};
  for (int i = 1; i < 12; i++) lines[i] = strchr(lines[i - 1], '\n') + 1;
  other = strdup(text); /* line 4 left out */
  memmove(other + (lines[3] - text), lines[4], len - (size_t)(lines[4] - text) + 1);
  assert_named(other, len - (size_t)(lines[4] - lines[3]), 4, 4, "wrong order");
  assert_named(strndup(text, (size_t)(lines[10] - text)), (size_t)(lines[10] - text), 11, 0, "no end line");
  assert_named(strndup(text, (size_t)(lines[10] - text) + 20), (size_t)(lines[10] - text) + 20, 11, 0, "cut off within");
  assert_named(strndup(text, len - 1), len - 1, 11, 0, "cut off within");
  assert_named(strndup(text, 0), 0, 1, 0, "empty");
  other = malloc(len + 3);
  memcpy(other, text, len);
  memcpy(other + len, "{}\n", 3);
  assert_named(other, len + 3, 12, 0, "behind the end line");
  free(text);
}

/* A signature by another key over the same records doesn't pass as this kiosk's. */
static void test_forged_signature(void **state) {
  struct kiosk *k = *state;
  size_t len, n;
  for (int i = 0; i < 3; i++) admit(k, "1", 1, at(noon, i, true));
  char *text = export_from(k, 2, &len), *sig = strstr(text, "\"sig\":\"") + 7;
  char *other = strdup(text);
  other[sig - text] = *sig == '0' ? '1' : '0';
  assert_named(other, len, 4, 0, "signature is wrong");
  uint8_t pk[32], sk[64];
  char hex[65], mine[65];
  crypto_sign_keypair(pk, sk);
  sodium_bin2hex(hex, sizeof hex, pk, 32);
  sodium_bin2hex(mine, sizeof mine, k->identity.public_key, 32);
  other = changed(text, 1, mine, hex, &n);
  assert_named(other, n, 4, 0, "signature is wrong");
  free(text);
}

static void copy_file(const struct kiosk *from, const struct kiosk *to, const char *name) {
  size_t len;
  char *bytes = scratch_read(scratch_file(&from->data, name), &len);
  scratch_write(scratch_file(&to->data, name), bytes, len);
  free(bytes);
}

/* A cloned card: two records follow one. Both histories hold by themselves, under one journal id; no mixture does. */
static void test_forked(void **state) {
  struct kiosk *k = *state, clone = {0};
  struct journal_report a, b;
  size_t len, clone_len;
  admit(k, "1", 1, at(noon, 1, true));
  journal_close(k->journal);
  scratch_make(&clone.data);
  copy_file(k, &clone, "kiosk.key");
  copy_file(k, &clone, "journal.db");
  open_kiosk_boot(k, boot);
  open_kiosk_boot(&clone, boot);
  admit(k, "2", 1, at(noon, 2, true));
  admit(&clone, "3", 1, at(noon, 2, true));
  char *text = export_from(k, 1, &len), *other = export_from(&clone, 1, &clone_len);
  assert_true(verify(text, len, &a, &k->problem));
  assert_true(verify(other, clone_len, &b, &k->problem));
  assert_string_equal(a.journal, b.journal);
  assert_int_equal(a.to_seq, b.to_seq);
  assert_string_not_equal(text, other);
  size_t first_two = (size_t)(strstr(text, "{\"seq\":2") - text),
         rest = clone_len - (size_t)(strstr(other, "{\"to_seq\"") - other);
  char *mixed = malloc(len + rest); /* the one's records under the other's end line */
  memcpy(mixed, text, len - rest);
  memcpy(mixed + len - rest, other + clone_len - rest, rest);
  assert_true(first_two > 0);
  assert_named(mixed, len, 4, 0, "the end line says");
  free(text), free(other);
  journal_close(clone.journal);
  scratch_remove(&clone.data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      EACH(test_chain), EACH(test_export), EACH(test_tampered), EACH(test_forged_signature), EACH(test_forked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
