/* SPDX-License-Identifier: Apache-2.0
 * What guests are asked: who is on no list, whether they come in; a party, how many have come. By a finger, by the same code
 * once more, or by no answer at all; and the next guest never waits.
 */
#include "desk_room.h"

#include "desk/staff.h"

static const char nobody[] = "ZZZZZZZZZZZZZZZZ", four[] = "K7M3QX9RTV2BHN4F", one[] = "K7M3QX9RTV2BHN4D";

static struct station *door(struct room *r) {
  return &((struct catalog *)(uintptr_t)pack_catalog(r->pack))->station[r->desk.station];
}

/* The last notice that isn't health. */
static bool told(struct room *r, struct notice *out) {
  struct notice n;
  bool any = false;
  do {
    const int64_t due = desk_step(&r->desk, r->now);
    for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
      if (n.kind != NOTICE_HEALTH) *out = n, any = true;
    if (due > r->now.mono_ms) return any;
  } while (true);
}

static bool shown(struct room *r, const char *code, struct notice *out) {
  put(r, &r->camera, code, strlen(code), BY_CAMERA);
  return told(r, out);
}

static bool tapped(struct room *r, int heads, struct notice *out) {
  struct payload p = {.by = BY_TAP, .at = r->now, .heads = (int16_t)heads};
  assert_true(mailbox_put(&r->people, &p));
  return told(r, out);
}

static int begin(void **state) {
  set_up(state);
  struct room *r = *state;
  door(r)->walkin = WALKIN_SELF;
  door(r)->party_ask = true;
  return 0;
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, tear_down)

/* --- who is on no list --- */

static void assert_asked(struct room *r, const char *code) {
  struct notice n;
  assert_true(shown(r, code, &n));
  assert_int_equal(n.verdict.kind, VERDICT_UNKNOWN);
  assert_true(n.walkin);
  assert_string_equal(newest(r, "line ->> '$.verdict'"), "unknown");
}

static void assert_walked_in(struct room *r, const struct notice *n, const char *by) {
  assert_int_equal(n->verdict.kind, VERDICT_ADMIT);
  assert_false(n->verdict.has_attendee);
  assert_int_equal(n->verdict.count, 1);
  assert_string_equal(newest(r, "kind"), "scan");
  assert_string_equal(newest(r, "attendee"), "-");
  assert_int_equal(strlen(newest(r, "code")), 32);
  assert_string_equal(newest(r, "line ->> '$.verdict'"), "admit");
  assert_string_equal(newest(r, "line ->> '$.by'"), by);
}

static void test_a_finger_lets_in(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked(r, nobody);
  pass(r, 5000);
  assert_true(tapped(r, 0, &n));
  assert_walked_in(r, &n, "tap");
  assert_int_equal(n.nth, 1);
  assert_int_equal(n.health.people, 1);
  pass(r, 4000);
  assert_false(tapped(r, 0, &n)); /* one is all that was asked */
  assert_true(shown(r, nobody, &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN); /* known by it from now on */
  assert_int_equal(n.verdict.when_ms, noon + 5000);
  assert_int_equal(r->desk.health.people, 1);
}

static void test_the_same_code_lets_in(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked(r, nobody);
  for (int i = 0; i < 4; i++) { /* it only stayed there */
    pass(r, 1500);
    assert_false(shown(r, nobody, &n));
  }
  pass(r, 3000);
  assert_true(shown(r, nobody, &n));
  assert_walked_in(r, &n, "camera");
  for (int i = 0; i < 3; i++) { /* a poster's code, for one */
    pass(r, 5000);
    assert_true(shown(r, nobody, &n));
    assert_int_equal(n.verdict.kind, VERDICT_AGAIN);
  }
  assert_int_equal(r->desk.health.people, 1);
}

/* A WeChat card, a poster's address. */
static void test_what_is_no_ticket_takes_a_finger(void **state) {
  static const char *const codes[] = {"https://u.wechat.com/kGx3ExampleExample", "https://example.org/poster"};
  struct room *r = *state;
  struct notice n;
  for (int i = 0; i < 2; i++) {
    for (int times = 0; times < 3; times++) { /* it hangs on the wall */
      assert_true(shown(r, codes[i], &n));
      assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
      assert_true(n.walkin);
      assert_string_equal(newest(r, "line ->> '$.verdict'"), "not_a_ticket");
      pass(r, 5000);
    }
    assert_int_equal(r->desk.health.people, i);
    assert_true(tapped(r, 0, &n));
    assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
    assert_string_equal(newest(r, "line ->> '$.verdict'"), "admit");
    assert_string_equal(newest(r, "line ->> '$.by'"), "tap");
    assert_string_equal(newest(r, "code"), "-"); /* the next one who shows it is somebody else */
    assert_string_equal(newest(r, "attendee"), "-");
    assert_int_equal(r->desk.health.people, i + 1);
    pass(r, 5000);
    assert_false(tapped(r, 0, &n));
  }
  assert_true(shown(r, codes[0], &n));
  pass(r, ASK_MS + 1000);
  assert_false(told(r, &n));
  assert_false(tapped(r, 0, &n)); /* too late */
  assert_int_equal(r->desk.health.people, 2);
}

static void test_codes_to_pay_with_and_cards_are_never_asked_about(void **state) {
  static const char *const codes[] = {"wxp://f2f0ExampleExampleExample", "https://qr.alipay.com/fkx00000example",
                                      "134567890123456789", "285678901234567890"};
  struct room *r = *state;
  struct notice n;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    assert_true(shown(r, codes[i], &n));
    assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
    assert_false(n.walkin);
    pass(r, 1000);
    assert_false(tapped(r, 0, &n));
    pass(r, 4000);
  }
  assert_int_equal(r->desk.health.people, 0);
}

