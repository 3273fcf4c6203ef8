/* SPDX-License-Identifier: Apache-2.0
 * What the other kiosks did, beside what this one's journal has: by tables of news, in whatever order; odd ones; and the loss
 * of the cache in each way that a disk has.
 */
#include "journal_kiosk.h"

#include <unistd.h>

#include "journal/chain.h"
#include "journal/others.h"
#include "journal/rows.h"

static const int64_t minute = 60 * 1000, day = INT64_C(24) * 3600 * 1000;

static struct others *open_others(struct kiosk *k) {
  struct others *o;
  bool good = others_open(k->data.path, k->journal, &o, &k->problem);
  if (!good) print_error("%s\n", k->problem.en);
  assert_true(good);
  return o;
}

static struct sync_news feed(const char *cursor, int64_t mono_ms, bool whole) {
  struct sync_news n = {.kind = NEWS_FEED, .as_of = at(noon, mono_ms, true), .event = "meet", .hub = "aa", .whole = whole};
  snprintf(n.cursor, sizeof n.cursor, "%s", cursor);
  return n;
}

/* Ids are told by one number. */
static void add(struct sync_news *n, enum shared_kind kind, int id, int ref, const char *attendee, int count, int64_t at_ms) {
  struct shared_record *r = &n->record[n->count++];
  *r = (struct shared_record){
      .kind = kind, .kiosk = "door-2", .station = "meet/door", .count = count, .at_ms = at_ms, .wall_ok = true};
  memset(r->id, id, SYNC_ID);
  memset(r->ref, ref, kind == SHARED_SCAN ? 0 : SYNC_ID);
  snprintf(r->attendee, sizeof r->attendee, "%s", attendee);
}

static void take(struct others *o, const struct sync_news *n) { assert_true(others_take(o, n)); }

static void assert_people(struct others *o, int64_t all, int64_t today) {
  struct event e = china();
  int64_t a, t;
  assert_true(others_counts(o, "meet/door", false, &e, at(noon, 0, true), &a, &t));
  assert_int_equal(a, all);
  assert_int_equal(t, today);
}

/* --- histories --- */

struct step {
  enum shared_kind kind;
  int id, ref, count;
  int64_t ago_ms;
};

static const struct {
  const char *what;
  struct step step[4];
  int steps;
  int32_t admitted, people, today;
  int64_t total;
} orders[] = {
    {"one", {{SHARED_SCAN, 1, 0, 1, 0}}, 1, 1, 1, 1, 1},
    {"the same again", {{SHARED_SCAN, 1, 0, 1, 0}, {SHARED_SCAN, 1, 0, 1, 0}}, 2, 1, 1, 1, 1},
    {"two of a party", {{SHARED_SCAN, 1, 0, 2, 0}, {SHARED_SCAN, 2, 0, 3, 0}}, 2, 2, 5, 2, 5},
    {"undone", {{SHARED_SCAN, 1, 0, 1, 0}, {SHARED_UNDO, 9, 1, 1, 0}}, 2, 0, 0, 0, 0},
    {"undone before it came", {{SHARED_UNDO, 9, 1, 1, 0}, {SHARED_SCAN, 1, 0, 1, 0}}, 2, 0, 0, 0, 0},
    {"undone twice", {{SHARED_SCAN, 1, 0, 1, 0}, {SHARED_UNDO, 9, 1, 1, 0}, {SHARED_UNDO, 8, 1, 1, 0}}, 3, 0, 0, 0, 0},
    {"undone, the same again",
     {{SHARED_UNDO, 9, 1, 1, 0}, {SHARED_SCAN, 1, 0, 1, 0}, {SHARED_SCAN, 1, 0, 1, 0}},
     3,
     0,
     0,
     0,
     0},
    {"another one undone", {{SHARED_SCAN, 1, 0, 1, 0}, {SHARED_UNDO, 9, 2, 1, 0}}, 2, 1, 1, 1, 1},
    {"undone, then let in again",
     {{SHARED_SCAN, 1, 0, 1, 0}, {SHARED_UNDO, 9, 1, 1, 0}, {SHARED_SCAN, 2, 0, 1, 0}},
     3,
     1,
     1,
     1,
     1},
    {"yesterday and today", {{SHARED_SCAN, 1, 0, 1, INT64_C(24) * 3600 * 1000}, {SHARED_SCAN, 2, 0, 1, 0}}, 2, 2, 2, 1, 2},
    {"a correction", {{SHARED_SCAN, 1, 0, 1, 0}, {SHARED_CORRECT, 3, 1, 1, 0}}, 2, 1, 1, 1, 1},
    {"nobody of it", {{SHARED_SCAN, 1, 0, 0, 0}}, 1, 1, 0, 1, 0},
};

