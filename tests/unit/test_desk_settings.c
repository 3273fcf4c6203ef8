/* SPDX-License-Identifier: Apache-2.0
 * What staff settle at the console about the kiosk itself, and that it is so again after a restart.
 */
#include "desk_cards.h"

#include <stdatomic.h>

#include "desk/staff.h"
#include "desk/staff_export.h"
#include "journal/export.h"

/* The kiosk is started again, in the same boot. */
static void restart(struct room *r) {
  const struct desk before = r->desk;
  desk_fini(&r->desk, r->now);
  r->desk = (struct desk){.pack = r->pack,
                          .journal = r->journal,
                          .data = r->data.path,
                          .camera = &r->camera,
                          .people = &r->people,
                          .notices = &r->notices,
                          .staff_requests = &requests,
                          .staff_answers = &answers,
                          .pin = before.pin,
                          .export_to = before.export_to,
                          .tell_clock = before.tell_clock,
                          .clock_is_told = before.clock_is_told,
                          .clock = before.clock};
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
}

static void test_station(void **state) {
  struct room *r = *state;
  struct notice n;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_STATION, .index = 1);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.index, 1);
  assert_string_equal(newest(r, "note"), "station meet/kit, configured meet/door");
  assert_string_equal(newest(r, "line ->> '$.operator'"), "小王");
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_string_equal(newest(r, "station"), "meet/kit");
  restart(r);
  assert_int_equal(r->desk.station, 1);
  desk_fini(&r->desk, r->now); /* the configuration was changed since: it counts */
  open_counter(r, 2);
  assert_int_equal(r->desk.station, 2);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_STATION, .index = 3);
  assert_int_equal(told.why, STAFF_NOT_FOUND);
}

static void test_group(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_GROUP, .index = 1, .count = 1);
  assert_int_equal(r->desk.health.groups_full, 2);
  restart(r);
  assert_int_equal(r->desk.health.groups_full, 2);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_GROUP, .index = 1);
  assert_int_equal(r->desk.health.groups_full, 0);
  restart(r);
  assert_int_equal(r->desk.health.groups_full, 0);
}

static void test_a_lost_card(void **state) {
  struct room *r = *state;
  struct notice n;
  struct stat st;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_WITHDRAW, .text = "小李", .count = 1);
  assert_int_equal(told.result, STAFF_DENIED);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_WITHDRAW, .text = "小李", .count = 1);
  assert_int_equal(told.result, STAFF_DONE);
  for (int i = 0; i < 2; i++) {
    pass(r, 5000);
    assert_true(shown(r, &r->camera, payload[OTHER_DESK], BY_CAMERA, &n));
    assert_int_equal(n.kind, NOTICE_VERDICT);
    assert_int_equal(n.card, CARD_UNKNOWN);
    restart(r);
  }
  assert_int_equal(stat(scratch_file(&r->data, "withdrawn.txt"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_WITHDRAWN);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.person[0].name, "小李");
  ASK(r, .kind = STAFF_WITHDRAW, .text = "小李");
  ASK(r, .kind = STAFF_WITHDRAWN);
  assert_int_equal(told.count, 0);
  open_console(r, OTHER_DESK);
  ASK(r, .kind = STAFF_WITHDRAWN);
  assert_int_equal(told.result, STAFF_DENIED);
  open_console(r, LEAD); /* whose own card isn't among them */
  ASK(r, .kind = STAFF_WITHDRAWN);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.person[0].name, "小李");
  assert_true(told.person[0].confirmed);
}

static void test_shift(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  assert_false(r->desk.health.opened);
  ASK(r, .kind = STAFF_SHIFT, .index = STAFF_SHIFT_OPENING);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "kind"), "shift");
  assert_memory_equal(newest(r, "note"), "opening people=0 ", strlen("opening people=0 "));
  pass(r, 1000);
  settle(r, &(struct notice){.seq = 0});
  assert_true(r->desk.health.opened);
  restart(r);
  assert_true(r->desk.health.opened);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_SHIFT, .index = STAFF_SHIFT_HANDOVER, .text = "打印机缺纸");
  assert_non_null(strstr(newest(r, "note"), ": 打印机缺纸"));
  pass(r, INT64_C(24) * 3600 * 1000);
  settle(r, &(struct notice){.seq = 0});
  assert_false(r->desk.health.opened);
}

/* --- the clock --- */

struct wall {
  struct moment *now;
  int64_t told;
  bool disciplined;
};

static bool tell(void *clock, int64_t wall_ms) {
  struct wall *w = clock;
  if (w->disciplined && wall_ms) return false;
  w->told = wall_ms;
  w->now->wall_ok = wall_ms != 0;
  return true;
}

