/* SPDX-License-Identifier: Apache-2.0
 * An export onto the stage. A chain states what comes before it, so behind a line that was changed the rest
 * can still be proved, from the chain that stands beside that line; and where only that was changed, the line
 * itself. What lies before such a place is then no longer covered by the end's signature.
 */
#include <stdlib.h>
#include <string.h>

#include "journal/export_read.h"
#include "journal/merge_stage.h"

struct reading {
  struct merge *m;
  const char *file;
  struct problem *problem; /* of the stage */
  struct export_header header;
  size_t header_len;
  char header_line[EXPORT_HEADER_MOST];
  int64_t journal, seq, records;
  uint32_t first_raw, linked_raw; /* rows from which on they are this export's, and linked to what follows */
  uint8_t chain[JOURNAL_CHAIN];
  bool changed, whole;                               /* something was; it came to its end */
  bool held;                                         /* the line before this one didn't fit its chain: */
  uint8_t before[JOURNAL_CHAIN], own[JOURNAL_CHAIN]; /* the chain before it, and what its content gives */
  uint32_t held_raw;                                 /* linked_raw before it */
  size_t held_len;
  struct merge_fields fields; /* of the line in hand */
  struct export_lines lines;
  char held_line[EXPORT_LINE_MOST];
};

static void tell(struct reading *r, struct problem *said) {
  char place[512];
  snprintf(place, sizeof place, "%.400s:%lld", r->file, (long long)r->lines.number);
  problem_within(said, place);
  if (r->m->listener.tell) r->m->listener.tell(r->m->listener.self, said);
}

/* Told, and kept as a finding. False: the stage failed. */
static bool found(struct reading *r, const char *kind, int64_t from, int64_t to, const uint8_t *chain, const char *note,
                  const char *zh, const char *en) {
  struct problem said;
  problem_set(&said, "签到机 %1$s，记录 %2$lld：%3$s%4$.0s", "kiosk %1$s, record %2$lld: %3$.0s%4$s", r->header.kiosk,
              (long long)from, zh, en);
  tell(r, &said);
  r->changed = true;
  return merge_find(r->m, kind, r->journal, from, to, chain, note, r->problem);
}

static uint32_t next_raw(const struct reading *r) { return merge_rows_count(&r->m->rows); }

/* The record that `fields` was read from. */
static bool stage(struct reading *r, const uint8_t prev[JOURNAL_CHAIN], const uint8_t chain[JOURNAL_CHAIN], const char *line,
                  size_t len) {
  struct merge_row *row = &r->fields.row;
  row->journal = (uint32_t)r->journal, row->flags |= MERGE_PROVED;
  memcpy(row->chain, chain, JOURNAL_CHAIN);
  const bool good = merge_keep(r->m, &r->fields, prev, line, len, r->problem);
  r->records += good;
  return good;
}

/* From here on back, nothing is proved by this export's end. */
static void unprove(struct reading *r, uint32_t from_raw) {
  for (uint32_t i = from_raw; i < next_raw(r); i++) merge_row(&r->m->rows, i)->flags &= (uint8_t)~MERGE_PROVED;
}

/* The line behind the held one follows from its content: so it is as it was written, only the chain beside it isn't. */
static bool release(struct reading *r) {
  r->linked_raw = r->held_raw;
  return merge_fields(r->held_line, r->held_len, &r->fields) && stage(r, r->before, r->own, r->held_line, r->held_len);
}

static bool out_of_order(struct reading *r, int64_t seq, bool stated, const uint8_t chain[JOURNAL_CHAIN]) {
  int64_t next = r->seq + 1;
  r->held = false;
  if (seq < next)
    return found(r, "tampered", seq, seq, stated ? chain : NULL, "order", "这一行重复了或被调换，没有采用。",
                 "this line is doubled or was moved; it wasn't taken.");
  r->seq = seq;
  if (stated) memcpy(r->chain, chain, JOURNAL_CHAIN);
  unprove(r, r->linked_raw);
  r->linked_raw = next_raw(r);
  return found(r, "tampered", next, seq, stated ? chain : NULL, "order", "从这条起缺了记录，或行被调换；接上的那一行无法证明。",
               "from this one on records are missing, or lines were moved; the line behind can't be proved.");
}

