/* SPDX-License-Identifier: Apache-2.0
 * Who has no code, by their phone number: found whole or not at all, masked, few tries, and never in the way of
 * a queue. The slow key is made in its thread, which is waited for by its ring.
 */
#include "desk_room.h"

#include "core/self.h"
#include "desk/self.h"
#include "pack/phone.h"

struct phone_boxes { /* the room's boxes for it; the room itself is desk_room.h's */
  struct mailbox requests, answers;
  struct self_request request_slot[4];
  struct self_answer answer_slot[4];
};
static struct phone_boxes box;
static uint32_t serial;

static void put_phone(sqlite3 *db, const char *digits, int nth, const char *number, const char *name, const char *code) {
  uint8_t salt[PACK_SALT] = {7}, key[PHONE_KEY], hash[PACK_HASH], of_code[PACK_HASH], sealed[PHONE_SEALED_MAX];
  struct attendee a = {.type = 1, .party = 1, .confirmed = true};
  sqlite3_stmt *s;
  strcpy(a.number, number);
  strcpy(a.name, name);
  strcpy(a.organization, "一家公司");
  assert_true(phone_key(salt, digits, key));
  pack_hash(salt, key, PHONE_KEY, hash);
  pack_hash(salt, (const uint8_t *)code, strlen(code), of_code);
  const size_t len = phone_seal(salt, key, of_code, &a, sealed);
  assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO phone VALUES(0,?,?,?)", -1, &s, NULL), SQLITE_OK);
  sqlite3_bind_blob(s, 1, hash, sizeof hash, SQLITE_STATIC);
  sqlite3_bind_int(s, 2, nth);
  sqlite3_bind_blob(s, 3, sealed, (int)len, SQLITE_STATIC);
  assert_int_equal(sqlite3_step(s), SQLITE_DONE);
  sqlite3_finalize(s);
}

static void add_phones(const char *file) {
  char sql[64];
  sqlite3 *db;
  assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
  snprintf(sql, sizeof sql, "PRAGMA user_version=%d", PACK_VERSION_PHONE);
  assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, pack_schema_phone, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "INSERT INTO catalog VALUES('event',0,'self_lookup','1')", NULL, NULL, NULL), SQLITE_OK);
  put_phone(db, "13800000001", 0, "901", "欧阳晓晴", "AAAAAAAAAAAAAAAA");
  put_phone(db, "13800000002", 0, "902", "张三", "BBBBBBBBBBBBBBBB");
  put_phone(db, "13800000002", 1, "903", "李", "CCCCCCCCCCCCCCCC");
  sqlite3_close(db);
}

static void open_with_lookup(struct room *r, int16_t station) {
  open_desk(r, station);
  desk_fini(&r->desk, r->now);
  r->desk.staff = NULL;
  r->desk.self_requests = &box.requests;
  r->desk.self_answers = &box.answers;
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
}

static int begin(void **state) {
  set_up(state);
  struct room *r = *state;
  pack_close(r->pack);
  add_phones(scratch_file(&r->data, "tiny.ybp"));
  MUST(r, pack_open(scratch_file(&r->data, "tiny.ybp"), &r->pack, &r->problem));
  mailbox_init(&box.requests, box.request_slot, sizeof *box.request_slot, 4, &r->bell);
  mailbox_init(&box.answers, box.answer_slot, sizeof *box.answer_slot, 4, &r->bell);
  open_with_lookup(r, DOOR);
  return 0;
}

static int end(void **state) {
  tear_down(state);
  mailbox_fini(&box.requests);
  mailbox_fini(&box.answers);
  return 0;
}

static void ask(struct room *r, enum self_kind kind, const char *digits, int16_t index) {
  struct self_request q = {.kind = kind, .serial = kind == SELF_FIND ? ++serial : serial, .index = index, .at = r->now};
  strcpy(q.digits, digits);
  assert_true(mailbox_put(&box.requests, &q));
}

/* Until the answer is there; the thread rings when it is done. */
static struct self_answer answered(struct room *r) {
  struct self_answer a;
  struct notice n;
  settle(r, &n);
  while (!mailbox_front(&box.answers, &a)) {
    bell_wait(&r->bell, 10000);
    settle(r, &n);
  }
  mailbox_pop(&box.answers);
  assert_int_equal(a.serial, serial);
  return a;
}

static struct self_answer look(struct room *r, const char *digits) {
  ask(r, SELF_FIND, digits, 0);
  return answered(r);
}

