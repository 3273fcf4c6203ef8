/* SPDX-License-Identifier: Apache-2.0
 * Whatever is called an export is refused with a line and both texts, or it is whole: signed, its numbers
 * in order, and a byte more behind it is noticed, but for the empty line that an editor leaves.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "journal/export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool verify(const uint8_t *data, size_t size, struct journal_report *report, struct problem *problem) {
  FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "r") : fopen("/dev/null", "r");
  assert(in);
  memset(problem, 0, sizeof *problem);
  bool good = journal_verify(in, "fuzz.jsonl", report, problem);
  fclose(in);
  return good;
}

static bool shown_whole(const char *text) { return *text && utf8_valid(text, strlen(text)) && strstr(text, "fuzz.jsonl:"); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct journal_report report;
  struct problem problem;
  if (!verify(data, size, &report, &problem)) {
    assert(report.bad_line >= 1 && report.bad_seq >= 0 && (!report.key_known || report.bad_line > 1));
    assert(shown_whole(problem.zh) && shown_whole(problem.en));
    return 0;
  }
  assert(report.key_known && report.from_seq >= 1 && report.to_seq >= report.from_seq - 1 && !report.bad_line);
  assert(utf8_valid(report.kiosk, strlen(report.kiosk)) && strlen(report.key) == 64 && data[size - 1] == '\n');
  uint8_t *more = malloc(size + 1);
  assert(more);
  memcpy(more, data, size);
  more[size] = 'x';
  assert(!verify(more, size + 1, &report, &problem) && shown_whole(problem.en));
  more[size] = '\n';
  assert(verify(more, size + 1, &report, &problem));
  free(more);
  return 0;
}
