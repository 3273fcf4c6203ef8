/* SPDX-License-Identifier: Apache-2.0 */
#include "desk_room.h"

#include <dirent.h>

/* --- faults --- */

/* Nothing is lost, nothing greeted, and when the disk can be written again the same code works without leaving the view. */
static void check_fault(struct room *r, const char *breaks, const char *mends, enum desk_fault fault) {
  struct notice n = {.kind = 0};
  int64_t before = journal_records(r->journal);
  assert_int_equal(sqlite3_exec(r->journal->db, breaks, NULL, NULL, NULL), SQLITE_OK);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_FAULT);
  assert_false(n.verdict.has_attendee);
  assert_int_equal(n.fault, fault);
  assert_int_equal(n.seq, 0);
  assert_int_equal(n.health.fault, fault);
  assert_records(r, before);
  pass(r, 500);
  assert_false(show(r, "K7M3QX9RTV2BHN4D", &n)); /* not every frame */
  pass(r, 600);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.fault, fault);
  assert_int_equal(sqlite3_exec(r->journal->db, mends, NULL, NULL, NULL), SQLITE_OK);
  pass(r, 1100);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n.health.fault, DESK_FAULT_NONE);
}

/* Fills the database until `max_page_count` stops the next record. */
static void fill_to_the_brim(struct room *r) {
  struct checkin c = {.kind = RECORD_SHIFT, .view_age_s = -1};
  int64_t seq;
  memset(c.sealed, 'A', sizeof c.sealed - 1);
  assert_int_equal(sqlite3_exec(r->journal->db, "PRAGMA max_page_count = 60", NULL, NULL, NULL), SQLITE_OK);
  while (journal_append(r->journal, &c, &seq, &r->problem)) memset(c.id, 0, sizeof c.id);
  c.sealed[0] = 0;
  while (journal_append(r->journal, &c, &seq, &r->problem)) memset(c.id, 0, sizeof c.id);
  assert_int_equal(journal_error(r->journal), JOURNAL_FULL);
}

static void test_full_disk(void **state) {
  struct room *r = *state;
  fill_to_the_brim(r);
  check_fault(r, "SELECT 1", "PRAGMA max_page_count = 100000", DESK_FAULT_DISK_FULL);
}

static void test_read_only(void **state) {
  check_fault(*state, "PRAGMA query_only = 1", "PRAGMA query_only = 0", DESK_FAULT_READ_ONLY);
}

static void test_a_fault_mends_by_itself(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = 0};
  assert_int_equal(sqlite3_exec(r->journal->db, "PRAGMA query_only = 1", NULL, NULL, NULL), SQLITE_OK);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  pass(r, 6000);
  settle(r, &n);
  assert_int_equal(r->desk.health.fault, DESK_FAULT_READ_ONLY);
  assert_int_equal(sqlite3_exec(r->journal->db, "PRAGMA query_only = 0", NULL, NULL, NULL), SQLITE_OK);
  pass(r, 6000);
  settle(r, &n);
  assert_int_equal(r->desk.health.fault, DESK_FAULT_NONE);
  assert_string_equal(newest(r, "kind"), "system");
}

static void test_full_disk_at_the_start(void **state) {
  struct room *r = *state;
  fill_to_the_brim(r);
  desk_fini(&r->desk, r->now);
  assert_false(desk_init(&r->desk, r->now, &r->problem));
  assert_non_null(strstr(r->problem.zh, "磁盘已满"));
  assert_int_equal(sqlite3_exec(r->journal->db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL), SQLITE_OK);
  open_desk(r, DOOR);
}

