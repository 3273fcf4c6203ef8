/* SPDX-License-Identifier: Apache-2.0
 * What crosses the network: setup cards, requests, and answers good and bad.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "wire/wire.h"

#define CHAIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ID "0123456789abcdef0123456789abcdef"
#define AT "\"at\":\"2023-10-28T04:00:00.500Z\""

static const char json[] = "application/json", problem_json[] = "application/problem+json", html[] = "text/html";

static struct wire_answer answer(const char *type, const char *body) {
  return (struct wire_answer){.type = type, .body = body, .len = strlen(body)};
}

static void test_times(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t ms; /* -1: none */
  } cases[] = {
      {"2023-10-28T04:00:00.500Z", 1698465600500},
      {"2000-01-01T00:00:00.000Z", 946684800000},
      {"2024-02-29T23:59:59.999Z", 1709251199999},
      {"2100-03-01T00:00:00.000Z", 4107542400000},
      {"1970-01-01T00:00:00.000Z", -1}, /* a clock that doesn't know */
      {"2023-13-28T04:00:00.500Z", -1},
      {"2023-00-28T04:00:00.500Z", -1},
      {"2023-10-32T04:00:00.500Z", -1},
      {"2023-10-28T24:00:00.500Z", -1},
      {"2023-10-28T04:00:00.500", -1},
      {"2023-10-28 04:00:00.500Z", -1},
      {"2023-10-28T04:00:00.50xZ", -1},
      {"2023-10-28T04:00:00.500Zz", -1},
      {"", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t ms = -1;
    assert_int_equal(wire_time(cases[i].text, &ms), cases[i].ms != -1);
    assert_int_equal(ms, cases[i].ms);
  }
}

static void test_addresses(void **state) {
  (void)state;
  static const struct {
    const char *text, *hub; /* NULL: refused */
  } cases[] = {
      {"http://192.168.1.2:8080", "http://192.168.1.2:8080"},
      {"https://hub.example/yingbin/", "https://hub.example/yingbin"},
      {"HTTPS://hub.example//", "HTTPS://hub.example"},
      {"https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"},
      {"ftp://hub.example", NULL},
      {"file:///etc/passwd", NULL},
      {"https://", NULL},
      {"https:///", NULL},
      {"hub.example", NULL},
      {"", NULL},
      {"http://hub example", NULL},
      {"http://hub\r\nX: y", NULL},
      {"http://user@hub.example", NULL},
      {"http://hub.example/?a=b", NULL},
      {"http://hub.example/#top", NULL},
      {"http://汇总站", NULL},
  };
  char hub[WIRE_HUB], longest[400];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(wire_hub(cases[i].text, hub), cases[i].hub != NULL);
    assert_string_equal(hub, cases[i].hub ? cases[i].hub : "");
  }
  snprintf(longest, sizeof longest, "http://%0*d", WIRE_HUB, 1);
  assert_false(wire_hub(longest, hub));
}