static void test_found_and_admitted(void **state) {
  struct room *r = *state;
  struct notice n;
  struct self_answer a = look(r, "13800000001");
  assert_int_equal(a.result, SELF_FOUND);
  assert_int_equal(a.count, 1);
  assert_string_equal(a.person[0].name, "欧***");
  assert_int_equal(a.person[0].type, 1);
  const int64_t before = journal_records(r->journal); /* nothing was written so far */
  ask(r, SELF_ADMIT, "", 0);
  assert_true(settle(r, &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n.by, BY_TAP);
  assert_string_equal(n.verdict.attendee.name, "欧***"); /* who knows a number needn't be its owner */
  assert_string_equal(n.verdict.attendee.organization, "");
  assert_records(r, before + 1);
  assert_non_null(strstr(newest(r, "line"), "\"attendee\":\"901\""));
  assert_non_null(strstr(newest(r, "line"), "\"by\":\"tap\""));
  pass(r, 5000);
  assert_int_equal(look(r, "13800000001").result, SELF_FOUND);
  ask(r, SELF_ADMIT, "", 0);
  assert_true(settle(r, &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN);
}

static void test_a_family_chooses(void **state) {
  struct room *r = *state;
  struct notice n;
  struct self_answer a = look(r, "+86 138 0000");
  assert_int_equal(a.result, SELF_NOBODY); /* part of a number */
  a = look(r, "8613800000002");
  assert_true(a.result == SELF_FOUND && a.count == 2);
  assert_string_equal(a.person[0].name, "张*");
  assert_string_equal(a.person[1].name, "李");
  ask(r, SELF_ADMIT, "", 1);
  assert_true(settle(r, &n));
  assert_non_null(strstr(newest(r, "line"), "\"attendee\":\"903\""));
}

static void test_few_tries(void **state) {
  struct room *r = *state;
  for (int i = 0; i < SELF_TRIES; i++) {
    assert_int_equal(look(r, "13900000009").result, SELF_NOBODY);
    pass(r, 1000);
  }
  struct self_answer a = look(r, "13800000001");
  assert_int_equal(a.result, SELF_WAIT);
  assert_int_equal(a.wait_ms, SELF_TRIES_MS - 1000);
  pass(r, a.wait_ms - 1);
  assert_int_equal(look(r, "13800000001").result, SELF_WAIT);
  pass(r, 1);
  assert_int_equal(look(r, "13800000001").result, SELF_FOUND);
}

static void test_forgotten(void **state) {
  struct room *r = *state;
  struct notice n;
  assert_int_equal(look(r, "13800000001").result, SELF_FOUND);
  ask(r, SELF_DROP, "", 0);
  ask(r, SELF_ADMIT, "", 0);
  assert_int_equal(answered(r).result, SELF_NOBODY);
  assert_int_equal(look(r, "13800000001").result, SELF_FOUND);
  pass(r, SELF_KEPT_MS);
  ask(r, SELF_ADMIT, "", 0);
  assert_int_equal(answered(r).result, SELF_NOBODY);
  assert_int_equal(look(r, "13800000001").result, SELF_FOUND);
  ask(r, SELF_ADMIT, "", 1);
  assert_int_equal(answered(r).result, SELF_NOBODY);
  assert_false(settle(r, &n));
}

/* While the key is made, a scan is answered; and a desk that ends waits for its thread. */
static void test_nobody_waits(void **state) {
  struct room *r = *state;
  struct notice n;
  ask(r, SELF_FIND, "13800000001", 0);
  desk_step(&r->desk, r->now);
  assert_true(show(r, "https://example.org/x", &n));
  struct self_answer a = answered(r);
  assert_int_equal(a.result, SELF_FOUND);
  ask(r, SELF_FIND, "13800000002", 0);
  desk_step(&r->desk, r->now);
}

static void test_off(void **state) {
  struct room *r = *state;
  desk_fini(&r->desk, r->now);
  r->desk.staff = NULL;
  open_with_lookup(r, OTHER_DOOR);
  assert_int_equal(look(r, "13800000001").result, SELF_OFF);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_found_and_admitted, begin, end),
                                     cmocka_unit_test_setup_teardown(test_a_family_chooses, begin, end),
                                     cmocka_unit_test_setup_teardown(test_few_tries, begin, end),
                                     cmocka_unit_test_setup_teardown(test_forgotten, begin, end),
                                     cmocka_unit_test_setup_teardown(test_nobody_waits, begin, end),
                                     cmocka_unit_test_setup_teardown(test_off, begin, end)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
