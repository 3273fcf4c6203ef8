/* SPDX-License-Identifier: Apache-2.0
 * A meetup on the spot: its id, its line in the journal, the catalog that comes of it, and a desk that counts there.
 */
#include "desk_room.h"

#include "core/day.h"
#include "pack/meetup.h"

static const int64_t ends = INT64_C(1698501600000); /* 2023-10-28 22:00 in Shanghai */

static void test_ids(void **state) {
  (void)state;
  static const struct {
    const char *title;
    int64_t ends_ms;
    const char *id;
  } cases[] = {{"Night market", ends, "night-market-2023-10-28"},
               {" Rust & C! ", ends, "rust-c-2023-10-28"},
               {"Night market", ends + 5 * 3600 * 1000, "night-market-2023-10-28"}, /* 3 in the morning: the same night */
               {"Night market", ends + 9 * 3600 * 1000, "night-market-2023-10-29"}};
  struct meetup m, n;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_true(meetup_make(cases[i].title, noon, cases[i].ends_ms, 8 * 3600, &m));
    assert_string_equal(m.id, cases[i].id);
  }
  assert_true(meetup_make("成都夜市", noon, ends, 8 * 3600, &m));
  assert_memory_equal(m.id, "meetup-", 7);
  assert_true(meetup_make("广州夜市", noon, ends, 8 * 3600, &n));
  assert_string_not_equal(m.id, n.id);
  assert_true(meetup_make("成都夜市", noon + 60000, ends, 8 * 3600, &n)); /* another kiosk, a minute later */
  assert_string_equal(m.id, n.id);
  assert_false(meetup_make("", noon, ends, 0, &m));
  assert_false(meetup_make("  ", noon, ends, 0, &m));
  assert_false(meetup_make("\xff", noon, ends, 0, &m));
  assert_false(meetup_make("x", ends, noon, 0, &m));
  assert_false(meetup_make("x", 0, 0, 0, &m));
}

static void test_note(void **state) {
  (void)state;
  struct meetup m, back;
  char note[MEETUP_NOTE];
  assert_true(meetup_make("夜市 title=2\n", noon, ends, -3600, &m));
  meetup_note(&m, note);
  assert_true(meetup_of_note(note, &back));
  assert_string_equal(back.id, m.id);
  assert_string_equal(back.title, m.title);
  assert_int_equal(back.ends_ms, ends);
  assert_int_equal(back.offset_s, -3600);
  assert_false(meetup_of_note("meetup x starts=1 ends=2", &back));
  note[7] = 'X';
  assert_false(meetup_of_note(note, &back)); /* the id isn't that of the rest */
}

static void test_a_desk(void **state) {
  struct room *r = *state;
  struct meetup m;
  struct notice n;
  char note[MEETUP_NOTE], last[NOTE_MAX];
  assert_true(meetup_make("夜市", noon, ends, 8 * 3600, &m));
  meetup_note(&m, note);
  desk_fini(&r->desk, r->now);
  pack_close(r->pack);
  MUST(r, pack_of_meetup(&m, &r->pack, &r->problem));
  assert_int_equal(pack_facts(r->pack)->cards, 0);
  for (int i = 0; i < 2; i++) {
    open_desk(r, 0);
    desk_fini(&r->desk, r->now);
    r->desk.meetup = note;
    MUST(r, desk_init(&r->desk, r->now, &r->problem));
    assert_true(journal_last_system(r->journal, "meetup ", last));
    assert_string_equal(last, note);
    put(r, &r->people, "", 0, BY_TAP);
    assert_true(settle(r, &n));
    assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
    assert_int_equal(n.nth, i + 1);
    assert_string_equal(newest(r, "event"), m.id);
    pass(r, 5000);
  }
  assert_true(show(r, "wxp://f2f0abcdefghijklmnop", &n)); /* any code but one to pay with */
  assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_string_equal(newest(r, "code"), "-");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_ids), cmocka_unit_test(test_note), EACH(test_a_desk)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
