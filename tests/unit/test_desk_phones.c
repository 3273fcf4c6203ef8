/* SPDX-License-Identifier: Apache-2.0
 * Desk and the volunteers' phones: who gets a session, what it may do, and how it ends.
 */
#include <sodium.h>

#include "desk_cards.h"

static struct mailbox phone_requests, phone_answers;
static struct staff_request phone_request_slot[8];
static struct staff_answer phone_answer_slot[2];
static struct latest board_latest;
static struct board board_slot;

static int set_up_phones(void **state) {
  assert_int_equal(set_up_cards(state), 0);
  struct room *r = *state;
  mailbox_init(&phone_requests, phone_request_slot, sizeof *phone_request_slot, 8, &r->bell);
  mailbox_init(&phone_answers, phone_answer_slot, sizeof *phone_answer_slot, 2, &r->bell);
  latest_init(&board_latest, &board_slot, sizeof board_slot, NULL);
  r->desk.phone_requests = &phone_requests;
  r->desk.phone_answers = &phone_answers;
  r->desk.board = &board_latest;
  return 0;
}

static int tear_down_phones(void **state) {
  const int result = tear_down_cards(state);
  mailbox_fini(&phone_requests);
  mailbox_fini(&phone_answers);
  latest_fini(&board_latest);
  return result;
}

/* As ask(), from a phone: the last answer is in `told`. */
static void by_phone(struct room *r, struct staff_request request, struct notice *out) {
  struct notice n;
  static uint32_t serial = 1000;
  request.serial = ++serial;
  memset(&told, 0, sizeof told);
  assert_true(mailbox_put(&phone_requests, &request));
  for (bool due = true; due;) {
    due = desk_step(&r->desk, r->now) <= r->now.mono_ms;
    for (; mailbox_front(&phone_answers, &told); mailbox_pop(&phone_answers)) assert_int_equal(told.serial, serial);
    for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
      if (n.kind == NOTICE_VERDICT && out) *out = n;
  }
}

#define PHONE(r, ...) by_phone(r, (struct staff_request){__VA_ARGS__}, NULL)

static struct board board(void) {
  struct board b;
  uint64_t seen = 0;
  assert_true(latest_get(&board_latest, &b, &seen));
  return b;
}

static int signed_in(void) {
  int n = 0;
  const struct board b = board();
  for (int i = 0; i < PHONES_MAX; i++) n += b.phone[i].number != 0;
  return n;
}

static void grant(struct room *r, char token[PHONE_TOKEN]) {
  ASK(r, .kind = STAFF_GRANT);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(strlen(told.token), 27);
  memcpy(token, told.token, PHONE_TOKEN);
}

static void redeem(struct room *r, const char *token) {
  struct staff_request request = {.kind = STAFF_REDEEM};
  strcpy(request.text, token);
  by_phone(r, request, NULL);
}

/* An operator's phone, signed in; its session. */
static uint32_t sign_in(struct room *r, int card) {
  char token[PHONE_TOKEN];
  open_console(r, card);
  grant(r, token);
  redeem(r, token);
  assert_int_equal(told.result, STAFF_DONE);
  return told.session;
}

static void test_a_token_signs_one_phone_in(void **state) {
  struct room *r = *state;
  char token[PHONE_TOKEN], secret[PHONE_TOKEN];
  uint8_t hash[PHONE_HASH];
  open_console(r, DESK);
  grant(r, token);
  redeem(r, token);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_not_equal(told.session, 0);
  memcpy(secret, told.token, sizeof secret);
  assert_string_not_equal(secret, token);
  const struct board b = board();
  crypto_generichash(hash, sizeof hash, (const uint8_t *)secret, strlen(secret), NULL, 0);
  assert_memory_equal(b.phone[0].hash, hash, sizeof hash);
  assert_int_equal(b.phone[0].number, told.session);
  assert_string_equal(b.phone[0].name, "小王");
  assert_false(b.phone[0].lead);
  assert_string_equal(newest(r, "line ->> '$.operator'"), "小王");
  redeem(r, token);
  assert_int_equal(told.result, STAFF_DENIED);
  assert_int_equal(told.why, STAFF_GRANT_GONE);
  assert_string_equal(told.token, "");
  assert_int_equal(signed_in(), 1);
}

