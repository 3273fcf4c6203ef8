/* SPDX-License-Identifier: Apache-2.0 */
#include "desk_room.h"

#include "core/base45.h"

/* --- each verdict and its record --- */

struct expected {
  int16_t station;
  const char *text;
  const char *verdict, *attendee, *count;
  bool code; /* its hash is in the record */
};

static const struct expected verdicts[] = {
    {DOOR, "K7M3QX9RTV2BHN4D", "admit", "1", "1", true},
    {DOOR, "K7M3QX9RTV2BHN4D", "again", "1", "0", true},
    {DOOR, "K7M3QX9RTV2BHN4F", "admit", "3", "1", true},
    {VIP, "K7M3QX9RTV2BHN4D", "admit", "1", "1", true},
    {VIP, "K7M3QX9RTV2BHN4E", "wrong_type", "2", "0", true},
    {KIT, "K7M3QX9RTV2BHN4D", "admit", "1", "1", true},
    {KIT, "K7M3QX9RTV2BHN4E", "missing_step", "2", "0", true},
    {KIT, "K7M3QX9RTV2BHN4D", "again", "1", "0", true},
    {LATER, "K7M3QX9RTV2BHN4D", "early", "1", "0", true},
    {OVER, "K7M3QX9RTV2BHN4D", "closed", "1", "0", true},
    {SMALL, "K7M3QX9RTV2BHN4D", "admit", "1", "1", true},
    {SMALL, "K7M3QX9RTV2BHN4E", "full", "2", "0", true},
    {DOOR, "K7M3QX9RTV2BHN4G", "not_confirmed", "4", "0", true},
    {DOOR, "K7M3QX9RTV2BHN4H", "revoked", "-", "0", true},
    {DOOR, "K7M3QX9RTV2BHN4J", "elsewhere", "-", "0", true}, /* number 1 there is not number 1 here */
    {DOOR, "K7M3QX9RTV2BHN4K", "elsewhere", "-", "0", true},
    {DOOR, "K7M3QX9RTV2BHN4Z", "unknown", "-", "0", true},
    {DOOR, "YB1:NOT A TICKET", "forged", "-", "0", false},
    {DOOR, "https://u.wechat.com/abcdefg", "not_a_ticket", "-", "0", true},
    {DOOR, "281234567890123456", "not_a_ticket", "-", "0", false}, /* an Alipay payment code */
    {DOOR, "134567890123456789", "not_a_ticket", "-", "0", false}, /* a WeChat one */
    {GUESTS, "G-123456", "admit", "-", "1", true},
    {GUESTS, "G-123456", "again", "-", "0", true},
    {GUESTS, "G-1234567", "not_a_ticket", "-", "0", true},
};

static void test_verdicts(void **state) {
  struct room *r = *state;
  for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
    const struct expected *x = &verdicts[i];
    struct notice n;
    int64_t before = journal_records(r->journal);
    r->desk.station = x->station;
    pass(r, 5000);
    assert_true(show(r, x->text, &n));
    if (strcmp(verdict_name(n.verdict.kind), x->verdict)) print_error("case %d: %s\n", (int)i, verdict_name(n.verdict.kind));
    assert_string_equal(verdict_name(n.verdict.kind), x->verdict);
    assert_records(r, before + 1);
    assert_int_equal(n.seq, before + 1);
    assert_int_equal(n.fault, DESK_FAULT_NONE);
    assert_string_equal(newest(r, "verdict"), x->verdict);
    assert_string_equal(newest(r, "kind"), "scan");
    assert_string_equal(newest(r, "attendee"), x->attendee);
    assert_string_equal(newest(r, "count"), x->count);
    assert_string_equal(newest(r, "station"), pack_catalog(r->pack)->station[x->station].id);
    assert_string_equal(newest(r, "line ->> '$.by'"), "camera");
    assert_int_equal(strlen(newest(r, "code")), x->code ? 32 : 1);
    assert_null(strstr(newest(r, "line"), x->text));
  }
}

static void sign_ticket(struct room *r, const char *event, uint32_t not_after, bool rightly, char text[TICKET_TEXT_MAX]) {
  static const uint8_t title[] = "yingbin ticket v1";
  uint8_t message[sizeof title + TICKET_BODY_MAX], sig[64];
  struct signed_ticket s = {.key_id = pack_key_id(r->ticket_pk),
                            .event_tag = pack_event_tag(event, "2023-10-28"),
                            .not_after_s = not_after,
                            .type = 2,
                            .number = 4711,
                            .name = "临时嘉宾"};
  assert_true(ticket_body(&s));
  memcpy(message, title, sizeof title);
  memcpy(message + sizeof title, s.body, s.signed_len);
  crypto_sign_detached(sig, NULL, message, sizeof title + s.signed_len, r->ticket_sk);
  if (!rightly) sig[3] ^= 1;
  assert_true(ticket_encode(&s, sig, text));
}

