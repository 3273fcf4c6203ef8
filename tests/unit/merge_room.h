/* SPDX-License-Identifier: Apache-2.0
 * Exports to merge, and what came of them: several kiosks with journals of their own, their exports as
 * texts, changed as a test likes, and the merged database to ask.
 */
#ifndef YINGBIN_TESTS_MERGE_ROOM_H
#define YINGBIN_TESTS_MERGE_ROOM_H

#include "journal_kiosk.h"

#include <sqlite3.h>

#include "journal/merge.h"

enum { ROOM_TEXTS = 10 };

struct room {
  struct scratch out;
  char *text[ROOM_TEXTS]; /* owned */
  size_t len[ROOM_TEXTS];
  int texts;
  struct merge_rules rules;
  struct merge_counts counts;
  struct problem problem;
  char told[8192]; /* what was said in English, a line each */
  sqlite3 *db;
};

static inline void room_tell(void *self, const struct problem *said) {
  struct room *r = self;
  size_t used = strlen(r->told);
  snprintf(r->told + used, sizeof r->told - used, "%s\n", said->en);
}

static inline int room_make(void **state) {
  struct room *r = calloc(1, sizeof *r);
  scratch_make(&r->out);
  *state = r;
  return 0;
}

static inline int room_remove(void **state) {
  struct room *r = *state;
  for (int i = 0; i < r->texts; i++) free(r->text[i]);
  sqlite3_close(r->db);
  scratch_remove(&r->out);
  free(r);
  return 0;
}

static inline void kiosk_make(struct kiosk *k, const char *name) {
  memset(k, 0, sizeof *k);
  scratch_make(&k->data);
  bool good = journal_identity(k->data.path, name, &k->identity, &k->problem) &&
              journal_open(k->data.path, &k->identity, boot, &k->journal, &k->problem);
  assert_true(good);
}

static inline void kiosk_done(struct kiosk *k) {
  journal_close(k->journal);
  scratch_remove(&k->data);
}

/* The clone of a card: same key, same journal so far. */
static inline void kiosk_clone(struct kiosk *from, struct kiosk *to) {
  static const char *const names[] = {"kiosk.key", "journal.db"};
  memset(to, 0, sizeof *to);
  scratch_make(&to->data);
  journal_close(from->journal);
  for (int i = 0; i < 2; i++) {
    size_t len;
    char *bytes = scratch_read(scratch_file(&from->data, names[i]), &len);
    scratch_write(scratch_file(&to->data, names[i]), bytes, len);
    free(bytes);
  }
  open_kiosk_boot(from, boot);
  open_kiosk_boot(to, boot);
}

static inline void room_text(struct room *r, const char *text, size_t len) {
  assert_true(r->texts < ROOM_TEXTS);
  r->text[r->texts] = malloc(len + 1);
  memcpy(r->text[r->texts], text, len);
  r->text[r->texts][len] = 0;
  r->len[r->texts++] = len;
}

static inline void room_export(struct room *r, struct kiosk *k, int64_t from) {
  size_t len;
  char *text = export_from(k, from, &len);
  room_text(r, text, len);
  free(text);
}

/* In text `index`: the first `what` behind the beginning of line `number` becomes `by`. */
static inline void room_change(struct room *r, int index, int number, const char *what, const char *by) {
  char *text = r->text[index], *line = text, *out = NULL;
  size_t len = 0;
  for (int i = 1; i < number; i++) line = strchr(line, '\n') + 1;
  char *found = strstr(line, what);
  assert_non_null(found);
  FILE *f = open_memstream(&out, &len);
  fwrite(text, 1, (size_t)(found - text), f);
  fputs(by, f);
  fputs(found + strlen(what), f);
  fclose(f);
  free(text);
  r->text[index] = out, r->len[index] = len;
}

static inline void room_drop_line(struct room *r, int index, int number) {
  char *line = r->text[index];
  for (int i = 1; i < number; i++) line = strchr(line, '\n') + 1;
  char *next = strchr(line, '\n') + 1;
  r->len[index] -= (size_t)(next - line);
  memmove(line, next, strlen(next) + 1);
}

/* Merges the texts of the given indices ("012"), into r->db. */
static inline bool room_try(struct room *r, const char *indices) {
  struct merge *m = NULL;
  char db[PATH_MAX], jsonl[PATH_MAX], name[16];
  snprintf(db, sizeof db, "%s/merged.db", r->out.path);
  snprintf(jsonl, sizeof jsonl, "%s/merged.jsonl", r->out.path);
  sqlite3_close(r->db);
  r->db = NULL;
  unlink(db);
  r->told[0] = 0;
  bool good = merge_open(r->out.path, (struct merge_listener){r, room_tell}, &m, &r->problem);
  for (const char *c = indices; good && *c; c++) {
    int i = *c - '0';
    FILE *in = r->len[i] ? fmemopen(r->text[i], r->len[i], "r") : fopen("/dev/null", "r");
    snprintf(name, sizeof name, "%c.jsonl", *c);
    good = merge_add(m, in, name, &r->problem);
    fclose(in);
  }
  good = good && merge_settle(m, &r->rules, &r->counts, &r->problem) && merge_write(m, db, jsonl, NULL, &r->problem);
  merge_close(m);
  return good && !sqlite3_open_v2(db, &r->db, SQLITE_OPEN_READONLY, NULL);
}

static inline void room_merge(struct room *r, const char *indices) {
  bool good = room_try(r, indices);
  if (!good) print_error("%s\n", r->problem.en);
  assert_true(good);
}

/* The rows of a query as text: columns with '|', rows with ' '. */
static inline const char *room_ask(struct room *r, const char *sql) {
  static char answer[4096];
  sqlite3_stmt *s = NULL;
  size_t used = 0;
  answer[0] = 0;
  if (sqlite3_prepare_v2(r->db, sql, -1, &s, NULL)) print_error("%s\n", sqlite3_errmsg(r->db));
  while (s && sqlite3_step(s) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count(s); i++) {
      const char *text = (const char *)sqlite3_column_text(s, i);
      used += (size_t)snprintf(answer + used, sizeof answer - used, "%s%s", i ? "|" : used ? " " : "", text ? text : "-");
    }
  sqlite3_finalize(s);
  return answer;
}

static inline void room_same(struct room *r, const char *first, const char *second) {
  size_t len[4];
  char *bytes[4];
  for (int i = 0; i < 2; i++) {
    room_merge(r, i ? second : first);
    bytes[2 * i] = scratch_read(scratch_file(&r->out, "merged.db"), &len[2 * i]);
    bytes[2 * i + 1] = scratch_read(scratch_file(&r->out, "merged.jsonl"), &len[2 * i + 1]);
  }
  for (int i = 0; i < 2; i++) {
    assert_int_equal(len[i], len[i + 2]);
    assert_memory_equal(bytes[i], bytes[i + 2], len[i]);
  }
  for (int i = 0; i < 4; i++) free(bytes[i]);
}

#define IN_ROOM(f) cmocka_unit_test_setup_teardown(f, room_make, room_remove)

#endif
