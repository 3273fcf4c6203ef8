/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

#include "core/base45.h"
#include "desk/desk.h"
#include "journal/store.h"
#include "tiny_pack.h"

/* A desk with its mailboxes, in simulated time and without a thread. */
struct room {
  struct scratch data;
  struct kiosk_identity identity;
  struct journal *journal;
  struct pack *pack;
  struct bell bell;
  struct mailbox camera, people, notices;
  struct payload camera_slot[4], people_slot[16];
  struct notice notice_slot[16];
  struct desk desk;
  struct moment now;
  uint8_t ticket_pk[32], ticket_sk[64];
  struct problem problem;
};

#define MUST(r, call)                                                                                                          \
  do {                                                                                                                         \
    bool good_ = (call);                                                                                                       \
    if (!good_) print_error("%s\n", (r)->problem.en);                                                                          \
    assert_true(good_);                                                                                                        \
  } while (0)

static int64_t fake_us;
static int64_t machine_us(void) { return fake_us += 1500; }

static void open_desk(struct room *r, int16_t station) {
  r->desk = (struct desk){.pack = r->pack,
                          .journal = r->journal,
                          .data = r->data.path,
                          .station = station,
                          .camera = &r->camera,
                          .people = &r->people,
                          .notices = &r->notices,
                          .machine_us = machine_us};
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
}

static void open_journal(struct room *r, const char *boot) {
  MUST(r, journal_identity(r->data.path, "k1", &r->identity, &r->problem));
  MUST(r, journal_open(r->data.path, &r->identity, boot, &r->journal, &r->problem));
}

static int set_up(void **state) {
  struct room *r = calloc(1, sizeof *r);
  assert_true(sodium_init() >= 0);
  scratch_make(&r->data);
  crypto_sign_keypair(r->ticket_pk, r->ticket_sk);
  tiny_pack_write(scratch_file(&r->data, "tiny.ybp"), 1, r->ticket_pk);
  MUST(r, pack_open(scratch_file(&r->data, "tiny.ybp"), &r->pack, &r->problem));
  open_journal(r, "boot-1");
  assert_true(bell_init(&r->bell));
  mailbox_init(&r->camera, r->camera_slot, sizeof *r->camera_slot, 4, &r->bell);
  mailbox_init(&r->people, r->people_slot, sizeof *r->people_slot, 16, &r->bell);
  mailbox_init(&r->notices, r->notice_slot, sizeof *r->notice_slot, 16, &r->bell);
  r->now = (struct moment){.mono_ms = 100000, .wall_ms = noon, .wall_ok = true};
  open_desk(r, DOOR);
  *state = r;
  return 0;
}

static int tear_down(void **state) {
  struct room *r = *state;
  desk_fini(&r->desk, r->now);
  mailbox_fini(&r->camera);
  mailbox_fini(&r->people);
  mailbox_fini(&r->notices);
  bell_fini(&r->bell);
  journal_close(r->journal);
  pack_close(r->pack);
  scratch_remove(&r->data);
  free(r);
  return 0;
}

static void pass(struct room *r, int64_t ms) {
  r->now.mono_ms += ms;
  r->now.wall_ms += ms;
}

static void put(struct room *r, struct mailbox *to, const void *bytes, size_t len, enum by by) {
  struct payload p = {.len = (uint16_t)len, .by = by, .at = r->now, .read_ms = 7};
  memcpy(p.bytes, bytes, len);
  assert_true(mailbox_put(to, &p));
}

/* Steps until nothing is due at this moment; the last verdict's notice, if there was one. */
static bool settle(struct room *r, struct notice *out) {
  struct notice n;
  bool any = false;
  do {
    int64_t due = desk_step(&r->desk, r->now);
    for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
      if (n.kind == NOTICE_VERDICT) *out = n, any = true;
    if (due > r->now.mono_ms) return any;
  } while (true);
}

static bool show(struct room *r, const char *text, struct notice *out) {
  put(r, &r->camera, text, strlen(text), BY_CAMERA);
  return settle(r, out);
}

/* One column of the newest record, as text ("-" for none). */
static const char *newest(struct room *r, const char *column) {
  static char text[4][300];
  static int turn;
  char *out = text[turn++ % 4], sql[120];
  sqlite3_stmt *s;
  snprintf(sql, sizeof sql, "SELECT %s FROM record ORDER BY seq DESC LIMIT 1", column);
  assert_int_equal(sqlite3_prepare_v2(r->journal->db, sql, -1, &s, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(s), SQLITE_ROW);
  snprintf(out, 300, "%s", sqlite3_column_text(s, 0) ? (const char *)sqlite3_column_text(s, 0) : "-");
  sqlite3_finalize(s);
  return out;
}

static void assert_records(struct room *r, int64_t count) { assert_int_equal(journal_records(r->journal), count); }

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
  struct notice n;
  r->desk.station = NIGHT;
  put(r, &r->people, "", 0, BY_TAP);
  assert_true(settle(r, &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_int_equal(n.nth, 1);
  assert_string_equal(newest(r, "line ->> '$.by'"), "tap");
  pass(r, 1000);
  put(r, &r->people, "", 0, BY_TAP);
  assert_false(settle(r, &n)); /* the same finger */
  pass(r, 3000);
  put(r, &r->people, "", 0, BY_TAP);
  assert_true(settle(r, &n));
  assert_int_equal(n.nth, 2);
  assert_true(show(r, "https://u.wechat.com/abcdefg", &n));
  assert_int_equal(n.verdict.kind, VERDICT_ADMIT);
  assert_string_equal(newest(r, "code"), "-");
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

/* --- faults --- */

/* Nothing is lost, nothing greeted, and when the disk can be written again the same code works without leaving the view. */
static void check_fault(struct room *r, const char *breaks, const char *mends, enum desk_fault fault) {
  struct notice n;
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
  struct notice n;
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
  assert_false(desk_init(&r->desk, r->now, &r->problem));
  assert_non_null(strstr(r->problem.zh, "磁盘已满"));
  assert_int_equal(sqlite3_exec(r->journal->db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL), SQLITE_OK);
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
}

/* A pack that changed on the disk under the kiosk: found in the background, then nobody is greeted by it. */
static void test_pack_changed(void **state) {
  struct room *r = *state;
  struct minisign_key key;
  struct minisign_pub pub;
  struct notice n;
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
  struct notice n;
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
  struct notice n;
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
  char note[TEXT_MAX];
  assert_true(journal_last_system(r->journal, "start ", note));
  assert_string_equal(note, "start " YINGBIN_VERSION ", pack tiny build 2");
}

/* --- an untrusted clock refuses nobody --- */

static void test_clock_is_learnt(void **state) {
  struct room *r = *state;
  struct notice n;
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
  struct notice n;
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
  struct notice n;
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
#define EACH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      EACH(test_verdicts),
      EACH(test_signed_tickets),
      EACH(test_cards_leave_no_trace),
      EACH(test_whoever_comes),
      EACH(test_a_tap_is_nobody_where_there_is_a_roster),
      EACH(test_notice),
      EACH(test_people_first),
      EACH(test_seen),
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