static void test_orders(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
    struct sync_news n = feed("aa-1", 1000, true);
    for (int s = 0; s < orders[i].steps; s++) {
      const struct step *x = &orders[i].step[s];
      add(&n, x->kind, x->id, x->ref, "7", x->count, noon - x->ago_ms);
    }
    take(o, &n);
    struct history h = history(k, "7", "", at(noon + minute, 5000, true));
    if (h.admitted != orders[i].admitted || h.station_people != orders[i].total) print_error("%s\n", orders[i].what);
    assert_int_equal(h.admitted, orders[i].admitted);
    assert_int_equal(h.admitted_people, orders[i].people);
    assert_int_equal(h.admitted_today, orders[i].today);
    assert_int_equal(h.station_people, orders[i].total);
    assert_int_equal(h.station_people_here, 0);
    others_close(o); /* each on a cache of its own */
    others_remove(k->data.path);
    o = open_others(k);
  }
  others_close(o);
}

static void test_both_together(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct sync_news n = feed("aa-1", 1000, true);
  admit(k, "7", 2, at(noon, 1000, true));
  add(&n, SHARED_SCAN, 1, 0, "7", 3, noon + 3 * minute);
  take(o, &n);
  struct history h = history(k, "7", "", at(noon + 9 * minute, 1000 + 9 * minute, true));
  assert_int_equal(h.admitted, 2);
  assert_int_equal(h.admitted_people, 5);
  assert_int_equal(h.people_today, 5);
  assert_int_equal(h.people_boot, 2);
  assert_int_equal(h.station_people, 5);
  assert_int_equal(h.station_people_here, 2);
  assert_string_equal(h.last_kiosk, "door-2");
  assert_int_equal(h.last_wall_ms, noon + 3 * minute);
  admit(k, "7", 1, at(noon + 5 * minute, 1000 + 5 * minute, true)); /* now here is the later one */
  h = history(k, "7", "", at(noon + 9 * minute, 1000 + 9 * minute, true));
  assert_string_equal(h.last_kiosk, "door-1");
  assert_int_equal(h.last_wall_ms, noon + 5 * minute);
  assert_int_equal(history(k, "8", "", at(noon, 1000, true)).admitted, 0);
  others_close(o);
  assert_int_equal(history(k, "7", "", at(noon, 1000, true)).admitted, 2); /* closed: this kiosk's own */
}

/* Of a clock that nobody trusts: it counts, but nobody can say when, nor whether it was today. */
static void test_untrusted_clock(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct sync_news n = feed("aa-1", 1000, true);
  add(&n, SHARED_SCAN, 1, 0, "7", 1, noon);
  n.record[0].wall_ok = false;
  take(o, &n);
  struct history h = history(k, "7", "", at(noon, 1000, true));
  assert_int_equal(h.admitted, 1);
  assert_int_equal(h.admitted_today, 0);
  assert_int_equal(h.last_wall_ms, 0);
  assert_string_equal(h.last_kiosk, "door-2");
  assert_people(o, 1, 0);
  others_close(o);
}

static void test_codes_and_nobody(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct sync_news n = feed("aa-1", 1000, true);
  add(&n, SHARED_SCAN, 1, 0, "", 1, noon);
  strcpy(n.record[0].code, "0123456789abcdef0123456789abcdef");
  add(&n, SHARED_SCAN, 2, 0, "", 4, noon); /* whoever came: only counted */
  take(o, &n);
  struct moment now = at(noon, 1000, true);
  assert_int_equal(history(k, "", "0123456789abcdef0123456789abcdef", now).admitted, 1);
  assert_int_equal(history(k, "9", "0123456789abcdef0123456789abcdef", now).admitted, 1); /* a later pack knows whose it is */
  assert_int_equal(history(k, "0123456789abcdef0123456789abcdef", "", now).admitted, 0); /* a number is no code */
  assert_int_equal(history(k, "", "", now).admitted, 0);
  assert_int_equal(history(k, "", "", now).station_people, 5);
  others_close(o);
}

