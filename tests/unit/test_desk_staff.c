/* SPDX-License-Identifier: Apache-2.0
 * What staff do at the console: look for people, let them in by hand or against a rule, undo it, and close it again.
 */
#include "desk_cards.h"

#include "desk/staff.h"

static void test_a_search(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  assert_int_equal(ASK(r, .kind = STAFF_SEARCH, .text = "zs"), 1);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.count, 1);
  assert_int_equal(told.more, 0);
  assert_string_equal(told.person[0].name, "张三");
  assert_string_equal(told.person[0].number, "1");
  assert_string_equal(told.person[0].phone, "1234");
  assert_int_equal(told.person[0].inside, 0);
  ASK(r, .kind = STAFF_SEARCH, .text = "nobody");
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.count, 0);
}

/* Three keys, one after the other: only the last query is answered to its end. */
static void test_a_newer_search_takes_the_place(void **state) {
  struct room *r = *state;
  struct staff_request q = {.kind = STAFF_SEARCH};
  int last = 0;
  open_console(r, DESK);
  q.session = session;
  for (uint32_t i = 1; i <= 3; i++) {
    q.serial = i;
    strcpy(q.text, (const char *const[]){"z", "zh", "zhangs"}[i - 1]);
    assert_true(mailbox_put(&requests, &q));
  }
  for (bool due = true; due;) {
    due = desk_step(&r->desk, r->now) <= r->now.mono_ms;
    for (; mailbox_front(&answers, &told); mailbox_pop(&answers)) last = (int)told.serial;
  }
  assert_int_equal(last, 3);
  assert_int_equal(told.count, 1);
}

static void test_a_guest_comes_first(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  struct staff_request q = {.kind = STAFF_SEARCH, .session = session, .text = "zs"};
  assert_true(mailbox_put(&requests, &q));
  put(r, &r->people, "K7M3QX9RTV2BHN4D", 16, BY_READER);
  put(r, &r->people, "K7M3QX9RTV2BHN4E", 16, BY_READER);
  desk_step(&r->desk, r->now);
  assert_false(mailbox_empty(&requests)); /* one guest still waits */
  desk_step(&r->desk, r->now);
  assert_true(mailbox_empty(&requests));
}

static void test_by_hand(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = NOTICE_HEALTH};
  open_console(r, DESK);
  ask(r, (struct staff_request){.kind = STAFF_ADMIT, .number = "1"}, &n); /* not looked for before */
  assert_int_equal(told.result, STAFF_DONE);
  assert_true(told.seq > 0);
  assert_int_equal(n.kind, NOTICE_VERDICT);
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n.by, BY_HAND);
  assert_string_equal(n.verdict.attendee.name, "张三");
  assert_int_equal(n.seq, told.seq);
  assert_string_equal(newest(r, "verdict"), "admit");
  assert_string_equal(newest(r, "attendee"), "1");
  assert_string_equal(newest(r, "line ->> '$.by'"), "hand");
  assert_string_equal(newest(r, "line ->> '$.operator'"), "小王");
  assert_string_equal(newest(r, "line ->> '$.override'"), "-");
  assert_int_equal(told.person[0].inside, 1);
  pass(r, 5000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n)); /* and their own code knows it */
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN);
}

static void test_a_party(void **state) {
  struct room *r = *state;
  struct notice n;
  open_console(r, DESK);
  assert_true(show(r, "K7M3QX9RTV2BHN4E", &n)); /* one of the four */
  ASK(r, .kind = STAFF_ADMIT, .number = "2", .count = 2);
  assert_int_equal(told.verdict.count, 2);
  assert_int_equal(told.person[0].inside, 3);
  ASK(r, .kind = STAFF_ADMIT, .number = "2"); /* the rest */
  assert_int_equal(told.verdict.count, 1);
  assert_int_equal(told.person[0].inside, 4);
  ASK(r, .kind = STAFF_ADMIT, .number = "2");
  assert_int_equal(told.result, STAFF_REFUSED);
  assert_int_equal(told.why, STAFF_RULE);
  assert_int_equal(told.verdict.kind, VERDICT_AGAIN);
  assert_true(told.may_override);
  ASK(r, .kind = STAFF_ADMIT, .number = "2", .count = 1, .override = true); /* another one with that code */
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "line ->> '$.override'"), "again");
  assert_int_equal(told.person[0].inside, 5);
}

