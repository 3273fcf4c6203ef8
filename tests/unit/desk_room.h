/* SPDX-License-Identifier: Apache-2.0
 * A desk with its mailboxes on the tiny pack, in simulated time and without a thread; what came of a
 * payload as the notice that ui would get, and as the newest record of the journal.
 */
#ifndef YINGBIN_TESTS_DESK_ROOM_H
#define YINGBIN_TESTS_DESK_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/desk.h"
#include "journal/store.h"
#include "tiny_pack.h"

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
static inline int64_t machine_us(void) { return fake_us += 1500; }

/* The desk before it, if there was one, ended as a process does. */
static inline void open_desk(struct room *r, int16_t station) {
  if (r->desk.staff) {
    r->desk.journal = r->journal;
    desk_fini(&r->desk, r->now);
  }
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

static inline void open_journal(struct room *r, const char *boot) {
  MUST(r, journal_identity(r->data.path, "k1", &r->identity, &r->problem));
  MUST(r, journal_open(r->data.path, &r->identity, boot, &r->journal, &r->problem));
}

static inline int set_up(void **state) {
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

static inline int tear_down(void **state) {
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

static inline void pass(struct room *r, int64_t ms) {
  r->now.mono_ms += ms;
  r->now.wall_ms += ms;
}

static inline void put(struct room *r, struct mailbox *to, const void *bytes, size_t len, enum by by) {
  struct payload p = {.len = (uint16_t)len, .by = by, .at = r->now, .read_ms = 7};
  memcpy(p.bytes, bytes, len);
  assert_true(mailbox_put(to, &p));
}

/* Steps until nothing is due at this moment; the last verdict's notice, if there was one. */
static inline bool settle(struct room *r, struct notice *out) {
  struct notice n;
  bool any = false;
  do {
    int64_t due = desk_step(&r->desk, r->now);
    for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
      if (n.kind == NOTICE_VERDICT) *out = n, any = true;
    if (due > r->now.mono_ms) return any;
  } while (true);
}

static inline bool show(struct room *r, const char *text, struct notice *out) {
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

static inline void assert_records(struct room *r, int64_t count) { assert_int_equal(journal_records(r->journal), count); }

#define EACH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