static void test_steps_elsewhere(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct sync_news n = feed("aa-1", 1000, true);
  add(&n, SHARED_SCAN, 1, 0, "7", 1, noon);
  strcpy(n.record[0].station, "meet/gate"); /* the door's `after` */
  add(&n, SHARED_SCAN, 2, 0, "8", 1, noon - day);
  strcpy(n.record[1].station, "meet/gate");
  take(o, &n);
  struct moment now = at(noon, 1000, true);
  assert_true(history(k, "7", "", now).step_done && history(k, "7", "", now).step_today);
  assert_true(history(k, "8", "", now).step_done && !history(k, "8", "", now).step_today);
  assert_false(history(k, "9", "", now).step_done);
  assert_int_equal(history(k, "7", "", now).admitted, 0);
  others_close(o);
}

/* --- taken back across kiosks --- */

static void test_ours_taken_back_there(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct checkin c = scan("7", 2, at(noon, 1000, true));
  struct sync_news n = feed("aa-1", 1000, true);
  struct moment now = at(noon + minute, 61000, true);
  struct journal_row row;
  append(k, &c);
  add(&n, SHARED_UNDO, 9, 0, "7", 0, noon);
  memcpy(n.record[0].ref, c.id, SYNC_ID);
  take(o, &n);
  take(o, &n);
  struct history h = history(k, "7", "", now);
  assert_int_equal(h.admitted, 0);
  assert_int_equal(h.station_people, 0);
  assert_int_equal(h.station_people_here, 0);
  assert_counts(k, now, 0, 0);
  assert_true(journal_admission(k->journal, c.id, now, &row) && row.undone);
  assert_int_equal(journal_rows(k->journal, 1, 1, now, &row), 1);
  assert_true(row.undone);
  others_close(o);
  assert_int_equal(history(k, "7", "", now).admitted, 1); /* the journal alone can't know */
}

static void undo_here(struct kiosk *k, const uint8_t ref[JOURNAL_ID]) {
  struct checkin c = {
      .kind = RECORD_UNDO, .event = "meet", .station = "meet/door", .at = at(noon, 2000, true), .view_age_s = -1};
  memcpy(c.ref, ref, sizeof c.ref);
  append(k, &c);
}

/* Counts at once, and still where the cache is lost: the hub doesn't tell us what we did. */
static void test_theirs_taken_back_here(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct moment now = at(noon, 3000, true);
  struct journal_row row;
  struct sync_news n = feed("aa-1", 1000, true);
  add(&n, SHARED_SCAN, 1, 0, "7", 1, noon);
  take(o, &n);
  assert_true(journal_admission(k->journal, n.record[0].id, now, &row));
  assert_string_equal(row.attendee, "7");
  assert_true(row.seq == 0 && !row.undone && row.count == 1);
  undo_here(k, n.record[0].id);
  others_undo(o, n.record[0].id);
  assert_int_equal(history(k, "7", "", now).admitted, 0);
  assert_int_equal(history(k, "7", "", now).station_people, 0);
  assert_true(journal_admission(k->journal, n.record[0].id, now, &row) && row.undone);
  for (int removed = 0; removed < 2; removed++) {
    others_close(o);
    if (removed) others_remove(k->data.path);
    o = open_others(k);
    take(o, &n);
    assert_int_equal(history(k, "7", "", now).admitted, 0);
    assert_int_equal(history(k, "7", "", now).station_people, 0);
  }
  others_close(o);
}

/* Taken back here, and there, too: once. */
static void test_ours_taken_back_twice(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct checkin c = scan("7", 2, at(noon, 1000, true)), other = scan("8", 1, at(noon, 1000, true));
  struct sync_news n = feed("aa-1", 1000, true);
  append(k, &c);
  append(k, &other);
  undo_here(k, c.id);
  add(&n, SHARED_UNDO, 9, 0, "7", 0, noon);
  memcpy(n.record[0].ref, c.id, SYNC_ID);
  take(o, &n);
  assert_counts(k, at(noon, 3000, true), 1, 1);
  assert_int_equal(history(k, "8", "", at(noon, 3000, true)).station_people, 1);
  others_close(o);
}