static void test_against_a_rule(void **state) {
  struct room *r = *state;
  static const struct {
    const char *number, *name;
    int16_t station;
    enum verdict_kind kind;
  } cases[] = {{"3", "elsewhere", 0, VERDICT_ELSEWHERE}, {"4", "not_confirmed", 0, VERDICT_NOT_CONFIRMED}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct staff_request q = {.kind = STAFF_ADMIT, .override = true};
    strcpy(q.number, cases[i].number);
    open_console(r, DESK);
    const int64_t before = journal_records(r->journal);
    ask(r, q, NULL); /* that is a lead's */
    assert_int_equal(told.result, STAFF_REFUSED);
    assert_int_equal(told.verdict.kind, cases[i].kind);
    assert_false(told.may_override);
    assert_true(told.lead_may);
    assert_records(r, before);
    open_console(r, LEAD);
    q.session = 0;
    ask(r, q, NULL);
    assert_int_equal(told.result, STAFF_DONE);
    assert_string_equal(newest(r, "line ->> '$.override'"), cases[i].name);
    assert_string_equal(newest(r, "attendee"), cases[i].number);
  }
}

static void test_nobody_there(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_ADMIT, .number = "99");
  assert_int_equal(told.result, STAFF_REFUSED);
  assert_int_equal(told.why, STAFF_NOT_FOUND);
}

static int64_t people_today(struct room *r) {
  ASK(r, .kind = STAFF_TODAY);
  assert_int_equal(told.more, 0);
  return told.today.people;
}

static void test_undo(void **state) {
  struct room *r = *state;
  uint8_t id[16];
  struct notice n;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_ADMIT, .number = "1");
  assert_int_equal(people_today(r), 1);
  ASK(r, .kind = STAFF_RECENT);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.record[0].name, "张三");
  assert_string_equal(told.record[0].operator_name, "小王");
  assert_false(told.record[0].undone);
  memcpy(id, told.record[0].id, sizeof id);
  struct staff_request q = {.kind = STAFF_UNDO};
  memcpy(q.ref, id, sizeof id);
  ask(r, q, NULL);
  assert_int_equal(told.why, STAFF_NOTHING); /* without a reason */
  open_console(r, OTHER_DESK);
  strcpy(q.text, "认错人");
  ask(r, q, NULL);
  assert_int_equal(told.result, STAFF_DENIED); /* it was another's */
  assert_int_equal(told.why, STAFF_FOR_LEAD);
  open_console(r, LEAD);
  ask(r, q, NULL);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "kind"), "undo");
  assert_string_equal(newest(r, "note"), "认错人");
  assert_string_equal(newest(r, "line ->> '$.operator'"), "组长");
  ask(r, q, NULL);
  assert_int_equal(told.why, STAFF_UNDONE);
  assert_int_equal(people_today(r), 0);
  assert_int_equal(told.today.undone, 1);
  assert_int_equal(r->desk.health.people, 0);
  ASK(r, .kind = STAFF_RECENT);
  assert_true(told.record[0].undone);
  pass(r, 5000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n)); /* as if they had never come */
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  q = (struct staff_request){.kind = STAFF_UNDO, .text = "x", .ref = {1}};
  ask(r, q, NULL);
  assert_int_equal(told.why, STAFF_NOT_FOUND);
}

