/* SPDX-License-Identifier: Apache-2.0
 * Exports come together: once each, in any order, and what is wrong with them is named and told the same way
 * whatever the files are called.
 */
#include "merge_room.h"

static const char findings[] = "SELECT kind, from_seq, to_seq, note FROM finding ORDER BY kind, from_seq";

/* Nine records, numbered from 1; record n is of attendee n. */
static void nine(struct kiosk *k, const char *name) {
  kiosk_make(k, name);
  for (int i = 1; i <= 9; i++) admit(k, (char[]){(char)('0' + i), 0}, 1, at(noon + i * 1000, i * 1000, true));
}

static void test_any_order_any_number(void **state) {
  struct room *r = *state;
  struct kiosk a, b;
  nine(&a, "door-1"), nine(&b, "door-2");
  room_export(r, &a, 1), room_export(r, &a, 4), room_export(r, &b, 1);
  room_export(r, &b, 1);
  r->len[3] -= 100; /* cut in its end line */
  char *both = NULL;
  size_t len;
  FILE *f = open_memstream(&both, &len);
  fwrite(r->text[0], 1, r->len[0], f), fwrite(r->text[2], 1, r->len[2], f);
  fclose(f);
  room_text(r, both, len);
  free(both);
  room_merge(r, "02");
  assert_int_equal(r->counts.records, 18);
  assert_int_equal(r->counts.findings, 0);
  assert_int_equal(r->counts.journals, 2);
  room_same(r, "02", "20");
  room_same(r, "02", "2012002");
  room_same(r, "02", "4"); /* one behind the other in one file */
  room_same(r, "0123", "3210");
  assert_string_equal(room_ask(r, findings), "cut|10|10|"); /* what it holds is proved by the other copy */
  room_merge(r, "2012002");
  assert_int_equal(r->counts.records, 18);
  assert_int_equal(r->counts.repeats, 9 * 6 + 6 - 18);
  kiosk_done(&a), kiosk_done(&b);
}

/* Each way to damage an export, and what is found and kept. */
static void test_damaged(void **state) {
  static const struct {
    int line;
    const char *what, *by, *findings;
    int records;
  } rows[] = {
      {5, "\"attendee\":\"4\"", "\"attendee\":\"8\"", "tampered|4|4| unsigned|1|3|", 8},
      {5, "\t", "\t0", "tampered|4|4|whole", 9}, /* the chain beside it alone */
      {10, "\"attendee\":\"9\"", "\"attendee\":\"8\"", "tampered|9|9| unsigned|1|8|", 8},
      {10, "\t", "\tx", "tampered|9|9|whole", 9},
      {11, "\"to_seq\":9", "\"to_seq\":8", "signature|10|10| unsigned|1|9|", 9},
      {11, "\"sig\":\"", "\"sog\":\"", "signature|10|10| unsigned|1|9|", 9},
      {1, "door-1", "door-2", "signature|10|10| unsigned|1|9|", 9},
      {4, "\"kind\":", "\"kind\":[[],", "tampered|3|3| unsigned|1|2|", 8}, /* no JSON */
      {2, "\"seq\":1", "\"seq\":0", "tampered|1|1|", 8},
  };
  struct room *r = *state;
  struct kiosk k;
  nine(&k, "door-1");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    r->texts = 0;
    room_export(r, &k, 1);
    room_change(r, 0, rows[i].line, rows[i].what, rows[i].by);
    room_merge(r, "0");
    if (strcmp(room_ask(r, findings), rows[i].findings)) print_error("row %d: %s", (int)i, r->told);
    assert_string_equal(room_ask(r, findings), rows[i].findings);
    assert_int_equal(r->counts.records, rows[i].records);
    assert_non_null(strstr(r->told, "0.jsonl:"));
    free(r->text[0]);
  }
  r->texts = 0;
  room_export(r, &k, 1), room_export(r, &k, 1);
  room_change(r, 0, 5, "\"attendee\":\"4\"", "\"attendee\":\"8\"");
  room_same(r, "01", "10"); /* another copy is whole */
  assert_string_equal(room_ask(r, findings), "tampered|4|4|whole");
  assert_int_equal(r->counts.records, 9);
  room_drop_line(r, 1, 5);
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, "SELECT count(*) FROM record WHERE seq <> 4"), "8");
  kiosk_done(&k);
}

