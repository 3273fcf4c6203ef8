/* SPDX-License-Identifier: Apache-2.0
 * Whatever comes from a stick: it is refused with its line and both texts, or it becomes a log; added twice
 * it is the same log; what is whole by the check of one export is taken whole, without a finding.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "journal/export.h"
#include "journal/merge.h"
#include "tests/unit/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(void *self, const struct problem *said) {
  ++*(int *)self;
  assert(utf8_valid(said->zh, strlen(said->zh)) && utf8_valid(said->en, strlen(said->en)) && strstr(said->en, "fuzz.jsonl:"));
}

static FILE *open_bytes(const uint8_t *data, size_t size) {
  FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "r") : fopen("/dev/null", "r");
  assert(in);
  return in;
}

/* False: it was refused. */
static bool merge(const char *folder, const uint8_t *data, size_t size, int times, struct merge_counts *counts, int *told) {
  struct merge *m = NULL;
  struct problem problem = {.zh = ""};
  struct merge_rules rules = {.catalog = NULL};
  char db[PATH_MAX], lines[PATH_MAX];
  snprintf(db, sizeof db, "%s/%d.db", folder, times);
  snprintf(lines, sizeof lines, "%s/%d.jsonl", folder, times);
  bool good = merge_open(folder, (struct merge_listener){told, tell}, &m, &problem);
  assert(good);
  for (int i = 0; good && i < times; i++) {
    FILE *in = open_bytes(data, size);
    good = merge_add(m, in, "fuzz.jsonl", &problem);
    fclose(in);
  }
  assert(good || (*problem.zh && strstr(problem.en, "fuzz.jsonl:")));
  if (good) {
    bool settled = merge_settle(m, &rules, counts, &problem) && merge_write(m, db, lines, NULL, &problem);
    if (!settled) fprintf(stderr, "%s\n", problem.en);
    assert(settled);
  }
  merge_close(m);
  return good;
}

static void same_file(const struct scratch *s, const char *a, const char *b) {
  size_t n, k;
  char *x = scratch_read(scratch_file(s, a), &n), *y = scratch_read(scratch_file(s, b), &k);
  assert(n == k && !memcmp(x, y, n));
  free(x), free(y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct scratch s;
  struct merge_counts once = {0}, twice = {0};
  struct journal_report report;
  struct problem problem;
  int told = 0, told_twice = 0;
  scratch_make(&s);
  bool good = merge(s.path, data, size, 1, &once, &told);
  const bool as_good = merge(s.path, data, size, 2, &twice, &told_twice);
  assert(good == as_good);
  if (good) {
    assert(once.records == twice.records && once.findings == twice.findings && once.people == twice.people);
    same_file(&s, "1.db", "2.db");
    same_file(&s, "1.jsonl", "2.jsonl");
  }
  FILE *in = open_bytes(data, size);
  bool whole = journal_verify(in, "fuzz.jsonl", &report, &problem);
  fclose(in);
  assert(!whole || (good && !told && once.records == report.to_seq - report.from_seq + 1));
  scratch_remove(&s);
  return 0;
}
