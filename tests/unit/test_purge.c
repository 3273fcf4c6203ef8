/* SPDX-License-Identifier: Apache-2.0
 * Purging: only what a receipt covers goes, the kiosk goes on after it, and old and new exports together are
 * still one whole log.
 */
#include "merge_room.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/export.h"
#include "journal/receipt.h"

enum death { LIVES, BEFORE_RENAME, AFTER_RENAME };
static enum death death;

/* Ours instead of the C library's: the process can be killed just there. */
int rename(const char *from, const char *to) {
  if (death == BEFORE_RENAME) _exit(9);
  int done = renameat(AT_FDCWD, from, AT_FDCWD, to);
  if (death == AFTER_RENAME) _exit(9);
  return done;
}

static void came(struct kiosk *k, int from, int to) {
  char number[16];
  for (int i = from; i <= to; i++) {
    snprintf(number, sizeof number, "person-%d", i);
    admit(k, number, 1, at(noon + i * 1000, i * 1000, true));
  }
}

/* The receipt for what the merge of these texts holds. */
static const char *receipt_for(struct room *r, const char *indices) {
  struct merge *m = NULL;
  const char *path = scratch_file(&r->out, "receipt.jsonl");
  static char kept[PATH_MAX];
  snprintf(kept, sizeof kept, "%s", path);
  bool good = merge_open(r->out.path, (struct merge_listener){.tell = NULL}, &m, &r->problem);
  for (const char *c = indices; good && *c; c++) {
    FILE *in = fmemopen(r->text[*c - '0'], r->len[*c - '0'], "r");
    good = merge_add(m, in, "x", &r->problem);
    fclose(in);
  }
  good = good && merge_settle(m, &r->rules, &r->counts, &r->problem) && merge_receipt(m, kept, &r->problem);
  merge_close(m);
  if (!good) print_error("%s\n", r->problem.en);
  assert_true(good);
  return kept;
}

static bool holds(struct kiosk *k, const char *text) {
  size_t len;
  char *bytes = scratch_read(scratch_file(&k->data, "journal.db"), &len);
  bool found = memmem(bytes, len, text, strlen(text)) != NULL;
  free(bytes);
  return found;
}

static bool purge(struct room *r, struct kiosk *k, const char *receipt, struct purged *p) {
  journal_close(k->journal);
  bool good = journal_purge(k->data.path, receipt, p, &r->problem);
  open_kiosk_boot(k, boot);
  return good;
}

static void test_purge(void **state) {
  struct room *r = *state;
  struct kiosk k;
  struct purged p;
  kiosk_make(&k, "door-1");
  came(&k, 1, 9);
  room_export(r, &k, 1);
  const char *receipt = receipt_for(r, "0");
  came(&k, 10, 12);
  room_export(r, &k, 1);
  assert_true(purge(r, &k, receipt, &p));
  assert_int_equal(p.records, 9);
  assert_int_equal(p.to_seq, 9);
  assert_int_equal(p.kept, 3);
  assert_false(holds(&k, "person-4"));
  assert_true(holds(&k, "person-12"));
  assert_int_equal(journal_records(k.journal), 12);
  assert_counts(&k, at(noon + 60000, 60000, true), 12, 12); /* numbers stay */

  came(&k, 13, 14);
  room_export(r, &k, 1); /* begins behind what is gone */
  struct journal_report report;
  assert_true(verify(r->text[2], r->len[2], &report, &r->problem));
  assert_int_equal(report.from_seq, 10);
  assert_int_equal(report.to_seq, 14);
  room_same(r, "02", "20");
  assert_int_equal(r->counts.records, 14);
  assert_int_equal(r->counts.findings, 0);

  assert_false(purge(r, &k, receipt, &p)); /* of that, nothing is left to purge */
  assert_non_null(strstr(r->problem.en, "covers no record"));
  receipt = receipt_for(r, "02");
  assert_true(purge(r, &k, receipt, &p));
  assert_int_equal(p.records, 5);
  assert_int_equal(p.kept, 0);
  assert_false(holds(&k, "person-14"));
  came(&k, 15, 15);
  room_export(r, &k, 1);
  room_same(r, "023", "320");
  assert_int_equal(r->counts.records, 15);
  assert_int_equal(r->counts.findings, 0);
  kiosk_done(&k);
}

static void refused(struct room *r, struct kiosk *k, const char *receipt, const char *en) {
  struct purged p;
  size_t before, after;
  journal_close(k->journal);
  char *a = scratch_read(scratch_file(&k->data, "journal.db"), &before);
  assert_false(journal_purge(k->data.path, receipt, &p, &r->problem));
  if (!strstr(r->problem.en, en)) print_error("%s\n", r->problem.en);
  assert_non_null(strstr(r->problem.en, en));
  assert_true(*r->problem.zh);
  char *b = scratch_read(scratch_file(&k->data, "journal.db"), &after);
  assert_int_equal(before, after);
  assert_memory_equal(a, b, before);
  free(a), free(b);
  open_kiosk_boot(k, boot);
}

