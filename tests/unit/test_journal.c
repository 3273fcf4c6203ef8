/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/export.h"
#include "journal_kiosk.h"

#include <jansson.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* --- what a record is --- */

static void test_line(void **state) {
  struct kiosk *k = *state;
  struct checkin c = {.kind = RECORD_UNDO,
                      .event = "meet",
                      .station = "meet/door",
                      .count = 2,
                      .at = at(noon + 123, 4711, true),
                      .view_age_s = 7,
                      .unconfirmed = true};
  strcpy(c.attendee, "12");
  strcpy(c.code, "00112233445566778899aabbccddeeff");
  strcpy(c.operator_name, "李\"四\"\\");
  strcpy(c.override, "full");
  strcpy(c.sealed, "AAECAw==");
  strcpy(c.note, "tab\there\nU+1F389 🎉 \x01 𠅤");
  memset(c.id, 0xab, sizeof c.id);
  memset(c.ref, 0x01, sizeof c.ref);
  assert_int_equal(append(k, &c), 1);
  size_t len;
  char *text = export_from(k, 1, &len);
  char *line = strchr(text, '\n') + 1;
  *strchr(line, '\t') = 0;
  assert_string_equal(
      line, "{\"seq\":1,\"id\":\"abababababababababababababababab\",\"kind\":\"undo\",\"kiosk\":\"door-1\",\"event\":\"meet\","
            "\"station\":\"meet/door\",\"attendee\":\"12\",\"code\":\"00112233445566778899aabbccddeeff\","
            "\"operator\":\"李\\\"四\\\"\\\\\",\"count\":2,\"ref\":\"01010101010101010101010101010101\",\"override\":\"full\","
            "\"sealed\":\"AAECAw==\",\"boot\":\"8f0f5a2e-51a7-4dd5-9a75-000000000001\",\"mono_ms\":4711,"
            "\"wall\":\"2023-10-28T04:00:00.123Z\",\"wall_ok\":true,\"view_age_s\":7,\"unconfirmed\":true,"
            "\"note\":\"tab\\there\\nU+1F389 🎉 \\u0001 𠅤\"}");
  json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
  assert_string_equal(json_string_value(json_object_get(o, "note")), c.note);
  json_decref(o);
  free(text);

  struct checkin bare = {.kind = RECORD_SYSTEM, .view_age_s = -1, .note = "start"};
  append(k, &bare);
  text = export_from(k, 2, &len);
  line = strchr(text, '\n') + 1;
  *strchr(line, '\t') = 0;
  assert_non_null(strstr(line, ",\"kind\":\"system\",\"kiosk\":\"door-1\",\"boot\":"));
  assert_non_null(strstr(line, "\"mono_ms\":0,\"wall\":\"1970-01-01T00:00:00.000Z\",\"wall_ok\":false,\"note\":\"start\"}"));
  free(text);
}

static void test_not_utf8(void **state) {
  static const char *const bad[] = {"\x80",     "a\xff",           "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                    "\xe4\xb8", "\xf0\x80\x80\x80"};
  struct kiosk *k = *state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct checkin c = scan("1", 1, at(noon, 1, true));
    int64_t seq;
    strcpy(c.note, bad[i]);
    assert_false(journal_append(k->journal, &c, &seq, &k->problem));
    assert_string_not_equal(k->problem.zh, "");
  }
  assert_int_equal(admit(k, "1", 1, at(noon, 1, true)), 1); /* and nothing of it is left */
}

static int sql(const char *path, const char *statement) {
  sqlite3 *db;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  sqlite3_busy_timeout(db, 1000);
  int code = sqlite3_exec(db, statement, NULL, NULL, NULL);
  sqlite3_close(db);
  return code;
}