/* A pack that changed on the disk under the kiosk: found in the background, then nobody is greeted by it. */
static void test_pack_changed(void **state) {
  struct room *r = *state;
  struct minisign_key key;
  struct minisign_pub pub;
  struct notice n = {.kind = 0};
  bool password;
  char name[PATH_MAX], installed[2 * PATH_MAX] = "", data[PATH_MAX];
  snprintf(name, sizeof name, "%s", scratch_file(&r->data, "org"));
  MUST(r, minisign_new(name, NULL, &r->problem));
  MUST(r, minisign_read_key(scratch_file(&r->data, "org.key"), NULL, &password, &key, &r->problem));
  MUST(r, minisign_read_pub(scratch_file(&r->data, "org.pub"), &pub, &r->problem));
  MUST(r, minisign_sign(&key, scratch_file(&r->data, "tiny.ybp"), "yingbin pack tiny build 1", &r->problem));
  pack_close(r->pack);
  r->pack = NULL;
  snprintf(data, sizeof data, "%s", scratch_file(&r->data, "data"));
  MUST(r, pack_install(scratch_file(&r->data, "tiny.ybp"), data, &pub, r->identity.stamp_key, 0, &r->pack, &r->problem));
  open_desk(r, DOOR);
  settle(r, &n);
  while (!r->desk.health.pack_checked) pass(r, 10), settle(r, &n);

  pack_close(r->pack);
  MUST(r, pack_install(NULL, data, &pub, r->identity.stamp_key, 0, &r->pack, &r->problem));
  open_desk(r, DOOR);
  DIR *folder = opendir(data);
  for (struct dirent *f; (f = readdir(folder));)
    if (strlen(f->d_name) > 4 && !strcmp(f->d_name + strlen(f->d_name) - 4, ".ybp"))
      snprintf(installed, sizeof installed, "%s/%s", data, f->d_name);
  closedir(folder);
  assert_string_not_equal(installed, "");
  chmod(installed, 0600);
  FILE *f = fopen(installed, "r+b"); /* the same file, one byte of its last page */
  assert_non_null(f);
  fseek(f, -1, SEEK_END);
  int last = getc(f);
  fseek(f, -1, SEEK_END);
  putc(last ^ 1, f);
  fclose(f);
  for (int i = 0; i < 100 && !r->desk.pack_bad; i++) pass(r, 10), settle(r, &n);
  assert_true(r->desk.pack_bad);
  assert_string_not_equal(r->desk.pack_problem.zh, "");
  assert_string_equal(newest(r, "kind"), "system");
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_FAULT);
  assert_int_equal(n.fault, DESK_FAULT_PACK);
  assert_int_equal(n.health.fault, DESK_FAULT_PACK);
  assert_true(n.seq > 0);
  assert_string_equal(newest(r, "verdict"), "fault");
  assert_string_equal(newest(r, "attendee"), "-");
}

/* --- by itself --- */

static void test_health(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = 0};
  int seen = 0;
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  for (int i = 0; i < 50; i++) {
    int64_t due = desk_step(&r->desk, r->now);
    assert_true(due > r->now.mono_ms && due <= r->now.mono_ms + 1000);
    pass(r, 100);
    for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices)) seen++;
    assert_int_equal(n.kind == NOTICE_HEALTH || seen == 0, 1);
  }
  assert_true(seen >= 4 && seen <= 6);
  assert_int_equal(n.health.people, 1);
  assert_int_equal(n.health.people_today, 1);
  assert_true(n.health.clock_ok);
  assert_true(n.health.disk_free_mb > 0);
  assert_int_equal(n.health.unsent, journal_records(r->journal));
}

/* Health finds no room: it is left out, and no step waits for it. */
static void test_health_never_waits(void **state) {
  struct room *r = *state;
  for (int i = 0; i < 40; i++) {
    desk_step(&r->desk, r->now);
    pass(r, 1000);
  }
  assert_true(mailbox_dropped(&r->notices) > 0);
}

static void test_checkpoints(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = 0};
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_true(journal_wal_bytes(r->journal) > 0);
  pass(r, 9000);
  settle(r, &n);
  assert_true(journal_wal_bytes(r->journal) > 0);
  pass(r, 2000); /* nobody came for ten seconds */
  settle(r, &n);
  assert_int_equal(journal_wal_bytes(r->journal), 0);
  assert_true(show(r, "K7M3QX9RTV2BHN4E", &n));
  r->journal->wal_pages = 5000; /* some 20 MB */
  put(r, &r->camera, "K7M3QX9RTV2BHN4E", 16, BY_CAMERA);
  put(r, &r->camera, "K7M3QX9RTV2BHN4E", 16, BY_CAMERA);
  desk_step(&r->desk, r->now); /* though the next one waits */
  assert_false(mailbox_empty(&r->camera));
  assert_int_equal(journal_wal_bytes(r->journal), 0);
}