/* What programs do to texts that people send through them: the log is what it was, and nothing is told. */
static void test_rewritten(void **state) {
  static const struct {
    const char *first, *end; /* before everything, and of each line */
    int again;               /* the header stands there so often */
  } rows[] = {{"", "\r\n", 1}, {"\xef\xbb\xbf", "\n", 1}, {"\xef\xbb\xbf", "\r\n", 1},
              {"", "\n\n", 1}, {"\n", "\r\n\r\n", 1},     {"", "\n", 2}};
  struct room *r = *state;
  struct kiosk k;
  nine(&k, "door-1");
  room_export(r, &k, 1);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    fputs(rows[i].first, out);
    for (const char *line = r->text[0], *next; *line; line = next) {
      next = strchr(line, '\n') + 1;
      for (int n = line == r->text[0] ? rows[i].again : 1; n; n--)
        fprintf(out, "%.*s%s", (int)(next - line - 1), line, rows[i].end);
    }
    fclose(out);
    room_text(r, text, len);
    free(text);
    const char index[] = {(char)('1' + (int)i), 0};
    room_same(r, "0", index);
    assert_int_equal(r->counts.findings, 0);
    assert_string_equal(r->told, "");
  }
  kiosk_done(&k);
}

static void test_gap(void **state) {
  struct room *r = *state;
  struct kiosk k;
  kiosk_make(&k, "door-1");
  size_t len = 0;
  char *early = NULL;
  for (int i = 1; i <= 9; i++) {
    admit(&k, "1", 1, at(noon + i, i, true));
    if (i == 3) early = export_from(&k, 1, &len);
  }
  room_export(r, &k, 6);
  assert(early);
  room_text(r, early, len);
  free(early);
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, findings), "gap|4|5|");
  assert_int_equal(r->counts.records, 7);
  room_merge(r, "0");
  assert_string_equal(room_ask(r, findings), "gap|1|5|");
  kiosk_done(&k);
}

static void test_fork(void **state) {
  struct room *r = *state;
  struct kiosk k, clone;
  kiosk_make(&k, "door-1");
  admit(&k, "1", 1, at(noon, 1, true));
  kiosk_clone(&k, &clone);
  for (int i = 0; i < 3; i++) admit(&k, "2", 1, at(noon + i, 2 + i, true));
  for (int i = 0; i < 2; i++) admit(&clone, "3", 1, at(noon + i, 2 + i, true));
  room_export(r, &k, 1), room_export(r, &clone, 1);
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, findings), "fork|2|2|");
  assert_int_equal(r->counts.records, 6);
  assert_int_equal(r->counts.forks, 1);
  kiosk_done(&k), kiosk_done(&clone);
}

/* What isn't an export at all is refused, with its line. */
static void test_refused(void **state) {
  static const struct {
    const char *text, *place, *en;
  } rows[] = {
      {"", "0.jsonl:1", "empty"},
      {"hello\n", "0.jsonl:1", "not an export"},
      {"{\"v\":1}\n", "0.jsonl:1", "incomplete"},
      {"{\"v\":2,\"kiosk\":\"a\"}\n", "0.jsonl:1", "version 2"},
      {"{\"v\":1,\"kiosk\":", "0.jsonl:1", "not an export"},
      {"PK\003\004", "0.jsonl:1", "not an export"},
  };
  struct room *r = *state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    r->texts = 0;
    room_text(r, rows[i].text, strlen(rows[i].text));
    assert_false(room_try(r, "0"));
    if (!strstr(r->problem.en, rows[i].en)) print_error("%s\n", r->problem.en);
    assert_non_null(strstr(r->problem.en, rows[i].en));
    assert_non_null(strstr(r->problem.en, rows[i].place));
    assert_non_null(strstr(r->problem.zh, rows[i].place));
    free(r->text[0]);
  }
  r->texts = 0;
}

static void test_unknown_kinds_and_names(void **state) {
  struct room *r = *state;
  struct kiosk a, b;
  nine(&a, "door-1"), nine(&b, "door-1");
  room_export(r, &a, 1), room_export(r, &b, 1);
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, findings), "name|0|0| name|0|0|");
  kiosk_done(&a), kiosk_done(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_ROOM(test_any_order_any_number),
      IN_ROOM(test_damaged),
      IN_ROOM(test_rewritten),
      IN_ROOM(test_gap),
      IN_ROOM(test_fork),
      IN_ROOM(test_refused),
      IN_ROOM(test_unknown_kinds_and_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