static void test_append_only(void **state) {
  struct kiosk *k = *state;
  admit(k, "1", 1, at(noon, 1, true));
  admit(k, "2", 1, at(noon, 2, true));
  const char *db = scratch_file(&k->data, "journal.db");
  assert_int_equal(sql(db, "UPDATE record SET line = '{}' WHERE seq = 1"), SQLITE_CONSTRAINT);
  assert_int_equal(sql(db, "UPDATE record SET chain = x'00'"), SQLITE_CONSTRAINT);
  assert_int_equal(sql(db, "DELETE FROM record WHERE seq = 2"), SQLITE_CONSTRAINT);
  assert_int_equal(sql(db, "DELETE FROM record"), SQLITE_CONSTRAINT);
  assert_int_equal(sql(db, "INSERT OR REPLACE INTO record (seq, line, chain) SELECT 2, line, chain FROM record WHERE seq = 1"),
                   SQLITE_CONSTRAINT);
  assert_int_equal(sql(db, "INSERT INTO record (seq, line, chain) SELECT 9, line, chain FROM record WHERE seq = 1"),
                   SQLITE_CONSTRAINT);
  assert_int_equal(sql(db, "PRAGMA quick_check"), SQLITE_OK);
  assert_int_equal(admit(k, "3", 1, at(noon, 3, true)), 3);
}

/* --- what is known of a person --- */

static void test_history(void **state) {
  struct kiosk *k = *state;
  struct history h = history(k, "1", "", at(noon, 1000, true));
  assert_int_equal(h.admitted, 0);
  assert_false(h.others_known);
  admit(k, "1", 3, at(noon, 1000, true));
  struct checkin refused = scan("1", 0, at(noon + 1, 1001, true));
  refused.verdict = VERDICT_FULL;
  append(k, &refused);
  struct checkin gate = scan("1", 1, at(noon + 2, 1002, true));
  strcpy(gate.station, "meet/gate");
  append(k, &gate);
  h = history(k, "1", "ignored where there is a number", at(noon + 5000, 6000, true));
  assert_int_equal(h.admitted, 1);
  assert_int_equal(h.admitted_people, 3);
  assert_int_equal(h.admitted_today, 1);
  assert_int_equal(h.admitted_boot, 1);
  assert_int_equal(h.last_wall_ms, noon);
  assert_int_equal(h.last_mono_ms, 1000);
  assert_string_equal(h.last_kiosk, "door-1");
  assert_true(h.step_done && h.step_today);
  assert_int_equal(h.station_people, 3);
  h = history(k, "2", "", at(noon, 1000, true));
  assert_int_equal(h.admitted, 0);
  assert_false(h.step_done);
  assert_int_equal(h.station_people, 3);
}

static void test_history_by_code(void **state) {
  struct kiosk *k = *state;
  struct checkin guest = scan("", 1, at(noon, 1000, true));
  strcpy(guest.code, "00112233445566778899aabbccddeeff");
  append(k, &guest);
  admit(k, "", 1, at(noon, 1001, true)); /* whoever comes: no number, no hash */
  assert_int_equal(history(k, "", guest.code, at(noon, 2000, true)).admitted, 1);
  assert_int_equal(history(k, "", "ff112233445566778899aabbccddeeff", at(noon, 2000, true)).admitted, 0);
  struct history h = history(k, "", "", at(noon, 2000, true));
  assert_int_equal(h.admitted, 0);
  assert_int_equal(h.station_people, 2);
}

static void test_daily_across_the_border(void **state) {
  struct kiosk *k = *state;
  int64_t border = noon + 16 * 3600 * 1000; /* 04:00 the next morning */
  admit(k, "1", 1, at(border - 1000, 1000, true));
  admit(k, "2", 1, at(border + 1000, 3000, true));
  struct moment before = at(border - 1, 1999, true), after = at(border, 2000, true), later = at(border + 5000, 7000, true);
  assert_int_equal(history(k, "1", "", before).admitted_today, 1);
  assert_int_equal(history(k, "1", "", after).admitted_today, 0);
  assert_int_equal(history(k, "1", "", after).admitted, 1);
  assert_int_equal(history(k, "2", "", later).admitted_today, 1);
  assert_counts(k, later, 2, 1);
  assert_counts(k, before, 2, 1);
  assert_counts(k, at(border + 24 * 3600 * 1000, 99, true), 2, 0);
}

