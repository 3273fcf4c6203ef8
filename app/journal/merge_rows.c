/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merge_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/export_read.h"

enum { VIEW = 4 * EXPORT_LINE_MOST };

bool merge_rows_open(struct merge_rows *r, const char *folder) {
  *r = (struct merge_rows)MERGE_ROWS_CLOSED;
  if (!spill_open(&r->rows, folder) || !spill_open(&r->prevs, folder) || !interned_open(&r->texts, folder)) return false;
  r->lines = spill_file(folder);
  const int copy = r->lines < 0 ? -1 : dup(r->lines);
  r->out = copy < 0 ? NULL : fdopen(copy, "w");
  if (!r->out && copy >= 0) close(copy);
  return r->out;
}

void merge_rows_close(struct merge_rows *r) {
  spill_close(&r->rows);
  spill_close(&r->prevs);
  interned_close(&r->texts);
  if (r->out) fclose(r->out);
  if (r->lines >= 0) close(r->lines);
  r->out = NULL, r->lines = -1;
}

uint32_t merge_rows_count(const struct merge_rows *r) { return (uint32_t)(r->rows.used / sizeof(struct merge_row)); }

struct merge_row *merge_row(const struct merge_rows *r, uint32_t index) {
  return (struct merge_row *)r->rows.at + index;
}

const uint8_t *merge_prev(const struct merge_rows *r, uint32_t index) {
  const struct merge_row *row = merge_row(r, index);
  return row->prev == MERGE_FOLLOWS ? row[-1].chain : (const uint8_t *)r->prevs.at + (size_t)row->prev * JOURNAL_CHAIN;
}

static bool keep_prev(struct merge_rows *r, const uint8_t prev[JOURNAL_CHAIN], int32_t *at) {
  const uint32_t count = merge_rows_count(r);
  *at = MERGE_FOLLOWS;
  if (count && !memcmp(merge_row(r, count - 1)->chain, prev, JOURNAL_CHAIN)) return true;
  *at = (int32_t)(r->prevs.used / JOURNAL_CHAIN);
  void *kept = spill_add(&r->prevs, JOURNAL_CHAIN);
  if (kept) memcpy(kept, prev, JOURNAL_CHAIN);
  return kept;
}

bool merge_rows_add(struct merge_rows *r, const struct merge_row *row, const uint8_t prev[JOURNAL_CHAIN], const char *line,
                    size_t len) {
  int32_t before;
  if (merge_rows_count(r) == INT32_MAX) return errno = EFBIG, false;
  if (!keep_prev(r, prev, &before) || fwrite(line, 1, len, r->out) != len) return false;
  struct merge_row *added = spill_add(&r->rows, sizeof *added);
  if (!added) return false;
  *added = *row;
  added->prev = before, added->line = r->written, added->len = (uint32_t)len;
  r->written += len;
  return true;
}

/* Their lines stay where they are: nobody asks for them. */
void merge_rows_cut(struct merge_rows *r, uint32_t count) { r->rows.used = count * sizeof(struct merge_row); }

bool merge_rows_filled(struct merge_rows *r) { return fflush(r->out) == 0; }

/* --- lines --- */

static bool fill(const struct merge_rows *r, struct merge_view *v, uint64_t from, size_t least, size_t most) {
  size_t got = 0;
  if (v->room < most) {
    char *more = realloc(v->buffer, most);
    if (!more) return false;
    v->buffer = more, v->room = most;
  }
  while (got < least) {
    const ssize_t n = pread(r->lines, v->buffer + got, most - got, (off_t)(from + got));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return errno = n ? errno : EIO, false;
    got += (size_t)n;
  }
  v->from = from, v->to = from + got;
  return true;
}

/* Where one line is read behind the other, many at a time. */
const char *merge_line(const struct merge_rows *r, const struct merge_row *row, struct merge_view *v) {
  const bool held = v->buffer && row->line >= v->from && row->line + row->len <= v->to;
  const size_t most = v->most ? v->most : VIEW;
  if (!held && !fill(r, v, row->line, row->len, row->line == v->next && most > row->len ? most : row->len)) {
    v->from = v->to = 0;
    return NULL;
  }
  v->next = row->line + row->len;
  return v->buffer + (row->line - v->from);
}

void merge_view_free(struct merge_view *v) {
  free(v->buffer);
  *v = (struct merge_view){.buffer = NULL};
}