static void test_wrong_old_and_replaced_tokens(void **state) {
  struct room *r = *state;
  char first[PHONE_TOKEN], token[PHONE_TOKEN];
  redeem(r, "");
  assert_int_equal(told.why, STAFF_GRANT_GONE);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_PHONES);
  assert_int_equal(told.wait_ms, 0);
  grant(r, first);
  grant(r, token);
  ASK(r, .kind = STAFF_PHONES); /* a list has no secret, and says how long the one that is shown is good */
  assert_string_equal(told.token, "");
  assert_in_range(told.wait_ms, 1, 5 * 60 * 1000);
  redeem(r, first);
  assert_int_equal(told.why, STAFF_GRANT_GONE);
  token[5] ^= 1;
  redeem(r, token);
  assert_int_equal(told.why, STAFF_GRANT_GONE);
  token[5] ^= 1;
  ASK(r, .kind = STAFF_LOCK); /* the console may close */
  pass(r, 5 * 60 * 1000 - 1);
  redeem(r, token);
  assert_int_equal(told.result, STAFF_DONE);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_PHONES);
  assert_int_equal(told.wait_ms, 0); /* used */
  grant(r, token);
  pass(r, 5 * 60 * 1000);
  redeem(r, token);
  assert_int_equal(told.why, STAFF_GRANT_GONE);
}

static void test_it_finds_and_checks_in_as_the_operator(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = NOTICE_HEALTH};
  const uint32_t phone = sign_in(r, DESK);
  ASK(r, .kind = STAFF_LOCK);
  PHONE(r, .kind = STAFF_SEARCH, .session = phone, .text = "zhang");
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.person[0].name, "张三");
  struct staff_request in = {.kind = STAFF_ADMIT, .session = phone, .number = "1", .event = 0};
  strcpy(in.number, told.person[0].number);
  by_phone(r, in, &n);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n.by, BY_PHONE);
  assert_string_equal(newest(r, "verdict"), "admit");
  assert_string_equal(newest(r, "line ->> '$.by'"), "phone");
  assert_string_equal(newest(r, "line ->> '$.operator'"), "小王");
  by_phone(r, in, &n);
  assert_int_equal(told.result, STAFF_REFUSED);
  assert_int_equal(told.verdict.kind, VERDICT_AGAIN);
  PHONE(r, .kind = STAFF_RECENT, .session = phone);
  assert_int_equal(told.count, 1);
  struct staff_request undo = {.kind = STAFF_UNDO, .session = phone, .text = "认错人"};
  memcpy(undo.ref, told.record[0].id, sizeof undo.ref);
  by_phone(r, undo, NULL);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "kind"), "undo");
}

static void test_what_others_did_is_not_undone_from_afar(void **state) {
  struct room *r = *state;
  struct notice n;
  const uint32_t phone = sign_in(r, DESK);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n)); /* at the camera */
  ASK(r, .kind = STAFF_RECENT);
  assert_int_equal(told.count, 1);
  struct staff_request undo = {.kind = STAFF_UNDO, .session = phone, .text = "不对"};
  memcpy(undo.ref, told.record[0].id, sizeof undo.ref);
  by_phone(r, undo, NULL);
  assert_int_equal(told.result, STAFF_DENIED);
  PHONE(r, .kind = STAFF_RECENT, .session = phone);
  assert_int_equal(told.count, 0);
}