/* With no trusted clock one boot is one day; once it is trusted, the monotonic clock dates what this boot recorded before. */
static void test_daily_without_a_clock(void **state) {
  struct kiosk *k = *state;
  admit(k, "1", 1, at(0, 5000, false));
  struct history h = history(k, "1", "", at(0, 6000, false));
  assert_int_equal(h.admitted_today, 1);
  assert_int_equal(h.admitted_boot, 1);
  assert_int_equal(h.last_wall_ms, 0);
  assert_counts(k, at(0, 6000, false), 1, 1);
  h = history(k, "1", "", at(noon, 65000, true));
  assert_int_equal(h.admitted_today, 1);
  assert_int_equal(h.last_wall_ms, noon - 60000);
  assert_counts(k, at(noon, 65000, true), 1, 1);
  int64_t day = 24 * 3600 * 1000;
  assert_int_equal(history(k, "1", "", at(noon + day, 5000 + day, true)).admitted_today, 0);
  assert_counts(k, at(noon + day, 5000 + day, true), 1, 0);

  reopen(k, "8f0f5a2e-51a7-4dd5-9a75-000000000002");
  h = history(k, "1", "", at(0, 6000, false));
  assert_int_equal(h.admitted, 1);
  assert_int_equal(h.admitted_today, 0);
  assert_int_equal(h.admitted_boot, 0);
  assert_int_equal(h.last_mono_ms, 0);
  assert_counts(k, at(0, 6000, false), 1, 0);
}

static void test_undo(void **state) {
  struct kiosk *k = *state;
  struct checkin first = scan("1", 2, at(noon, 1000, true)), second = scan("1", 5, at(noon, 2000, true));
  append(k, &first);
  append(k, &second);
  assert_counts(k, at(noon, 3000, true), 7, 7);
  struct checkin undo = {
      .kind = RECORD_UNDO, .event = "meet", .station = "meet/door", .at = at(noon, 3000, true), .view_age_s = -1};
  memcpy(undo.ref, second.id, sizeof undo.ref);
  append(k, &undo);
  struct history h = history(k, "1", "", at(noon, 4000, true));
  assert_int_equal(h.admitted, 1);
  assert_int_equal(h.admitted_people, 2);
  assert_int_equal(h.last_mono_ms, 1000);
  assert_counts(k, at(noon, 4000, true), 2, 2);

  memset(undo.id, 0, sizeof undo.id); /* undone twice is undone once */
  append(k, &undo);
  assert_counts(k, at(noon, 4000, true), 2, 2);
  memset(undo.id, 0, sizeof undo.id); /* another kiosk's record, not known here */
  memset(undo.ref, 0x77, sizeof undo.ref);
  append(k, &undo);
  assert_counts(k, at(noon, 4000, true), 2, 2);
  reopen(k, boot);
  assert_counts(k, at(noon, 4000, true), 2, 2);
  assert_int_equal(history(k, "1", "", at(noon, 4000, true)).admitted, 1);
}

