/* SPDX-License-Identifier: Apache-2.0
 * A kiosk's data folder with an open journal, new for each test, and short ways to append, ask and
 * export. Times are round noon of 2023-10-28 in China.
 */
#ifndef YINGBIN_TESTS_JOURNAL_KIOSK_H
#define YINGBIN_TESTS_JOURNAL_KIOSK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/day.h"
#include "journal/export.h"
#include "journal/store.h"
#include "scratch.h"

static const char boot[] = "8f0f5a2e-51a7-4dd5-9a75-000000000001";
static const int64_t noon = INT64_C(1698465600000); /* 2023-10-28 12:00 in China */

struct kiosk {
  struct scratch data;
  struct kiosk_identity identity;
  struct journal *journal;
  struct problem problem;
};

static inline struct event china(void) {
  struct event e = {.id = "meet", .day_border_s = 4 * 3600, .roster = true};
  e.zone.spans = 1;
  e.zone.offset_s[0] = 8 * 3600;
  return e;
}

static inline void open_kiosk_boot(struct kiosk *k, const char *in_boot) {
  bool good = journal_identity(k->data.path, "door-1", &k->identity, &k->problem) &&
              journal_open(k->data.path, &k->identity, in_boot, &k->journal, &k->problem);
  if (!good) print_error("%s\n", k->problem.en);
  assert_true(good);
}

static inline int set_up(void **state) {
  struct kiosk *k = calloc(1, sizeof *k);
  scratch_make(&k->data);
  open_kiosk_boot(k, boot);
  *state = k;
  return 0;
}

static inline int tear_down(void **state) {
  struct kiosk *k = *state;
  journal_close(k->journal);
  scratch_remove(&k->data);
  free(k);
  return 0;
}

static inline void reopen(struct kiosk *k, const char *in_boot) {
  journal_close(k->journal);
  open_kiosk_boot(k, in_boot);
}

static inline struct checkin scan(const char *attendee, int32_t count, struct moment at) {
  struct checkin c = {.kind = RECORD_SCAN,
                      .event = "meet",
                      .station = "meet/door",
                      .verdict = VERDICT_ADMIT,
                      .count = count,
                      .at = at,
                      .view_age_s = -1};
  snprintf(c.attendee, sizeof c.attendee, "%s", attendee);
  return c;
}

static inline int64_t append(struct kiosk *k, struct checkin *c) {
  int64_t seq = 0;
  bool good = journal_append(k->journal, c, &seq, &k->problem);
  if (!good) print_error("%s\n", k->problem.en);
  assert_true(good);
  return seq;
}

static inline struct moment at(int64_t wall_ms, int64_t mono_ms, bool ok) {
  return (struct moment){.wall_ms = wall_ms, .mono_ms = mono_ms, .wall_ok = ok};
}

static inline int64_t admit(struct kiosk *k, const char *attendee, int32_t count, struct moment when) {
  struct checkin c = scan(attendee, count, when);
  return append(k, &c);
}

static inline struct history history(struct kiosk *k, const char *attendee, const char *code, struct moment now) {
  struct event e = china();
  struct history h;
  assert_true(journal_history(k->journal, "meet", "meet/door", "meet/gate", attendee, code, &e, now, &h));
  return h;
}

static inline void assert_counts(struct kiosk *k, struct moment now, int64_t all, int64_t today) {
  struct event e = china();
  int64_t a, t;
  assert_true(journal_counts(k->journal, "meet/door", &e, now, &a, &t));
  assert_int_equal(a, all);
  assert_int_equal(t, today);
}

static inline char *export_from(struct kiosk *k, int64_t from, size_t *len) {
  static char *text; /* static: gcc takes the address that the stream keeps for a dangling one */
  int64_t records;
  FILE *out = open_memstream(&text, len);
  bool good = journal_export(k->data.path, from, out, &records, &k->problem);
  fclose(out);
  if (!good) print_error("%s\n", k->problem.en);
  assert_true(good);
  return text;
}

static inline bool verify(const char *text, size_t len, struct journal_report *report, struct problem *problem) {
  FILE *in = len ? fmemopen((void *)(uintptr_t)text, len, "r") : fopen("/dev/null", "r");
  memset(problem, 0, sizeof *problem);
  bool good = journal_verify(in, "x.jsonl", report, problem);
  fclose(in);
  return good;
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