static void test_hours_hold_for_what_is_no_ticket(void **state) {
  struct room *r = *state;
  struct notice n;
  door(r)->closes = (struct hours){.set = true, .at = noon - 1000};
  assert_true(shown(r, "https://example.org/poster", &n));
  assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
  assert_false(n.walkin);
  door(r)->closes.set = false;
  door(r)->walkin = WALKIN_STAFF;
  pass(r, 5000);
  assert_true(shown(r, "https://example.org/poster", &n));
  assert_false(n.walkin);
}

static void test_no_answer_lets_nobody_in(void **state) {
  struct room *r = *state;
  struct notice n;
  int64_t records;
  assert_asked(r, nobody);
  records = journal_records(r->journal);
  pass(r, ASK_MS + 1000);
  assert_false(told(r, &n));
  assert_false(tapped(r, 0, &n));
  assert_records(r, records);
  assert_asked(r, nobody);        /* asked anew */
  assert_true(shown(r, one, &n)); /* the next guest's code: whose tap would it be? */
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  pass(r, 1000);
  assert_false(tapped(r, 0, &n));
  pass(r, 3000);
  assert_asked(r, nobody);
  assert_int_equal(r->desk.health.people, 1);
}

static void test_a_finger_that_was_there_before(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked(r, nobody);
  pass(r, 200);
  assert_false(tapped(r, 0, &n));
  pass(r, 4000);
  assert_true(tapped(r, 0, &n));
  assert_walked_in(r, &n, "tap");
}

/* Where some come without a code, the finger on the question answers it, and counts nobody else. */
static void test_beside_a_button(void **state) {
  struct room *r = *state;
  struct notice n;
  door(r)->anonymous = true;
  assert_asked(r, nobody);
  pass(r, 1000);
  assert_true(tapped(r, 0, &n));
  assert_walked_in(r, &n, "tap");
  assert_false(n.tapped);
  pass(r, 900);
  assert_false(tapped(r, 0, &n)); /* the same finger */
  pass(r, 1000);
  assert_true(tapped(r, 0, &n));
  assert_true(n.tapped);
  assert_string_equal(newest(r, "code"), "-");
  assert_int_equal(r->desk.health.people, 2);
}

static void test_rules_hold(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_true(shown(r, "134567890123456789", &n)); /* to pay with */
  assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
  assert_false(n.walkin);
  pass(r, 1000);
  assert_false(tapped(r, 0, &n));
  door(r)->capacity = 1;
  assert_asked(r, nobody);
  pass(r, 4000);
  assert_true(shown(r, nobody, &n));
  assert_walked_in(r, &n, "camera");
  assert_true(shown(r, "ZZZZZZZZZZZZZZZY", &n)); /* no offer that would be taken back */
  assert_int_equal(n.verdict.kind, VERDICT_UNKNOWN);
  assert_false(n.walkin);
  door(r)->walkin = WALKIN_STAFF;
  door(r)->capacity = 0;
  assert_true(shown(r, "ZZZZZZZZZZZZZZZX", &n));
  assert_false(n.walkin);
  pass(r, 1000);
  assert_false(tapped(r, 0, &n));
  assert_int_equal(r->desk.health.people, 1);
}

/* --- a party --- */

static void assert_asked_heads(struct room *r, int most) {
  struct notice n;
  const int64_t records = journal_records(r->journal);
  assert_true(shown(r, four, &n));
  assert_int_equal(n.kind, NOTICE_HEADS);
  assert_int_equal(n.most, most);
  assert_records(r, records); /* nothing is decided */
}

static void assert_in(struct room *r, const struct notice *n, int count, bool more) {
  assert_int_equal(n->kind, NOTICE_VERDICT);
  assert_int_equal(n->verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n->verdict.count, count);
  assert_int_equal(n->more, more);
  assert_true(n->seq > 0);
  assert_string_equal(n->verdict.attendee.number, "3");
  assert_string_equal(newest(r, "attendee"), "3");
}