/* A hundred thousand records: what is asked at each scan doesn't look at them one by one (SQLite counts its steps). */
static void test_many(void **state) {
  struct kiosk *k = *state;
  struct checkin c = scan("1", 1, at(noon, 1000, true));
  append(k, &c);
  journal_close(k->journal);
  k->journal = NULL;
  const char *fill =
      "PRAGMA synchronous = OFF; BEGIN;"
      "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO record (seq, line, chain)"
      " SELECT i, '{\"seq\":' || i || ',\"id\":\"' || printf('%032x', i) || "
      "'\",\"kind\":\"scan\",\"kiosk\":\"door-1\",\"station\":\"meet/door\","
      "\"attendee\":\"' || i || "
      "'\",\"verdict\":\"admit\",\"count\":1,\"boot\":\"b\",\"mono_ms\":1,\"wall\":\"2023-10-28T04:00:00.000Z\",\"wall_ok\":"
      "true}', zeroblob(32) FROM n;"
      "COMMIT;";
  assert_int_equal(sql(scratch_file(&k->data, "journal.db"), fill), SQLITE_OK);
  sqlite3 *db;
  sqlite3_stmt *s;
  assert_int_equal(sqlite3_open(scratch_file(&k->data, "journal.db"), &db), SQLITE_OK);
  assert_int_equal(
      sqlite3_prepare_v2(db, "SELECT sum(people) FROM tally WHERE station = 'meet/door' AND span = 'wall'", -1, &s, NULL),
      SQLITE_OK);
  assert_int_equal(sqlite3_step(s), SQLITE_ROW);
  assert_int_equal(sqlite3_column_int64(s, 0), 30000);
  assert_true(sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 0) < 100);
  sqlite3_finalize(s);
  assert_int_equal(
      sqlite3_prepare_v2(db,
                         "SELECT count, wall_ms FROM record r WHERE admission AND station = 'meet/door' AND attendee = '777'"
                         " AND NOT EXISTS (SELECT 1 FROM record u WHERE u.kind = 'undo' AND u.ref = r.id)",
                         -1, &s, NULL),
      SQLITE_OK);
  assert_int_equal(sqlite3_step(s), SQLITE_ROW);
  assert_int_equal(sqlite3_step(s), SQLITE_DONE);
  assert_true(sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 0) < 200);
  assert_int_equal(sqlite3_stmt_status(s, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0), 0);
  sqlite3_finalize(s);
  sqlite3_close(db);
}

/* --- again, after a stop --- */