static void test_what_no_phone_may(void **state) {
  struct room *r = *state;
  static const enum staff_kind never[] = {STAFF_STATION, STAFF_CLOCK,  STAFF_EXPORT, STAFF_SHUTDOWN, STAFF_WITHDRAW,
                                          STAFF_GROUP,   STAFF_GRANT,  STAFF_PHONES, STAFF_REVOKE,   STAFF_UNLOCK,
                                          STAFF_SHIFT,   STAFF_STICKS, STAFF_HUB};
  const uint32_t phone = sign_in(r, LEAD);
  const int64_t before = journal_records(r->journal);
  for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
    PHONE(r, .kind = never[i], .session = phone, .text = "x");
    assert_int_equal(told.result, STAFF_DENIED);
  }
  assert_records(r, before);
  assert_false(atomic_load(&r->desk.shut_down));
  ASK(r, .kind = STAFF_REDEEM);
  assert_int_equal(told.result, STAFF_DENIED); /* and what no console may */
  PHONE(r, .kind = STAFF_SEARCH, .session = session, .text = "zhang");
  assert_int_equal(told.result, STAFF_LOCKED); /* the console's session is no phone's */
  ASK(r, .kind = STAFF_SEARCH, .session = phone, .text = "zhang");
  assert_int_equal(told.result, STAFF_LOCKED);
}

static void test_how_it_ends(void **state) {
  struct room *r = *state;
  uint32_t phone = sign_in(r, DESK);
  pass(r, PHONE_MS - 1);
  PHONE(r, .kind = STAFF_SEARCH, .session = phone, .text = "zhang");
  assert_int_equal(told.count, 1);
  pass(r, 1);
  PHONE(r, .kind = STAFF_SEARCH, .session = phone, .text = "zhang");
  assert_int_equal(told.result, STAFF_LOCKED);
  assert_int_equal(told.count, 0);
  assert_int_equal(signed_in(), 0);

  phone = sign_in(r, DESK);
  PHONE(r, .kind = STAFF_LEAVE, .session = phone);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(signed_in(), 0);

  phone = sign_in(r, DESK);
  char token[PHONE_TOKEN];
  grant(r, token);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_WITHDRAW, .text = "小王", .count = 1);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(signed_in(), 0);
  redeem(r, token);
  assert_int_equal(told.why, STAFF_GRANT_GONE);
  PHONE(r, .kind = STAFF_RECENT, .session = phone);
  assert_int_equal(told.result, STAFF_LOCKED);
}

static void test_revoking(void **state) {
  struct room *r = *state;
  char token[PHONE_TOKEN];
  const uint32_t leads = sign_in(r, LEAD), own = sign_in(r, DESK);
  ASK(r, .kind = STAFF_PHONES);
  assert_int_equal(told.count, 2);
  ASK(r, .kind = STAFF_REVOKE, .count = (int32_t)leads);
  assert_int_equal(told.result, STAFF_DENIED);
  assert_int_equal(told.why, STAFF_FOR_LEAD);
  ASK(r, .kind = STAFF_REVOKE, .count = 12345);
  assert_int_equal(told.why, STAFF_NOT_FOUND);
  ASK(r, .kind = STAFF_REVOKE); /* all that are its own */
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.count, 1);
  PHONE(r, .kind = STAFF_RECENT, .session = own);
  assert_int_equal(told.result, STAFF_LOCKED);
  grant(r, token);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_REVOKE, .count = (int32_t)leads);
  assert_int_equal(told.count, 0);
  assert_string_equal(newest(r, "line ->> '$.operator'"), "组长");
  ASK(r, .kind = STAFF_REVOKE);
  redeem(r, token);
  assert_int_equal(told.why, STAFF_GRANT_GONE);
}

static void test_so_many_and_no_more(void **state) {
  struct room *r = *state;
  for (int i = 0; i < PHONES_MAX; i++) sign_in(r, DESK);
  assert_int_equal(signed_in(), PHONES_MAX);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_GRANT);
  assert_int_equal(told.why, STAFF_PHONES_FULL);
  assert_string_equal(told.token, "");
}

#define WITH_PHONES(f) cmocka_unit_test_setup_teardown(f, set_up_phones, tear_down_phones)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_PHONES(test_a_token_signs_one_phone_in),
      WITH_PHONES(test_wrong_old_and_replaced_tokens),
      WITH_PHONES(test_it_finds_and_checks_in_as_the_operator),
      WITH_PHONES(test_what_others_did_is_not_undone_from_afar),
      WITH_PHONES(test_what_no_phone_may),
      WITH_PHONES(test_how_it_ends),
      WITH_PHONES(test_revoking),
      WITH_PHONES(test_so_many_and_no_more),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