/* Thirty came: the first of them is on the second page, and where one looks for her. */
static void test_older_records(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_ADMIT, .number = "1");
  const int64_t first = told.seq;
  for (int i = 0; i < 29; i++) ASK(r, .kind = STAFF_WALKIN);
  ASK(r, .kind = STAFF_RECENT);
  assert_int_equal(told.count, STAFF_LIST_MAX);
  assert_true(told.older > first);
  ASK(r, .kind = STAFF_RECENT, .before = told.older);
  assert_int_equal(told.count, 30 - STAFF_LIST_MAX);
  assert_string_equal(told.record[told.count - 1].number, "1");
  assert_string_equal(told.record[told.count - 1].name, "张三");
  assert_int_equal(told.older, 0);
  ASK(r, .kind = STAFF_RECENT, .number = "1");
  assert_int_equal(told.count, 1);
  assert_string_equal(told.record[0].number, "1");
  assert_int_equal(told.older, 0);
}

static void test_the_day(void **state) {
  struct room *r = *state;
  struct notice n;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_ADMIT, .number = "1");
  pass(r, 3600 * 1000);
  assert_true(show(r, "K7M3QX9RTV2BHN4E", &n));
  assert_true(show(r, "K7M3QX9RTV2BHN4F", &n)); /* tomorrow's ticket */
  assert_int_equal(n.verdict.kind, VERDICT_ELSEWHERE);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_WALKIN);
  assert_int_equal(ASK(r, .kind = STAFF_TODAY), 2); /* at once, and then with what only the index knows */
  const struct staff_today *t = &told.today;
  assert_int_equal(t->people, 3);
  assert_int_equal(t->by_hand, 2);
  assert_int_equal(t->refused, 1);
  assert_int_equal(t->station[0], 3);
  assert_int_equal(t->hour[12], 1);
  assert_int_equal(t->hour[13], 2);
  assert_int_equal(t->type[0], 2);
  assert_int_equal(t->none, 1);
  assert_int_equal(t->attentions, 1);
  assert_string_equal(t->attention[0].name, "欧阳晓晴");
  assert_int_equal(t->attention[0].inside, 1);
  pass(r, INT64_C(24) * 3600 * 1000);
  open_console(r, DESK);
  assert_int_equal(people_today(r), 0);
}

static void test_a_walkin(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = NOTICE_HEALTH};
  struct minisign_key seal;
  bool locked;
  open_console(r, DESK);
  ask(r, (struct staff_request){.kind = STAFF_WALKIN, .text = " 王“五”\n"}, &n);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.why, STAFF_NO_REASON);
  assert_string_equal(n.verdict.attendee.name, "王“五”");
  assert_string_equal(newest(r, "attendee"), "-");
  MUST(r, minisign_read_key(scratch_file(&r->data, "seal.key"), NULL, &locked, &seal, &r->problem));
  uint8_t box[768], name[768], sk[32], pk[32];
  size_t len;
  const char *sealed = newest(r, "line ->> '$.sealed'");
  assert_int_equal(sodium_base642bin(box, sizeof box, sealed, strlen(sealed), NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL),
                   0);
  assert_int_equal(crypto_sign_ed25519_sk_to_curve25519(sk, seal.key), 0);
  crypto_scalarmult_base(pk, sk);
  assert_int_equal(crypto_box_seal_open(name, box, len, pk, sk), 0);
  name[len - crypto_box_SEALBYTES] = 0;
  assert_string_equal((char *)name, "{\"name\":\"王“五”\"}");
  ASK(r, .kind = STAFF_WALKIN, .count = 3);
  assert_int_equal(told.verdict.count, 3);
  assert_string_equal(newest(r, "line ->> '$.sealed'"), "-");
}

static void test_full(void **state) {
  struct room *r = *state;
  open_counter(r, 2);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_WALKIN);
  assert_int_equal(told.result, STAFF_DONE);
  ASK(r, .kind = STAFF_WALKIN, .override = true);
  assert_int_equal(told.verdict.kind, VERDICT_FULL);
  assert_false(told.may_override);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_WALKIN, .override = true);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "line ->> '$.override'"), "full");
}