static bool hold(struct reading *r, bool parsed, size_t len, bool stated, const uint8_t chain[JOURNAL_CHAIN],
                 const uint8_t own[JOURNAL_CHAIN]) {
  r->seq++;
  r->held = parsed;
  r->held_raw = r->linked_raw;
  memcpy(r->before, r->chain, JOURNAL_CHAIN);
  memcpy(r->own, own, JOURNAL_CHAIN);
  memcpy(r->held_line, r->lines.line, r->held_len = len);
  memcpy(r->chain, stated ? chain : own, JOURNAL_CHAIN);
  if (!parsed) unprove(r, r->held_raw);
  r->linked_raw = next_raw(r);
  return found(r, "tampered", r->seq, r->seq, stated ? chain : NULL, "", "这一行被改动，没有采用。",
               "this line was changed; it wasn't taken.");
}

/* A record's line, up to its TAB. */
static bool take(struct reading *r, size_t len) {
  uint8_t stated[JOURNAL_CHAIN], own[JOURNAL_CHAIN], other[JOURNAL_CHAIN];
  const struct merge_row *row = &r->fields.row;
  const char *line = r->lines.line;
  bool is_hex = chain_hex(line + len + 1, r->lines.len - len - 1, stated, sizeof stated);
  bool parsed = merge_fields(line, len, &r->fields), follows = parsed && row->seq == r->seq + 1;
  memcpy(own, r->chain, sizeof own);
  chain_next(own, line, len);
  bool good = follows && is_hex && !memcmp(own, stated, sizeof own);
  const uint8_t *prev = r->chain;
  if (r->held && follows && is_hex) {
    memcpy(other, r->own, sizeof other);
    chain_next(other, line, len);
    if (!memcmp(other, stated, sizeof other)) {
      if (!release(r)) return false;
      merge_fields(line, len, &r->fields);
      good = true, prev = r->own;
    }
  }
  if (good) {
    if (r->held && prev != r->own) unprove(r, r->held_raw);
    if (!stage(r, prev, stated, line, len)) return false;
    r->held = false, r->seq = row->seq;
    memcpy(r->chain, stated, sizeof stated);
    return true;
  }
  if (r->held) unprove(r, r->held_raw);
  if (parsed && !follows) return out_of_order(r, row->seq, is_hex, stated);
  return hold(r, parsed, len, is_hex, stated, own);
}

/* An export that another one holds whole needn't be kept twice. */
static bool drop_repeat(struct reading *r, const struct export_end *e) {
  sqlite3_stmt *find = NULL;
  char sql[96];
  bool good =
      merge_prepare(r->m, "SELECT 1 FROM signed WHERE journal = ?1 AND chain = ?2 AND from_seq <= ?3", &find, r->problem);
  if (!good) return false;
  sqlite3_bind_int64(find, 1, r->journal);
  sqlite3_bind_blob(find, 2, e->chain, JOURNAL_CHAIN, SQLITE_STATIC);
  sqlite3_bind_int64(find, 3, r->header.from_seq);
  bool repeat = sqlite3_step(find) == SQLITE_ROW;
  sqlite3_finalize(find);
  snprintf(sql, sizeof sql, "DELETE FROM amend WHERE raw >= %lld", (long long)r->first_raw);
  if (repeat) merge_rows_cut(&r->m->rows, r->first_raw);
  if (repeat) return merge_exec(r->m, sql, r->problem);
  good = merge_prepare(r->m, "INSERT INTO signed VALUES (?1, ?2, ?3)", &find, r->problem);
  if (!good) return false;
  sqlite3_bind_int64(find, 1, r->journal);
  sqlite3_bind_blob(find, 2, e->chain, JOURNAL_CHAIN, SQLITE_STATIC);
  sqlite3_bind_int64(find, 3, r->header.from_seq);
  good = sqlite3_step(find) == SQLITE_DONE || merge_failed(r->m, r->problem);
  sqlite3_finalize(find);
  return good;
}

static bool unsigned_end(struct reading *r, const char *kind, const char *zh, const char *en) {
  unprove(r, r->linked_raw);
  return found(r, kind, r->seq + 1, r->seq + 1, NULL, "", zh, en);
}

static bool take_end(struct reading *r) {
  struct export_end e;
  r->whole = true;
  if (!export_end(r->lines.line, r->lines.len, &e))
    return unsigned_end(r, "signature", "结束行被改动：前面的记录没有签名作证。",
                        "the end line was changed: no signature vouches for the records before it.");
  if (r->held && e.to_seq == r->seq && !memcmp(e.chain, r->own, JOURNAL_CHAIN)) {
    if (!release(r)) return false;
    memcpy(r->chain, r->own, JOURNAL_CHAIN);
  } else if (r->held) {
    unprove(r, r->held_raw);
  }
  if (e.to_seq != r->seq || memcmp(e.chain, r->chain, JOURNAL_CHAIN) ||
      !chain_signed(r->header.key, r->header_line, r->header_len, e.to_seq, e.chain, e.sig))
    return unsigned_end(r, "signature", "结束行的签名与记录不符：前面的记录没有签名作证。",
                        "the end line's signature doesn't fit the records: nothing vouches for those before it.");
  return r->changed || drop_repeat(r, &e);
}