static void test_refused(void **state) {
  struct room *r = *state;
  struct kiosk k, other;
  struct purged p;
  kiosk_make(&k, "door-1"), kiosk_make(&other, "door-2");
  came(&k, 1, 9), came(&other, 1, 9);
  room_export(r, &k, 1), room_export(r, &other, 1), room_export(r, &k, 4), room_export(r, &k, 1);
  room_drop_line(r, 3, 5);                                                        /* record 4 */
  assert_false(journal_purge(k.data.path, receipt_for(r, "0"), &p, &r->problem)); /* it runs */
  assert_non_null(strstr(r->problem.en, "is using the data folder"));
  refused(r, &k, receipt_for(r, "1"), "covers no record");
  refused(r, &k, receipt_for(r, "2"), "covers no record"); /* 1 to 3 are nobody's */
  refused(r, &k, receipt_for(r, "3"), "covers no record"); /* and here nothing vouches for them */
  refused(r, &k, "/nonexistent/receipt", "can't read the receipt");
  const char *receipt = receipt_for(r, "0");
  size_t len;
  char *text = scratch_read(receipt, &len);
  for (size_t i = 0; i < len; i += 7) { /* any byte of it changed */
    text[i] ^= 1;
    scratch_write(receipt, text, len);
    refused(r, &k, receipt, "no whole receipt");
    text[i] ^= 1;
  }
  scratch_write(receipt, text, len / 2);
  refused(r, &k, receipt, "no whole receipt");
  free(text);
  kiosk_done(&k), kiosk_done(&other);
}

/* Two clones of one card: each is purged by its own branch alone. */
static void test_fork(void **state) {
  struct room *r = *state;
  struct kiosk k, clone;
  struct purged p;
  kiosk_make(&k, "door-1");
  came(&k, 1, 3);
  kiosk_clone(&k, &clone);
  came(&k, 4, 6), came(&clone, 7, 8);
  room_export(r, &k, 1), room_export(r, &clone, 1);
  const char *receipt = receipt_for(r, "01");
  assert_true(purge(r, &k, receipt, &p));
  assert_int_equal(p.records, 6);
  assert_true(purge(r, &clone, receipt, &p));
  assert_int_equal(p.records, 5);
  kiosk_done(&k), kiosk_done(&clone);
}

/* By the two bytes of SQLite's header that say how it is read and written: opened in any other mode it would first have to be switched. */
static void assert_wal(struct kiosk *k) {
  unsigned char header[20] = {0};
  FILE *f = fopen(scratch_file(&k->data, "journal.db"), "rb");
  assert_non_null(f);
  assert_int_equal(fread(header, 1, sizeof header, f), sizeof header);
  fclose(f);
  assert_int_equal(header[18], 2);
  assert_int_equal(header[19], 2);
}

static void purge_and_die(struct kiosk *k, const char *receipt, enum death when) {
  struct purged p;
  struct problem problem;
  int status;
  pid_t child = fork();
  if (!child) {
    death = when;
    journal_purge(k->data.path, receipt, &p, &problem);
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

/* Killed on either side of the moment when the new journal takes the old one's place: all records are there or all are
 * hashes, and a second purge finishes, also what else was known of people. */
static void test_killed(void **state) {
  static const char *const beside[] = {"names.sealed", "others.db", "others.db-wal", "others.db.damaged"};
  struct room *r = *state;
  for (enum death when = BEFORE_RENAME; when <= AFTER_RENAME; when++) {
    struct kiosk k;
    kiosk_make(&k, "door-1");
    came(&k, 1, 9);
    room_export(r, &k, 1);
    const char *receipt = receipt_for(r, when == BEFORE_RENAME ? "0" : "1");
    for (int i = 0; i < 4; i++) scratch_write(scratch_file(&k.data, beside[i]), "somebody", 8);
    journal_close(k.journal);
    purge_and_die(&k, receipt, when);
    assert_int_equal(holds(&k, "person-4"), when == BEFORE_RENAME);
    struct purged p;
    assert_int_equal(journal_purge(k.data.path, receipt, &p, &r->problem), when == BEFORE_RENAME);
    assert_false(holds(&k, "person-4"));
    assert_wal(&k);
    for (int i = 0; i < 4; i++) assert_int_not_equal(access(scratch_file(&k.data, beside[i]), F_OK), 0);
    open_kiosk_boot(&k, boot);
    assert_int_equal(journal_records(k.journal), 9);
    kiosk_done(&k);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {IN_ROOM(test_purge), IN_ROOM(test_refused), IN_ROOM(test_fork), IN_ROOM(test_killed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
