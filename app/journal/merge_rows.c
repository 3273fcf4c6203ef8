/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merge_rows.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/export_read.h"

enum { VIEW = 4 * EXPORT_LINE_MOST, TEXTS_FIRST = 1024 };

bool merge_rows_open(struct merge_rows *r, const char *folder) {
  *r = (struct merge_rows){.rows.fd = -1, .prevs.fd = -1, .texts.fd = -1, .lines = -1};
  crypto_shorthash_keygen(r->key);
  if (!spill_open(&r->rows, folder) || !spill_open(&r->prevs, folder) || !spill_open(&r->texts, folder)) return false;
  r->lines = spill_file(folder);
  const int copy = r->lines < 0 ? -1 : dup(r->lines);
  r->out = copy < 0 ? NULL : fdopen(copy, "w");
  if (!r->out && copy >= 0) close(copy);
  r->known = calloc(r->room = TEXTS_FIRST, sizeof *r->known);
  char *empty = r->out && r->known ? spill_add(&r->texts, 1) : NULL;
  if (empty) *empty = 0;
  return empty;
}

void merge_rows_close(struct merge_rows *r) {
  spill_close(&r->rows);
  spill_close(&r->prevs);
  spill_close(&r->texts);
  if (r->out) fclose(r->out);
  if (r->lines >= 0) close(r->lines);
  free(r->known);
  r->out = NULL, r->known = NULL, r->lines = -1;
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

/* --- texts --- */

uint64_t merge_hash(const struct merge_rows *r, const char *text, size_t len) {
  uint64_t hash;
  crypto_shorthash((uint8_t *)&hash, (const uint8_t *)text, len, r->key);
  return hash ? hash : 1;
}

const char *merge_text(const struct merge_rows *r, uint32_t id) { return (const char *)r->texts.at + id; }

static uint32_t *slot_of(const struct merge_rows *r, const char *text, size_t len) {
  uint32_t at = (uint32_t)merge_hash(r, text, len) & (r->room - 1);
  while (r->known[at]) {
    const char *known = merge_text(r, r->known[at]);
    if (!strncmp(known, text, len) && !known[len]) break;
    at = (at + 1) & (r->room - 1);
  }
  return &r->known[at];
}

bool merge_text_known(const struct merge_rows *r, const char *text, uint32_t *id) {
  const size_t len = strlen(text);
  *id = len ? *slot_of(r, text, len) : 0;
  return !len || *id;
}

static bool widen(struct merge_rows *r) {
  uint32_t *old = r->known, room = r->room;
  if (!(r->known = calloc((size_t)2 * room, sizeof *r->known))) return r->known = old, false;
  r->room = 2 * room;
  for (uint32_t i = 0; i < room; i++)
    if (old[i]) *slot_of(r, merge_text(r, old[i]), strlen(merge_text(r, old[i]))) = old[i];
  free(old);
  return true;
}

bool merge_text_id(struct merge_rows *r, const char *text, size_t len, uint32_t *id) {
  *id = 0;
  if (!len) return true;
  if (r->knows > r->room / 2 && !widen(r)) return false;
  uint32_t *slot = slot_of(r, text, len);
  if (!*slot) {
    const size_t at = r->texts.used;
    if (at + len >= UINT32_MAX) return errno = EFBIG, false;
    char *kept = spill_add(&r->texts, len + 1);
    if (!kept) return false;
    memcpy(kept, text, len);
    kept[len] = 0;
    *slot = (uint32_t)at;
    r->knows++;
  }
  *id = *slot;
  return true;
}

/* --- lines --- */

static bool fill(const struct merge_rows *r, struct merge_view *v, uint64_t from, size_t least, size_t most) {
  size_t got = 0;
  if (!v->buffer && !(v->buffer = malloc(VIEW))) return false;
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
  assert(row->len <= VIEW);
  if (!held && !fill(r, v, row->line, row->len, row->line == v->next ? VIEW : row->len)) {
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