static void test_another_name(void **state) {
  struct room *r = *state;
  struct notice n;
  r->desk.identity = &r->identity;
  desk_fini(&r->desk, r->now);
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
  open_console(r, DESK);
  ASK(r, .kind = STAFF_ADMIT, .number = "1");
  char id[40];
  strcpy(id, newest(r, "id"));
  ASK(r, .kind = STAFF_CORRECT, .number = "1", .text = "张珊珊");
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(told.person[0].name, "张珊珊");
  assert_true(told.person[0].corrected);
  assert_string_equal(newest(r, "kind"), "correct");
  ASK(r, .kind = STAFF_SEARCH, .text = "珊珊"); /* which the pack's index doesn't have */
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.more, 0);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.person[0].number, "1");
  ASK(r, .kind = STAFF_SEARCH, .text = "张"); /* both names fit: shown once */
  assert_int_equal(told.count, 1);
  assert_string_equal(newest(r, "ref"), id);
  assert_true(strlen(newest(r, "line ->> '$.sealed'")) > 80);
  pass(r, 5000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_string_equal(n.verdict.attendee.name, "张珊珊");
  desk_fini(&r->desk, r->now); /* the kiosk is started again */
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
  pass(r, 5000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_string_equal(n.verdict.attendee.name, "张珊珊");
  size_t len;
  char *file = scratch_read(scratch_file(&r->data, "names.sealed"), &len);
  assert_null(memmem(file, len, "张珊珊", strlen("张珊珊")));
  file[len - 1] ^= 1;
  scratch_write(scratch_file(&r->data, "names.sealed"), file, len);
  free(file);
  desk_fini(&r->desk, r->now); /* a damaged file costs the greeting, and nothing else */
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
  pass(r, 5000);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_string_equal(n.verdict.attendee.name, "张三");
  open_console(r, DESK);
  ASK(r, .kind = STAFF_CORRECT, .number = "1", .text = " ");
  assert_int_equal(told.why, STAFF_NOTHING);
}

static void test_a_name_for_a_record(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_WALKIN);
  ASK(r, .kind = STAFF_RECENT);
  struct staff_request q = {.kind = STAFF_CORRECT, .text = "昵称"};
  memcpy(q.ref, told.record[0].id, sizeof q.ref);
  ask(r, q, NULL);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "kind"), "correct");
  assert_true(strlen(newest(r, "line ->> '$.sealed'")) > 80);
}

/* --- sessions --- */

/* Whether a text lies anywhere in what this process can write; it is given with each byte one off, so that it doesn't find
 * itself. Memory that was freed is looked at, too, where sanitizers keep it. */
static int times_in_memory(const char *one_off) {
  char maps_line[512], needle[64];
  int found = 0;
  const size_t len = strlen(one_off);
  static uint8_t block[1 << 16];
  FILE *maps = fopen("/proc/self/maps", "r"), *memory = fopen("/proc/self/mem", "r");
  assert_true(maps && memory && len < sizeof needle);
  setvbuf(memory, NULL, _IONBF, 0);
  while (fgets(maps_line, sizeof maps_line, maps)) {
    unsigned long from, to;
    char mode[8];
    if (sscanf(maps_line, "%lx-%lx %7s", &from, &to, mode) != 3 || strncmp(mode, "rw", 2) != 0) continue;
    if (to - from > 64UL << 20) continue; /* a sanitizer's shadow */
    for (unsigned long at = from; at < to; at += sizeof block - len) {
      const size_t want = to - at < sizeof block ? to - at : sizeof block;
      if (fseek(memory, (long)at, SEEK_SET)) break;
      const size_t n = fread(block, 1, want, memory);
      for (size_t i = 0; i + len <= n; i++) {
        size_t k = 0;
        while (k < len && (uint8_t)(block[i + k] + 1) == (uint8_t)one_off[k]) k++;
        found += k == len && at + i != (unsigned long)block;
      }
      if (n < want) break;
    }
  }
  fclose(maps);
  fclose(memory);
  memset(block, 0, sizeof block);
  return found;
}