static void test_signed_tickets(void **state) {
  struct room *r = *state;
  char text[TICKET_TEXT_MAX];
  struct notice n;
  uint32_t day = (uint32_t)(noon / 1000);
  sign_ticket(r, "meet", day + 3600, true, text);
  assert_true(show(r, text, &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_string_equal(n.verdict.attendee.name, "临时嘉宾");
  assert_string_equal(newest(r, "attendee"), "4711");
  assert_null(strstr(newest(r, "line"), "临时嘉宾"));
  sign_ticket(r, "meet", day + 3600, false, text);
  assert_true(show(r, text, &n));
  assert_int_equal(n.verdict.kind, VERDICT_FORGED);
  sign_ticket(r, "meet", day - 3600, true, text);
  assert_true(show(r, text, &n));
  assert_int_equal(n.verdict.kind, VERDICT_EXPIRED);
  sign_ticket(r, "other", day + 3600, true, text);
  assert_true(show(r, text, &n));
  assert_int_equal(n.verdict.kind, VERDICT_ELSEWHERE);
  assert_string_equal(newest(r, "attendee"), "-");
}

/* An operator's or a setup card is no ticket yet; nothing of it may reach the disk. */
static void test_cards_leave_no_trace(void **state) {
  struct room *r = *state;
  uint8_t secret[32];
  char card[100] = "YBOP1:", setup[200] = "YBSET1:";
  const char *lines = "v=1\nhub=https://hub.example\nkiosk=door-1\ntoken=0123456789abcdef\n";
  struct notice n;
  randombytes_buf(secret, sizeof secret);
  base45_encode(secret, sizeof secret, card + strlen(card));
  base45_encode((const uint8_t *)lines, strlen(lines), setup + strlen(setup));
  const char *shown[] = {card, setup, "YBOP1:BROKEN", "281234567890123456"};
  int16_t stations[] = {DOOR, NIGHT};
  for (int s = 0; s < 2; s++)
    for (int i = 0; i < 4; i++) {
      r->desk.station = stations[s];
      pass(r, 5000);
      assert_true(show(r, shown[i], &n));
      assert_int_not_equal(n.verdict.kind, VERDICT_FAULT);
      assert_string_equal(newest(r, "code"), "-");
      assert_null(strstr(newest(r, "line"), "\"sealed\""));
    }
  size_t len;
  char *wal = scratch_read(scratch_file(&r->data, "journal.db-wal"), &len);
  assert_null(memmem(wal, len, card + 6, 8));
  assert_null(memmem(wal, len, secret, 8));
  assert_null(memmem(wal, len, "2812345678", 10));
  free(wal);
  assert_int_equal(r->desk.health.people, 1); /* at the night market only the broken card is a QR like any other */
}

static void test_whoever_comes(void **state) {
  struct room *r = *state;
  struct notice n = {.tapped = false};
  r->desk.station = NIGHT;
  put(r, &r->people, "", 0, BY_TAP);
  assert_true(settle(r, &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n.nth, 1);
  assert_string_equal(newest(r, "line ->> '$.by'"), "tap");
  assert_true(n.tapped);
  for (int i = 0; i < 3; i++) { /* the same finger, however often */
    pass(r, 900);
    put(r, &r->people, "", 0, BY_TAP);
    assert_false(settle(r, &n));
  }
  pass(r, 1000);
  put(r, &r->people, "", 0, BY_TAP);
  assert_true(settle(r, &n)); /* the next one of the queue, while the first is still greeted */
  assert_int_equal(n.nth, 2);
  assert_true(show(r, "https://u.wechat.com/abcdefg", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_string_equal(newest(r, "code"), "-");
  assert_false(n.tapped);
  assert_true(show(r, "134567890123456789", &n));
  assert_int_equal(n.verdict.kind, VERDICT_NOT_A_TICKET);
  assert_int_equal(n.health.people, 3);
  assert_int_equal(n.health.people_today, 3);
}

static void test_a_tap_is_nobody_where_there_is_a_roster(void **state) {
  struct room *r = *state;
  struct notice n;
  int64_t before = journal_records(r->journal);
  put(r, &r->people, "", 0, BY_TAP);
  assert_false(settle(r, &n));
  assert_records(r, before);
  assert_true(mailbox_empty(&r->people));
}

/* --- the way of a payload --- */

static void test_notice(void **state) {
  struct room *r = *state;
  struct notice n;
  struct moment then = r->now;
  put(r, &r->camera, "K7M3QX9RTV2BHN4E", 16, BY_CAMERA);
  pass(r, 400); /* it waited; the frame's time counts */
  assert_true(settle(r, &n));
  assert_int_equal(n.at.mono_ms, then.mono_ms);
  assert_int_equal(n.read_ms, 7);
  assert_int_equal(n.commit_us, 1500);
  assert_int_equal(n.decided_mono_us, fake_us);
  assert_string_equal(n.verdict.attendee.name, "欧阳晓晴");
  assert_string_equal(newest(r, "mono_ms"), "100000");
  assert_string_equal(newest(r, "wall"), "2023-10-28T04:00:00.000Z");
  assert_true(mailbox_empty(&r->camera));
}

static void test_people_first(void **state) {
  struct room *r = *state;
  struct notice n;
  put(r, &r->camera, "K7M3QX9RTV2BHN4D", 16, BY_CAMERA);
  put(r, &r->people, "K7M3QX9RTV2BHN4E", 16, BY_READER);
  assert_int_equal(desk_step(&r->desk, r->now), r->now.mono_ms); /* one at a time: there is more */
  assert_true(mailbox_empty(&r->people));
  assert_false(mailbox_empty(&r->camera));
  assert_string_equal(newest(r, "attendee"), "2");
  assert_string_equal(newest(r, "line ->> '$.by'"), "reader");
  assert_true(settle(r, &n));
  assert_string_equal(newest(r, "attendee"), "1");
}

static void test_seen(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  for (int i = 0; i < 10; i++) { /* it stays in view: one scan, however long */
    pass(r, 2000);
    assert_false(show(r, "K7M3QX9RTV2BHN4D", &n));
  }
  pass(r, 3000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN);
  assert_int_equal(n.verdict.when_ms, noon);
}

/* They came in by a code that no list knew; a later pack does. It is the same person, and so is their second visit. */
static void test_a_walk_in_whose_code_a_later_pack_knows(void **state) {
  struct room *r = *state;
  struct notice n;
  struct checkin c = {.event = "meet", .station = "meet/door", .verdict = VERDICT_ADMIT, .by = BY_TAP, .count = 1, .at = r->now};
  struct question q = {.catalog = pack_catalog(r->pack), .station = DOOR};
  int64_t seq;
  ticket_parse((const uint8_t *)"K7M3QX9RTV2BHN4D", 16, &q.ticket);
  pack_find(r->pack, (const uint8_t *)"K7M3QX9RTV2BHN4D", 16, &q, c.code);
  assert_int_equal(q.lookup, LOOKUP_FOUND);
  MUST(r, journal_append(r->journal, &c, &seq, &r->problem));
  pass(r, 60000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN);
  assert_int_equal(n.verdict.when_ms, noon);
  assert_string_equal(newest(r, "attendee"), "1");
  assert_int_equal(n.health.people, 1);
  assert_true(show(r, "K7M3QX9RTV2BHN4E", &n)); /* another one's code */
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  struct checkin undo = {.kind = RECORD_UNDO, .event = "meet", .station = "meet/door", .at = r->now, .view_age_s = -1};
  memcpy(undo.ref, c.id, sizeof undo.ref);
  MUST(r, journal_append(r->journal, &undo, &seq, &r->problem));
  pass(r, 5000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
}

/* Where some come without a code, a tap counts one, though there is a list. */
static void test_a_tap_beside_a_list(void **state) {
  struct room *r = *state;
  struct notice n;
  put(r, &r->people, "", 0, BY_TAP);
  assert_false(settle(r, &n));
  ((struct catalog *)(uintptr_t)pack_catalog(r->pack))->station[DOOR].anonymous = true;
  pass(r, 4000);
  put(r, &r->people, "", 0, BY_TAP);
  assert_true(settle(r, &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_string_equal(newest(r, "attendee"), "-");
  assert_int_equal(r->desk.health.people, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      EACH(test_verdicts),
      EACH(test_signed_tickets),
      EACH(test_cards_leave_no_trace),
      EACH(test_whoever_comes),
      EACH(test_a_tap_is_nobody_where_there_is_a_roster),
      EACH(test_notice),
      EACH(test_people_first),
      EACH(test_seen),
      EACH(test_a_walk_in_whose_code_a_later_pack_knows),
      EACH(test_a_tap_beside_a_list),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