static bool is_told(void *clock) { return ((struct wall *)clock)->told != 0; }

static void test_clock(void **state) {
  struct room *r = *state;
  struct wall wall = {.now = &r->now};
  r->desk.tell_clock = tell;
  r->desk.clock_is_told = is_told;
  r->desk.clock = &wall;
  r->now.wall_ok = false;
  r->now.wall_ms = 1000;
  open_console(r, DESK); /* where nobody knows it, anybody may say it */
  ASK(r, .kind = STAFF_CLOCK, .at = {.wall_ms = noon});
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(wall.told, noon);
  assert_string_equal(newest(r, "note"), "source=operator");
  assert_string_equal(newest(r, "wall"), "2023-10-28T04:00:00.000Z");
  assert_string_equal(newest(r, "wall_ok"), "1");
  wall.told = 0; /* the process was started again; the boot goes on */
  r->now.wall_ok = false;
  r->now.mono_ms += 60000;
  restart(r);
  assert_int_equal(wall.told, noon + 60000);
  r->now.wall_ok = true;
  r->now.wall_ms = wall.told;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_CLOCK, .at = {.wall_ms = noon});
  assert_int_equal(told.result, STAFF_DENIED);
  assert_string_equal(r->desk.health.clock_source, "operator");
  open_console(r, LEAD); /* it was wrong by an hour */
  char id[40];
  ASK(r, .kind = STAFF_CLOCK, .at = {.wall_ms = noon + 3600 * 1000});
  assert_int_equal(told.result, STAFF_DONE);
  strcpy(id, newest(r, "id"));
  ASK(r, .kind = STAFF_CLOCK); /* and that was wrong, too */
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(wall.told, 0);
  assert_string_equal(newest(r, "kind"), "undo");
  assert_string_equal(newest(r, "ref"), id);
  ASK(r, .kind = STAFF_CLOCK);
  assert_int_equal(told.why, STAFF_NOT_FOUND);
  wall.disciplined = true;
  ASK(r, .kind = STAFF_CLOCK, .at = {.wall_ms = noon});
  assert_int_equal(told.why, STAFF_CLOCK_IS_SET);
  ASK(r, .kind = STAFF_CLOCK, .at = {.wall_ms = 5});
  assert_int_equal(told.result, STAFF_REFUSED);
  r->now.wall_ok = false;
  wall.told = 0;
  restart(r); /* what was taken back stays so */
  assert_int_equal(wall.told, 0);
}

/* --- the PIN --- */

static void test_pin(void **state) {
  struct room *r = *state;
  struct notice n = {.seq = 0};
  char hash[crypto_pwhash_STRBYTES];
  session = 0;
  ASK(r, .kind = STAFF_UNLOCK, .text = "246810");
  assert_int_equal(told.why, STAFF_PIN_NONE);
  assert_int_equal(crypto_pwhash_str(hash, "246810", 6, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN), 0);
  r->desk.pin = hash;
  for (int i = 0; i < 4; i++) {
    ASK(r, .kind = STAFF_UNLOCK, .text = "246811");
    assert_int_equal(told.result, STAFF_DENIED);
    assert_int_equal(told.why, STAFF_PIN_WRONG);
  }
  ASK(r, .kind = STAFF_UNLOCK, .text = "24681");
  assert_int_equal(told.why, STAFF_PIN_WAIT);
  assert_int_equal(told.wait_ms, 60000);
  pass(r, 59000);
  ASK(r, .kind = STAFF_UNLOCK, .text = "246810"); /* right, and too soon */
  assert_int_equal(told.why, STAFF_PIN_WAIT);
  assert_int_equal(told.wait_ms, 1000);
  pass(r, 1000);
  struct staff_request q = {.kind = STAFF_UNLOCK, .serial = 77, .text = "246810"};
  assert_true(mailbox_put(&requests, &q));
  while (desk_step(&r->desk, r->now) <= r->now.mono_ms) continue;
  assert_true(mailbox_front(&answers, &told));
  mailbox_pop(&answers);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.serial, 77);
  while (mailbox_front(&r->notices, &n) && n.kind != NOTICE_CONSOLE) mailbox_pop(&r->notices);
  assert_int_equal(n.kind, NOTICE_CONSOLE);
  mailbox_pop(&r->notices);
  assert_true(n.staff.pin);
  assert_false(n.staff.lead); /* this pack has cards for that */
  session = n.staff.session;
  ASK(r, .kind = STAFF_SEARCH, .text = "zs");
  assert_int_equal(told.result, STAFF_DENIED);
  assert_int_equal(told.why, STAFF_NO_SEARCH);
  ASK(r, .kind = STAFF_ADMIT, .number = "1");
  assert_int_equal(told.why, STAFF_NO_SEARCH);
  ASK(r, .kind = STAFF_WALKIN);
  assert_int_equal(told.result, STAFF_DONE);
  ASK(r, .kind = STAFF_TODAY);
  assert_int_equal(told.today.people, 1);
}

