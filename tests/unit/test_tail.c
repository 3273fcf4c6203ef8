/* SPDX-License-Identifier: Apache-2.0
 * What is kept of a feed gives the pages that the whole feed would give, from wherever it is asked, or says that it can't;
 * what it keeps is bounded. And a record becomes the same however its line is written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>
#include <sodium.h>

#include "tools/hub/tail.h"

enum { KIOSKS = 4, LONG = 12000 };

static int up(void **state) {
  static struct tail tail;
  *state = &tail;
  return sodium_init() < 0;
}

static int down(void **state) {
  tail_begin(*state, 0);
  return 0;
}

/* The feed itself: cursors with gaps, each record a kiosk's. */
struct feed {
  int count;
  int64_t cursor[LONG];
  int kiosk[LONG];
};

static void name_of(int kiosk, char name[16]) { snprintf(name, 16, "door-%d", kiosk); }

static void tell(struct feed *f, struct tail *t, int kiosk, size_t padding) {
  char name[16], line[2048];
  size_t len;
  const int n = f->count++;
  f->cursor[n] = (n ? f->cursor[n - 1] : 0) + 1 + (int64_t)randombytes_uniform(3);
  f->kiosk[n] = kiosk;
  name_of(kiosk, name);
  const int line_len = snprintf(line, sizeof line, "{\"seq\":%d,\"attendee\":\"%d\",\"code\":\"%0*d\"}", n, n, (int)padding, 0);
  char *text = page_record(name, line, (size_t)line_len, &len);
  assert_non_null(text);
  tail_add(t, f->cursor[n], name, text, len);
  free(text);
}

/* The same page out of all that was ever told. */
static void expect_page(const struct feed *f, const struct tail *t, int kiosk, int64_t after) {
  char name[16];
  size_t len;
  int at = 0;
  struct page page;
  name_of(kiosk, name);
  assert_true(page_begin(&page, after));
  const bool given = tail_give(t, name, after, &page);
  assert_int_equal(given, after >= t->from);
  const bool more = page.more;
  const int64_t cursor = page.cursor, head = f->cursor[f->count - 1];
  char *text = page_end(&page, "c", 7, "now", &len);
  json_t *root = json_loadb(text, len, 0, NULL), *records = json_object_get(root, "records"), *record;
  assert_non_null(root);
  size_t n;
  json_array_foreach(records, n, record) {
    while (f->cursor[at] <= after || f->kiosk[at] == kiosk) at++;
    assert_int_equal(atoi(json_string_value(json_object_get(record, "attendee"))), at);
    at++;
  }
  int left = 0;
  for (; given && at < f->count; at++) left += f->cursor[at] > after && f->kiosk[at] != kiosk;
  assert_int_equal(left > 0, more);
  assert_int_equal(json_is_true(json_object_get(root, "more")), more);
  if (more) assert_int_equal(n, STORE_FEED_MOST);
  if (given && !more) assert_int_equal(cursor, after > head ? after : head);
  json_decref(root);
  free(text);
}

static void test_pages(void **state) {
  static struct feed f;
  struct tail *t = *state;
  f.count = 0;
  tail_begin(t, 0);
  for (int i = 0; i < LONG; i++) {
    /* sometimes one kiosk alone for a while, as when it sends what it kept during a cut */
    tell(&f, t, i / 700 % 3 == 1 ? 0 : (int)randombytes_uniform(KIOSKS), randombytes_uniform(120));
    assert_true(t->count <= TAIL_MOST && t->bytes <= TAIL_BYTES);
    if (i % 150 != 3) continue;
    expect_page(&f, t, 0, f.cursor[i]);
    expect_page(&f, t, 1, f.cursor[i] + 5); /* another hub's reader is ahead of this one */
    expect_page(&f, t, 2, t->from);
    expect_page(&f, t, 2, t->from - 1);
    for (int n = 0; n < 6; n++)
      expect_page(&f, t, (int)randombytes_uniform(KIOSKS + 1), (int64_t)randombytes_uniform((uint32_t)f.cursor[i] + 1));
  }
  assert_true(t->from > 0);
}

static void test_bounds(void **state) {
  static struct feed f;
  struct tail *t = *state;
  f.count = 0;
  tail_begin(t, 0);
  for (int i = 0; i < 600; i++) tell(&f, t, 1, 1900);
  assert_true(t->bytes <= TAIL_BYTES && t->bytes > TAIL_BYTES / 2);
  assert_true(t->from > 0);
  expect_page(&f, t, 2, t->from);
  char *large = calloc(1, TAIL_BYTES + 1); /* one that is larger than all the room there is */
  assert_non_null(large);
  tail_add(t, t->head + 1, "door-3", large, TAIL_BYTES + 1);
  free(large);
  assert_int_equal(t->count, 0);
  assert_int_equal(t->bytes, 0);
  assert_int_equal(t->from, t->head);
  tail_add(t, t->head + 1, "door-3", NULL, 0); /* no memory for it: nothing is skipped, the store has it */
  assert_int_equal(t->from, f.cursor[f.count - 1] + 2);
}

static json_t *heard_of(const char *kiosk, const char *line) {
  size_t len;
  char *text = page_record(kiosk, line, strlen(line), &len);
  assert_non_null(text);
  json_t *heard = json_loadb(text, len, 0, NULL);
  if (!heard) fail_msg("%s", text);
  free(text);
  return heard;
}

static void test_record(void **state) {
  static const char flat
      [] = "{\"seq\":9,\"id\":\"0011\",\"kind\":\"scan\",\"kiosk\":\"other\",\"event\":\"meetup\",\"station\":\"meetup/"
           "门\",\"attendee\":"
           "\"57\",\"code\":\"ab\",\"verdict\":\"admit\",\"operator\":\"小明\",\"count\":2,\"ref\":\"22\",\"wall\":"
           "\"2023-10-28T00:31:07.123Z\",\"wall_ok\":true,\"note\":\"a name\"}",
  escaped[] =
      "{\"note\":\"a "
      "name\",\"seq\":9,\"id\":\"0011\",\"kind\":\"scan\",\"kiosk\":\"other\",\"event\":\"meet\\u0075p\",\"station\":"
      "\"meetup\\/"
      "\\u95e8\",\"attendee\":\"57\",\"code\":\"ab\",\"verdict\":\"admit\",\"operator\":\"小明\",\"count\":2,\"ref\":\"22\","
      "\"wall\":\"2023-10-28T00:31:07.123Z\",\"wall_ok\":true}",
  odd[] = "{\"seq\":1,\"code\":\"\\\"\\\\\\u0001\\n\",\"attendee\":null,\"count\":1.5,\"event\":[1]}";
  (void)state;
  json_t *a = heard_of("a \"door\"", flat), *b = heard_of("a \"door\"", escaped), *c = heard_of("c", odd),
         *want = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:s,s:s,s:b}", "kiosk", "a \"door\"", "id", "0011", "kind", "scan",
                           "event", "meetup", "station", "meetup/门", "attendee", "57", "code", "ab", "count", 2, "ref", "22",
                           "at", "2023-10-28T00:31:07.123Z", "wall_ok", 1);
  assert_true(json_equal(a, want));
  assert_true(json_equal(b, want));
  assert_int_equal(json_object_size(c), 2);
  assert_string_equal(json_string_value(json_object_get(c, "code")), "\"\\\x01\n");
  json_decref(a), json_decref(b), json_decref(c), json_decref(want);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages), cmocka_unit_test(test_bounds),
                                     cmocka_unit_test(test_record)};
  return cmocka_run_group_tests(tests, up, down);
}
