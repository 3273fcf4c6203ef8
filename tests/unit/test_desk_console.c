/* SPDX-License-Identifier: Apache-2.0
 * Desk and the operators' cards: who opens the console, who doesn't, and that nothing of a card stays.
 */
#include "desk_cards.h"

static void test_a_card_opens(void **state) {
  struct room *r = *state;
  struct notice n;
  const int64_t before = journal_records(r->journal);
  assert_true(shown(r, &r->camera, payload[DESK], BY_CAMERA, &n));
  assert_int_equal(n.kind, NOTICE_CONSOLE);
  assert_int_equal(n.card, CARD_OPENS);
  assert_string_equal(n.staff.name, "小王");
  assert_false(n.staff.lead);
  assert_true(shown(r, &r->people, payload[LEAD], BY_READER, &n));
  assert_int_equal(n.kind, NOTICE_CONSOLE);
  assert_string_equal(n.staff.name, "组长");
  assert_true(n.staff.lead);
  assert_records(r, before); /* it is no scan of anybody */
}

static void test_a_card_that_stays_in_view_opens_once(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_true(shown(r, &r->camera, payload[DESK], BY_CAMERA, &n));
  for (int i = 0; i < 5; i++) {
    pass(r, 2000);
    assert_false(shown(r, &r->camera, payload[DESK], BY_CAMERA, &n));
  }
  pass(r, 3000);
  assert_true(shown(r, &r->camera, payload[DESK], BY_CAMERA, &n));
  assert_int_equal(n.kind, NOTICE_CONSOLE);
}

static void test_others_open_nothing(void **state) {
  struct room *r = *state;
  static const int others[] = {WITHDRAWN, CARDS};
  for (int i = 0; i < 2; i++) {
    struct notice n;
    assert_true(shown(r, &r->camera, payload[others[i]], BY_CAMERA, &n));
    assert_int_equal(n.kind, NOTICE_VERDICT);
    assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
    assert_int_equal(n.card, CARD_UNKNOWN);
    assert_string_equal(n.staff.name, "");
    assert_string_equal(newest(r, "verdict"), "not_a_ticket");
    assert_string_equal(newest(r, "code"), "-");
  }
}

static void test_of_a_bad_pack_none_opens(void **state) {
  struct room *r = *state;
  struct notice n;
  r->desk.pack_bad = true;
  assert_true(shown(r, &r->camera, payload[LEAD], BY_CAMERA, &n));
  assert_int_equal(n.kind, NOTICE_VERDICT);
  assert_int_equal(n.verdict.kind, VERDICT_FAULT);
}

static void test_nothing_of_a_card_is_kept(void **state) {
  struct room *r = *state;
  struct notice n;
  for (int i = 0; i <= CARDS; i++) assert_true(shown(r, &r->camera, payload[i], BY_CAMERA, &n));
  size_t len;
  char *wal = scratch_read(scratch_file(&r->data, "journal.db-wal"), &len);
  for (int i = 0; i <= CARDS; i++) assert_null(memmem(wal, len, payload[i] + strlen("YBOP1:"), 8));
  free(wal);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CARDS(test_a_card_opens),
      WITH_CARDS(test_a_card_that_stays_in_view_opens_once),
      WITH_CARDS(test_others_open_nothing),
      WITH_CARDS(test_of_a_bad_pack_none_opens),
      WITH_CARDS(test_nothing_of_a_card_is_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