static void test_setup_cards(void **state) {
  (void)state;
  struct wire_setup s;
  struct problem problem;
  assert_true(wire_setup("v=1\nhub=https://hub.example/\nspki=" CHAIN "\nkiosk=door-1\ntoken=abc_-9\nstations=meetup/door\n"
                         "pub=RWQabc\nnew=thing",
                         &s, &problem));
  assert_string_equal(s.hub, "https://hub.example");
  assert_string_equal(s.spki, CHAIN);
  assert_string_equal(s.kiosk, "door-1");
  assert_string_equal(s.token, "abc_-9");
  assert_string_equal(s.stations, "meetup/door");
  assert_string_equal(s.pub, "RWQabc");
  assert_true(wire_setup("v=1\nhub=http://h\nkiosk=a\ntoken=b", &s, &problem));
  assert_string_equal(s.spki, "");
  static const char *const bad[] = {
      "",
      "v=2\nhub=http://h\nkiosk=a\ntoken=b",
      "hub=http://h\nkiosk=a\ntoken=b",
      "v=1\nkiosk=a\ntoken=b",
      "v=1\nhub=http://h\ntoken=b",
      "v=1\nhub=http://h\nkiosk=a",
      "v=1\nhub=http://h\nkiosk=a\ntoken=b\ntoken=c",
      "v=1\nhub=http://h\nkiosk=../x\ntoken=b",
      "v=1\nhub=http://h\nkiosk=a b\ntoken=b",
      "v=1\nhub=http://h\nkiosk=a\ntoken=b\"",
      "v=1\nhub=http://h\nkiosk=a\ntoken=b\nspki=" CHAIN, /* a key, and nobody who shows it */
      "v=1\nhub=https://h\nkiosk=a\ntoken=b\nspki=00",
      "v=1\nhub=https://h\nkiosk=a\ntoken=b\nspki=00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
      "v=1\nhub=http://h\nkiosk=0123456789012345678901234567890123456789012345678901234567890123\ntoken=b",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    problem = (struct problem){.zh = ""};
    assert_false(wire_setup(bad[i], &s, &problem));
    assert_true(problem.zh[0] && problem.en[0]);
  }
}