static void test_open_again(void **state) {
  struct kiosk *k = *state;
  uint8_t key[32], stamp[32];
  char note[NOTE_MAX];
  memcpy(key, k->identity.public_key, 32);
  memcpy(stamp, k->identity.stamp_key, 32);
  admit(k, "1", 1, at(noon, 1, true));
  struct checkin start = {.kind = RECORD_SYSTEM, .view_age_s = -1, .note = "start 1"};
  append(k, &start);
  reopen(k, boot);
  assert_memory_equal(key, k->identity.public_key, 32);
  assert_memory_equal(stamp, k->identity.stamp_key, 32);
  assert_int_equal(journal_records(k->journal), 2);
  assert_true(journal_last_system(k->journal, "start ", note));
  assert_string_equal(note, "start 1");
  assert_false(journal_last_system(k->journal, "purge", note));
  assert_int_equal(admit(k, "2", 1, at(noon, 2, true)), 3);
  assert_int_equal(history(k, "1", "", at(noon, 3, true)).admitted, 1);
  assert_true(journal_wal_bytes(k->journal) > 0);
  assert_true(journal_checkpoint(k->journal));
  assert_int_equal(journal_wal_bytes(k->journal), 0);
  struct stat st;
  assert_int_equal(stat(scratch_file(&k->data, "kiosk.key"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  struct journal_report report;
  size_t len;
  char *text = export_from(k, 1, &len);
  assert_true(verify(text, len, &report, &k->problem));
  assert_int_equal(report.to_seq, 3);
  free(text);
}

static void assert_refused(struct kiosk *k, const char *zh, const char *en) {
  struct journal *j;
  struct kiosk_identity identity;
  struct problem p = {0};
  assert_false(journal_identity(k->data.path, "door-1", &identity, &p) && journal_open(k->data.path, &identity, boot, &j, &p));
  if (!strstr(p.zh, zh) || !strstr(p.en, en)) print_error("%s\n%s\n", p.zh, p.en);
  assert_non_null(strstr(p.zh, zh));
  assert_non_null(strstr(p.en, en));
}

static void test_refuses_to_open(void **state) {
  struct kiosk *k = *state;
  char pid[40];
  size_t len, key_len;
  snprintf(pid, sizeof pid, "(pid %d)", (int)getpid());
  assert_refused(k, "另一个签到机程序", pid);

  for (int i = 0; i < 200; i++) admit(k, "1", 1, at(noon, i, true));
  journal_close(k->journal);
  k->journal = NULL;
  char *db = strdup(scratch_file(&k->data, "journal.db")), *key = strdup(scratch_file(&k->data, "kiosk.key"));
  char *good = scratch_read(db, &len), *good_key = scratch_read(key, &key_len);

  sql(db, "PRAGMA user_version = 7");
  assert_refused(k, "更新的版本 7", "version 7");
  sql(db, "PRAGMA user_version = 1; PRAGMA application_id = 1");
  assert_refused(k, "不是签到日志", "not a kiosk's journal");
  scratch_write(db, "this is no database, whatever its name says, and long enough for a header of one hundred bytes ......",
                101);
  assert_refused(k, "不是签到日志，或已损坏", "not a journal");
  scratch_write(db, "", 0);
  assert_refused(k, "不是签到日志", "not a kiosk's journal"); /* an empty file is not a missing one */

  char *bad = malloc(len);
  memcpy(bad, good, len);
  memset(bad + len - 3 * 4096, 0x5a, 3 * 4096);
  scratch_write(db, bad, len);
  assert_refused(k, "已损坏", "damaged");
  memcpy(bad, good, len);
  char *last = NULL; /* one letter of the newest record */
  for (char *p = bad; (p = memmem(p, len - (size_t)(p - bad), "\"seq\":200,", 10)); p++) last = p;
  assert_non_null(last);
  memcpy(strstr(last, "door-1"), "door-2", 6);
  scratch_write(db, bad, len);
  assert_refused(k, "与它的链不符", "Record 200");
  free(bad);

  scratch_write(db, good, len);
  good_key[40] = good_key[40] == '0' ? '1' : '0';
  scratch_write(key, good_key, key_len);
  assert_refused(k, "不是一对", "no pair");
  scratch_write(key, "what?", 5);
  assert_refused(k, "密钥", "The kiosk key");
  remove(key);
  assert_refused(k, "没有签到机密钥", "kiosk.key is missing");
  assert_int_equal(access(key, F_OK), -1); /* none was made */
  free(good), free(good_key), free(db), free(key);
}

/* A kill in the middle of the first start leaves halves behind; they go, and nothing else does. */
static void test_leftovers(void **state) {
  struct kiosk *k = *state;
  const char *names[] = {"journal.db.part-Ab3dE6", "journal.db.part-Ab3dE6-wal", "kiosk.key.part-x", "journal.db.partial"};
  for (int i = 0; i < 4; i++) scratch_write(scratch_file(&k->data, names[i]), "?", 1);
  reopen(k, boot);
  for (int i = 0; i < 4; i++) assert_int_equal(access(scratch_file(&k->data, names[i]), F_OK), i < 3 ? -1 : 0);
}

static void test_gone_but_its_wal(void **state) {
  struct kiosk *k = *state;
  struct scratch other;
  size_t len;
  admit(k, "1", 1, at(noon, 1, true));
  scratch_make(&other); /* a copy of the folder as a kill leaves it, without journal.db */
  const char *names[] = {"kiosk.key", "journal.db-wal"};
  for (int i = 0; i < 2; i++) {
    char *bytes = scratch_read(scratch_file(&k->data, names[i]), &len);
    scratch_write(scratch_file(&other, names[i]), bytes, len);
    free(bytes);
  }
  struct kiosk moved = {.data = other};
  assert_refused(&moved, "不见了", "is gone");
  assert_int_equal(access(scratch_file(&other, "journal.db"), F_OK), -1);
  scratch_remove(&other);
}

/* As a user who may not write there: root may everywhere. */
static void test_read_only_folder(void **state) {
  struct kiosk *k = *state;
  journal_close(k->journal);
  k->journal = NULL;
  chmod(k->data.path, 0555);
  pid_t child = fork();
  if (child == 0) {
    struct journal *j;
    struct problem p = {0};
    if (geteuid() == 0 && setuid(65534)) _exit(9);
    bool open = journal_open(k->data.path, &k->identity, boot, &j, &p);
    _exit(open ? 1 : strstr(p.zh, "只读") && strstr(p.en, "read-only") ? 0 : 2);
  }
  int status;
  waitpid(child, &status, 0);
  chmod(k->data.path, 0700);
  assert_int_equal(status, 0);
  struct kiosk none = {.data = {.path = "no such folder"}};
  assert_refused(&none, "不存在", "does not exist");
}

/* Some record is refused, none is half there, and it goes on when there is room. */
static void test_full_disk(void **state) {
  struct kiosk *k = *state;
  int64_t seq = 0, last = 0;
  struct checkin c;
  assert_int_equal(sqlite3_exec(k->journal->db, "PRAGMA max_page_count = 40", NULL, NULL, NULL), SQLITE_OK);
  do {
    last = seq;
    c = scan("1", 1, at(noon, last, true));
  } while (last < 1000 && journal_append(k->journal, &c, &seq, &k->problem));
  assert_true(last > 3 && last < 1000);
  assert_int_equal(journal_error(k->journal), JOURNAL_FULL);
  assert_non_null(strstr(k->problem.zh, "磁盘已满"));
  assert_non_null(strstr(k->problem.en, "disk is full"));
  assert_false(journal_append(k->journal, &c, &seq, &k->problem));
  assert_int_equal(history(k, "1", "", at(noon, 1, true)).admitted, last);
  assert_int_equal(sqlite3_exec(k->journal->db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(append(k, &c), last + 1);
  assert_int_equal(journal_error(k->journal), JOURNAL_GOOD);
  assert_counts(k, at(noon, 1, true), last + 1, last + 1);
  struct journal_report report;
  size_t len;
  char *text = export_from(k, 1, &len);
  assert_true(verify(text, len, &report, &k->problem));
  free(text);
}

static void test_gone_while_open(void **state) {
  struct kiosk *k = *state;
  char path[4096], away[4096];
  struct checkin c = {.kind = RECORD_SYSTEM, .at = {1, noon, true}, .view_age_s = -1, .note = "one"};
  int64_t seq = 0;
  snprintf(path, sizeof path, "%s/journal.db", k->data.path);
  snprintf(away, sizeof away, "%s/away.db", k->data.path);
  assert_true(journal_append(k->journal, &c, &seq, &k->problem));
  assert_int_equal(rename(path, away), 0);
  memset(c.id, 0, sizeof c.id);
  assert_false(journal_append(k->journal, &c, &seq, &k->problem));
  assert_non_null(strstr(k->problem.en, "gone"));
  assert_int_equal(rename(away, path), 0); /* put back, it goes on */
  assert_true(journal_append(k->journal, &c, &seq, &k->problem));
  assert_int_equal(seq, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      EACH(test_line),
      EACH(test_not_utf8),
      EACH(test_append_only),
      EACH(test_history),
      EACH(test_history_by_code),
      EACH(test_daily_across_the_border),
      EACH(test_daily_without_a_clock),
      EACH(test_undo),
      EACH(test_many),
      EACH(test_open_again),
      EACH(test_refuses_to_open),
      EACH(test_leftovers),
      EACH(test_gone_but_its_wal),
      EACH(test_read_only_folder),
      EACH(test_full_disk),
      EACH(test_gone_while_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