/* A card that was copied, a folder that was put back: our own records come from the hub. */
static void test_our_own_never_double(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct checkin c = scan("7", 1, at(noon, 1000, true));
  struct sync_news n = feed("aa-1", 1000, true);
  append(k, &c);
  add(&n, SHARED_SCAN, 0, 0, "7", 1, noon);
  memcpy(n.record[0].id, c.id, SYNC_ID);
  take(o, &n);
  assert_int_equal(history(k, "7", "", at(noon, 3000, true)).admitted, 1);
  assert_int_equal(history(k, "7", "", at(noon, 3000, true)).station_people, 1);
  others_close(o);
}

/* --- odd news --- */

static void test_odd_records(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct sync_news n = feed("aa-5", 1000, true);
  const char *stations[] = {"", "/", "meet", "meetup/door", "other/door", "meet/door"};
  for (int i = 0; i < 6; i++) {
    add(&n, SHARED_SCAN, i + 1, 0, "7", 1, noon);
    strcpy(n.record[i].station, stations[i]);
  }
  add(&n, SHARED_SCAN, 20, 0, "7", -1, noon);
  add(&n, SHARED_SCAN, 21, 0, "7", INT32_MAX, noon);
  add(&n, SHARED_SCAN, 22, 0, "7", 1, INT64_MIN);
  add(&n, SHARED_SCAN, 23, 0, "7", 1, INT64_MAX / 2);
  take(o, &n);
  char cursor[SYNC_CURSOR];
  others_cursor(o, "meet", cursor);
  assert_string_equal(cursor, "aa-5"); /* else it would be asked for without end */
  assert_int_equal(history(k, "7", "", at(noon, 1000, true)).admitted, 3);
  assert_people(o, 3, 1);
  others_close(o);
}

static void test_fresh(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct moment now = at(noon + 5000, 10000, true);
  assert_false(others_known(o, "meet", now));
  assert_int_equal(others_age_s(o, "meet", now), -1);
  struct sync_news n = feed("aa-1", 5000, false);
  add(&n, SHARED_SCAN, 1, 0, "7", 1, noon);
  take(o, &n); /* there is more */
  assert_false(others_known(o, "meet", now));
  n = feed("aa-2", 6000, true);
  take(o, &n);
  assert_true(others_known(o, "meet", now));
  assert_int_equal(others_age_s(o, "meet", now), 4);
  assert_false(others_known(o, "other", now));
  assert_int_equal(others_age_s(o, "other", now), -1);
  assert_true(others_known(o, "meet", at(noon, 6000 + OTHERS_FRESH_MS, false)));
  assert_false(others_known(o, "meet", at(noon, 6001 + OTHERS_FRESH_MS, false)));
  n = feed("aa-2", 60000, true);
  take(o, &n); /* nothing new, but fresh */
  assert_true(others_known(o, "meet", at(noon, 70000, false)));
  n = feed("bb-1", 61000, true);
  strcpy(n.hub, "bb");
  take(o, &n); /* another hub: the other kiosks have to fill it, too */
  assert_false(others_known(o, "meet", at(noon, 62000, false)));
  n = feed("bb-1", 61000 + OTHERS_FRESH_MS, true);
  strcpy(n.hub, "bb");
  take(o, &n);
  assert_true(others_known(o, "meet", at(noon, 61000 + OTHERS_FRESH_MS, false)));
  others_close(o);
}

/* Kept over a start in the same boot; another boot's clock says nothing, but a wall clock may. */
static void test_fresh_after_a_start(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct sync_news n = feed("aa-1", 5000, true);
  take(o, &n);
  others_close(o);
  o = open_others(k);
  assert_true(others_known(o, "meet", at(noon, 9000, false)));
  others_close(o);
  reopen(k, "another boot");
  o = open_others(k);
  assert_false(others_known(o, "meet", at(noon + 3000, 9000, true)));
  assert_int_equal(others_age_s(o, "meet", at(noon + 3000, 100, true)), 3);
  assert_int_equal(others_age_s(o, "meet", at(noon + 3000, 100, false)), -1);
  others_close(o);
}