static void test_start_is_journaled(void **state) {
  struct room *r = *state;
  assert_records(r, 2);
  assert_string_equal(newest(r, "kind"), "clock");
  assert_string_equal(newest(r, "note"), "source=ntp");
  open_desk(r, DOOR);
  assert_records(r, 4); /* the same pack: nothing was switched */
  pack_close(r->pack);
  tiny_pack_write(scratch_file(&r->data, "tiny.ybp"), 2, r->ticket_pk);
  MUST(r, pack_open(scratch_file(&r->data, "tiny.ybp"), &r->pack, &r->problem));
  r->now.wall_ok = false;
  open_desk(r, DOOR);
  assert_records(r, 6);
  assert_string_equal(newest(r, "note"), "pack switched from tiny build 1 to tiny build 2");
  assert_string_equal(newest(r, "station"), "meet/door");
  char note[NOTE_MAX];
  assert_true(journal_last_system(r->journal, "start ", note));
  assert_string_equal(note, "start " YINGBIN_VERSION ", pack tiny build 2");
}

/* --- an untrusted clock refuses nobody --- */

static void test_clock_is_learnt(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = 0};
  r->now.wall_ok = false;
  open_desk(r, DOOR);
  int64_t before = journal_records(r->journal);
  pass(r, 1000);
  settle(r, &n);
  assert_records(r, before);
  r->now.wall_ok = true;
  pass(r, 1000);
  settle(r, &n);
  pass(r, 1000);
  settle(r, &n);
  assert_records(r, before + 1);
  assert_string_equal(newest(r, "kind"), "clock");
}

static void test_daily_without_a_clock(void **state) {
  struct room *r = *state;
  struct notice n = {.kind = 0};
  const int64_t hour = 3600 * 1000;
  r->desk.station = DAILY;
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  r->now.wall_ok = false; /* and what it says is nonsense from here on */
  r->now.wall_ms = 0;
  r->now.mono_ms += 10 * hour;
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN); /* the trusted day still holds */
  assert_true(show(r, "K7M3QX9RTV2BHN4E", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_true(n.verdict.unconfirmed);
  assert_string_equal(newest(r, "line ->> '$.unconfirmed'"), "1");
  assert_string_equal(newest(r, "line ->> '$.wall_ok'"), "0");
  assert_int_equal(n.health.people_today, 2);
  r->now.mono_ms += 20 * hour; /* over 24 hours: nothing is known, but in this boot they were here */
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
  assert_int_equal(n.verdict.kind, VERDICT_AGAIN);

  journal_close(r->journal);
  open_journal(r, "boot-2");
  r->now.mono_ms = 5000;
  open_desk(r, DAILY);
  assert_true(show(r, "K7M3QX9RTV2BHN4D", &n)); /* another boot is another day */
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_true(n.verdict.unconfirmed);
}

/* Hours and not-after, too. */
static void test_hours_without_a_clock(void **state) {
  struct room *r = *state;
  int16_t stations[] = {LATER, OVER};
  struct notice n = {.kind = 0};
  r->now.wall_ok = false;
  for (int i = 0; i < 2; i++) {
    pass(r, 5000);
    r->desk.station = stations[i];
    assert_true(show(r, "K7M3QX9RTV2BHN4D", &n));
    assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
    assert_true(n.verdict.unconfirmed);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      EACH(test_full_disk),
      EACH(test_read_only),
      EACH(test_a_fault_mends_by_itself),
      EACH(test_full_disk_at_the_start),
      EACH(test_pack_changed),
      EACH(test_health),
      EACH(test_health_never_waits),
      EACH(test_checkpoints),
      EACH(test_start_is_journaled),
      EACH(test_clock_is_learnt),
      EACH(test_daily_without_a_clock),
      EACH(test_hours_without_a_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