static void test_enrolling(void **state) {
  (void)state;
  uint8_t said[WIRE_BODY], key[32] = {0xab}, sig[64] = {[63] = 0xcd};
  char body[WIRE_BODY], token[WIRE_TOKEN];
  int64_t at;
  assert_int_equal(wire_enrol_said("door", "tok", said), 17 + 5 + 3);
  assert_memory_equal(said, "yingbin enrol v1\0door\0tok", 17 + 5 + 3);
  assert_true(wire_enrol("door", "tok", key, sig, body) > 0);
  assert_non_null(strstr(body, "{\"v\":1,\"kiosk\":\"door\",\"token\":\"tok\",\"key\":\"ab00"));
  assert_non_null(strstr(body, "00cd\"}"));
  assert_int_equal(wire_enrol("do\"or", "tok", key, sig, body), 0);
  static const struct {
    const char *type, *body;
    bool good;
  } cases[] = {
      {json, "{\"kiosk\":\"door\",\"token\":\"AZaz09-_\"," AT "}", true},
      {json, "{\"kiosk\":\"door\",\"token\":\"AZaz09-_\",\"newer\":[]," AT "}", true},
      {html, "{\"kiosk\":\"door\",\"token\":\"AZaz09-_\"," AT "}", false},
      {json, "{\"kiosk\":\"other\",\"token\":\"AZaz09-_\"," AT "}", false},
      {json, "{\"kiosk\":\"door\",\"token\":\"\"," AT "}", false},
      {json, "{\"kiosk\":\"door\",\"token\":\"a\\r\\nX: y\"," AT "}", false},
      {json, "{\"kiosk\":\"door\",\"token\":\"a\\u0000b\"," AT "}", false},
      {json, "{\"kiosk\":\"door\",\"token\":7," AT "}", false},
      {json, "{\"kiosk\":\"door\",\"token\":\"a\"}", false},
      {json, "{\"kiosk\":\"door\",\"kiosk\":\"door\",\"token\":\"a\"," AT "}", false},
      {json, "<html>sign in</html>", false},
      {json, "", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct wire_answer a = answer(cases[i].type, cases[i].body);
    assert_int_equal(wire_read_enrolled(&a, "door", token, &at), cases[i].good);
    if (!cases[i].good) continue;
    assert_string_equal(token, "AZaz09-_");
    assert_int_equal(at, 1698465600500);
  }
}

static void test_acknowledgements(void **state) {
  (void)state;
  static const struct {
    const char *type, *body;
    int64_t seq; /* -1: none */
  } cases[] = {
      {json, "{\"acked_seq\":12,\"acked_chain\":\"" CHAIN "\"," AT "}", 12},
      {json, "{\"acked_seq\":0,\"acked_chain\":\"" CHAIN "\"," AT "}", 0},
      {problem_json, "{\"acked_seq\":12,\"acked_chain\":\"" CHAIN "\"," AT "}", -1},
      {json, "{\"acked_seq\":-1,\"acked_chain\":\"" CHAIN "\"," AT "}", -1},
      {json, "{\"acked_seq\":9223372036854775807,\"acked_chain\":\"" CHAIN "\"," AT "}", -1},
      {json, "{\"acked_seq\":92233720368547758070,\"acked_chain\":\"" CHAIN "\"," AT "}", -1},
      {json, "{\"acked_seq\":1.5,\"acked_chain\":\"" CHAIN "\"," AT "}", -1},
      {json, "{\"acked_seq\":\"12\",\"acked_chain\":\"" CHAIN "\"," AT "}", -1},
      {json, "{\"acked_seq\":12,\"acked_chain\":\"00\"," AT "}", -1},
      {json, "{\"acked_seq\":12," AT "}", -1},
      {json, "[12]", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct wire_answer a = answer(cases[i].type, cases[i].body);
    uint8_t chain[SYNC_CHAIN];
    int64_t seq, at;
    assert_int_equal(wire_read_acked(&a, &seq, chain, &at), cases[i].seq != -1);
    if (cases[i].seq == -1) continue;
    assert_int_equal(seq, cases[i].seq);
    assert_int_equal(chain[1], 0x11);
  }
}

static void test_what_a_hub_knows(void **state) {
  (void)state;
  struct wire_known known[WIRE_KNOWN];
  int count;
  struct wire_answer a =
      answer(problem_json, "{\"status\":409,\"detail\":\"x\",\"expected_seq\":8,\"known\":[{\"seq\":7,\"chain\":\"" CHAIN
                           "\"},{\"seq\":3,\"chain\":\"" CHAIN "\"}]}");
  assert_true(wire_read_known(&a, known, &count));
  assert_int_equal(count, 2);
  assert_int_equal(known[1].seq, 3);
  a = answer(problem_json, "{\"known\":[]}");
  assert_true(wire_read_known(&a, known, &count));
  assert_int_equal(count, 0);
  a = answer(json, "{\"known\":[]}");
  assert_false(wire_read_known(&a, known, &count));
  a = answer(problem_json, "{\"known\":[{\"seq\":7}]}");
  assert_false(wire_read_known(&a, known, &count));
  a = answer(problem_json, "{\"known\":{}}");
  assert_false(wire_read_known(&a, known, &count));
}

#define RECORD(kind, more) "{\"id\":\"" ID "\",\"kind\":\"" kind "\",\"kiosk\":\"b\",\"station\":\"meet/door\"," AT more "}"
#define PAGE(records) "{\"cursor\":\"00ff00ff00ff00ff-12\",\"more\":false," AT ",\"records\":[" records "]}"

static void test_pages(void **state) {
  (void)state;
  static const struct {
    const char *body;
    int count; /* -1: no page */
  } cases[] = {
      {PAGE(""), 0},
      {PAGE(RECORD("scan", "")), 1},
      {"{\"cursor\":\"x y\",\"more\":false," AT ",\"records\":[]}", -1},
      {"{\"cursor\":\"\",\"more\":false," AT ",\"records\":[]}", -1},
      {"{\"cursor\":\"aa-1\",\"more\":true," AT ",\"records\":[]}", -1}, /* for ever the same page */
      {"{\"cursor\":\"aa-1\",\"more\":false," AT "}", -1},
      {"{\"cursor\":\"aa-1\",\"more\":false,\"records\":[]}", -1},
      {"{\"more\":false," AT ",\"records\":[]}", -1},
      {"{}", -1},
      {"null", -1},
      {"{\"cursor\":", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct wire_answer a = answer(json, cases[i].body);
    struct wire_page page;
    assert_int_equal(wire_read_page(&a, &page), cases[i].count != -1);
    if (cases[i].count == -1) {
      assert_null(page.root);
      continue;
    }
    assert_int_equal(page.count, cases[i].count);
    assert_string_equal(page.hub, "00ff00ff00ff00ff");
    assert_int_equal(page.at_ms, 1698465600500);
    wire_page_free(&page);
  }
}

static void test_how_long_a_page_was_held(void **state) {
  (void)state;
  static const struct {
    const char *said;
    int64_t held_ms;
  } cases[] = {{"9990", 9990}, {"0", 0}, {"-5", 0}, {"\"9\"", 0}, {"1e9", 0}, {"9223372036854775807", 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char body[256];
    struct wire_page page;
    snprintf(body, sizeof body, "{\"cursor\":\"00ff00ff00ff00ff-12\",\"more\":false," AT ",\"held_ms\":%s,\"records\":[]}",
             cases[i].said);
    const struct wire_answer a = answer(json, body);
    assert_true(wire_read_page(&a, &page));
    assert_int_equal(page.held_ms, cases[i].held_ms);
    wire_page_free(&page);
  }
}

static void test_records_of_a_page(void **state) {
  (void)state;
  static const struct {
    const char *body;
    bool good;
  } cases[] = {
      {PAGE(RECORD("scan", ",\"attendee\":\"57\",\"code\":\"" ID "\",\"count\":3,\"wall_ok\":true")), true},
      {PAGE(RECORD("undo", ",\"ref\":\"" ID "\"")), true},
      {PAGE(RECORD("correct", ",\"ref\":\"" ID "\"")), true},
      {PAGE(RECORD("undo", "")), false},
      {PAGE(RECORD("dance", "")), false}, /* a newer kind */
      {PAGE("7"), false},
      {PAGE("{\"id\":\"" ID "\",\"kind\":\"scan\",\"kiosk\":\"b\"," AT "}"), false},
      {PAGE("{\"id\":\"XX\",\"kind\":\"scan\",\"kiosk\":\"b\",\"station\":\"a/b\"," AT "}"), false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct wire_answer a = answer(json, cases[i].body);
    struct wire_page page;
    struct shared_record r;
    assert_true(wire_read_page(&a, &page));
    assert_int_equal(wire_page_record(&page, 0, &r), cases[i].good);
    assert_false(wire_page_record(&page, 1, &r));
    wire_page_free(&page);
  }
  struct wire_page page;
  struct shared_record r;
  const struct wire_answer a = answer(json, cases[0].body);
  assert_true(wire_read_page(&a, &page) && wire_page_record(&page, 0, &r));
  assert_true(r.kind == SHARED_SCAN && r.wall_ok && r.count == 3 && r.at_ms == 1698465600500 && r.id[15] == 0xef);
  assert_string_equal(r.attendee, "57");
  assert_string_equal(r.code, ID);
  assert_string_equal(r.kiosk, "b");
  wire_page_free(&page);
}

static void test_problems(void **state) {
  (void)state;
  char why[TEXT_MAX];
  struct wire_answer a = answer(problem_json, "{\"status\":401,\"detail\":\"no token\"}");
  assert_true(wire_read_problem(&a, why));
  assert_string_equal(why, "no token");
  a = answer(html, "{\"status\":401,\"detail\":\"no token\"}");
  assert_false(wire_read_problem(&a, why));
  a = answer(problem_json, "{\"status\":401}");
  assert_false(wire_read_problem(&a, why));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_times),
      cmocka_unit_test(test_addresses),
      cmocka_unit_test(test_setup_cards),
      cmocka_unit_test(test_enrolling),
      cmocka_unit_test(test_acknowledgements),
      cmocka_unit_test(test_what_a_hub_knows),
      cmocka_unit_test(test_pages),
      cmocka_unit_test(test_how_long_a_page_was_held),
      cmocka_unit_test(test_records_of_a_page),
      cmocka_unit_test(test_problems),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