static void test_what_was_unlocked_is_gone(void **state) {
  struct room *r = *state;
  static const char guan[] = "\xe8\x94\xa7\xe6\xb3\x98\xe6\xb0\xa9"; /* each byte of the organization "瓦岗寨", one more */
  const int before = times_in_memory(guan);                          /* the builder of the pack is no part of a kiosk */
  open_console(r, DESK);
  ASK(r, .kind = STAFF_SEARCH, .text = "单雄信");
  assert_string_equal(told.person[0].name, "单雄信");
  assert_true(times_in_memory(guan) > before);
  ASK(r, .kind = STAFF_LOCK);
  assert_int_equal(r->desk.staff->open->number, 0);
  memset(&told, 0, sizeof told);
  assert_true(times_in_memory(guan) <= before);
}

static void test_locked(void **state) {
  struct room *r = *state;
  const uint32_t first = (open_console(r, DESK), session);
  ASK(r, .kind = STAFF_LOCK);
  ASK(r, .kind = STAFF_SEARCH, .session = first, .text = "zs");
  assert_int_equal(told.result, STAFF_LOCKED);
  open_console(r, LEAD);
  assert_true(session != first);
  ASK(r, .kind = STAFF_LOCK, .session = first); /* comes late: it is another's console now */
  ASK(r, .kind = STAFF_SEARCH, .text = "zs");
  assert_int_equal(told.result, STAFF_DONE);
  pass(r, 16 * 60 * 1000); /* a console that doesn't answer any more */
  ASK(r, .kind = STAFF_SEARCH, .text = "zs");
  assert_int_equal(told.result, STAFF_LOCKED);
}

static void test_a_full_box_of_answers(void **state) {
  struct room *r = *state;
  struct notice n;
  open_console(r, DESK);
  for (uint32_t i = 0; i < 4; i++) {
    struct staff_request q = {.kind = STAFF_STICKS, .session = session, .serial = i};
    assert_true(mailbox_put(&requests, &q));
  }
  for (int i = 0; i < 20; i++) desk_step(&r->desk, r->now);
  pass(r, 5000);
  put(r, &r->camera, "K7M3QX9RTV2BHN4D", 16, BY_CAMERA);
  desk_step(&r->desk, r->now); /* nobody takes the answers, and guests are served */
  for (bool any = false; !any;) {
    assert_true(mailbox_front(&r->notices, &n));
    mailbox_pop(&r->notices);
    any = n.kind == NOTICE_VERDICT && n.verdict.kind == VERDICT_ADMIT;
  }
  for (uint32_t i = 0; i < 4; i++) {
    while (!mailbox_front(&answers, &told)) desk_step(&r->desk, r->now);
    assert_int_equal(told.serial, i);
    mailbox_pop(&answers);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CARDS(test_a_search),
      WITH_CARDS(test_a_newer_search_takes_the_place),
      WITH_CARDS(test_a_guest_comes_first),
      WITH_CARDS(test_by_hand),
      WITH_CARDS(test_a_party),
      WITH_CARDS(test_against_a_rule),
      WITH_CARDS(test_nobody_there),
      WITH_CARDS(test_undo),
      WITH_CARDS(test_older_records),
      WITH_CARDS(test_the_day),
      WITH_CARDS(test_a_walkin),
      WITH_CARDS(test_full),
      WITH_CARDS(test_another_name),
      WITH_CARDS(test_a_name_for_a_record),
      WITH_CARDS(test_what_was_unlocked_is_gone),
      WITH_CARDS(test_locked),
      WITH_CARDS(test_a_full_box_of_answers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