/* --- acknowledged --- */

static struct sync_news ack(struct kiosk *k, int64_t seq, bool tls) {
  struct sync_news n = {.kind = NEWS_ACKED, .hub = "aa", .seq = seq, .tls = tls};
  if (!journal_chain_at(k->journal, seq, n.chain)) memset(n.chain, 1, sizeof n.chain);
  return n;
}

static void test_acked(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  struct receipt r;
  uint8_t start[JOURNAL_CHAIN];
  for (int i = 0; i < 3; i++) admit(k, "7", 1, at(noon, 1000, true));
  struct sync_news one = ack(k, 1, false), two = ack(k, 2, true), odd = ack(k, 3, true), beyond = ack(k, 4, true);
  assert_int_equal(others_acked(o), 0);
  assert_false(others_receipt(o, &r));
  take(o, &one);
  assert_int_equal(others_acked(o), 1);
  assert_false(others_receipt(o, &r)); /* anybody could have said so */
  take(o, &two);
  assert_true(others_receipt(o, &r));
  odd.chain[7] ^= 1;
  take(o, &odd);
  take(o, &beyond);
  take(o, &one); /* late */
  assert_int_equal(others_acked(o), 2);
  others_close(o);
  o = open_others(k);
  assert_int_equal(others_acked(o), 2);
  assert_true(others_receipt(o, &r));
  assert_true(r.from_seq == 1 && r.to_seq == 2);
  assert_memory_equal(r.chain, two.chain, JOURNAL_CHAIN);
  chain_start(k->identity.public_key, k->identity.journal, start);
  assert_memory_equal(r.chain_before, start, JOURNAL_CHAIN);
  assert_memory_equal(r.key, k->identity.public_key, 32);
  strcpy(one.hub, "bb"); /* a hub that begins anew */
  take(o, &one);
  assert_int_equal(others_acked(o), 1);
  others_close(o);
}

/* The journal was put back from a copy that is older than what the cache says. */
static void test_older_journal(void **state) {
  struct kiosk *k = *state;
  size_t len;
  admit(k, "7", 1, at(noon, 1000, true));
  journal_checkpoint(k->journal);
  journal_close(k->journal);
  char *copy = scratch_read(scratch_file(&k->data, "journal.db"), &len);
  open_kiosk_boot(k, boot);
  admit(k, "8", 1, at(noon, 1000, true));
  struct others *o = open_others(k);
  struct sync_news n = ack(k, 2, true);
  take(o, &n);
  others_close(o);
  journal_close(k->journal);
  scratch_write(scratch_file(&k->data, "journal.db"), copy, len);
  free(copy);
  open_kiosk_boot(k, boot);
  o = open_others(k);
  assert_int_equal(others_acked(o), 0);
  admit(k, "9", 1, at(noon, 1000, true)); /* another second record: it isn't the one that the hub has */
  others_close(o);
  o = open_others(k);
  assert_int_equal(others_acked(o), 0);
  others_close(o);
}

/* --- lost --- */

static void fill(struct others *o, int pages) {
  for (int p = 0; p < pages; p++) {
    char cursor[32], number[16];
    snprintf(cursor, sizeof cursor, "aa-%d", p + 1);
    struct sync_news n = feed(cursor, 1000, p + 1 == pages);
    n.refill = others_refill(o);
    for (int i = 0; i < SYNC_PAGE; i++) {
      snprintf(number, sizeof number, "%d", p * SYNC_PAGE + i);
      add(&n, SHARED_SCAN, 0, 0, number, 1, noon);
      memcpy(n.record[i].id, &(int){p * SYNC_PAGE + i + 1}, sizeof(int));
    }
    take(o, &n);
  }
}

