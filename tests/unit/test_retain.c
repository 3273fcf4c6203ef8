/* SPDX-License-Identifier: Apache-2.0
 * The end of retention: what the hub has goes out of the journal, what it hasn't stays, and nothing goes where anything is in
 * doubt: the day, the clock, who acknowledged, what was acknowledged.
 */
#include "journal_kiosk.h"

#include "journal/export.h"
#include "journal/others.h"
#include "kiosk_retain.h"

static const int64_t until = INT64_C(1698465600000) + INT64_C(30) * 24 * 3600 * 1000;

static struct catalog pack_until(int64_t ms) {
  static struct catalog c;
  c.retain_until_ms = ms;
  return c;
}

static void came(struct kiosk *k, int from, int to) {
  char number[32];
  for (int i = from; i <= to; i++) {
    snprintf(number, sizeof number, "person-%d-", i);
    admit(k, number, 1, at(noon + i * 1000, i * 1000, true));
  }
}

/* The hub has all up to seq, as it says. */
static void acknowledge(struct kiosk *k, int64_t seq, bool tls) {
  struct others *o;
  struct sync_news n = {.kind = NEWS_ACKED, .hub = "aa", .seq = seq, .tls = tls};
  assert_true(journal_chain_at(k->journal, seq, n.chain));
  assert_true(others_open(k->data.path, k->journal, &o, &k->problem));
  assert_true(others_take(o, &n));
  n = (struct sync_news){.kind = NEWS_FEED, .event = "meet", .hub = "aa", .cursor = "aa-1", .count = 1, .whole = true};
  n.record[0] =
      (struct shared_record){.kind = SHARED_SCAN, .id = {7}, .kiosk = "2", .station = "meet/door", .attendee = "elsewhere-1"};
  assert_true(others_take(o, &n));
  others_close(o);
}

static bool holds(struct kiosk *k, const char *text) {
  size_t len;
  journal_checkpoint(k->journal);
  char *bytes = scratch_read(scratch_file(&k->data, "journal.db"), &len);
  const bool found = memmem(bytes, len, text, strlen(text)) != NULL;
  free(bytes);
  return found;
}

static bool is_there(struct kiosk *k, const char *name) { return access(scratch_file(&k->data, name), F_OK) == 0; }

static bool due(struct kiosk *k, int64_t until_ms, struct moment now, struct receipt *r) {
  struct catalog c = pack_until(until_ms);
  return kiosk_retain_due(k->data.path, k->journal, &c, now, r);
}

/* Killed between the purge and its note. */
static void test_a_note_that_was_lost(void **state) {
  struct kiosk *k = *state;
  struct receipt r;
  struct purged purged;
  char note[NOTE_MAX];
  came(k, 1, 4);
  assert_false(kiosk_retain_unnoted(k->data.path, k->journal, note));
  acknowledge(k, 3, true);
  assert_true(due(k, until, at(until, 99000, true), &r));
  journal_close(k->journal);
  assert_true(journal_purge_by(k->data.path, &r, &purged, &k->problem));
  scratch_write(scratch_file(&k->data, "names.sealed"), "x", 1);
  open_kiosk_boot(k, boot);
  assert_true(kiosk_retain_unnoted(k->data.path, k->journal, note));
  assert_string_equal(note, "purge: the records up to 3 were taken out before this start");
  assert_false(is_there(k, "names.sealed"));
  struct checkin c = {.kind = RECORD_SYSTEM, .at = at(until, 99500, true), .view_age_s = -1};
  snprintf(c.note, sizeof c.note, "%s", note);
  append(k, &c);
  assert_false(kiosk_retain_unnoted(k->data.path, k->journal, note));
}

static bool retain(struct kiosk *k, const struct receipt *r, char note[NOTE_MAX]) {
  journal_close(k->journal);
  const bool good = kiosk_retain(k->data.path, r, note);
  open_kiosk_boot(k, boot);
  return good;
}

static void test_what_the_hub_has_goes(void **state) {
  struct kiosk *k = *state;
  struct receipt r;
  char note[NOTE_MAX];
  came(k, 1, 9);
  acknowledge(k, 6, true);
  came(k, 10, 12);
  assert_true(is_there(k, "others.db"));
  assert_true(due(k, until, at(until, 99000, true), &r));
  assert_true(retain(k, &r, note));
  assert_string_equal(note, "purge: 6 records up to 6, which the hub has; 6 stay");
  assert_false(holds(k, "person-1-"));
  assert_false(holds(k, "person-6-"));
  assert_true(holds(k, "person-7-")); /* nobody else has these */
  assert_true(holds(k, "person-12-"));
  assert_false(is_there(k, "others.db"));
  assert_false(is_there(k, "others.db-wal"));
  assert_int_equal(journal_records(k->journal), 12);
  assert_false(due(k, until, at(until, 99000, true), &r)); /* done */

  size_t len;
  struct journal_report report;
  char *text = export_from(k, 7, &len); /* and what stays is still one chain with what the hub has */
  assert_true(verify(text, len, &report, &k->problem));
  assert_int_equal(report.from_seq, 7);
  assert_int_equal(report.to_seq, 12);
  free(text);

  acknowledge(k, 12, true); /* the rest reached the hub later */
  assert_true(due(k, until, at(until + 1, 99000, true), &r));
  assert_true(retain(k, &r, note));
  assert_string_equal(note, "purge: 6 records up to 12, which the hub has; 0 stay");
  assert_false(holds(k, "person-12-"));
}