static bool begin(struct reading *r) {
  sqlite3_stmt *s = r->m->journal;
  r->seq = r->header.from_seq - 1;
  r->records = 0, r->changed = r->whole = r->held = false;
  memcpy(r->chain, r->header.chain_before, JOURNAL_CHAIN);
  memcpy(r->header_line, r->lines.line, r->header_len = r->lines.len);
  sqlite3_bind_blob(s, 1, r->header.key, sizeof r->header.key, SQLITE_STATIC);
  sqlite3_bind_blob(s, 2, r->header.journal, JOURNAL_ID, SQLITE_STATIC);
  sqlite3_bind_text(s, 3, r->header.kiosk, -1, SQLITE_STATIC);
  sqlite3_bind_int64(s, 4, r->header.from_seq);
  bool good = sqlite3_step(s) == SQLITE_ROW;
  r->journal = good ? sqlite3_column_int64(s, 0) : 0;
  if (!good) merge_failed(r->m, r->problem);
  good = good && sqlite3_step(s) == SQLITE_DONE;
  sqlite3_reset(s);
  r->linked_raw = r->first_raw = next_raw(r);
  return good;
}

/* Up to the end line, or where the file ends without one. */
static bool read_records(struct reading *r) {
  struct problem said;
  for (;;) {
    enum export_got got = export_line(&r->lines, &said);
    const char *tab = memchr(r->lines.line, '\t', r->lines.len);
    if (got == EXPORT_BAD) {
      tell(r, &said);
      return unsigned_end(r, "cut", "文件到这里读不下去了。", "the file can't be read any further.");
    }
    if (got != EXPORT_LINE && r->held) unprove(r, r->held_raw);
    if (got != EXPORT_LINE)
      return unsigned_end(r, "cut", "文件在这里断了：后面的记录没有了，前面的没有签名作证。请重新导出或重新复制。",
                          "the file is cut off here: what follows is missing, and no signature vouches for what comes before. "
                          "Export or copy it again.");
    if (!tab && r->lines.len == r->header_len && !memcmp(r->lines.line, r->header_line, r->header_len)) continue; /* twice */
    if (!tab) return take_end(r);
    if (!take(r, (size_t)(tab - r->lines.line))) return false;
  }
}

static bool at_first_line(struct reading *r, struct problem *problem) {
  char place[512];
  snprintf(place, sizeof place, "%.400s:%lld", r->file, (long long)r->lines.number);
  return problem_within(problem, place);
}

static bool read_all(struct reading *r) {
  struct problem said;
  for (int n = 0;; n++) {
    enum export_got got = export_line(&r->lines, &said);
    if (got == EXPORT_END && n) return true;
    if (got == EXPORT_END) {
      r->lines.number = 1;
      problem_set(r->problem, "文件是空的。", "the file is empty.");
      return at_first_line(r, r->problem);
    }
    bool header = got == EXPORT_LINE && export_header(r->lines.line, r->lines.len, &r->header, &said);
    if (!header && !n) {
      if (got == EXPORT_CUT)
        problem_set(&said, "不是签到日志的导出文件，或在第一行就断了。",
                    "not an export of a journal, or cut off in its first line.");
      *r->problem = said;
      return at_first_line(r, r->problem);
    }
    if (!header)
      return found(r, "tampered", r->seq + 1, r->seq + 1, NULL, "behind", "结束行后面还有不属于导出文件的内容，没有采用。",
                   "there is more behind the end line that is no export; it wasn't taken.");
    if (!begin(r) || !read_records(r)) return false;
    r->m->counts.exports++;
    r->m->counts.repeats += r->records; /* less those that are kept, when that is known */
    if (!r->whole) return true;
  }
}

bool merge_add(struct merge *m, FILE *in, const char *file, struct problem *problem) {
  struct reading *r = calloc(1, sizeof *r);
  if (!r) return problem_set(problem, "内存不足。", "Out of memory.");
  r->m = m, r->file = file, r->problem = problem, r->lines.in = in;
  bool good = read_all(r);
  free(r);
  return good;
}
