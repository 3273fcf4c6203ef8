/* SPDX-License-Identifier: Apache-2.0
 * Meetups held on the spot had no pack: what the merged lists and the report call them is in the journals.
 */
#include "merge_room.h"

#include "pack/meetup.h"
#include "tools/yingbin/log_merge.h"

static const int64_t hour = 3600 * 1000;

static void held(struct kiosk *k, const char *title, int64_t at_ms, int people) {
  struct meetup m;
  struct checkin c = {.kind = RECORD_SYSTEM, .at = {.mono_ms = 1000, .wall_ms = at_ms, .wall_ok = true}, .view_age_s = -1};
  int64_t seq;
  assert_true(meetup_make(title, at_ms, at_ms + 3 * hour, 8 * 3600, &m));
  meetup_note(&m, c.note);
  snprintf(c.event, sizeof c.event, "%s", m.id);
  snprintf(c.station, sizeof c.station, "%s/door", m.id);
  assert_true(journal_append(k->journal, &c, &seq, &k->problem));
  for (int i = 0; i < people; i++) {
    memset(c.id, 0, sizeof c.id);
    c.kind = RECORD_SCAN;
    c.verdict = VERDICT_ADMIT;
    c.by = BY_TAP;
    c.count = 1;
    c.note[0] = '\0';
    c.at.mono_ms += 60000;
    c.at.wall_ms += 60000;
    assert_true(journal_append(k->journal, &c, &seq, &k->problem));
  }
}

static char *output(const struct scratch *out, const char *name) {
  size_t len;
  char path[128];
  snprintf(path, sizeof path, "merged/%s", name);
  return scratch_read(scratch_file(out, path), &len);
}

static void test_two_kiosks(void **state) {
  struct room *r = *state;
  static const char *const files[] = {"one.jsonl", "two.jsonl"};
  char *file[2], folder[PATH_MAX];
  struct kiosk one, two;
  kiosk_make(&one, "door-1");
  kiosk_make(&two, "door-2");
  held(&one, "成都夜市 <b>", noon, 3);
  held(&two, "成都夜市 <b>", noon + 60000, 4);
  room_export(r, &one, 1);
  room_export(r, &two, 1);
  for (int i = 0; i < 2; i++) {
    scratch_write(scratch_file(&r->out, files[i]), r->text[i], r->len[i]);
    file[i] = strdup(scratch_file(&r->out, files[i]));
  }
  snprintf(folder, sizeof folder, "%s", scratch_file(&r->out, "merged"));
  const struct merge_request ask = {.out = folder, .file = file, .files = 2};
  if (!log_merge(&ask, &r->counts, &r->problem)) fail_msg("%s", r->problem.en);
  assert_int_equal(r->counts.people, 7);

  char *page = output(&r->out, "report.html"), *list = output(&r->out, "attendance.csv");
  assert_non_null(strstr(page, "<h1>成都夜市 &lt;b&gt;</h1>"));
  assert_non_null(strstr(page, "<p>2023-10-28 周六 12:00–15:00</p>"));
  assert_null(strstr(page, "/door"));
  assert_non_null(strstr(list, ",签到,2023-10-28 12:01:00,")); /* the place has a name, the time is the meetup's */
  free(page);
  free(list);
  for (int i = 0; i < 2; i++) free(file[i]);
  kiosk_done(&one);
  kiosk_done(&two);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_two_kiosks, room_make, room_remove)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