static void test_in_doubt_all_stays(void **state) {
  struct kiosk *k = *state;
  struct receipt r;
  const struct moment over = at(until, 99000, true);
  came(k, 1, 4);
  assert_false(due(k, until, over, &r)); /* no hub ever acknowledged anything */
  acknowledge(k, 4, false);
  assert_false(due(k, until, over, &r)); /* whoever answered over plain HTTP */
  acknowledge(k, 4, true);
  assert_false(due(k, until, at(until - 1, 99000, true), &r)); /* not yet */
  assert_false(due(k, until, at(until, 99000, false), &r));    /* nobody knows what day it is */
  assert_false(due(k, 0, over, &r));                           /* the pack doesn't say */
  assert_true(due(k, until, over, &r));
  assert_true(holds(k, "person-1-") && holds(k, "person-4-"));
  assert_true(is_there(k, "others.db"));
}

/* A receipt that isn't of these very lines. */
static void test_other_lines_stay(void **state) {
  struct kiosk *k = *state;
  struct receipt r, odd;
  char note[NOTE_MAX];
  came(k, 1, 4);
  acknowledge(k, 4, true);
  assert_true(due(k, until, at(until, 99000, true), &r));
  for (int i = 0; i < 4; i++) {
    odd = r;
    if (i == 0) odd.chain[0] ^= 1;
    if (i == 1) odd.key[0] ^= 1;
    if (i == 2) odd.journal[0] ^= 1;
    if (i == 3) odd.to_seq = 5;
    assert_false(retain(k, &odd, note));
    assert_true(holds(k, "person-1-") && holds(k, "person-4-"));
  }
  assert_true(retain(k, &r, note));
  assert_false(holds(k, "person-4-"));
}

/* Records of the kiosk itself are about nobody: nothing is written anew for them. */
static void test_nobody_in_it(void **state) {
  struct kiosk *k = *state;
  struct receipt r;
  struct checkin c = {.kind = RECORD_SYSTEM, .event = "meet", .at = at(noon, 1000, true), .view_age_s = -1, .note = "start"};
  append(k, &c);
  acknowledge(k, 1, true);
  assert_false(due(k, until, at(until, 99000, true), &r));
  came(k, 1, 1);
  assert_false(due(k, until, at(until, 99000, true), &r)); /* that one isn't covered */
}

/* Only when nobody is left in the journal, on that day, and when all that the pack is for is over. */
static void test_when_the_pack_goes(void **state) {
  struct kiosk *k = *state;
  struct receipt r;
  char note[NOTE_MAX];
  struct catalog c = pack_until(until);
  c.events = 2;
  c.event[0] = c.event[1] = china();
  c.event[0].ends_ms = c.event[1].ends_ms = noon;
  came(k, 1, 4);
  acknowledge(k, 4, true);
  const struct moment over = at(until, 99000, true);
  assert_false(kiosk_retain_pack_due(&c, k->journal, over)); /* four people */
  assert_true(due(k, until, over, &r) && retain(k, &r, note));
  assert_false(kiosk_retain_pack_due(&c, k->journal, at(until - 1, 99000, true)));
  assert_false(kiosk_retain_pack_due(&c, k->journal, at(until, 99000, false)));
  c.event[1].ends_ms = until + 1; /* a day that was written wrongly takes no pack from a door */
  assert_false(kiosk_retain_pack_due(&c, k->journal, over));
  c.event[1].ends_ms = until;
  assert_true(kiosk_retain_pack_due(&c, k->journal, over));
  assert_false(kiosk_retain_told(k->journal, "", &k->problem));
  came(k, 5, 5);
  assert_false(kiosk_retain_pack_due(&c, k->journal, over));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      EACH(test_what_the_hub_has_goes),
      EACH(test_in_doubt_all_stays),
      EACH(test_other_lines_stay),
      EACH(test_a_note_that_was_lost),
      EACH(test_nobody_in_it),
      EACH(test_when_the_pack_goes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
