/* SPDX-License-Identifier: Apache-2.0
 * Desk and the operators' cards: who opens the console, who doesn't, and that nothing of a card stays.
 */
#include "desk_room.h"

#include "tools/yingbin/build.h"
#include "tools/yingbin/cards.h"

static const char ini[] =
    "[pack]\nname = test\n[host kcc]\nname.en = KCC\n"
    "[event meet]\ntitle.en = Meet\nstarts = 2023-10-28 09:00\nends = 2023-10-28 18:00\ntz = Asia/Shanghai\n"
    "[roster kcc.csv]\nevent = meet\nhost = kcc\n[station meet/door]\nkind = entry\n";

enum { DESK, LEAD, WITHDRAWN, CARDS };
static const struct {
  const char *name, *host;
  bool lead, valid;
} staff[CARDS] = {{"小王", "kcc", false, true}, {"组长", "", true, true}, {"旧卡", "", true, false}};

static char payload[CARDS + 1][sizeof((struct card *)0)->payload]; /* the last one: of another organizer */

static void make_cards(struct cards *cards) {
  cards->at = calloc(CARDS, sizeof *cards->at);
  assert_non_null(cards->at);
  for (int i = 0; i <= CARDS; i++) {
    struct card card;
    struct operator_card row = {.id = i + 1};
    const int k = i < CARDS ? i : LEAD;
    row.name = staff[k].name, row.host = staff[k].host, row.lead = staff[k].lead, row.valid = staff[k].valid;
    card_operator(row.name, row.lead, row.host, &card, row.key);
    strcpy(payload[i], card.payload);
    if (i < CARDS) cards->at[cards->count++] = row;
  }
}

/* A pack with cards in place of the tiny one. */
static int set_up_cards(void **state) {
  assert_int_equal(set_up(state), 0);
  struct room *r = *state;
  struct folder *f = calloc(1, sizeof *f);
  struct cards cards = {.at = NULL};
  struct minisign_key key;
  struct build b;
  uint32_t number;
  bool locked;
  assert_non_null(f);
  MUST(r, minisign_new(scratch_file(&r->data, "k"), NULL, &r->problem));
  MUST(r, minisign_read_key(scratch_file(&r->data, "k.key"), NULL, &locked, &key, &r->problem));
  scratch_write(scratch_file(&r->data, "pack.ini"), ini, strlen(ini));
  scratch_write(scratch_file(&r->data, "kcc.csv"), "name\n张三\n", strlen("name\n张三\n"));
  make_cards(&cards);
  MUST(r, cards_write(scratch_file(&r->data, "cards.csv"), &cards, &r->problem));
  MUST(r, folder_read(r->data.path, f, &r->problem));
  build_count(f, &b);
  MUST(r, folder_next_build(f, &number, &r->problem));
  MUST(r, build_write(f, scratch_file(&r->data, "test.ybp"), &key, &b, &r->problem));
  desk_fini(&r->desk, r->now);
  pack_close(r->pack);
  MUST(r, pack_open(scratch_file(&r->data, "test.ybp"), &r->pack, &r->problem));
  open_desk(r, 0);
  folder_free(f);
  free(f);
  cards_free(&cards);
  return 0;
}

/* The notice of a card shown now, other than of health; false: there was none. */
static bool shown(struct room *r, struct mailbox *to, const char *text, enum by by, struct notice *out) {
  bool any = false;
  struct notice n;
  put(r, to, text, strlen(text), by);
  while (desk_step(&r->desk, r->now) <= r->now.mono_ms) {
  }
  for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
    if (n.kind != NOTICE_HEALTH) *out = n, any = true;
  return any;
}

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

#define WITH_CARDS(f) cmocka_unit_test_setup_teardown(f, set_up_cards, tear_down)

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