/* --- export, the end --- */

static void test_places(void **state) {
  (void)state;
  struct stick_place place[STAFF_PLACES_MAX];
  static const char mounts[] = "/dev/root / ext4 rw,relatime 0 0\n"
                               "/dev/sda1 /media/usb\\0401 vfat rw,nosuid 0 0\n"
                               "/dev/sdb1 /run/media/yingbin/STICK exfat rw 0 0\n"
                               "/dev/sdc1 /media/cd iso9660 ro 0 0\n"
                               "/dev/sdd1 /mediathek ext4 rw 0 0\nodd\n";
  assert_int_equal(sticks_of(mounts, place), 3);
  assert_string_equal(place[0].path, "/media/usb 1");
  assert_string_equal(place[1].path, "/run/media/yingbin/STICK");
  assert_string_equal(place[2].path, "/media/cd");
  assert_string_equal(place[0].device, "/dev/sda1");
  assert_false(place[0].read_only || place[1].read_only);
  assert_true(place[2].read_only);
  assert_int_equal(sticks_of("", place), 0);
}

/* Asks for an export and waits for its thread, which rings desk. */
static void export_to(struct room *r, const char *folder) {
  struct staff_request q = {.kind = STAFF_EXPORT, .session = session};
  strcpy(q.text, folder);
  assert_true(mailbox_put(&requests, &q));
  bell_clear(&r->bell);
  for (bool there = false; !there;) {
    while (desk_step(&r->desk, r->now) <= r->now.mono_ms) continue;
    there = mailbox_front(&answers, &told);
    if (!there) bell_wait(&r->bell, -1);
  }
  mailbox_pop(&answers);
}

static void test_export(void **state) {
  struct room *r = *state;
  struct journal_report report;
  const char *folder = strdup(scratch_file(&r->data, "stick"));
  assert_int_equal(mkdir(folder, 0700), 0);
  r->desk.export_to = folder;
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_STICKS);
  assert_true(told.count >= 1);
  assert_string_equal(told.place[told.count - 1].path, folder);
  ASK(r, .kind = STAFF_EXPORT, .text = "/");
  assert_int_equal(told.why, STAFF_PLACE_GONE);
  ASK(r, .kind = STAFF_WALKIN);
  const int64_t records = journal_records(r->journal);
  export_to(r, folder);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(told.records, records);
  FILE *in = fopen(told.file, "re");
  assert_non_null(in);
  assert_true(journal_verify(in, told.file, &report, &r->problem));
  assert_int_equal(report.to_seq, records);
  fclose(in);
  pass(r, 2000);
  settle(r, &(struct notice){.seq = 0});
  assert_int_equal(r->desk.health.unsent, 0);
  ASK(r, .kind = STAFF_WALKIN);
  assert_int_equal(chmod(folder, 0500), 0);
  if (access(folder, W_OK) != 0) { /* root may do all */
    export_to(r, folder);
    assert_int_equal(told.result, STAFF_FAILED);
    assert_int_equal(told.why, STAFF_PLACE_BAD);
  }
  chmod(folder, 0700);
  remove(folder);
  const char *gone = strdup(scratch_file(&r->data, "gone")); /* a network's folder that isn't there today */
  r->desk.export_to = gone;
  export_to(r, gone);
  assert_int_equal(told.result, STAFF_FAILED);
  assert_int_equal(told.why, STAFF_PLACE_GONE);
  free((void *)(uintptr_t)gone);
  free((void *)(uintptr_t)folder);
  r->desk.export_to = NULL;
}

static void test_shutdown(void **state) {
  struct room *r = *state;
  open_console(r, DESK);
  ASK(r, .kind = STAFF_SHUTDOWN);
  assert_int_equal(told.result, STAFF_DENIED);
  assert_false(atomic_load(&r->desk.shut_down));
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_SHUTDOWN);
  assert_int_equal(told.result, STAFF_DONE);
  assert_true(atomic_load(&r->desk.shut_down));
  assert_int_equal(journal_wal_bytes(r->journal), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {WITH_CARDS(test_station),      WITH_CARDS(test_group),  WITH_CARDS(test_a_lost_card),
                                     WITH_CARDS(test_shift),        WITH_CARDS(test_clock),  WITH_CARDS(test_pin),
                                     cmocka_unit_test(test_places), WITH_CARDS(test_export), WITH_CARDS(test_shutdown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