static void test_some_now_the_others_later(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked_heads(r, 4);
  pass(r, 2000);
  assert_true(tapped(r, 2, &n));
  assert_in(r, &n, 2, true);
  assert_string_equal(newest(r, "line ->> '$.count'"), "2");
  assert_string_equal(newest(r, "line ->> '$.by'"), "camera");
  assert_string_equal(newest(r, "wall"), "2023-10-28T04:00:02.000Z");
  assert_false(tapped(r, 2, &n)); /* twice on the same button */
  pass(r, 60000);
  assert_asked_heads(r, 2);
  pass(r, 2000);
  assert_true(tapped(r, 9, &n)); /* never more than are left */
  assert_in(r, &n, 2, false);
  pass(r, 5000);
  assert_true(shown(r, four, &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN);
  assert_int_equal(r->desk.health.people, 4);
}

static void test_all_without_a_finger(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked_heads(r, 4);
  pass(r, 3500);
  assert_true(shown(r, four, &n));
  assert_in(r, &n, 4, false);
  assert_int_equal(n.nth, 4);
}

static void test_the_space_bar_is_all(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked_heads(r, 4);
  pass(r, 1000);
  assert_true(tapped(r, 0, &n));
  assert_in(r, &n, 4, false);
}

static void test_no_answer_is_one(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_asked_heads(r, 4);
  assert_int_equal(desk_step(&r->desk, r->now) <= r->now.mono_ms + ASK_MS, true);
  pass(r, ASK_MS - 1);
  assert_false(told(r, &n));
  pass(r, 1);
  assert_true(told(r, &n));
  assert_in(r, &n, 1, true);
  assert_asked_heads(r, 3);
}

/* Forty people wait: whoever was asked is in, the others of the party may come, and the next one is served. */
static void test_the_next_guest_waits_for_nobody(void **state) {
  struct room *r = *state;
  struct notice first, second;
  assert_asked_heads(r, 4);
  pass(r, 1000);
  put(r, &r->camera, one, strlen(one), BY_CAMERA);
  desk_step(&r->desk, r->now);
  assert_true(mailbox_front(&r->notices, &first));
  mailbox_pop(&r->notices);
  assert_int_equal(first.verdict.kind, VERDICT_ADMIT);
  assert_string_equal(first.verdict.attendee.number, "3");
  assert_int_equal(first.verdict.count, 1);
  assert_true(first.more);
  assert_true(mailbox_front(&r->notices, &second));
  mailbox_pop(&r->notices);
  assert_string_equal(second.verdict.attendee.number, "1");
  assert_int_equal(second.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(second.seq, first.seq + 1);
  pass(r, 1000);
  assert_false(tapped(r, 3, &second)); /* of a question that is gone */
  pass(r, 5000);
  assert_asked_heads(r, 3);
}

/* They have the screen, and their own ways. */
static void test_staff_are_asked_instead(void **state) {
  struct room *r = *state;
  struct notice n;
  r->desk.staff->console.number = 1;
  r->desk.staff->console.touched_ms = r->now.mono_ms;
  assert_true(shown(r, four, &n));
  assert_in(r, &n, 1, true);
  assert_true(shown(r, nobody, &n));
  assert_int_equal(n.verdict.kind, VERDICT_UNKNOWN);
  assert_false(n.walkin);
}

static void test_nobody_is_asked_where_one_is_left(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_true(shown(r, one, &n)); /* of one */
  assert_int_equal(n.verdict.count, 1);
  door(r)->capacity = 3;
  assert_asked_heads(r, 2); /* as many as there is room for */
  pass(r, 1000);
  assert_true(tapped(r, 1, &n));
  assert_in(r, &n, 1, true);
  pass(r, 5000);
  assert_true(shown(r, four, &n)); /* room for one: what would there be to ask? */
  assert_in(r, &n, 1, true);
  pass(r, 5000);
  assert_true(shown(r, four, &n));
  assert_int_equal(n.verdict.kind, VERDICT_FULL);
}

/* Ends between the question and the answer: they stood there, and it is in the journal. */
static void test_the_end_loses_nobody(void **state) {
  struct room *r = *state;
  assert_asked_heads(r, 4);
  desk_fini(&r->desk, r->now);
  assert_string_equal(newest(r, "attendee"), "3");
  assert_string_equal(newest(r, "line ->> '$.count'"), "1");
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      STORY(test_a_finger_lets_in),
      STORY(test_the_same_code_lets_in),
      STORY(test_what_is_no_ticket_takes_a_finger),
      STORY(test_codes_to_pay_with_and_cards_are_never_asked_about),
      STORY(test_hours_hold_for_what_is_no_ticket),
      STORY(test_no_answer_lets_nobody_in),
      STORY(test_a_finger_that_was_there_before),
      STORY(test_beside_a_button),
      STORY(test_rules_hold),
      STORY(test_some_now_the_others_later),
      STORY(test_all_without_a_finger),
      STORY(test_the_space_bar_is_all),
      STORY(test_no_answer_is_one),
      STORY(test_the_next_guest_waits_for_nobody),
      STORY(test_staff_are_asked_instead),
      STORY(test_nobody_is_asked_where_one_is_left),
      STORY(test_the_end_loses_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