static void cut(struct kiosk *k, const char *name, size_t keep, bool spoil) {
  size_t len;
  char *bytes = scratch_read(scratch_file(&k->data, name), &len);
  if (keep > len) keep = len;
  if (spoil && len > 4096) memset(bytes + 4096, 0x5A, len - 4096);
  if (spoil && len <= 4096) memset(bytes, 0x5A, len);
  scratch_write(scratch_file(&k->data, name), bytes, spoil ? len : keep);
  free(bytes);
}

static void test_lost_in_each_way(void **state) {
  struct kiosk *k = *state;
  struct moment now = at(noon, 2000, true);
  for (int way = 0; way < 6; way++) {
    struct others *o = open_others(k);
    fill(o, 20);
    others_checkpoint(o);
    fill(o, 20);
    others_close(o);
    char cursor[SYNC_CURSOR];
    if (way == 0) others_remove(k->data.path);
    if (way == 1) cut(k, "others.db", 0, false);
    if (way == 2) cut(k, "others.db", 100, false);
    if (way == 3) cut(k, "others.db", 3 * 4096, false);
    if (way == 4) cut(k, "others.db", 0, true);
    if (way == 5)
      scratch_write(scratch_file(&k->data, "others.db"), "not a database, but long enough to be one: ................", 60);
    o = open_others(k);
    for (int i = 0; i < 20 * SYNC_PAGE; i++) { /* nobody is refused, and nothing is made up */
      char number[16];
      snprintf(number, sizeof number, "%d", i);
      assert_true(history(k, number, "", now).admitted <= 1);
      if (others_known(o, "meet", now)) assert_int_equal(history(k, number, "", now).admitted, 1);
    }
    const uint32_t before = others_refill(o);
    others_mend(o);
    others_cursor(o, "meet", cursor);
    assert_string_equal(cursor, "");
    struct sync_news stale = feed("aa-99", 1500, true);
    stale.refill = before;
    take(o, &stale);
    if (others_refill(o) != before) assert_false(others_known(o, "meet", now)); /* asked for before the loss */
    fill(o, 20);
    assert_int_equal(history(k, "319", "", now).admitted, 1);
    assert_people(o, 320, 320);
    others_close(o);
    others_remove(k->data.path);
  }
}

/* At any byte of the WAL: what is left is a page's records with its cursor, or neither. */
static void test_wal_cut(void **state) {
  struct kiosk *k = *state;
  struct others *o = open_others(k);
  size_t db_len, wal_len;
  fill(o, 3);
  char *db = scratch_read(scratch_file(&k->data, "others.db"), &db_len);
  char *wal = scratch_read(scratch_file(&k->data, "others.db-wal"), &wal_len);
  others_close(o);
  assert_true(wal_len > 10000);
  for (size_t keep = 0; keep <= wal_len; keep += 1500) {
    char cursor[SYNC_CURSOR];
    others_remove(k->data.path);
    scratch_write(scratch_file(&k->data, "others.db"), db, db_len);
    scratch_write(scratch_file(&k->data, "others.db-wal"), wal, keep);
    o = open_others(k);
    others_cursor(o, "meet", cursor);
    const int pages = cursor[0] ? cursor[3] - '0' : 0;
    assert_people(o, pages * SYNC_PAGE, pages * SYNC_PAGE);
    fill(o, 3);
    assert_people(o, 3 * SYNC_PAGE, 3 * SYNC_PAGE);
    others_close(o);
  }
  free(db);
  free(wal);
}

static void test_names_of_nobody(void **state) {
  struct kiosk *k = *state;
  struct stat st;
  struct others *o = open_others(k);
  assert_int_equal(stat(scratch_file(&k->data, "others.db"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_int_equal(stat(scratch_file(&k->data, "others.db-wal"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  others_close(o);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      EACH(test_orders),
      EACH(test_both_together),
      EACH(test_untrusted_clock),
      EACH(test_codes_and_nobody),
      EACH(test_steps_elsewhere),
      EACH(test_ours_taken_back_there),
      EACH(test_theirs_taken_back_here),
      EACH(test_ours_taken_back_twice),
      EACH(test_our_own_never_double),
      EACH(test_odd_records),
      EACH(test_fresh),
      EACH(test_fresh_after_a_start),
      EACH(test_acked),
      EACH(test_older_journal),
      EACH(test_lost_in_each_way),
      EACH(test_wal_cut),
      EACH(test_names_of_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
